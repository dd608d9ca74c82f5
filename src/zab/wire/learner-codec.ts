import { type QuorumPacket, writeLearnerInfo, writeQuorumPacket } from '../../jute/generated/quorum.ts'
import { writeId } from '../../jute/generated/data.ts'
import { JuteReader } from '../../jute/reader.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Entry, ForwardedRequest, LearnerMessage, SessionTouch } from '../contract.ts'
import { epochOf, makeZxid } from '../zxid.ts'
import { entryOf } from './entry.ts'

/** Packet types of the quorum port. */
export const PacketType = {
  request: 1,
  proposal: 2,
  ack: 3,
  commit: 4,
  ping: 5,
  revalidate: 6,
  sync: 7,
  inform: 8,
  commitAndActivate: 9,
  newLeader: 10,
  followerInfo: 11,
  upToDate: 12,
  diff: 13,
  trunc: 14,
  snap: 15,
  observerInfo: 16,
  leaderInfo: 17,
  ackEpoch: 18,
  informAndActivate: 19,
} as const

/** Which end reads: a few types carry different data up and down. */
export type ReadingEnd = 'leader' | 'learner'

const NO_ZXID = -1
/** A null buffer or vector. */
const NOTHING = -1
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** @returns the packet's bytes; after SNAP the host lets the snapshot itself follow */
export function encodeLearnerMessage(message: LearnerMessage): Uint8Array {
  const writer = new JuteWriter()
  writeLearnerMessage(writer, message)
  return writer.finish()
}

/** The same behind what a writer holds already. What comes with every transaction is written without objects between. */
export function writeLearnerMessage(writer: JuteWriter, message: LearnerMessage): void {
  switch (message.type) {
    case 'ack':
    case 'commit':
      writer.int32(message.type === 'ack' ? PacketType.ack : PacketType.commit)
      writer.int64(message.zxid)
      writer.int32(NOTHING)
      writer.int32(NOTHING)
      return
    case 'proposal':
    case 'inform':
      writer.int32(message.type === 'proposal' ? PacketType.proposal : PacketType.inform)
      writer.int64(message.entry.zxid)
      writer.buffer(message.entry.bytes)
      writer.int32(NOTHING)
      return
    case 'request':
      writeRequest(writer, message.request)
      return
    default:
      writeQuorumPacket(writer, packetOf(message))
  }
}

function writeRequest(writer: JuteWriter, request: ForwardedRequest): void {
  const { sessionId, cxid, operation, body, identities } = request
  writer.int32(PacketType.request)
  writer.int64(NO_ZXID)
  const startsAt = writer.beginFrame()
  writer.id64(sessionId)
  writer.int32(cxid)
  writer.int32(operation)
  writer.raw(body)
  writer.endFrame(startsAt)
  // Only what a server asks for itself (a session's beginning) has no identity: a client has its address at least.
  writer.int32(identities.length === 0 ? NOTHING : identities.length)
  for (const identity of identities) writeId(writer, identity)
}

/** Those that are not written directly, see {@link writeLearnerMessage}. */
type OtherMessage = Exclude<LearnerMessage, { type: 'ack' | 'commit' | 'proposal' | 'inform' | 'request' }>

function packetOf(message: OtherMessage): QuorumPacket {
  switch (message.type) {
    case 'followerInfo':
    case 'observerInfo':
      return plain(PacketType[message.type], makeZxid(message.acceptedEpoch, 0), learnerInfo(message))
    case 'leaderInfo':
      return plain(PacketType.leaderInfo, makeZxid(message.epoch, 0), int(message.protocolVersion))
    case 'ackEpoch':
      return plain(PacketType.ackEpoch, message.lastZxid, int(message.currentEpoch))
    case 'diff':
    case 'trunc':
    case 'snap':
      return plain(PacketType[message.type], message.zxid, null)
    case 'newLeader':
      return plain(PacketType.newLeader, message.zxid, message.config === null ? null : encoder.encode(message.config))
    case 'upToDate':
      return plain(PacketType.upToDate, NO_ZXID, null)
    case 'commitAndActivate':
      return plain(PacketType.commitAndActivate, message.zxid, long(message.designatedLeader, new Uint8Array(0)))
    case 'informAndActivate':
      return plain(
        PacketType.informAndActivate,
        message.entry.zxid,
        long(message.designatedLeader, message.entry.bytes),
      )
    case 'ping':
      return plain(PacketType.ping, message.zxid, message.touches === null ? null : touchTable(message.touches))
    case 'revalidate':
    case 'revalidated':
      return plain(PacketType.revalidate, NO_ZXID, revalidation(message))
    case 'sync':
      return plain(PacketType.sync, 0, null)
  }
}

function plain(type: number, zxid: number, data: Uint8Array | null): QuorumPacket {
  return { type, zxid, data, authinfo: null }
}

function learnerInfo(message: Extract<LearnerMessage, { type: 'followerInfo' | 'observerInfo' }>): Uint8Array {
  const writer = new JuteWriter()
  writeLearnerInfo(writer, {
    serverid: BigInt(message.serverId),
    protocolVersion: message.protocolVersion,
    configVersion: message.configVersion,
  })
  return writer.finish()
}

function int(value: number): Uint8Array {
  const writer = new JuteWriter(4)
  writer.int32(value)
  return writer.finish()
}

function long(value: number, rest: Uint8Array): Uint8Array {
  const writer = new JuteWriter(8 + rest.length)
  writer.int64(value)
  writer.raw(rest)
  return writer.finish()
}

function touchTable(touches: readonly SessionTouch[]): Uint8Array {
  const writer = new JuteWriter(touches.length * 12)
  for (const touch of touches) {
    writer.id64(touch.sessionId)
    writer.int32(touch.timeoutMs)
  }
  return writer.finish()
}

function revalidation(message: Extract<LearnerMessage, { type: 'revalidate' | 'revalidated' }>): Uint8Array {
  const writer = new JuteWriter(12)
  writer.id64(message.sessionId)
  if (message.type === 'revalidate') writer.int32(message.timeoutMs)
  else writer.boolean(message.isValid)
  return writer.finish()
}

/**
 * @param end who reads; REVALIDATE is a question at the leader and an answer at the learner
 * @returns undefined when the data does not fit the type, or the type is unknown
 */
export function messageOf(packet: QuorumPacket, end: ReadingEnd): LearnerMessage | undefined {
  const { type, zxid } = packet
  switch (type) {
    case PacketType.followerInfo:
      return introduction('followerInfo', packet)
    case PacketType.observerInfo:
      return introduction('observerInfo', packet)
    case PacketType.leaderInfo:
      return withReader(packet, (reader) => ({
        type: 'leaderInfo',
        epoch: epochOf(zxid),
        protocolVersion: reader.int32(),
      }))
    case PacketType.ackEpoch:
      return withReader(packet, (reader) => ({ type: 'ackEpoch', lastZxid: zxid, currentEpoch: reader.int32() }))
    case PacketType.diff:
      return { type: 'diff', zxid }
    case PacketType.trunc:
      return { type: 'trunc', zxid }
    case PacketType.snap:
      return { type: 'snap', zxid }
    case PacketType.newLeader:
      return { type: 'newLeader', zxid, config: packet.data === null ? null : decoder.decode(packet.data) }
    case PacketType.ack:
      return { type: 'ack', zxid }
    case PacketType.upToDate:
      return { type: 'upToDate' }
    case PacketType.commit:
      return { type: 'commit', zxid }
    case PacketType.sync:
      return { type: 'sync' }
    default:
      return withReader(packet, (reader) => messageWithData(packet, reader, end))
  }
}

function messageWithData(packet: QuorumPacket, reader: JuteReader, end: ReadingEnd): LearnerMessage | undefined {
  const { type, zxid } = packet
  switch (type) {
    case PacketType.proposal:
    case PacketType.inform: {
      const entry = entryIn(packet, 0)
      if (entry === undefined) return undefined
      return { type: type === PacketType.proposal ? 'proposal' : 'inform', entry }
    }
    case PacketType.commitAndActivate:
      return { type: 'commitAndActivate', zxid, designatedLeader: reader.int64() }
    case PacketType.informAndActivate: {
      const designatedLeader = reader.int64()
      const entry = entryIn(packet, 8)
      return entry === undefined ? undefined : { type: 'informAndActivate', entry, designatedLeader }
    }
    case PacketType.ping: {
      if (packet.data === null) return { type: 'ping', zxid, touches: null }
      const touches: SessionTouch[] = []
      while (reader.remaining > 0 && reader.ok) touches.push({ sessionId: reader.id64(), timeoutMs: reader.int32() })
      return { type: 'ping', zxid, touches }
    }
    case PacketType.revalidate:
      return end === 'leader'
        ? { type: 'revalidate', sessionId: reader.id64(), timeoutMs: reader.int32() }
        : { type: 'revalidated', sessionId: reader.id64(), isValid: reader.boolean() }
    case PacketType.request: {
      const sessionId = reader.id64()
      const cxid = reader.int32()
      const operation = reader.int32()
      const body = (packet.data ?? new Uint8Array(0)).slice(reader.at)
      return { type: 'request', request: { sessionId, cxid, operation, body, identities: packet.authinfo ?? [] } }
    }
    default:
      return undefined
  }
}

/** Learners before 3.5 know no configuration: theirs counts as the oldest. */
function introduction(type: 'followerInfo' | 'observerInfo', packet: QuorumPacket): LearnerMessage | undefined {
  return withReader(packet, (reader) => {
    const serverId = Number(reader.id64())
    if (!Number.isSafeInteger(serverId)) return undefined
    const protocolVersion = reader.int32()
    const configVersion = reader.remaining >= 8 ? reader.int64() : 0
    return { type, acceptedEpoch: epochOf(packet.zxid), serverId, protocolVersion, configVersion }
  })
}

function withReader(
  packet: QuorumPacket,
  read: (reader: JuteReader) => LearnerMessage | undefined,
): LearnerMessage | undefined {
  const reader = new JuteReader(packet.data ?? new Uint8Array(0))
  const message = read(reader)
  return reader.ok ? message : undefined
}

/** The entry outlives the connection's buffer, so it gets bytes of its own; what the packet says it is, it must be. */
function entryIn(packet: QuorumPacket, startsAt: number): Entry | undefined {
  const entry = packet.data === null ? undefined : entryOf(packet.data.slice(startsAt))
  return entry?.zxid === packet.zxid ? entry : undefined
}
