import { afterEach, expect, test } from 'vitest'
import { clientOf } from '../support/cluster-process.ts'
import { NodeCluster } from '../support/node-cluster.ts'
import { createSequenceTopic, SequenceLoad, untilAllInSync } from '../support/sequence-load.ts'

/** Three seconds at most on a machine that has nothing else to do. */
const STOP_MAX_MS = 6_000

let cluster: NodeCluster | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail')
    for (const id of cluster?.ids ?? []) console.error(`node ${id}:\n${cluster?.printed(id).slice(-6_000)}`)
  cluster?.destroy()
  cluster = undefined
})

test('a node stops in order and soon when the others are frozen or dead: there is no quorum that could take over', async () => {
  cluster = await NodeCluster.start()
  const client = clientOf(cluster.bootstrapServers)
  await createSequenceTopic(client, 'alone', 6)
  const load = new SequenceLoad(client, 'alone', 6)
  const stop = async (): Promise<void> => {
    const startedAtMs = performance.now()
    expect(await cluster?.end(1, 'SIGTERM')).toBe(0)
    expect(performance.now() - startedAtMs).toBeLessThan(STOP_MAX_MS)
  }
  await load.untilAllFlow()
  cluster.freeze(2, true)
  cluster.freeze(3, true)
  await stop()
  cluster.freeze(2, false)
  cluster.freeze(3, false)
  await cluster.startNode(1)
  await load.untilAllFlow()
  await untilAllInSync(client, 'alone', 3)
  await Promise.all([cluster.end(2, 'SIGKILL'), cluster.end(3, 'SIGKILL')])
  await stop()
  await Promise.all(cluster.ids.map((id) => cluster?.startNode(id)))
  await load.untilAllFlow()
  await load.stop()
  expect(load.failures).toEqual([])
  expect(await load.judge(client)).toEqual([])
  client.close()
}, 120_000)
