// An application on kafkajs that goes on while brokers come and go; see FailoverClient.java for what it checks.
// Usage: failover-kafkajs.mjs BOOTSTRAP TOPIC PARTITIONS FOLDER_WITH_KAFKAJS
import { createRequire } from 'node:module'

const [bootstrap, topic, count, folder] = process.argv.slice(2)
const { Kafka, logLevel } = createRequire(`${folder}/`)('kafkajs')
const partitions = Array.from({ length: Number(count) }, (_, partition) => partition)
const kafka = new Kafka({ clientId: 'failover', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
const RECORDS_PER_SEND = 5
const MEMBERS = 2

const acknowledged = partitions.map(() => 0)
const read = partitions.map(() => 0)
const committed = partitions.map(() => 0)
const wrong = []
const failures = {}
const lastAtMs = partitions.map(() => performance.now())
let longestGapMs = 0
let isStopping = false

const complain = (what) => {
  if (wrong.length < 20) wrong.push(what)
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function member() {
  const consumer = kafka.consumer({ groupId: `${topic}-group`, heartbeatInterval: 500 })
  const startsAt = partitions.map(() => 0)
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    for (const partition of payload.memberAssignment[topic] ?? []) startsAt[partition] = committed[partition]
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) complain(`a member ended: ${payload.error}`)
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: partitions.length,
    eachBatch: async ({ batch: { partition, messages }, isStale }) => {
      if (isStale()) return
      for (const { offset: text, value } of messages) {
        const offset = Number(text)
        const number = value.toString().trim()
        if (number !== text) complain(`${partition}: number ${number} lies at ${offset}`)
        if (offset > read[partition]) complain(`${partition}: the group read ${offset} after ${read[partition]}`)
        if (offset < startsAt[partition])
          complain(`${partition}: the group read ${offset} again although ${startsAt[partition]} was committed`)
        read[partition] = Math.max(read[partition], offset + 1)
      }
      const next = Number(messages.at(-1).offset) + 1
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }])
      committed[partition] = Math.max(committed[partition], next)
    },
  })
  return consumer
}

/**
 * One partition a call: a call for several, of which one broker has answered and another has failed, is repeated by kafkajs 2.2.4
 * for every partition whose leader has moved meanwhile, also if it was acknowledged before, and as something new.
 */
async function sendSome(producer, partition) {
  const first = acknowledged[partition]
  const messages = Array.from({ length: RECORDS_PER_SEND }, (_, index) => ({
    partition,
    value: String(first + index).padEnd(100),
  }))
  try {
    const [{ baseOffset }] = await producer.send({ topic, acks: -1, messages })
    longestGapMs = Math.max(longestGapMs, performance.now() - lastAtMs[partition])
    lastAtMs[partition] = performance.now()
    if (Number(baseOffset) !== first) complain(`${partition}: number ${first} was acknowledged at ${baseOffset}`)
    acknowledged[partition] = first + RECORDS_PER_SEND
  } catch (error) {
    failures[error.name] = (failures[error.name] ?? 0) + 1
    complain(`a send failed: ${error.message}`)
  }
}

async function produce() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  while (!isStopping) {
    await Promise.all(partitions.map((partition) => sendSome(producer, partition)))
    if (Object.keys(failures).length > 0) break
    await pause(20)
  }
  await producer.disconnect()
}

const members = []
for (let index = 0; index < MEMBERS; index += 1) members.push(await member())
const sending = produce()
while (!partitions.every((partition) => acknowledged[partition] > 0 && read[partition] > 0)) await pause(50)
console.log('ready')
await new Promise((resolve) => process.stdin.resume().once('end', resolve))
isStopping = true
await sending
const deadlineMs = performance.now() + 60_000
while (!partitions.every((partition) => read[partition] >= acknowledged[partition])) {
  if (performance.now() > deadlineMs) {
    complain(`the group has not read everything: ${read} of ${acknowledged}`)
    break
  }
  await pause(50)
}
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
// A commit may still be on its way.
await pause(500)
console.log(
  `result ${JSON.stringify({ acknowledged: sum(acknowledged), read: sum(read), committed: sum(committed), longestGapMs: Math.round(longestGapMs), failures, wrong })}`,
)
process.exit(0)
