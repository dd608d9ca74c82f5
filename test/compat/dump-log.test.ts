import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchOf, createTopic, produce, readPartition } from '../process/support.ts'
import { endProcess, type NodeProcess, startNodeProcess } from '../support/node-process.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { freePort } from '../support/node-process.ts'
import { has, java } from './support/peers.ts'

// Files that Jackdaw wrote, read by Kafka's own tool: DumpLogSegments walks every batch and record, and compares indexes
// with the log.

const TOPIC = 'dumped'
const GROUP = 'dumped-group'
const there = has('java') && has('mvn')
/** Text that no codec makes much smaller. */
function incompressible(sizeBytes: number): string {
  let state = sizeBytes + 1
  let text = ''
  while (text.length < sizeBytes) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    text += state.toString(36)
  }
  return text.slice(0, sizeBytes)
}

const values = Array.from({ length: 400 }, (_, index) => `value-${index}-${incompressible((index * 379) % 20_000)}`)
let directory = ''
let port = 0
let node: NodeProcess | undefined

const start = (): Promise<NodeProcess> =>
  startNodeProcess(directory, port, [
    'log.segment.bytes=1048576',
    'log.index.interval.bytes=4096',
    'offsets.topic.num.partitions=1',
  ])

beforeAll(async () => {
  if (!there) return
  directory = mkdtempSync(join(tmpdir(), 'jackdaw-dump-'))
  port = await freePort()
  node = await start()
  await createTopic(port, TOPIC)
  const connection = await RawKafka.open(port)
  let sequence = 0
  for (let at = 0; at < values.length; at += 5) {
    const codecId = (at / 5) % 5
    // Every codec, and every other batch by an idempotent producer.
    const identity = (at / 5) % 2 === 0 ? {} : { producerId: 77, producerEpoch: 1, baseSequence: sequence }
    if ('producerId' in identity) sequence += 5
    const answer = await produce(
      connection,
      TOPIC,
      0,
      batchOf(values.slice(at, at + 5), { codec: codecId, ...identity }),
    )
    expect(answer).toMatchObject({ errorCode: 0, baseOffset: at })
  }
  connection.close()
  const consumed = await java('kafka-4.3.1', 'org.apache.kafka.tools.consumer.ConsoleConsumer', [
    '--bootstrap-server',
    `127.0.0.1:${port}`,
    '--topic',
    TOPIC,
    '--from-beginning',
    '--max-messages',
    '40',
    '--timeout-ms',
    '30000',
    '--group',
    GROUP,
  ])
  expect(consumed.code, consumed.output).toBe(0)
  // One life ends in order, the next with a crash: both must leave files that Kafka reads.
  expect(await endProcess(node, 'SIGTERM')).toBe(0)
})

afterAll(async () => {
  if (node !== undefined) await endProcess(node, 'SIGKILL')
  if (directory !== '') rmSync(directory, { recursive: true, force: true })
})

function files(partition: string, suffix: string): string[] {
  const folder = join(directory, 'logs', partition)
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name))
}

async function dump(paths: readonly string[], ...options: readonly string[]): Promise<string> {
  const outcome = await java('kafka-4.3.1', 'org.apache.kafka.tools.DumpLogSegments', [
    '--files',
    paths.join(','),
    ...options,
  ])
  expect(outcome.code, outcome.output).toBe(0)
  return outcome.output
}

async function everythingIsRead(): Promise<void> {
  const logs = files(`${TOPIC}-0`, '.log')
  expect(logs.length, 'several segments were rolled').toBeGreaterThan(2)
  const printed = await dump(logs, '--deep-iteration', '--print-data-log')
  expect(printed).not.toMatch(/isvalid: false/)
  const payloads = [...printed.matchAll(/^\| offset: (\d+) .*payload: (\S+)$/gm)].map((match) => [
    Number(match[1]),
    match[2],
  ])
  expect(payloads).toEqual(values.map((value, offset) => [offset, value]))
  for (const name of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) expect(printed).toContain(`compresscodec: ${name}`)
  const indexes = await dump(
    [...files(`${TOPIC}-0`, '.index'), ...files(`${TOPIC}-0`, '.timeindex')],
    '--verify-index-only',
  )
  expect(indexes).not.toMatch(/Mismatches|Found timestamp mismatch|out of order|isn't multiple/i)
  const entries = await dump(files(`${TOPIC}-0`, '.index').slice(0, 1))
  expect(entries.match(/^offset: \d+ position: \d+$/gm)?.length, 'the index has entries').toBeGreaterThan(5)
  expect(await dump(files(`${TOPIC}-0`, '.snapshot').slice(-1))).toMatch(/producerId: 77 producerEpoch: 1/)
}

test.skipIf(!there)(
  'after a clean stop Kafka reads every record of every segment, the indexes agree, and so does the producer snapshot',
  everythingIsRead,
)

test.skipIf(!there)('a committed offset of ours is decoded by Kafka’s offsets decoder', async () => {
  const printed = await dump(files('__consumer_offsets-0', '.log'), '--offsets-decoder')
  expect(printed).toMatch(new RegExp(`"group":"${GROUP}","topic":"${TOPIC}","partition":0`))
  expect(printed).toMatch(/"offset":40\b/)
  expect(printed).toMatch(/"protocolType":"consumer"/)
})

test.skipIf(!there)('after kill -9 and recovery the files are as good', async () => {
  node = await start()
  const connection = await RawKafka.open(port)
  const more = Array.from({ length: 60 }, (_, index) => `late-${index}-${incompressible(30_000)}`)
  for (const value of more) expect((await produce(connection, TOPIC, 0, batchOf([value]))).errorCode).toBe(0)
  connection.close()
  await endProcess(node, 'SIGKILL')
  node = await start()
  expect((await readPartition(port, TOPIC, 0)).size).toBe(values.length + more.length)
  expect(await endProcess(node, 'SIGTERM')).toBe(0)
  values.push(...more)
  await everythingIsRead()
})
