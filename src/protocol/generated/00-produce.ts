// Generated from schema/00-produce.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { ByteSlice, UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const produceApi: ApiLayout = {
  key: 0,
  name: 'Produce',
  minVersion: 0,
  maxVersion: 13,
  flexibleVersion: 9,
}

export interface ProduceRequest {
  transactionalId: string | null // since version 3
  acks: number
  timeoutMs: number
  topicData: ProduceRequestTopicProduceData[]
  unknownTags?: UnknownTag[]
}

export interface ProduceRequestTopicProduceData {
  name: string // until version 12
  topicId: string // version 13
  partitionData: ProduceRequestPartitionProduceData[]
  unknownTags?: UnknownTag[]
}

export interface ProduceRequestPartitionProduceData {
  index: number
  records: ByteSlice | null
  unknownTags?: UnknownTag[]
}

export function readProduceRequest(reader: Reader, version: number): ProduceRequest {
  const flexible = version >= 9
  const transactionalId = version >= 3 ? reader.stringOrNull(flexible) : null
  const acks = reader.int16()
  const timeoutMs = reader.int32()
  const topicData: ProduceRequestTopicProduceData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topicData.push(readProduceRequestTopicProduceData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ProduceRequest = { transactionalId, acks, timeoutMs, topicData }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceRequestTopicProduceData(reader: Reader, version: number): ProduceRequestTopicProduceData {
  const flexible = version >= 9
  const name = version <= 12 ? reader.string(flexible) : ''
  const topicId = version === 13 ? reader.uuid() : ZERO_UUID
  const partitionData: ProduceRequestPartitionProduceData[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    partitionData.push(readProduceRequestPartitionProduceData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ProduceRequestTopicProduceData = { name, topicId, partitionData }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceRequestPartitionProduceData(reader: Reader, version: number): ProduceRequestPartitionProduceData {
  const flexible = version >= 9
  const index = reader.int32()
  const records = reader.recordsOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ProduceRequestPartitionProduceData = { index, records }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeProduceRequest(
  writer: Writer,
  message: Draft<ProduceRequest>,
  version: number,
): void {
  const flexible = version >= 9
  const transactionalId = message.transactionalId ?? null
  if (version >= 3) {
    writer.stringOrNull(transactionalId, flexible)
  } else if (transactionalId !== null) {
    writer.refuse('ProduceRequest.transactionalId', version)
  }
  const acks = message.acks ?? 0
  writer.int16(acks)
  const timeoutMs = message.timeoutMs ?? 0
  writer.int32(timeoutMs)
  const topicData = message.topicData ?? []
  writer.arrayCount(topicData.length, flexible)
  for (const element of topicData) writeProduceRequestTopicProduceData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeProduceRequestTopicProduceData(
  writer: Writer,
  message: Draft<ProduceRequestTopicProduceData>,
  version: number,
): void {
  const flexible = version >= 9
  const name = message.name ?? ''
  if (version <= 12) {
    writer.string(name, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 13) {
    writer.uuid(topicId)
  }
  const partitionData = message.partitionData ?? []
  writer.arrayCount(partitionData.length, flexible)
  for (const element of partitionData) writeProduceRequestPartitionProduceData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeProduceRequestPartitionProduceData(
  writer: Writer,
  message: Draft<ProduceRequestPartitionProduceData>,
  version: number,
): void {
  const flexible = version >= 9
  const index = message.index ?? 0
  writer.int32(index)
  const records = message.records ?? null
  writer.recordsOrNull(records, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ProduceResponse {
  responses: ProduceResponseTopicProduceResponse[]
  throttleTimeMs: number // since version 1
  nodeEndpoints: ProduceResponseNodeEndpoint[] // since version 10
  unknownTags?: UnknownTag[]
}

export interface ProduceResponseTopicProduceResponse {
  name: string // until version 12
  topicId: string // version 13
  partitionResponses: ProduceResponsePartitionProduceResponse[]
  unknownTags?: UnknownTag[]
}

export interface ProduceResponsePartitionProduceResponse {
  index: number
  errorCode: number
  baseOffset: number
  logAppendTimeMs: number // since version 2
  logStartOffset: number // since version 5
  recordErrors: ProduceResponseBatchIndexAndErrorMessage[] // since version 8
  errorMessage: string | null // since version 8
  currentLeader: ProduceResponseLeaderIdAndEpoch // since version 10
  unknownTags?: UnknownTag[]
}

export interface ProduceResponseBatchIndexAndErrorMessage {
  batchIndex: number
  batchIndexErrorMessage: string | null
  unknownTags?: UnknownTag[]
}

export interface ProduceResponseLeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface ProduceResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
  unknownTags?: UnknownTag[]
}

export function readProduceResponse(reader: Reader, version: number): ProduceResponse {
  const flexible = version >= 9
  const responses: ProduceResponseTopicProduceResponse[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    responses.push(readProduceResponseTopicProduceResponse(reader, version))
  }
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  let nodeEndpoints: ProduceResponseNodeEndpoint[] = []
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0 && version >= 10) {
        nodeEndpoints = []
        for (let left = reader.arrayCount(true, 11); left > 0 && reader.ok; left -= 1) {
          nodeEndpoints.push(readProduceResponseNodeEndpoint(reader, version))
        }
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: ProduceResponse = { responses, throttleTimeMs, nodeEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceResponseTopicProduceResponse(reader: Reader, version: number): ProduceResponseTopicProduceResponse {
  const flexible = version >= 9
  const name = version <= 12 ? reader.string(flexible) : ''
  const topicId = version === 13 ? reader.uuid() : ZERO_UUID
  const partitionResponses: ProduceResponsePartitionProduceResponse[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitionResponses.push(readProduceResponsePartitionProduceResponse(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ProduceResponseTopicProduceResponse = { name, topicId, partitionResponses }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceResponsePartitionProduceResponse(reader: Reader, version: number): ProduceResponsePartitionProduceResponse {
  const flexible = version >= 9
  const index = reader.int32()
  const errorCode = reader.int16()
  const baseOffset = reader.int64()
  const logAppendTimeMs = version >= 2 ? reader.int64() : -1
  const logStartOffset = version >= 5 ? reader.int64() : -1
  const recordErrors: ProduceResponseBatchIndexAndErrorMessage[] = []
  if (version >= 8) {
    for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
      recordErrors.push(readProduceResponseBatchIndexAndErrorMessage(reader, version))
    }
  }
  const errorMessage = version >= 8 ? reader.stringOrNull(flexible) : null
  let currentLeader: ProduceResponseLeaderIdAndEpoch = defaultProduceResponseLeaderIdAndEpoch()
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0 && version >= 10) {
        currentLeader = readProduceResponseLeaderIdAndEpoch(reader, version)
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: ProduceResponsePartitionProduceResponse = {
    index,
    errorCode,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    errorMessage,
    currentLeader,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceResponseBatchIndexAndErrorMessage(reader: Reader, version: number): ProduceResponseBatchIndexAndErrorMessage {
  const flexible = version >= 9
  const batchIndex = reader.int32()
  const batchIndexErrorMessage = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ProduceResponseBatchIndexAndErrorMessage = { batchIndex, batchIndexErrorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceResponseLeaderIdAndEpoch(reader: Reader, _version: number): ProduceResponseLeaderIdAndEpoch {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ProduceResponseLeaderIdAndEpoch = { leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readProduceResponseNodeEndpoint(reader: Reader, _version: number): ProduceResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: ProduceResponseNodeEndpoint = { nodeId, host, port, rack }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeProduceResponse(
  writer: Writer,
  message: Draft<ProduceResponse>,
  version: number,
): void {
  const flexible = version >= 9
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, flexible)
  for (const element of responses) writeProduceResponseTopicProduceResponse(writer, element, version)
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const nodeEndpoints = message.nodeEndpoints ?? []
  if (!(version >= 10) && nodeEndpoints.length > 0) writer.refuse('ProduceResponse.nodeEndpoints', version)
  if (flexible) {
    const hasNodeEndpoints = version >= 10 && nodeEndpoints.length > 0
    writer.tagCount((hasNodeEndpoints ? 1 : 0), message.unknownTags)
    if (hasNodeEndpoints) {
      const openedAt = writer.openTag(0)
      writer.arrayCount(nodeEndpoints.length, true)
      for (const element of nodeEndpoints) writeProduceResponseNodeEndpoint(writer, element, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeProduceResponseTopicProduceResponse(
  writer: Writer,
  message: Draft<ProduceResponseTopicProduceResponse>,
  version: number,
): void {
  const flexible = version >= 9
  const name = message.name ?? ''
  if (version <= 12) {
    writer.string(name, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 13) {
    writer.uuid(topicId)
  }
  const partitionResponses = message.partitionResponses ?? []
  writer.arrayCount(partitionResponses.length, flexible)
  for (const element of partitionResponses) writeProduceResponsePartitionProduceResponse(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeProduceResponsePartitionProduceResponse(
  writer: Writer,
  message: Draft<ProduceResponsePartitionProduceResponse>,
  version: number,
): void {
  const flexible = version >= 9
  const index = message.index ?? 0
  writer.int32(index)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const baseOffset = message.baseOffset ?? 0
  writer.int64(baseOffset)
  const logAppendTimeMs = message.logAppendTimeMs ?? -1
  if (version >= 2) {
    writer.int64(logAppendTimeMs)
  }
  const logStartOffset = message.logStartOffset ?? -1
  if (version >= 5) {
    writer.int64(logStartOffset)
  }
  const recordErrors = message.recordErrors ?? []
  if (version >= 8) {
    writer.arrayCount(recordErrors.length, flexible)
    for (const element of recordErrors) writeProduceResponseBatchIndexAndErrorMessage(writer, element, version)
  }
  const errorMessage = message.errorMessage ?? null
  if (version >= 8) {
    writer.stringOrNull(errorMessage, flexible)
  }
  const currentLeader = message.currentLeader ?? {}
  if (!(version >= 10) && !isDefaultProduceResponseLeaderIdAndEpoch(currentLeader)) writer.refuse('ProduceResponsePartitionProduceResponse.currentLeader', version)
  if (flexible) {
    const hasCurrentLeader = version >= 10 && !isDefaultProduceResponseLeaderIdAndEpoch(currentLeader)
    writer.tagCount((hasCurrentLeader ? 1 : 0), message.unknownTags)
    if (hasCurrentLeader) {
      const openedAt = writer.openTag(0)
      writeProduceResponseLeaderIdAndEpoch(writer, currentLeader, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeProduceResponseBatchIndexAndErrorMessage(
  writer: Writer,
  message: Draft<ProduceResponseBatchIndexAndErrorMessage>,
  version: number,
): void {
  const flexible = version >= 9
  const batchIndex = message.batchIndex ?? 0
  writer.int32(batchIndex)
  const batchIndexErrorMessage = message.batchIndexErrorMessage ?? null
  writer.stringOrNull(batchIndexErrorMessage, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeProduceResponseLeaderIdAndEpoch(
  writer: Writer,
  message: Draft<ProduceResponseLeaderIdAndEpoch>,
  _version: number,
): void {
  const leaderId = message.leaderId ?? -1
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeProduceResponseNodeEndpoint(
  writer: Writer,
  message: Draft<ProduceResponseNodeEndpoint>,
  _version: number,
): void {
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.int32(port)
  const rack = message.rack ?? null
  writer.stringOrNull(rack, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function isDefaultProduceResponseLeaderIdAndEpoch(message: Draft<ProduceResponseLeaderIdAndEpoch>): boolean {
  return (
    (message.leaderId ?? -1) === -1
    && (message.leaderEpoch ?? -1) === -1
    && message.unknownTags === undefined
  )
}

function defaultProduceResponseLeaderIdAndEpoch(): ProduceResponseLeaderIdAndEpoch {
  return { leaderId: -1, leaderEpoch: -1 }
}
