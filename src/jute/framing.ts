// hot: per read
import { juteMaxBufferBytes } from './reader.ts'

/** The length that stands before a frame. */
const HEADER_BYTES = 4

/** Takes one whole frame; the bytes are valid only during the call. */
export type FrameHandler = (bytes: Uint8Array, startsAt: number, endsAt: number) => void

/**
 * Cuts a stream into frames of a 4-byte length and a payload. A frame that lies whole in one read is handed on where it
 * lies; only an unfinished one is gathered in a buffer of its announced size.
 */
export class FrameSplitter {
  /** The announced length that was refused; the stream is of no use then. */
  refusedSizeBytes: number | undefined
  readonly #frameBytesMax: number
  readonly #header: Uint8Array = new Uint8Array(HEADER_BYTES)
  #headerBytes = 0
  #body: Uint8Array | undefined
  #bodyBytes = 0

  /** @param frameBytesMax longest payload accepted */
  constructor(frameBytesMax: number = juteMaxBufferBytes) {
    this.#frameBytesMax = frameBytesMax
  }

  /**
   * @param chunk what the network brought
   * @param onFrame called for each whole frame in order; may call nothing of this splitter
   * @param isStopped asked after each frame: true leaves the rest unread
   * @returns how many bytes were taken: fewer than given when stopped or when a length was refused
   */
  feed(chunk: Uint8Array, onFrame: FrameHandler, isStopped: () => boolean): number {
    let at = 0
    while (at < chunk.length && this.refusedSizeBytes === undefined && !isStopped()) {
      at = this.#body === undefined ? this.#startFrame(chunk, at, onFrame) : this.#continueFrame(chunk, at, onFrame)
    }
    return at
  }

  #startFrame(chunk: Uint8Array, at: number, onFrame: FrameHandler): number {
    let position = at
    let sizeBytes: number
    if (this.#headerBytes === 0 && chunk.length - at >= HEADER_BYTES) {
      sizeBytes = int32At(chunk, at)
      position += HEADER_BYTES
    } else {
      while (this.#headerBytes < HEADER_BYTES && position < chunk.length) {
        this.#header[this.#headerBytes] = chunk[position] as number
        this.#headerBytes += 1
        position += 1
      }
      if (this.#headerBytes < HEADER_BYTES) return position
      this.#headerBytes = 0
      sizeBytes = int32At(this.#header, 0)
    }
    if (sizeBytes < 0 || sizeBytes > this.#frameBytesMax) {
      this.refusedSizeBytes = sizeBytes
      return position
    }
    if (chunk.length - position >= sizeBytes) {
      onFrame(chunk, position, position + sizeBytes)
      return position + sizeBytes
    }
    this.#body = new Uint8Array(sizeBytes)
    this.#bodyBytes = 0
    return position
  }

  #continueFrame(chunk: Uint8Array, at: number, onFrame: FrameHandler): number {
    const body = this.#body ?? new Uint8Array(0)
    const taken = Math.min(body.length - this.#bodyBytes, chunk.length - at)
    body.set(chunk.subarray(at, at + taken), this.#bodyBytes)
    this.#bodyBytes += taken
    if (this.#bodyBytes === body.length) {
      this.#body = undefined
      onFrame(body, 0, body.length)
    }
    return at + taken
  }
}

function int32At(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16)
  return high | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
}
