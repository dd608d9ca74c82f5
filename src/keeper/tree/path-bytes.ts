// hot: per request
const encoder = new TextEncoder()
const SLASH = 0x2f
const INITIAL_BYTES = 4096
/** A buffer grown by one endless path is let go with the next. */
const KEPT_BYTES_MAX = 1 << 16

/** A path as bytes, and a finger on one of its names. One of these is used for every path in turn. */
export class PathBytes {
  bytes: Uint8Array = new Uint8Array(INITIAL_BYTES)
  length: number = 0
  /** Where the last name begins and its parent's path ends; the parent of `/a` is the empty path, the root. */
  nameAt: number = 0
  parentLength: number = 0

  set(path: string): void {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#reserve(path.length * 3)
    const { bytes } = this
    let length = 0
    for (; length < path.length; length += 1) {
      const unit = path.charCodeAt(length)
      if (unit >= 0x80) break
      bytes[length] = unit
    }
    this.#setLength(length === path.length ? length : encoder.encodeInto(path, bytes).written)
  }

  setBytes(path: Uint8Array): void {
    this.#reserve(path.length)
    this.bytes.set(path)
    this.#setLength(path.length)
  }

  #setLength(length: number): void {
    this.length = length
    let at = length
    while (at > 0 && this.bytes[at - 1] !== SLASH) at -= 1
    this.nameAt = at
    this.parentLength = at === 0 ? 0 : at - 1
  }

  #reserve(sizeBytes: number): void {
    const size = this.bytes.length
    if (sizeBytes > size || (size > KEPT_BYTES_MAX && sizeBytes <= INITIAL_BYTES)) {
      this.bytes = new Uint8Array(Math.max(sizeBytes, INITIAL_BYTES))
    }
  }
}
