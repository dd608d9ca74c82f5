/**
 * What the record core offers to the rest. An address (`…At`) is a byte position in the one shared memory; it comes
 * from the memory map, from an arena region or from an earlier answer of the core, never from a peer.
 *
 * Hostile bytes get a verdict; an address outside the memory is our bug and traps. One core per thread, not reentrant.
 * Results larger than a number are left in `summary`, overwritten by the next call.
 */

/** What is wrong with a batch, if anything. Numbers are shared with `assembly/`. */
export const BatchVerdict = {
  ok: 0,
  /** Fewer bytes than the header, or than the batch's own size says. */
  truncated: 1,
  /** The size field is smaller than a header or larger than the bytes given. */
  badSize: 2,
  unknownMagic: 3,
  checksumMismatch: 4,
  /** Record count, offset deltas, lengths or varints inside do not agree with each other or with the header. */
  malformedRecords: 5,
  unknownCodec: 6,
  /** Format 0 or 1: not a format-2 batch, but a well-formed message. */
  legacy: 7,
  /** A record without a key (only asked for with `RULE_KEYS_REQUIRED`). */
  keyMissing: 8,
} as const
export type BatchVerdict = (typeof BatchVerdict)[keyof typeof BatchVerdict]

/** Rules for `judgeBatch`, added up. */
export const RULE_NONE = 0
/** Walk the records of an uncompressed batch: lengths, deltas 0,1,2…, count. */
export const RULE_WALK_RECORDS = 1
/** Every record of an uncompressed batch must have a key. Implies the walk. */
export const RULE_KEYS_REQUIRED = 2
/** Skip the checksum (bytes we wrote ourselves and that never left memory). */
export const RULE_TRUSTED = 4

/** The header of the batch that was judged or read last. Plain fields, refilled in place: copy what must last. */
export interface BatchSummary {
  baseOffset: number
  /** Whole size including the 12-byte prefix. */
  sizeBytes: number
  leaderEpoch: number
  magic: number
  attributes: number
  lastOffsetDelta: number
  baseTimestampMs: number
  maxTimestampMs: number
  producerId: number
  producerEpoch: number
  baseSequence: number
  recordCount: number
  /** For `findTimestamp`: offset and timestamp of the record found. */
  foundOffset: number
  foundTimestampMs: number
}

export interface RecordCore {
  /** The whole shared memory. Never detaches: the memory has a fixed size. */
  readonly bytes: Uint8Array
  readonly summary: BatchSummary

  /** CRC-32C of `sizeBytes` bytes at `at`. */
  crc32c(at: number, sizeBytes: number): number

  /** Reads a batch header into `summary` without judging it. `availableBytes` bounds the look. */
  readHeader(at: number, availableBytes: number): BatchVerdict

  /** Judges the first batch at `at` by `rules` and fills `summary`. Copies nothing. */
  judgeBatch(at: number, availableBytes: number, rules: number): BatchVerdict

  /** Writes base offset and leader epoch into a judged batch. Both lie before the checksummed part. */
  stampOffsets(at: number, baseOffset: number, leaderEpoch: number): void

  /** Makes a batch log-append-time: flag, max timestamp, new checksum. */
  stampAppendTime(at: number, sizeBytes: number, timestampMs: number): void

  /** Bytes of whole batches among the first `sizeBytes` at `at`, by size fields alone, stopping at the first partial one. */
  wholeBatchesSize(at: number, sizeBytes: number): number

  /**
   * Position (relative to `at`) of the batch that holds `offset` or the next one after it; -1 when none begins among
   * the bytes given. Looks at headers only. `summary` holds that batch's header.
   */
  findOffset(at: number, sizeBytes: number, offset: number): number

  /**
   * First record with a timestamp at or after `timestampMs` in the single *uncompressed* batch at `at`, into
   * `summary.foundOffset` and `foundTimestampMs`.
   * @returns false when the batch has none
   */
  findTimestamp(at: number, sizeBytes: number, timestampMs: number): boolean
}

/** One record as people see it. Used by the client, the coordinators and the tools, never on the broker's data path. */
export interface RecordView {
  offset: number
  timestampMs: number
  key: Uint8Array | null
  value: Uint8Array | null
  headers: readonly RecordHeader[]
}

export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

export interface RecordDraft {
  readonly timestampMs: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
  /** Distance from the batch's base offset; its place in the list when left out. Only a rewrite leaves holes. */
  readonly offsetDelta?: number
}

export interface BatchOptions {
  readonly baseOffset: number
  readonly codec: number
  readonly level: number
  readonly leaderEpoch: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly isLogAppendTime: boolean
  /** The append time of a log-append-time batch; the newest record's time when left out. */
  readonly appendTimeMs?: number
  /** What a rewrite of an existing batch (compaction) has to keep. */
  readonly rewrite?: BatchRewrite
}

/** Header fields that stay although records are gone. With them a batch may be empty. */
export interface BatchRewrite {
  readonly lastOffsetDelta: number
  /** -1 for an empty batch; the delete horizon where there is one. */
  readonly baseTimestampMs: number
  readonly maxTimestampMs: number
  readonly hasDeleteHorizon: boolean
}

/**
 * Builds and reads batches on ordinary byte arrays (copies in and out of the core's scratch space as needed). Reads all
 * formats and codecs that Kafka's clients write.
 */
export interface RecordCodec {
  /** One format-2 batch holding `records`, at least one (none only with `options.rewrite`). */
  encodeBatch(records: readonly RecordDraft[], options: BatchOptions): Uint8Array
  /**
   * Every record of the batches in `bytes`, oldest first, control batches skipped unless asked for. A partial last
   * batch is ignored. Keys and values are windows of `bytes` or of one copy a batch, never of shared memory.
   * @returns a verdict; on anything but ok nothing after the damage was visited
   */
  decodeBatches(
    bytes: Uint8Array,
    visit: (record: RecordView, batch: BatchSummary) => void,
    withControl?: boolean,
  ): BatchVerdict
  compress(codec: number, bytes: Uint8Array, level: number): Uint8Array
  /** @returns undefined when damaged or larger than `sizeBytesMax` */
  decompress(codec: number, bytes: Uint8Array, sizeBytesMax: number): Uint8Array | undefined
}

/** Conversion for clients from before format 2: Fetch below version 4, Produce below version 3. Off the fast path. */
export interface MessageSetCodec {
  /**
   * A message set of an older format with the records of `bytes`. Batches that are old enough stay as they are; control
   * batches and headers have no place in it and are left out.
   *
   * @param bytes whole batches; a partial last one is ignored
   * @param magic 1 for Fetch 2 and 3, 0 for Fetch 0 and 1
   * @param firstOffset records before it may be left out
   * @returns undefined when a batch is damaged, or packed with zstd, which those formats do not know
   */
  downConvert(bytes: Uint8Array, magic: 0 | 1, firstOffset: number): Uint8Array | undefined
  /**
   * One format-2 batch with the records of a message set, base offset 0, in the codec of its first message. Offsets are
   * given anew, without gaps.
   *
   * @returns undefined when a message is damaged, cut short or of format 2, or there is none
   */
  upConvert(bytes: Uint8Array, level: number): Uint8Array | undefined
}
