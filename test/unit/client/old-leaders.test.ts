import { expect, test } from 'vitest'
import { createCluster } from '../../../src/client/client.ts'
import { Consumer } from '../../../src/client/consumer/consumer.ts'
import { Producer } from '../../../src/client/producer/producer.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ClientWorld, Late, type Message, metadata } from '../../support/client-world.ts'
import { FakeLog, produced } from '../../support/fake-log.ts'

const TERM = 7

/** What a broker tells of topic t that takes `leader` for its leader in `leaderEpoch`. */
function told(leader: number, leaderEpoch: number): object {
  const answer = metadata(2, { t: [leader] }) as Message
  for (const topic of answer.topics) for (const partition of topic.partitions) partition.leaderEpoch = leaderEpoch
  return answer
}

test('a broker that was cut off tells of the leader before: the client stays with the newer one', async () => {
  const log = new FakeLog()
  const world: ClientWorld = new ClientWorld({
    // Broker 2 leads since term 7; once broker 1 is asked it tells of its own term, which is over.
    Metadata: (_request, call) => (call === 2 ? told(1, TERM - 1) : told(2, TERM)),
    InitProducerId: () => ({ producerId: 7, producerEpoch: 0 }),
    Produce: (request, call, nodeId) => {
      if (nodeId === 1) throw new Error('the old leader is sent a record')
      return call === 1 ? produced('t', 0, ErrorCode.notLeaderOrFollower) : log.produce(world, request)
    },
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  const producer = new Producer(cluster, { lingerMs: 0 })
  await world.run(producer.send({ topic: 't', value: new TextEncoder().encode('a') }))
  expect(log.values).toEqual(['a'])
  expect(world.of('Metadata').length).toBeGreaterThan(1)
  expect(world.of('Produce').map(({ nodeId }) => nodeId)).toEqual([2, 2])
})

test('a leader that does not know of its own new term must not say that a reader’s place does not exist', async () => {
  // It is told of its term when it has been asked three times. Until then its log is shorter than what the reader has read.
  const world = new ClientWorld({
    Metadata: () => told(1, TERM),
    Fetch: (request, call) => {
      const hasHeard = call > 3
      const { currentLeaderEpoch } = request.topics[0].partitions[0]
      const whyNot = currentLeaderEpoch > TERM - 1 ? ErrorCode.unknownLeaderEpoch : ErrorCode.offsetOutOfRange
      const errorCode = hasHeard ? ErrorCode.none : whyNot
      const partition = { partitionIndex: 0, errorCode, highWatermark: 5, records: null }
      const answer = { responses: [{ topic: 't', partitions: [partition] }] }
      return hasHeard ? new Late(request.maxWaitMs, answer) : answer
    },
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  const consumer = new Consumer(cluster, { offsetReset: 'none' })
  consumer.assign([{ topic: 't', partition: 0 }])
  consumer.seek({ topic: 't', partition: 0 }, 5)
  // Without the term in its requests the poll would reject: there is no place to begin anew.
  for (let polls = 0; polls < 10; polls += 1) expect(await world.run(consumer.poll(1_000))).toEqual([])
  expect(world.of('Fetch').length).toBeGreaterThan(3)
  expect(consumer.position({ topic: 't', partition: 0 })).toBe(5)
})
