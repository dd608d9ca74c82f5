import { CRC32C_START, crc32cContinue } from '../../src/log/crc32c.ts'
import type { RecordCodec, RecordDraft } from '../../src/wasm/contract.ts'

/** One batch that no honest producer sends, and what Apache Kafka 4.3.1 answers to it in a Produce request of version 9. */
export interface BadBatch {
  readonly name: string
  readonly bytes: Uint8Array
  /** Kafka's error code; 0 where Kafka takes it. */
  readonly kafka: number
  /** What Jackdaw answers where it does not do as Kafka, with the reason beside the batch. */
  readonly jackdaw?: number
  readonly topic?: string
  readonly partition?: number
  readonly acks?: number
}

const UNKNOWN_SERVER_ERROR = -1
const CORRUPT_MESSAGE = 2
const UNKNOWN_TOPIC_OR_PARTITION = 3
const MESSAGE_TOO_LARGE = 10
const INVALID_REQUIRED_ACKS = 21
const INVALID_TIMESTAMP = 32
const UNSUPPORTED_COMPRESSION_TYPE = 76
const INVALID_RECORD = 87

const SIZE_AT = 8
const EPOCH_AT = 12
const MAGIC_AT = 16
const CRC_AT = 17
const ATTRIBUTES_AT = 21
const LAST_DELTA_AT = 23
const BASE_TIME_AT = 27
const MAX_TIME_AT = 35
const PRODUCER_AT = 43
const SEQUENCE_AT = 53
const COUNT_AT = 57
const RECORDS_AT = 61

type Change = (bytes: Buffer) => void

/**
 * Batches with one thing wrong each.
 *
 * @param nowMs what the broker's clock says, about
 */
export function badBatches(codec: RecordCodec, nowMs: number): readonly BadBatch[] {
  const options = {
    baseOffset: 0,
    codec: 0,
    level: -1,
    leaderEpoch: -1,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  }
  const records = (values: readonly string[], timestampMs = nowMs): RecordDraft[] =>
    values.map((value) => ({ timestampMs, key: null, value: new TextEncoder().encode(value) }))
  const good = (): Buffer => Buffer.from(codec.encodeBatch(records(['first', 'second', 'third']), options))
  /** Damage as a wire or disk does it: the checksum stays what it was. */
  const torn = (change: Change): Buffer => {
    const bytes = good()
    change(bytes)
    return bytes
  }
  /** Damage as a wrong program does it: the checksum fits. */
  const forged = (change: Change, from: Buffer = good()): Buffer => {
    change(from)
    from.writeUInt32BE(crc32cContinue(CRC32C_START, from, ATTRIBUTES_AT, from.length), CRC_AT)
    return from
  }
  const flip =
    (at: number, mask = 1): Change =>
    (bytes) =>
      bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at)
  const packed = (codecId: number): Buffer =>
    Buffer.from(codec.encodeBatch(records(['first', 'second', 'x'.repeat(300)]), { ...options, codec: codecId }))
  return [
    ...[
      ['checksum', CRC_AT],
      ['attributes', ATTRIBUTES_AT],
      ['codec', ATTRIBUTES_AT + 1],
      ['last offset delta', LAST_DELTA_AT + 3],
      ['base timestamp', BASE_TIME_AT + 7],
      ['max timestamp', MAX_TIME_AT + 7],
      ['producer id', PRODUCER_AT],
      ['base sequence', SEQUENCE_AT],
      ['record count', COUNT_AT + 3],
      ['first record', RECORDS_AT],
      ['last byte', good().length - 1],
    ].map(([name, at]) => ({
      name: `a flipped bit in the ${name}`,
      bytes: torn(flip(Number(at))),
      kafka: CORRUPT_MESSAGE,
    })),
    { name: 'a flipped bit in the leader epoch, which is not checksummed', bytes: torn(flip(EPOCH_AT)), kafka: 0 },
    { name: 'magic 3', bytes: torn((bytes) => bytes.writeUInt8(3, MAGIC_AT)), kafka: CORRUPT_MESSAGE },
    { name: 'magic 1', bytes: torn((bytes) => bytes.writeUInt8(1, MAGIC_AT)), kafka: INVALID_RECORD },
    { name: 'magic -1', bytes: torn((bytes) => bytes.writeUInt8(255, MAGIC_AT)), kafka: CORRUPT_MESSAGE },
    {
      name: 'a size larger than what came',
      bytes: torn((bytes) => bytes.writeInt32BE(bytes.length, SIZE_AT)),
      kafka: INVALID_RECORD,
    },
    { name: 'a size of 0', bytes: torn((bytes) => bytes.writeInt32BE(0, SIZE_AT)), kafka: CORRUPT_MESSAGE },
    { name: 'a negative size', bytes: torn((bytes) => bytes.writeInt32BE(-5, SIZE_AT)), kafka: CORRUPT_MESSAGE },
    {
      name: 'a size one byte short',
      bytes: torn((bytes) => bytes.writeInt32BE(bytes.length - 13, SIZE_AT)),
      kafka: CORRUPT_MESSAGE,
    },
    { name: 'half a batch', bytes: good().subarray(0, 40), kafka: INVALID_RECORD },
    { name: 'no bytes', bytes: Buffer.alloc(0), kafka: INVALID_RECORD },
    { name: 'two batches', bytes: Buffer.concat([good(), good()]), kafka: INVALID_RECORD },
    {
      name: 'a record count one too high',
      bytes: forged((bytes) => bytes.writeInt32BE(4, COUNT_AT)),
      kafka: INVALID_RECORD,
    },
    {
      name: 'a record count one too low',
      bytes: forged((bytes) => bytes.writeInt32BE(2, COUNT_AT)),
      kafka: INVALID_RECORD,
    },
    {
      name: 'a negative record count',
      bytes: forged((bytes) => bytes.writeInt32BE(-3, COUNT_AT)),
      kafka: INVALID_RECORD,
    },
    { name: 'a record count of 0', bytes: forged((bytes) => bytes.writeInt32BE(0, COUNT_AT)), kafka: INVALID_RECORD },
    {
      name: 'a last offset delta that does not fit the count',
      bytes: forged((bytes) => bytes.writeInt32BE(7, LAST_DELTA_AT)),
      kafka: INVALID_RECORD,
    },
    {
      name: 'a base offset that is not 0',
      bytes: torn((bytes) => bytes.writeBigInt64BE(17n, 0)),
      kafka: INVALID_RECORD,
    },
    {
      name: 'a record longer than the batch',
      bytes: forged((bytes) => bytes.writeUInt8(0x7e, RECORDS_AT)),
      kafka: INVALID_RECORD,
    },
    {
      name: 'a record of negative length',
      bytes: forged((bytes) => bytes.writeUInt8(0x01, RECORDS_AT)),
      kafka: INVALID_RECORD,
    },
    // Kafka stumbles over its own exception; ours names the cause.
    {
      name: 'an unknown codec',
      bytes: forged((bytes) => bytes.writeInt16BE(6, ATTRIBUTES_AT)),
      kafka: UNKNOWN_SERVER_ERROR,
      jackdaw: UNSUPPORTED_COMPRESSION_TYPE,
    },
    {
      name: 'a control batch',
      bytes: forged((bytes) => bytes.writeInt16BE(0x20, ATTRIBUTES_AT)),
      kafka: INVALID_RECORD,
    },
    {
      name: 'a timestamp far in the future',
      bytes: Buffer.from(codec.encodeBatch(records(['a'], nowMs + 7_200_000), options)),
      kafka: INVALID_TIMESTAMP,
    },
    {
      name: 'a sequence without a producer',
      bytes: Buffer.from(codec.encodeBatch(records(['a']), { ...options, baseSequence: 5 })),
      kafka: 0,
    },
    {
      name: 'a batch larger than max.message.bytes',
      bytes: Buffer.from(codec.encodeBatch(records(['z'.repeat(1_100_000)]), options)),
      kafka: MESSAGE_TOO_LARGE,
    },
    // Jackdaw stores packed batches unopened unless the topic compacts: what a producer packs badly and checksums well
    // reaches the consumer.
    {
      name: 'gzip around a torn stream',
      bytes: forged((bytes) => bytes.fill(0x55, RECORDS_AT + 12), packed(1)),
      kafka: INVALID_RECORD,
      jackdaw: 0,
    },
    {
      name: 'lz4 around a torn stream',
      bytes: forged((bytes) => bytes.fill(0x55, RECORDS_AT + 12), packed(3)),
      kafka: UNKNOWN_SERVER_ERROR,
      jackdaw: 0,
    },
    {
      name: 'zstd around a torn stream',
      bytes: forged((bytes) => bytes.fill(0x55, RECORDS_AT + 12), packed(4)),
      kafka: UNKNOWN_SERVER_ERROR,
      jackdaw: 0,
    },
    {
      name: 'a packed batch with a wrong record count',
      bytes: forged((bytes) => bytes.writeInt32BE(9, COUNT_AT), packed(1)),
      kafka: INVALID_RECORD,
    },
    { name: 'an unknown topic', topic: 'no-such-topic', bytes: good(), kafka: UNKNOWN_TOPIC_OR_PARTITION },
    { name: 'an unknown partition', partition: 99, bytes: good(), kafka: UNKNOWN_TOPIC_OR_PARTITION },
    { name: 'a negative partition', partition: -1, bytes: good(), kafka: UNKNOWN_TOPIC_OR_PARTITION },
    { name: 'a topic name that cannot be', topic: 'a/b', bytes: good(), kafka: UNKNOWN_TOPIC_OR_PARTITION },
    { name: 'a topic name of no letters', topic: '', bytes: good(), kafka: UNKNOWN_TOPIC_OR_PARTITION },
    { name: 'acks of 2', acks: 2, bytes: good(), kafka: INVALID_REQUIRED_ACKS },
  ]
}
