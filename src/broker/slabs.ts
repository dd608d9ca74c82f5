// hot: per write
import { SLAB_SIZE_BYTES } from './limits.ts'

/** Memory in which small answers wait for the socket. Reused once nothing in it is on its way any more. */
export interface Slab {
  readonly bytes: Uint8Array
  at: number
  /** Writes that point into it. */
  users: number
}

/** Spare slabs kept: one turn rarely fills more. */
const SPARES_MAX = 4

/**
 * The slabs of one worker: answers of all its connections are gathered in the same few buffers, so that a small answer
 * costs a copy and no allocation of memory.
 */
export class Slabs {
  #current: Slab = newSlab()
  readonly #spares: Slab[] = []

  /** Copies `bytes` in; `used` tells later which slab to give back. */
  copy(bytes: Uint8Array, used: { slab: Slab | undefined }): Uint8Array {
    const slab = this.reserve(bytes.length)
    const startsAt = slab.at
    slab.bytes.set(bytes, startsAt)
    slab.at = startsAt + bytes.length
    used.slab = slab
    return slab.bytes.subarray(startsAt, slab.at)
  }

  /** A slab with room for `sizeBytes` from its `at`, which the caller moves on by as many. Give it back once. */
  reserve(sizeBytes: number): Slab {
    const slab = this.#withRoom(sizeBytes)
    slab.users += 1
    return slab
  }

  giveBack(slab: Slab): void {
    slab.users -= 1
    if (slab.users > 0) return
    slab.at = 0
    if (slab !== this.#current && this.#spares.length < SPARES_MAX) this.#spares.push(slab)
  }

  #withRoom(sizeBytes: number): Slab {
    const slab = this.#current
    if (slab.at + sizeBytes <= slab.bytes.length) return slab
    this.#current = this.#spares.pop() ?? newSlab()
    return this.#current
  }
}

function newSlab(): Slab {
  return { bytes: new Uint8Array(SLAB_SIZE_BYTES), at: 0, users: 0 }
}
