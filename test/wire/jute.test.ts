import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as data from '../../src/jute/generated/data.ts'
import * as persistence from '../../src/jute/generated/persistence.ts'
import * as proto from '../../src/jute/generated/proto.ts'
import * as quorum from '../../src/jute/generated/quorum.ts'
import * as txn from '../../src/jute/generated/txn.ts'
import { generateCodecs } from '../../src/jute/generate/generator.ts'
import { recordDefinitions } from '../../src/jute/generate/records.ts'
import { JuteReader } from '../../src/jute/reader.ts'
import { JuteWriter } from '../../src/jute/writer.ts'

type Codec = (...args: unknown[]) => unknown

const codecs = { ...data, ...persistence, ...proto, ...quorum, ...txn } as unknown as Record<string, Codec>
const here = new URL('.', import.meta.url)

interface Vector {
  readonly record: string
  readonly json: unknown
  readonly hex: string
}

const vectors: Vector[] = readFileSync(new URL('vectors/jute.jsonl', here), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector)

const fieldTypes = new Map<string, Map<string, string>>()
for (const line of recordDefinitions.split('\n')) {
  const [name = '', ...fields] = line.trim().split(' ')
  fieldTypes.set(name, new Map(fields.map((field) => [field.split(':')[0]!, field.split(':').slice(1).join(':')])))
}

/** The vectors' JSON as our records have it; undefined when a zxid or time in it is beyond what a number holds. */
function ours(record: string, json: unknown): Record<string, unknown> | undefined {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(json as Record<string, unknown>)) {
    const converted = field(fieldTypes.get(record)!.get(name)!, value)
    if (converted === undefined) return undefined
    result[name] = converted
  }
  return result
}

function field(type: string, value: unknown): unknown {
  if (value === null) return null
  if (type.startsWith('vector<')) {
    const elements = (value as unknown[]).map((element) => field(type.slice(7, -1), element))
    return elements.includes(undefined) ? undefined : elements
  }
  if (type === 'id') return BigInt(value as string | number)
  if (type === 'long') return typeof value === 'number' ? value : undefined
  if (type === 'buffer') return new Uint8Array(Buffer.from(value as string, 'hex'))
  if (type === 'int' || type === 'boolean' || type === 'boolean?' || type === 'ustring') return value
  return ours(type, value)
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
  }
  return value
}

test('there are vectors of every record', () => {
  const names = new Set(vectors.map((vector) => vector.record))
  const defined = [...fieldTypes.keys()].filter((name) => name !== 'module' && name !== '')
  expect(defined.filter((name) => !names.has(name)).length).toBeLessThanOrEqual(1)
  expect(names.size).toBeGreaterThan(70)
})

test("every record of ZooKeeper's is read and written as it was", () => {
  let exactCount = 0
  for (const { record, json, hex } of vectors) {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    const reader = new JuteReader(bytes)
    const read = codecs[`read${record}`]!(reader)
    const expected = ours(record, json)
    if (expected === undefined) {
      expect(reader.ok, `${record} holds a zxid beyond 2^53`).toBe(false)
      continue
    }
    exactCount += 1
    expect(reader.ok, record).toBe(true)
    expect(reader.remaining, record).toBe(0)
    expect(plain(read), record).toEqual(expected)
    const writer = new JuteWriter(1)
    codecs[`write${record}`]!(writer, read)
    expect(Buffer.from(writer.finish()).toString('hex'), record).toBe(hex)
  }
  expect(exactCount).toBeGreaterThan(200)
})

test('a record cut at any byte is refused, never misread', () => {
  for (const { record, json, hex } of vectors) {
    if (ours(record, json) === undefined) continue
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const reader = new JuteReader(bytes, 0, cut)
      codecs[`read${record}`]!(reader)
      // The one field that may be left off the end.
      const isOptional = record.startsWith('Connect') && cut === bytes.length - 1
      expect(reader.ok, `${record} cut at ${cut} of ${bytes.length}`).toBe(isOptional)
    }
  }
})

test('flipped bits never make a reader throw or run past its window', () => {
  for (const { record, hex } of vectors) {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = bytes.slice()
      flipped[at] = bytes[at]! ^ 0x80
      const reader = new JuteReader(flipped)
      codecs[`read${record}`]!(reader)
      expect(reader.at).toBeLessThanOrEqual(bytes.length)
    }
  }
})

test('the checked-in codecs are what the definitions generate', () => {
  const normal = (text: string): string => text.replace(/[\s,()]/g, '')
  for (const [name, text] of generateCodecs()) {
    const checkedIn = readFileSync(new URL(`../../src/jute/generated/${name}`, here), 'utf8')
    expect(normal(checkedIn), name).toBe(normal(text))
  }
})
