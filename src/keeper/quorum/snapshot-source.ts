import { JuteWriter } from '../../jute/writer.ts'
import type { Clock } from '../../io/ports.ts'
import { TreeSerializer } from '../storage/tree-serializer.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import type { StreamSource } from './quorum-links.ts'

/** What the leader puts behind a snapshot. */
const SIGNATURE = 'BenWasHere'

/** A tree as a stream for a learner, while it goes on changing: what changes meanwhile follows as transactions. */
export class TreeSource implements StreamSource {
  readonly #writer = new JuteWriter(1 << 16)
  readonly #serializer: TreeSerializer
  readonly #onSent: () => void
  #phase: 'begin' | 'nodes' | 'end' = 'begin'

  /** @param onSent a stretch has left: the learner is alive, if slow */
  constructor(tree: ZNodeTree, clock: Clock, onSent: () => void) {
    this.#serializer = new TreeSerializer(tree, clock, this.#writer)
    this.#onSent = onSent
    // The sessions are those of now: later ones come with their transactions.
    this.#serializer.begin()
  }

  next(): Uint8Array | undefined {
    if (this.#phase === 'end') return undefined
    if (this.#phase === 'begin') this.#phase = 'nodes'
    if (!this.#serializer.slice()) {
      this.#phase = 'end'
      this.#writer.string(SIGNATURE)
    }
    const bytes = this.#writer.finish()
    this.#writer.clear()
    return bytes
  }

  close(): void {
    this.#serializer.close()
  }

  sent(): void {
    this.#onSent()
  }
}
