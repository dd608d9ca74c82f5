import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConnectionCounts, connectionCountMemory, parseOverrides } from '../../../src/broker/connection-counts.ts'

const NONE = { all: Infinity, address: Infinity }

test('workers that share the memory count together: limits are those of the node', () => {
  const memory = connectionCountMemory()
  const [one, other] = [new ConnectionCounts(memory), new ConnectionCounts(memory)]
  const limits = { all: 3, address: 2 }
  expect([one.enter('10.0.0.1', limits), other.enter('10.0.0.1', limits)]).toEqual([undefined, undefined])
  expect(other.enter('10.0.0.1', limits)).toBe('address')
  expect(one.enter('10.0.0.2', limits)).toBe(undefined)
  expect(one.enter('10.0.0.3', limits)).toBe('all')
  expect(other.total).toBe(3)
  // Who came in through one worker may be counted out by nobody but it, which makes no difference to the count.
  one.leave('10.0.0.1')
  expect([other.enter('10.0.0.1', limits), other.enter('10.0.0.1', { all: 9, address: 2 })]).toEqual([
    undefined,
    'address',
  ])
})

test('connections of a time without limits count when there are some', () => {
  const counts = new ConnectionCounts(connectionCountMemory())
  for (let index = 0; index < 5; index += 1) expect(counts.enter('::1', NONE)).toBe(undefined)
  expect(counts.enter('::1', { all: Infinity, address: 5 })).toBe('address')
  counts.leave('::1')
  expect(counts.enter('::1', { all: Infinity, address: 5 })).toBe(undefined)
})

test('counts are those of a plain map, whoever comes and goes', () => {
  const addresses = Array.from({ length: 300 }, (_, index) => `10.0.${index % 7}.${index}`)
  const step = fc.record({ address: fc.constantFrom(...addresses), isEntering: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000 }), (steps) => {
      const counts = new ConnectionCounts(connectionCountMemory())
      const model = new Map<string, number>()
      let total = 0
      for (const { address, isEntering } of steps) {
        const known = model.get(address) ?? 0
        if (isEntering) {
          const expected = known >= 3 ? 'address' : undefined
          expect(counts.enter(address, { all: Infinity, address: 3 })).toBe(expected)
          if (expected === undefined) model.set(address, known + 1)
          total += expected === undefined ? 1 : 0
        } else if (known > 0) {
          counts.leave(address)
          model.set(address, known - 1)
          total -= 1
        }
        expect(counts.total).toBe(total)
      }
    }),
    { numRuns: 20 },
  )
})

test('overrides name addresses and their limits', () => {
  expect([...parseOverrides('10.0.0.1:5, localhost:7,[fe80::1]:9,fe80::2:3,nothing,:4')]).toEqual([
    ['10.0.0.1', 5],
    ['127.0.0.1', 7],
    ['::1', 7],
    ['fe80::1', 9],
    ['fe80::2', 3],
  ])
  expect(parseOverrides('').size).toBe(0)
})
