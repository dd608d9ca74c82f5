import { expect, inject, test } from 'vitest'
import { badBatches } from '../support/bad-batches.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { codec, createTopic, logEnd, produce } from '../process/support.ts'

// The table says what Apache Kafka answers: run with JACKDAW_COMPAT_BOOTSTRAP it is held against the real one.
test('bad batches are answered with the codes of the table, and none is appended', async () => {
  const port = Number(inject('bootstrap').split(':')[1])
  const topic = `bad-batches-${Math.floor(performance.now())}`
  await createTopic(port, topic)
  const wrong: string[] = []
  for (const bad of badBatches(codec, Date.now())) {
    const connection = await RawKafka.open(port)
    const before = await logEnd(connection, topic, 0)
    const { errorCode } = await produce(connection, bad.topic ?? topic, bad.partition ?? 0, bad.bytes, bad.acks ?? -1)
    const expected = inject('isForeign') ? bad.kafka : (bad.jackdaw ?? bad.kafka)
    const appended = (await logEnd(connection, topic, 0)) - before
    if (errorCode !== expected) wrong.push(`${bad.name}: ${errorCode} instead of ${expected}`)
    if (errorCode !== 0 && appended !== 0) wrong.push(`${bad.name}: ${appended} appended`)
    connection.close()
  }
  expect(wrong).toEqual([])
})
