// kafkajs as an application uses it. Usage: kafkajs.mjs BOOTSTRAP FOLDER_WITH_KAFKAJS
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const [bootstrap, folder] = process.argv.slice(2)
const { Kafka, CompressionTypes, logLevel } = createRequire(`${folder}/`)('kafkajs')
const kafka = new Kafka({ clientId: 'compat', brokers: [bootstrap], logLevel: logLevel.NOTHING })
const topic = `kafkajs-${process.pid}`

const admin = kafka.admin()
await admin.connect()
assert.equal(await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] }), true)
assert.ok((await admin.listTopics()).includes(topic))

const seen = new Map()
const consumers = []
for (let member = 0; member < 2; member += 1) {
  const consumer = kafka.consumer({ groupId: `${topic}-g`, heartbeatInterval: 500 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message, partition }) => {
      seen.set(message.value.toString(), { partition, header: message.headers.h?.toString() })
    },
  })
  consumers.push(consumer)
}
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
await producer.connect()
for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
  const messages = Array.from({ length: 100 }, (_, index) => ({
    key: `k${index}`,
    value: `${compression}-${index}`,
    headers: { h: `${index}` },
  }))
  const [{ errorCode }] = await producer.send({ topic, messages, compression })
  assert.equal(errorCode, 0)
}
const deadline = Date.now() + 60_000
while (seen.size < 200 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
assert.equal(seen.size, 200)
assert.equal(seen.get('0-7').header, '7')
const described = await admin.describeGroups([`${topic}-g`])
assert.equal(described.groups[0].members.length, 2)
const offsets = await admin.fetchTopicOffsets(topic)
assert.equal(
  offsets.reduce((sum, each) => sum + Number(each.high), 0),
  200,
)
for (const consumer of consumers) await consumer.disconnect()
await admin.deleteGroups([`${topic}-g`])
await admin.deleteTopics({ topics: [topic] })
await producer.disconnect()
await admin.disconnect()
console.log('ok kafkajs')
process.exit(0)
