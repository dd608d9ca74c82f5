import { afterEach, expect, test } from 'vitest'
import { AdminContext } from '../../src/client/admin/context.ts'
import { committedOffsets, describeGroup } from '../../src/client/admin/groups.ts'
import { Consumer } from '../../src/client/consumer/consumer.ts'
import { clientOf, ClusterProcess } from '../support/cluster-process.ts'
import { createReplicatedTopic, Load, PARTITIONS, surviveKills, TOPIC } from '../support/replicated-load.ts'

let cluster: ClusterProcess | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail') {
    for (const id of [1, 2, 3]) {
      console.error(`broker ${id}:\n${cluster?.printed(id).split('\n').slice(-60).join('\n')}`)
    }
  }
  cluster?.destroy()
  cluster = undefined
})

test('leaders are killed one after the other under load: nothing acknowledged is lost or doubled, replicas are the same bytes', async () => {
  cluster = await ClusterProcess.start(3)
  const client = clientOf(cluster.bootstrapServers)
  const longestGapMs = await surviveKills(cluster, client, 5000, 500)
  console.info(`longest gap between acknowledgements: ${longestGapMs} ms over three kills`)
}, 180_000)

test('committed offsets and members survive the death of their coordinator', async () => {
  cluster = await ClusterProcess.start(3)
  const client = clientOf(cluster.bootstrapServers)
  await createReplicatedTopic(client)
  const load = new Load(client)
  const consumer = new Consumer(client, { groupId: 'readers', offsetReset: 'earliest', isAutoCommit: false })
  consumer.subscribe([TOPIC])
  let readCount = 0
  const read = async (untilCount: number): Promise<void> => {
    for (const deadlineMs = Date.now() + 40_000; readCount < untilCount; ) {
      expect(Date.now(), `only ${readCount} records were read`).toBeLessThan(deadlineMs)
      readCount += (await consumer.poll(500)).length
    }
    await consumer.commit()
  }
  await read(200)
  const admin = new AdminContext(client)
  const before = await committedOffsets(admin, 'readers')
  expect(before.length).toBe(PARTITIONS)
  const { coordinatorId } = await describeGroup(admin, 'readers')
  await cluster.end(coordinatorId, 'SIGKILL')
  await read(readCount + 500)
  const after = await committedOffsets(admin, 'readers')
  for (const { partition, offset } of before) {
    const now = after.find((one) => one.partition === partition)
    expect(now?.offset).toBeGreaterThanOrEqual(offset)
  }
  await consumer.close()
  await load.stop()
  await client.close()
}, 120_000)
