// Entry point of a worker thread that runs one shard with partitions that only stamp and remember, for tests and benches
// of the seam between threads.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { NodeClock } from '../../src/io/node/clock.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { NodeMailbox } from '../../src/io/node/mailbox.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { NodeTurnScheduler } from '../../src/io/node/turns.ts'
import type { Mailbox } from '../../src/io/ports.ts'
import { Shard } from '../../src/shard/shard.ts'
import { shardMemory } from '../../src/wasm/memory-map.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'
import { FakePartition, fakeDisk, PARTITION_CONFIG, RecordingLogger } from '../unit/shard/support.ts'
import { leaderRole } from './roles.ts'

export interface ShardThreadData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly index: number
  readonly shardCount: number
  readonly ports: readonly (MessagePort | undefined)[]
}

/** A shard of this thread with real clocks, turns and mailboxes. */
export function makeThreadShard(data: ShardThreadData): { shard: Shard; partitions: Map<number, FakePartition> } {
  const { module, memory, index, shardCount } = data
  const core = createRecordCore(module, memory, shardMemory(memory.buffer.byteLength, shardCount, index).scratchAt)
  const partitions = new Map<number, FakePartition>()
  const neighbours: (Mailbox | undefined)[] = data.ports.map((port) =>
    port === undefined ? port : new NodeMailbox(port),
  )
  const shard = new Shard({
    index,
    shardCount,
    core,
    codec: createRecordCodec(module, nodeCompression),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    turns: new NodeTurnScheduler(),
    disk: fakeDisk(partitions),
    log: new RecordingLogger(),
    openPartition: (assignment) => {
      const partition = new FakePartition(assignment, core)
      partitions.set(assignment.handle, partition)
      return partition
    },
    brokerId: 1,
    onPartitionFailed: () => undefined,
    neighbours,
  })
  return { shard, partitions }
}

export function openOn(shard: Shard, handle: number): void {
  shard.ownership.open({
    topic: 'topic',
    partition: handle,
    handle,
    shard: shard.index,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    leaderEpoch: 0,
    role: leaderRole(),
    directory: '/data',
    config: PARTITION_CONFIG,
  })
}

if (parentPort !== null && (workerData as { isShardThread?: boolean } | null)?.isShardThread === true) {
  const { shard } = makeThreadShard(workerData as ShardThreadData)
  openOn(shard, 1)
  parentPort.on('message', () => {
    shard.shutdown()
    parentPort?.close()
  })
  parentPort.postMessage('ready')
}
