/**
 * Which leader epoch began at which offset (KIP-101): what followers and clients compare to find where histories part.
 * Kept in `leader-epoch-checkpoint`; every batch in the log carries its epoch too, so the file can be rebuilt.
 */
import { NO_EPOCH, NO_OFFSET } from '../model/special-offsets.ts'
import { readLines } from './text-lines.ts'

export interface EpochEnd {
  readonly leaderEpoch: number
  readonly endOffset: number
}

const NONE: readonly number[] = []

export class LeaderEpochs {
  // Replaced as a whole: a list that is pushed to takes room for sixteen more, and nearly all have one entry.
  #epochs: readonly number[] = NONE
  #startOffsets: readonly number[] = NONE
  /** The file on disk says something else. */
  isDirty: boolean = false
  /** Counts changes, reading the file included; and up to which of them the file is known to outlive a loss of power. */
  version: number = 0
  durableVersion: number = 0

  get count(): number {
    return this.#epochs.length
  }

  get latestEpoch(): number {
    return this.#epochs[this.#epochs.length - 1] ?? NO_EPOCH
  }

  /** Where the latest epoch begins, -1 when there is none. */
  get latestStartOffset(): number {
    return this.#startOffsets[this.#startOffsets.length - 1] ?? NO_OFFSET
  }

  epochAt(index: number): number {
    return this.#epochs[index] ?? NO_EPOCH
  }

  startOffsetAt(index: number): number {
    return this.#startOffsets[index] ?? NO_OFFSET
  }

  /** hot: per batch. A batch of `epoch` begins at `startOffset`. Only a newer epoch than the latest is news. */
  assign(epoch: number, startOffset: number): void {
    if (epoch <= this.latestEpoch || epoch < 0) return
    // An epoch under which nothing was written would end before it began: the newer one takes its place.
    while (this.count > 0 && this.startOffsetAt(this.count - 1) >= startOffset) this.#pop()
    this.#epochs = [...this.#epochs, epoch]
    this.#startOffsets = [...this.#startOffsets, startOffset]
    this.#changed()
  }

  /** Epoch of the record at `offset`, -1 when unknown. */
  epochOfOffset(offset: number): number {
    for (let index = this.count - 1; index >= 0; index -= 1) {
      if (this.startOffsetAt(index) <= offset) return this.epochAt(index)
    }
    return NO_EPOCH
  }

  /**
   * The end offset of the largest epoch at or below `epoch`: where the next one begins, or the log end for the latest.
   *
   * @returns -1, -1 when nothing is known about such an old epoch, or the epoch is newer than any seen here
   */
  endOf(epoch: number, logEndOffset: number): EpochEnd {
    if (epoch < 0) return { leaderEpoch: NO_EPOCH, endOffset: NO_OFFSET }
    if (this.count === 0 || epoch > this.latestEpoch) return { leaderEpoch: NO_EPOCH, endOffset: NO_OFFSET }
    if (epoch === this.latestEpoch) return { leaderEpoch: epoch, endOffset: logEndOffset }
    let next = 0
    while (this.epochAt(next) <= epoch) next += 1
    // Nothing is kept of epochs this old: they end where the oldest known one begins.
    if (next === 0) return { leaderEpoch: epoch, endOffset: this.startOffsetAt(0) }
    return { leaderEpoch: this.epochAt(next - 1), endOffset: this.startOffsetAt(next) }
  }

  /** The log now ends at `endOffset`. */
  truncateEnd(endOffset: number): void {
    while (this.count > 0 && this.startOffsetAt(this.count - 1) >= endOffset) {
      this.#pop()
      this.#changed()
    }
  }

  /** The log now starts at `startOffset`: the epoch in force there is kept and begins there. */
  truncateStart(startOffset: number): void {
    let keepFrom = 0
    while (keepFrom + 1 < this.count && this.startOffsetAt(keepFrom + 1) <= startOffset) keepFrom += 1
    if (this.count === 0 || (keepFrom === 0 && this.startOffsetAt(0) >= startOffset)) return
    this.#epochs = this.#epochs.slice(keepFrom)
    this.#startOffsets = [
      Math.max(startOffset, this.startOffsetAt(keepFrom)),
      ...this.#startOffsets.slice(keepFrom + 1),
    ]
    this.#changed()
  }

  clear(): void {
    this.#epochs = NONE
    this.#startOffsets = NONE
    this.#changed()
  }

  /** Content of `leader-epoch-checkpoint`. */
  text(): string {
    let text = `0\n${this.count}\n`
    for (let index = 0; index < this.count; index += 1) {
      text += `${this.epochAt(index)} ${this.startOffsetAt(index)}\n`
    }
    return text
  }

  /** Reads the file's content. @returns false when it is damaged: nothing is taken over, the caller rebuilds */
  load(text: string): boolean {
    const lines = readLines(text)
    const count = Number(lines[1])
    if (lines[0] !== '0' || !Number.isInteger(count) || lines.length !== count + 2) return false
    const epochs: number[] = []
    const startOffsets: number[] = []
    for (const line of lines.slice(2)) {
      const match = /^([0-9]{1,10}) ([0-9]{1,16})$/.exec(line)
      if (match === null) return false
      const epoch = Number(match[1])
      if (epoch <= (epochs.at(-1) ?? NO_EPOCH)) return false
      epochs.push(epoch)
      startOffsets.push(Number(match[2]))
    }
    this.#epochs = epochs
    this.#startOffsets = startOffsets
    this.version += 1
    this.isDirty = false
    return true
  }

  #changed(): void {
    this.version += 1
    this.isDirty = true
  }

  #pop(): void {
    this.#epochs = this.#epochs.slice(0, -1)
    this.#startOffsets = this.#startOffsets.slice(0, -1)
  }
}
