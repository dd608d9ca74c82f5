import { afterEach, expect, test } from 'vitest'
import { describeCluster } from '../../src/client/admin/cluster-info.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { describeGroup } from '../../src/client/admin/groups.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { clientOf } from '../support/cluster-process.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { pause } from '../support/replicated-load.ts'
import { createSequenceTopic, untilAllInSync } from '../support/sequence-load.ts'
import { FailoverProgram } from './support/failover-program.ts'
import { has } from './support/peers.ts'

const TOPIC = 'failover'
const PARTITIONS = 6
/** Long enough for clients to have found the new leaders and to work with them. */
const DOWN_MS = 3_000

let cluster: NodeCluster | undefined
let program: FailoverProgram | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail') {
    for (const id of cluster?.ids ?? []) console.error(`node ${id}:\n${cluster?.printed(id).slice(-8_000)}`)
    console.error(`the application:\n${program?.printed.slice(-4_000)}`)
  }
  program?.kill()
  cluster?.destroy()
  program = undefined
  cluster = undefined
})

/** Who holds an office that has not been hit yet, or else anybody who has not: in the end every node was killed, the controller first. */
async function nextVictim(client: Cluster, killed: ReadonlySet<number>, ids: readonly number[]): Promise<number> {
  const admin = new AdminContext(client)
  const { controllerId } = await describeCluster(admin)
  if (killed.size === 0) return controllerId
  const { coordinatorId } = await describeGroup(admin, `${TOPIC}-group`)
  if (!killed.has(coordinatorId)) return coordinatorId
  return ids.find((id) => !killed.has(id)) ?? -1
}

async function killEachUnder(start: (bootstrap: string) => FailoverProgram | undefined): Promise<boolean> {
  cluster = await NodeCluster.start({ overrides: ['group.initial.rebalance.delay.ms=500'] })
  const client = clientOf(cluster.bootstrapServers)
  await createSequenceTopic(client, TOPIC, PARTITIONS)
  program = start(cluster.bootstrapServers)
  if (program === undefined) return false
  await program.untilReady()
  const killed = new Set<number>()
  while (killed.size < cluster.ids.length) {
    const victim = await nextVictim(client, killed, cluster.ids)
    killed.add(victim)
    expect(await cluster.end(victim, 'SIGKILL')).toBe('SIGKILL')
    await pause(DOWN_MS)
    await cluster.startNode(victim)
    await untilAllInSync(client, TOPIC, cluster.ids.length)
    await pause(1_000)
  }
  client.close()
  const result = await program.finish()
  console.info(
    `${result.acknowledged} acknowledged, longest gap ${result.longestGapMs} ms, victims ${[...killed].join(', ')}`,
  )
  expect(result.wrong).toEqual([])
  expect(result.failures).toEqual({})
  expect(result.acknowledged).toBeGreaterThan(1_000)
  expect(result.read).toBe(result.acknowledged)
  return true
}

const NAME =
  'every node is killed in turn, the controller first and the coordinator of the group: nothing is lost or doubled, the group goes on from its commits'

test.skipIf(!has('java') || !has('mvn'))(`Java client 4.3.1: ${NAME}`, async () => {
  await killEachUnder((bootstrap) => FailoverProgram.java('kafka-4.3.1', bootstrap, TOPIC, PARTITIONS))
})

test(`confluent-kafka (librdkafka): ${NAME}`, async (context) => {
  const isThere = await killEachUnder((bootstrap) => FailoverProgram.confluent(bootstrap, TOPIC, PARTITIONS))
  context.skip(!isThere, 'confluent-kafka cannot be installed here')
})

test(`kafkajs: ${NAME}`, async () => {
  await killEachUnder((bootstrap) => FailoverProgram.kafkajs(bootstrap, TOPIC, PARTITIONS))
})
