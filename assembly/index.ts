// What the host may call. Addresses and sizes go in, small integers come out; larger answers lie in scratch
// (src/wasm/core-layout.ts). Hostile bytes get a verdict; an address outside the memory is the host's bug and traps.

import { crc32, initialiseTables } from './crc32.ts'
import { continueCrc32c, crc32c } from './crc32c.ts'
import { findOffset, findTimestamp } from './find.ts'
import { readHeader } from './header.ts'
import { judgeBatch, stampAppendTime, stampOffsets, wholeBatchesSize } from './judge.ts'
import { lz4Compress, lz4Decompress, lz4SizeBound } from './lz4-frame.ts'
import { useScratch } from './scratch.ts'
import { snappyCompress, snappyDecompress, snappySizeBound } from './snappy-stream.ts'
import { xxhash32 } from './xxhash32.ts'

export {
  continueCrc32c,
  crc32,
  crc32c,
  findOffset,
  findTimestamp,
  initialiseTables,
  judgeBatch,
  lz4Compress,
  lz4Decompress,
  lz4SizeBound,
  readHeader,
  snappyCompress,
  snappyDecompress,
  snappySizeBound,
  stampAppendTime,
  stampOffsets,
  useScratch,
  wholeBatchesSize,
  xxhash32,
}
