/**
 * Checksums over bytes that do not fit into the core's window, piece by piece: CRC-32C of batches, CRC-32 of messages in
 * formats 0 and 1. The plain table method: only what is larger than the window (none at default limits) comes this way,
 * during recovery.
 */
const CASTAGNOLI = 0x82f63b78
const IEEE = 0xedb88320
const tables: Map<number, Int32Array> = new Map()

function crcTable(polynomial: number): Int32Array {
  const known = tables.get(polynomial)
  if (known !== undefined) return known
  const table = new Int32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) !== 0 ? (value >>> 1) ^ polynomial : value >>> 1
    table[byte] = value
  }
  tables.set(polynomial, table)
  return table
}

/** The value to start either checksum with. */
export const CRC32C_START: number = 0

/**
 * The checksum of everything so far plus `bytes[from, to)`.
 *
 * @param soFar `CRC32C_START` or an earlier result
 * @returns unsigned 32-bit checksum
 */
export function crc32cContinue(soFar: number, bytes: Uint8Array, from: number, to: number): number {
  return crcContinue(crcTable(CASTAGNOLI), soFar, bytes, from, to)
}

/** The same for CRC-32, the checksum of formats 0 and 1. */
export function crc32Continue(soFar: number, bytes: Uint8Array, from: number, to: number): number {
  return crcContinue(crcTable(IEEE), soFar, bytes, from, to)
}

function crcContinue(rows: Int32Array, soFar: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = ~soFar
  for (let at = from; at < to; at += 1) {
    crc = (crc >>> 8) ^ (rows[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  }
  return ~crc >>> 0
}
