// Generated from schema/records/transaction-log-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const transactionLogValueLayout: StoredLayout = {
  name: 'TransactionLogValue',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
  prefix: 'version',
}

export interface TransactionLogValue {
  producerId: number
  previousProducerId: number // version 1
  nextProducerId: number // version 1
  producerEpoch: number
  nextProducerEpoch: number // version 1
  transactionTimeoutMs: number
  transactionStatus: number
  transactionPartitions: TransactionLogValuePartitionsSchema[] | null
  transactionLastUpdateTimestampMs: number
  transactionStartTimestampMs: number
  clientTransactionVersion: number // version 1
  unknownTags?: UnknownTag[]
}

export interface TransactionLogValuePartitionsSchema {
  topic: string
  partitionIds: number[]
  unknownTags?: UnknownTag[]
}

export function readTransactionLogValue(reader: Reader, version: number): TransactionLogValue {
  const flexible = version === 1
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const transactionTimeoutMs = reader.int32()
  const transactionStatus = reader.int8()
  let transactionPartitions: TransactionLogValuePartitionsSchema[] | null = []
  const transactionPartitionsCount = reader.arrayCountOrNull(flexible, 3)
  if (transactionPartitionsCount < 0) {
    transactionPartitions = null
  } else {
    transactionPartitions = []
    for (let left = transactionPartitionsCount; left > 0 && reader.ok; left -= 1) {
      transactionPartitions.push(readTransactionLogValuePartitionsSchema(reader, version))
    }
  }
  const transactionLastUpdateTimestampMs = reader.int64()
  const transactionStartTimestampMs = reader.int64()
  let previousProducerId: number = -1
  let nextProducerId: number = -1
  let clientTransactionVersion: number = 0
  let nextProducerEpoch: number = -1
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        previousProducerId = reader.int64()
      } else if (tag === 1) {
        nextProducerId = reader.int64()
      } else if (tag === 2) {
        clientTransactionVersion = reader.int16()
      } else if (tag === 3) {
        nextProducerEpoch = reader.int16()
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: TransactionLogValue = {
    producerId,
    previousProducerId,
    nextProducerId,
    producerEpoch,
    nextProducerEpoch,
    transactionTimeoutMs,
    transactionStatus,
    transactionPartitions,
    transactionLastUpdateTimestampMs,
    transactionStartTimestampMs,
    clientTransactionVersion,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readTransactionLogValuePartitionsSchema(reader: Reader, version: number): TransactionLogValuePartitionsSchema {
  const flexible = version === 1
  const topic = reader.string(flexible)
  const partitionIds: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitionIds.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TransactionLogValuePartitionsSchema = { topic, partitionIds }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeTransactionLogValue(
  writer: Writer,
  message: Draft<TransactionLogValue>,
  version: number,
): void {
  const flexible = version === 1
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const previousProducerId = message.previousProducerId ?? -1
  if (!(version === 1) && previousProducerId !== -1) writer.refuse('TransactionLogValue.previousProducerId', version)
  const nextProducerId = message.nextProducerId ?? -1
  if (!(version === 1) && nextProducerId !== -1) writer.refuse('TransactionLogValue.nextProducerId', version)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const nextProducerEpoch = message.nextProducerEpoch ?? -1
  if (!(version === 1) && nextProducerEpoch !== -1) writer.refuse('TransactionLogValue.nextProducerEpoch', version)
  const transactionTimeoutMs = message.transactionTimeoutMs ?? 0
  writer.int32(transactionTimeoutMs)
  const transactionStatus = message.transactionStatus ?? 0
  writer.int8(transactionStatus)
  const transactionPartitions = message.transactionPartitions === undefined ? [] : message.transactionPartitions
  writer.arrayCount(transactionPartitions === null ? -1 : transactionPartitions.length, flexible)
  if (transactionPartitions !== null) {
    for (const element of transactionPartitions) writeTransactionLogValuePartitionsSchema(writer, element, version)
  }
  const transactionLastUpdateTimestampMs = message.transactionLastUpdateTimestampMs ?? 0
  writer.int64(transactionLastUpdateTimestampMs)
  const transactionStartTimestampMs = message.transactionStartTimestampMs ?? 0
  writer.int64(transactionStartTimestampMs)
  const clientTransactionVersion = message.clientTransactionVersion ?? 0
  if (!(version === 1) && clientTransactionVersion !== 0) writer.refuse('TransactionLogValue.clientTransactionVersion', version)
  if (flexible) {
    const hasPreviousProducerId = previousProducerId !== -1
    const hasNextProducerId = nextProducerId !== -1
    const hasClientTransactionVersion = clientTransactionVersion !== 0
    const hasNextProducerEpoch = nextProducerEpoch !== -1
    writer.tagCount((hasPreviousProducerId ? 1 : 0) + (hasNextProducerId ? 1 : 0) + (hasClientTransactionVersion ? 1 : 0) + (hasNextProducerEpoch ? 1 : 0), message.unknownTags)
    if (hasPreviousProducerId) {
      const openedAt = writer.openTag(0)
      writer.int64(previousProducerId)
      writer.closeTag(openedAt)
    }
    if (hasNextProducerId) {
      const openedAt = writer.openTag(1)
      writer.int64(nextProducerId)
      writer.closeTag(openedAt)
    }
    if (hasClientTransactionVersion) {
      const openedAt = writer.openTag(2)
      writer.int16(clientTransactionVersion)
      writer.closeTag(openedAt)
    }
    if (hasNextProducerEpoch) {
      const openedAt = writer.openTag(3)
      writer.int16(nextProducerEpoch)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeTransactionLogValuePartitionsSchema(
  writer: Writer,
  message: Draft<TransactionLogValuePartitionsSchema>,
  version: number,
): void {
  const flexible = version === 1
  const topic = message.topic ?? ''
  writer.string(topic, flexible)
  const partitionIds = message.partitionIds ?? []
  writer.arrayCount(partitionIds.length, flexible)
  for (const element of partitionIds) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
