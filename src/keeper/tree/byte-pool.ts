// hot: per node
import { assert } from '../../base/assert.ts'

/** Bytes of a slab: one block of memory cut into slots of one size. */
const SLAB_BYTES = 1 << 18
/** Slots are numbered within their slab: as many as the smallest size allows. */
const SLOT_BITS = 15
const SLOT_MASK = (1 << SLOT_BITS) - 1
const SLABS_MAX = 1 << (32 - SLOT_BITS)
/** Up to here sizes differ by eight bytes, beyond by an eighth: less than that of a slot is ever wasted. */
const FINE_BYTES_MAX = 1024
const FINE_STEP_BITS = 3
const COARSE_STEPS = 8
/** Longer pieces have a slab of their own. */
const SLOT_BYTES_MAX = 1 << 15
const NONE = -1

interface Slab {
  readonly bytes: Uint8Array
  readonly links: Int32Array
  readonly slotBytes: number
  readonly sizeClass: number
  readonly slotCount: number
  usedCount: number
  /** Slots from here on were never used. */
  untouchedFrom: number
  /** Free slots that were used before, linked through their first bytes. */
  freeHead: number
}

/**
 * Pieces of bytes in few large blocks of memory. An array of its own for each costs 250 bytes before its first byte, and
 * as a string it lies in the heap, where the collector copies it. A piece is named by a number of 32 bits and its size,
 * which whoever has it must keep.
 */
export class BytePool {
  readonly #slabs: (Slab | undefined)[] = []
  readonly #freeSlabs: number[] = []
  /** Per size class the slab that pieces come from, and others that have room. */
  readonly #current: number[] = []
  readonly #withRoom: number[][] = []
  #slabBytes = 0

  /** Bytes of all slabs; of those not touched yet the system keeps no memory. */
  get slabBytes(): number {
    return this.#slabBytes
  }

  /** @returns the name of a piece with room for so many bytes */
  allocate(sizeBytes: number): number {
    if (sizeBytes > SLOT_BYTES_MAX) return this.#addSlab(sizeBytes, NONE) << SLOT_BITS
    const sizeClass = classOf(sizeBytes)
    let index = this.#current[sizeClass] ?? NONE
    let slab = this.#slabs[index]
    if (slab === undefined || slab.usedCount === slab.slotCount) {
      index = this.#withRoom[sizeClass]?.pop() ?? this.#addSlab(slotBytesOf(sizeClass), sizeClass)
      this.#current[sizeClass] = index
      slab = this.#slabs[index] as Slab
    }
    slab.usedCount += 1
    let slot = slab.freeHead
    if (slot === NONE) {
      slot = slab.untouchedFrom
      slab.untouchedFrom += 1
    } else slab.freeHead = slab.links[(slot * slab.slotBytes) >> 2] as number
    return (index << SLOT_BITS) | slot
  }

  /** Gives a piece back; a slab without pieces goes back to the system. */
  free(piece: number): void {
    const index = piece >>> SLOT_BITS
    const slab = this.#slabs[index] as Slab
    const { sizeClass } = slab
    if (sizeClass === NONE) {
      this.#dropSlab(index, slab)
      return
    }
    const slot = piece & SLOT_MASK
    slab.links[(slot * slab.slotBytes) >> 2] = slab.freeHead
    slab.freeHead = slot
    const wasFull = slab.usedCount === slab.slotCount
    slab.usedCount -= 1
    if (this.#current[sizeClass] === index) return
    if (wasFull) this.#roomOf(sizeClass).push(index)
    if (slab.usedCount > 0) return
    const room = this.#roomOf(sizeClass)
    room.splice(room.indexOf(index), 1)
    this.#dropSlab(index, slab)
  }

  /** @returns whether a piece made for one size also serves for another */
  fits(sizeBytes: number, otherSizeBytes: number): boolean {
    if (sizeBytes > SLOT_BYTES_MAX || otherSizeBytes > SLOT_BYTES_MAX) return sizeBytes === otherSizeBytes
    return classOf(sizeBytes) === classOf(otherSizeBytes)
  }

  /** @returns the bytes that a piece lies in; valid until it is freed */
  bytesOf(piece: number): Uint8Array {
    return (this.#slabs[piece >>> SLOT_BITS] as Slab).bytes
  }

  /** @returns where in {@link BytePool.bytesOf} the piece begins */
  startOf(piece: number): number {
    return (piece & SLOT_MASK) * (this.#slabs[piece >>> SLOT_BITS] as Slab).slotBytes
  }

  #roomOf(sizeClass: number): number[] {
    let room = this.#withRoom[sizeClass]
    if (room === undefined) {
      room = []
      this.#withRoom[sizeClass] = room
    }
    return room
  }

  #addSlab(slotBytes: number, sizeClass: number): number {
    const isShared = sizeClass !== NONE
    const memory = new ArrayBuffer(isShared ? SLAB_BYTES : slotBytes)
    const index = this.#freeSlabs.pop() ?? this.#slabs.length
    assert(index < SLABS_MAX, 'the data of the tree fit into the pool: 32 GiB, and 131,072 pieces of more than 32 KiB')
    this.#slabBytes += memory.byteLength
    this.#slabs[index] = {
      bytes: new Uint8Array(memory),
      links: new Int32Array(memory, 0, memory.byteLength >> 2),
      slotBytes,
      sizeClass,
      slotCount: isShared ? Math.floor(SLAB_BYTES / slotBytes) : 1,
      usedCount: 0,
      untouchedFrom: 0,
      freeHead: NONE,
    }
    return index
  }

  #dropSlab(index: number, slab: Slab): void {
    this.#slabBytes -= slab.bytes.length
    this.#slabs[index] = undefined
    this.#freeSlabs.push(index)
  }
}

function classOf(sizeBytes: number): number {
  if (sizeBytes <= FINE_BYTES_MAX) return sizeBytes === 0 ? 0 : (sizeBytes - 1) >> FINE_STEP_BITS
  const doublings = 31 - Math.clz32((sizeBytes - 1) >> 10)
  const steps = ((sizeBytes - 1) >> (7 + doublings)) - COARSE_STEPS
  return (FINE_BYTES_MAX >> FINE_STEP_BITS) + doublings * COARSE_STEPS + steps
}

function slotBytesOf(sizeClass: number): number {
  const coarse = sizeClass - (FINE_BYTES_MAX >> FINE_STEP_BITS)
  if (coarse < 0) return (sizeClass + 1) << FINE_STEP_BITS
  const doublings = Math.floor(coarse / COARSE_STEPS)
  return ((coarse % COARSE_STEPS) + COARSE_STEPS + 1) << (7 + doublings)
}
