/**
 * The sparse time index of one segment (`.timeindex`): (timestamp int64, offset relative to the base int32), both
 * ascending. An entry says: up to and including this offset no record is newer than this timestamp, and the batch that
 * ends at this offset has it.
 */
import { assert } from '../base/assert.ts'
import { int64At, setInt64 } from './batch-header.ts'

export const TIME_INDEX_ENTRY_SIZE_BYTES: number = 12
const CAPACITY_FIRST = 8
/** What an index without entries has: most partitions of a node are idle. */
const NO_TIMESTAMPS = new Float64Array(0)
const NO_OFFSETS = new Int32Array(0)

export class TimeIndex {
  #timestamps: Float64Array = NO_TIMESTAMPS
  #relativeOffsets: Int32Array = NO_OFFSETS
  #count: number = 0
  /** Entries that the file has. */
  writtenCount: number = 0

  constructor(capacity: number = 0) {
    if (capacity === 0) return
    this.#timestamps = new Float64Array(capacity)
    this.#relativeOffsets = new Int32Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  get memorySizeBytes(): number {
    return this.#timestamps.length * TIME_INDEX_ENTRY_SIZE_BYTES
  }

  timestampAt(index: number): number {
    return this.#timestamps[index] ?? -1
  }

  relativeOffsetAt(index: number): number {
    return this.#relativeOffsets[index] ?? 0
  }

  get lastTimestampMs(): number {
    return this.#count === 0 ? -1 : this.timestampAt(this.#count - 1)
  }

  /** hot: per index entry. Adds an entry only when it says something new: a later timestamp than the last one. */
  appendIfLater(timestampMs: number, relativeOffset: number): void {
    const count = this.#count
    if (timestampMs <= this.lastTimestampMs || timestampMs < 0) return
    assert(count === 0 || relativeOffset >= this.relativeOffsetAt(count - 1), 'time index offsets ascend')
    if (count === this.#timestamps.length) this.#grow()
    this.#timestamps[count] = timestampMs
    this.#relativeOffsets[count] = relativeOffset
    this.#count = count + 1
  }

  /** Index of the last entry with a timestamp at or below `timestampMs`, -1 when there is none. */
  floor(timestampMs: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.timestampAt(middle) <= timestampMs) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Forgets every entry from `relativeOffset` on. */
  truncate(relativeOffset: number): void {
    let count = this.#count
    while (count > 0 && this.relativeOffsetAt(count - 1) >= relativeOffset) count -= 1
    this.keep(count)
  }

  /** Keeps the first `count` entries. */
  keep(count: number): void {
    this.#count = Math.min(count, this.#count)
    this.writtenCount = Math.min(this.writtenCount, this.#count)
  }

  /** File bytes of the entries that the file does not have yet. The caller writes them and moves `writtenCount`. */
  unwritten(): Uint8Array {
    const first = this.writtenCount
    const bytes = new Uint8Array((this.#count - first) * TIME_INDEX_ENTRY_SIZE_BYTES)
    const view = new DataView(bytes.buffer)
    for (let index = first; index < this.#count; index += 1) {
      const at = (index - first) * TIME_INDEX_ENTRY_SIZE_BYTES
      setInt64(view, at, this.timestampAt(index))
      view.setInt32(at + 8, this.relativeOffsetAt(index))
    }
    return bytes
  }

  trim(): void {
    this.#timestamps = this.#timestamps.slice(0, this.#count)
    this.#relativeOffsets = this.#relativeOffsets.slice(0, this.#count)
  }

  #grow(): void {
    const capacity = Math.max(CAPACITY_FIRST, this.#timestamps.length * 2)
    const timestamps = new Float64Array(capacity)
    const relativeOffsets = new Int32Array(capacity)
    timestamps.set(this.#timestamps)
    relativeOffsets.set(this.#relativeOffsets)
    this.#timestamps = timestamps
    this.#relativeOffsets = relativeOffsets
  }
}

/** Reads a time index file. @returns undefined when the content cannot be an index: the caller rebuilds it */
export function readTimeIndex(bytes: Uint8Array): TimeIndex | undefined {
  if (bytes.length % TIME_INDEX_ENTRY_SIZE_BYTES !== 0) return undefined
  const count = bytes.length / TIME_INDEX_ENTRY_SIZE_BYTES
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const index = new TimeIndex(count)
  for (let entry = 0; entry < count; entry += 1) {
    const timestampMs = int64At(view, entry * TIME_INDEX_ENTRY_SIZE_BYTES)
    const relativeOffset = view.getInt32(entry * TIME_INDEX_ENTRY_SIZE_BYTES + 8)
    const isAscending = entry === 0 || relativeOffset >= index.relativeOffsetAt(entry - 1)
    if (timestampMs <= index.lastTimestampMs || relativeOffset < 0 || !isAscending) return undefined
    index.appendIfLater(timestampMs, relativeOffset)
  }
  index.writtenCount = count
  return index
}
