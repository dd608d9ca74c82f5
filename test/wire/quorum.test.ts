import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { JuteWriter } from '../../src/jute/writer.ts'
import { readTxn, writeTxn } from '../../src/keeper/tree/txn.ts'
import type { Entry, LearnerMessage, Notification } from '../../src/zab/contract.ts'
import { formatEnsembleConfig, parseEnsembleConfig } from '../../src/zab/config/ensemble-config.ts'
import { decodeOpener, encodeOpener } from '../../src/zab/wire/connection-opener.ts'
import { encodeLearnerMessage } from '../../src/zab/wire/learner-codec.ts'
import { LearnerStream } from '../../src/zab/wire/learner-stream.ts'
import { decodeNotification, encodeNotification } from '../../src/zab/wire/notification-codec.ts'
import type { Fact, Stream } from '../compat/keeper/ensemble/record.ts'

// What ZooKeeper servers said to each other on their quorum and election ports, whole connections, and what clients were
// told meanwhile. Recorded by test/compat/keeper/ensemble/record.ts.

const lines: readonly (Stream | Fact)[] = brotliDecompressSync(
  readFileSync(new URL('vectors/quorum.jsonl.br', import.meta.url)),
)
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Stream | Fact)
const facts = lines.filter((line): line is Fact => 'fact' in line)
const streams = lines.filter((line): line is Stream => 'hex' in line)
const NEW = '3.9.5'
const signature = Uint8Array.from([0, 0, 0, 10, ...Buffer.from('BenWasHere')])

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOf = (stream: Stream): Uint8Array => Uint8Array.from(Buffer.from(stream.hex, 'hex'))
const titleOf = ({ release, scenario, port, server, direction }: Stream): string =>
  `${release}, ${scenario}: ${port} port of ${server}, ${direction}`

interface Read {
  readonly stream: Stream
  readonly messages: LearnerMessage[]
  readonly snapshots: Uint8Array[]
  readonly problem: string | undefined
  /** What our codec makes of the messages. */
  readonly written: Uint8Array
}

/** @param pieceBytes how much comes at once */
function readLearners(stream: Stream, pieceBytes: number): Read {
  const messages: LearnerMessage[] = []
  const snapshots: Uint8Array[] = []
  const written: Uint8Array[] = []
  let parts: Uint8Array[] = []
  const cutter = new LearnerStream(stream.direction === 'up' ? 'leader' : 'learner', {
    message: (message) => {
      messages.push(message)
      written.push(encodeLearnerMessage(message))
      if (message.type !== 'snap') return
      const snapshot = Buffer.concat(parts)
      parts = []
      snapshots.push(snapshot)
      written.push(snapshot, signature)
    },
    snapshotBytes: (bytes) => parts.push(bytes.slice()),
  })
  const bytes = bytesOf(stream)
  for (let at = 0; at < bytes.length; at += pieceBytes) cutter.feed(bytes.subarray(at, at + pieceBytes))
  return { stream, messages, snapshots, problem: cutter.problem, written: Buffer.concat(written) }
}

const learners = streams.filter(({ port }) => port === 'quorum').map((stream) => readLearners(stream, 65_536))
const ofNew = learners.filter(({ stream }) => stream.release === NEW)

function saidOf<Type extends LearnerMessage['type']>(
  direction: 'up' | 'down',
  ...types: Type[]
): Extract<LearnerMessage, { type: Type }>[] {
  return ofNew
    .filter(({ stream }) => stream.direction === direction)
    .flatMap(({ messages }) => messages)
    .filter((message): message is Extract<LearnerMessage, { type: Type }> => (types as string[]).includes(message.type))
}

test('the recording has every packet of the quorum port', () => {
  const types = new Set(ofNew.flatMap(({ messages }) => messages.map(({ type }) => type)))
  expect([...types].sort()).toEqual(
    [
      ...['followerInfo', 'observerInfo', 'leaderInfo', 'ackEpoch', 'diff', 'trunc', 'snap', 'newLeader', 'ack'],
      ...['upToDate', 'proposal', 'inform', 'commit', 'commitAndActivate', 'informAndActivate', 'request', 'ping'],
      ...['revalidate', 'revalidated', 'sync'],
    ].sort(),
  )
})

test.each(ofNew.map((read) => [titleOf(read.stream), read] as const))('%s: read and written back', (_, read) => {
  expect(read.problem).toBeUndefined()
  expect(hexOf(read.written)).toBe(read.stream.hex)
})

test('streams cut into single bytes say the same', () => {
  for (const read of ofNew.filter(({ stream }) => stream.hex.length < 60_000)) {
    const slow = readLearners(read.stream, 1)
    expect(slow.messages, titleOf(read.stream)).toEqual(read.messages)
    expect(slow.snapshots.map(hexOf), titleOf(read.stream)).toEqual(read.snapshots.map(hexOf))
  }
})

test('what clients were told is in the proposals, under their session and zxid', () => {
  const entries = new Map<number, Entry>()
  for (const message of saidOf('down', 'proposal', 'inform', 'informAndActivate')) {
    entries.set(message.entry.zxid, message.entry)
  }
  const writes = facts.filter(({ release, operation }) => release === NEW && operation !== 9)
  expect(writes.length).toBeGreaterThan(40)
  for (const { fact, operation, zxid, session } of writes) {
    const entry = entries.get(zxid)
    const txn = readTxn(entry?.bytes ?? new Uint8Array(0))
    expect([txn?.header.type, txn?.header.clientId.toString(16)], fact).toEqual([operation, session])
    if (txn !== undefined && 'record' in txn.body && 'path' in txn.body.record) {
      expect(txn.body.record.path?.replace(/\d{10}$/, ''), fact).toBe(operation === 16 ? '/zookeeper/config' : fact)
    }
    if (operation === 16) expect(entry?.config).toMatch(/^server\.1=.*\nversion=/s)
  }
})

test('every transaction is read and written back', () => {
  const types = new Set<number>()
  for (const { entry } of saidOf('down', 'proposal', 'inform', 'informAndActivate')) {
    const txn = readTxn(entry.bytes)
    if (txn === undefined) throw new Error(`no transaction: ${hexOf(entry.bytes)}`)
    const writer = new JuteWriter()
    writeTxn(writer, txn)
    expect(hexOf(writer.finish())).toBe(hexOf(entry.bytes))
    expect(txn.header.zxid).toBe(entry.zxid)
    types.add(txn.header.type)
  }
  expect([...types].sort((a, b) => a - b)).toEqual([-11, -10, -1, 2, 5, 7, 14, 15, 16, 19, 21])
})

test('requests of learners carry the session, the operation and who asks', () => {
  const requests = saidOf('up', 'request').map(({ request }) => request)
  for (const { session, operation, release } of facts.filter((fact) => fact.release === NEW)) {
    const byLeadersClient = !requests.some((request) => request.sessionId.toString(16) === session)
    const same = requests.some(
      (request) => request.sessionId.toString(16) === session && request.operation === operation,
    )
    expect([release, session, operation, byLeadersClient || same]).toEqual([release, session, operation, true])
  }
  const identities = requests.map((request) => request.identities.map(({ scheme, id }) => `${scheme}:${id}`).join())
  expect(new Set(identities)).toEqual(
    new Set(['', 'ip:127.0.0.1', 'ip:127.0.0.1,digest:user:5w9W4eL3797Y4Wq8AcKUPPk8ha4=']),
  )
  expect(
    requests.filter((request) => request.identities.length === 0).every(({ operation }) => operation === -10),
  ).toBe(true)
})

test('pings bring sessions with their timeouts, revalidations their answers', () => {
  const sessions = new Set(facts.filter(({ release }) => release === NEW).map(({ session }) => session))
  const touches = saidOf('up', 'ping').flatMap((ping) => ping.touches ?? [])
  expect(touches.some(({ sessionId }) => sessions.has(sessionId.toString(16)))).toBe(true)
  expect(new Set(touches.map(({ timeoutMs }) => timeoutMs))).toEqual(new Set(facts.map((fact) => fact.timeoutMs)))
  expect(saidOf('down', 'ping').every((ping) => ping.touches === null)).toBe(true)
  const answers = saidOf('down', 'revalidated').map(({ sessionId, isValid }) => [sessionId === 0x1234n, isValid])
  expect(answers).toContainEqual([true, false])
  expect(answers).toContainEqual([false, true])
})

test('configurations are read and written back, activations name who is to lead', () => {
  const texts = saidOf('down', 'newLeader').map(({ config }) => config ?? '')
  for (const text of new Set(texts)) {
    const config = parseEnsembleConfig(text)
    expect(config === undefined ? '' : formatEnsembleConfig(config)).toBe(text)
  }
  const designated = saidOf('down', 'commitAndActivate', 'informAndActivate').map((each) => each.designatedLeader)
  expect(new Set(designated).size).toBeGreaterThan(1)
})

function notifications(stream: Stream): { opener: number; notifications: Notification[]; written: Uint8Array } {
  const bytes = bytesOf(stream)
  const written: Uint8Array[] = []
  const read: Notification[] = []
  let at = 0
  if (stream.direction === 'up') {
    const result = decodeOpener(bytes)
    if (result.kind !== 'opener') throw new Error(`${titleOf(stream)}: ${JSON.stringify(result)}`)
    at = result.sizeBytes
    const { serverId, addresses } = result.opener
    written.push(stream.release === NEW ? encodeOpener(serverId ?? -1, addresses) : bytes.subarray(0, at))
  }
  const opener = at
  const view = new DataView(bytes.buffer)
  while (at < bytes.length) {
    const endsAt = at + 4 + view.getInt32(at)
    const notification = decodeNotification(bytes, at + 4, endsAt)
    if (notification === undefined) throw new Error(`${titleOf(stream)}: no notification at ${at}`)
    read.push(notification)
    written.push(encodeNotification(notification))
    at = endsAt
  }
  return { opener, notifications: read, written: Buffer.concat(written) }
}

const elections = streams.filter(({ port }) => port === 'election')

test.each(elections.filter(({ release }) => release === NEW).map((stream) => [titleOf(stream), stream] as const))(
  '%s: read and written back',
  (_, stream) => {
    expect(hexOf(notifications(stream).written)).toBe(stream.hex)
  },
)

test('openers of the three kinds', () => {
  const kinds = new Set(
    elections
      .filter(({ direction }) => direction === 'up')
      .map((stream) => {
        const result = decodeOpener(bytesOf(stream))
        return result.kind === 'opener' ? result.opener.addresses.length : -1
      }),
  )
  expect(kinds).toEqual(new Set([0, 1, 2]))
})

test('servers of 3.4 are understood: notifications without configuration, learners that know none', () => {
  const old = elections
    .filter(({ release }) => release !== NEW)
    .flatMap((stream) => notifications(stream).notifications)
  expect(old.length).toBeGreaterThan(3)
  expect(old.every(({ config, leader }) => config === null && leader >= 1 && leader <= 3)).toBe(true)
  expect(new Set(old.map(({ role }) => role)).has('looking')).toBe(true)
  const oldLearners = learners.filter(({ stream }) => stream.release !== NEW && stream.direction === 'up')
  expect(oldLearners.map(({ problem }) => problem)).toEqual([undefined, undefined])
  for (const { messages } of oldLearners) {
    const [first] = messages
    expect(first).toMatchObject({ type: 'followerInfo', protocolVersion: 0x1_0000, configVersion: 0 })
  }
})
