import { assert } from '../base/assert.ts'

// hot: per batch
//
// What a partition remembers of its newest batches, oldest first, in a ring of columns:
//
//   base offset | next offset | address | size | token of the run in the arena
//
// Neighbours in the ring are neighbours in the log (`next offset` of one is `base offset` of the following). Batches
// that are neighbours in memory too become one row, a span, so that a thousand tiny batches take a few rows. A row is
// good as long as its run is alive; runs die oldest first, so dead rows are met at the old end mostly.

const CAPACITY_FIRST = 8
/** Rows of one partition: 4,096 rows of five numbers are 160 KiB; older batches are read from the file. */
export const HOT_ROWS_MAX: number = 4096
/**
 * A span is walked header by header to find an offset in it: some 200 headers of the smallest batches, about 1 µs. With
 * `HOT_ROWS_MAX` rows that is 64 MiB of tiny batches in one partition.
 */
const SPAN_SIZE_BYTES_MAX = 16 * 1024
/** The columns of every partition that nothing was appended to: five arrays of no length cost a kilobyte otherwise. */
const NOTHING = new Float64Array(0)

/** The newest batches of one partition in memory. */
export class HotTail {
  #capacity = 0
  #baseOffsets: Float64Array = NOTHING
  #nextOffsets: Float64Array = NOTHING
  #addresses: Float64Array = NOTHING
  #sizes: Float64Array = NOTHING
  #tokens: Float64Array = NOTHING
  #first = 0
  #count = 0
  /** Where the newest batch begins in the newest row: what a reader at the tail asks for, found without a walk. */
  #newestOffset = -1
  #newestAddress = 0

  get rowCount(): number {
    return this.#count
  }

  /** Remembers a batch that follows the newest one; anything else in between makes the older rows useless. */
  add(baseOffset: number, nextOffset: number, at: number, sizeBytes: number, token: number): void {
    assert(nextOffset > baseOffset, 'a batch has at least one offset')
    this.#newestOffset = baseOffset
    this.#newestAddress = at
    if (this.#count > 0) {
      const newest = this.slot(this.#count - 1)
      if (this.#nextOffsets[newest] !== baseOffset) {
        this.clear()
      } else if (
        this.#tokens[newest] === token &&
        (this.#addresses[newest] as number) + (this.#sizes[newest] as number) === at &&
        (this.#sizes[newest] as number) + sizeBytes <= SPAN_SIZE_BYTES_MAX
      ) {
        this.#nextOffsets[newest] = nextOffset
        this.#sizes[newest] = (this.#sizes[newest] as number) + sizeBytes
        return
      }
    }
    if (this.#count === this.#capacity) this.#makeRoom()
    const slot = this.slot(this.#count)
    this.#count += 1
    this.#baseOffsets[slot] = baseOffset
    this.#nextOffsets[slot] = nextOffset
    this.#addresses[slot] = at
    this.#sizes[slot] = sizeBytes
    this.#tokens[slot] = token
  }

  /** Row that holds `offset`, -1 when none does. */
  find(offset: number): number {
    let low = 0
    let high = this.#count - 1
    // Tail readers want the newest row.
    if (high < 0 || offset >= (this.#nextOffsets[this.slot(high)] as number)) return -1
    if (offset >= (this.#baseOffsets[this.slot(high)] as number)) return high
    if (offset < (this.#baseOffsets[this.slot(0)] as number)) return -1
    while (low < high) {
      const middle = (low + high) >> 1
      if (offset >= (this.#nextOffsets[this.slot(middle)] as number)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Address of the batch that begins with `offset`, as far as that is known without looking at the batches; else -1. */
  addressOf(row: number, offset: number): number {
    if (offset === this.#newestOffset && this.#count > 0) return this.#newestAddress
    return offset === this.baseOffset(row) ? this.address(row) : -1
  }

  /** Index into the columns of a row's place. */
  slot(row: number): number {
    return (this.#first + row) & (this.#capacity - 1)
  }

  baseOffset(row: number): number {
    return this.#baseOffsets[this.slot(row)] as number
  }

  nextOffset(row: number): number {
    return this.#nextOffsets[this.slot(row)] as number
  }

  address(row: number): number {
    return this.#addresses[this.slot(row)] as number
  }

  sizeBytes(row: number): number {
    return this.#sizes[this.slot(row)] as number
  }

  token(row: number): number {
    return this.#tokens[this.slot(row)] as number
  }

  /** Forgets this row and every older one: their memory is gone. */
  dropThrough(row: number): void {
    assert(row < this.#count, 'only rows that exist are dropped')
    this.#first = this.slot(row + 1)
    this.#count -= row + 1
  }

  clear(): void {
    this.#first = 0
    this.#count = 0
  }

  #makeRoom(): void {
    if (this.#capacity === HOT_ROWS_MAX) {
      this.dropThrough(0)
      return
    }
    const capacity = Math.max(CAPACITY_FIRST, this.#capacity * 2)
    const columns = [this.#baseOffsets, this.#nextOffsets, this.#addresses, this.#sizes, this.#tokens].map((column) => {
      const grown = new Float64Array(capacity)
      for (let row = 0; row < this.#count; row += 1) grown[row] = column[this.slot(row)] as number
      return grown
    }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
    ;[this.#baseOffsets, this.#nextOffsets, this.#addresses, this.#sizes, this.#tokens] = columns
    this.#first = 0
    this.#capacity = capacity
  }
}
