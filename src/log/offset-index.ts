/**
 * The sparse offset index of one segment (`.index`): pairs of (offset relative to the segment's base, file position),
 * both int32, ascending. An entry's offset is the *last* offset of the batch that begins at its position, as Kafka
 * writes it.
 *
 * The whole index lives in memory while its segment is in use; new entries reach the file in batches (`unwritten`), which
 * is safe because they can be rebuilt from the log.
 */
import { assert } from '../base/assert.ts'

export const OFFSET_INDEX_ENTRY_SIZE_BYTES: number = 8
const CAPACITY_FIRST = 16
/** What an index without entries has: most partitions of a node are idle. */
const NOTHING = new Int32Array(0)

export class OffsetIndex {
  #relativeOffsets: Int32Array = NOTHING
  #positions: Int32Array = NOTHING
  #count: number = 0
  /** Entries that the file has. */
  writtenCount: number = 0

  constructor(capacity: number = 0) {
    if (capacity === 0) return
    this.#relativeOffsets = new Int32Array(capacity)
    this.#positions = new Int32Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  get memorySizeBytes(): number {
    return this.#positions.length * OFFSET_INDEX_ENTRY_SIZE_BYTES
  }

  relativeOffsetAt(index: number): number {
    return this.#relativeOffsets[index] ?? -1
  }

  positionAt(index: number): number {
    return this.#positions[index] ?? 0
  }

  /** hot: per index entry. Offsets and positions must ascend. */
  append(relativeOffset: number, position: number): void {
    const count = this.#count
    assert(count === 0 || relativeOffset > this.relativeOffsetAt(count - 1), 'index offsets ascend')
    if (count === this.#positions.length) this.#grow()
    this.#relativeOffsets[count] = relativeOffset
    this.#positions[count] = position
    this.#count = count + 1
  }

  /** hot: per fetch. Index of the last entry whose offset is at or below `relativeOffset`, -1 when there is none. */
  floor(relativeOffset: number): number {
    return lastAtOrBelow(this.#relativeOffsets, this.#count, relativeOffset)
  }

  /** hot: per fetch. Index of the last entry whose position is at or below `position`, -1 when there is none. */
  floorByPosition(position: number): number {
    return lastAtOrBelow(this.#positions, this.#count, position)
  }

  /** Forgets every entry from `relativeOffset` on. */
  truncate(relativeOffset: number): void {
    this.keep(this.floor(relativeOffset - 1) + 1)
  }

  /** Keeps the first `count` entries. */
  keep(count: number): void {
    this.#count = Math.min(count, this.#count)
    this.writtenCount = Math.min(this.writtenCount, this.#count)
  }

  /** File bytes of the entries that the file does not have yet. The caller writes them and moves `writtenCount`. */
  unwritten(): Uint8Array {
    return this.#bytesFrom(this.writtenCount)
  }

  /** Gives unused room back: a rolled segment's index does not grow any more. */
  trim(): void {
    this.#relativeOffsets = this.#relativeOffsets.slice(0, this.#count)
    this.#positions = this.#positions.slice(0, this.#count)
  }

  #bytesFrom(first: number): Uint8Array {
    const bytes = new Uint8Array((this.#count - first) * OFFSET_INDEX_ENTRY_SIZE_BYTES)
    const view = new DataView(bytes.buffer)
    for (let index = first; index < this.#count; index += 1) {
      const at = (index - first) * OFFSET_INDEX_ENTRY_SIZE_BYTES
      view.setInt32(at, this.relativeOffsetAt(index))
      view.setInt32(at + 4, this.positionAt(index))
    }
    return bytes
  }

  #grow(): void {
    const capacity = Math.max(CAPACITY_FIRST, this.#positions.length * 2)
    const relativeOffsets = new Int32Array(capacity)
    const positions = new Int32Array(capacity)
    relativeOffsets.set(this.#relativeOffsets)
    positions.set(this.#positions)
    this.#relativeOffsets = relativeOffsets
    this.#positions = positions
  }
}

/**
 * Reads an index file.
 *
 * @param bytes content of the `.index` file
 * @param logSizeBytes size of the segment's data, beyond which no position can lie
 * @returns undefined when the content cannot be an index: the caller rebuilds it
 */
export function readOffsetIndex(bytes: Uint8Array, logSizeBytes: number): OffsetIndex | undefined {
  if (bytes.length % OFFSET_INDEX_ENTRY_SIZE_BYTES !== 0) return undefined
  const count = bytes.length / OFFSET_INDEX_ENTRY_SIZE_BYTES
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const index = new OffsetIndex(count)
  let lastOffset = -1
  let lastPosition = -1
  for (let entry = 0; entry < count; entry += 1) {
    const relativeOffset = view.getInt32(entry * OFFSET_INDEX_ENTRY_SIZE_BYTES)
    const position = view.getInt32(entry * OFFSET_INDEX_ENTRY_SIZE_BYTES + 4)
    if (relativeOffset <= lastOffset || position <= lastPosition || position >= logSizeBytes) return undefined
    index.append(relativeOffset, position)
    lastOffset = relativeOffset
    lastPosition = position
  }
  index.writtenCount = count
  return index
}

/** hot: per fetch. Binary search in the first `count` ascending values. */
function lastAtOrBelow(values: Int32Array, count: number, wanted: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? 0) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}
