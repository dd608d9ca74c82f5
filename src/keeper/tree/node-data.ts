/**
 * A node's data as it is kept. Most are a few hundred bytes at most, and a byte array of its own costs 250 bytes before
 * its first byte: small data are therefore kept as strings of one byte per character, which cost twelve. Length is the
 * number of bytes either way.
 */
export type NodeData = string | Uint8Array | null

/** From this size on the overhead of a byte array does not matter. */
const STRING_BYTES_MAX = 2048

/** @param bytes borrowed: what is kept does not depend on them @returns what to keep */
export function packData(bytes: Uint8Array | null): NodeData {
  if (bytes === null) return null
  if (bytes.length > STRING_BYTES_MAX) return bytes.slice()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** @returns the bytes, not to be changed */
export function unpackData(data: NodeData): Uint8Array | null {
  return typeof data === 'string' ? new Uint8Array(Buffer.from(data, 'latin1')) : data
}
