import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JuteWriter } from '../../../src/jute/writer.ts'
import type { LearnerMessage, Notification } from '../../../src/zab/contract.ts'
import { noVote } from '../../../src/zab/contract.ts'
import { decodeOpener, encodeOpener, judgeConnection } from '../../../src/zab/wire/connection-opener.ts'
import { encodeLearnerMessage } from '../../../src/zab/wire/learner-codec.ts'
import { LearnerStream } from '../../../src/zab/wire/learner-stream.ts'
import { decodeNotification, encodeNotification } from '../../../src/zab/wire/notification-codec.ts'
import { makeZxid } from '../../../src/zab/zxid.ts'
import { makeEntry } from '../../sim/zab/member.ts'

// Method: the bytes expected here are written out by hand from the field lists of ZooKeeper 3.9 (a QuorumPacket has no
// length before it; a notification has).

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const NO_IDS = 'ffffffff'

const PACKETS: readonly (readonly [string, LearnerMessage, 'leader' | 'learner', string])[] = [
  [
    'FOLLOWERINFO',
    { type: 'followerInfo', acceptedEpoch: 5, serverId: 2, protocolVersion: 0x10000, configVersion: 0x100000000 },
    'leader',
    `0000000b 0000000500000000 00000014 0000000000000002 00010000 0000000100000000 ${NO_IDS}`,
  ],
  [
    'OBSERVERINFO',
    { type: 'observerInfo', acceptedEpoch: 0, serverId: 4, protocolVersion: 0x10000, configVersion: 0 },
    'leader',
    `00000010 0000000000000000 00000014 0000000000000004 00010000 0000000000000000 ${NO_IDS}`,
  ],
  [
    'LEADERINFO',
    { type: 'leaderInfo', epoch: 6, protocolVersion: 0x10000 },
    'learner',
    `00000011 0000000600000000 00000004 00010000 ${NO_IDS}`,
  ],
  [
    'ACKEPOCH',
    { type: 'ackEpoch', lastZxid: makeZxid(5, 7), currentEpoch: 5 },
    'leader',
    `00000012 0000000500000007 00000004 00000005 ${NO_IDS}`,
  ],
  [
    'ACKEPOCH of an epoch promised before',
    { type: 'ackEpoch', lastZxid: 0, currentEpoch: -1 },
    'leader',
    `00000012 0000000000000000 00000004 ffffffff ${NO_IDS}`,
  ],
  ['DIFF', { type: 'diff', zxid: makeZxid(5, 7) }, 'learner', `0000000d 0000000500000007 ffffffff ${NO_IDS}`],
  ['TRUNC', { type: 'trunc', zxid: makeZxid(5, 6) }, 'learner', `0000000e 0000000500000006 ffffffff ${NO_IDS}`],
  [
    'NEWLEADER',
    { type: 'newLeader', zxid: makeZxid(6, 0), config: 'version=0' },
    'learner',
    `0000000a 0000000600000000 00000009 76657273696f6e3d30 ${NO_IDS}`,
  ],
  ['ACK', { type: 'ack', zxid: makeZxid(6, 0) }, 'leader', `00000003 0000000600000000 ffffffff ${NO_IDS}`],
  ['UPTODATE', { type: 'upToDate' }, 'learner', `0000000c ffffffffffffffff ffffffff ${NO_IDS}`],
  ['COMMIT', { type: 'commit', zxid: makeZxid(6, 1) }, 'learner', `00000004 0000000600000001 ffffffff ${NO_IDS}`],
  [
    'COMMITANDACTIVATE',
    { type: 'commitAndActivate', zxid: makeZxid(6, 2), designatedLeader: 3 },
    'learner',
    `00000009 0000000600000002 00000008 0000000000000003 ${NO_IDS}`,
  ],
  [
    'PING from the leader',
    { type: 'ping', zxid: makeZxid(6, 2), touches: null },
    'learner',
    `00000005 0000000600000002 ffffffff ${NO_IDS}`,
  ],
  [
    'PING without touches',
    { type: 'ping', zxid: makeZxid(6, 2), touches: [] },
    'leader',
    `00000005 0000000600000002 00000000 ${NO_IDS}`,
  ],
  [
    'PING with a touch',
    { type: 'ping', zxid: 0, touches: [{ sessionId: 0x100000000000001n, timeoutMs: 4000 }] },
    'leader',
    `00000005 0000000000000000 0000000c 0100000000000001 00000fa0 ${NO_IDS}`,
  ],
  [
    'REVALIDATE up',
    { type: 'revalidate', sessionId: 9n, timeoutMs: 4000 },
    'leader',
    `00000006 ffffffffffffffff 0000000c 0000000000000009 00000fa0 ${NO_IDS}`,
  ],
  [
    'REVALIDATE down',
    { type: 'revalidated', sessionId: 9n, isValid: true },
    'learner',
    `00000006 ffffffffffffffff 00000009 0000000000000009 01 ${NO_IDS}`,
  ],
  ['SYNC', { type: 'sync' }, 'learner', `00000007 0000000000000000 ffffffff ${NO_IDS}`],
  [
    'REQUEST',
    {
      type: 'request',
      request: { sessionId: 9n, cxid: 1, operation: 5, body: hex('abcd'), identities: [{ scheme: 'ip', id: '::1' }] },
    },
    'leader',
    '00000001 ffffffffffffffff 00000012 0000000000000009 00000001 00000005 abcd 00000001 00000002 6970 00000003 3a3a31',
  ],
]

function read(
  end: 'leader' | 'learner',
  chunks: readonly Uint8Array[],
): { messages: LearnerMessage[]; snapshot: string; problem: string | undefined } {
  const messages: LearnerMessage[] = []
  let snapshot = ''
  const stream = new LearnerStream(end, {
    message: (message) => messages.push(message),
    snapshotBytes: (bytes) => {
      snapshot += hexOf(bytes)
    },
  })
  for (const chunk of chunks) if (!stream.feed(chunk)) break
  return { messages, snapshot, problem: stream.problem }
}

test.each(PACKETS)('%s goes over the wire as ZooKeeper writes it', (_, message, end, expected) => {
  expect(hexOf(encodeLearnerMessage(message))).toBe(expected.replaceAll(' ', ''))
  expect(read(end, [hex(expected)]).messages).toEqual([message])
})

test('PROPOSAL, INFORM and INFORMANDACTIVATE carry the transaction as it lies in the log', () => {
  const entry = makeEntry(makeZxid(6, 3), 9n, 4, null)
  const reconfig = makeEntry(makeZxid(6, 4), 0n, 0, 'version=600000004')
  const messages: LearnerMessage[] = [
    { type: 'proposal', entry },
    { type: 'inform', entry },
    { type: 'informAndActivate', entry: reconfig, designatedLeader: 2 },
    { type: 'proposal', entry: reconfig },
  ]
  const bytes = messages.map((message) => encodeLearnerMessage(message))
  expect(hexOf(bytes[0] ?? hex(''))).toBe(
    `000000020000000600000003${entry.bytes.length.toString(16).padStart(8, '0')}${hexOf(entry.bytes)}ffffffff`,
  )
  expect(read('learner', bytes).messages).toEqual(messages)
})

test('packets are found in a stream cut anywhere', () => {
  const forLearner = PACKETS.filter(([, , end]) => end === 'learner')
  const bytes = Buffer.concat(forLearner.map(([, message]) => encodeLearnerMessage(message)))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((left, right) => left - right), bytes.length]
      const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
      expect(read('learner', chunks).messages).toEqual(forLearner.map(([, message]) => message))
    }),
  )
})

function snapshotBytes(): Uint8Array {
  const writer = new JuteWriter()
  writer.int32(1)
  writer.id64(9n)
  writer.int32(4000)
  writer.int32(1)
  writer.int64(1)
  writer.int32(1)
  writer.int32(31)
  writer.string('world')
  writer.string('anyone')
  for (const path of ['', '/a', '/zookeeper']) {
    writer.string(path)
    writer.buffer(path === '/a' ? hex('2f') : hex(''))
    writer.int64(1)
    writer.raw(new Uint8Array(60))
  }
  writer.string('/')
  return writer.finish()
}

function snapStream(): { snapshot: Uint8Array; bytes: Uint8Array; after: LearnerMessage } {
  const snapshot = snapshotBytes()
  const writer = new JuteWriter()
  writer.raw(encodeLearnerMessage({ type: 'snap', zxid: makeZxid(5, 7) }))
  writer.raw(snapshot)
  writer.string('BenWasHere')
  const after: LearnerMessage = { type: 'newLeader', zxid: makeZxid(6, 0), config: null }
  writer.raw(encodeLearnerMessage(after))
  return { snapshot, bytes: writer.finish(), after }
}

test('ZOOKEEPER-3642: SNAP counts only when the snapshot and its signature are whole, wherever the stream is cut', () => {
  const { snapshot, bytes, after } = snapStream()
  for (let cutAt = 0; cutAt <= bytes.length; cutAt += 1) {
    const result = read('learner', [bytes.subarray(0, cutAt), bytes.subarray(cutAt)])
    expect(result.problem).toBeUndefined()
    expect(result.messages).toEqual([{ type: 'snap', zxid: makeZxid(5, 7) }, after])
    expect(result.snapshot).toBe(hexOf(snapshot))
    const wholeAt = bytes.length - encodeLearnerMessage(after).length
    expect(read('learner', [bytes.subarray(0, cutAt)]).messages.length).toBe(
      cutAt < wholeAt ? 0 : cutAt < bytes.length ? 1 : 2,
    )
  }
  expect(
    read(
      'learner',
      [...bytes].map((byte) => Uint8Array.of(byte)),
    ).messages.length,
  ).toBe(2)
})

test('a wrong signature, an impossible length or an unknown type makes the stream useless', () => {
  const { bytes } = snapStream()
  const wrong = Uint8Array.from(bytes)
  wrong[bytes.length - encodeLearnerMessage({ type: 'newLeader', zxid: 0, config: null }).length - 1] = 0x21
  expect(read('learner', [wrong])).toMatchObject({ messages: [], problem: 'the snapshot or its signature is broken' })
  expect(read('learner', [hex('00000002 0000000600000001 7fffffff')]).problem).toContain('impossible length')
  expect(read('learner', [hex(`00000063 0000000600000001 ffffffff ${NO_IDS}`)]).problem).toContain('type 99')
  expect(read('leader', [hex(`0000000b 0000000500000000 00000004 00000002 ${NO_IDS}`)]).problem).toContain('type 11')
})

test('garbage never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isLeader) => {
      read(isLeader ? 'leader' : 'learner', [bytes])
      decodeNotification(bytes, 0, bytes.length)
      decodeOpener(bytes)
    }),
  )
})

const VOTE: Notification = {
  role: 'looking',
  leader: 3,
  zxid: makeZxid(5, 7),
  round: 2,
  peerEpoch: 5,
  config: 'version=0',
}

test('a notification is a frame of 44 bytes and the configuration', () => {
  const expected =
    '00000035 00000000 0000000000000003 0000000500000007 0000000000000002 0000000000000005 00000002 00000009 76657273696f6e3d30'
  expect(hexOf(encodeNotification(VOTE))).toBe(expected.replaceAll(' ', ''))
  expect(decodeNotification(hex(expected), 4, 57)).toEqual(VOTE)
})

test('an observer has no vote, and says so with the lowest long', () => {
  const none = { ...VOTE, leader: noVote, zxid: noVote, peerEpoch: noVote }
  const bytes = encodeNotification(none)
  expect(hexOf(bytes)).toContain('8000000000000000')
  expect(decodeNotification(bytes, 4, bytes.length)).toEqual(none)
})

test('the 28 and 40 byte notifications of old servers are understood', () => {
  const bytes = encodeNotification(VOTE)
  expect(decodeNotification(bytes, 4, 4 + 28)).toEqual({ ...VOTE, config: null })
  expect(decodeNotification(bytes, 4, 4 + 40)).toEqual({ ...VOTE, config: null })
  expect(decodeNotification(bytes, 4, 4 + 27)).toBeUndefined()
})

test('ZOOKEEPER-3720: one address is announced in the form that servers before 3.6 understand', () => {
  const bytes = encodeOpener(3, [{ host: '10.0.0.3', port: 3888 }])
  expect(hexOf(bytes)).toBe('ffffffffffff000000000000000000030000000d31302e302e302e333a33383838')
  expect(decodeOpener(bytes)).toEqual({
    kind: 'opener',
    sizeBytes: bytes.length,
    opener: { serverId: 3, addresses: [{ host: '10.0.0.3', port: 3888 }] },
  })
  const two = encodeOpener(3, [
    { host: '10.0.0.3', port: 3888 },
    { host: '[::3]', port: 3888 },
  ])
  expect(hexOf(two)).toMatch(/^ffffffffffff0001/)
  expect(decodeOpener(two)).toMatchObject({ opener: { addresses: [{ host: '10.0.0.3' }, { host: '[::3]' }] } })
  for (let size = 0; size < two.length; size += 1)
    expect(decodeOpener(two.subarray(0, size))).toEqual({ kind: 'incomplete' })
  expect(decodeOpener(hex('0000000000000002'))).toMatchObject({ opener: { serverId: 2, addresses: [] } })
  expect(decodeOpener(hex('fffffffffffeffff'))).toMatchObject({ kind: 'malformed' })
})

test('of two servers only the larger one keeps the connection it opened', () => {
  expect(judgeConnection(3, 1, true)).toBe('keep')
  expect(judgeConnection(1, 3, true)).toBe('close')
  expect(judgeConnection(1, 3, false)).toBe('keep')
  expect(judgeConnection(3, 1, false)).toBe('dialBack')
})
