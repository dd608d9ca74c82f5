import { afterEach, test } from 'vitest'
import { clientOf } from '../support/cluster-process.ts'
import { surviveKills } from '../support/replicated-load.ts'
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

async function killEachOf(kinds: readonly Kind[]): Promise<void> {
  cluster = await MixedCluster.start(kinds)
  const longestGapMs = await surviveKills(cluster, clientOf(cluster.bootstrapServers), 6000, 300)
  console.info(`${kinds.join(', ')}: longest gap between acknowledgements ${longestGapMs} ms over three kills`)
}

test.skipIf(!there)(
  'one Kafka 3.9.1 broker beside two of ours: whoever dies, nothing acknowledged is lost or doubled, replicas are the same bytes',
  () => killEachOf(['kafka', 'jackdaw', 'jackdaw']),
  240_000,
)

test.skipIf(!there)(
  'two Kafka 3.9.1 brokers beside one of ours: the same',
  () => killEachOf(['kafka', 'kafka', 'jackdaw']),
  240_000,
)
