/** What `assembly/index.ts` exports. Addresses and sizes in bytes; results that are addresses or sums are unsigned. */
export interface CoreExports {
  useScratch(at: number): void
  initialiseTables(): void
  crc32c(at: number, sizeBytes: number): number
  continueCrc32c(crc: number, at: number, sizeBytes: number): number
  crc32(at: number, sizeBytes: number): number
  readHeader(at: number, availableBytes: number): number
  judgeBatch(at: number, availableBytes: number, rules: number): number
  stampOffsets(at: number, baseOffset: number, leaderEpoch: number): void
  stampAppendTime(at: number, sizeBytes: number, timestampMs: number): void
  wholeBatchesSize(at: number, sizeBytes: number): number
  findOffset(at: number, sizeBytes: number, offset: number): number
  findTimestamp(at: number, sizeBytes: number, timestampMs: number): number
  xxhash32(at: number, sizeBytes: number): number
  /** The codecs' targets need the room that their own files state, and CODEC_SLACK_BYTES behind it. */
  lz4Compress(at: number, sizeBytes: number, targetAt: number, isFormat0: number): number
  lz4SizeBound(at: number, sizeBytes: number, isFormat0: number): number
  lz4Decompress(at: number, sizeBytes: number, targetAt: number, capacityBytes: number, isFormat0: number): number
  snappyCompress(at: number, sizeBytes: number, targetAt: number): number
  snappySizeBound(at: number, sizeBytes: number): number
  snappyDecompress(at: number, sizeBytes: number, targetAt: number, capacityBytes: number): number
}
