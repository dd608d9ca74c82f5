import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  readOffsetCommitResponse,
  writeOffsetCommitRequest,
} from '../../src/protocol/generated/08-offset-commit.ts'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  readFindCoordinatorResponse,
  writeFindCoordinatorRequest,
} from '../../src/protocol/generated/10-find-coordinator.ts'
import { type Exchange, RawKafka } from '../support/raw-kafka.ts'
import { freePort } from '../support/node-process.ts'
import { batchOf, createTopic, eventually, FETCH, fetchOf, produce, startTestNode, type TestNode } from './support.ts'

const TOPIC = 'measured'
const FIND_COORDINATOR: Exchange<FindCoordinatorRequest, FindCoordinatorResponse> = {
  apiKey: 10,
  version: 2,
  write: writeFindCoordinatorRequest,
  read: readFindCoordinatorResponse,
}
const OFFSET_COMMIT: Exchange<OffsetCommitRequest, OffsetCommitResponse> = {
  apiKey: 8,
  version: 7,
  write: writeOffsetCommitRequest,
  read: readOffsetCommitResponse,
}
let running: TestNode
let httpPort = 0

beforeAll(async () => {
  httpPort = await freePort()
  running = await startTestNode([
    `jackdaw.http.port=${httpPort}`,
    'jackdaw.log.level=debug',
    'num.partitions=1',
    'offsets.topic.num.partitions=1',
  ])
  await createTopic(running.port, TOPIC)
  const connection = await RawKafka.open(running.port)
  expect((await produce(connection, TOPIC, 0, batchOf(['a', 'b', 'c']))).errorCode).toBe(0)
  await connection.ask(FETCH, fetchOf(TOPIC, 0, 0))
  expect((await produce(connection, TOPIC, 0, batchOf(['x'.repeat(2_000_000)]))).errorCode).toBe(10)
  await commit(connection, 'readers', 1)
  connection.close()
})
afterAll(() => running.remove())

/** Commits an offset as a client without a group membership does. */
async function commit(connection: RawKafka, groupId: string, committedOffset: number): Promise<void> {
  const request = {
    groupId,
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: '' }] }],
  }
  await eventually('a coordinator takes the commit', async () => {
    await connection.ask(FIND_COORDINATOR, { key: groupId, keyType: 0 })
    const answer = await connection.ask(OFFSET_COMMIT, request)
    return answer.topics[0]?.partitions[0]?.errorCode === 0
  })
}

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/

/** Prometheus text format 0.0.4, strictly: types before samples, one type per name, no sample twice. @throws on anything else */
function parse(text: string): readonly Sample[] {
  expect(text.endsWith('\n'), 'the last line is ended').toBe(true)
  const types = new Map<string, string>()
  const samples: Sample[] = []
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue
    if (line.startsWith('# TYPE ')) {
      const [name = '', type = ''] = line.slice('# TYPE '.length).split(' ')
      if (!NAME.test(name) || types.has(name)) throw new Error(`a type twice or a bad name: ${line}`)
      if (!['counter', 'gauge', 'histogram', 'summary', 'untyped'].includes(type))
        throw new Error(`no such type: ${line}`)
      types.set(name, type)
      continue
    }
    const match = LINE.exec(line)
    if (match === null) throw new Error(`not a sample: ${line}`)
    const [, name = '', labelText = '', value = ''] = match
    if (!types.has(name) && !types.has(name.replace(/_(sum|count|bucket)$/, '')))
      throw new Error(`a sample without a type: ${line}`)
    const key = `${name}{${labelText}}`
    if (seen.has(key)) throw new Error(`a sample twice: ${line}`)
    seen.add(key)
    const labels = Object.fromEntries(
      [...labelText.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map((found) => [found[1] ?? '', found[2] ?? '']),
    )
    const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
    // prom-client writes 'Nan'; Prometheus reads it in any case.
    if (Number.isNaN(number) && value.toLowerCase() !== 'nan') throw new Error(`not a number: ${line}`)
    samples.push({ name, labels, value: number })
  }
  return samples
}

// What published dashboards for Kafka ask for, as far as this node has it to tell.
const DASHBOARD_NAMES = [
  'kafka_server_brokertopicmetrics_messagesin_total',
  'kafka_server_brokertopicmetrics_bytesin_total',
  'kafka_server_brokertopicmetrics_bytesout_total',
  'kafka_server_brokertopicmetrics_totalproducerequests_total',
  'kafka_server_brokertopicmetrics_totalfetchrequests_total',
  'kafka_server_brokertopicmetrics_failedproducerequests_total',
  'kafka_server_brokertopicmetrics_failedfetchrequests_total',
  'kafka_server_replicamanager_underreplicatedpartitions',
  'kafka_server_replicamanager_underminisrpartitioncount',
  'kafka_server_replicamanager_partitioncount',
  'kafka_server_replicamanager_leadercount',
  'kafka_server_replicamanager_offlinereplicacount',
  'kafka_controller_kafkacontroller_activecontrollercount',
  'kafka_controller_kafkacontroller_offlinepartitionscount',
  'kafka_controller_kafkacontroller_globaltopiccount',
  'kafka_controller_kafkacontroller_globalpartitioncount',
  'kafka_network_requestmetrics_requests_total',
  'kafka_network_requestmetrics_errors_total',
  'kafka_network_requestmetrics_totaltimems',
  'kafka_log_log_size',
  'kafka_log_log_logendoffset',
  'kafka_log_log_logstartoffset',
  'kafka_log_logmanager_offlinelogdirectorycount',
  'kafka_server_socket_server_metrics_connection_count',
  'kafka_brokers',
  'kafka_broker_info',
  'kafka_topic_partitions',
  'kafka_topic_partition_current_offset',
  'kafka_topic_partition_oldest_offset',
  'kafka_topic_partition_leader',
  'kafka_topic_partition_leader_is_preferred',
  'kafka_topic_partition_replicas',
  'kafka_topic_partition_in_sync_replica',
  'kafka_topic_partition_under_replicated_partition',
  'kafka_consumergroup_members',
  'kafka_consumergroup_current_offset',
  'kafka_consumergroup_current_offset_sum',
  'kafka_consumergroup_lag',
  'kafka_consumergroup_lag_sum',
  'process_resident_memory_bytes',
  'process_cpu_seconds_total',
]

test('/metrics is Prometheus text with the names that dashboards ask for and the figures of what was done', async () => {
  const response = await fetch(`http://127.0.0.1:${httpPort}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const samples = parse(await response.text())
  const names = new Set(samples.map(({ name }) => name))
  for (const name of DASHBOARD_NAMES) expect(names, name).toContain(name)
  const value = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
    samples.find(
      (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )?.value
  expect(value('kafka_server_brokertopicmetrics_messagesin_total', { topic: TOPIC })).toBe(3)
  expect(value('kafka_server_brokertopicmetrics_failedproducerequests_total', { topic: TOPIC })).toBe(1)
  expect(value('kafka_server_brokertopicmetrics_bytesout_total', { topic: TOPIC })).toBeGreaterThan(60)
  expect(value('kafka_log_log_logendoffset', { topic: TOPIC, partition: '0' })).toBe(3)
  expect(value('kafka_controller_kafkacontroller_activecontrollercount', {})).toBe(1)
  expect(value('kafka_network_requestmetrics_requests_total', { request: 'Produce' })).toBe(2)
  expect(value('kafka_server_replicamanager_partitioncount', {})).toBe(2)
  expect(value('kafka_server_replicamanager_leadercount', {})).toBe(2)
  // Beside Kafka's own names, those of the exporter that consumer dashboards are drawn from.
  expect(value('kafka_brokers', {})).toBe(1)
  expect(value('kafka_topic_partitions', { topic: TOPIC })).toBe(1)
  expect(value('kafka_topic_partition_current_offset', { topic: TOPIC, partition: '0' })).toBe(3)
  expect(value('kafka_topic_partition_in_sync_replica', { topic: TOPIC, partition: '0' })).toBe(1)
  const group = { consumergroup: 'readers', topic: TOPIC }
  expect(value('kafka_consumergroup_current_offset', { ...group, partition: '0' })).toBe(1)
  expect(value('kafka_consumergroup_lag', { ...group, partition: '0' })).toBe(2)
  expect(value('kafka_consumergroup_lag_sum', group)).toBe(2)
})

test('/healthz and /livez say alive, /readyz says ready, other paths and verbs are refused with a hint', async () => {
  const get = (path: string, options: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${httpPort}${path}`, options)
  for (const path of ['/healthz', '/livez']) expect(await (await get(path)).json()).toEqual({ status: 'alive' })
  const ready = await get('/readyz?verbose')
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  const missing = await get('/nothing')
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('/metrics')])
  const posted = await get('/healthz', { method: 'POST', body: 'x' })
  expect(posted.status).toBe(405)
  const head = await get('/readyz', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('without a uWebSockets.js that loads, node:http serves, and the log says which and why', () => {
  const printed = running.node.printed()
  const isFallback = printed.includes('uWebSockets.js does not load here, HTTP is served by node:http')
  process.stderr.write(`test/process/http: served by ${isFallback ? 'node:http' : 'uWebSockets.js'}\n`)
  if (isFallback) expect(printed).toMatch(/"level":"debug".*"reason":"[^"]+".*uWebSockets\.js does not load here/)
  else expect(printed).not.toContain('node:http')
})

test('a taken HTTP port costs the metrics, not the node', async () => {
  const second = await startTestNode([`jackdaw.http.port=${httpPort}`])
  try {
    expect(second.node.printed()).toMatch(/HTTP cannot listen on .*EADDRINUSE.*jackdaw\.http\.port/)
    await createTopic(second.port, 'without-http')
  } finally {
    await second.remove()
  }
})

test('uWebSockets.js, demanded and not there, is said with the way out', async () => {
  const printed = running.node.printed()
  if (!printed.includes('uWebSockets.js does not load here')) return
  const second = await startTestNode([`jackdaw.http.port=${await freePort()}`, 'jackdaw.http.backend=uws'])
  try {
    expect(second.node.printed()).toMatch(/uWebSockets\.js cannot be loaded \(.+\): set jackdaw\.http\.backend=auto/)
  } finally {
    await second.remove()
  }
})
