import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BatchVerdict,
  type RecordDraft,
  RULE_KEYS_REQUIRED,
  RULE_NONE,
  RULE_WALK_RECORDS,
} from '../../src/wasm/contract.ts'
import { RecordReader, utf8Size, varintSize, varlongSize, writeVarint, writeVarlong } from '../../src/wasm/varint.ts'
import {
  asVector,
  BUILDS,
  type BatchVector,
  codecOf,
  coreOf,
  fromHex,
  INPUT_AT,
  PLAIN_OPTIONS,
  readVectors,
} from './support.ts'

const START_MS = 1700000000000
const bytesOrNull = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null })
const anyRecord: fc.Arbitrary<RecordDraft> = fc.record({
  timestampMs: fc.oneof(fc.integer({ min: START_MS - 5000, max: START_MS + 5_000_000_000 }), fc.maxSafeNat()),
  key: bytesOrNull,
  value: bytesOrNull,
  headers: fc.array(fc.record({ key: fc.string({ unit: 'grapheme', maxLength: 8 }), value: bytesOrNull }), {
    maxLength: 3,
  }),
})

function plainRecords(count: number, startMs: number = START_MS): RecordDraft[] {
  return Array.from({ length: count }, (_, index) => ({
    timestampMs: startMs + index * 10,
    key: new TextEncoder().encode(`key-${index}`),
    value: new TextEncoder().encode(`value-${index}`),
  }))
}

describe.each(BUILDS)('the %s build', (build) => {
  const core = coreOf(build)
  const codec = codecOf(build)

  test('any records come back from a batch in any codec, and the core finds no fault with it', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), fc.nat(4), (records, id) => {
        const batch = codec.encodeBatch(records, { ...PLAIN_OPTIONS, baseOffset: 77, codec: id })
        core.bytes.set(batch, INPUT_AT)
        expect(core.judgeBatch(INPUT_AT, batch.length, RULE_WALK_RECORDS)).toBe(BatchVerdict.ok)
        expect(core.summary).toMatchObject({ baseOffset: 77, recordCount: records.length, sizeBytes: batch.length })
        const read: object[] = []
        expect(codec.decodeBatches(batch, (record) => read.push(asVector(record)))).toBe(BatchVerdict.ok)
        const expected = records.map((record, index) =>
          asVector({ ...record, offset: 77 + index, headers: record.headers ?? [] }),
        )
        expect(read).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  test('stamping offsets changes only base offset and leader epoch, and keeps the checksum right', () => {
    const batch = codec.encodeBatch(plainRecords(3), PLAIN_OPTIONS)
    core.bytes.set(batch, INPUT_AT)
    core.stampOffsets(INPUT_AT, 2 ** 52 + 5, 9)
    expect(core.judgeBatch(INPUT_AT, batch.length, RULE_WALK_RECORDS)).toBe(BatchVerdict.ok)
    expect(core.summary).toMatchObject({ baseOffset: 2 ** 52 + 5, leaderEpoch: 9 })
    expect(Buffer.compare(core.bytes.subarray(INPUT_AT + 16, INPUT_AT + batch.length), batch.subarray(16))).toBe(0)
  })

  test('stamping the append time makes every record that old for readers', () => {
    for (const id of [0, 1, 2, 3, 4]) {
      const batch = codec.encodeBatch(plainRecords(30), { ...PLAIN_OPTIONS, codec: id })
      core.bytes.set(batch, INPUT_AT)
      core.stampAppendTime(INPUT_AT, batch.length, START_MS + 777)
      const times = new Set<number>()
      const stamped = core.bytes.slice(INPUT_AT, INPUT_AT + batch.length)
      expect(codec.decodeBatches(stamped, (record) => times.add(record.timestampMs))).toBe(BatchVerdict.ok)
      expect([...times]).toEqual([START_MS + 777])
    }
  })

  test('an append time given when encoding is the batch time', () => {
    const options = { ...PLAIN_OPTIONS, isLogAppendTime: true, appendTimeMs: START_MS + 99 }
    const batch = codec.encodeBatch(plainRecords(2), options)
    core.bytes.set(batch, INPUT_AT)
    expect(core.judgeBatch(INPUT_AT, batch.length, RULE_NONE)).toBe(BatchVerdict.ok)
    expect(core.summary).toMatchObject({ attributes: 8, maxTimestampMs: START_MS + 99, baseTimestampMs: START_MS })
  })

  test('a batch keeps its ends when compaction leaves holes, or nothing', () => {
    const rewrite = {
      lastOffsetDelta: 9,
      baseTimestampMs: START_MS + 5,
      maxTimestampMs: START_MS + 90,
      hasDeleteHorizon: true,
    }
    const kept = plainRecords(10).map((record, offsetDelta) => ({ ...record, offsetDelta }))
    const batch = codec.encodeBatch(
      [kept[2], kept[7]].filter((record) => record !== undefined),
      { ...PLAIN_OPTIONS, baseOffset: 100, rewrite },
    )
    const read: [number, number][] = []
    expect(codec.decodeBatches(batch, (record) => read.push([record.offset, record.timestampMs]))).toBe(0)
    expect(read).toEqual([
      [102, START_MS + 20],
      [107, START_MS + 70],
    ])
    const empty = codec.encodeBatch([], { ...PLAIN_OPTIONS, codec: 4, baseOffset: 100, rewrite })
    core.bytes.set(empty, INPUT_AT)
    expect(core.judgeBatch(INPUT_AT, empty.length, RULE_NONE)).toBe(BatchVerdict.ok)
    expect(core.summary).toMatchObject({ lastOffsetDelta: 9, recordCount: 0, sizeBytes: 61, attributes: 0x44 })
    expect(codec.decodeBatches(empty, () => expect.unreachable('it is empty'))).toBe(BatchVerdict.ok)
  })

  test('the rules of a client: no holes, no wrong count, keys where asked', () => {
    const holes = { lastOffsetDelta: 4, baseTimestampMs: START_MS, maxTimestampMs: START_MS, hasDeleteHorizon: false }
    const judged = (batch: Uint8Array, rules: number): number => {
      core.bytes.set(batch, INPUT_AT)
      return core.judgeBatch(INPUT_AT, batch.length, rules)
    }
    for (const id of [0, 3]) {
      const compacted = codec.encodeBatch(plainRecords(2), { ...PLAIN_OPTIONS, codec: id, rewrite: holes })
      expect(judged(compacted, RULE_NONE)).toBe(BatchVerdict.ok)
      expect(judged(compacted, RULE_WALK_RECORDS)).toBe(BatchVerdict.malformedRecords)
    }
    const keyless = codec.encodeBatch([{ timestampMs: 1, key: null, value: null }], PLAIN_OPTIONS)
    expect(judged(keyless, RULE_WALK_RECORDS)).toBe(BatchVerdict.ok)
    expect(judged(keyless, RULE_KEYS_REQUIRED)).toBe(BatchVerdict.keyMissing)
    const emptyKey = codec.encodeBatch([{ timestampMs: 1, key: new Uint8Array(0), value: null }], PLAIN_OPTIONS)
    expect(judged(emptyKey, RULE_KEYS_REQUIRED)).toBe(BatchVerdict.ok)
  })

  test('control batches are visited only when asked for', () => {
    const marker = [{ timestampMs: 1, key: new Uint8Array(4), value: new Uint8Array(6) }]
    const bytes = Buffer.concat([
      codec.encodeBatch(marker, { ...PLAIN_OPTIONS, isControl: true, isTransactional: true }),
      codec.encodeBatch(plainRecords(1), { ...PLAIN_OPTIONS, baseOffset: 1 }),
    ])
    const offsets = (withControl: boolean): number[] => {
      const found: number[] = []
      expect(codec.decodeBatches(bytes, (record) => found.push(record.offset), withControl)).toBe(BatchVerdict.ok)
      return found
    }
    expect(offsets(false)).toEqual([1])
    expect(offsets(true)).toEqual([0, 1])
  })

  test('a visitor may use the codec while it is visited', () => {
    const bytes = Buffer.concat([0, 3].map((id) => codec.encodeBatch(plainRecords(3), { ...PLAIN_OPTIONS, codec: id })))
    let seen = 0
    const verdict = codec.decodeBatches(bytes, (record, batch) => {
      codec.decodeBatches(codec.encodeBatch(plainRecords(50), { ...PLAIN_OPTIONS, codec: 2 }), () => undefined)
      expect(new TextDecoder().decode(record.value ?? new Uint8Array(0))).toBe(`value-${record.offset}`)
      expect(batch.recordCount).toBe(3)
      seen += 1
    })
    expect([verdict, seen]).toEqual([BatchVerdict.ok, 6])
  })

  test('records of a batch in shared memory are copies that outlive it', () => {
    const batch = codec.encodeBatch(plainRecords(1), PLAIN_OPTIONS)
    core.bytes.set(batch, INPUT_AT)
    const values: Uint8Array[] = []
    codec.decodeBatches(core.bytes.subarray(INPUT_AT, INPUT_AT + batch.length), (record) => {
      values.push(record.value ?? new Uint8Array(0))
    })
    core.bytes.fill(0, INPUT_AT, INPUT_AT + batch.length)
    expect(values.map((value) => new TextDecoder().decode(value))).toEqual(['value-0'])
  })

  test('whole batches end at the first partial one', () => {
    const sizes = [1, 5, 2].map((count) => codec.encodeBatch(plainRecords(count), PLAIN_OPTIONS))
    const bytes = Buffer.concat(sizes)
    core.bytes.set(bytes, INPUT_AT)
    const ends = [0]
    for (const batch of sizes) ends.push((ends.at(-1) ?? 0) + batch.length)
    for (let size = 0; size <= bytes.length; size++) {
      const expected = ends.filter((end) => end <= size).at(-1)
      expect([size, core.wholeBatchesSize(INPUT_AT, size)]).toEqual([size, expected])
    }
  })

  test('an offset is found in the batch that holds it, or in the next after a gap', () => {
    const batches = [100, 110, 130].map((baseOffset) =>
      codec.encodeBatch(plainRecords(10), { ...PLAIN_OPTIONS, baseOffset }),
    )
    const bytes = Buffer.concat(batches)
    core.bytes.set(bytes, INPUT_AT)
    const size = batches[0]?.length ?? 0
    const find = (offset: number): number => core.findOffset(INPUT_AT, bytes.length, offset)
    expect([0, 100, 109, 110, 119, 120, 130, 139, 140].map(find)).toEqual([
      0,
      0,
      0,
      size,
      size,
      2 * size,
      2 * size,
      2 * size,
      -1,
    ])
    find(125)
    expect(core.summary.baseOffset).toBe(130)
    // Only the header of the last batch is there: it still begins among these bytes.
    expect(core.findOffset(INPUT_AT, 2 * size + 61, 135)).toBe(2 * size)
    expect(core.findOffset(INPUT_AT, 2 * size + 60, 135)).toBe(-1)
  })

  test('offsets are found among messages of formats 0 and 1 as well', () => {
    for (const magic of [0, 1]) {
      const vectors = readVectors<BatchVector[]>(`legacy-magic${magic}`)
      const bytes = fromHex(vectors.find((vector) => vector.name === 'four')?.hex ?? '')
      core.bytes.set(bytes, INPUT_AT)
      let at = 0
      for (const offset of [30, 31, 32, 33]) {
        expect(core.findOffset(INPUT_AT, bytes.length, offset)).toBe(at)
        at += core.summary.sizeBytes
      }
      expect(core.findOffset(INPUT_AT, bytes.length, 34)).toBe(-1)
    }
  })

  test('a timestamp is found at its first record, whatever the order of times', () => {
    const times = [50, 20, 80, 10, 90]
    const records = times.map((time) => ({ timestampMs: START_MS + time, key: null, value: null }))
    const batch = codec.encodeBatch(records, { ...PLAIN_OPTIONS, baseOffset: 500 })
    core.bytes.set(batch, INPUT_AT)
    const find = (time: number): number[] | undefined =>
      core.findTimestamp(INPUT_AT, batch.length, START_MS + time)
        ? [core.summary.foundOffset, core.summary.foundTimestampMs - START_MS]
        : undefined
    expect([0, 50, 51, 80, 81, 90, 91].map(find)).toEqual([
      [500, 50],
      [500, 50],
      [502, 80],
      [502, 80],
      [504, 90],
      [504, 90],
      undefined,
    ])
    core.stampAppendTime(INPUT_AT, batch.length, START_MS + 1000)
    expect([500, 1000, 1001].map(find)).toEqual([[500, 1000], [500, 1000], undefined])
    const packed = codec.encodeBatch(records, { ...PLAIN_OPTIONS, codec: 1 })
    core.bytes.set(packed, INPUT_AT)
    expect(core.findTimestamp(INPUT_AT, packed.length, 0)).toBe(false)
  })
})

test('varints take the bytes they are measured at and read as they were written', () => {
  const edges = [
    0,
    1,
    -1,
    63,
    64,
    -64,
    -65,
    8191,
    8192,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    2 ** 34,
    -(2 ** 40),
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ]
  const bytes = new Uint8Array(16)
  const reader = new RecordReader()
  const check = (value: number): void => {
    const end = writeVarlong(bytes, 0, value)
    expect([value, varlongSize(value)]).toEqual([value, end])
    reader.reset(bytes, 0, end)
    expect([reader.varlong(), reader.ok, reader.at]).toEqual([value, true, end])
    reader.reset(bytes, 0, end - 1)
    reader.varlong()
    expect(reader.ok).toBe(false)
    if (value !== (value | 0)) return
    expect([varintSize(value), writeVarint(bytes, 0, value)]).toEqual([end, end])
    reader.reset(bytes, 0, end)
    expect(reader.varint()).toBe(value)
  }
  edges.forEach(check)
  fc.assert(fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer()), check))
})

test('the size of text is that of its UTF-8, lone surrogates included', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\ud83d', '\ude00') })
  fc.assert(fc.property(anyText, (text) => utf8Size(text) === new TextEncoder().encode(text).length))
})
