import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { assert } from '../../base/assert.ts'
import type { Compression } from '../ports.ts'

/** zstd has been part of Node since 22.15 and 23.8. */
function assertZstd(): void {
  assert(typeof zstdCompressSync === 'function', 'zstd needs Node 22.15 or later')
}

function isTooLargeOrDamaged(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^(ERR_BUFFER_TOO_LARGE|ERR_ZSTD|ERR_ZLIB|Z_|ZSTD_)/.test(code)
}

/**
 * What `unpack` gives within a bound, or undefined when the bytes are at fault. Anything else is ours and goes on.
 *
 * @param unpack gets the most that zlib may put out, which cannot be zero
 */
function attempt(sizeBytesMax: number, unpack: (maxOutputLength: number) => Uint8Array): Uint8Array | undefined {
  try {
    const output = unpack(Math.max(1, sizeBytesMax))
    return output.length <= sizeBytesMax ? output : undefined
  } catch (error) {
    if (isTooLargeOrDamaged(error)) return undefined
    throw error
  }
}

/** gzip and zstd by Node's own zlib. */
export const nodeCompression: Compression = {
  gzip(bytes, level) {
    return gzipSync(bytes, { level })
  },

  gunzip(bytes, sizeBytesMax) {
    return attempt(sizeBytesMax, (maxOutputLength) => gunzipSync(bytes, { maxOutputLength }))
  },

  zstd(bytes, level) {
    assertZstd()
    return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } })
  },

  unzstd(bytes, sizeBytesMax) {
    assertZstd()
    return attempt(sizeBytesMax, (maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }))
  },
}
