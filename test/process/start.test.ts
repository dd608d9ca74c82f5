import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endProcess, freePort } from '../support/node-process.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import {
  batchOf,
  createTopic,
  METADATA,
  produce,
  readPartition,
  startAndEnd,
  startTestNode,
  startWith,
} from './support.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-start-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const QUIET = ['--override', 'jackdaw.keeper.client.port=-1', '--override', 'jackdaw.http.port=-1']

function properties(name: string, lines: readonly string[]): string {
  const path = join(root, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

test('killed and started again with another port and another listener name: the broker id is its own', async () => {
  const running = await startTestNode()
  try {
    await createTopic(running.port, 'kept')
    const connection = await RawKafka.open(running.port)
    expect((await produce(connection, 'kept', 0, batchOf(['before']))).errorCode).toBe(0)
    await endProcess(running.node, 'SIGKILL')
    const port = await freePort()
    await running.restart([
      `listeners=INSIDE://127.0.0.1:${port}`,
      'listener.security.protocol.map=INSIDE:PLAINTEXT',
      'inter.broker.listener.name=INSIDE',
    ])
    expect([...(await readPartition(port, 'kept', 0)).values()]).toEqual(['before'])
    const told = await (await RawKafka.open(port)).ask(METADATA, { topics: null, allowAutoTopicCreation: false })
    expect(told.brokers.map(({ nodeId, port: told }) => [nodeId, told])).toEqual([[1, port]])
  } finally {
    await running.remove()
  }
})

test('a directory in use is refused with the holder’s name, and the holder goes on', async () => {
  const running = await startTestNode()
  try {
    const second = await startAndEnd(['--data', running.directory, '--port', String(await freePort()), ...QUIET])
    expect(second.code).toBe(1)
    expect(second.printed).toMatch(/in use by another Jackdaw process/)
    await createTopic(running.port, 'alive')
  } finally {
    await running.remove()
  }
})

test('a port in use is refused with the address and the way out', async () => {
  const port = await freePort()
  const holder = createServer().listen(port, '127.0.0.1')
  const outcome = await startAndEnd(['--data', join(root, 'port'), '--port', String(port), ...QUIET])
  holder.close()
  expect(outcome.code).toBe(1)
  expect(outcome.printed).toContain(`cannot listen on 127.0.0.1:${port} (EADDRINUSE): another process listens there`)
})

test('two nodes cannot share a port, although shards do', async () => {
  const running = await startTestNode(['jackdaw.num.shards=2'])
  const outcome = await startAndEnd(['--data', join(root, 'shared'), '--port', String(running.port), ...QUIET])
  await running.remove()
  expect(outcome.code).toBe(1)
  expect(outcome.printed).toContain('EADDRINUSE')
})

test('values that are not allowed stop the start, all at once, each with its key', async () => {
  const file = properties('bad.properties', [
    'num.partitions=many',
    'log.retention.hours=-5',
    'listeners=PLAINTEXT//nothing',
    'unclean.leader.election.enable=perhaps',
  ])
  const outcome = await startAndEnd([file, '--data', join(root, 'bad'), ...QUIET])
  expect(outcome.code).toBe(1)
  for (const key of ['num.partitions', 'listeners', 'unclean.leader.election.enable'])
    expect(outcome.printed).toContain(key)
})

test('a file that is not there, and a flag that does not exist, are usage errors', async () => {
  expect(await startAndEnd([join(root, 'nowhere.properties')])).toMatchObject({
    code: 2,
    printed: expect.stringContaining('nowhere.properties'),
  })
  expect(await startAndEnd(['--dta', root])).toMatchObject({ code: 2, printed: expect.stringContaining("'--dta'") })
})

test('an unknown key is warned about with the nearest one, and the node starts', async () => {
  const port = await freePort()
  const file = properties('typo.properties', [
    `listeners=PLAINTEXT://127.0.0.1:${port}`,
    'num.partition=3',
    'log.retension.hours=1',
  ])
  const node = await startWith([file, '--data', join(root, 'typo'), ...QUIET], port)
  await endProcess(node, 'SIGTERM')
  expect(node.printed()).toMatch(/num\.partition\b.*num\.partitions/)
  expect(node.printed()).toMatch(/log\.retension\.hours.*log\.retention\.hours/)
})

// The settings that Kafka ships, but for ports and directories.
const STOCK_COMMON = [
  'num.network.threads=3',
  'num.io.threads=8',
  'socket.send.buffer.bytes=102400',
  'socket.receive.buffer.bytes=102400',
  'socket.request.max.bytes=104857600',
  'num.partitions=1',
  'num.recovery.threads.per.data.dir=1',
  'offsets.topic.replication.factor=1',
  'transaction.state.log.replication.factor=1',
  'transaction.state.log.min.isr=1',
  'log.retention.hours=168',
  'log.retention.check.interval.ms=300000',
]

test('the server.properties that Kafka 4 ships starts a node, which serves records', async () => {
  const [port, controllerPort] = [await freePort(), await freePort()]
  const file = properties('kafka4.properties', [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.bootstrap.servers=localhost:${controllerPort}`,
    `listeners=PLAINTEXT://:${port},CONTROLLER://:${controllerPort}`,
    'inter.broker.listener.name=PLAINTEXT',
    `advertised.listeners=PLAINTEXT://localhost:${port},CONTROLLER://localhost:${controllerPort}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
    `log.dirs=${join(root, 'kraft-combined-logs')}`,
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'log.segment.bytes=1073741824',
    ...STOCK_COMMON,
  ])
  const node = await startWith([file, '--data', join(root, 'kafka4'), ...QUIET], port)
  try {
    await createTopic(port, 'stock')
    expect((await produce(await RawKafka.open(port), 'stock', 0, batchOf(['x']))).errorCode).toBe(0)
  } finally {
    expect(await endProcess(node, 'SIGTERM')).toBe(0)
  }
})

test('the server.properties that Kafka 3.9 ships starts a node on the ensemble it names', async () => {
  const keeperPort = await freePort()
  const running = await startTestNode([`jackdaw.keeper.client.port=${keeperPort}`])
  const port = await freePort()
  mkdirSync(join(root, 'kafka39'))
  const file = properties('kafka39.properties', [
    'broker.id=0',
    `log.dirs=${join(root, 'kafka-logs')}`,
    `zookeeper.connect=localhost:${keeperPort}`,
    'zookeeper.connection.timeout.ms=18000',
    'group.initial.rebalance.delay.ms=0',
    ...STOCK_COMMON,
  ])
  // The stock file leaves the listener to the default port, which may be taken here.
  const node = await startWith(
    [file, '--data', join(root, 'kafka39'), '--override', `listeners=PLAINTEXT://127.0.0.1:${port}`, ...QUIET],
    port,
  )
  try {
    const told = await (await RawKafka.open(port)).ask(METADATA, { topics: null, allowAutoTopicCreation: false })
    expect(told.brokers.map(({ nodeId }) => nodeId).sort()).toEqual([0, 1])
  } finally {
    expect(await endProcess(node, 'SIGTERM')).toBe(0)
    await running.remove()
  }
})
