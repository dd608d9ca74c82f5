import { expect, test } from 'vitest'
import { emitFile } from '../../src/protocol/generate/emit-file.ts'
import { parseSchema } from '../../src/protocol/generate/notation.ts'

const schema = `
// What a comment says is not read.
request Sample key 7 versions 0..5 flexible 4
  struct Pair since 1
    left     int32
    right    int32   since 3 ignorable
  name       string?  until 3 = null   // nor here
  pairs      [Pair]   since 1
  other      Pair?    since 2 = null
  limit      int64    = -1
  note       string   since 1 nullable since 3
  extra      [int8]   since 4 tag 0
`

test('a schema file says versions, null, defaults, tags and shared structs', () => {
  const [message] = parseSchema(schema, 'sample')
  expect(message).toMatchObject({
    kind: 'request',
    name: 'SampleRequest',
    apiKey: 7,
    versions: { from: 0, to: 5 },
    flexible: 4,
  })
  const fields = new Map(message?.root.fields.map((field) => [field.name, field]))
  expect([...fields.keys()]).toEqual(['name', 'pairs', 'other', 'limit', 'note', 'extra'])
  expect(fields.get('name')).toMatchObject({
    versions: { from: 0, to: 3 },
    nullable: { from: 0, to: 3 },
    defaultValue: null,
  })
  expect(fields.get('limit')).toMatchObject({ versions: { from: 0, to: 5 }, defaultValue: -1, ignorable: false })
  expect(fields.get('note')).toMatchObject({ versions: { from: 1, to: 5 }, nullable: { from: 3, to: 5 } })
  expect(fields.get('extra')).toMatchObject({ tag: 0, type: { kind: 'array', of: { kind: 'scalar', scalar: 'int8' } } })
  const pair = message?.structs.find((struct) => struct.name === 'Pair')
  expect(pair).toMatchObject({
    versions: { from: 1, to: 5 },
    fields: [{ name: 'left' }, { name: 'right', ignorable: true }],
  })
  expect(fields.get('pairs')?.type).toEqual({ kind: 'array', of: { kind: 'struct', struct: pair } })
})

test.each([
  ['nothing in it', '', 'no message'],
  ['an unknown type', 'data X versions 0..0\n  a  int7', 'int7'],
  ['an unknown word', 'data X versions 0..0\n  a  int8 optional', 'optional'],
  ['a field twice', 'data X versions 0..0\n  a  int8\n  a  int8', 'field a twice'],
  ['versions beyond those around', 'data X versions 0..2\n  a  int8 since 3', 'not within 0..2'],
  ['a range the wrong way round', 'data X versions 0..5\n  a  int8 4..3', 'not within'],
  ['a struct used twice without a declaration', 'data X versions 0..0\n  a  P\n    b  int8\n  c  P', 'used twice'],
  [
    'a struct declared twice',
    'data X versions 0..0\n  struct P\n    a  int8\n  struct P\n    a  int8',
    'declared twice',
  ],
  ['a default that is none', 'data X versions 0..0\n  a  int8 = many', 'no default'],
  ['fields that do not line up', 'data X versions 0..0\n  a  int8\n   b  int8', 'X'],
  ['a tag in a message that is never flexible', 'data X versions 0..0\n  a  int8 tag 0', 'never flexible'],
  ['no versions', 'data X\n  a  int8', 'expected versions'],
])('a schema with %s stops the generator', (_, text, reason) => {
  expect(() => parseSchema(text, 'X.kafka')).toThrow(reason)
})

test.each([
  ['elements of no size', 'data X versions 0..1\n  a  [P]\n    b  int8 since 1', 'no size'],
  ['an array of arrays', 'data X versions 0..0\n  a  [[int8]]', 'array of arrays'],
  ['a framing that nobody knows', 'record X versions 0..0 framing elsewhere value\n  a  int8', 'unknown framing'],
])('%s stop the generator', (_, text, reason) => {
  expect(() => emitFile(parseSchema(text, 'X.kafka'), 'X', '../wire')).toThrow(reason)
})
