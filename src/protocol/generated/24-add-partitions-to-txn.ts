// Generated from schema/24-add-partitions-to-txn.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const addPartitionsToTxnApi: ApiLayout = {
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
}

export interface AddPartitionsToTxnRequest {
  transactions: AddPartitionsToTxnRequestAddPartitionsToTxnTransaction[] // since version 4
  v3AndBelowTransactionalId: string // until version 3
  v3AndBelowProducerId: number // until version 3
  v3AndBelowProducerEpoch: number // until version 3
  v3AndBelowTopics: AddPartitionsToTxnRequestAddPartitionsToTxnTopic[] // until version 3
  unknownTags?: UnknownTag[]
}

export interface AddPartitionsToTxnRequestAddPartitionsToTxnTopic {
  name: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface AddPartitionsToTxnRequestAddPartitionsToTxnTransaction {
  transactionalId: string
  producerId: number
  producerEpoch: number
  verifyOnly: boolean
  topics: AddPartitionsToTxnRequestAddPartitionsToTxnTopic[]
  unknownTags?: UnknownTag[]
}

export function readAddPartitionsToTxnRequest(reader: Reader, version: number): AddPartitionsToTxnRequest {
  const flexible = version >= 3
  const transactions: AddPartitionsToTxnRequestAddPartitionsToTxnTransaction[] = []
  if (version >= 4) {
    for (let left = reader.arrayCount(true, 14); left > 0 && reader.ok; left -= 1) {
      transactions.push(readAddPartitionsToTxnRequestAddPartitionsToTxnTransaction(reader, version))
    }
  }
  const v3AndBelowTransactionalId = version <= 3 ? reader.string(flexible) : ''
  const v3AndBelowProducerId = version <= 3 ? reader.int64() : 0
  const v3AndBelowProducerEpoch = version <= 3 ? reader.int16() : 0
  const v3AndBelowTopics: AddPartitionsToTxnRequestAddPartitionsToTxnTopic[] = []
  if (version <= 3) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      v3AndBelowTopics.push(readAddPartitionsToTxnRequestAddPartitionsToTxnTopic(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddPartitionsToTxnRequest = {
    transactions,
    v3AndBelowTransactionalId,
    v3AndBelowProducerId,
    v3AndBelowProducerEpoch,
    v3AndBelowTopics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAddPartitionsToTxnRequestAddPartitionsToTxnTopic(reader: Reader, version: number): AddPartitionsToTxnRequestAddPartitionsToTxnTopic {
  const flexible = version >= 3
  const name = reader.string(flexible)
  const partitions: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddPartitionsToTxnRequestAddPartitionsToTxnTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAddPartitionsToTxnRequestAddPartitionsToTxnTransaction(reader: Reader, version: number): AddPartitionsToTxnRequestAddPartitionsToTxnTransaction {
  const transactionalId = reader.string(true)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const verifyOnly = reader.bool()
  const topics: AddPartitionsToTxnRequestAddPartitionsToTxnTopic[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readAddPartitionsToTxnRequestAddPartitionsToTxnTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AddPartitionsToTxnRequestAddPartitionsToTxnTransaction = {
    transactionalId,
    producerId,
    producerEpoch,
    verifyOnly,
    topics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAddPartitionsToTxnRequest(
  writer: Writer,
  message: Draft<AddPartitionsToTxnRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const transactions = message.transactions ?? []
  if (version >= 4) {
    writer.arrayCount(transactions.length, true)
    for (const element of transactions) writeAddPartitionsToTxnRequestAddPartitionsToTxnTransaction(writer, element, version)
  } else if (transactions.length > 0) {
    writer.refuse('AddPartitionsToTxnRequest.transactions', version)
  }
  const v3AndBelowTransactionalId = message.v3AndBelowTransactionalId ?? ''
  if (version <= 3) {
    writer.string(v3AndBelowTransactionalId, flexible)
  } else if (v3AndBelowTransactionalId !== '') {
    writer.refuse('AddPartitionsToTxnRequest.v3AndBelowTransactionalId', version)
  }
  const v3AndBelowProducerId = message.v3AndBelowProducerId ?? 0
  if (version <= 3) {
    writer.int64(v3AndBelowProducerId)
  } else if (v3AndBelowProducerId !== 0) {
    writer.refuse('AddPartitionsToTxnRequest.v3AndBelowProducerId', version)
  }
  const v3AndBelowProducerEpoch = message.v3AndBelowProducerEpoch ?? 0
  if (version <= 3) {
    writer.int16(v3AndBelowProducerEpoch)
  } else if (v3AndBelowProducerEpoch !== 0) {
    writer.refuse('AddPartitionsToTxnRequest.v3AndBelowProducerEpoch', version)
  }
  const v3AndBelowTopics = message.v3AndBelowTopics ?? []
  if (version <= 3) {
    writer.arrayCount(v3AndBelowTopics.length, flexible)
    for (const element of v3AndBelowTopics) writeAddPartitionsToTxnRequestAddPartitionsToTxnTopic(writer, element, version)
  } else if (v3AndBelowTopics.length > 0) {
    writer.refuse('AddPartitionsToTxnRequest.v3AndBelowTopics', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAddPartitionsToTxnRequestAddPartitionsToTxnTopic(
  writer: Writer,
  message: Draft<AddPartitionsToTxnRequestAddPartitionsToTxnTopic>,
  version: number,
): void {
  const flexible = version >= 3
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAddPartitionsToTxnRequestAddPartitionsToTxnTransaction(
  writer: Writer,
  message: Draft<AddPartitionsToTxnRequestAddPartitionsToTxnTransaction>,
  version: number,
): void {
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, true)
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const verifyOnly = message.verifyOnly ?? false
  writer.bool(verifyOnly)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAddPartitionsToTxnRequestAddPartitionsToTxnTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AddPartitionsToTxnResponse {
  throttleTimeMs: number
  errorCode: number // since version 4
  resultsByTransaction: AddPartitionsToTxnResponseAddPartitionsToTxnResult[] // since version 4
  resultsByTopicV3AndBelow: AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult[] // until version 3
  unknownTags?: UnknownTag[]
}

export interface AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult {
  name: string
  resultsByPartition: AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult {
  partitionIndex: number
  partitionErrorCode: number
  unknownTags?: UnknownTag[]
}

export interface AddPartitionsToTxnResponseAddPartitionsToTxnResult {
  transactionalId: string
  topicResults: AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult[]
  unknownTags?: UnknownTag[]
}

export function readAddPartitionsToTxnResponse(reader: Reader, version: number): AddPartitionsToTxnResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 4 ? reader.int16() : 0
  const resultsByTransaction: AddPartitionsToTxnResponseAddPartitionsToTxnResult[] = []
  if (version >= 4) {
    for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
      resultsByTransaction.push(readAddPartitionsToTxnResponseAddPartitionsToTxnResult(reader, version))
    }
  }
  const resultsByTopicV3AndBelow: AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult[] = []
  if (version <= 3) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      resultsByTopicV3AndBelow.push(readAddPartitionsToTxnResponseAddPartitionsToTxnTopicResult(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddPartitionsToTxnResponse = {
    throttleTimeMs,
    errorCode,
    resultsByTransaction,
    resultsByTopicV3AndBelow,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAddPartitionsToTxnResponseAddPartitionsToTxnTopicResult(reader: Reader, version: number): AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult {
  const flexible = version >= 3
  const name = reader.string(flexible)
  const resultsByPartition: AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    resultsByPartition.push(readAddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult = { name, resultsByPartition }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult(reader: Reader, version: number): AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult {
  const flexible = version >= 3
  const partitionIndex = reader.int32()
  const partitionErrorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult = {
    partitionIndex,
    partitionErrorCode,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAddPartitionsToTxnResponseAddPartitionsToTxnResult(reader: Reader, version: number): AddPartitionsToTxnResponseAddPartitionsToTxnResult {
  const transactionalId = reader.string(true)
  const topicResults: AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topicResults.push(readAddPartitionsToTxnResponseAddPartitionsToTxnTopicResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AddPartitionsToTxnResponseAddPartitionsToTxnResult = { transactionalId, topicResults }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAddPartitionsToTxnResponse(
  writer: Writer,
  message: Draft<AddPartitionsToTxnResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  if (version >= 4) {
    writer.int16(errorCode)
  }
  const resultsByTransaction = message.resultsByTransaction ?? []
  if (version >= 4) {
    writer.arrayCount(resultsByTransaction.length, true)
    for (const element of resultsByTransaction) writeAddPartitionsToTxnResponseAddPartitionsToTxnResult(writer, element, version)
  } else if (resultsByTransaction.length > 0) {
    writer.refuse('AddPartitionsToTxnResponse.resultsByTransaction', version)
  }
  const resultsByTopicV3AndBelow = message.resultsByTopicV3AndBelow ?? []
  if (version <= 3) {
    writer.arrayCount(resultsByTopicV3AndBelow.length, flexible)
    for (const element of resultsByTopicV3AndBelow) writeAddPartitionsToTxnResponseAddPartitionsToTxnTopicResult(writer, element, version)
  } else if (resultsByTopicV3AndBelow.length > 0) {
    writer.refuse('AddPartitionsToTxnResponse.resultsByTopicV3AndBelow', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAddPartitionsToTxnResponseAddPartitionsToTxnTopicResult(
  writer: Writer,
  message: Draft<AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult>,
  version: number,
): void {
  const flexible = version >= 3
  const name = message.name ?? ''
  writer.string(name, flexible)
  const resultsByPartition = message.resultsByPartition ?? []
  writer.arrayCount(resultsByPartition.length, flexible)
  for (const element of resultsByPartition) writeAddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult(
  writer: Writer,
  message: Draft<AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult>,
  version: number,
): void {
  const flexible = version >= 3
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const partitionErrorCode = message.partitionErrorCode ?? 0
  writer.int16(partitionErrorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAddPartitionsToTxnResponseAddPartitionsToTxnResult(
  writer: Writer,
  message: Draft<AddPartitionsToTxnResponseAddPartitionsToTxnResult>,
  version: number,
): void {
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, true)
  const topicResults = message.topicResults ?? []
  writer.arrayCount(topicResults.length, true)
  for (const element of topicResults) writeAddPartitionsToTxnResponseAddPartitionsToTxnTopicResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}
