/**
 * Kafka writes a UUID as 22 characters of URL-safe base64 without padding; so do we everywhere a UUID is text.
 * The same form is the key of every map that is keyed by topic id.
 */
export const ZERO_UUID: string = 'AAAAAAAAAAAAAAAAAAAAAA'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const UUID_SIZE_BYTES = 16

/** Text form of the 16 bytes at `at`. */
export function uuidText(bytes: Uint8Array, at: number): string {
  let text = ''
  for (let group = 0; group < 15; group += 3) {
    const word = ((bytes[at + group] ?? 0) << 16) | ((bytes[at + group + 1] ?? 0) << 8) | (bytes[at + group + 2] ?? 0)
    text += sextet(word >> 18) + sextet(word >> 12) + sextet(word >> 6) + sextet(word)
  }
  const last = bytes[at + 15] ?? 0
  return text + sextet(last >> 2) + sextet(last << 4)
}

/** The 16 bytes of a UUID's text form, or `undefined` when `text` is none. */
export function uuidBytes(text: string): Uint8Array | undefined {
  if (text.length !== 22) return undefined
  const bytes = new Uint8Array(UUID_SIZE_BYTES)
  let pending = 0
  let pendingBits = 0
  let at = 0
  for (let index = 0; index < text.length; index += 1) {
    const value = ALPHABET.indexOf(text.charAt(index))
    if (value < 0) return undefined
    pending = ((pending << 6) | value) & 0xffff
    pendingBits += 6
    if (pendingBits >= 8 && at < UUID_SIZE_BYTES) {
      pendingBits -= 8
      bytes[at] = pending >> pendingBits
      at += 1
    }
  }
  return bytes
}

function sextet(value: number): string {
  return ALPHABET.charAt(value & 0x3f)
}
