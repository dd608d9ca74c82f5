// hot: per request
import { assert } from '../base/assert.ts'
import type { Arena, Region } from '../shard/contract.ts'
import { PREDICTED_ARENA_SHARE_MAX, PREDICTED_FRAME_SIZE_MIN_BYTES, REQUEST_SIZE_MIN_BYTES } from './limits.ts'

// Where the bytes of one connection are between the socket and the handlers.
//
//   nothing held, small frames       the shard's landing buffer, shared by all idle connections; frames that lie whole
//                                    in it are handled in place
//   a frame unfinished               an arena region of the frame's size; the rest is read straight into it
//   nothing held, large frames       a region of the size of the last ones, reserved before they come: no copy at all
//   no room in the arena             a heap copy of what had landed (at most the landing buffer); nothing more is read
//
// Invariant: [from, to) of `bytes` is what was received and not yet taken, and begins with a frame's size.

const SIZE_FIELD_BYTES = 4

/** Bytes before the landing view: the begin of a size field that was cut is put back right before the rest of it. */
const LANDING_GAP_BYTES = 16

export const FRAME_NONE = 0
export const FRAME_WHOLE = 1
/** The size is negative, too small for a header or larger than allowed: this is no Kafka client. */
export const FRAME_GARBAGE = 2

/** Where all connections of a worker read to while they hold nothing. */
export class Landing {
  readonly at: number
  readonly view: Uint8Array

  constructor(arena: Arena) {
    this.at = arena.landingAt + LANDING_GAP_BYTES
    this.view = arena.bytes.subarray(this.at, arena.landingAt + arena.landingSizeBytes)
  }
}

/** Frame assembly of one connection. Owned by it; ends with `close`. */
export class Intake {
  /** The memory in which the frame lies. */
  bytes: Uint8Array
  /** First byte after the frame's size field, and first byte after the frame. Set when `next` finds a whole frame. */
  frameAt: number = 0
  frameEnd: number = 0
  /** Bytes copied in user space, for the metrics. */
  copiedBytes: number = 0

  readonly #arena: Arena
  readonly #landing: Landing
  readonly #frameSizeMax: number
  #from = 0
  #to = 0
  /** First byte after the storage. */
  #end = 0
  #region: Region | undefined
  #isAimedAtLanding = true
  readonly #cut: Uint8Array = new Uint8Array(SIZE_FIELD_BYTES)
  #cutCount = 0
  #predictedSizeBytes = 0

  constructor(arena: Arena, landing: Landing, frameSizeMax: number) {
    this.#arena = arena
    this.#landing = landing
    this.#frameSizeMax = frameSizeMax
    this.bytes = arena.bytes
  }

  /** The region that the frame lies in; undefined while it lies in the landing buffer or on the heap. */
  get region(): Region | undefined {
    return this.#region
  }

  /** Bytes received and not yet taken. */
  get heldBytes(): number {
    return this.#to - this.#from + this.#cutCount
  }

  /** Whether memory is reserved although nothing has arrived for it. */
  get isReservedAhead(): boolean {
    return this.#region !== undefined && this.#from === this.#to
  }

  /** Whether arena memory is held for a frame that has begun to arrive. */
  get isReceivingInRegion(): boolean {
    return this.#region !== undefined && this.#from !== this.#to
  }

  /** Where the next bytes shall go. `isReading` is false when nothing will be read until the next call of `settle`. */
  target(isReading: boolean): Uint8Array {
    const limit = this.#limit()
    this.#isAimedAtLanding = !isReading || this.#region === undefined || limit <= this.#to
    if (this.#isAimedAtLanding) return this.#landing.view
    return this.bytes.subarray(this.#to, limit)
  }

  /** `sizeBytes` more bytes lie where the last `target` was. */
  received(sizeBytes: number): void {
    if (!this.#isAimedAtLanding) {
      this.#to += sizeBytes
      assert(this.#to <= this.#end, 'a read stays inside its region')
      return
    }
    if (this.#to > this.#from) {
      this.#append(sizeBytes)
      return
    }
    this.#drop()
    this.#from = this.#landing.at - this.#cutCount
    this.#to = this.#landing.at + sizeBytes
    this.#end = this.#to
    for (let index = 0; index < this.#cutCount; index += 1) {
      this.bytes[this.#from + index] = this.#cut[index] as number
    }
    this.#cutCount = 0
  }

  /** Looks at the first frame held, without taking it. */
  next(): number {
    if (this.#to - this.#from < SIZE_FIELD_BYTES) return FRAME_NONE
    const sizeBytes = this.#frameSize()
    if (sizeBytes < REQUEST_SIZE_MIN_BYTES || sizeBytes > this.#frameSizeMax) {
      this.frameAt = this.#from
      this.frameEnd = this.#to
      return FRAME_GARBAGE
    }
    this.frameAt = this.#from + SIZE_FIELD_BYTES
    this.frameEnd = this.frameAt + sizeBytes
    return this.frameEnd <= this.#to ? FRAME_WHOLE : FRAME_NONE
  }

  /** The frame that `next` found has been handled. Its bytes stay until `settle`. */
  take(): void {
    const sizeBytes = this.frameEnd - this.#from
    this.#from = this.frameEnd
    const faded = this.#predictedSizeBytes - (this.#predictedSizeBytes >> 3)
    if (sizeBytes >= PREDICTED_FRAME_SIZE_MIN_BYTES) this.#predictedSizeBytes = Math.max(sizeBytes, faded)
    else this.#predictedSizeBytes = faded >= PREDICTED_FRAME_SIZE_MIN_BYTES ? faded : 0
  }

  /**
   * Ends the turn of this connection: what is left moves out of the landing buffer, which the next socket overwrites.
   *
   * @returns false when the arena has no room: nothing may be read until `settle` has been called again and returned true
   */
  settle(): boolean {
    const heldBytes = this.#to - this.#from
    if (heldBytes === 0) {
      if (this.#cutCount === 0) this.#reserveAhead()
      return true
    }
    if (heldBytes < SIZE_FIELD_BYTES && this.#region === undefined) {
      this.#cut.set(this.bytes.subarray(this.#from, this.#to))
      this.#cutCount = heldBytes
      this.#drop()
      return true
    }
    const neededBytes = Math.max(heldBytes, heldBytes < SIZE_FIELD_BYTES ? 0 : SIZE_FIELD_BYTES + this.#frameSize())
    if (this.#region !== undefined && this.#from + Math.max(neededBytes, SIZE_FIELD_BYTES) <= this.#end) return true
    return this.#move(Math.max(neededBytes, SIZE_FIELD_BYTES))
  }

  /** Gives back memory that was reserved ahead. The socket must be asked for its target again. */
  forgetPrediction(): void {
    assert(this.#from === this.#to, 'only an empty region is given back')
    this.#predictedSizeBytes = 0
    this.#drop()
  }

  /** Gives back all memory. */
  close(): void {
    this.#cutCount = 0
    this.#drop()
  }

  /** The end of the frame being received, so that a region never takes in the begin of a frame that does not fit it. */
  #limit(): number {
    if (this.#to - this.#from < SIZE_FIELD_BYTES) return this.#end
    return Math.min(this.#end, this.#from + SIZE_FIELD_BYTES + this.#frameSize())
  }

  #frameSize(): number {
    const { bytes } = this
    const at = this.#from
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    )
  }

  #reserveAhead(): void {
    const sizeBytes = this.#predictedSizeBytes
    const region = this.#region
    if (region !== undefined && this.#from === region.at && sizeBytes > 0 && sizeBytes <= region.sizeBytes) return
    this.#drop()
    if (sizeBytes === 0) return
    if (this.#arena.usedBytes > this.#arena.sizeBytesMax * PREDICTED_ARENA_SHARE_MAX) return
    const reserved = this.#arena.reserve(sizeBytes)
    if (reserved !== undefined) this.#moveInto(reserved)
  }

  /** Takes `sizeBytes` bytes that landed while others were held: seldom, after reading had been stopped. */
  #append(sizeBytes: number): void {
    const landed = this.#landing.view.subarray(0, sizeBytes)
    if (this.#to + sizeBytes > this.#end) {
      const heldBytes = this.#to - this.#from
      const held = this.bytes.subarray(this.#from, this.#to)
      const joined = new Uint8Array(heldBytes + sizeBytes)
      joined.set(held)
      joined.set(landed, heldBytes)
      this.#drop()
      this.#hold(joined)
    } else {
      this.bytes.set(landed, this.#to)
      this.#to += sizeBytes
    }
    this.copiedBytes += sizeBytes
  }

  #move(capacityBytes: number): boolean {
    const held = this.bytes.subarray(this.#from, this.#to)
    const region = this.#arena.reserve(capacityBytes)
    if (region === undefined) {
      if (this.#region === undefined && this.bytes === this.#arena.bytes) {
        const copy = new Uint8Array(held.length)
        copy.set(held)
        this.#hold(copy)
      }
      return false
    }
    this.copiedBytes += held.length
    this.#arena.bytes.set(held, region.at)
    this.#drop()
    this.#moveInto(region)
    this.#to = region.at + held.length
    return true
  }

  #moveInto(region: Region): void {
    this.bytes = this.#arena.bytes
    this.#region = region
    this.#from = region.at
    this.#to = region.at
    this.#end = region.at + region.sizeBytes
  }

  /** Keeps bytes on the heap until there is room: at most what one read brought, and nothing more is read. */
  #hold(bytes: Uint8Array): void {
    this.bytes = bytes
    this.#from = 0
    this.#to = bytes.length
    this.#end = bytes.length
  }

  #drop(): void {
    if (this.#region !== undefined) this.#arena.release(this.#region)
    this.#region = undefined
    this.bytes = this.#arena.bytes
    this.#from = 0
    this.#to = 0
    this.#end = 0
  }
}
