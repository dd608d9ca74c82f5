/**
 * CRC-32C over bytes that do not fit into the core's window, piece by piece. The plain table method: only batches larger
 * than the window (none at default limits) come this way, during recovery.
 */
const POLYNOMIAL = 0x82f63b78
let table: Int32Array | undefined

function crcTable(): Int32Array {
  if (table !== undefined) return table
  table = new Int32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) !== 0 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    table[byte] = value
  }
  return table
}

/** The value to start `crc32cContinue` with. */
export const CRC32C_START: number = 0

/**
 * The checksum of everything so far plus `bytes[from, to)`.
 *
 * @param soFar `CRC32C_START` or an earlier result
 * @returns unsigned 32-bit checksum
 */
export function crc32cContinue(soFar: number, bytes: Uint8Array, from: number, to: number): number {
  const rows = crcTable()
  let crc = ~soFar
  for (let at = from; at < to; at += 1) {
    crc = (crc >>> 8) ^ (rows[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  }
  return ~crc >>> 0
}
