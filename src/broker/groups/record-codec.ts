/**
 * The coordinator's records in Kafka's bytes: key = int16 kind + body, value = int16 version + body. Written are the
 * versions of Kafka 4.3 (readable by 3.9): offsets 4, or 1 where the client set an expiry; groups 3. Read is every version.
 */
import { ErrorCode } from '../../model/error-code.ts'
import type { CoordinatorRecord, GroupRecord, OffsetRecord } from '../../coordinator/group/records.ts'
import { readGroupMetadataKey, writeGroupMetadataKey } from '../../protocol/generated/records/group-metadata-key.ts'
import {
  groupMetadataValueLayout,
  readGroupMetadataValue,
  writeGroupMetadataValue,
} from '../../protocol/generated/records/group-metadata-value.ts'
import { readOffsetCommitKey, writeOffsetCommitKey } from '../../protocol/generated/records/offset-commit-key.ts'
import {
  offsetCommitValueLayout,
  readOffsetCommitValue,
  writeOffsetCommitValue,
} from '../../protocol/generated/records/offset-commit-value.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { InternalRecord } from '../../shard/contract.ts'

/** Kinds 0 and 1 are the same key: 0 is what brokers before 0.9 wrote. */
const KIND_OFFSET_OLD = 0
const KIND_OFFSET = 1
const KIND_GROUP = 2

const OFFSET_VALUE_VERSION = 4
/** The only version with an expiry of its own. */
const OFFSET_VALUE_VERSION_WITH_EXPIRY = 1
const GROUP_VALUE_VERSION = 3

/** Turns records into bytes; keeps one buffer. */
export class RecordEncoder {
  readonly #writer = new Writer()

  /** @param wallMs the record's timestamp */
  encode(record: CoordinatorRecord, wallMs: number): InternalRecord {
    return { key: this.#key(record), value: this.#value(record), timestampMs: wallMs }
  }

  #key(record: CoordinatorRecord): Uint8Array {
    const writer = this.#writer
    writer.reset()
    if (record.kind === 'group' || record.kind === 'groupTombstone') {
      writer.int16(KIND_GROUP)
      writeGroupMetadataKey(writer, { group: record.groupId }, 0)
    } else {
      writer.int16(KIND_OFFSET)
      writeOffsetCommitKey(writer, { group: record.groupId, topic: record.topic, partition: record.partition }, 0)
    }
    return writer.finishCopy()
  }

  #value(record: CoordinatorRecord): Uint8Array | null {
    const writer = this.#writer
    writer.reset()
    if (record.kind === 'offset') writeOffset(writer, record)
    else if (record.kind === 'group') writeGroup(writer, record)
    else return null
    return writer.finishCopy()
  }
}

/** What a record of `__consumer_offsets` turned out to be. */
export type DecodedRecord =
  | { readonly kind: 'known'; readonly record: CoordinatorRecord }
  /** A kind that other coordinators own, such as KIP-848 groups: left alone. */
  | { readonly kind: 'foreign'; readonly key: number }
  | { readonly kind: 'damaged'; readonly reason: string }

/** Reads one record of the log. Never throws: bytes on disk may be anything. */
export function decodeRecord(record: InternalRecord): DecodedRecord {
  if (record.key === null) return { kind: 'damaged', reason: 'the record has no key' }
  const reader = new Reader(record.key)
  const kind = reader.int16()
  if (!reader.ok) return { kind: 'damaged', reason: 'the key has no kind' }
  if (kind === KIND_OFFSET || kind === KIND_OFFSET_OLD) return decodeOffset(reader, record.value)
  if (kind === KIND_GROUP) return decodeGroup(reader, record.value)
  return { kind: 'foreign', key: kind }
}

function writeOffset(writer: Writer, record: OffsetRecord): void {
  const version = record.expireTimestampMs >= 0 ? OFFSET_VALUE_VERSION_WITH_EXPIRY : OFFSET_VALUE_VERSION
  writer.int16(version)
  writeOffsetCommitValue(
    writer,
    {
      offset: record.offset,
      leaderEpoch: record.leaderEpoch,
      metadata: record.metadata,
      commitTimestamp: record.commitTimestampMs,
      expireTimestamp: record.expireTimestampMs,
      topicId: version === OFFSET_VALUE_VERSION ? record.topicId : ZERO_UUID,
    },
    version,
  )
}

function writeGroup(writer: Writer, record: GroupRecord): void {
  writer.int16(GROUP_VALUE_VERSION)
  writeGroupMetadataValue(
    writer,
    {
      protocolType: record.protocolType,
      generation: record.generationId,
      protocol: record.protocolName,
      leader: record.leader,
      currentStateTimestamp: record.stateTimestampMs,
      members: record.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: member.subscription,
        assignment: member.assignment,
      })),
    },
    GROUP_VALUE_VERSION,
  )
}

function decodeOffset(reader: Reader, value: Uint8Array | null): DecodedRecord {
  const key = readOffsetCommitKey(reader, 0)
  if (!reader.ok) return { kind: 'damaged', reason: 'the key of an offset ends early' }
  const place = { groupId: key.group, topic: key.topic, partition: key.partition }
  if (value === null) return { kind: 'known', record: { kind: 'offsetTombstone', ...place } }
  const body = new Reader(value)
  const version = body.int16()
  if (!body.ok || version < 0 || version > offsetCommitValueLayout.maxVersion) {
    return { kind: 'damaged', reason: `offset of version ${version}` }
  }
  const offset = readOffsetCommitValue(body, version)
  if (!body.ok) return { kind: 'damaged', reason: 'the value of an offset ends early' }
  const record: OffsetRecord = {
    kind: 'offset',
    ...place,
    topicId: offset.topicId,
    offset: offset.offset,
    leaderEpoch: offset.leaderEpoch,
    metadata: offset.metadata,
    commitTimestampMs: offset.commitTimestamp,
    expireTimestampMs: offset.expireTimestamp,
  }
  return { kind: 'known', record }
}

function decodeGroup(reader: Reader, value: Uint8Array | null): DecodedRecord {
  const groupId = readGroupMetadataKey(reader, 0).group
  if (!reader.ok) return { kind: 'damaged', reason: 'the key of a group ends early' }
  if (value === null) return { kind: 'known', record: { kind: 'groupTombstone', groupId } }
  const body = new Reader(value)
  const version = body.int16()
  if (!body.ok || version < 0 || version > groupMetadataValueLayout.maxVersion) {
    return { kind: 'damaged', reason: `group of version ${version}` }
  }
  const group = readGroupMetadataValue(body, version)
  if (!body.ok) return { kind: 'damaged', reason: 'the value of a group ends early' }
  const ids = new Set(group.members.map((member) => member.memberId))
  if (ids.size < group.members.length) return { kind: 'damaged', reason: 'a group names a member twice' }
  const record: GroupRecord = {
    kind: 'group',
    groupId,
    protocolType: group.protocolType,
    generationId: group.generation,
    protocolName: group.protocol,
    leader: group.leader,
    stateTimestampMs: group.currentStateTimestamp,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      subscription: member.subscription,
      assignment: member.assignment,
    })),
  }
  return { kind: 'known', record }
}

/** Troubles of the partition that pass: ask the same coordinator again. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ErrorCode.unknownTopicOrPartition,
  ErrorCode.notEnoughReplicas,
  ErrorCode.notEnoughReplicasAfterAppend,
  ErrorCode.requestTimedOut,
])
/** Somebody else is or will be the coordinator. */
const MOVED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([ErrorCode.notLeaderOrFollower, ErrorCode.kafkaStorageError])
/** The batch is more than the partition takes: nothing a member did or can change. */
const TOO_LARGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ErrorCode.messageTooLarge,
  ErrorCode.recordListTooLarge,
  ErrorCode.invalidFetchSize,
])

/** What the one who waits for an append is told when it failed: the partition's troubles are the coordinator's. */
export function coordinatorCode(code: ErrorCode): ErrorCode {
  if (PASSING.has(code)) return ErrorCode.coordinatorNotAvailable
  if (MOVED.has(code)) return ErrorCode.notCoordinator
  if (TOO_LARGE.has(code)) return ErrorCode.unknownServerError
  return code
}
