import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LocalPlacement, placeReplicas, shardOf } from '../../../src/cluster/placement.ts'

const broker = (id: number, rack: string | null = null) => ({ id, endpoints: [], rack })

test('leaders go round and followers are shifted, as a 3.9 cluster was seen to place them', () => {
  const seen = [
    [3, 1, 2],
    [1, 2, 3],
    [2, 3, 1],
  ]
  const placed = placeReplicas(
    [1, 2, 3].map((id) => broker(id)),
    0,
    3,
    3,
    { start: 2, shift: 0 },
  )
  expect([...placed.values()]).toEqual(seen)
  const added = placeReplicas(
    [1, 2, 3].map((id) => broker(id)),
    3,
    2,
    3,
    { start: 2, shift: 2 },
  )
  expect([...added]).toEqual([
    [3, [3, 2, 1]],
    [4, [1, 3, 2]],
  ])
})

test('replicas are distinct, leaders even, and racks not shared while there are enough', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 3 }),
      (brokerCount, partitionCount, start, shift, rackCount) => {
        const brokers = Array.from({ length: brokerCount }, (_, id) =>
          broker(id, rackCount === 0 ? null : `r${id % rackCount}`),
        )
        const factor = 1 + (start % brokerCount)
        const placed = placeReplicas(brokers, 0, partitionCount, factor, {
          start: start % brokerCount,
          shift: shift % brokerCount,
        })
        const leaders = new Map<number, number>()
        for (const replicas of placed.values()) {
          expect(new Set(replicas).size).toBe(factor)
          leaders.set(replicas[0] ?? -1, (leaders.get(replicas[0] ?? -1) ?? 0) + 1)
          if (rackCount > 0) {
            const racks = new Set(replicas.map((id) => id % rackCount))
            expect(racks.size).toBe(Math.min(factor, rackCount, brokerCount))
          }
        }
        if (partitionCount >= brokerCount)
          expect(Math.max(...leaders.values()) - Math.min(...leaders.values())).toBeLessThanOrEqual(1)
      },
    ),
  )
})

test('a replica goes where its files lie, else to the directory with the fewest; handles are never reused', () => {
  const placement = new LocalPlacement(2, ['a', 'b'], new Map([['t-1', 'b']]))
  const places = [0, 1, 2, 3].map((partition) => placement.here('t', partition))
  expect(places.map(({ directory }) => directory)).toEqual(['a', 'b', 'a', 'b'])
  placement.free('t', 0, places[0]!)
  placement.free('t', 2, places[2]!)
  expect(placement.here('u', 0)).toMatchObject({ directory: 'a', handle: 4 })
  expect(placement.elsewhere()).toEqual({ handle: 5, shard: -1, directory: '' })
})

test('a partition’s shard does not depend on when it was made, and one topic uses all shards', () => {
  expect(new Set([0, 1, 2, 3].map((partition) => shardOf('orders', partition, 4))).size).toBe(4)
  expect(shardOf('orders', 2, 4)).toBe(shardOf('orders', 2, 4))
})
