import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readStoredPrefix, writeStoredPrefix } from '../../src/protocol/wire/stored.ts'
import { bytesOf, fromJson, hexOf, type ListedTag, toJson, WideReader, WideWriter } from '../support/protocol-json.ts'
import { codecOf, type ProtocolVector, readVectors, titleOf } from '../support/protocol-vectors.ts'

// Bytes that Kafka 3.9.1, 4.3.1 and 4.4.0 wrote, and the JSON that Kafka's own converters made of them.

const groups = ['apis', 'records', 'data'].map((group) => ({ group, vectors: readVectors(group) }))

test('the vectors are all there', () => {
  expect(groups.map(({ vectors }) => vectors.length)).toEqual([3315, 528, 68])
})

describe.each(groups)('$group', ({ vectors }) => {
  const byApi = Map.groupBy(vectors, (vector) => vector.api)

  test.each([...byApi.keys()])('%s: the bytes of every version decode to what Kafka says they mean', (api) => {
    for (const vector of byApi.get(api) ?? []) {
      const { schema, codec } = codecOf(vector)
      const bytes = bytesOf(vector.hex)
      const reader = new WideReader(bytes)
      const message = codec.read(reader, vector.version)
      const tags: ListedTag[] = []
      expect(toJson(schema, message, vector.version, tags), titleOf(vector)).toEqual(vector.json)
      expect([reader.ok, reader.reason, reader.remaining], titleOf(vector)).toEqual([true, '', 0])
      expect(tags, titleOf(vector)).toHaveLength(vector.unknownTags?.length ?? 0)
      expect(tags, titleOf(vector)).toEqual(expect.arrayContaining([...(vector.unknownTags ?? [])]))
    }
  })

  test.each([...byApi.keys()])('%s: what the JSON says encodes to the very bytes', (api) => {
    const writer = new WideWriter(16)
    for (const vector of byApi.get(api) ?? []) {
      const { schema, codec } = codecOf(vector)
      writer.reset()
      codec.write(writer, fromJson(schema, vector.json, vector.version, vector.unknownTags ?? []), vector.version)
      expect(hexOf(writer.finish()), titleOf(vector)).toBe(vector.hex)
      expect([writer.ok, writer.reason], titleOf(vector)).toEqual([true, ''])
    }
  })
})

test('what stands before a stored message is written and read as in the originals', () => {
  let count = 0
  for (const vector of groups.flatMap(({ vectors }) => vectors)) {
    if (vector.framed === undefined) continue
    const { schema, codec } = codecOf(vector)
    if (codec.stored === undefined) throw new Error(`${titleOf(vector)}: framed, but the schema names no framing`)
    const writer = new WideWriter(16)
    writeStoredPrefix(writer, codec.stored, vector.version)
    codec.write(writer, fromJson(schema, vector.json, vector.version, vector.unknownTags ?? []), vector.version)
    expect(hexOf(writer.finish()), titleOf(vector)).toBe(vector.framed)
    const reader = new WideReader(bytesOf(vector.framed))
    const version = readStoredPrefix(reader, codec.stored)
    if (codec.stored.prefix !== 'none') expect(version, titleOf(vector)).toBe(vector.version)
    expect(hexOf(bytesOf(vector.framed).subarray(reader.at)), titleOf(vector)).toBe(vector.hex)
    count += 1
  }
  expect(count).toBeGreaterThan(400)
})

test('what was read is written again byte for byte, unknown tags included', () => {
  const writer = new WideWriter(16)
  for (const vector of groups.flatMap(({ vectors }) => vectors)) {
    const { codec } = codecOf(vector)
    const message = codec.read(new WideReader(bytesOf(vector.hex)), vector.version)
    writer.reset()
    codec.write(writer, message, vector.version)
    if (hexOf(writer.finish()) !== vector.hex) expect(hexOf(writer.finish()), titleOf(vector)).toBe(vector.hex)
  }
})

test('a message on shared memory, in the middle of it, reads the same', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(65_536))
  for (const vector of sample(groups.flatMap(({ vectors }) => vectors))) {
    const { schema, codec } = codecOf(vector)
    const bytes = bytesOf(vector.hex)
    if (bytes.length > shared.length - 100) continue
    shared.fill(0xff)
    shared.set(bytes, 77)
    const reader = new WideReader(new Uint8Array(0))
    reader.reset(shared, 77, 77 + bytes.length)
    const json = toJson(schema, codec.read(reader, vector.version), vector.version, [])
    if (!isDeepStrictEqual(json, vector.json)) expect(json, titleOf(vector)).toEqual(vector.json)
    expect(reader.ok).toBe(true)
  }
})

function sample(vectors: readonly ProtocolVector[]): ProtocolVector[] {
  return vectors.filter((_, index) => index % 5 === 0)
}
