import { FRAME_SIZE_SIZE_BYTES } from '../protocol/wire/header.ts'
import { FRAME_SIZE_BYTES_MAX } from './limits.ts'

const LANDING_SIZE_BYTES = 64 * 1024

/**
 * Cuts what a socket delivers into frames. Small frames land in one buffer and are copied out; the rest of a frame that
 * does not fit is read straight into memory of its own size, so a large fetch is copied once at most.
 */
export class FrameReader {
  readonly #landing: Uint8Array = new Uint8Array(LANDING_SIZE_BYTES)
  readonly #onFrame: (frame: Uint8Array) => void
  /** Bytes of an unfinished size field at the start of the landing buffer. */
  #heldBytes = 0
  #frame: Uint8Array | undefined
  #frameFilled = 0

  /** @param onFrame gets each frame without its size, in memory of its own */
  constructor(onFrame: (frame: Uint8Array) => void) {
    this.#onFrame = onFrame
  }

  /** Where the next bytes go. */
  target(): Uint8Array {
    if (this.#frame !== undefined) return this.#frame.subarray(this.#frameFilled)
    return this.#landing.subarray(this.#heldBytes)
  }

  /**
   * `sizeBytes` bytes lie in the target.
   *
   * @returns undefined, or a sentence saying why the stream cannot be read on
   */
  onRead(sizeBytes: number): string | undefined {
    if (this.#frame !== undefined) {
      this.#frameFilled += sizeBytes
      if (this.#frameFilled === this.#frame.length) {
        const frame = this.#frame
        this.#frame = undefined
        this.#onFrame(frame)
      }
      return undefined
    }
    return this.#cut(this.#heldBytes + sizeBytes)
  }

  #cut(availableBytes: number): string | undefined {
    const landing = this.#landing
    const view = new DataView(landing.buffer)
    let at = 0
    while (availableBytes - at >= FRAME_SIZE_SIZE_BYTES) {
      const frameSizeBytes = view.getInt32(at)
      if (frameSizeBytes < 0 || frameSizeBytes > FRAME_SIZE_BYTES_MAX) {
        return `the peer announced a frame of ${frameSizeBytes} bytes: this is no Kafka listener, or one that expects TLS`
      }
      at += FRAME_SIZE_SIZE_BYTES
      const frame = new Uint8Array(frameSizeBytes)
      const hereBytes = Math.min(frameSizeBytes, availableBytes - at)
      frame.set(landing.subarray(at, at + hereBytes))
      at += hereBytes
      if (hereBytes < frameSizeBytes) {
        this.#frame = frame
        this.#frameFilled = hereBytes
        this.#heldBytes = 0
        return undefined
      }
      this.#onFrame(frame)
    }
    landing.copyWithin(0, at, availableBytes)
    this.#heldBytes = availableBytes - at
    return undefined
  }
}
