import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectTo, fourLetterWord } from '../../../src/cli/zk/connection.ts'
import { NodeEntropy } from '../../../src/io/node/entropy.ts'
import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import { DoubleBarrier } from '../../../src/zookeeper/recipes/barrier.ts'
import { Counter } from '../../../src/zookeeper/recipes/counter.ts'
import { LeaderElection } from '../../../src/zookeeper/recipes/leader-election.ts'
import { Lock, ReadWriteLock } from '../../../src/zookeeper/recipes/lock.ts'
import { Queue } from '../../../src/zookeeper/recipes/queue.ts'
import { freePort } from '../../support/node-process.ts'
import { stopNode } from '../support/node-under-test.ts'
import { jars } from '../support/peers.ts'

/* Our client and recipes against an unmodified ZooKeeper 3.9.5, which is also killed and started again under them. */

const entropy = new NodeEntropy()
const encoder = new TextEncoder()
const decoder = new TextDecoder()
let directory = ''
let port = 0
let server: ChildProcess

async function startZooKeeper(): Promise<void> {
  server = spawn(
    'java',
    [
      '-Xmx256m',
      '-Dzookeeper.extendedTypesEnabled=true',
      '-cp',
      `${jars('zookeeper-3.9.5')}/*`,
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      join(directory, 'zoo.cfg'),
    ],
    { stdio: 'ignore', cwd: directory },
  )
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fourLetterWord('srvr', { host: '127.0.0.1', port }, 1000).catch(() => '')
    if (answer.includes('Mode: standalone')) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('ZooKeeper did not start')
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jackdaw-real-zookeeper-'))
  port = await freePort()
  writeFileSync(
    join(directory, 'zoo.cfg'),
    `tickTime=500\ndataDir=${directory}/data\nclientPort=${port}\nadmin.enableServer=false\n`,
  )
  await startZooKeeper()
})

afterAll(async () => {
  await stopNode(server, 'SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

async function clients(count: number): Promise<ZooKeeperFullClient[]> {
  return Promise.all(Array.from({ length: count }, () => connectTo(`127.0.0.1:${port}`, 10_000)))
}

test('every operation of the client', async () => {
  const [one, two] = (await clients(2)) as [ZooKeeperFullClient, ZooKeeperFullClient]
  const events: string[] = []
  await one.create('/c', encoder.encode('1'))
  await two.addWatch('/c', 'recursive', ({ type, path }) => events.push(`${type} ${path}`))
  expect((await one.createNode('/c/ttl', null, { ttlMs: 100_000 })).path).toBe('/c/ttl')
  await one.create('/c/box', null, 'container')
  await one.create('/c/e-', null, 'ephemeral-sequential')
  await one.addAuth('digest', encoder.encode('user:user'))
  await one.setAcl('/c/ttl', [{ permissions: 31, scheme: 'auth', id: '' }])
  expect((await one.getAcl('/c/ttl')).acl).toEqual([
    { permissions: 31, scheme: 'digest', id: 'user:F46PeTVYeItL6aAyygIVQ9OaaeY=' },
  ])
  await expect(two.getData('/c/ttl')).rejects.toMatchObject({ code: -102 })
  expect(await one.whoAmI()).toContainEqual({ scheme: 'digest', user: 'user' })
  expect(await one.getEphemerals('/c')).toEqual(['/c/e-0000000002'])
  expect(await one.getAllChildrenNumber('/c')).toBe(3)
  const read = await one.multiRead([
    { kind: 'getData', path: '/c' },
    { kind: 'getChildren', path: '/c' },
    { kind: 'getData', path: '/none' },
  ])
  expect(read.map((result) => result.kind)).toEqual(['getData', 'getChildren', 'error'])
  const refused = await one.multi([
    { kind: 'set', path: '/c', data: null, version: 0 },
    { kind: 'check', path: '/none', version: 0 },
  ])
  expect(refused).toEqual([
    { kind: 'error', code: 0 },
    { kind: 'error', code: -101 },
  ])
  await two.sync('/')
  expect(events).toEqual(['created /c/ttl', 'created /c/box', 'created /c/e-0000000002'])
  await two.removeWatches('/c', 'recursive')
  await Promise.all([one.close(), two.close()])
})

test('recipes between sessions', async () => {
  const all = await clients(4)
  let [inside, most, wins] = [0, 0, 0]
  await Promise.all(
    all.map(async (client) => {
      for (let round = 0; round < 5; round += 1) {
        const place = await new Lock(client, '/r/lock', entropy).acquire()
        inside += 1
        most = Math.max(most, inside)
        await client.sync('/')
        inside -= 1
        wins += 1
        await place.leave()
      }
      await new Counter(client, '/r/counter', entropy).add(5)
      const barrier = new DoubleBarrier(client, '/r/barrier', all.length, entropy)
      await barrier.enter()
      await barrier.leave()
    }),
  )
  expect([most, wins]).toEqual([1, 20])
  const [one, two] = all as [ZooKeeperFullClient, ZooKeeperFullClient]
  expect(await new Counter(one, '/r/counter', entropy).value()).toBe(20)
  const queue = new Queue(one, '/r/queue', entropy)
  const taking = new Queue(two, '/r/queue', entropy).take()
  await queue.offer(encoder.encode('item'))
  expect(decoder.decode((await taking).data ?? undefined)).toBe('item')
  const reading = await new ReadWriteLock(one, '/r/rw', entropy).acquireToRead()
  const writing = new ReadWriteLock(two, '/r/rw', entropy).enterToWrite()
  await writing.path()
  expect(writing.isGranted).toBe(false)
  await reading.leave()
  await writing.granted
  await Promise.all(all.map((client) => client.close()))
})

test('a server killed and started again: sessions, locks, elections and watches go on', async () => {
  const [one, two] = (await clients(2)) as [ZooKeeperFullClient, ZooKeeperFullClient]
  const held = await new Lock(one, '/k/lock', entropy).acquire()
  const waiting = new Lock(two, '/k/lock', entropy).enter()
  const leading = new LeaderElection(one, '/k/election', entropy).stand(encoder.encode('one'))
  await leading.granted
  const next = new LeaderElection(two, '/k/election', entropy).stand(encoder.encode('two'))
  await Promise.all([waiting.path(), next.path()])
  const sessions = [one.sessionId, two.sessionId]
  await stopNode(server, 'SIGKILL')
  const counter = new Counter(one, '/k/counter', entropy)
  const counting = counter.add(1)
  await startZooKeeper()
  expect(await counting).toBe(1)
  expect([one.sessionId, two.sessionId]).toEqual(sessions)
  expect([held.isGranted, waiting.isGranted, next.isGranted]).toEqual([true, false, false])
  await held.leave()
  await waiting.granted
  await one.close()
  await next.granted
  expect(leading.isGranted).toBe(false)
  const leader = await new LeaderElection(two, '/k/election', entropy).leader()
  expect(decoder.decode(leader?.data ?? undefined)).toBe('two')
  await two.close()
})
