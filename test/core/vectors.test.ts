import { describe, expect, test } from 'vitest'
import {
  BatchVerdict,
  type RecordDraft,
  RULE_KEYS_REQUIRED,
  RULE_NONE,
  RULE_TRUSTED,
  RULE_WALK_RECORDS,
} from '../../src/wasm/contract.ts'
import * as layout from '../../src/wasm/core-layout.ts'
import { CORE_SIZE_BYTES } from '../../src/wasm/memory-map.ts'
import {
  asVector,
  BUILDS,
  type BatchVector,
  CODECS,
  type CorruptVector,
  codecOf,
  coreOf,
  draftsOf,
  FORMAT_2_VECTORS,
  type FrameVector,
  fromHex,
  INPUT_AT,
  optionsOf,
  plainVector,
  readVectors,
  type VectorBatch,
} from './support.ts'
import { twinRecords } from './twin.ts'

/** Its offsets lie beyond 2^53: outside what Jackdaw takes, whatever Java can count. */
const BEYOND_NUMBERS = 'big-base-offset'

/** Readers of a log-append-time batch do not see the records' own times: a plain one still holds them. */
function timedDrafts(batch: VectorBatch, vector: BatchVector): RecordDraft[] {
  const drafts = draftsOf(batch)
  if (batch.timestampType !== 'LogAppendTime' || batch.codec !== 'none') return drafts
  const records = twinRecords(fromHex(vector.hex), batch.count) ?? []
  return drafts.map((draft, index) => ({
    ...draft,
    timestampMs: batch.baseTimestamp + Number(records[index]?.timestampDelta),
  }))
}

describe.each(BUILDS)('the %s build', (build) => {
  const core = coreOf(build)
  const codec = codecOf(build)

  describe.each(FORMAT_2_VECTORS)('format 2, %s', (name) => {
    const vectors = readVectors<BatchVector[]>(`v2-${name}`)

    test.each(vectors)('$name: every header is read as Kafka reads it', (vector) => {
      const bytes = fromHex(vector.hex)
      core.bytes.set(bytes, INPUT_AT)
      let at = 0
      for (const batch of vector.batches) {
        const verdict = core.judgeBatch(INPUT_AT + at, bytes.length - at, RULE_NONE)
        if (vector.name === BEYOND_NUMBERS) {
          expect(verdict).toBe(BatchVerdict.malformedRecords)
          return
        }
        expect(verdict).toBe(BatchVerdict.ok)
        expect(core.summary).toMatchObject({
          baseOffset: batch.baseOffset,
          sizeBytes: batch.sizeInBytes,
          leaderEpoch: batch.partitionLeaderEpoch,
          magic: 2,
          attributes: batch.attributes,
          lastOffsetDelta: batch.lastOffsetDelta,
          baseTimestampMs: batch.baseTimestamp,
          maxTimestampMs: batch.maxTimestamp,
          producerId: batch.producerId,
          producerEpoch: batch.producerEpoch,
          baseSequence: batch.baseSequence,
          recordCount: batch.count,
        })
        at += batch.sizeInBytes
      }
      expect(at).toBe(bytes.length)
    })

    test.each(vectors)('$name: every record is read as Kafka reads it', (vector) => {
      const read: object[] = []
      const verdict = codec.decodeBatches(fromHex(vector.hex), (record) => read.push(asVector(record)), true)
      if (vector.name === BEYOND_NUMBERS) {
        expect([verdict, read]).toEqual([BatchVerdict.malformedRecords, []])
        return
      }
      expect(verdict).toBe(BatchVerdict.ok)
      expect(read).toEqual(vector.batches.flatMap((batch) => batch.records.map(plainVector)))
    })

    test.each(vectors)('$name: what we write is what Kafka wrote, or reads as the same', (vector) => {
      if (vector.name === BEYOND_NUMBERS) return
      const written = vector.batches.map((batch) => codec.encodeBatch(timedDrafts(batch, vector), optionsOf(batch)))
      if (vector.sameBytes) expect(Buffer.concat(written).toString('hex')).toBe(vector.hex)
      const read: object[] = []
      expect(codec.decodeBatches(Buffer.concat(written), (record) => read.push(asVector(record)), true)).toBe(0)
      expect(read).toEqual(vector.batches.flatMap((batch) => batch.records.map(plainVector)))
    })
  })

  describe.each([0, 1])('format %d', (magic) => {
    test.each(readVectors<BatchVector[]>(`legacy-magic${magic}`))('$name is read as Kafka reads it', (vector) => {
      const bytes = fromHex(vector.hex)
      const read: object[] = []
      const ranges = new Set<string>()
      const verdict = codec.decodeBatches(bytes, (record, batch) => {
        read.push(asVector(record))
        ranges.add(`${batch.baseOffset}-${batch.baseOffset + batch.lastOffsetDelta}`)
      })
      expect(verdict).toBe(BatchVerdict.ok)
      const expected = vector.batches.flatMap((batch) => batch.records)
      expect(read).toEqual(expected.map(plainVector))
      expect([...ranges]).toEqual(vector.batches.map((batch) => `${batch.baseOffset}-${batch.lastOffset}`))
      core.bytes.set(bytes, INPUT_AT)
      expect(core.judgeBatch(INPUT_AT, bytes.length, RULE_NONE)).toBe(BatchVerdict.legacy)
      expect(core.summary.magic).toBe(magic)
    })

    test.each(readVectors<CorruptVector[]>(`legacy-corrupt-magic${magic}`))(
      '$name fails where it does in Kafka',
      (vector) => {
        failsAtTheSamePlace(vector)
      },
    )
  })

  test.each(readVectors<CorruptVector[]>('corrupt'))('$name fails where it does in Kafka', (vector) => {
    failsAtTheSamePlace(vector)
  })

  const PLACES: Record<CorruptVector['failsAt'], readonly number[]> = {
    none: [BatchVerdict.ok],
    batches: [BatchVerdict.badSize, BatchVerdict.unknownMagic],
    ensureValid: [BatchVerdict.checksumMismatch],
    iterate: [BatchVerdict.malformedRecords, BatchVerdict.unknownCodec],
  }

  function failsAtTheSamePlace(vector: CorruptVector): void {
    let seen = 0
    const verdict = codec.decodeBatches(fromHex(vector.hex), () => {
      seen += 1
    })
    expect(PLACES[vector.failsAt]).toContain(verdict)
    expect(seen).toBe(vector.recordsSeen)
  }

  describe.each(CODECS.slice(1))('frames of %s', (name) => {
    test.each(readVectors<FrameVector[]>(`frame-${name}`))('$name (format $magic) unpacks to its payload', (vector) => {
      // Only format 0 hashes the magic bytes of lz4 too; the codec by itself reads formats 1 and 2.
      if (vector.magic === 0) return
      const unpacked = codec.decompress(CODECS.indexOf(name), fromHex(vector.hex), vector.length)
      expect(unpacked?.length).toBe(vector.length)
      core.bytes.set(unpacked ?? [], INPUT_AT)
      expect(core.crc32c(INPUT_AT, vector.length)).toBe(vector.crc32c)
      if (vector.payload !== undefined) expect(Buffer.from(unpacked ?? []).toString('hex')).toBe(vector.payload)
      if (vector.length > 0) {
        expect(codec.decompress(CODECS.indexOf(name), fromHex(vector.hex), vector.length - 1)).toBeUndefined()
      }
    })
  })
})

test('verdicts and rules have the same numbers on both sides', () => {
  expect(BatchVerdict).toEqual({
    ok: layout.VERDICT_OK,
    truncated: layout.VERDICT_TRUNCATED,
    badSize: layout.VERDICT_BAD_SIZE,
    unknownMagic: layout.VERDICT_UNKNOWN_MAGIC,
    checksumMismatch: layout.VERDICT_CHECKSUM_MISMATCH,
    malformedRecords: layout.VERDICT_MALFORMED_RECORDS,
    unknownCodec: layout.VERDICT_UNKNOWN_CODEC,
    legacy: layout.VERDICT_LEGACY,
    keyMissing: layout.VERDICT_KEY_MISSING,
  })
  expect([RULE_WALK_RECORDS, RULE_KEYS_REQUIRED, RULE_TRUSTED]).toEqual([
    layout.WALK_RECORDS,
    layout.KEYS_REQUIRED,
    layout.TRUSTED,
  ])
})

test("the core's tables end within its own area", () => {
  expect(layout.CORE_TABLES_END).toBeLessThanOrEqual(CORE_SIZE_BYTES)
})
