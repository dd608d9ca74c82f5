import { expect, test } from 'vitest'
import { KeeperErrorCode, type WatchEvent } from '../../../src/zookeeper/contract.ts'
import { bytesOf, KeeperWorld, settle, textOf } from '../keeper/support.ts'

test('a client makes, reads, changes and deletes nodes', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const made = await client.create('/a', bytesOf('one'))
  expect(made.path).toBe('/a')
  expect(made.stat).toMatchObject({ version: 0, dataLength: 3, ephemeralOwner: '0', czxid: 2 })
  const changed = await client.setData('/a', bytesOf('two'), 0)
  expect(changed.version).toBe(1)
  expect(textOf((await client.getData('/a')).data)).toBe('two')
  await expect(client.setData('/a', null, 0)).rejects.toMatchObject({ code: KeeperErrorCode.badVersion })
  await client.create('/a/b', null)
  expect((await client.getChildren('/a')).children).toEqual(['b'])
  await expect(client.delete('/a')).rejects.toMatchObject({ code: KeeperErrorCode.notEmpty, path: '/a' })
  await client.delete('/a/b')
  await client.delete('/a', 1)
  expect(await client.exists('/a')).toBeUndefined()
})

test('sequential names count every child of the parent', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  await client.create('/q', null)
  const names = []
  for (let index = 0; index < 3; index += 1) {
    names.push((await client.create('/q/n-', null, 'persistent-sequential')).path)
    await client.delete(names.at(-1)!)
  }
  names.push((await client.create('/q/e-', null, 'ephemeral-sequential')).path)
  expect(names).toEqual(['/q/n-0000000000', '/q/n-0000000001', '/q/n-0000000002', '/q/e-0000000003'])
})

test('a watch fires before the reply that reveals its change, and after the reply that set it', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const order: string[] = []
  await client.create('/w', null)
  const watcher = (event: WatchEvent): void => {
    order.push(event.type)
  }
  void client.getData('/w', watcher).then(() => order.push('got'))
  void client.setData('/w', bytesOf('x')).then(() => order.push('set'))
  void client.getData('/w').then(({ data }) => order.push(`read ${textOf(data)}`))
  await settle()
  expect(order).toEqual(['got', 'dataChanged', 'set', 'read x'])
})

test('exists watches a node that is not there yet; children and deletion are told', async () => {
  const world = new KeeperWorld().start()
  const [one, two] = [await world.connect(), await world.connect()]
  const events: string[] = []
  const watcher = (event: WatchEvent): void => {
    events.push(`${event.type} ${event.path}`)
  }
  expect(await one.exists('/later', watcher)).toBeUndefined()
  await one.getChildren('/', watcher)
  await two.create('/later', null)
  await settle()
  expect(events).toEqual(['created /later', 'childrenChanged /'])
  await one.getChildren('/later', watcher)
  await one.getData('/later', watcher)
  await two.delete('/later')
  await settle()
  expect(events.slice(2)).toEqual(['deleted /later'])
  await two.create('/later', null)
  await settle()
  expect(events.length).toBe(3)
})

test('a multi is all or nothing', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const done = await client.multi([
    { kind: 'create', path: '/m', data: bytesOf('1'), mode: 'persistent' },
    { kind: 'create', path: '/m/s-', data: null, mode: 'persistent-sequential' },
    { kind: 'set', path: '/m', data: bytesOf('2'), version: 0 },
    { kind: 'check', path: '/m', version: 1 },
  ])
  expect(done.map((result) => result.kind)).toEqual(['create', 'create', 'set', 'check'])
  // Asked for as Java's client asks: without the stat.
  expect(done[1]).toEqual({ kind: 'create', path: '/m/s-0000000000', stat: undefined })
  const refused = await client.multi([
    { kind: 'create', path: '/m/s-', data: null, mode: 'persistent-sequential' },
    { kind: 'delete', path: '/nowhere', version: -1 },
    { kind: 'delete', path: '/m', version: -1 },
  ])
  expect(refused).toEqual([
    { kind: 'error', code: 0 },
    { kind: 'error', code: KeeperErrorCode.noNode },
    { kind: 'error', code: -2 },
  ])
  // The failed multi's sequence number is given back with everything else.
  expect((await client.create('/m/s-', null, 'persistent-sequential')).path).toBe('/m/s-0000000001')
})

test('a dropped connection keeps the session, its ephemerals and its watches', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const other = await world.connect()
  const events: string[] = []
  const states: (string | undefined)[] = []
  client.onSession((event) => states.push(event.state))
  await client.create('/e', null, 'ephemeral')
  await client.create('/d', null)
  await client.getData('/d', (event) => events.push(`${event.type} ${event.path}`))
  await client.exists('/gone', (event) => events.push(`${event.type} ${event.path}`))
  await client.getChildren('/d', (event) => events.push(`${event.type} ${event.path}`))
  const session = client.sessionId
  const [stream] = world.streams
  stream!.drop()
  await other.create('/gone', null)
  await world.time.advance(50)
  expect(client.sessionId).toBe(session)
  expect(states).toEqual(['disconnected', 'connected'])
  expect(events).toEqual(['created /gone'])
  await other.setData('/d', bytesOf('x'))
  await other.create('/d/c', null)
  await settle()
  expect(events.slice(1)).toEqual(['dataChanged /d', 'childrenChanged /d'])
  expect(await other.exists('/e')).toBeDefined()
})

test('requests in flight when the connection drops fail; those made while it is away wait', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const inFlight = client.create('/x', null)
  const [stream] = world.streams
  stream!.drop()
  await expect(inFlight).rejects.toMatchObject({ code: KeeperErrorCode.connectionLoss })
  const waiting = client.create('/y', null)
  await world.time.advance(100)
  expect((await waiting).path).toBe('/y')
})

test('a client that comes back too late is told that its session expired', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const other = await world.connect()
  const states: (string | undefined)[] = []
  client.onSession((event) => states.push(event.state))
  await client.create('/e', null, 'ephemeral')
  world.isReachable = false
  const [stream] = world.streams
  stream!.drop()
  await world.time.advance(9000)
  expect(await other.exists('/e')).toBeUndefined()
  world.isReachable = true
  await world.time.advance(2000)
  expect(states).toEqual(['disconnected', 'expired'])
  await expect(client.getData('/')).rejects.toMatchObject({ code: KeeperErrorCode.sessionExpired })
})

test('pings keep an idle session alive; a silent server is left for another', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  await client.create('/e', null, 'ephemeral')
  await world.time.advance(60_000)
  expect(await client.exists('/e')).toBeDefined()
})

test('closing ends the session and its ephemerals at once', async () => {
  const world = new KeeperWorld().start()
  const client = await world.connect()
  const other = await world.connect()
  await client.create('/e', null, 'ephemeral')
  await client.close()
  expect(await other.exists('/e')).toBeUndefined()
  await expect(client.getData('/')).rejects.toMatchObject({ code: KeeperErrorCode.sessionExpired })
})

test('an end that no server confirms is waited for until somebody closes again', async () => {
  const world = new KeeperWorld().start()
  const transport = world.transport()
  let isMute = false
  const client = await world.connect({
    transport: {
      connect: (handlers) => {
        const stream = transport.connect(handlers)
        return { send: (bytes) => (isMute ? undefined : stream.send(bytes)), close: () => stream.close() }
      },
    },
  })
  isMute = true
  const closing = client.close()
  await settle()
  expect(world.streams.size).toBe(1)
  await client.close()
  await closing
  expect(world.streams.size).toBe(0)
})

test('a chroot is invisible to its user', async () => {
  const world = new KeeperWorld().start()
  const root = await world.connect()
  await root.create('/app', null)
  const client = await world.connect({ chroot: '/app' })
  const events: WatchEvent[] = []
  await client.exists('/n', (event) => events.push(event))
  expect((await client.create('/n', null)).path).toBe('/n')
  await client.multi([{ kind: 'create', path: '/m', data: null, mode: 'persistent' }])
  expect((await client.getChildren('/')).children).toEqual(['n', 'm'])
  expect((await root.getChildren('/app')).children).toEqual(['n', 'm'])
  expect(events).toEqual([{ type: 'created', path: '/n', zxid: 4 }])
})

test('of several servers one that is frozen costs its share of the session timeout, and the session outlives it', async () => {
  const world = new KeeperWorld().start()
  const transport = world.transport()
  const dialledAtMs: number[] = []
  let isFrozen = false
  const client = await world.connect({
    transport: {
      serverCount: 3,
      connect: (handlers) => {
        dialledAtMs.push(world.time.monotonicMs())
        const isSilent = isFrozen && dialledAtMs.length < 4
        const stream = transport.connect(isSilent ? { ...handlers, received: () => undefined } : handlers)
        return { send: (bytes) => (isSilent ? undefined : stream.send(bytes)), close: () => stream.close() }
      },
    },
  })
  await client.create('/e', null, 'ephemeral')
  isFrozen = true
  for (const stream of [...world.streams]) stream.drop()
  await settle()
  for (let waitedMs = 0; waitedMs < 6_000; waitedMs += 100) await world.time.advance(100)
  expect(await client.exists('/e')).toBeDefined()
  expect(dialledAtMs).toHaveLength(4)
  const [, second = 0, third = 0, fourth = 0] = dialledAtMs
  for (const waitedMs of [third - second, fourth - third]) expect(waitedMs).toBeLessThan(3_500)
})

test('without a server the client gives up when told to', async () => {
  const world = new KeeperWorld().start()
  world.isReachable = false
  const connecting = world.connect({ connectTimeoutMs: 500 })
  const outcome = expect(connecting).rejects.toMatchObject({ code: KeeperErrorCode.connectionLoss })
  await world.time.advance(2000)
  await outcome
})
