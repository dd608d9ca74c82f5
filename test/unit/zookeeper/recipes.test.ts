import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeeperErrorCode } from '../../../src/zookeeper/contract.ts'
import { Barrier, DoubleBarrier } from '../../../src/zookeeper/recipes/barrier.ts'
import { Counter } from '../../../src/zookeeper/recipes/counter.ts'
import { LeaderElection } from '../../../src/zookeeper/recipes/leader-election.ts'
import { Lock, ReadWriteLock } from '../../../src/zookeeper/recipes/lock.ts'
import type { Place } from '../../../src/zookeeper/recipes/place.ts'
import { Queue } from '../../../src/zookeeper/recipes/queue.ts'
import { bytesOf, KeeperWorld, settle, textOf } from '../keeper/support.ts'
import { childrenOf, connectBreakable, countingEntropy, expire, type TestClient } from './recipes-support.ts'

async function settled(world: KeeperWorld): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await world.time.advance(20)
}

/** Lets time pass until something is done. */
async function finished<Result>(world: KeeperWorld, work: Promise<Result>): Promise<Result> {
  let isDone = false
  const note = (): void => {
    isDone = true
  }
  work.then(note, note)
  for (let turn = 0; turn < 500 && !isDone; turn += 1) await world.time.advance(20)
  expect(isDone).toBe(true)
  return work
}

async function worldOf(count: number): Promise<{ world: KeeperWorld; clients: TestClient[] }> {
  const world = new KeeperWorld().start()
  const clients: TestClient[] = []
  for (let index = 0; index < count; index += 1) clients.push(await connectBreakable(world))
  return { world, clients }
}

describe('lock', () => {
  test('goes to those who wait in the order in which they came, and wakes only one of them', async () => {
    const { world, clients } = await worldOf(3)
    const entropy = countingEntropy()
    const places = clients.map(({ client }) => new Lock(client, '/locks/a', entropy).enter())
    await settled(world)
    expect(places.map((place) => place.isGranted)).toEqual([true, false, false])
    const watching = (path: string): number => {
      const watches = [...(world.keeper.server?.tree.watches.data.paths() ?? [])]
      return watches.find(([at]) => at === path)?.[1].size ?? 0
    }
    const paths = await Promise.all(places.map((place) => place.path()))
    expect(paths.map(watching)).toEqual([1, 1, 0])
    await places[1]?.leave()
    await settled(world)
    expect(places.map((place) => place.isGranted)).toEqual([true, false, false])
    await places[0]?.leave()
    await settled(world)
    expect(places.map((place) => place.isGranted)).toEqual([false, false, true])
  })

  test('is free again when its holder dies; the holder is told, and its token is lower than the next one', async () => {
    const { world, clients } = await worldOf(2)
    const entropy = countingEntropy()
    const [one, two] = clients as [TestClient, TestClient]
    const held = await new Lock(one.client, '/lock', entropy).acquire()
    const token = await held.fencingToken()
    let lostCount = 0
    held.onLost(() => (lostCount += 1))
    const next = new Lock(two.client, '/lock', entropy).enter()
    await settled(world)
    expect(next.isGranted).toBe(false)
    await expire(world, one)
    expect(next.isGranted).toBe(true)
    await settled(world)
    expect([held.isGranted, lostCount]).toEqual([false, 1])
    expect(await next.fencingToken()).toBeGreaterThan(token)
    await expect(held.fencingToken()).rejects.toMatchObject({ code: KeeperErrorCode.sessionExpired })
  })

  test('a waiter whose session ends is told so instead of waiting for ever', async () => {
    const { world, clients } = await worldOf(3)
    const entropy = countingEntropy()
    const [one, two, three] = clients as [TestClient, TestClient, TestClient]
    await new Lock(one.client, '/lock', entropy).acquire()
    const expired = new Lock(two.client, '/lock', entropy).enter()
    const closed = new Lock(three.client, '/lock', entropy).enter()
    await settled(world)
    await Promise.all([expire(world, two), three.client.close()])
    await settled(world)
    await expect(expired.granted).rejects.toMatchObject({ code: KeeperErrorCode.sessionExpired })
    await expect(closed.granted).rejects.toMatchObject({ code: KeeperErrorCode.sessionExpired })
    expect(childrenOf(world, '/lock')).toHaveLength(1)
  })

  test('an answer lost at any moment leaves neither a second node nor a forgotten one', async () => {
    for (let lostAfter = 0; lostAfter < 12; lostAfter += 1) {
      const { world, clients } = await worldOf(1)
      const [one] = clients as [TestClient]
      const lock = new Lock(one.client, '/deep/lock', countingEntropy())
      one.transport.breakAfterSends = lostAfter
      const acquiring = lock.acquire()
      await settled(world)
      const place = await acquiring
      expect(childrenOf(world, '/deep/lock')).toEqual([await place.path()])
      const leaving = place.leave()
      await settled(world)
      await leaving
      expect(childrenOf(world, '/deep/lock')).toEqual([])
    }
  })

  test('tryAcquire does not wait and leaves nothing behind', async () => {
    const { world, clients } = await worldOf(2)
    const entropy = countingEntropy()
    const [one, two] = clients as [TestClient, TestClient]
    const held = await new Lock(one.client, '/lock', entropy).tryAcquire()
    expect(held?.isGranted).toBe(true)
    expect(await new Lock(two.client, '/lock', entropy).tryAcquire()).toBeUndefined()
    expect(childrenOf(world, '/lock')).toHaveLength(1)
  })

  const step = fc.record({
    act: fc.constantFrom('enter', 'enter', 'leave', 'leave', 'drop', 'lose answer', 'expire', 'rest'),
    who: fc.nat(3),
  })

  test('any interleaving: one holder at most, first come first served, nobody waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { world, clients } = await worldOf(4)
        const entropy = countingEntropy()
        const places: { place: Place; who: number }[] = []
        const grantOrder: string[] = []
        const check = (): void => {
          const line = childrenOf(world, '/lock')
          const holders = grantOrder.filter((path) => line.includes(path))
          // A granted node stays until it is left or dies, so two of them alive are two holders.
          expect(holders.length).toBeLessThanOrEqual(1)
        }
        for (const { act, who } of steps) {
          const one = clients[who]
          if (one === undefined) continue
          if (act === 'enter') {
            const place = new Lock(one.client, '/lock', entropy).enter()
            places.push({ place, who })
            void place.granted.then(
              async () => grantOrder.push(await place.path()),
              () => {},
            )
          }
          if (act === 'leave') {
            const at = places.findIndex((entry) => entry.who === who)
            if (at >= 0) void places.splice(at, 1)[0]?.place.leave()
          }
          if (act === 'drop') one.transport.drop()
          if (act === 'lose answer') one.transport.breakAfterSends = 0
          if (act === 'expire') {
            await expire(world, one)
            clients[who] = await Promise.all([connectBreakable(world), settled(world)]).then(([made]) => made)
          }
          if (act === 'rest') await world.time.advance(20)
          else await settle()
          check()
        }
        await settled(world)
        for (let round = 0; round < 40 && places.length > 0; round += 1) {
          await settled(world)
          check()
          const at = places.findIndex(({ place }) => place.isGranted)
          if (at < 0) break
          const leaving = places.splice(at, 1)[0]?.place.leave()
          await settled(world)
          await leaving
        }
        const stillWaiting = await Promise.all(
          places.map(({ place }) =>
            Promise.race([place.granted.catch(() => 'told'), Promise.resolve().then(() => 'waits')]),
          ),
        )
        expect(stillWaiting.filter((state) => state === 'waits')).toEqual([])
        const numbers = grantOrder.map((path) => Number(path.slice(-10)))
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
        expect(childrenOf(world, '/lock')).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

test('read/write lock: readers together, writers alone, nobody overtakes', async () => {
  const { world, clients } = await worldOf(5)
  const entropy = countingEntropy()
  const places: Place[] = []
  for (const [index, { client }] of clients.entries()) {
    const lock = new ReadWriteLock(client, '/rw', entropy)
    places.push(index === 2 || index === 4 ? lock.enterToWrite() : lock.enterToRead())
    await settled(world)
  }
  const granted = (): boolean[] => places.map((place) => place.isGranted)
  expect(granted()).toEqual([true, true, false, false, false])
  await places[0]?.leave()
  await settled(world)
  expect(granted()).toEqual([false, true, false, false, false])
  await expire(world, clients[1] as TestClient)
  expect(granted()).toEqual([false, expect.anything(), true, false, false])
  await places[2]?.leave()
  await settled(world)
  expect(granted()).toEqual([false, false, false, true, false])
  await places[3]?.leave()
  await settled(world)
  expect(granted()).toEqual([false, false, false, false, true])
})

test('leader election: the longest standing leads, and the next when it is gone', async () => {
  const { world, clients } = await worldOf(3)
  const entropy = countingEntropy()
  const elections = clients.map(({ client }) => new LeaderElection(client, '/election', entropy))
  expect(await elections[0]?.leader()).toBeUndefined()
  const places = elections.map((election, index) => election.stand(bytesOf(`candidate ${index}`)))
  await settled(world)
  expect(textOf((await elections[2]?.leader())?.data ?? null)).toBe('candidate 0')
  await expire(world, clients[0] as TestClient)
  await settled(world)
  expect(places.map((place) => place.isGranted)).toEqual([false, true, false])
  expect(textOf((await elections[2]?.leader())?.data ?? null)).toBe('candidate 1')
  await places[1]?.leave()
  await settled(world)
  expect(places[2]?.isGranted).toBe(true)
})

test('barrier: holds all until it is opened', async () => {
  const { world, clients } = await worldOf(3)
  const barriers = clients.map(({ client }) => new Barrier(client, '/gate'))
  await barriers[0]?.wait()
  await barriers[0]?.close()
  let passedCount = 0
  for (const barrier of barriers.slice(1)) void barrier.wait().then(() => (passedCount += 1))
  await settled(world)
  clients[1]?.transport.drop()
  await settled(world)
  expect(passedCount).toBe(0)
  await barriers[0]?.open()
  await settled(world)
  expect(passedCount).toBe(2)
})

test('double barrier: starts when enough are in, ends when all are out; a dead member does not hold the others', async () => {
  const { world, clients } = await worldOf(4)
  const entropy = countingEntropy()
  const barriers = clients.map(({ client }) => new DoubleBarrier(client, '/round', 4, entropy))
  const entered = new Set<number>()
  const left = new Set<number>()
  for (const [index, barrier] of barriers.slice(0, 3).entries()) void barrier.enter().then(() => entered.add(index))
  await settled(world)
  expect(entered.size).toBe(0)
  clients[3]!.transport.breakAfterSends = 1
  void barriers[3]?.enter().then(() => entered.add(3))
  await settled(world)
  expect(entered.size).toBe(4)
  for (const index of [0, 1]) void barriers[index]?.leave().then(() => left.add(index))
  await settled(world)
  expect(left.size).toBe(0)
  void barriers[2]?.leave().then(() => left.add(2))
  await expire(world, clients[3] as TestClient)
  await settled(world)
  expect([...left].sort()).toEqual([0, 1, 2])
  expect(childrenOf(world, '/round')).toEqual([])
})

test('queue: each item once, in order, also when answers are lost at any moment', async () => {
  for (let lostAfter = 0; lostAfter < 30; lostAfter += 1) {
    const { world, clients } = await worldOf(2)
    const entropy = countingEntropy()
    const [one, two] = clients as [TestClient, TestClient]
    const [producer, consumer] = [new Queue(one.client, '/queue', entropy), new Queue(two.client, '/queue', entropy)]
    one.transport.breakAfterSends = lostAfter
    two.transport.breakAfterSends = lostAfter
    const taken: (string | null)[] = []
    const work = (async () => {
      for (let count = 0; count < 4; count += 1) taken.push(textOf((await consumer.take()).data))
    })()
    const feed = (async () => {
      for (const item of ['a', 'b', 'c', 'd']) await producer.offer(bytesOf(item))
    })()
    await finished(world, Promise.all([work, feed]))
    expect(taken).toEqual(['a', 'b', 'c', 'd'])
    expect(await finished(world, consumer.poll())).toBeUndefined()
    expect(childrenOf(world, '/queue')).toEqual([])
  }
})

test('queue: many consumers share the items; one that waits while its session ends is told', async () => {
  const { world, clients } = await worldOf(4)
  const entropy = countingEntropy()
  const queues = clients.map(({ client }) => new Queue(client, '/queue', entropy))
  const taken: (string | null)[] = []
  const waiting = queues.slice(1).map(async (queue) => {
    for (;;) taken.push(textOf((await queue.take()).data))
  })
  for (let item = 0; item < 20; item += 1) await queues[0]?.offer(bytesOf(String(item)))
  await settled(world)
  expect(taken.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, item) => item))
  for (const one of clients.slice(1)) await expire(world, one)
  await settled(world)
  for (const one of waiting) await expect(one).rejects.toMatchObject({ code: KeeperErrorCode.sessionExpired })
})

test('counter: every add counts once, under races and lost answers', async () => {
  for (let lostAfter = 0; lostAfter < 20; lostAfter += 1) {
    const { world, clients } = await worldOf(3)
    const entropy = countingEntropy()
    const counters = clients.map(({ client }) => new Counter(client, '/n', entropy))
    for (const { transport } of clients) transport.breakAfterSends = lostAfter
    const sums = Promise.all(counters.flatMap((counter) => [counter.add(1), counter.add(10), counter.add(-3)]))
    expect(new Set(await finished(world, sums)).size).toBeLessThanOrEqual(9)
    expect(await finished(world, counters[0]!.value())).toBe(24)
    expect(childrenOf(world, '/n')).toEqual([])
  }
  const { clients } = await worldOf(1)
  const [one] = clients as [TestClient]
  await one.client.create('/text', bytesOf('twelve'))
  await expect(new Counter(one.client, '/text', countingEntropy()).add(1)).rejects.toThrow(RangeError)
})
