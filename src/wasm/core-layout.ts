// What both sides of the core's calls know: where its tables, its scratch space and its answers lie.
// This file is read by TypeScript and by AssemblyScript: plain integer constants only.
//
// Core area (one per memory, written once):        Scratch area (one per thread):
//
//   0      64K      80K     96K     104K              0         4K                       1M
//   +------+--------+-------+-------+---- ... 1M      +---------+------------------------+
//   | asc  | crc32c | crc32 | crc32c| free            | summary | work: folding of crc,  |
//   | own  | tables | tables| shifts|                 |         | hash tables of codecs  |
//   +------+--------+-------+-------+---- ...         +---------+------------------------+

/** Sixteen tables of 256 words each. */
export const CRC32C_TABLES_AT = 65536
export const CRC32_TABLES_AT = 81920
/** Four tables of 256 words each: they move a register over that many bytes. */
export const SHIFT_128_AT = 98304
export const SHIFT_512_AT = 102400
export const CORE_TABLES_END = 106496

// Answers too large for one number: 64-bit floats from the start of scratch, in this order.
export const SUMMARY_BASE_OFFSET = 0
export const SUMMARY_SIZE_BYTES = 1
export const SUMMARY_LEADER_EPOCH = 2
export const SUMMARY_MAGIC = 3
export const SUMMARY_ATTRIBUTES = 4
export const SUMMARY_LAST_OFFSET_DELTA = 5
export const SUMMARY_BASE_TIMESTAMP = 6
export const SUMMARY_MAX_TIMESTAMP = 7
export const SUMMARY_PRODUCER_ID = 8
export const SUMMARY_PRODUCER_EPOCH = 9
export const SUMMARY_BASE_SEQUENCE = 10
export const SUMMARY_RECORD_COUNT = 11
export const SUMMARY_FOUND_OFFSET = 12
export const SUMMARY_FOUND_TIMESTAMP = 13
export const SUMMARY_FIELD_COUNT = 14

/** Where in scratch the core may work. */
export const SCRATCH_WORK_AT = 4096

// Verdicts, the numbers of BatchVerdict in contract.ts (a test compares them).
export const VERDICT_OK = 0
export const VERDICT_TRUNCATED = 1
export const VERDICT_BAD_SIZE = 2
export const VERDICT_UNKNOWN_MAGIC = 3
export const VERDICT_CHECKSUM_MISMATCH = 4
export const VERDICT_MALFORMED_RECORDS = 5
export const VERDICT_UNKNOWN_CODEC = 6
export const VERDICT_LEGACY = 7
export const VERDICT_KEY_MISSING = 8

// Rules, the numbers of RULE_… in contract.ts.
export const WALK_RECORDS = 1
export const KEYS_REQUIRED = 2
export const TRUSTED = 4

// Answers of the codecs where a size would be.
export const CODEC_DAMAGED = -1
export const CODEC_TOO_LARGE = -2
/** Bytes behind every buffer of a codec that it may read and overwrite: it copies in strides. */
export const CODEC_SLACK_BYTES = 64
