// CRC-32C, the checksum of format 2.                                                       hot: per batch

import { sliceCrc32c } from './crc32.ts'
import { fold, foldedBytes, REST_SIZE_BYTES } from './crc32c-fold.ts'

/** Below it the tables alone are as fast: folding leaves them REST_SIZE_BYTES whatever the size. */
const FOLD_FROM_BYTES: usize = 1536

/**
 * Carries a finished CRC-32C over more bytes: `continueCrc32c(crc32c(a), b)` is the checksum of a followed by b.
 * Start with 0.
 */
export function continueCrc32c(crc: u32, at: usize, sizeBytes: usize): u32 {
  // The test on the feature is decided when the core is built: the plain build has no folding in it.
  if (ASC_FEATURE_SIMD) {
    if (sizeBytes >= FOLD_FROM_BYTES) {
      const rest = fold(~crc, at, sizeBytes)
      const register = sliceCrc32c(0, rest, REST_SIZE_BYTES)
      return ~sliceCrc32c(register, at + foldedBytes, sizeBytes - foldedBytes)
    }
  }
  return ~sliceCrc32c(~crc, at, sizeBytes)
}

/** CRC-32C of `sizeBytes` bytes at `at`. Reads them, writes nothing there. */
export function crc32c(at: usize, sizeBytes: usize): u32 {
  return continueCrc32c(0, at, sizeBytes)
}
