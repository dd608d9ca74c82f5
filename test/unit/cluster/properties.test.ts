import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestName } from '../../../src/cluster/config/nearest.ts'
import { PropertiesError, parseProperties } from '../../../src/cluster/config/properties.ts'

const read = (text: string): Record<string, string> => Object.fromEntries(parseProperties(text))

test('keys end at the first equals sign, colon or blank, and one separator belongs to neither side', () => {
  expect(read('a=1\nb:2\nc 3\nd = 4\ne : 5\nf\t6\ng==7\nh= =8\ni')).toEqual({
    a: '1',
    b: '2',
    c: '3',
    d: '4',
    e: '5',
    f: '6',
    g: '=7',
    h: '=8',
    i: '',
  })
})

test('a listener address keeps its colons', () => {
  expect(read('listeners=PLAINTEXT://:9092,CONTROLLER://:9093')).toEqual({
    listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  })
})

test('comments begin a logical line; elsewhere # and ! are text', () => {
  expect(read('# one\n  ! two\na=1 # no comment\nb=2\\\n# still b')).toEqual({ a: '1 # no comment', b: '2# still b' })
})

test('an odd number of backslashes at the end continues the line, an even number does not', () => {
  expect(read('a=1,\\\n   2,\\\r\n\t3\nb=x\\\\\nc=y\\\\\\\nz')).toEqual({ a: '1,2,3', b: 'x\\', c: 'y\\z' })
})

test('escapes: blanks and separators in keys, unicode, control characters, unknown letters', () => {
  expect(read('a\\ b\\=c\\:d=1\ntab=\\t|\\n|\\r|\\f\nu=\\u0041\\u00e9\nq=\\q\\"')).toEqual({
    'a b=c:d': '1',
    tab: '\t|\n|\r|\f',
    u: 'Aé',
    q: 'q"',
  })
})

test('windows line ends, a byte order mark, blank lines and a missing last newline are harmless', () => {
  expect(read('\uFEFFa=1\r\n\r\n   \r\nb=2')).toEqual({ a: '1', b: '2' })
})

test('the last of two equal keys counts, trailing blanks of a value stay', () => {
  expect(read('a=1\na=2  ')).toEqual({ a: '2  ' })
})

test('a continuation at the end of the file ends with the file', () => {
  expect(read('a=1\\')).toEqual({ a: '1' })
})

test('a broken unicode escape names its line', () => {
  expect(() => read('a=1\nb=\\u00g1')).toThrow(PropertiesError)
  expect(() => read('a=1\nb=\\u00g1')).toThrow(/line 2/)
})

test('whatever is escaped by the rules is read back', () => {
  const escaped = (text: string): string =>
    [...text]
      .map((letter) =>
        /[A-Za-z0-9]/.test(letter)
          ? letter
          : letter
              .split('')
              .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
              .join(''),
      )
      .join('')
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (key, value) => {
      expect(read(`${escaped(key)}=${escaped(value)}`)).toEqual({ [key]: value })
    }),
  )
})

test('no text makes the parser hang or throw anything but its own error', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '=', ':', ' ', '\\', '\n', '\r', '#', '!', 'u', '0')), (letters) => {
      try {
        parseProperties(letters.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(PropertiesError)
      }
    }),
  )
})

test('the nearest known name is offered, a far one is not', () => {
  const known = ['log.retention.ms', 'log.retention.hours', 'num.partitions']
  expect(nearestName('log.retention.mss', known)).toBe('log.retention.ms')
  expect(nearestName('num.partition', known)).toBe('num.partitions')
  expect(nearestName('something.else.entirely', known)).toBeUndefined()
})
