import { expect, test } from 'vitest'
import type { CliContext } from '../../../src/cli/context.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { consoleProducerShim } from '../../../src/cli/shims/console-producer.ts'
import { configsShim, pairs } from '../../../src/cli/shims/configs.ts'
import { consumerGroupsShim } from '../../../src/cli/shims/consumer-groups.ts'
import { runShim, type Shim } from '../../../src/cli/shims/run-shim.ts'
import { topicsShim } from '../../../src/cli/shims/topics.ts'
import { parseLine, PLAIN_LINES } from '../../../src/cli/work/console-produce.ts'
import { parseDuration, parseTime } from '../../../src/cli/work/reset-plan.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ClientWorld, metadata, type Script, type Message } from '../../support/client-world.ts'
import { FakeLog } from '../../support/fake-log.ts'

const ID = 'AAAAAAAAAAAAAAAAAAAAAA'

function terminal(script: Script = {}, lines: readonly string[] = []) {
  const world = new ClientWorld({ Metadata: () => metadata(1, { orders: [1, 1] }), ...script })
  const printed = { out: '', error: '' }
  const context: CliContext = {
    variables: { KAFKA_BROKERS: '1:9092' },
    out: (text) => {
      printed.out += typeof text === 'string' ? text : new TextDecoder().decode(text)
    },
    error: (text) => {
      printed.error += text
    },
    lines: async function* () {
      yield* lines
    },
    isInteractive: false,
    readFile: async () => '"orders",0,5\n',
    onStop: () => () => {},
    environment: world.environment,
  }
  return {
    world,
    printed,
    jackdaw: (...args: string[]) => world.run(runProgram(args, context)),
    tool: (shim: Shim, ...args: string[]) =>
      world.run(runShim(shim, ['--bootstrap-server', '1:9092', ...args], context)),
  }
}

const groupScript: Script = {
  FindCoordinator: (request) => ({
    coordinators: [{ key: request.coordinatorKeys[0], nodeId: 1, host: '1', port: 9092 }],
  }),
  ConsumerGroupDescribe: (request) => ({
    groups: [{ groupId: request.groupIds[0], errorCode: ErrorCode.groupIdNotFound }],
  }),
  DescribeGroups: (request) => ({
    groups: [{ groupId: request.groups[0], groupState: 'Empty', protocolType: 'consumer' }],
  }),
  OffsetFetch: (request) => ({
    groups: [
      {
        groupId: request.groups[0].groupId,
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 3 }] }],
      },
    ],
  }),
  ListOffsets: (request) => ({
    topics: request.topics.map(({ name, partitions }: Message) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }: Message) => ({
        partitionIndex,
        offset: timestamp === -2 ? 1 : 10,
      })),
    })),
  }),
  OffsetCommit: (request) => ({
    topics: request.topics.map(({ name, partitions }: Message) => ({
      name,
      partitions: partitions.map(({ partitionIndex }: Message) => ({ partitionIndex })),
    })),
  }),
}

test('topics list prints a table, and JSON when asked', async () => {
  const one = terminal()
  expect(await one.jackdaw('topics', 'list')).toBe(0)
  expect(one.printed.out).toBe('NAME    PARTITIONS  REPLICAS\norders           2         1\n')
  const other = terminal()
  await other.jackdaw('topics', 'list', '-o', 'json')
  expect(JSON.parse(other.printed.out)).toEqual([
    { name: 'orders', partitions: 2, replicas: 1, topicId: ID, isInternal: false },
  ])
})

test('a node that is not there is a failure that says what to do, without waiting', async () => {
  const { world, printed, jackdaw } = terminal()
  world.unreachable.add(1)
  expect(await jackdaw('topics', 'list')).toBe(1)
  expect(printed.error).toContain("Is a node running there? Start one with 'jackdaw start'")
  expect(world.nowMs).toBe(0)
})

test('a wrong command line ends with 2', async () => {
  expect(await terminal().jackdaw('bogus')).toBe(2)
  expect(await terminal().jackdaw('topics', 'create')).toBe(2)
  expect(await terminal().jackdaw('topics', 'create', 'x', '-p', 'many')).toBe(2)
  expect(await terminal().jackdaw('-b', 'no:port:here', 'topics', 'list')).toBe(1)
})

test('help names every command, start too, and ends with 0', async () => {
  const { printed, jackdaw } = terminal()
  expect(await jackdaw('--help')).toBe(0)
  for (const name of [
    'start',
    'dev',
    'topics',
    'partitions',
    'produce',
    'consume',
    'groups',
    'configs',
    'health',
    'cluster',
  ])
    expect(printed.out).toContain(`\n  ${name} `)
})

test("the broker's refusal is told in its own words", async () => {
  const { printed, jackdaw } = terminal({
    CreateTopics: () => ({
      topics: [
        { name: 'orders', errorCode: ErrorCode.topicAlreadyExists, errorMessage: "Topic 'orders' already exists." },
      ],
    }),
  })
  expect(await jackdaw('topics', 'create', 'orders')).toBe(1)
  expect(printed.error).toContain("Topic 'orders' already exists. (TOPIC_ALREADY_EXISTS)")
})

test('produce sends each line, with keys', async () => {
  const log = new FakeLog()
  const script: Script = {
    Metadata: () => metadata(1, { orders: [1] }),
    InitProducerId: () => ({ producerId: 1, producerEpoch: 0 }),
  }
  const { world, printed, jackdaw } = terminal(script, ['a:1', 'b:2'])
  world.script['Produce'] = (request) => log.produce(world, request)
  expect(await jackdaw('produce', 'orders', '-K', ':')).toBe(0)
  expect(log.values).toEqual(['1', '2'])
  expect(printed.error).toBe('2 sent\n')
})

test('groups describe shows the lag; reset-offsets changes nothing without --execute and stays within the log', async () => {
  const { printed, jackdaw } = terminal(groupScript)
  await jackdaw('groups', 'describe', 'g')
  expect(printed.out).toContain('orders          0        3   10    7')
  const dry = terminal(groupScript)
  await dry.jackdaw('groups', 'reset-offsets', 'g', '-t', 'orders', '--to-offset', '99')
  expect(dry.printed.out).toContain('orders          0          10')
  expect(dry.world.of('OffsetCommit')).toHaveLength(0)
  const wet = terminal(groupScript)
  await wet.jackdaw('groups', 'reset-offsets', 'g', '-t', 'orders:0', '--shift-by', '-1', '--execute')
  expect(wet.world.of('OffsetCommit')[0]?.request.topics[0].partitions[0].committedOffset).toBe(2)
})

test('kafka-topics.sh prints what the original prints', async () => {
  const configs = { name: 'retention.ms', value: '5', configSource: 1 }
  const { printed, tool } = terminal({
    ListPartitionReassignments: () => ({ errorMessage: null }),
    DescribeConfigs: () => ({
      results: [{ resourceType: 2, resourceName: 'orders', errorMessage: null, configs: [configs] }],
    }),
  })
  expect(await tool(topicsShim, '--describe', '--topic', 'ord.*')).toBe(0)
  expect(printed.out).toBe(
    `Topic: orders\tTopicId: ${ID}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: retention.ms=5\n` +
      '\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: \n' +
      '\tTopic: orders\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: \n',
  )
})

test("kafka-topics.sh complains in the original's words and ends with 1", async () => {
  const missing = terminal()
  expect(await missing.tool(topicsShim, '--delete', '--topic', 'nosuch')).toBe(1)
  expect(missing.printed.error).toBe(
    "Error while executing topic command : Topic 'nosuch' does not exist as expected\n",
  )
  const wrong = terminal()
  expect(await wrong.tool(topicsShim, '--bogus')).toBe(1)
  expect(wrong.printed.error).toContain('bogus is not a recognized option')
})

test('kafka-consumer-groups.sh keeps the columns of the original', async () => {
  const { printed, tool } = terminal(groupScript)
  expect(await tool(consumerGroupsShim, '--describe', '--group', 'g1')).toBe(0)
  expect(printed.error).toBe("\nConsumer group 'g1' has no active members.\n")
  expect(printed.out).toBe(
    '\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID\n' +
      'g1              orders          0          3               10              7               -               -               -\n',
  )
})

test('kafka-configs.sh keeps commas inside square brackets together', async () => {
  expect(pairs('max.message.bytes=2000,cleanup.policy=[compact,delete]')).toEqual([
    ['max.message.bytes', '2000'],
    ['cleanup.policy', 'compact,delete'],
  ])
  const { tool } = terminal()
  expect(await tool(configsShim, '--alter', '--entity-type', 'planets', '--add-config', 'a=1')).toBe(1)
})

test('a line without its separator is an error that names the line', async () => {
  const format = { ...PLAIN_LINES, parseKey: true }
  expect(() => parseLine('no tab', format, 7)).toThrow("No key separator found on line number 7: 'no tab'")
  expect(parseLine('no tab', { ...format, ignoreError: true }, 7).key).toBeNull()
  expect(
    await terminal({}, ['no tab']).tool(consoleProducerShim, '--topic', 'orders', '--property', 'parse.key=true'),
  ).toBe(1)
})

test('times and durations are read as the original reads them', () => {
  expect(parseTime('2026-01-01T00:00:00.000')).toBe(Date.UTC(2026, 0, 1))
  expect(parseTime('2026-01-01T01:00:00+01:00')).toBe(Date.UTC(2026, 0, 1))
  expect(parseDuration('P1DT2H3M4S')).toBe(((24 + 2) * 60 + 3) * 60_000 + 4_000)
  expect(() => parseDuration('1h')).toThrow('is no duration')
})
