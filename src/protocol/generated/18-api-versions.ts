// Generated from schema/18-api-versions.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const apiVersionsApi: ApiLayout = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
}

export interface ApiVersionsRequest {
  clientSoftwareName: string // since version 3
  clientSoftwareVersion: string // since version 3
  clusterId: string | null // version 5
  nodeId: number // version 5
  unknownTags?: UnknownTag[]
}

export function readApiVersionsRequest(reader: Reader, version: number): ApiVersionsRequest {
  const flexible = version >= 3
  const clientSoftwareName = version >= 3 ? reader.string(true) : ''
  const clientSoftwareVersion = version >= 3 ? reader.string(true) : ''
  const clusterId = version === 5 ? reader.stringOrNull(true) : null
  const nodeId = version === 5 ? reader.int32() : -1
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ApiVersionsRequest = { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeApiVersionsRequest(
  writer: Writer,
  message: Draft<ApiVersionsRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const clientSoftwareName = message.clientSoftwareName ?? ''
  if (version >= 3) {
    writer.string(clientSoftwareName, true)
  }
  const clientSoftwareVersion = message.clientSoftwareVersion ?? ''
  if (version >= 3) {
    writer.string(clientSoftwareVersion, true)
  }
  const clusterId = message.clusterId ?? null
  if (version === 5) {
    writer.stringOrNull(clusterId, true)
  }
  const nodeId = message.nodeId ?? -1
  if (version === 5) {
    writer.int32(nodeId)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ApiVersionsResponse {
  errorCode: number
  apiKeys: ApiVersionsResponseApiVersion[]
  throttleTimeMs: number // since version 1
  supportedFeatures: ApiVersionsResponseSupportedFeatureKey[] // since version 3
  finalizedFeaturesEpoch: number // since version 3
  finalizedFeatures: ApiVersionsResponseFinalizedFeatureKey[] // since version 3
  zkMigrationReady: boolean // since version 3
  unknownTags?: UnknownTag[]
}

export interface ApiVersionsResponseApiVersion {
  apiKey: number
  minVersion: number
  maxVersion: number
  unknownTags?: UnknownTag[]
}

export interface ApiVersionsResponseSupportedFeatureKey {
  name: string
  minVersion: number
  maxVersion: number
  unknownTags?: UnknownTag[]
}

export interface ApiVersionsResponseFinalizedFeatureKey {
  name: string
  maxVersionLevel: number
  minVersionLevel: number
  unknownTags?: UnknownTag[]
}

export function readApiVersionsResponse(reader: Reader, version: number): ApiVersionsResponse {
  const flexible = version >= 3
  const errorCode = reader.int16()
  const apiKeys: ApiVersionsResponseApiVersion[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    apiKeys.push(readApiVersionsResponseApiVersion(reader, version))
  }
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  let supportedFeatures: ApiVersionsResponseSupportedFeatureKey[] = []
  let finalizedFeaturesEpoch: number = -1
  let finalizedFeatures: ApiVersionsResponseFinalizedFeatureKey[] = []
  let zkMigrationReady: boolean = false
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        supportedFeatures = []
        for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
          supportedFeatures.push(readApiVersionsResponseSupportedFeatureKey(reader, version))
        }
      } else if (tag === 1) {
        finalizedFeaturesEpoch = reader.int64()
      } else if (tag === 2) {
        finalizedFeatures = []
        for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
          finalizedFeatures.push(readApiVersionsResponseFinalizedFeatureKey(reader, version))
        }
      } else if (tag === 3) {
        zkMigrationReady = reader.bool()
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: ApiVersionsResponse = {
    errorCode,
    apiKeys,
    throttleTimeMs,
    supportedFeatures,
    finalizedFeaturesEpoch,
    finalizedFeatures,
    zkMigrationReady,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readApiVersionsResponseApiVersion(reader: Reader, version: number): ApiVersionsResponseApiVersion {
  const flexible = version >= 3
  const apiKey = reader.int16()
  const minVersion = reader.int16()
  const maxVersion = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ApiVersionsResponseApiVersion = { apiKey, minVersion, maxVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readApiVersionsResponseSupportedFeatureKey(reader: Reader, _version: number): ApiVersionsResponseSupportedFeatureKey {
  const name = reader.string(true)
  const minVersion = reader.int16()
  const maxVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ApiVersionsResponseSupportedFeatureKey = { name, minVersion, maxVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readApiVersionsResponseFinalizedFeatureKey(reader: Reader, _version: number): ApiVersionsResponseFinalizedFeatureKey {
  const name = reader.string(true)
  const maxVersionLevel = reader.int16()
  const minVersionLevel = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ApiVersionsResponseFinalizedFeatureKey = { name, maxVersionLevel, minVersionLevel }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeApiVersionsResponse(
  writer: Writer,
  message: Draft<ApiVersionsResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const apiKeys = message.apiKeys ?? []
  writer.arrayCount(apiKeys.length, flexible)
  for (const element of apiKeys) writeApiVersionsResponseApiVersion(writer, element, version)
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const supportedFeatures = message.supportedFeatures ?? []
  const finalizedFeaturesEpoch = message.finalizedFeaturesEpoch ?? -1
  const finalizedFeatures = message.finalizedFeatures ?? []
  const zkMigrationReady = message.zkMigrationReady ?? false
  if (flexible) {
    const hasSupportedFeatures = supportedFeatures.length > 0
    const hasFinalizedFeaturesEpoch = finalizedFeaturesEpoch !== -1
    const hasFinalizedFeatures = finalizedFeatures.length > 0
    const hasZkMigrationReady = zkMigrationReady !== false
    writer.tagCount((hasSupportedFeatures ? 1 : 0) + (hasFinalizedFeaturesEpoch ? 1 : 0) + (hasFinalizedFeatures ? 1 : 0) + (hasZkMigrationReady ? 1 : 0), message.unknownTags)
    if (hasSupportedFeatures) {
      const openedAt = writer.openTag(0)
      writer.arrayCount(supportedFeatures.length, true)
      for (const element of supportedFeatures) writeApiVersionsResponseSupportedFeatureKey(writer, element, version)
      writer.closeTag(openedAt)
    }
    if (hasFinalizedFeaturesEpoch) {
      const openedAt = writer.openTag(1)
      writer.int64(finalizedFeaturesEpoch)
      writer.closeTag(openedAt)
    }
    if (hasFinalizedFeatures) {
      const openedAt = writer.openTag(2)
      writer.arrayCount(finalizedFeatures.length, true)
      for (const element of finalizedFeatures) writeApiVersionsResponseFinalizedFeatureKey(writer, element, version)
      writer.closeTag(openedAt)
    }
    if (hasZkMigrationReady) {
      const openedAt = writer.openTag(3)
      writer.bool(zkMigrationReady)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeApiVersionsResponseApiVersion(
  writer: Writer,
  message: Draft<ApiVersionsResponseApiVersion>,
  version: number,
): void {
  const flexible = version >= 3
  const apiKey = message.apiKey ?? 0
  writer.int16(apiKey)
  const minVersion = message.minVersion ?? 0
  writer.int16(minVersion)
  const maxVersion = message.maxVersion ?? 0
  writer.int16(maxVersion)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeApiVersionsResponseSupportedFeatureKey(
  writer: Writer,
  message: Draft<ApiVersionsResponseSupportedFeatureKey>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const minVersion = message.minVersion ?? 0
  writer.int16(minVersion)
  const maxVersion = message.maxVersion ?? 0
  writer.int16(maxVersion)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeApiVersionsResponseFinalizedFeatureKey(
  writer: Writer,
  message: Draft<ApiVersionsResponseFinalizedFeatureKey>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const maxVersionLevel = message.maxVersionLevel ?? 0
  writer.int16(maxVersionLevel)
  const minVersionLevel = message.minVersionLevel ?? 0
  writer.int16(minVersionLevel)
  writer.onlyUnknownTags(message.unknownTags)
}
