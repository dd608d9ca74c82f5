import { expect, test } from 'vitest'
import { type ZooKeeperClient, KeeperErrorCode } from '../../../src/zookeeper/contract.ts'
import { bytesOf, KeeperWorld, settle, textOf } from './support.ts'

interface Attempt {
  readonly path: string
  readonly value: string
  isAcknowledged: boolean
}

/** Creates and overwrites nodes until the disk gives up; remembers what was promised. */
async function workUntilFailure(world: KeeperWorld, client: ZooKeeperClient, attempts: Attempt[]): Promise<void> {
  for (let index = 0; index < 12; index += 1) {
    const batch: Promise<unknown>[] = []
    for (let each = 0; each < 3; each += 1) {
      const attempt = { path: `/n${index}-${each}`, value: `v${index}`, isAcknowledged: false }
      attempts.push(attempt)
      batch.push(
        client.create(attempt.path, bytesOf(attempt.value)).then(
          () => {
            attempt.isAcknowledged = true
          },
          () => undefined,
        ),
      )
    }
    if (index === 5) batch.push(world.keeper.snapshot().catch(() => undefined))
    await world.time.advance(1)
    if (world.failures.length > 0) return
    await Promise.all(batch)
  }
}

async function operationsOfAnUndisturbedRun(): Promise<{ start: number; end: number }> {
  const world = new KeeperWorld({ snapshotEveryCount: 16 }).start()
  await world.time.advance(1)
  const client = await world.connect()
  const start = world.disk.operations
  await workUntilFailure(world, client, [])
  return { start, end: world.disk.operations }
}

test('whatever disk call fails, in full or torn, with or without power: what was acknowledged is there after the restart', async () => {
  const range = await operationsOfAnUndisturbedRun()
  expect(range.end - range.start).toBeGreaterThan(30)
  let failureCount = 0
  for (let failAt = range.start; failAt < range.end; failAt += 1) {
    for (const losesPower of [false, true]) {
      for (const tornBytes of [0, 7, 90]) {
        const world = new KeeperWorld({ snapshotEveryCount: 16 }).start()
        await world.time.advance(1)
        const client = await world.connect()
        world.disk.failAt = failAt
        world.disk.tornBytes = tornBytes
        const attempts: Attempt[] = []
        await workUntilFailure(world, client, attempts)
        if (world.failures.length > 0) failureCount += 1
        const where = `${world.disk.lastFailed || 'nothing failed'} at ${failAt}, torn ${tornBytes}, power ${losesPower}`
        world.crash(losesPower)
        world.start()
        const after = await world.connect()
        for (const attempt of attempts.filter((each) => each.isAcknowledged)) {
          expect(textOf((await after.getData(attempt.path)).data), where).toBe(attempt.value)
        }
      }
    }
  }
  expect(failureCount).toBeGreaterThan(30)
})

test('nothing is answered once the log has failed', async () => {
  const world = new KeeperWorld().start()
  await world.time.advance(1)
  const client = await world.connect()
  const states: (string | undefined)[] = []
  client.onSession((event) => states.push(event.state))
  world.disk.failAt = world.disk.operations
  await expect(client.create('/lost', null)).rejects.toMatchObject({ code: KeeperErrorCode.connectionLoss })
  await settle()
  expect(states).toEqual(['disconnected'])
  expect(world.failures.length).toBe(1)
})

test('sessions and their ephemerals survive a restart until their time is over', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  await client.create('/e', null, 'ephemeral')
  const session = client.sessionId
  world.crash(true)
  world.start()
  await world.time.advance(3000)
  expect(await client.exists('/e')).toBeDefined()
  expect(client.sessionId).toBe(session)
})

test('a lone create costs one write and one sync', async () => {
  const world = new KeeperWorld({ preallocateBytes: 1 << 20 }).start()
  const client = await world.connect()
  await world.time.advance(1)
  const before = world.disk.operations
  await client.create('/one', null)
  expect(world.disk.operations - before).toBe(2)
})

test('requests that come while a sync is under way share the next one', async () => {
  const world = new KeeperWorld({ preallocateBytes: 1 << 20 }).start()
  const client = await world.connect()
  await world.time.advance(1)
  const before = world.disk.operations
  const creates: Promise<unknown>[] = []
  for (let index = 0; index < 50; index += 1) creates.push(client.create(`/g${index}`, null))
  await Promise.all(creates)
  expect(world.disk.operations - before).toBeLessThanOrEqual(4)
})
