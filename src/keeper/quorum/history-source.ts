import { JuteWriter } from '../../jute/writer.ts'
import type { Entry } from '../../zab/contract.ts'
import { writeLearnerMessage } from '../../zab/wire/learner-codec.ts'
import type { StreamSource } from './quorum-links.ts'

/** Bytes of one stretch: half a millisecond's work. */
const STRETCH_BYTES = 1 << 17

/** Decided transactions for a learner that is behind, as PROPOSAL and COMMIT of each. */
export class HistorySource implements StreamSource {
  readonly #entries: readonly Entry[]
  readonly #onSent: () => void
  readonly #writer = new JuteWriter(1 << 12)
  #at = 0

  /** @param onSent a stretch has left: the learner is alive, if slow */
  constructor(entries: readonly Entry[], onSent: () => void) {
    this.#entries = entries
    this.#onSent = onSent
  }

  get isAtEnd(): boolean {
    return this.#at === this.#entries.length
  }

  next(): Uint8Array | undefined {
    if (this.isAtEnd) return undefined
    const writer = this.#writer
    while (writer.at < STRETCH_BYTES && this.#at < this.#entries.length) {
      const entry = this.#entries[this.#at] as Entry
      this.#at += 1
      writeLearnerMessage(writer, { type: 'proposal', entry })
      writeLearnerMessage(writer, { type: 'commit', zxid: entry.zxid })
    }
    const bytes = writer.finish()
    writer.clear()
    return bytes
  }

  sent(): void {
    this.#onSent()
  }

  close(): void {
    this.#at = this.#entries.length
  }
}
