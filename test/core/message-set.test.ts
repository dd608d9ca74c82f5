import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreBuild } from '../../src/io/node/core-module.ts'
import { BatchVerdict, RULE_NONE, RULE_WALK_RECORDS } from '../../src/wasm/contract.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import {
  asVector,
  type BatchVector,
  coreOf,
  fromHex,
  INPUT_AT,
  PLAIN_OPTIONS,
  plainVector,
  readVectors,
} from './support.ts'

const codec = createRecordCodec(loadCoreBuild('simd'), nodeCompression)
const core = coreOf('simd')

function legacy(magic: number, name: string): BatchVector {
  const vector = readVectors<BatchVector[]>(`legacy-magic${magic}`).find((one) => one.name === name)
  if (vector === undefined) throw new Error(`no vector ${name}`)
  return vector
}

/** Offset, time, key and value of all records, as a reader finds them. */
function read(bytes: Uint8Array): object[] {
  const records: object[] = []
  expect(codec.decodeBatches(bytes, (record) => records.push(asVector(record)))).toBe(BatchVerdict.ok)
  return records
}

describe.each([0, 1] as const)('for clients of format %d', (magic) => {
  test('plain records become the very bytes that Kafka writes', () => {
    for (const name of ['one', 'four']) {
      const vector = legacy(magic, name)
      const records = vector.batches.flatMap((batch) => batch.records)
      const first = Number(records[0]?.offset)
      const batch = codec.encodeBatch(
        records.map((record) => ({
          timestampMs: record.timestamp,
          key: record.key === null ? null : fromHex(record.key),
          value: record.value === null ? null : fromHex(record.value),
        })),
        { ...PLAIN_OPTIONS, baseOffset: first },
      )
      expect(Buffer.from(codec.downConvert(batch, magic, 0) ?? []).toString('hex')).toBe(vector.hex)
    }
  })

  test.each(['plain', 'gzip', 'snappy', 'lz4'])(
    '%s batches keep offsets, keys and values, and times where there are any',
    (name) => {
      for (const vector of readVectors<BatchVector[]>(`v2-${name}`)) {
        if (vector.name === 'big-base-offset') continue
        const set = codec.downConvert(fromHex(vector.hex), magic, 0)
        const expected = vector.batches
          .flatMap((batch) => batch.records.map(plainVector))
          .map((record) => ({ ...record, headers: [], timestamp: magic === 0 ? -1 : record.timestamp }))
        expect(read(set ?? new Uint8Array(1))).toEqual(expected)
        if (set === undefined || set.length === 0) continue
        core.bytes.set(set, INPUT_AT)
        expect(core.judgeBatch(INPUT_AT, set.length, RULE_NONE)).toBe(BatchVerdict.legacy)
        expect(core.summary.magic).toBe(magic)
      }
    },
  )

  test('control batches are left out, zstd is refused, old sets stay as they are', () => {
    for (const vector of readVectors<BatchVector[]>('v2-control')) {
      expect(codec.downConvert(fromHex(vector.hex), magic, 0)).toEqual(new Uint8Array(0))
    }
    const zstd = readVectors<BatchVector[]>('v2-zstd')[0]
    expect(codec.downConvert(fromHex(zstd?.hex ?? ''), magic, 0)).toBeUndefined()
    const old = fromHex(legacy(0, 'two-sets').hex)
    expect(Buffer.compare(codec.downConvert(old, magic, 0) ?? new Uint8Array(0), old)).toBe(0)
  })

  test('a message set of a producer becomes one batch that the core takes', () => {
    for (const vector of readVectors<BatchVector[]>(`legacy-magic${magic}`)) {
      const batch = codec.upConvert(fromHex(vector.hex), -1)
      if (batch === undefined) throw new Error(`${vector.name} is not converted`)
      core.bytes.set(batch, INPUT_AT)
      expect(core.judgeBatch(INPUT_AT, batch.length, RULE_WALK_RECORDS)).toBe(BatchVerdict.ok)
      const expected = vector.batches.flatMap((one) => one.records.map(plainVector))
      expect(read(batch)).toEqual(expected.map((record, offset) => ({ ...record, offset, headers: [] })))
    }
  })
})

test('records before the first wanted offset are left out of plain batches', () => {
  const records = [1, 2, 3, 4].map((value) => ({ timestampMs: value, key: null, value: new Uint8Array([value]) }))
  const batch = codec.encodeBatch(records, { ...PLAIN_OPTIONS, baseOffset: 10 })
  expect(read(codec.downConvert(batch, 1, 12) ?? new Uint8Array(1))).toMatchObject([{ offset: 12 }, { offset: 13 }])
  expect(codec.downConvert(batch, 1, 99)).toEqual(new Uint8Array(0))
})

test('what is not a sound, whole, old message set is not converted', () => {
  const good = fromHex(legacy(1, 'four').hex)
  expect(codec.upConvert(new Uint8Array(0), 0)).toBeUndefined()
  expect(codec.upConvert(good.subarray(0, good.length - 1), 0)).toBeUndefined()
  expect(
    codec.upConvert(codec.encodeBatch([{ timestampMs: 1, key: null, value: null }], PLAIN_OPTIONS), 0),
  ).toBeUndefined()
  const damaged = good.slice()
  damaged[40] = (damaged[40] ?? 0) ^ 1
  expect(codec.upConvert(damaged, 0)).toBeUndefined()
})

test('any bytes are converted or refused, and never hold us up', () => {
  const good = codec.encodeBatch([{ timestampMs: 1, key: null, value: new Uint8Array(9) }], PLAIN_OPTIONS)
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (place, byte, twice) => {
      const changed = good.slice()
      changed[place] = byte
      codec.downConvert(twice ? Buffer.concat([good, changed]) : changed, 1, 0)
      codec.upConvert(changed, 0)
    }),
    { numRuns: 1000 },
  )
})
