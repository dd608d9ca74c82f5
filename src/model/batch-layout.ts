// Record batch, format 2 (magic 2). Distances in bytes from the start of the batch, all integers big-endian.
// This file is read by TypeScript and by AssemblyScript: plain integer constants only.
//
//   0        8      12      16     17    21      23      27      35      43      51     53      57      61
//   +--------+-------+-------+------+-----+-------+-------+-------+-------+-------+------+-------+-------+-- ... --+
//   | base   | size  | leader| magic| crc | attri-| last  | base  | max   | produ-| epoch| base  | record| records |
//   | offset | after | epoch |  =2  | 32c | butes | delta | time  | time  | cer id|      | seq.  | count |         |
//   +--------+-------+-------+------+-----+-------+-------+-------+-------+-------+------+-------+-------+-- ... --+
//   |<---- may be restamped ----->|       |<---------------- covered by crc32c --------------------------------->|
//
// `size after` (BATCH_SIZE_AT) counts the bytes that follow it, so a whole batch takes that number plus 12.

export const BATCH_BASE_OFFSET_AT = 0
export const BATCH_SIZE_AT = 8
export const BATCH_LEADER_EPOCH_AT = 12
export const BATCH_MAGIC_AT = 16
export const BATCH_CRC_AT = 17
export const BATCH_ATTRIBUTES_AT = 21
export const BATCH_LAST_OFFSET_DELTA_AT = 23
export const BATCH_BASE_TIMESTAMP_AT = 27
export const BATCH_MAX_TIMESTAMP_AT = 35
export const BATCH_PRODUCER_ID_AT = 43
export const BATCH_PRODUCER_EPOCH_AT = 51
export const BATCH_BASE_SEQUENCE_AT = 53
export const BATCH_RECORD_COUNT_AT = 57
export const BATCH_RECORDS_AT = 61
export const BATCH_HEADER_SIZE_BYTES = 61

/** Bytes before the part that BATCH_SIZE_AT counts: base offset and the size itself. */
export const BATCH_PREFIX_SIZE_BYTES = 12

/** Formats 0 and 1 share the first 17 bytes with format 2: offset, size, crc, magic. */
export const LEGACY_CRC_AT = 12
export const LEGACY_ATTRIBUTES_AT = 17
export const LEGACY_V0_OVERHEAD_BYTES = 14
export const LEGACY_V1_OVERHEAD_BYTES = 22

// Attribute bits of a batch.
export const ATTRIBUTE_CODEC_MASK = 0x07
export const ATTRIBUTE_LOG_APPEND_TIME = 0x08
export const ATTRIBUTE_TRANSACTIONAL = 0x10
export const ATTRIBUTE_CONTROL = 0x20
export const ATTRIBUTE_DELETE_HORIZON = 0x40

// Codecs, as in the low three attribute bits.
export const CODEC_NONE = 0
export const CODEC_GZIP = 1
export const CODEC_SNAPPY = 2
export const CODEC_LZ4 = 3
export const CODEC_ZSTD = 4

/** `BATCH_PRODUCER_ID_AT` of a batch that no idempotent producer wrote. */
export const NO_PRODUCER_ID = -1
export const NO_PRODUCER_EPOCH = -1
export const NO_SEQUENCE = -1
export const NO_TIMESTAMP = -1
