// hot: per batch
import type { PartitionView } from '../cluster/contract.ts'
import type { PartitionRef } from '../shard/contract.ts'

/** How this worker's requests name partitions to the shards: one object per partition, made once. By handle. */
export class PartitionRefs {
  readonly #refs: (PartitionRef | undefined)[] = []

  of(topic: string, view: PartitionView): PartitionRef {
    const known = this.#refs[view.handle]
    if (known !== undefined && known.shard === view.shard && known.topic === topic) return known
    const ref = { topic, partition: view.partition, handle: view.handle, shard: view.shard }
    this.#refs[view.handle] = ref
    return ref
  }
}
