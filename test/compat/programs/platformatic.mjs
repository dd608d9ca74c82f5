// @platformatic/kafka as an application uses it. Usage: platformatic.mjs BOOTSTRAP FOLDER_WITH_THE_PACKAGE
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [bootstrap, folder] = process.argv.slice(2)
const entry = createRequire(`${folder}/`).resolve('@platformatic/kafka')
const { Admin, Consumer, Producer, stringDeserializers, stringSerializers } = await import(pathToFileURL(entry).href)
const topic = `platformatic-${process.pid}`
const base = { clientId: 'compat', bootstrapBrokers: [bootstrap] }

const admin = new Admin(base)
await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
assert.ok((await admin.listTopics()).includes(topic))
const producer = new Producer({ ...base, serializers: stringSerializers })
for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
  await producer.send({
    messages: Array.from({ length: 20 }, (_, index) => ({
      topic,
      key: `k${index}`,
      value: `${compression}-${index}`,
      headers: { h: compression },
    })),
    compression,
  })
}
const consumer = new Consumer({ ...base, groupId: `${topic}-g`, deserializers: stringDeserializers })
const stream = await consumer.consume({
  topics: [topic],
  mode: 'earliest',
  autocommit: true,
  sessionTimeout: 10_000,
  heartbeatInterval: 500,
})
const seen = new Set()
for await (const message of stream) {
  seen.add(message.value)
  if (seen.size === 100) break
}
assert.ok(seen.has('zstd-19'))
await consumer.close(true)
await producer.close()
await admin.deleteTopics({ topics: [topic] })
await admin.close()
console.log('ok platformatic')
process.exit(0)
