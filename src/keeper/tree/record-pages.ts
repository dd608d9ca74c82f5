// hot: per node
import { assert } from '../../base/assert.ts'

/** Records of a page. */
const PAGE_BITS = 12
const PAGE_RECORDS = 1 << PAGE_BITS
const PAGE_MASK = PAGE_RECORDS - 1
/** Ends the list of free records. */
const NONE = -1

/**
 * Records of one size in memory outside the heap, named by small numbers that are used again. A million objects of their
 * own would each cost the collector a visit; these cost it nothing. Pages come one by one, so growth never copies.
 */
export class RecordPages {
  readonly #doublesPerRecord: number
  readonly #intsPerRecord: number
  readonly #doubles: Float64Array[] = []
  readonly #ints: Int32Array[] = []
  readonly #longs: BigInt64Array[] = []
  #freeHead = NONE
  #usedTo = 0
  #count = 0

  /** @param doublesPerRecord size of a record in units of eight bytes; each holds a double, a long or two ints */
  constructor(doublesPerRecord: number) {
    this.#doublesPerRecord = doublesPerRecord
    this.#intsPerRecord = doublesPerRecord * 2
  }

  /** Records in use. */
  get count(): number {
    return this.#count
  }

  /** @returns the number of a record whose content is whatever was there before */
  allocate(): number {
    this.#count += 1
    const free = this.#freeHead
    if (free !== NONE) {
      this.#freeHead = this.int(free, 0)
      return free
    }
    const id = this.#usedTo
    assert(id < 0x7fff_ffff, 'records are numbered with 31 bits')
    if ((id & PAGE_MASK) === 0) this.#addPage()
    this.#usedTo = id + 1
    return id
  }

  free(id: number): void {
    this.#count -= 1
    this.setInt(id, 0, this.#freeHead)
    this.#freeHead = id
  }

  /** @param field in units of four bytes from the record's beginning */
  int(id: number, field: number): number {
    const page = this.#ints[id >>> PAGE_BITS] as Int32Array
    return page[(id & PAGE_MASK) * this.#intsPerRecord + field] as number
  }

  setInt(id: number, field: number, value: number): void {
    const page = this.#ints[id >>> PAGE_BITS] as Int32Array
    page[(id & PAGE_MASK) * this.#intsPerRecord + field] = value
  }

  /** @param field in units of eight bytes from the record's beginning */
  double(id: number, field: number): number {
    const page = this.#doubles[id >>> PAGE_BITS] as Float64Array
    return page[(id & PAGE_MASK) * this.#doublesPerRecord + field] as number
  }

  setDouble(id: number, field: number, value: number): void {
    const page = this.#doubles[id >>> PAGE_BITS] as Float64Array
    page[(id & PAGE_MASK) * this.#doublesPerRecord + field] = value
  }

  long(id: number, field: number): bigint {
    const page = this.#longs[id >>> PAGE_BITS] as BigInt64Array
    return page[(id & PAGE_MASK) * this.#doublesPerRecord + field] as bigint
  }

  setLong(id: number, field: number, value: bigint): void {
    const page = this.#longs[id >>> PAGE_BITS] as BigInt64Array
    page[(id & PAGE_MASK) * this.#doublesPerRecord + field] = value
  }

  #addPage(): void {
    const memory = new ArrayBuffer(PAGE_RECORDS * this.#doublesPerRecord * 8)
    this.#doubles.push(new Float64Array(memory))
    this.#ints.push(new Int32Array(memory))
    this.#longs.push(new BigInt64Array(memory))
  }
}
