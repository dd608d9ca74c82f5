import { afterEach, expect, test } from 'vitest'
import { clientOf } from '../support/cluster-process.ts'
import {
  createReplicatedTopic,
  judge,
  Load,
  PARTITIONS,
  pause,
  TOPIC,
  untilInSync,
} from '../support/replicated-load.ts'
import { type Kind, MixedCluster } from './support/mixed-cluster.ts'
import { has } from './support/peers.ts'

const there = has('java') && has('mvn')

let cluster: MixedCluster | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail') {
    for (const id of [1, 2, 3]) {
      console.error(`broker ${id}:\n${cluster?.printed(id).split('\n').slice(-60).join('\n')}`)
    }
  }
  cluster?.destroy()
  cluster = undefined
})

/** Brokers are killed one after the other while records are sent; each comes back and catches up with the other kind. */
async function surviveKills(kinds: readonly Kind[]): Promise<void> {
  cluster = await MixedCluster.start(kinds)
  const client = clientOf(cluster.bootstrapServers)
  await createReplicatedTopic(client)
  const load = new Load(client)
  await pause(1500)
  for (const victim of [1, 2, 3]) {
    await cluster.end(victim, 'SIGKILL')
    await pause(6000)
    await cluster.startBroker(victim)
    await untilInSync(client)
    await pause(500)
  }
  await load.stop()
  expect(load.ledger.size).toBeGreaterThan(300)
  expect(await judge(client, load.ledger)).toEqual({ lost: [], doubled: [] })
  await untilInSync(client)
  await client.close()
  for (const id of [1, 2, 3]) await cluster.end(id, 'SIGTERM')
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const logs = [1, 2, 3].map((id) => cluster?.logOf(id, TOPIC, partition))
    expect(logs[0]?.length).toBeGreaterThan(0)
    expect(logs[1]?.equals(logs[0] ?? Buffer.alloc(0))).toBe(true)
    expect(logs[2]?.equals(logs[0] ?? Buffer.alloc(0))).toBe(true)
  }
  console.info(`${kinds.join(', ')}: longest gap between acknowledgements ${load.longestGapMs} ms over three kills`)
}

test.skipIf(!there)(
  'one Kafka 3.9.1 broker beside two of ours: whoever dies, nothing acknowledged is lost or doubled, replicas are the same bytes',
  () => surviveKills(['kafka', 'jackdaw', 'jackdaw']),
  240_000,
)

test.skipIf(!there)(
  'two Kafka 3.9.1 brokers beside one of ours: the same',
  () => surviveKills(['kafka', 'kafka', 'jackdaw']),
  240_000,
)
