import { expect, test } from 'vitest'
import { KeeperErrorCode, type WatchEvent } from '../../../src/zookeeper/contract.ts'
import { connectZooKeeper } from '../../../src/zookeeper/client.ts'
import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import { bytesOf, KeeperWorld, settle, silentLog, textOf } from '../keeper/support.ts'

function full(world: KeeperWorld, chroot = ''): Promise<ZooKeeperFullClient> {
  return connectZooKeeper({
    transport: world.transport(),
    clock: world.time,
    timers: world.time,
    log: silentLog,
    sessionTimeoutMs: 6000,
    chroot,
  })
}

test('access lists are read, set and obeyed; an identity outlives the connection', async () => {
  const world = new KeeperWorld().start()
  const [one, two] = [await full(world), await full(world)]
  await one.addAuth('digest', bytesOf('user:user'))
  await one.createNode('/a', bytesOf('x'), { acl: [{ permissions: 31, scheme: 'auth', id: '' }] })
  const { acl, stat } = await one.getAcl('/a')
  expect(acl).toEqual([{ permissions: 31, scheme: 'digest', id: 'user:F46PeTVYeItL6aAyygIVQ9OaaeY=' }])
  expect(stat.aversion).toBe(0)
  await expect(two.getData('/a')).rejects.toMatchObject({ code: KeeperErrorCode.noAuth })
  expect((await one.setAcl('/a', [{ permissions: 1, scheme: 'world', id: 'anyone' }, ...acl], 0)).aversion).toBe(1)
  expect(textOf((await two.getData('/a')).data)).toBe('x')
  await expect(one.setAcl('/a', acl, 0)).rejects.toMatchObject({ code: KeeperErrorCode.badVersion })
  for (const stream of [...world.streams]) stream.drop()
  await world.time.advance(50)
  expect((await one.setData('/a', null)).version).toBe(1)
  expect(await one.whoAmI()).toContainEqual({ scheme: 'digest', user: 'user' })
  await expect(two.setData('/a', null)).rejects.toMatchObject({ code: KeeperErrorCode.noAuth })
})

test('an identity that the server refuses ends the session, and says so', async () => {
  const world = new KeeperWorld().start()
  const client = await full(world)
  const states: (string | undefined)[] = []
  client.onSession((event) => states.push(event.state))
  await expect(client.addAuth('nobody-knows-it', bytesOf('x'))).rejects.toMatchObject({
    code: KeeperErrorCode.authFailed,
  })
  await expect(client.getData('/')).rejects.toMatchObject({ code: KeeperErrorCode.authFailed })
  expect(states).toEqual(['authFailed'])
})

test('persistent watches stay, also over a reconnect; recursive ones see all below', async () => {
  const world = new KeeperWorld().start()
  const [one, two] = [await full(world), await full(world)]
  const events: string[] = []
  const watcher =
    (name: string) =>
    (event: WatchEvent): void => {
      events.push(`${name} ${event.type} ${event.path}`)
    }
  await two.create('/p', null)
  await one.addWatch('/p', 'persistent', watcher('plain'))
  await one.addWatch('/p', 'recursive', watcher('deep'))
  await two.setData('/p', null)
  await two.create('/p/c', null)
  await two.create('/p/c/d', null)
  await settle()
  expect(events.splice(0)).toEqual([
    'plain dataChanged /p',
    'deep dataChanged /p',
    'deep created /p/c',
    'plain childrenChanged /p',
    'deep created /p/c/d',
  ])
  for (const stream of [...world.streams]) stream.drop()
  await world.time.advance(50)
  await two.setData('/p', null)
  await two.delete('/p/c/d')
  await settle()
  expect(events.splice(0)).toEqual(['plain dataChanged /p', 'deep dataChanged /p', 'deep deleted /p/c/d'])
  await one.removeWatches('/p', 'recursive')
  await two.setData('/p/c', null)
  await two.setData('/p', null)
  await settle()
  expect(events.splice(0)).toEqual(['deep persistentWatchRemoved /p', 'plain dataChanged /p'])
  await expect(one.removeWatches('/p', 'recursive')).rejects.toMatchObject({ code: KeeperErrorCode.noWatcher })
  await one.removeWatches('/p', 'any')
  await two.setData('/p', null)
  await settle()
  expect(events).toEqual(['plain persistentWatchRemoved /p'])
})

test('under a chroot every operation speaks of paths as the caller knows them', async () => {
  const world = new KeeperWorld({ extendedTypesEnabled: true }).start()
  const bare = await full(world)
  await bare.create('/root', null)
  const client = await full(world, '/root')
  const events: string[] = []
  const watcher = (event: WatchEvent): void => {
    events.push(`${event.type} ${event.path}`)
  }
  await client.addWatch('/', 'recursive', watcher)
  await client.addWatch('/', 'recursive', watcher)
  expect((await client.createNode('/t', null, { ttlMs: 1000 })).path).toBe('/t')
  const mode = 'persistent-sequential' as const
  expect((await client.createNode('/t/s-', null, { mode, ttlMs: 1000 })).path).toBe('/t/s-0000000000')
  await client.create('/e', bytesOf('1'), 'ephemeral')
  await client.sync('/')
  expect(await client.getEphemerals()).toEqual(['/e'])
  expect(await client.getEphemerals('/t')).toEqual([])
  expect(await client.getAllChildrenNumber('/')).toBe(3)
  expect(
    await client.multiRead([
      { kind: 'getData', path: '/e' },
      { kind: 'getChildren', path: '/' },
      { kind: 'getData', path: '/none' },
    ]),
  ).toMatchObject([
    { kind: 'getData', data: bytesOf('1') },
    { kind: 'getChildren', children: expect.arrayContaining(['e', 't']) },
    { kind: 'error', code: KeeperErrorCode.noNode },
  ])
  await settle()
  expect(events).toEqual(['created /t', 'created /t/s-0000000000', 'created /e'])
  expect((await bare.getAcl('/root/t')).acl).toEqual([{ permissions: 31, scheme: 'world', id: 'anyone' }])
})
