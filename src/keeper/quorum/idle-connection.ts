import { idleFourLetterWord } from '../server/four-letter-words.ts'
import type { KeeperChannel, KeeperConnection } from '../server/channel.ts'

const WORD_BYTES = 4
const encoder = new TextEncoder()

/** A stream to a server that serves nobody now: commands are told so, clients are sent away to another server. */
export class IdleConnection implements KeeperConnection {
  readonly #channel: KeeperChannel
  readonly #words: ReadonlySet<string>
  #isClosed = false

  constructor(channel: KeeperChannel, words: ReadonlySet<string>) {
    this.#channel = channel
    this.#words = words
  }

  feed(bytes: Uint8Array): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const answer = bytes.length >= WORD_BYTES ? idleFourLetterWord(bytes, this.#words) : undefined
    if (answer !== undefined) this.#channel.send(encoder.encode(answer))
    this.#channel.close()
  }

  closed(): void {
    this.#isClosed = true
  }
}
