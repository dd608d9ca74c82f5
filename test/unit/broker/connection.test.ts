import { expect, test } from 'vitest'
import { ANSWER_BYTES_QUEUED_MAX, REQUESTS_IN_FLIGHT_MAX } from '../../../src/broker/limits.ts'
import { batchOf } from '../../support/log-world.ts'
import { apiVersionsV, fetchOf, fetchV, joinGroupV, listOffsetsV, produceOf, produceV } from './exchanges.ts'
import { BrokerWorld, frameOf, MIB, parseFrame } from './support.ts'

const software = { clientSoftwareName: 'x', clientSoftwareVersion: '1' }
const latest = { topics: [{ name: 'events', partitions: [{ partitionIndex: 0, timestamp: -1 }] }] }

test('pipelined requests of all kinds are answered in order, and each sees the effects of those before it', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  client.send(produceV(9), produceOf('events', batchOf(2), 9))
  client.send(produceV(9), produceOf('events', batchOf(3), 9))
  client.send(listOffsetsV(7), latest)
  client.send(apiVersionsV(3), software)
  client.send(produceV(9), produceOf('events', batchOf(1), 9))
  client.send(fetchV(12), fetchOf('events', 0, 12))
  client.send(listOffsetsV(7), latest)
  await world.run()
  const frames = client.frames()
  expect(frames.map((frame) => new DataView(frame.buffer).getInt32(0))).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(parseFrame(listOffsetsV(7), frames[2] as Uint8Array).response.topics[0]?.partitions[0]?.offset).toBe(5)
  expect(parseFrame(fetchV(12), frames[5] as Uint8Array).response.responses[0]?.partitions[0]?.highWatermark).toBe(6)
  expect(parseFrame(listOffsetsV(7), frames[6] as Uint8Array).response.topics[0]?.partitions[0]?.offset).toBe(6)
})

test('answers of one turn leave in one write', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  for (let index = 0; index < 5; index += 1) client.send(produceV(9), produceOf('events', batchOf(1), 9))
  world.turns.run()
  expect(client.socket.writes).toEqual([1])
  expect(client.frames().length).toBe(5)
})

test('a lone small answer takes the shorter way, and the next one may follow at once', async () => {
  const world = await BrokerWorld.start()
  const client = world.connect()
  client.socket.offerDirect('sent')
  for (let index = 0; index < 3; index += 1) {
    client.send(apiVersionsV(3), software)
    world.turns.run()
    expect(client.frames().length).toBe(1)
  }
  expect(client.socket.direct.length).toBe(3)
  expect(client.socket.writes).toEqual([])
})

test('an answer that the shorter way keeps is waited for, and nothing overtakes it', async () => {
  const world = await BrokerWorld.start()
  const client = world.connect()
  client.socket.isTaking = false
  client.socket.offerDirect('kept')
  client.send(apiVersionsV(3), software)
  world.turns.run()
  client.send(apiVersionsV(0), {})
  client.send(apiVersionsV(3), software)
  world.turns.run()
  expect(client.frames().length).toBe(1)
  client.socket.take()
  await world.run()
  expect(client.frames().length).toBe(2)
  expect(client.socket.direct.length).toBe(1)
  expect(client.socket.writes).toEqual([1])
})

test('an answer that the shorter way refuses, or that holds more than it takes, is written as any other', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  client.socket.offerDirect('refused')
  client.send(produceV(9), produceOf('events', batchOf(1, {}, 64 * 1024), 9))
  world.turns.run()
  expect(client.socket.writes).toEqual([1])
  client.socket.offerDirect('sent')
  client.send(fetchV(12), fetchOf('events', 0, 12))
  await world.run()
  expect(client.frames().length).toBe(2)
  expect(client.socket.direct).toEqual([])
})

test('no more than the named number of requests is in flight, and those held back are answered later', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  const frame = frameOf(produceV(9), produceOf('events', batchOf(1), 9), 1)
  const count = REQUESTS_IN_FLIGHT_MAX + 50
  const bytes = new Uint8Array(frame.length * count)
  for (let index = 0; index < count; index += 1) bytes.set(frame, index * frame.length)
  client.socket.push(bytes)
  expect(client.socket.isPaused).toBe(true)
  world.turns.run()
  expect(client.frames().length).toBe(REQUESTS_IN_FLIGHT_MAX)
  await world.run()
  expect(client.frames().length).toBe(50)
  expect(client.socket.isPaused).toBe(false)
})

test('a peer that does not read its answers is not read from, and gets them all once it reads again', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  for (let index = 0; index < 8; index += 1)
    await client.ask(produceV(9), produceOf('events', batchOf(1, {}, 100_000), 9))
  client.socket.isTaking = false
  const asked = 40
  for (let index = 0; index < asked; index += 1) client.send(fetchV(12), fetchOf('events', 0, 12))
  await world.run()
  const before = client.frames().length
  expect(before).toBeLessThanOrEqual(2)
  expect(client.socket.isPaused).toBe(true)
  expect(client.socket.waitingBytes).toBeGreaterThan(0)
  expect(world.broker.counters.connections).toBe(1)
  let answered = before
  for (let round = 0; round < asked * 2 && answered < asked; round += 1) {
    client.socket.take()
    await world.run()
    answered += client.frames().length
  }
  expect(answered).toBe(asked)
  expect(ANSWER_BYTES_QUEUED_MAX).toBeLessThan(800_000)
})

test('a full arena stops the connections that need memory, and they go on when there is room', async () => {
  const world = await BrokerWorld.start({ memorySizeBytes: 24 * MIB })
  world.createTopic('events')
  const { arena } = world.shard
  const taken = []
  for (let region = arena.reserve(MIB); region !== undefined; region = arena.reserve(MIB)) taken.push(region)
  const clients = [world.connect(), world.connect(), world.connect()]
  for (const client of clients) {
    client.send(produceV(9), produceOf('events', batchOf(1, {}, 50_000), 9))
    client.send(produceV(9), produceOf('events', batchOf(1, {}, 300_000), 9))
  }
  await world.run()
  expect(clients.map(({ socket }) => socket.isPaused)).toEqual([true, true, true])
  expect(clients.flatMap((client) => client.frames())).toEqual([])
  for (const region of taken) arena.release(region)
  await world.run()
  for (const client of clients) {
    const frames = client.frames()
    expect(frames.length).toBe(2)
    expect(client.socket.isPaused).toBe(false)
  }
  const { response } = parseFrame(listOffsetsV(7), await lastFrame(world, clients[0] as (typeof clients)[number]))
  expect(response.topics[0]?.partitions[0]?.offset).toBe(6)
})

async function lastFrame(world: BrokerWorld, client: ReturnType<BrokerWorld['connect']>): Promise<Uint8Array> {
  client.send(listOffsetsV(7), latest)
  await world.run()
  return client.frames()[0] as Uint8Array
}

test('all memory comes back when connections go away in the middle of anything', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const idle = world.shard.arena.usedBytes
  const frame = frameOf(produceV(9), produceOf('events', batchOf(2, {}, 90_000), 9), 1)
  const half = world.connect()
  half.socket.push(frame.slice(0, 150_000))
  const large = world.connect()
  large.socket.push(frame)
  const parked = world.connect()
  parked.send(fetchV(12), fetchOf('events', 10, 12, { maxWaitMs: 60_000 }))
  await world.run()
  const stuck = world.connect()
  stuck.socket.isTaking = false
  stuck.send(fetchV(12), fetchOf('events', 0, 12))
  await world.run()
  for (const client of [half, large, parked, stuck]) client.socket.destroy()
  await world.run()
  expect(world.broker.counters.connections).toBe(0)
  // The open run may stay; regions must not.
  expect(world.shard.arena.usedBytes).toBeLessThanOrEqual(idle + MIB)
})

const wrongProtocols: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['a TLS hello', Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01), /TLS hello.*security\.protocol/],
  ['an HTTP request', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'), /HTTP request/],
  ['a ZooKeeper four-letter word', new TextEncoder().encode('ruok'), /ZooKeeper command 'ruok'.*clientPort/],
  ['a ZooKeeper client', zooKeeperConnect(), /ZooKeeper client.*clientPort/],
  ['random bytes', Uint8Array.of(0xff, 0xff, 0xff, 0xf0, 1, 2), /-16 bytes was announced/],
  ['a size that is too large', Uint8Array.of(0x7f, 0xff, 0xff, 0xff), /2147483647 bytes.*socket\.request\.max\.bytes/],
  ['a size that is too small', Uint8Array.of(0, 0, 0, 3, 1, 2, 3), /3 bytes was announced/],
]

function zooKeeperConnect(): Uint8Array {
  const bytes = new Uint8Array(4 + 45)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, 45)
  view.setInt32(4 + 12, 30_000)
  view.setInt32(4 + 24, 16)
  return bytes
}

for (const [name, bytes, expected] of wrongProtocols) {
  test(`${name} on the port gives one clear line and a close`, async () => {
    const world = await BrokerWorld.start()
    const client = world.connect()
    client.socket.push(bytes)
    await world.run()
    expect(client.socket.isClosed).toBe(true)
    expect(world.log.lines.length).toBe(1)
    expect(world.log.lines[0]).toMatch(expected)
    expect(client.frames()).toEqual([])
  })
}

test('an API that is not served and a version that is not served close the connection with a reason', async () => {
  const world = await BrokerWorld.start()
  for (const [apiKey, version, reason] of [
    [4000, 0, /key 4000\) is not served/],
    [52, 1, /Vote.*not served/],
    [1, 19, /Fetch version 19 is not served/],
    [0, 14, /Produce version 14 is not served/],
  ] as const) {
    const client = world.connect()
    const bytes = new Uint8Array(14)
    const view = new DataView(bytes.buffer)
    view.setInt32(0, 10)
    view.setInt16(4, apiKey)
    view.setInt16(6, version)
    view.setInt16(12, -1)
    client.socket.push(bytes)
    await world.run()
    expect(client.socket.isClosed).toBe(true)
    expect(world.log.lines.at(-1)).toMatch(reason)
  }
})

test('a body that cannot be read closes the connection, whatever the API', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  for (const frame of [
    frameOf(produceV(9), produceOf('events', batchOf(1), 9), 1),
    frameOf(fetchV(12), fetchOf('events', 0, 12), 1),
    frameOf(listOffsetsV(7), latest, 1),
  ]) {
    const client = world.connect()
    const cut = frame.slice(0, frame.length - 3)
    new DataView(cut.buffer).setInt32(0, cut.length - 4)
    client.socket.push(cut)
    await world.run()
    expect(client.socket.isClosed).toBe(true)
    expect(world.log.lines.at(-1)).toMatch(/cannot be read/)
  }
})

test('many complaints about peers become few lines', async () => {
  const world = await BrokerWorld.start()
  for (let index = 0; index < 100; index += 1) world.connect().socket.push(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
  world.time.advance(1_100)
  expect(world.log.lines.length).toBe(21)
  expect(world.log.lines.at(-1)).toMatch(/80 more/)
})

test('connections beyond max.connections are refused; an idle one is closed by one shared timer', async () => {
  const world = await BrokerWorld.start({
    broker: { connectionLimits: () => ({ all: 2, address: Infinity }), idleConnectionMs: 10_000 },
  })
  const first = world.connect()
  const second = world.connect()
  expect(() => world.connect()).toThrow('refused')
  world.time.advance(6_000)
  await second.ask(apiVersionsV(3), software)
  world.time.advance(6_000)
  expect([first.socket.isClosed, second.socket.isClosed]).toEqual([true, false])
  expect(world.time.pending.size).toBe(1)
  expect(world.broker.counters.connectionsIdled).toBe(1)
})

test('a stop answers what is in flight, accepts nothing more and closes everything', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const busy = world.connect()
  const idle = world.connect()
  busy.send(produceV(9), produceOf('events', batchOf(1), 9))
  const stopped = world.broker.stop()
  await world.run()
  world.time.advance(10)
  await world.run()
  await stopped
  expect(busy.frames().length).toBe(1)
  expect([busy.socket.isClosed, idle.socket.isClosed, world.network.isClosed]).toEqual([true, true, true])
})

test('a stop does not wait for the members that a pending JoinGroup waits for', async () => {
  const world = await BrokerWorld.start({ groups: { call: () => new Promise<never>(() => undefined) } })
  const member = world.connect()
  member.send(joinGroupV(5), { groupId: 'g', protocolType: 'consumer', protocols: [] })
  await world.run()
  const stopped = world.broker.stop()
  await world.run()
  expect(member.socket.isClosed).toBe(true)
  await stopped
  expect(member.frames()).toEqual([])
})

test.each([false, true])(
  'a stop answers long polls at once, with what there is (over two shards: %s)',
  async (hasNeighbour) => {
    const world = await BrokerWorld.start({ hasNeighbour })
    world.createTopic('events', 2)
    const consumer = world.connect()
    const partitions = [0, 1].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: 1000 }))
    const topics = [{ topic: 'events', partitions }]
    consumer.send(fetchV(12), { ...fetchOf('events', 0, 12, { maxWaitMs: 60_000, minBytes: 100 }), topics })
    await world.run()
    expect(consumer.frames().length).toBe(0)
    const stopped = world.broker.stop()
    await world.run()
    expect(consumer.frames().length).toBe(1)
    expect(consumer.socket.isFinishing).toBe(true)
    consumer.socket.destroy()
    world.time.advance(10)
    await world.run()
    await stopped
  },
)

test('after half a close batches already sent are still acknowledged, and a long poll is not waited for', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const producer = world.connect()
  producer.send(produceV(9), produceOf('events', batchOf(1), 9))
  producer.socket.reader?.onPeerEnd()
  await world.run()
  expect(producer.frames().length).toBe(1)
  expect(producer.socket.isFinishing).toBe(true)
  const consumer = world.connect()
  consumer.send(fetchV(12), fetchOf('events', 1, 12, { maxWaitMs: 60_000 }))
  consumer.socket.reader?.onPeerEnd()
  expect(consumer.socket.isClosed).toBe(true)
})

test('requests are counted by API, with errors and times', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  await client.ask(produceV(9), produceOf('events', batchOf(1), 9))
  await client.ask(produceV(9), produceOf('nowhere', batchOf(1), 9))
  await client.ask(apiVersionsV(3), software)
  expect(world.broker.metrics.snapshot().map(({ apiKey, count, errors }) => [apiKey, count, errors])).toEqual([
    [0, 2, 1],
    [18, 1, 0],
  ])
})
