import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BatchVerdict,
  type RecordDraft,
  RULE_KEYS_REQUIRED,
  RULE_NONE,
  RULE_TRUSTED,
  RULE_WALK_RECORDS,
} from '../../src/wasm/contract.ts'
import {
  atTheEnd,
  BUILDS,
  type BatchVector,
  type CorruptVector,
  codecOf,
  coreOf,
  FORMAT_2_VECTORS,
  fromHex,
  PLAIN_OPTIONS,
  readVectors,
} from './support.ts'
import { twinRecords } from './twin.ts'

const VERDICTS: readonly number[] = Object.values(BatchVerdict)

const RULES = [RULE_NONE, RULE_WALK_RECORDS, RULE_KEYS_REQUIRED | RULE_TRUSTED, RULE_WALK_RECORDS | RULE_TRUSTED]

function assertVerdict(verdict: number): void {
  if (!VERDICTS.includes(verdict)) throw new Error(`${verdict} is no verdict`)
}

/** Every vector that holds batches. */
function everyVector(): { name: string; bytes: Uint8Array }[] {
  const vectors: { name: string; bytes: Uint8Array }[] = []
  for (const name of FORMAT_2_VECTORS) {
    for (const vector of readVectors<BatchVector[]>(`v2-${name}`)) {
      vectors.push({ name: `${name} ${vector.name}`, bytes: fromHex(vector.hex) })
    }
  }
  for (const file of ['legacy-magic0', 'legacy-magic1', 'legacy-corrupt-magic0', 'legacy-corrupt-magic1', 'corrupt']) {
    for (const vector of readVectors<CorruptVector[]>(file)) {
      vectors.push({ name: `${file} ${vector.name}`, bytes: fromHex(vector.hex) })
    }
  }
  return vectors
}

/** Records without headers, with sizes, times and deltas of one, two and three bytes: what the quick walk is for. */
function longRun(count: number): RecordDraft[] {
  return Array.from({ length: count }, (_, index) => ({
    timestampMs: 1700000000000 + index * index,
    key: index % 7 === 0 ? null : new Uint8Array(index % 90),
    value: index % 11 === 0 ? null : new Uint8Array(index === 20 ? 9000 : index % 80),
  }))
}

const vectors = everyVector()

describe.each(BUILDS)('the %s build', (build) => {
  const core = coreOf(build)
  const codec = codecOf(build)

  /** Everything that looks at a peer's bytes, at the very end of the memory. Plain checks: this runs a million times. */
  function lookEverywhere(bytes: Uint8Array): void {
    const at = atTheEnd(core, bytes)
    for (const rules of RULES) assertVerdict(core.judgeBatch(at, bytes.length, rules))
    assertVerdict(core.readHeader(at, bytes.length))
    if (core.wholeBatchesSize(at, bytes.length) > bytes.length) throw new Error('whole batches reach past the bytes')
    if (core.findOffset(at, bytes.length, 20) >= bytes.length) throw new Error('a batch was found past the bytes')
    core.findTimestamp(at, bytes.length, 1700000000050)
  }

  test('a batch cut at any byte is truncated, and nothing past the cut is read', () => {
    expect(vectors.length).toBeGreaterThan(100)
    let wholes = 0
    for (const { name, bytes } of vectors) {
      const whole = core.judgeBatch(atTheEnd(core, bytes), bytes.length, RULE_NONE)
      const isSound = whole === BatchVerdict.ok || whole === BatchVerdict.legacy
      const wholeSize = core.summary.sizeBytes
      if (isSound) wholes += 1
      const step = bytes.length > 3000 ? 97 : 1
      for (let size = 0; size < bytes.length; size += step) {
        const cut = bytes.subarray(0, size)
        lookEverywhere(cut)
        if (!isSound || size >= wholeSize) continue
        const verdict = core.judgeBatch(core.bytes.length - size, size, RULE_NONE)
        if (verdict !== BatchVerdict.truncated) throw new Error(`${name} cut at ${size} is judged ${verdict}`)
      }
    }
    expect(wholes).toBeGreaterThan(70)
  })

  test('a vector with any one bit flipped is judged, and by its checksum when the bit is covered', () => {
    let caught = 0
    for (const { name, bytes } of vectors) {
      if (!name.startsWith('plain') && !name.startsWith('legacy-magic') && !name.startsWith('transactional')) continue
      const single = fromHex(Buffer.from(bytes).toString('hex'))
      const at = atTheEnd(core, single)
      const isSound = core.judgeBatch(at, single.length, RULE_NONE)
      const size = core.summary.sizeBytes
      const isFormat2 = core.summary.magic === 2
      const step = single.length > 1000 ? 61 : 1
      for (let bit = 0; bit < single.length * 8; bit += step) {
        const index = bit >> 3
        single[index] = (single[index] ?? 0) ^ (1 << (bit & 7))
        lookEverywhere(single)
        const covered = isFormat2 ? index >= 17 && index < size : index >= 12 && index < size && index !== 16
        if (covered && (isSound === BatchVerdict.ok || isSound === BatchVerdict.legacy)) {
          const verdict = core.judgeBatch(at, single.length, RULE_NONE)
          if (verdict !== BatchVerdict.checksumMismatch)
            throw new Error(`${name}, bit ${bit} flipped, is judged ${verdict}`)
          caught += 1
        }
        single[index] = (single[index] ?? 0) ^ (1 << (bit & 7))
      }
    }
    expect(caught).toBeGreaterThan(10_000)
  })

  test('the decoder gives a verdict for every vector cut anywhere or with a flipped bit', () => {
    const visit = (): void => undefined
    for (const { bytes } of vectors) {
      const step = bytes.length > 300 ? 53 : 3
      for (let size = 0; size < bytes.length; size += step) {
        assertVerdict(codec.decodeBatches(bytes.subarray(0, size), visit, true))
        const flipped = bytes.slice()
        flipped[size] = (flipped[size] ?? 0) ^ (1 << (size % 8))
        assertVerdict(codec.decodeBatches(flipped, visit, true))
      }
    }
  })

  test('the walk of records agrees with its twin on any bytes', () => {
    const records = [
      { timestampMs: 1700000000000, key: new Uint8Array([1, 2]), value: new Uint8Array([3]) },
      { timestampMs: 1700000000999, key: null, value: new Uint8Array(70) },
      {
        timestampMs: 1690000000000,
        key: new Uint8Array(0),
        value: null,
        headers: [
          { key: 'a', value: null },
          { key: 'é', value: new Uint8Array([1]) },
        ],
      },
    ]
    const shapes = [records, longRun(70), longRun(300)].map((drafts) => ({
      count: drafts.length,
      good: codec.encodeBatch(drafts, PLAIN_OPTIONS),
    }))
    let sound = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(3),
        ({ count, good }, changes, cut) => {
          const bytes = good.slice(0, good.length - cut)
          for (const [place, byte] of changes) bytes[61 + (place % (bytes.length - 61))] = byte
          new DataView(bytes.buffer).setInt32(8, bytes.length - 12)
          const at = atTheEnd(core, bytes)
          const twin = twinRecords(bytes, count)
          const isSound = twin?.every((record, index) => record.offsetDelta === BigInt(index)) ?? false
          if (isSound) sound += 1
          const expected = isSound ? BatchVerdict.ok : BatchVerdict.malformedRecords
          expect(core.judgeBatch(at, bytes.length, RULE_WALK_RECORDS | RULE_TRUSTED)).toBe(expected)
          const keyed = isSound && (twin?.every((record) => record.hasKey) ?? false)
          const withKeys = core.judgeBatch(at, bytes.length, RULE_KEYS_REQUIRED | RULE_TRUSTED)
          expect(withKeys).toBe(keyed ? BatchVerdict.ok : isSound ? BatchVerdict.keyMissing : expected)
        },
      ),
      { numRuns: 1500 },
    )
    // The property must have seen both kinds.
    expect(sound).toBeGreaterThan(20)
  })

  test('the walk agrees with its twin on every value of every byte of a small batch', () => {
    const drafts = [
      { timestampMs: 1700000000000, key: new Uint8Array([1]), value: new Uint8Array([2, 3]) },
      { timestampMs: 1700000000001, key: null, value: new Uint8Array(0) },
      // Long enough for the quick walk, which needs sixteen bytes before the end.
      { timestampMs: 1700000000300, key: new Uint8Array(0), value: new Uint8Array(20) },
    ]
    const good = codec.encodeBatch(drafts, PLAIN_OPTIONS)
    const at = core.bytes.length - 4096
    let sound = 0
    for (let place = 61; place < good.length; place++) {
      for (let byte = 0; byte < 256; byte++) {
        const bytes = good.slice()
        bytes[place] = byte
        core.bytes.set(bytes, at)
        const isSound = twinRecords(bytes, 3)?.every((record, index) => record.offsetDelta === BigInt(index)) ?? false
        const verdict = core.judgeBatch(at, bytes.length, RULE_WALK_RECORDS | RULE_TRUSTED)
        if ((verdict === BatchVerdict.ok) !== isSound) throw new Error(`byte ${place} as ${byte} is judged ${verdict}`)
        if (isSound) sound += 1
      }
    }
    expect(sound).toBeGreaterThan(1000)
  })

  test('any bytes at all get a verdict', () => {
    const wild = fc.tuple(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(0, 1, 2),
      fc.integer({ min: -5, max: 400 }),
    )
    fc.assert(
      fc.property(wild, ([bytes, magic, size]) => {
        if (bytes.length > 16) {
          new DataView(bytes.buffer, bytes.byteOffset).setInt32(8, size)
          bytes[16] = magic
        }
        lookEverywhere(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  test('an address outside the memory is our bug and stops us', () => {
    const end = core.bytes.length
    expect(() => core.judgeBatch(end - 10, 11, RULE_NONE)).toThrow('the bytes lie in the shared memory')
    expect(() => core.crc32c(-1, 1)).toThrow('the bytes lie in the shared memory')
    expect(() => core.stampOffsets(end - 60, 0, 0)).toThrow('the bytes lie in the shared memory')
  })
})
