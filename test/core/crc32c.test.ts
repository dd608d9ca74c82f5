import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadCoreBuild } from '../../src/io/node/core-module.ts'
import { createCoreMemory, instantiateCore } from '../../src/wasm/load.ts'
import { CORE_SIZE_BYTES } from '../../src/wasm/memory-map.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'
import { BUILDS, CASTAGNOLI, coreOf, crcBitwise, fromHex, IEEE, INPUT_AT, readVectors } from './support.ts'

interface CrcVectors {
  readonly seed: number
  readonly crc32c: readonly { n: number; value: number }[]
  readonly crc32: readonly { n: number; value: number }[]
  readonly crc32cAt: readonly { at: number; n: number; value: number }[]
}

const vectors = readVectors<CrcVectors>('crc')

/** The stream that the vectors are about. */
function stream(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  let state = vectors.seed
  for (let at = 0; at < sizeBytes; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

describe.each(BUILDS)('the %s build', (build) => {
  const core = coreOf(build)

  test("agrees with Kafka's CRC-32C at every size and place of the vectors", () => {
    core.bytes.set(stream(5242883), INPUT_AT)
    expect(vectors.crc32c.length).toBeGreaterThan(300)
    for (const { n, value } of vectors.crc32c) expect([n, core.crc32c(INPUT_AT, n)]).toEqual([n, value])
    for (const { at, n, value } of vectors.crc32cAt)
      expect([at, n, core.crc32c(INPUT_AT + at, n)]).toEqual([at, n, value])
  })

  test('agrees with the CRC-32 of formats 0 and 1', () => {
    const module = loadCoreBuild(build)
    const memory = createCoreMemory(module, INPUT_AT + 6 * 1024 * 1024)
    new Uint8Array(memory.buffer).set(stream(5242883), INPUT_AT)
    const exports = instantiateCore(module, memory)
    for (const { n, value } of vectors.crc32) expect([n, exports.crc32(INPUT_AT, n) >>> 0]).toEqual([n, value])
    for (const n of [1, 7, 8, 9, 63, 1000]) {
      expect(exports.crc32(INPUT_AT, n) >>> 0).toBe(crcBitwise(stream(n), IEEE))
    }
  })

  test('gives the same as bit by bit for any bytes at any place, and writes none of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(63), (bytes, shift) => {
        const at = INPUT_AT + shift
        core.bytes.set(bytes, at)
        expect(core.crc32c(at, bytes.length)).toBe(crcBitwise(bytes, CASTAGNOLI))
        expect(Buffer.compare(core.bytes.subarray(at, at + bytes.length), bytes)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  test('is right at every size around the thresholds of folding, halves and chunks', () => {
    const bytes = stream(40000)
    core.bytes.set(bytes, INPUT_AT)
    const sizes = [0, 255, 256, 257, 1023, 1024, 1280]
    for (let size = 1500; size < 1700; size++) sizes.push(size)
    // A chunk of 1024 vectors, the 79 that stay, and some.
    for (const whole of [16384, 16384 + 1264, 32768 + 1264])
      for (let more = -33; more < 160; more++) sizes.push(whole + more)
    let register = -1
    const expected = new Map<number, number>()
    for (let at = 0; at <= bytes.length; at++) {
      expected.set(at, ~register >>> 0)
      register ^= bytes[at] ?? 0
      for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (CASTAGNOLI & -(register & 1))
    }
    for (const size of sizes) expect([size, core.crc32c(INPUT_AT, size)]).toEqual([size, expected.get(size)])
  })

  test('can be carried on from where it ended', () => {
    const module = loadCoreBuild(build)
    const memory = createCoreMemory(module, INPUT_AT + 65536)
    const exports = instantiateCore(module, memory)
    exports.useScratch(CORE_SIZE_BYTES)
    const bytes = stream(20000)
    new Uint8Array(memory.buffer).set(bytes, INPUT_AT)
    const whole = exports.crc32c(INPUT_AT, 20000)
    for (const cut of [0, 1, 15, 16, 300, 2000, 10000, 19999, 20000]) {
      const first = exports.continueCrc32c(0, INPUT_AT, cut)
      expect(exports.continueCrc32c(first, INPUT_AT + cut, 20000 - cut)).toBe(whole)
    }
  })

  test("another thread's instance changes nothing in the memory", () => {
    const module = loadCoreBuild(build)
    const memory = createCoreMemory(module, INPUT_AT + 65536 + 1048576)
    const before = new Uint8Array(memory.buffer).slice()
    const second = createRecordCore(module, memory, INPUT_AT)
    expect(Buffer.compare(before, new Uint8Array(memory.buffer))).toBe(0)
    second.bytes.set(fromHex('313233343536373839'), CORE_SIZE_BYTES)
    expect(second.crc32c(CORE_SIZE_BYTES, 9)).toBe(0xe3069283)
  })
})

test('the polynomial that inputs are folded with is a multiple of the generator', () => {
  const generator = 0x11edc6f41n
  const terms = [0n, 1n, 12n, 18n, 58n, 71n, 75n, 79n]
  let rest = terms.reduce((sum, term) => sum ^ (1n << term), 0n)
  for (let bit = 79n; bit >= 32n; bit--) if ((rest >> bit) & 1n) rest ^= generator << (bit - 32n)
  expect(rest).toBe(0n)
})
