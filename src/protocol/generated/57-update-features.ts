// Generated from schema/57-update-features.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const updateFeaturesApi: ApiLayout = {
  key: 57,
  name: 'UpdateFeatures',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface UpdateFeaturesRequest {
  timeoutMs: number
  featureUpdates: UpdateFeaturesRequestFeatureUpdateKey[]
  validateOnly: boolean // since version 1
  unknownTags?: UnknownTag[]
}

export interface UpdateFeaturesRequestFeatureUpdateKey {
  feature: string
  maxVersionLevel: number
  allowDowngrade: boolean // version 0
  upgradeType: number // since version 1
  unknownTags?: UnknownTag[]
}

export function readUpdateFeaturesRequest(reader: Reader, version: number): UpdateFeaturesRequest {
  const timeoutMs = reader.int32()
  const featureUpdates: UpdateFeaturesRequestFeatureUpdateKey[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    featureUpdates.push(readUpdateFeaturesRequestFeatureUpdateKey(reader, version))
  }
  const validateOnly = version >= 1 ? reader.bool() : false
  const unknownTags = reader.unknownTags()
  const message: UpdateFeaturesRequest = { timeoutMs, featureUpdates, validateOnly }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateFeaturesRequestFeatureUpdateKey(reader: Reader, version: number): UpdateFeaturesRequestFeatureUpdateKey {
  const feature = reader.string(true)
  const maxVersionLevel = reader.int16()
  const allowDowngrade = version === 0 ? reader.bool() : false
  const upgradeType = version >= 1 ? reader.int8() : 1
  const unknownTags = reader.unknownTags()
  const message: UpdateFeaturesRequestFeatureUpdateKey = {
    feature,
    maxVersionLevel,
    allowDowngrade,
    upgradeType,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUpdateFeaturesRequest(
  writer: Writer,
  message: Draft<UpdateFeaturesRequest>,
  version: number,
): void {
  const timeoutMs = message.timeoutMs ?? 60000
  writer.int32(timeoutMs)
  const featureUpdates = message.featureUpdates ?? []
  writer.arrayCount(featureUpdates.length, true)
  for (const element of featureUpdates) writeUpdateFeaturesRequestFeatureUpdateKey(writer, element, version)
  const validateOnly = message.validateOnly ?? false
  if (version >= 1) {
    writer.bool(validateOnly)
  } else if (validateOnly !== false) {
    writer.refuse('UpdateFeaturesRequest.validateOnly', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeUpdateFeaturesRequestFeatureUpdateKey(
  writer: Writer,
  message: Draft<UpdateFeaturesRequestFeatureUpdateKey>,
  version: number,
): void {
  const feature = message.feature ?? ''
  writer.string(feature, true)
  const maxVersionLevel = message.maxVersionLevel ?? 0
  writer.int16(maxVersionLevel)
  const allowDowngrade = message.allowDowngrade ?? false
  if (version === 0) {
    writer.bool(allowDowngrade)
  } else if (allowDowngrade !== false) {
    writer.refuse('UpdateFeaturesRequestFeatureUpdateKey.allowDowngrade', version)
  }
  const upgradeType = message.upgradeType ?? 1
  if (version >= 1) {
    writer.int8(upgradeType)
  } else if (upgradeType !== 1) {
    writer.refuse('UpdateFeaturesRequestFeatureUpdateKey.upgradeType', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface UpdateFeaturesResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  results: UpdateFeaturesResponseUpdatableFeatureResult[] // until version 1
  unknownTags?: UnknownTag[]
}

export interface UpdateFeaturesResponseUpdatableFeatureResult {
  feature: string
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readUpdateFeaturesResponse(reader: Reader, version: number): UpdateFeaturesResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const results: UpdateFeaturesResponseUpdatableFeatureResult[] = []
  if (version <= 1) {
    for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
      results.push(readUpdateFeaturesResponseUpdatableFeatureResult(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: UpdateFeaturesResponse = { throttleTimeMs, errorCode, errorMessage, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateFeaturesResponseUpdatableFeatureResult(reader: Reader, _version: number): UpdateFeaturesResponseUpdatableFeatureResult {
  const feature = reader.string(true)
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: UpdateFeaturesResponseUpdatableFeatureResult = { feature, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUpdateFeaturesResponse(
  writer: Writer,
  message: Draft<UpdateFeaturesResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  const results = message.results ?? []
  if (version <= 1) {
    writer.arrayCount(results.length, true)
    for (const element of results) writeUpdateFeaturesResponseUpdatableFeatureResult(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeUpdateFeaturesResponseUpdatableFeatureResult(
  writer: Writer,
  message: Draft<UpdateFeaturesResponseUpdatableFeatureResult>,
  _version: number,
): void {
  const feature = message.feature ?? ''
  writer.string(feature, true)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
