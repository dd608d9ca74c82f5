// hot: per request
import { Reader } from '../protocol/wire/reader.ts'

const VERSION_AT = 2
const CORRELATION_ID_AT = 4
const CLIENT_ID_AT = 8
const NO_BYTES = new Uint8Array(0)

/** The client id that a connection sent last: it sends the same one with every request. */
export interface ClientIdMemo {
  bytes: Uint8Array
  text: string
}

/** @returns a memo that knows nothing yet */
export function newClientIdMemo(): ClientIdMemo {
  return { bytes: NO_BYTES, text: '' }
}

/** The header of the request at hand. One per worker, filled anew for each request: copy what must last. */
export class RequestHead {
  apiKey: number = 0
  apiVersion: number = 0
  correlationId: number = 0
  clientId: string | null = null
  /** Stands at the body once `readRest` has returned. */
  readonly reader: Reader = new Reader(NO_BYTES)
  /** The memory in which the frame lies. */
  bytes: Uint8Array = NO_BYTES
  #at = 0
  #end = 0

  /** Reads the part of the header that every version has. The frame has at least REQUEST_SIZE_MIN_BYTES. */
  readStart(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes
    this.#at = at
    this.#end = end
    this.apiKey = int16(bytes, at)
    this.apiVersion = int16(bytes, at + VERSION_AT)
    this.correlationId =
      (int16(bytes, at + CORRELATION_ID_AT) << 16) | (int16(bytes, at + CORRELATION_ID_AT + 2) & 0xffff)
    this.clientId = null
  }

  /**
   * Reads the rest of the header.
   *
   * @param isFlexible whether it ends with tagged fields
   * @returns false when it cannot be read
   */
  readRest(isFlexible: boolean, memo: ClientIdMemo): boolean {
    const reader = this.reader
    reader.reset(this.bytes, this.#at + CLIENT_ID_AT, this.#end)
    const sizeBytes = int16(this.bytes, reader.at)
    if (sizeBytes >= 0 && this.#isRemembered(memo, reader.at + 2, sizeBytes)) {
      this.clientId = memo.text
      reader.at += 2 + sizeBytes
    } else {
      const startsAt = reader.at + 2
      this.clientId = reader.stringOrNull(false)
      if (this.clientId !== null && reader.ok) {
        memo.text = this.clientId
        memo.bytes = new Uint8Array(sizeBytes)
        memo.bytes.set(this.bytes.subarray(startsAt, startsAt + sizeBytes))
      }
    }
    if (isFlexible) reader.unknownTags()
    return reader.ok
  }

  #isRemembered(memo: ClientIdMemo, at: number, sizeBytes: number): boolean {
    const known = memo.bytes
    if (known.length !== sizeBytes || at + sizeBytes > this.#end) return false
    for (let index = 0; index < sizeBytes; index += 1) {
      if (this.bytes[at + index] !== known[index]) return false
    }
    return true
  }
}

function int16(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) >> 16) | (bytes[at + 1] as number)
}
