import { expect, test } from 'vitest'
import { DiskError } from '../../../../src/io/ports.ts'
import { LogDirectories } from '../../../../src/main/log-directories.ts'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import { newReadSlot, type PartitionRef } from '../../../../src/shard/contract.ts'
import { batchOf } from '../../../support/log-world.ts'
import { DIRECTORIES, type ReplicaNode, ReplicationWorld, TOPIC } from '../../../support/replication-world.ts'

const REF: PartitionRef = { topic: TOPIC, partition: 0, handle: 1, shard: 0 }
const KIB = 1024

const BATCH = batchOf(1, {}, 50 * KIB)

/** Some batches of about `sizeBytes` together. */
function fill(node: ReplicaNode, sizeBytes: number): void {
  for (let left = sizeBytes; left > 0; left -= 50 * KIB) node.append(BATCH, 1)
}

/** Names below all log directories that are replicas, or were or will be. */
function names(node: ReplicaNode): readonly string[] {
  return DIRECTORIES.flatMap((directory) =>
    node.disk
      .list(directory)
      .filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => `${directory}/${name.replace(/[.].*-/, '.*-')}`),
  ).sort()
}

test('a leader moves while it is written to: nothing is lost, the old files go, followers notice nothing', async () => {
  const world = await ReplicationWorld.start(2)
  const leader = world.node(1)
  fill(leader, 2000 * KIB)
  await world.run()
  expect(leader.move('/other')).toBe(ErrorCode.none)
  const told = Array.from({ length: 30 }, () => leader.append(batchOf(2)))
  await world.pass(300, 10)
  expect(leader.ended).toEqual([{ directory: '/other', isThere: true }])
  const later = leader.append(batchOf(1))
  await world.pass(1000)
  expect([...told, later].map(({ answer }) => answer?.code)).toEqual(Array.from({ length: 31 }, () => 0))
  expect(names(leader)).toEqual(['/data/events-0.*-delete', '/other/events-0'])
  expect(leader.bytes).toEqual(world.node(2).bytes)
  expect(leader.position).toEqual(world.node(2).position)
  const rows = await leader.shard.logDirectories(0)
  expect(rows).toMatchObject([{ directory: '/other', topic: TOPIC, partition: 0, isFuture: false, offsetLag: 0 }])
})

test('a follower moves while it fetches, and is whole afterwards', async () => {
  const world = await ReplicationWorld.start(3)
  fill(world.node(1), 1000 * KIB)
  await world.run()
  world.node(3).move('/other')
  fill(world.node(1), 1000 * KIB)
  await world.pass(2000, 20)
  expect(world.node(3).ended).toEqual([{ directory: '/other', isThere: true }])
  expect(world.node(3).bytes).toEqual(world.node(1).bytes)
  world.node(1).kill()
  world.elect(3, [2, 3])
  const told = world.node(3).append(batchOf(1))
  await world.pass(1000)
  expect(told.answer?.code).toBe(ErrorCode.none)
})

test('DescribeLogDirs shows the copy and how far it is; the throttle holds it back; moving back gives it up', async () => {
  const world = await ReplicationWorld.start(1, {
    brokerConfig: { 'replica.alter.log.dirs.io.max.bytes.per.second': String(500 * KIB) },
  })
  const node = world.node(1)
  fill(node, 4000 * KIB)
  await world.run()
  const end = node.position.logEndOffset
  node.move('/other')
  await world.pass(2000)
  const [present, future] = await node.shard.logDirectories(0)
  expect(present).toMatchObject({ directory: '/data', isFuture: false, offsetLag: 0 })
  expect(future).toMatchObject({ directory: '/other', isFuture: true })
  expect(future?.offsetLag).toBeGreaterThan(end / 3)
  expect(future?.offsetLag).toBeLessThan(end)
  expect(names(node)).toEqual(['/data/events-0', '/other/events-0.*-future'])
  expect(node.move('/data')).toBe(ErrorCode.none)
  expect(names(node)).toEqual(['/data/events-0', '/other/events-0.*-delete'])
  await world.pass(5000)
  expect(node.ended).toEqual([])
  expect(node.position.logEndOffset).toBe(end)
  // And there once more, to the end.
  expect(node.move('/other')).toBe(ErrorCode.none)
  await world.pass(12_000)
  expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
  expect(node.position).toMatchObject({ logEndOffset: end, highWatermark: end })
})

test('a copy that was interrupted goes on after a restart, from where it was', async () => {
  for (const isClean of [true, false]) {
    const world = await ReplicationWorld.start(1, {
      brokerConfig: { 'replica.alter.log.dirs.io.max.bytes.per.second': String(500 * KIB) },
    })
    const node = world.node(1)
    fill(node, 3000 * KIB)
    await world.run()
    node.move('/other')
    await world.pass(2000)
    const before = node.bytes
    const lag = (await node.shard.logDirectories(0))[1]?.offsetLag ?? 0
    expect(lag).toBeGreaterThan(0)
    if (isClean) node.shard.shutdown()
    node.kill()
    await node.start()
    world.publish()
    world.assignAll()
    const again = (await node.shard.logDirectories(0))[1]?.offsetLag ?? 0
    expect(again).toBeLessThanOrEqual(lag)
    expect(again).toBeGreaterThan(0)
    await world.pass(12_000)
    expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
    expect(node.bytes).toEqual(before)
  }
})

test('a follower whose log is cut while it moves: the copy is cut with it', async () => {
  const world = await ReplicationWorld.start(2, {
    brokerConfig: { 'replica.alter.log.dirs.io.max.bytes.per.second': String(400 * KIB) },
  })
  const [first, second] = [world.node(1), world.node(2)]
  fill(first, 500 * KIB)
  await world.pass(1000)
  // Broker 2 leads alone for a while, and is then overruled.
  first.kill()
  world.elect(2, [2])
  fill(second, 500 * KIB)
  await world.run()
  second.move('/other')
  await world.pass(900)
  expect(second.ended).toEqual([])
  await first.start()
  world.elect(1, [1])
  world.publish()
  fill(first, 300 * KIB)
  await world.pass(10_000)
  expect(second.ended).toEqual([{ directory: '/other', isThere: true }])
  expect(second.bytes).toEqual(first.bytes)
})

test('records deleted up to the middle of a batch stay deleted, and open transactions stay open, over a move', async () => {
  const world = await ReplicationWorld.start(1)
  const node = world.node(1)
  node.append(batchOf(10))
  const transactional = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true }
  node.append(batchOf(3, transactional))
  await world.run()
  await node.shard.deleteRecords(REF, 4, 1000)
  const replica = node.shard.ownership.find(1)?.replica
  const producers = replica?.activeProducers()
  const { lastStableOffset } = { ...replica?.position }
  expect(lastStableOffset).toBe(10)
  node.move('/other')
  await world.pass(200, 10)
  expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
  const moved = node.shard.ownership.find(1)?.replica
  expect(moved).not.toBe(replica)
  expect(moved?.position).toMatchObject({ logStartOffset: 4, logEndOffset: 13, lastStableOffset: 10 })
  expect(moved?.activeProducers()).toEqual(producers)
  // A repeated batch is still known for one.
  const again = node.append(batchOf(3, transactional))
  await world.run()
  expect(again.answer).toMatchObject({ code: ErrorCode.none, baseOffset: 10 })
  expect(node.position.logEndOffset).toBe(13)
})

test('a read that was planned before the move is still served from the old file', async () => {
  const world = await ReplicationWorld.start(1)
  const node = world.node(1)
  node.append(batchOf(3))
  await world.run()
  const before = node.bytes
  // Everything else in the arena, so that only the file is left.
  const { arena } = node.shard
  const everything = arena.reserve(arena.sizeBytesMax)
  if (everything === undefined) throw new Error('the arena is in use')
  arena.release(everything)
  const slot = { ...newReadSlot(), handle: 1, sizeBytesMax: 1 << 20, replicaId: -1 }
  node.shard.read([REF], [slot], 1)
  expect(slot.file).toBeGreaterThanOrEqual(0)
  node.move('/other')
  await world.pass(200, 10)
  expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
  const bytes = new Uint8Array(slot.sizeBytes)
  expect(node.disk.readSync(slot.file, bytes, slot.filePosition)).toBe(before.length)
  expect(bytes).toEqual(before)
  node.shard.releaseFile(REF, slot.fileSegment)
})

test('a disk that fails under the copy leaves the replica where it is', async () => {
  const world = await ReplicationWorld.start(1)
  const node = world.node(1)
  fill(node, 500 * KIB)
  await world.run()
  const before = node.bytes
  node.disk.failPrefix = '/other/'
  expect(node.move('/other')).toBe(ErrorCode.kafkaStorageError)
  node.disk.failPrefix = undefined
  expect(node.move('/other')).toBe(ErrorCode.none)
  node.disk.failPrefix = '/other/'
  await world.pass(1000)
  expect(node.ended).toEqual([
    { directory: '/other', isThere: false },
    { directory: '/other', isThere: false },
  ])
  expect(node.failed).toEqual([])
  expect(node.bytes).toEqual(before)
  const told = node.append(batchOf(1))
  await world.run()
  expect(told.answer?.code).toBe(ErrorCode.none)
})

test('a topic that is deleted while it moves leaves nothing behind', async () => {
  const world = await ReplicationWorld.start(1, {
    brokerConfig: { 'replica.alter.log.dirs.io.max.bytes.per.second': '1000' },
  })
  const node = world.node(1)
  fill(node, 500 * KIB)
  await world.run()
  node.move('/other')
  await world.run()
  node.shard.ownership.remove(1)
  await world.pass(1000)
  expect(names(node)).toEqual(['/data/events-0.*-delete', '/other/events-0.*-delete'])
})

test('a sync that is under way when the new log takes over harms nobody: what waited for it is acknowledged', async () => {
  const world = await ReplicationWorld.start(1, { config: { flushMessages: 1 } })
  const node = world.node(1)
  fill(node, 200 * KIB)
  await world.run()
  // From now on the old disk's syncs last until they are let go.
  const { disk } = node
  const letGo: (() => void)[] = []
  const dataSync = disk.dataSync.bind(disk)
  disk.dataSync = async (file) => {
    if (letGo.length === 0) await new Promise<void>((resolve) => letGo.push(resolve))
    return dataSync(file)
  }
  const told = node.append(batchOf(1))
  await world.run()
  expect(told.answer).toBeUndefined()
  expect(letGo).toHaveLength(1)
  node.move('/other')
  await world.pass(200, 10)
  expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
  letGo[0]?.()
  const later = node.append(batchOf(1))
  await world.pass(100, 10)
  expect([told, later].map(({ answer }) => answer?.code)).toEqual([ErrorCode.none, ErrorCode.none])
  expect(node.failed).toEqual([])
})

test('a copy that was left behind by a deleted topic of the same name is thrown away', async () => {
  const world = await ReplicationWorld.start(1)
  const node = world.node(1)
  fill(node, 100 * KIB)
  await world.run()
  const before = node.bytes
  const left = '/other/events-0.0123456789abcdef0123456789abcdef-future'
  node.disk.put(`${left}/00000000000000000000.log`, new Uint8Array(0))
  node.disk.put(`${left}/partition.metadata`, new TextEncoder().encode('version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ'))
  expect(node.move('/other')).toBe(ErrorCode.none)
  await world.pass(200, 10)
  expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
  expect(node.bytes).toEqual(before)
})

test('a disk that does not let the old files go: the new ones count at the next start', async () => {
  const world = await ReplicationWorld.start(1, { config: { segmentBytes: 200 * KIB } })
  const node = world.node(1)
  fill(node, 1000 * KIB)
  await world.run()
  const rename = node.disk.rename.bind(node.disk)
  node.disk.rename = (from, to) => {
    if (to.endsWith('-delete')) throw new DiskError('EIO', from, 'the disk does not rename')
    rename(from, to)
  }
  node.move('/other')
  await world.pass(300, 10)
  expect(node.ended).toEqual([{ directory: '/other', isThere: true }])
  expect(names(node)).toEqual(['/data/events-0', '/other/events-0'])
  node.append(batchOf(1))
  await world.run()
  expect(node.position.logEndOffset).toBe(21)
  node.kill()
  const found = await LogDirectories.open(node.disk, node.log, DIRECTORIES, () => 'id')
  expect([...found.existingPartitions()]).toEqual([['events-0', '/other']])
})

test('nothing is left of a move: the directory holds what any other holds', async () => {
  const world = await ReplicationWorld.start(1)
  const node = world.node(1)
  node.append(batchOf(1))
  await world.run()
  for (const directory of ['/other', '/data', '/other']) {
    node.move(directory)
    await world.pass(200, 10)
    expect(node.directory).toBe(directory)
  }
  expect(node.disk.list('/other/events-0').filter(({ name }) => name.includes('took-over'))).toEqual([])
})
