// Zig-zag varints as Kafka writes them: seven bits a byte, lowest first; at most 5 bytes for 32 bits, 10 for 64.
// Bits that do not fit in the last byte fall away, as they do in Kafka's reader.           hot: per record

/** The number that the last `readVarint` or `readVarlong` found. */
export let varint: i64 = 0

/**
 * Reads a 32-bit varint into `varint`.
 *
 * @returns the position after it, or 0 when it is too long or reaches `end`
 */
export function readVarint(at: usize, end: usize): usize {
  if (at >= end) return 0
  let byte: u32 = load<u8>(at)
  let raw: u32 = byte & 0x7f
  let shift: u32 = 7
  at += 1
  while (byte & 0x80) {
    if (shift > 28 || at >= end) return 0
    byte = load<u8>(at)
    raw |= (byte & 0x7f) << shift
    shift += 7
    at += 1
  }
  varint = <i64>(<i32>(raw >>> 1) ^ -(<i32>(raw & 1)))
  return at
}

/** The same for 64 bits. */
export function readVarlong(at: usize, end: usize): usize {
  if (at >= end) return 0
  let byte: u64 = load<u8>(at)
  let raw: u64 = byte & 0x7f
  let shift: u64 = 7
  at += 1
  while (byte & 0x80) {
    if (shift > 63 || at >= end) return 0
    byte = load<u8>(at)
    raw |= (byte & 0x7f) << shift
    shift += 7
    at += 1
  }
  varint = <i64>(raw >>> 1) ^ -(<i64>(raw & 1))
  return at
}
