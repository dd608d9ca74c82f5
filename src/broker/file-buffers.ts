import { FILE_BUFFER_SIZE_BYTES, FILE_BUFFERS_KEPT, FILE_BUFFERS_MAX, SPARE_FILE_BUFFER_SIZE_BYTES } from './limits.ts'

/**
 * The buffers through which file ranges go to sockets: few, large and used again, because the page faults of fresh
 * memory cost as much as the copy.
 */
export class FileBuffers {
  readonly #free: Uint8Array[] = []
  #madeCount = 0

  /**
   * @param mayBeSmall whether the caller has none yet and must get something
   * @returns undefined when all large ones are in use and `mayBeSmall` is false
   */
  take(mayBeSmall: boolean): Uint8Array | undefined {
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#madeCount < FILE_BUFFERS_MAX) {
      this.#madeCount += 1
      return new Uint8Array(FILE_BUFFER_SIZE_BYTES)
    }
    return mayBeSmall ? new Uint8Array(SPARE_FILE_BUFFER_SIZE_BYTES) : undefined
  }

  give(buffer: Uint8Array): void {
    if (buffer.length === FILE_BUFFER_SIZE_BYTES) this.#free.push(buffer)
  }

  /** Lets go of what lies idle. Called now and then. */
  trim(): void {
    while (this.#free.length > FILE_BUFFERS_KEPT) {
      this.#free.pop()
      this.#madeCount -= 1
    }
  }

  get inUse(): number {
    return this.#madeCount - this.#free.length
  }
}
