/**
 * Kafka writes a UUID as 22 characters of URL-safe base64 without padding; so do we everywhere a UUID is text.
 * The same form is the key of every map that is keyed by topic id.
 */
export const ZERO_UUID: string = 'AAAAAAAAAAAAAAAAAAAAAA'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const UUID_SIZE_BYTES = 16
const UUID_TEXT_LENGTH = 22

/** What each ASCII letter stands for; -1 outside the alphabet. */
const SEXTETS: Int8Array = new Int8Array(128).fill(-1)
for (let value = 0; value < ALPHABET.length; value += 1) SEXTETS[ALPHABET.charCodeAt(value)] = value

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
  const bytes = new Uint8Array(UUID_SIZE_BYTES)
  return uuidInto(bytes, 0, text) ? bytes : undefined
}

/**
 * Puts the 16 bytes of a UUID's text form into `bytes` at `at`.
 *
 * @returns false when `text` is no UUID; what then stands in the 16 bytes is not told
 */
export function uuidInto(bytes: Uint8Array, at: number, text: string): boolean {
  if (text.length !== UUID_TEXT_LENGTH) return false
  let seen = 0
  let to = at
  for (let index = 0; index < 20; index += 4) {
    const word =
      (sextetAt(text, index) << 18) |
      (sextetAt(text, index + 1) << 12) |
      (sextetAt(text, index + 2) << 6) |
      sextetAt(text, index + 3)
    // A letter outside the alphabet is -1, which makes the word, and all that is seen, negative.
    seen |= word
    bytes[to] = word >> 16
    bytes[to + 1] = word >> 8
    bytes[to + 2] = word
    to += 3
  }
  const last = (sextetAt(text, 20) << 6) | sextetAt(text, 21)
  bytes[to] = last >> 4
  return (seen | last) >= 0
}

function sextetAt(text: string, index: number): number {
  return SEXTETS[text.charCodeAt(index)] ?? -1
}

function sextet(value: number): string {
  return ALPHABET.charAt(value & 0x3f)
}
