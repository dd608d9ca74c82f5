import { afterAll, beforeAll, expect, test } from 'vitest'
import { badBatches } from '../support/bad-batches.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { batchOf, codec, createTopic, logEnd, produce, startTestNode, type TestNode } from './support.ts'

const TOPIC = 'hostile'
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45
const INVALID_PRODUCER_EPOCH = 47
let running: TestNode

beforeAll(async () => {
  running = await startTestNode(['num.partitions=1', 'jackdaw.num.shards=2'])
  await createTopic(running.port, TOPIC)
})
afterAll(() => running.remove())

test('every kind of bad batch has its code, and nothing of it is appended', async () => {
  const connection = await RawKafka.open(running.port)
  for (const bad of badBatches(codec, Date.now())) {
    const before = await logEnd(connection, TOPIC, 0)
    const answer = await produce(connection, bad.topic ?? TOPIC, bad.partition ?? 0, bad.bytes, bad.acks ?? -1)
    const expected = bad.jackdaw ?? bad.kafka
    expect(answer.errorCode, bad.name).toBe(expected)
    const after = await logEnd(connection, TOPIC, 0)
    if (expected === 0) expect(answer.baseOffset, bad.name).toBe(before)
    else expect(after, bad.name).toBe(before)
  }
  connection.close()
})

test('an idempotent producer: gaps and old epochs are refused, a repeated batch is told its first offset, also after kill -9', async () => {
  const connection = await RawKafka.open(running.port)
  const batch = (baseSequence: number, producerEpoch = 3): Uint8Array =>
    batchOf(['a', 'b'], { producerId: 4_000, producerEpoch, baseSequence })
  const first = await produce(connection, TOPIC, 0, batch(0))
  expect(first.errorCode).toBe(0)
  expect(await produce(connection, TOPIC, 0, batch(2))).toMatchObject({
    errorCode: 0,
    baseOffset: first.baseOffset + 2,
  })
  const end = await logEnd(connection, TOPIC, 0)
  expect((await produce(connection, TOPIC, 0, batch(6))).errorCode, 'a gap').toBe(OUT_OF_ORDER_SEQUENCE_NUMBER)
  expect((await produce(connection, TOPIC, 0, batch(3))).errorCode, 'half a repetition').toBe(
    OUT_OF_ORDER_SEQUENCE_NUMBER,
  )
  expect((await produce(connection, TOPIC, 0, batch(4, 2))).errorCode, 'an old epoch').toBe(INVALID_PRODUCER_EPOCH)
  expect((await produce(connection, TOPIC, 0, batch(7, 4))).errorCode, 'a new epoch that does not begin at 0').toBe(
    OUT_OF_ORDER_SEQUENCE_NUMBER,
  )
  expect(await produce(connection, TOPIC, 0, batch(0)), 'a repetition').toMatchObject({
    errorCode: 0,
    baseOffset: first.baseOffset,
  })
  expect(await logEnd(connection, TOPIC, 0)).toBe(end)
  connection.close()

  running.node.process.kill('SIGKILL')
  await new Promise((resolve) => running.node.process.once('exit', resolve))
  await running.restart()
  const again = await RawKafka.open(running.port)
  expect(await produce(again, TOPIC, 0, batch(2)), 'a repetition after the crash').toMatchObject({
    errorCode: 0,
    baseOffset: first.baseOffset + 2,
  })
  expect(await logEnd(again, TOPIC, 0)).toBe(end)
  expect(await produce(again, TOPIC, 0, batch(4))).toMatchObject({ errorCode: 0, baseOffset: end })
  again.close()
})
