import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ASSIGNORS,
  cooperativeStickyAssignor,
  keyOf,
  rangeAssignor,
  roundRobinAssignor,
  type Subscriber,
} from '../../../src/client/consumer/assignors.ts'
import {
  readAssignment,
  readSubscription,
  type TopicPartition,
  writeAssignment,
  writeSubscription,
} from '../../../src/client/consumer/consumer-protocol.ts'

function member(
  memberId: string,
  topics: readonly string[],
  owned: readonly TopicPartition[] = [],
  generationId = 1,
): Subscriber {
  return { memberId, instanceId: null, subscription: { topics, owned, generationId } }
}

const plain = (assignment: ReadonlyMap<string, readonly TopicPartition[]>): Record<string, string[]> =>
  Object.fromEntries([...assignment].map(([memberId, partitions]) => [memberId, partitions.map(keyOf)]))

test('range gives runs, the first members one more', () => {
  const assignment = rangeAssignor.assign(
    [member('b', ['t', 'u']), member('a', ['t', 'u'])],
    new Map([
      ['t', 3],
      ['u', 3],
    ]),
  )
  expect(plain(assignment)).toEqual({ a: ['t-0', 't-1', 'u-0', 'u-1'], b: ['t-2', 'u-2'] })
})

test('round robin goes on from topic to topic and skips who did not subscribe', () => {
  const assignment = roundRobinAssignor.assign(
    [member('a', ['t']), member('b', ['t', 'u'])],
    new Map([
      ['t', 3],
      ['u', 2],
    ]),
  )
  expect(plain(assignment)).toEqual({ a: ['t-0', 't-2'], b: ['t-1', 'u-0', 'u-1'] })
})

test('cooperative: what moves is withheld until its owner has given it up', () => {
  const owned = [0, 1, 2, 3].map((partition) => ({ topic: 't', partition }))
  const counts = new Map([['t', 4]])
  const first = cooperativeStickyAssignor.assign([member('a', ['t'], owned), member('b', ['t'])], counts)
  expect(plain(first)['a']).toHaveLength(2)
  expect(plain(first)['b']).toEqual([])
  const second = cooperativeStickyAssignor.assign([member('a', ['t'], first.get('a')), member('b', ['t'])], counts)
  expect(plain(second)['a']).toEqual(plain(first)['a'])
  expect(plain(second)['b']).toHaveLength(2)
})

test('cooperative: an older claim on a partition does not count', () => {
  const own = [{ topic: 't', partition: 0 }]
  const assignment = cooperativeStickyAssignor.assign(
    [member('a', ['t'], own, 3), member('b', ['t'], own, 4)],
    new Map([['t', 1]]),
  )
  expect(plain(assignment)).toEqual({ a: [], b: ['t-0'] })
})

test('every assignor gives each partition to at most one member, and the eager ones to exactly one', () => {
  const shape = fc.record({
    members: fc.array(fc.subarray(['t', 'u', 'v'], { minLength: 1 }), { minLength: 1, maxLength: 6 }),
    counts: fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }),
  })
  fc.assert(
    fc.property(shape, ({ members, counts }) => {
      const partitionCounts = new Map(['t', 'u', 'v'].map((topic, index) => [topic, counts[index] ?? 0]))
      const subscribers = members.map((topics, index) => member(`m${index}`, topics))
      const wanted = new Set(members.flat())
      const all = [...wanted].reduce((sum, topic) => sum + (partitionCounts.get(topic) ?? 0), 0)
      for (const assignor of ASSIGNORS) {
        const given = [...assignor.assign(subscribers, partitionCounts).values()].flat().map(keyOf)
        expect(new Set(given).size).toBe(given.length)
        expect(given.length).toBe(all)
      }
    }),
  )
})

test('subscriptions and assignments survive the wire; what is no assignment is empty', () => {
  const owned = [{ topic: 't', partition: 2 }]
  expect(readSubscription(writeSubscription({ topics: ['t'], owned, generationId: 5 }))).toEqual({
    topics: ['t'],
    owned,
    generationId: 5,
  })
  expect(readAssignment(writeAssignment(owned))).toEqual(owned)
  expect(readAssignment(new Uint8Array([0, 1, 255, 255]))).toEqual([])
})
