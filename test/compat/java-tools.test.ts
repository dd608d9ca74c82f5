import { expect, inject, test } from 'vitest'
import { has, java, type Outcome } from './support/peers.ts'

const TOOLS = 'kafka-4.3.1'
const there = has('java') && has('mvn')
const bootstrap = (): readonly string[] => ['--bootstrap-server', inject('bootstrap')]
const topicName = (what: string): string => `tools-${what}-${Math.floor(performance.now())}`

function tool(
  mainClass: string,
  args: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<Outcome> {
  return java(TOOLS, mainClass, args, options)
}

async function ok(
  mainClass: string,
  args: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<string> {
  const outcome = await tool(mainClass, args, options)
  expect(outcome.code, outcome.output).toBe(0)
  return outcome.output
}

const TOPICS = 'org.apache.kafka.tools.TopicCommand'
const PRODUCER = 'org.apache.kafka.tools.ConsoleProducer'
const CONSUMER = 'org.apache.kafka.tools.consumer.ConsoleConsumer'
const GROUPS = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'
const CONFIGS = 'kafka.admin.ConfigCommand'

test.skipIf(!there)('kafka-topics creates, lists, describes, alters and deletes', async () => {
  const topic = topicName('topics')
  expect(
    await ok(TOPICS, [
      ...bootstrap(),
      '--create',
      '--topic',
      topic,
      '--partitions',
      '3',
      '--config',
      'retention.ms=1234567',
    ]),
  ).toContain(`Created topic ${topic}`)
  expect(await ok(TOPICS, [...bootstrap(), '--list'])).toContain(topic)
  const described = await ok(TOPICS, [...bootstrap(), '--describe', '--topic', topic])
  expect(described).toContain('PartitionCount: 3')
  expect(described).toContain('retention.ms=1234567')
  await ok(TOPICS, [...bootstrap(), '--alter', '--topic', topic, '--partitions', '4'])
  expect(await ok(TOPICS, [...bootstrap(), '--describe', '--topic', topic])).toContain('PartitionCount: 4')
  const again = await tool(TOPICS, [...bootstrap(), '--create', '--topic', topic])
  expect(again.code).not.toBe(0)
  expect(again.output).toContain('already exists')
  await ok(TOPICS, [...bootstrap(), '--delete', '--topic', topic])
  expect(await ok(TOPICS, [...bootstrap(), '--list'])).not.toContain(topic)
})

test.skipIf(!there)(
  'console producer and consumer round trip, with auto-created topic, keys and a group that goes on',
  async () => {
    const topic = topicName('console')
    const lines = Array.from({ length: 50 }, (_, index) => `key${index}:value ${index}`)
    await ok(
      PRODUCER,
      [...bootstrap(), '--topic', topic, '--property', 'parse.key=true', '--property', 'key.separator=:'],
      { input: `${lines.join('\n')}\n` },
    )
    const all = await ok(CONSUMER, [
      ...bootstrap(),
      '--topic',
      topic,
      '--from-beginning',
      '--max-messages',
      '50',
      '--timeout-ms',
      '30000',
      '--property',
      'print.key=true',
      '--property',
      'key.separator=:',
      '--group',
      `${topic}-g`,
    ])
    for (const line of lines) expect(all).toContain(line)
    await ok(PRODUCER, [...bootstrap(), '--topic', topic], { input: 'one more\n' })
    const rest = await ok(CONSUMER, [
      ...bootstrap(),
      '--topic',
      topic,
      '--max-messages',
      '1',
      '--timeout-ms',
      '30000',
      '--group',
      `${topic}-g`,
    ])
    expect(rest).toContain('one more')
    expect(rest).not.toContain('value 1')
  },
)

test.skipIf(!there)('consumer-groups lists, describes, resets and deletes', async () => {
  const topic = topicName('groups')
  const group = `${topic}-group`
  await ok(PRODUCER, [...bootstrap(), '--topic', topic], { input: 'a\nb\nc\n' })
  await ok(CONSUMER, [
    ...bootstrap(),
    '--topic',
    topic,
    '--from-beginning',
    '--max-messages',
    '3',
    '--timeout-ms',
    '30000',
    '--group',
    group,
  ])
  expect(await ok(GROUPS, [...bootstrap(), '--list'])).toContain(group)
  expect(await ok(GROUPS, [...bootstrap(), '--describe', '--group', group])).toMatch(
    new RegExp(`${topic}\\s+0\\s+3\\s+3\\s+0`),
  )
  expect(await ok(GROUPS, [...bootstrap(), '--describe', '--group', group, '--state'])).toContain('Empty')
  expect(
    await ok(GROUPS, [
      ...bootstrap(),
      '--reset-offsets',
      '--group',
      group,
      '--topic',
      topic,
      '--to-offset',
      '1',
      '--execute',
    ]),
  ).toMatch(/\s1\s*$/m)
  expect(await ok(GROUPS, [...bootstrap(), '--describe', '--group', group])).toMatch(
    new RegExp(`${topic}\\s+0\\s+1\\s+3\\s+2`),
  )
  expect(await ok(GROUPS, [...bootstrap(), '--delete-offsets', '--group', group, '--topic', topic])).toContain(
    'Successful',
  )
  expect(await ok(GROUPS, [...bootstrap(), '--delete', '--group', group])).toContain('successful')
  expect(await ok(GROUPS, [...bootstrap(), '--list'])).not.toContain(group)
})

test.skipIf(!there)('configs alters and describes a topic and the broker', async () => {
  const topic = topicName('configs')
  await ok(TOPICS, [...bootstrap(), '--create', '--topic', topic])
  await ok(CONFIGS, [
    ...bootstrap(),
    '--alter',
    '--entity-type',
    'topics',
    '--entity-name',
    topic,
    '--add-config',
    'max.message.bytes=2000,cleanup.policy=[compact,delete]',
  ])
  const described = await ok(CONFIGS, [...bootstrap(), '--describe', '--entity-type', 'topics', '--entity-name', topic])
  expect(described).toContain('max.message.bytes=2000')
  expect(described).toContain('cleanup.policy=compact,delete')
  await ok(CONFIGS, [
    ...bootstrap(),
    '--alter',
    '--entity-type',
    'topics',
    '--entity-name',
    topic,
    '--delete-config',
    'max.message.bytes',
  ])
  expect(
    await ok(CONFIGS, [...bootstrap(), '--describe', '--entity-type', 'topics', '--entity-name', topic]),
  ).not.toContain('max.message.bytes=2000')
  const all = await ok(CONFIGS, [
    ...bootstrap(),
    '--describe',
    '--entity-type',
    'topics',
    '--entity-name',
    topic,
    '--all',
  ])
  expect(all).toContain('retention.ms=604800000')
  const refused = await tool(CONFIGS, [
    ...bootstrap(),
    '--alter',
    '--entity-type',
    'topics',
    '--entity-name',
    topic,
    '--add-config',
    'retention.ms=soon',
  ])
  expect(refused.output).toMatch(/retention\.ms/)
  await ok(CONFIGS, [
    ...bootstrap(),
    '--alter',
    '--entity-type',
    'brokers',
    '--entity-default',
    '--add-config',
    'log.retention.ms=86400000',
  ])
  expect(await ok(CONFIGS, [...bootstrap(), '--describe', '--entity-type', 'brokers', '--entity-default'])).toContain(
    'log.retention.ms=86400000',
  )
  await ok(CONFIGS, [
    ...bootstrap(),
    '--alter',
    '--entity-type',
    'brokers',
    '--entity-default',
    '--delete-config',
    'log.retention.ms',
  ])
})

test.skipIf(!there)('get-offsets answers earliest, latest, max-timestamp and a time', async () => {
  const topic = topicName('offsets')
  await ok(PRODUCER, [...bootstrap(), '--topic', topic], { input: 'a\nb\nc\n' })
  const get = (time: string): Promise<string> =>
    ok('org.apache.kafka.tools.GetOffsetShell', [...bootstrap(), '--topic', topic, '--time', time])
  expect(await get('-1')).toContain(`${topic}:0:3`)
  expect(await get('-2')).toContain(`${topic}:0:0`)
  expect(await get('-3')).toMatch(new RegExp(`${topic}:0:[0-2]`))
  expect(await get('1000')).toContain(`${topic}:0:0`)
})

test.skipIf(!there)('broker-api-versions prints every range without complaint', async () => {
  const output = await ok('org.apache.kafka.tools.BrokerApiVersionsCommand', [...bootstrap()])
  expect(output).toContain('Produce(0)')
  expect(output).toContain('Fetch(1)')
  expect(output).not.toContain('ERROR')
})

test.skipIf(!there)('producer and consumer perf tests run to their end', async () => {
  const topic = topicName('perf')
  const produced = await ok('org.apache.kafka.tools.ProducerPerformance', [
    '--topic',
    topic,
    '--num-records',
    '100000',
    '--record-size',
    '100',
    '--throughput',
    '-1',
    '--producer-props',
    `bootstrap.servers=${inject('bootstrap')}`,
  ])
  expect(produced).toContain('100000 records sent')
  const consumed = await ok('org.apache.kafka.tools.ConsumerPerformance', [
    ...bootstrap(),
    '--topic',
    topic,
    '--messages',
    '100000',
    '--timeout',
    '60000',
  ])
  expect(consumed).toMatch(/, 100000,|, 1000\d\d,/)
})

test.skipIf(!there)('verifiable producer and consumer agree on every message', async () => {
  const topic = topicName('verifiable')
  const produced = await ok('org.apache.kafka.tools.VerifiableProducer', [
    ...bootstrap(),
    '--topic',
    topic,
    '--max-messages',
    '2000',
  ])
  expect(produced.match(/"name":"producer_send_success"/g)?.length).toBe(2000)
  const consumed = await ok('org.apache.kafka.tools.VerifiableConsumer', [
    ...bootstrap(),
    '--topic',
    topic,
    '--group-id',
    `${topic}-g`,
    '--max-messages',
    '2000',
    '--reset-policy',
    'earliest',
  ])
  const counts = [
    ...consumed.matchAll(/"name":"records_consumed","count":(\d+)|"count":(\d+),[^{}]*"name":"records_consumed"/g),
  ].map((match) => Number(match[1] ?? match[2]))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2000)
})

test.skipIf(!there)('delete-records moves the log start; log-dirs describes', async () => {
  const topic = topicName('delete')
  await ok(PRODUCER, [...bootstrap(), '--topic', topic], { input: 'a\nb\nc\nd\n' })
  const { mkdtempSync, writeFileSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const file = `${mkdtempSync(`${tmpdir()}/jackdaw-`)}/offsets.json`
  writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 2 }] }))
  expect(
    await ok('org.apache.kafka.tools.DeleteRecordsCommand', [...bootstrap(), '--offset-json-file', file]),
  ).toContain('low_watermark: 2')
  expect(
    await ok('org.apache.kafka.tools.LogDirsCommand', [...bootstrap(), '--describe', '--topic-list', topic]),
  ).toContain(`"partition":"${topic}-0"`)
})

test.skipIf(!there)(
  'leader-election finds every leader in place; reassign-partitions and groups list nothing that is not there',
  async () => {
    const topic = topicName('election')
    await ok(TOPICS, [...bootstrap(), '--create', '--topic', topic, '--partitions', '2'])
    await ok('org.apache.kafka.tools.LeaderElectionCommand', [
      ...bootstrap(),
      '--election-type',
      'preferred',
      '--all-topic-partitions',
    ])
    const one = await ok('org.apache.kafka.tools.LeaderElectionCommand', [
      ...bootstrap(),
      '--election-type',
      'unclean',
      '--topic',
      topic,
      '--partition',
      '1',
    ])
    expect(one).toContain(`Valid replica already elected for partitions ${topic}-1`)
    expect(await ok('org.apache.kafka.tools.reassign.ReassignPartitionsCommand', [...bootstrap(), '--list'])).toContain(
      'No partition reassignments found.',
    )
    await ok(PRODUCER, [...bootstrap(), '--topic', topic], { input: 'a\n' })
    await ok(CONSUMER, [
      ...bootstrap(),
      '--topic',
      topic,
      '--from-beginning',
      '--max-messages',
      '1',
      '--timeout-ms',
      '30000',
      '--group',
      `${topic}-g`,
    ])
    expect(await ok('org.apache.kafka.tools.GroupsCommand', [...bootstrap(), '--list'])).toMatch(
      new RegExp(`${topic}-g\\s+Classic\\s+consumer`),
    )
  },
)

test.skipIf(!there)('cluster tells id and endpoints; log-dirs describes every partition', async () => {
  expect(await ok('org.apache.kafka.tools.ClusterTool', ['cluster-id', ...bootstrap()])).toMatch(
    /Cluster ID: [\w-]{22}/,
  )
  expect(await ok('org.apache.kafka.tools.ClusterTool', ['list-endpoints', ...bootstrap()])).toMatch(
    /127\.0\.0\.1\s+\d+\s+null\s+unfenced\s+broker/,
  )
  const topic = topicName('dirs')
  await ok(TOPICS, [...bootstrap(), '--create', '--topic', topic, '--partitions', '3'])
  const described = await ok('org.apache.kafka.tools.LogDirsCommand', [...bootstrap(), '--describe'])
  for (const partition of [0, 1, 2]) expect(described).toContain(`"partition":"${topic}-${partition}"`)
})

test.skipIf(!there)('tools for what a node does not serve fail at once, naming it', async (context) => {
  context.skip(inject('isForeign'), 'Apache Kafka serves these')
  const transactions = await tool('org.apache.kafka.tools.TransactionsCommand', [...bootstrap(), 'list'], {
    timeoutMs: 30_000,
  })
  expect(transactions.code).not.toBe(0)
  expect(transactions.output).toContain('does not support LIST_TRANSACTIONS')
})

test.skipIf(!there)('kafka-metadata-quorum names the controller', async () => {
  const status = await ok('org.apache.kafka.tools.MetadataQuorumCommand', [...bootstrap(), 'describe', '--status'])
  expect(status).toMatch(/^LeaderId:\s+\d+$/m)
})

test.skipIf(!there)('describe-producers of a partition names an idempotent producer', async () => {
  const topic = topicName('producers')
  await ok(PRODUCER, [...bootstrap(), '--topic', topic], { input: 'a\nb\n' })
  const described = await ok('org.apache.kafka.tools.TransactionsCommand', [
    ...bootstrap(),
    'describe-producers',
    '--topic',
    topic,
    '--partition',
    '0',
  ])
  expect(described).toMatch(/^\d+\s+0\s+-1\s+\d+\s+\d+\s+None/m)
})

test.skipIf(!there)('kafka-features lists no feature, and is told why none can be set', async (context) => {
  context.skip(inject('isForeign'), 'Apache Kafka on KRaft has features')
  const FEATURES = 'org.apache.kafka.tools.FeatureCommand'
  expect(await ok(FEATURES, [...bootstrap(), 'describe'])).not.toContain('Feature:')
  const upgrade = await tool(FEATURES, [...bootstrap(), 'upgrade', '--feature', 'group.version=1'])
  expect(upgrade.code).not.toBe(0)
  expect(upgrade.output).toContain('Can not set group.version to 1: no feature is supported in a cluster on ZooKeeper')
})
