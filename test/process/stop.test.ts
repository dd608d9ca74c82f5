import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  readFindCoordinatorResponse,
  writeFindCoordinatorRequest,
} from '../../src/protocol/generated/10-find-coordinator.ts'
import {
  type JoinGroupRequest,
  type JoinGroupResponse,
  readJoinGroupResponse,
  writeJoinGroupRequest,
} from '../../src/protocol/generated/11-join-group.ts'
import { endProcess } from '../support/node-process.ts'
import { type Exchange, RawKafka } from '../support/raw-kafka.ts'
import {
  batchOf,
  createTopic,
  FETCH,
  fetchOf,
  produce,
  PRODUCE,
  readPartition,
  sleep,
  startTestNode,
} from './support.ts'

const TOPIC = 'stopped'
const FIND_COORDINATOR: Exchange<FindCoordinatorRequest, FindCoordinatorResponse> = {
  apiKey: 10,
  version: 2,
  write: writeFindCoordinatorRequest,
  read: readFindCoordinatorResponse,
}
/** The last version in which a new member joins without asking for an id first. */
const JOIN_GROUP: Exchange<JoinGroupRequest, JoinGroupResponse> = {
  apiKey: 11,
  version: 3,
  write: writeJoinGroupRequest,
  read: readJoinGroupResponse,
}

test('SIGTERM under load: exit 0, a clean log directory, nothing acknowledged is lost, and the next start recovers nothing', async () => {
  const running = await startTestNode(['num.partitions=2', 'jackdaw.num.shards=2'])
  try {
    await createTopic(running.port, TOPIC)
    const acknowledged: Map<number, string>[] = [new Map(), new Map()]
    const loads = [0, 1].map((partition) => load(running.port, partition, acknowledged[partition] ?? new Map()))
    await sleep(400)
    const stoppingAt = performance.now()
    expect(await endProcess(running.node, 'SIGTERM')).toBe(0)
    expect(performance.now() - stoppingAt, 'a stop takes no longer than the drain').toBeLessThan(8_000)
    await Promise.all(loads)
    expect((acknowledged[0]?.size ?? 0) + (acknowledged[1]?.size ?? 0)).toBeGreaterThan(50)
    expect(existsSync(join(running.directory, 'logs', '.kafka_cleanshutdown'))).toBe(true)
    await running.restart()
    for (const [partition, rows] of acknowledged.entries()) {
      const found = await readPartition(running.port, TOPIC, partition)
      for (const [offset, value] of rows) expect(found.get(offset)).toBe(value)
    }
    expect(running.node.printed()).not.toMatch(/recover(ed|ing) .*(segment|log)|rebuilding/i)
    expect(
      existsSync(join(running.directory, 'logs', '.kafka_cleanshutdown')),
      'the flag is gone while the node runs',
    ).toBe(false)
  } finally {
    await running.remove()
  }
})

/** Sends with several requests in flight until the node hangs up. */
async function load(port: number, partition: number, acknowledged: Map<number, string>): Promise<void> {
  const connection = await RawKafka.open(port)
  const sent: string[] = []
  for (let next = 0; !connection.isClosed; ) {
    while (sent.length < 6) {
      const value = `v${next}-${'x'.repeat(next % 2000)}`
      next += 1
      const bytes = batchOf([value])
      connection.send(PRODUCE, {
        acks: -1,
        timeoutMs: 10_000,
        topicData: [
          {
            name: TOPIC,
            partitionData: [{ index: partition, records: { bytes, startsAt: 0, sizeBytes: bytes.length } }],
          },
        ],
      })
      sent.push(value)
    }
    const frame = await connection.nextFrame()
    if (frame === undefined) return
    const row = RawKafka.parse(PRODUCE, frame).responses[0]?.partitionResponses[0]
    const value = sent.shift()
    if (row?.errorCode === 0 && value !== undefined) acknowledged.set(row.baseOffset, value)
  }
}

test('neither a long poll, nor a member that waits for its group, nor an idle connection holds up the stop', async () => {
  const running = await startTestNode()
  try {
    await createTopic(running.port, TOPIC)
    const polling = await RawKafka.open(running.port)
    polling.send(FETCH, { ...fetchOf(TOPIC, 0, 0), maxWaitMs: 60_000, minBytes: 1 })
    const joining = await RawKafka.open(running.port)
    // The first asking creates the topic of the groups; until it serves, a member would be sent away at once.
    const asked = { key: 'slow', keyType: 0 }
    while ((await joining.ask(FIND_COORDINATOR, asked)).errorCode !== 0) await sleep(50)
    // A new group waits three seconds for more members.
    joining.send(JOIN_GROUP, {
      groupId: 'slow',
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
    })
    const idle = await RawKafka.open(running.port)
    await sleep(100)
    const stoppingAt = performance.now()
    expect(await endProcess(running.node, 'SIGTERM')).toBe(0)
    expect(performance.now() - stoppingAt).toBeLessThan(2_500)
    const answer = await polling.nextFrame()
    expect(answer === undefined ? undefined : RawKafka.parse(FETCH, answer)).toMatchObject({ errorCode: 0 })
    for (const connection of [joining, idle]) {
      expect(await connection.nextFrame()).toBeUndefined()
    }
  } finally {
    await running.remove()
  }
})

test('a second SIGTERM ends the node at once, and what was acknowledged is there', async () => {
  const running = await startTestNode()
  try {
    await createTopic(running.port, TOPIC)
    const connection = await RawKafka.open(running.port)
    const values = Array.from({ length: 24 }, (_, index) => String(index % 10).repeat(900_000))
    for (const value of values) expect((await produce(connection, TOPIC, 0, batchOf([value]))).errorCode).toBe(0)
    // More than the system keeps for a peer that does not read: that keeps the first signal's orderly stop busy.
    connection.pause()
    connection.send(FETCH, fetchOf(TOPIC, 0, 0, 50_000_000))
    await sleep(100)
    running.node.process.kill('SIGTERM')
    await sleep(150)
    const secondAt = performance.now()
    expect(await endProcess(running.node, 'SIGTERM')).toBe(143)
    expect(performance.now() - secondAt).toBeLessThan(1_000)
    await running.restart()
    expect([...(await readPartition(running.port, TOPIC, 0)).values()]).toEqual(values)
  } finally {
    await running.remove()
  }
})
