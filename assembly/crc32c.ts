// CRC-32C, the checksum of format 2.                                                       hot: per batch

import { sliceCrc32c } from './crc32.ts'

/**
 * Carries a finished CRC-32C over more bytes: `continueCrc32c(crc32c(a), b)` is the checksum of a followed by b.
 * Start with 0.
 */
export function continueCrc32c(crc: u32, at: usize, sizeBytes: usize): u32 {
  return ~sliceCrc32c(~crc, at, sizeBytes)
}

/** CRC-32C of `sizeBytes` bytes at `at`. Reads them, writes nothing there. */
export function crc32c(at: usize, sizeBytes: usize): u32 {
  return continueCrc32c(0, at, sizeBytes)
}
