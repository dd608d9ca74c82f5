// hot: per transaction
const table = new Int32Array(256)
for (let byte = 0; byte < 256; byte += 1) {
  let remainder = byte
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  table[byte] = remainder
}

/** State to begin with. */
export const crc32Initial: number = -1

/** @returns the state after `bytes`; {@link crc32Finish} makes the checksum of it */
export function crc32Update(state: number, bytes: Uint8Array, startsAt: number, endsAt: number): number {
  let crc = state
  for (let at = startsAt; at < endsAt; at += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  }
  return crc
}

/** @returns the checksum as an unsigned number */
export function crc32Finish(state: number): number {
  return ~state >>> 0
}
