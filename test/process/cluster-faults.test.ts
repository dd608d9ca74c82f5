import { afterEach, expect, test } from 'vitest'
import { clientOf } from '../support/cluster-process.ts'
import { FAULTS, runFaults, summary } from '../support/fault-run.ts'
import { Links } from '../support/links.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { createSequenceTopic, SequenceLoad, UNAVAILABLE_MS } from '../support/sequence-load.ts'

/** 0: every kind of fault once. */
const MINUTES = Number(process.env['JACKDAW_FAULT_MINUTES'] ?? 0)
const SEED = Number(process.env['JACKDAW_FAULT_SEED'] ?? 1)
const TOPIC = 'faults'
const PARTITIONS = 6
const DURATION_MS = MINUTES * 60_000

let cluster: NodeCluster | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail')
    for (const id of cluster?.ids ?? []) console.error(`node ${id}:\n${cluster?.printed(id).slice(-12_000)}`)
  cluster?.destroy()
  cluster = undefined
})

test.skipIf(!Links.canBe)(
  'three nodes are killed, frozen, cut off and stopped under load: nothing acknowledged is lost, doubled or out of order, replicas are the same bytes',
  async () => {
    cluster = await NodeCluster.start({ hasLinks: true })
    const client = clientOf(cluster.bootstrapServers)
    await createSequenceTopic(client, TOPIC, PARTITIONS)
    const load = new SequenceLoad(client, TOPIC, PARTITIONS)
    const startedAtMs = Date.now()
    const say = (text: string): void => console.info(`${Math.round((Date.now() - startedAtMs) / 1000)} s: ${text}`)
    const outcomes = await runFaults(cluster, client, TOPIC, load, { seed: SEED, durationMs: DURATION_MS, say })
    await load.stop()
    const longestGapMs = Math.max(...outcomes.map((outcome) => outcome.longestGapMs))
    const share = (load.unavailableShare * 100).toFixed(2)
    console.info(
      `seed ${SEED}, ${outcomes.length} faults, ${load.acknowledgedCount} records acknowledged, ${load.failures.length} sends failed\n` +
        `longest gap of a partition ${longestGapMs} ms; ${share} % of partition time in gaps of more than ${UNAVAILABLE_MS} ms\n${summary(outcomes)}`,
    )
    expect(load.acknowledgedCount).toBeGreaterThan(FAULTS.length * 500)
    expect(load.failures).toEqual([])
    expect(await load.judge(client)).toEqual([])
    client.close()
    for (const id of cluster.ids) expect(await cluster.end(id, 'SIGTERM'), `node ${id} ends cleanly`).toBe(0)
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const [first, ...others] = cluster.ids.map((id) => cluster?.logOf(id, TOPIC, partition) ?? Buffer.alloc(0))
      expect(first?.length).toBeGreaterThan(0)
      for (const other of others) expect(other.equals(first ?? Buffer.alloc(0))).toBe(true)
    }
  },
  180_000 + DURATION_MS * 2,
)
