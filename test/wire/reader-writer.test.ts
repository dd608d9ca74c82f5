import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFetchResponse, writeFetchResponse } from '../../src/protocol/generated/01-fetch.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'
import { bytesOf, hexOf } from '../support/protocol-json.ts'

/** What `write` writes, as hex. */
function written(write: (writer: Writer) => void): string {
  const writer = new Writer(1)
  write(writer)
  expect([writer.ok, writer.reason]).toEqual([true, ''])
  return hexOf(writer.finish())
}

/** What `read` makes of the bytes, which must be all of them. */
function readBack<Value>(hex: string, read: (reader: Reader) => Value): Value {
  const reader = new Reader(bytesOf(hex))
  const value = read(reader)
  expect([reader.ok, reader.remaining]).toEqual([true, 0])
  return value
}

test.each([
  ['', true, '01'],
  ['', false, '0000'],
  ['é', true, '03c3a9'],
  ['é', false, '0002c3a9'],
  ['\uFEFFa', false, '0004efbbbf61'],
  ['𝄞', true, '05f09d849e'],
])('the string %j, compact %s, is %s', (text, compact, hex) => {
  expect(written((writer) => writer.string(text, compact))).toBe(hex)
  expect(readBack(hex, (reader) => reader.string(compact))).toBe(text)
})

test('any string comes back, short or long, in either form, also from shared memory', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.boolean(), (text, compact) => {
      const hex = written((writer) => writer.string(text, compact))
      expect(readBack(hex, (reader) => reader.string(compact))).toBe(text)
      const shared = new Uint8Array(new SharedArrayBuffer(hex.length / 2))
      shared.set(bytesOf(hex))
      expect(new Reader(shared).string(compact)).toBe(text)
    }),
  )
})

test('a string of the greatest length is written and read, one byte more is refused by both', () => {
  for (const compact of [true, false]) {
    const most = 'x'.repeat(32_767)
    const hex = written((writer) => writer.string(most, compact))
    expect(readBack(hex, (reader) => reader.string(compact))).toBe(most)
  }
  const writer = new Writer()
  writer.string('x'.repeat(32_768), true)
  expect([writer.ok, writer.reason]).toEqual([false, expect.stringContaining('32768')])
  const reader = new Reader(new Uint8Array([0x81, 0x80, 0x02, ...new Uint8Array(32_768)]))
  expect(reader.string(true)).toBe('')
  expect([reader.ok, reader.reason]).toEqual([false, expect.stringContaining('32767')])
})

test('any safe int64 comes back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(
        readBack(
          written((writer) => writer.int64(value)),
          (reader) => reader.int64(),
        ),
      ).toBe(value)
    }),
  )
})

test.each(['0020000000000000', 'ffe0000000000000', '7fffffffffffffff', '8000000000000000'])(
  'the int64 %s, which no number holds exactly, is refused',
  (hex) => {
    const reader = new Reader(bytesOf(hex))
    expect(reader.int64()).toBe(0)
    expect([reader.ok, reader.reason]).toEqual([false, expect.stringContaining('int64')])
  },
)

test.each([2 ** 53, -(2 ** 53), 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'the number %d is not written as an int64',
  (value) => {
    const writer = new Writer()
    writer.int64(value)
    expect(writer.ok).toBe(false)
  },
)

test('any unsigned varint comes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), (value) => {
      expect(
        readBack(
          written((writer) => writer.uvarint(value)),
          (reader) => reader.uvarint(),
        ),
      ).toBe(value)
    }),
  )
})

test('a varint of more than five bytes is refused', () => {
  const reader = new Reader(new Uint8Array(16).fill(0x80))
  expect(reader.uvarint()).toBe(0)
  expect(reader.ok).toBe(false)
})

test('any byte but 0 is true', () => {
  const reader = new Reader(new Uint8Array([0, 1, 2, 0x80, 0xff]))
  expect([reader.bool(), reader.bool(), reader.bool(), reader.bool(), reader.bool()]).toEqual([
    false,
    true,
    true,
    true,
    true,
  ])
})

test('null where the protocol has none is refused', () => {
  const nothing = new Uint8Array([0xff, 0xff, 0xff, 0xff])
  const reads: ((reader: Reader) => unknown)[] = [
    (reader) => reader.string(false),
    (reader) => reader.bytes(false),
    (reader) => reader.records(false),
    (reader) => reader.arrayCount(false, 1),
  ]
  for (const read of reads) {
    const reader = new Reader(nothing)
    read(reader)
    expect([reader.ok, reader.reason]).toEqual([false, expect.stringContaining('null')])
  }
  const allowed = new Reader(nothing)
  expect(allowed.bytesOrNull(false)).toBeNull()
  expect(allowed.ok).toBe(true)
})

test('the first mistake is the one that is told', () => {
  const reader = new Reader(new Uint8Array([0xff, 0xff]))
  reader.string(false)
  reader.int64()
  expect(reader.reason).toContain('null')
})

test('a count is refused when its elements cannot fit, before any is made', () => {
  const fits = new Reader(bytesOf(`00000002${'00'.repeat(16)}`))
  expect(fits.arrayCount(false, 8)).toBe(2)
  const tooMany = new Reader(bytesOf(`00000003${'00'.repeat(16)}`))
  expect(tooMany.arrayCount(false, 8)).toBe(0)
  expect(tooMany.ok).toBe(false)
})

test('a number of tagged fields that cannot fit is refused before the first', () => {
  const fits = new Reader(bytesOf('0105000600'))
  expect([fits.tagCount(), fits.ok]).toEqual([1, true])
  const tooMany = new Reader(bytesOf('0305000600'))
  expect([tooMany.tagCount(), tooMany.ok]).toEqual([0, false])
})

test('bytes outlive the frame, records stay in it', () => {
  const frame = bytesOf('00000002aabb00000002ccdd')
  const reader = new Reader(frame)
  const copied = reader.bytes(false)
  const slice = reader.records(false)
  frame.fill(0)
  expect(hexOf(copied)).toBe('aabb')
  expect(slice).toEqual({ bytes: frame, startsAt: 10, sizeBytes: 2 })
  expect(slice.bytes).toBe(frame)
})

test('bytes taken from a Buffer are a copy all the same', () => {
  const frame = Buffer.from('00000002aabb', 'hex')
  const copied = new Reader(frame).bytes(false)
  frame.fill(0)
  expect(hexOf(copied)).toBe('aabb')
})

test('a reader starts afresh after a reset, on the same memory or another', () => {
  const reader = new Reader(new Uint8Array(0))
  reader.int8()
  expect(reader.ok).toBe(false)
  const memory = new Uint8Array([9, 1, 2, 9])
  reader.reset(memory, 1, 3)
  expect([reader.ok, reader.reason, reader.int16(), reader.remaining]).toEqual([true, '', 0x0102, 0])
  expect(reader.int8()).toBe(0)
  expect(reader.ok).toBe(false)
})

test.each([0, 1, 126, 127, 128, 200, 16_383, 16_384, 70_000])(
  'a tagged value of %d bytes gets the right size',
  (size) => {
    const value = Uint8Array.from({ length: size }, (_, index) => index)
    const writer = new Writer(1)
    const openedAt = writer.openTag(7)
    writer.raw(value)
    writer.closeTag(openedAt)
    const reader = new Reader(writer.finishCopy())
    expect(reader.uvarint()).toBe(7)
    const endsAt = reader.tagEnd()
    expect([endsAt - reader.at, reader.remaining]).toEqual([size, size])
    expect(hexOf(reader.unknownTag(undefined, 7, endsAt)?.[0]?.bytes ?? new Uint8Array(1))).toBe(hexOf(value))
  },
)

test('a tagged field whose value ends elsewhere than it says is refused', () => {
  // ApiVersions-like: one tag 0 of size 3 that holds an int16.
  const reader = new Reader(bytesOf('0003000000'))
  reader.uvarint()
  const endsAt = reader.tagEnd()
  reader.int16()
  reader.closeTag(endsAt)
  expect(reader.ok).toBe(false)
})

const fetchResponse = {
  responses: [
    {
      topicId: 'AQIDBAUGByuAkKCwwNDhEw',
      partitions: [
        { partitionIndex: 0, records: { bytes: bytesOf('000102030405'), startsAt: 1, sizeBytes: 4 } },
        { partitionIndex: 1, records: null },
        { partitionIndex: 2, records: { bytes: new Uint8Array(300).fill(7), startsAt: 0, sizeBytes: 300 } },
      ],
    },
  ],
}

test.each([4, 11, 12, 18])(
  'records left out of a Fetch answer and put in at their splits give the same bytes, version %d',
  (version) => {
    const whole = new Writer()
    writeFetchResponse(
      whole,
      version < 13 ? { responses: [{ partitions: fetchResponse.responses[0]!.partitions }] } : fetchResponse,
      version,
    )
    const head = new Writer()
    head.detachRecords = true
    writeFetchResponse(
      head,
      version < 13 ? { responses: [{ partitions: fetchResponse.responses[0]!.partitions }] } : fetchResponse,
      version,
    )
    expect([head.ok, head.splits.length, head.detachedSizeBytes]).toEqual([true, 2, 304])
    const parts: Uint8Array[] = []
    let from = 0
    for (const split of head.splits) {
      parts.push(head.finish().subarray(from, split.at))
      parts.push(split.slice.bytes.subarray(split.slice.startsAt, split.slice.startsAt + split.slice.sizeBytes))
      from = split.at
    }
    parts.push(head.finish().subarray(from))
    expect(Buffer.concat(parts).toString('hex')).toBe(hexOf(whole.finish()))
    expect(readFetchResponse(new Reader(Buffer.concat(parts)), version).responses[0]?.partitions).toHaveLength(3)
  },
)

test('detached records are never looked into: they may lie in a file', () => {
  const writer = new Writer()
  writer.detachRecords = true
  writer.records({ bytes: new Uint8Array(0), startsAt: 4096, sizeBytes: 1_000_000 }, false)
  expect(hexOf(writer.finish())).toBe('000f4240')
  expect(writer.splits).toEqual([{ at: 4, slice: { bytes: new Uint8Array(0), startsAt: 4096, sizeBytes: 1_000_000 } }])
})

test('a writer used again starts from nothing', () => {
  const writer = new Writer()
  writer.detachRecords = true
  writer.records({ bytes: new Uint8Array(1), startsAt: 0, sizeBytes: 1 }, true)
  writer.int64(0.5)
  writer.reset()
  expect([writer.ok, writer.reason, writer.sizeBytes, writer.splits.length, writer.detachedSizeBytes]).toEqual([
    true,
    '',
    0,
    0,
    0,
  ])
})

test('any UUID comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url')
      expect(readBack(hexOf(bytes), (reader) => reader.uuid())).toBe(text)
      expect(written((writer) => writer.uuid(text))).toBe(hexOf(bytes))
    }),
  )
})

test('text that is no UUID is refused, whichever letter is wrong', () => {
  const right = 'AQIDBAUGByuAkKCwwNDhEw'
  const wrong = [
    '',
    'short',
    `${right}A`,
    ...[...right].flatMap((_, at) =>
      ['=', '+', 'é', '\u{ffff}'].map((letter) => right.slice(0, at) + letter + right.slice(at + 1)),
    ),
  ]
  for (const text of wrong) {
    const writer = new Writer()
    writer.uuid(text)
    expect([writer.ok, writer.reason]).toEqual([false, `${text} is no UUID`])
  }
})
