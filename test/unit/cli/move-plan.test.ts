import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planMoves } from '../../../src/cli/work/move-plan.ts'

const brokers = (...ids: readonly number[]) => ids.map((id) => ({ id, rack: null }))
const partitions = (...replicas: readonly (readonly number[])[]) =>
  replicas.map((list, partition) => ({ topic: 't', partition, replicas: list }))

test('a cluster that is even stays as it is', () => {
  expect(planMoves(partitions([1, 2], [2, 3], [3, 1]), brokers(1, 2, 3))).toEqual([])
})

test('a new broker gets its share, and no more is moved than that', () => {
  const plan = planMoves(partitions([1, 2], [2, 3], [3, 1], [1, 3]), brokers(1, 2, 3, 4))
  const copied = plan.flatMap(({ before, replicas }) => replicas.filter((id) => !before.includes(id)))
  expect(copied).toEqual([4, 4])
})

test('a drained broker keeps nothing', () => {
  const plan = planMoves(partitions([1, 2, 3], [2, 3, 1], [3, 1, 2]), brokers(1, 2, 4))
  expect(plan.map(({ replicas }) => [...replicas].sort().join())).toEqual(['1,2,4', '1,2,4', '1,2,4'])
})

test('replicas avoid a shared rack while there are racks enough', () => {
  const racks = [
    { id: 1, rack: 'a' },
    { id: 2, rack: 'a' },
    { id: 4, rack: 'b' },
  ]
  const plan = planMoves(partitions([1, 3], [2, 3]), racks)
  expect(plan.map(({ replicas }) => [...replicas].sort().join())).toEqual(['1,4', '2,4'])
})

test('too few brokers are refused with the partition’s name', () => {
  expect(() => planMoves(partitions([1, 2, 3]), brokers(1, 2))).toThrow(/t-0 has 3 replicas/)
})

test('whatever there is: replicas stay distinct and as many, only wanted brokers carry, and evenly', () => {
  const cluster = fc.integer({ min: 3, max: 7 }).chain((count) =>
    fc.record({
      replicas: fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 40,
      }),
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: count, maxLength: count }),
    }),
  )
  fc.assert(
    fc.property(cluster, ({ replicas, ids }) => {
      const before = partitions(...replicas)
      const plan = planMoves(before, brokers(...ids))
      const after = before.map(
        ({ partition, replicas: old }) => plan.find((move) => move.partition === partition)?.replicas ?? old,
      )
      const counts = new Map(ids.map((id) => [id, 0]))
      for (const [index, list] of after.entries()) {
        expect(new Set(list).size).toBe(replicas[index]?.length)
        for (const id of list) {
          expect(ids).toContain(id)
          counts.set(id, (counts.get(id) ?? 0) + 1)
        }
      }
      const spread = Math.max(...counts.values()) - Math.min(...counts.values())
      expect(spread).toBeLessThanOrEqual(1)
      expect(
        planMoves(
          after.map((list, partition) => ({ topic: 't', partition, replicas: list })),
          brokers(...ids),
        ).flatMap(({ before: old, replicas: list }) => list.filter((id) => !old.includes(id))),
      ).toEqual([])
    }),
  )
})
