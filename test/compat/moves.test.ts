/** Kafka's own tools move partitions between brokers and log directories of a cluster, throttled. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ClusterProcess } from '../support/cluster-process.ts'
import { has, java } from './support/peers.ts'

const there = has('java') && has('mvn')
const REASSIGN = 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand'
const RECORD_COUNT = 20_000
const RECORD_SIZE_BYTES = 1000

let cluster: ClusterProcess | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail') for (const id of [1, 2]) console.error(cluster?.printed(id))
  cluster?.destroy()
  cluster = undefined
})

/** @returns what the tool printed, standard output and errors */
async function tool(mainClass: string, args: readonly string[], tools = 'kafka-4.3.1'): Promise<string> {
  const outcome = await java(tools, mainClass, ['--bootstrap-server', cluster?.bootstrapServers ?? '', ...args])
  expect(outcome.code, outcome.output).toBe(0)
  return outcome.output
}

async function fill(topic: string): Promise<void> {
  await tool('org.apache.kafka.tools.TopicCommand', ['--create', '--topic', topic, '--replica-assignment', '1'])
  const outcome = await java('kafka-4.3.1', 'org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', topic, '--num-records', String(RECORD_COUNT), '--record-size', String(RECORD_SIZE_BYTES)],
    ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${cluster?.bootstrapServers}`],
  ])
  expect(outcome.output).toContain(`${RECORD_COUNT} records sent`)
}

function planFile(replicas: readonly number[], directory: string): string {
  const file = join(cluster?.root ?? '', 'plan.json')
  const partition = { topic: 'moved', partition: 0, replicas, log_dirs: [directory] }
  writeFileSync(file, JSON.stringify({ version: 1, partitions: [partition] }))
  return file
}

async function untilComplete(file: string, tools: string): Promise<string> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const output = await tool(REASSIGN, ['--verify', '--reassignment-json-file', file], tools)
    if (!output.includes('in progress')) return output
  }
  throw new Error('the move does not end')
}

async function brokerConfig(id: number): Promise<string> {
  return tool('kafka.admin.ConfigCommand', ['--describe', '--entity-type', 'brokers', '--entity-name', String(id)])
}

test.skipIf(!there).each(['kafka-4.3.1', 'tools-3.9.1'])(
  '%s moves a replica to another log directory, then to one of another broker; throttles hold it back and go with the end',
  async (tools) => {
    cluster = await ClusterProcess.start(2, [], { logDirectories: ['one', 'two'], chroot: '/a/chroot' })
    await fill('moved')
    const [from, to] = existsSync(join(cluster.dataOf(1), 'one', 'moved-0')) ? ['one', 'two'] : ['two', 'one']
    const there1 = join(cluster.dataOf(1), to)
    const file = planFile([1], there1)
    const execute = ['--execute', '--reassignment-json-file', file]
    await tool(REASSIGN, [...execute, '--replica-alter-log-dirs-throttle', '2000000'], tools)
    expect(await brokerConfig(1)).toContain('replica.alter.log.dirs.io.max.bytes.per.second=2000000')
    const dirs = await tool('org.apache.kafka.tools.LogDirsCommand', ['--describe', '--topic-list', 'moved'])
    expect(dirs).toContain('"isFuture":true')
    expect(readdirSync(there1).some((name) => /^moved-0\.[0-9a-f]{32}-future$/.test(name))).toBe(true)
    const done = await untilComplete(file, tools)
    expect(done).toMatch(/Reassignment of replica moved-0-1 completed successfully/)
    expect(await brokerConfig(1)).not.toContain('replica.alter.log.dirs')
    expect(existsSync(join(there1, 'moved-0'))).toBe(true)
    expect(existsSync(join(cluster.dataOf(1), from, 'moved-0'))).toBe(false)

    // It goes on after a kill, too; and the other broker's directory is chosen before the replica is there.
    await cluster.end(1, 'SIGKILL')
    await cluster.startBroker(1)
    const there2 = join(cluster.dataOf(2), 'two')
    const other = planFile([2], there2)
    const begin = ['--execute', '--reassignment-json-file', other, '--throttle']
    await tool(REASSIGN, [...begin, '500000'], tools)
    expect(await brokerConfig(2)).toContain('follower.replication.throttled.rate=500000')
    const described = await tool('org.apache.kafka.tools.LogDirsCommand', [
      ...['--describe', '--topic-list', 'moved', '--broker-list', '2'],
    ])
    // The whole takes 40 seconds at this rate, and a blink without.
    const size = Number(/"size":(\d+)/.exec(described)?.[1])
    expect(size).toBeGreaterThan(0)
    expect(size).toBeLessThan((RECORD_COUNT * RECORD_SIZE_BYTES) / 2)
    await tool(REASSIGN, [...begin, '50000000', '--additional'], tools)
    await untilComplete(other, tools)
    expect(existsSync(join(there2, 'moved-0'))).toBe(true)
    expect(await brokerConfig(2)).not.toContain('throttled.rate')
    const topic = ['--describe', '--entity-type', 'topics', '--entity-name', 'moved']
    expect(await tool('kafka.admin.ConfigCommand', topic)).not.toContain('throttled.replicas')
    const offsets = await tool('org.apache.kafka.tools.GetOffsetShell', ['--topic', 'moved'])
    expect(offsets).toContain(`moved:0:${RECORD_COUNT}`)
  },
  240_000,
)
