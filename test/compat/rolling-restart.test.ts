import { afterEach, expect, test } from 'vitest'
import { clientOf } from '../support/cluster-process.ts'
import { pause } from '../support/replicated-load.ts'
import { createSequenceTopic, untilAllInSync } from '../support/sequence-load.ts'
import { FailoverProgram, type FailoverResult } from './support/failover-program.ts'
import { type Kind, MixedCluster } from './support/mixed-cluster.ts'
import { has } from './support/peers.ts'

const PARTITIONS = 6
const TOPIC = 'rolled'
/** Of a producer that may not try again, and hears of every leader that has moved. */
const BARE_TOPIC = 'rolled-bare'
const IDS = [1, 2, 3]
/** What such a producer is told of leaders that have moved, and of connections that stopping brokers have closed. */
const RETRIABLE = new Set(['NotLeaderOrFollowerException', 'NetworkException'])

let cluster: MixedCluster | undefined
let programs: FailoverProgram[] = []

afterEach(({ task }) => {
  if (task.result?.state === 'fail') {
    for (const id of IDS) console.error(`broker ${id}:\n${cluster?.printed(id).slice(-6_000)}`)
    for (const { printed } of programs) console.error(`an application:\n${printed.slice(-3_000)}`)
  }
  for (const program of programs) program.kill()
  programs = []
  cluster?.destroy()
})

/** Restarts every broker in order. @returns what came of an ordinary application, and of one whose producer never tries again */
async function rollEachOf(kind: Kind): Promise<readonly [FailoverResult, FailoverResult]> {
  cluster = await MixedCluster.start([kind, kind, kind])
  const { bootstrapServers } = cluster
  const client = clientOf(bootstrapServers)
  for (const topic of [TOPIC, BARE_TOPIC]) await createSequenceTopic(client, topic, PARTITIONS)
  const ordinary = FailoverProgram.java('clients-3.9.1', bootstrapServers, TOPIC, PARTITIONS)
  const withoutRetries = ['enable.idempotence=false', 'retries=0']
  const bare = FailoverProgram.java('clients-3.9.1', bootstrapServers, BARE_TOPIC, PARTITIONS, withoutRetries)
  programs = [ordinary, bare]
  for (const program of programs) await program.untilReady()
  for (const id of IDS) {
    for (const topic of [TOPIC, BARE_TOPIC]) await untilAllInSync(client, topic, IDS.length)
    await cluster.end(id, 'SIGTERM')
    await cluster.startBroker(id)
    await pause(1_000)
  }
  client.close()
  const results = [await ordinary.finish(), await bare.finish()] as const
  for (const { acknowledged, failures, longestGapMs } of results)
    console.info(
      `${kind}: ${acknowledged} acknowledged, longest gap ${longestGapMs} ms, failed sends ${JSON.stringify(failures)}`,
    )
  return results
}

const hasJava = has('java') && has('mvn')

test.skipIf(!hasJava)(
  'a rolling restart: no send of a Java producer fails, one that may not try again hears of moved leaders only, and the group goes on',
  async () => {
    const [ordinary, bare] = await rollEachOf('jackdaw')
    expect(ordinary.wrong).toEqual([])
    expect(ordinary.failures).toEqual({})
    expect(ordinary.read).toBe(ordinary.acknowledged)
    expect(ordinary.acknowledged).toBeGreaterThan(1_000)
    expect(bare.wrong).toEqual([])
    expect(Object.keys(bare.failures).filter((name) => !RETRIABLE.has(name))).toEqual([])
    expect(bare.acknowledged).toBeGreaterThan(1_000)
  },
  180_000,
)

test.skipIf(!hasJava || process.env['JACKDAW_COMPARE'] === undefined)(
  'the same with three Kafka 3.9.1 brokers, for comparison (JACKDAW_COMPARE=1)',
  async () => {
    const [ordinary] = await rollEachOf('kafka')
    expect(ordinary.failures).toEqual({})
  },
  240_000,
)
