import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatEnsembleConfig,
  isSameMembership,
  parseEnsembleConfig,
  votersOf,
} from '../../../src/zab/config/ensemble-config.ts'
import { hasEveryQuorum, hasQuorum, weightOf } from '../../../src/zab/config/quorum.ts'

function parse(text: string): NonNullable<ReturnType<typeof parseEnsembleConfig>> {
  const config = parseEnsembleConfig(text)
  if (config === undefined) throw new Error(`not understood: ${text}`)
  return config
}

const PLAIN = [
  'server.1=10.0.0.1:2888:3888:participant;0.0.0.0:2181',
  'server.2=10.0.0.2:2888:3888:participant;0.0.0.0:2181',
  'server.3=10.0.0.3:2888:3888:observer',
  'version=100000000',
].join('\n')

test('a configuration comes out as ZooKeeper prints it', () => {
  expect(formatEnsembleConfig(parse(PLAIN))).toBe(PLAIN)
  const loose = 'server.2=b:1:2|a:1:2;2181\nserver.1=[::1]:1:2:observer\nversion=0'
  expect(formatEnsembleConfig(parse(loose))).toBe(
    'server.1=[::1]:1:2:observer\nserver.2=a:1:2|b:1:2:participant;0.0.0.0:2181\nversion=0',
  )
  expect(isSameMembership(parse(PLAIN), parse(PLAIN.replace('version=100000000', 'version=5')))).toBe(true)
})

test('what makes no ensemble is refused', () => {
  for (const text of [
    '',
    'version=0',
    'server.1=a:1:2:observer',
    'server.x=a:1:2',
    'server.1=a:1',
    'server.1=a:1:2\nfoo=1',
    'server.1=a:1:2\nserver.2=b:1:2\ngroup.1=1',
    'server.1=a:1:2\ngroup.1=1\ngroup.2=1',
  ]) {
    expect(parseEnsembleConfig(text), text).toBeUndefined()
  }
})

test('observers never make a majority', () => {
  const config = parse(PLAIN)
  expect(votersOf(config)).toEqual([1, 2])
  expect(hasQuorum(config, new Set([1, 3]))).toBe(false)
  expect(hasQuorum(config, new Set([1, 2]))).toBe(true)
})

test('weights count within groups, and weight 0 counts for nothing and never leads', () => {
  const servers = [1, 2, 3, 4, 5, 6].map((id) => `server.${id}=h${id}:1:2`).join('\n')
  const config = parse(`${servers}\ngroup.1=1:2:3\ngroup.2=4:5\ngroup.3=6\nweight.1=5\nweight.6=0\nversion=0`)
  expect(hasQuorum(config, new Set([2, 3, 4, 5]))).toBe(false)
  expect(hasQuorum(config, new Set([1, 4, 5]))).toBe(true)
  expect(hasQuorum(config, new Set([1, 4]))).toBe(false)
  expect(weightOf(config, 6)).toBe(0)
  expect(weightOf(config, 1)).toBe(5)
})

test('two quorums of one configuration always meet', () => {
  const ids = [1, 2, 3, 4, 5, 6, 7]
  const config = fc.record({
    groups: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 7, maxLength: 7 }),
    weights: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 7, maxLength: 7 }),
    isGrouped: fc.boolean(),
  })
  fc.assert(
    fc.property(config, fc.subarray(ids), fc.subarray(ids), ({ groups, weights, isGrouped }, left, right) => {
      const servers = ids.map((id) => `server.${id}=h${id}:1:2`)
      const grouped = [1, 2, 3]
        .map((group) => `group.${group}=${ids.filter((_, index) => groups[index] === group).join(':')}`)
        .filter((line) => !line.endsWith('='))
      const lines = isGrouped
        ? [...servers, ...grouped, ...ids.map((id, index) => `weight.${id}=${weights[index]}`)]
        : servers
      const parsed = parse(lines.join('\n'))
      const isBoth = hasEveryQuorum([parsed], new Set(left)) && hasEveryQuorum([parsed], new Set(right))
      if (isBoth) expect(left.some((id) => right.includes(id))).toBe(true)
    }),
  )
})
