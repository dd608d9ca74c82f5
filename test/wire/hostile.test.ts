import { expect, test } from 'vitest'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { bytesOf, WideReader } from '../support/protocol-json.ts'
import { codecOf, type ProtocolVector, readVectors, titleOf } from '../support/protocol-vectors.ts'

const vectors = ['apis', 'records', 'data'].flatMap(readVectors)

test('a message cut at any byte fails cleanly', () => {
  let cuts = 0
  const reader = new WideReader(new Uint8Array(0))
  for (const vector of vectors) {
    const { codec } = codecOf(vector)
    const bytes = bytesOf(vector.hex)
    for (let size = 0; size < bytes.length; size += 1) {
      // What lies after the cut is the rest of the message: a reader that looks past its window would find it good.
      reader.reset(bytes, 0, size)
      codec.read(reader, vector.version)
      if (reader.ok || reader.reason === '' || reader.at > size) throw new Error(`${titleOf(vector)} cut at ${size}`)
      cuts += 1
    }
  }
  expect(cuts).toBeGreaterThan(400_000)
})

test('a message with bits flipped is read or refused, in bounds, and never makes more than its bytes can hold', () => {
  const next = seeded(0x5eed)
  let refused = 0
  let readable = 0
  for (const vector of vectors) {
    const bytes = bytesOf(vector.hex)
    if (bytes.length === 0) continue
    for (let round = 0; round < 24; round += 1) {
      const damaged = bytes.slice()
      for (let flips = 1 + (round % 3); flips > 0; flips -= 1) {
        const at = next() % damaged.length
        damaged[at] = (damaged[at] ?? 0) ^ (1 << (next() % 8))
      }
      if (readDamaged(vector, damaged)) readable += 1
      else refused += 1
    }
  }
  // Both happen often: a flip in a number is another number, a flip in a length is the end.
  expect(refused).toBeGreaterThan(1000)
  expect(readable).toBeGreaterThan(1000)
})

test('bytes of no message at all are read or refused, in bounds', () => {
  const next = seeded(0xbad)
  for (const vector of vectors) {
    const noise = Uint8Array.from({ length: next() % 64 }, () => next())
    readDamaged(vector, noise)
    // The highest and lowest lengths and counts there are.
    readDamaged(vector, new Uint8Array(48).fill(0xff))
    readDamaged(vector, new Uint8Array(48).fill(0x7f))
  }
})

test('a count of two thousand million elements allocates nothing', () => {
  const hostile = new Uint8Array(64)
  for (const vector of vectors) {
    if (vector.sample !== 'default') continue
    const { codec } = codecOf(vector)
    // Each place in turn says 2^31-1; only some of them are counts.
    for (let at = 0; at + 4 <= hostile.length; at += 1) {
      hostile.fill(0)
      hostile.set([0x7f, 0xff, 0xff, 0xff], at)
      const message = codec.read(new Reader(hostile), vector.version)
      expect(weightOf(message)).toBeLessThanOrEqual(WEIGHT_PER_BYTE_MAX * hostile.length)
    }
  }
})

/** Elements, characters and bytes that a message holds: what an attacker makes us allocate. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length === 22 ? 1 : value.length
  if (value instanceof Uint8Array) return value.length
  if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + 1 + weightOf(element), 0)
  if (value === null || typeof value !== 'object') return 0
  if ('startsAt' in value) return 0
  return Object.values(value).reduce((sum: number, element) => sum + weightOf(element), 0)
}

/** An element takes a byte at least, and a struct of fields not on the wire holds a default or two. */
const WEIGHT_PER_BYTE_MAX = 3

/** Whether the damaged bytes could be read. */
function readDamaged(vector: ProtocolVector, bytes: Uint8Array): boolean {
  const { codec } = codecOf(vector)
  const reader = new Reader(bytes)
  const message = codec.read(reader, vector.version)
  if (reader.at > bytes.length) throw new Error(`${titleOf(vector)}: read past the end`)
  if (weightOf(message) > WEIGHT_PER_BYTE_MAX * bytes.length + 32) throw new Error(`${titleOf(vector)}: too much made`)
  return reader.ok
}

/** The same sequence in every run (xorshift). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
