// Generated from schema/63-broker-heartbeat.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const brokerHeartbeatApi: ApiLayout = {
  key: 63,
  name: 'BrokerHeartbeat',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface BrokerHeartbeatRequest {
  brokerId: number
  brokerEpoch: number
  currentMetadataOffset: number
  wantFence: boolean
  wantShutDown: boolean
  offlineLogDirs: string[] // since version 1
  cordonedLogDirs: string[] | null // version 2
  unknownTags?: UnknownTag[]
}

export function readBrokerHeartbeatRequest(reader: Reader, version: number): BrokerHeartbeatRequest {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const currentMetadataOffset = reader.int64()
  const wantFence = reader.bool()
  const wantShutDown = reader.bool()
  let offlineLogDirs: string[] = []
  let cordonedLogDirs: string[] | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0 && version >= 1) {
      offlineLogDirs = []
      for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
        offlineLogDirs.push(reader.uuid())
      }
    } else if (tag === 1 && version === 2) {
      const cordonedLogDirsCount = reader.arrayCountOrNull(true, 16)
      if (cordonedLogDirsCount < 0) {
        cordonedLogDirs = null
      } else {
        cordonedLogDirs = []
        for (let left = cordonedLogDirsCount; left > 0 && reader.ok; left -= 1) {
          cordonedLogDirs.push(reader.uuid())
        }
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: BrokerHeartbeatRequest = {
    brokerId,
    brokerEpoch,
    currentMetadataOffset,
    wantFence,
    wantShutDown,
    offlineLogDirs,
    cordonedLogDirs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBrokerHeartbeatRequest(
  writer: Writer,
  message: Draft<BrokerHeartbeatRequest>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  const currentMetadataOffset = message.currentMetadataOffset ?? 0
  writer.int64(currentMetadataOffset)
  const wantFence = message.wantFence ?? false
  writer.bool(wantFence)
  const wantShutDown = message.wantShutDown ?? false
  writer.bool(wantShutDown)
  const offlineLogDirs = message.offlineLogDirs ?? []
  if (!(version >= 1) && offlineLogDirs.length > 0) writer.refuse('BrokerHeartbeatRequest.offlineLogDirs', version)
  const cordonedLogDirs = message.cordonedLogDirs ?? null
  if (!(version === 2) && cordonedLogDirs !== null) writer.refuse('BrokerHeartbeatRequest.cordonedLogDirs', version)
  const hasOfflineLogDirs = version >= 1 && offlineLogDirs.length > 0
  const hasCordonedLogDirs = version === 2 && cordonedLogDirs !== null
  writer.tagCount((hasOfflineLogDirs ? 1 : 0) + (hasCordonedLogDirs ? 1 : 0), message.unknownTags)
  if (hasOfflineLogDirs) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(offlineLogDirs.length, true)
    for (const element of offlineLogDirs) writer.uuid(element)
    writer.closeTag(openedAt)
  }
  if (hasCordonedLogDirs) {
    const openedAt = writer.openTag(1)
    writer.arrayCount(cordonedLogDirs === null ? -1 : cordonedLogDirs.length, true)
    if (cordonedLogDirs !== null) {
      for (const element of cordonedLogDirs) writer.uuid(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

export interface BrokerHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  isCaughtUp: boolean
  isFenced: boolean
  shouldShutDown: boolean
  unknownTags?: UnknownTag[]
}

export function readBrokerHeartbeatResponse(reader: Reader, _version: number): BrokerHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const isCaughtUp = reader.bool()
  const isFenced = reader.bool()
  const shouldShutDown = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: BrokerHeartbeatResponse = { throttleTimeMs, errorCode, isCaughtUp, isFenced, shouldShutDown }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBrokerHeartbeatResponse(
  writer: Writer,
  message: Draft<BrokerHeartbeatResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const isCaughtUp = message.isCaughtUp ?? false
  writer.bool(isCaughtUp)
  const isFenced = message.isFenced ?? true
  writer.bool(isFenced)
  const shouldShutDown = message.shouldShutDown ?? false
  writer.bool(shouldShutDown)
  writer.onlyUnknownTags(message.unknownTags)
}
