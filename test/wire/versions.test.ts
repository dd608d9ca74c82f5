import { expect, test } from 'vitest'
import { readSchemas } from '../../src/protocol/generate/generate.ts'
import type { Field, FieldType, Message, Struct } from '../../src/protocol/generate/notation.ts'
import { REGISTRY } from '../../src/protocol/generated/registry.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'
import { hexOf } from '../support/protocol-json.ts'
import { codecOf, readVectors, titleOf } from '../support/protocol-vectors.ts'

const vectors = ['apis', 'records', 'data'].flatMap(readVectors)
const messages = readSchemas().flatMap((file) => file.messages)

test('every version of every message has vectors, except those no release has made final', () => {
  const covered = new Set(vectors.map((vector) => `${codecOf(vector).schema.name} ${vector.version}`))
  const missing = messages.flatMap((message) => versionsOf(message).map((version) => `${message.name} ${version}`))
  expect(missing.filter((name) => !covered.has(name)).toSorted()).toEqual(NO_VECTORS)
})

const NO_VECTORS: readonly string[] = [
  'InitProducerIdRequest 6',
  'InitProducerIdResponse 6',
  'ShareAcknowledgeRequest 0',
  'ShareAcknowledgeResponse 0',
  'ShareFetchRequest 0',
  'ShareFetchResponse 0',
  'ShareGroupDescribeRequest 0',
  'ShareGroupDescribeResponse 0',
  'ShareGroupHeartbeatRequest 0',
  'ShareGroupHeartbeatResponse 0',
  'ShareGroupPartitionMetadataKey 0',
  'ShareGroupPartitionMetadataValue 0',
]

test('an empty draft is the message with every field at its default', () => {
  let compared = 0
  for (const vector of vectors) {
    if (vector.sample !== 'default') continue
    const writer = new Writer()
    codecOf(vector).codec.write(writer, {}, vector.version)
    expect(hexOf(writer.finish()), titleOf(vector)).toBe(vector.hex)
    compared += 1
  }
  expect(compared).toBeGreaterThan(700)
})

test('a value that the version has no field for is refused by name, or dropped where the protocol says so', () => {
  let refused = 0
  let dropped = 0
  for (const message of messages) {
    for (const version of versionsOf(message)) {
      for (const { draft, field, owner } of draftsBeyond(message, version)) {
        const plain = write(message, setAt(draft, owner.path, {}), version)
        const set = write(
          message,
          setAt(draft, owner.path, { [field.name]: sampleOf(field.type, field.defaultValue !== true) }),
          version,
        )
        const title = `${message.name} v${version} ${field.name}`
        if (field.ignorable) {
          expect([set.ok, hexOf(set.finish())], title).toEqual([true, hexOf(plain.finish())])
          dropped += 1
        } else {
          expect([set.ok, set.reason], title).toEqual([false, expect.stringContaining(`.${field.name} is set`)])
          refused += 1
        }
      }
    }
  }
  expect(refused).toBeGreaterThan(200)
  expect(dropped).toBeGreaterThan(500)
})

test('null is refused in the versions that do not allow it', () => {
  let refused = 0
  for (const message of messages) {
    for (const version of versionsOf(message)) {
      for (const field of message.root.fields) {
        if (field.nullable === undefined || !within(field.versions, version) || field.tag !== undefined) continue
        const written = write(message, { [field.name]: null }, version)
        expect(written.ok, `${message.name} v${version} ${field.name}`).toBe(within(field.nullable, version))
        if (!written.ok) refused += 1
      }
    }
  }
  expect(refused).toBe(10)
})

type Loose = { readonly [name: string]: unknown }

interface Beyond {
  readonly draft: Loose
  readonly owner: { readonly path: readonly Step[] }
  readonly field: Field
}

interface Step {
  readonly field: string
  readonly isArray: boolean
}

/** Every field, at any depth, whose struct can be written in the version although the field cannot. */
function draftsBeyond(message: Message, version: number): Beyond[] {
  const found: Beyond[] = []
  const walk = (struct: Struct, path: readonly Step[]): void => {
    for (const field of struct.fields) {
      if (!within(field.versions, version)) found.push({ draft: {}, owner: { path }, field })
      else if (field.tag === undefined) descend(field, field.type, path)
    }
  }
  const descend = (field: Field, type: FieldType, path: readonly Step[]): void => {
    if (type.kind === 'array' && type.of.kind === 'struct') {
      walk(type.of.struct, [...path, { field: field.name, isArray: true }])
    } else if (type.kind === 'struct') {
      walk(type.struct, [...path, { field: field.name, isArray: false }])
    }
  }
  walk(message.root, [])
  return found
}

/** A draft with `value` at the end of the path. */
function setAt(draft: Loose, path: readonly Step[], value: Loose): Loose {
  const [step, ...rest] = path
  if (step === undefined) return { ...draft, ...value }
  const inner = setAt({}, rest, value)
  return { ...draft, [step.field]: step.isArray ? [inner] : inner }
}

/** A value that is no field's default. */
function sampleOf(type: FieldType, flag: boolean): unknown {
  if (type.kind === 'array') return [sampleOf(type.of, flag)]
  if (type.kind === 'struct') {
    const field = type.struct.fields[0]
    return field === undefined ? {} : { [field.name]: sampleOf(field.type, field.defaultValue !== true) }
  }
  switch (type.scalar) {
    case 'string':
      return 'set'
    case 'uuid':
      return 'AQIDBAUGByuAkKCwwNDhEw'
    case 'bool':
      return flag
    case 'bytes':
      return new Uint8Array([1])
    case 'records':
      return { bytes: new Uint8Array([1]), startsAt: 0, sizeBytes: 1 }
    default:
      return 77
  }
}

function write(message: Message, draft: object, version: number): Writer {
  const codec = REGISTRY.find((entry) => entry.name === message.name)
  const writer = new Writer()
  codec?.write(writer, draft, version)
  return writer
}

function versionsOf(message: Message): number[] {
  const { from, to } = message.versions
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function within(range: { readonly from: number; readonly to: number }, version: number): boolean {
  return version >= range.from && version <= range.to
}
