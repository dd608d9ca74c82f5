// hot: per transaction
const MODULUS = 65521
/** Most additions before the larger sum could pass 2^31. */
const BLOCK_BYTES = 3800

/** State to begin with. */
export const adler32Initial: number = 1

/** @returns the checksum continued over a window of `bytes`, an unsigned number */
export function adler32(state: number, bytes: Uint8Array, startsAt: number, endsAt: number): number {
  let low = state & 0xffff
  let high = state >>> 16
  let at = startsAt
  while (at < endsAt) {
    const blockEnd = Math.min(at + BLOCK_BYTES, endsAt)
    for (; at < blockEnd; at += 1) {
      low += bytes[at] ?? 0
      high += low
    }
    low %= MODULUS
    high %= MODULUS
  }
  return ((high << 16) | low) >>> 0
}
