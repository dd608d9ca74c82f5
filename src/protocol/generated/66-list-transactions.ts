// Generated from schema/66-list-transactions.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const listTransactionsApi: ApiLayout = {
  key: 66,
  name: 'ListTransactions',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface ListTransactionsRequest {
  stateFilters: string[]
  producerIdFilters: number[]
  durationFilter: number // since version 1
  transactionalIdPattern: string | null // version 2
  unknownTags?: UnknownTag[]
}

export function readListTransactionsRequest(reader: Reader, version: number): ListTransactionsRequest {
  const stateFilters: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    stateFilters.push(reader.string(true))
  }
  const producerIdFilters: number[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    producerIdFilters.push(reader.int64())
  }
  const durationFilter = version >= 1 ? reader.int64() : -1
  const transactionalIdPattern = version === 2 ? reader.stringOrNull(true) : null
  const unknownTags = reader.unknownTags()
  const message: ListTransactionsRequest = {
    stateFilters,
    producerIdFilters,
    durationFilter,
    transactionalIdPattern,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListTransactionsRequest(
  writer: Writer,
  message: Draft<ListTransactionsRequest>,
  version: number,
): void {
  const stateFilters = message.stateFilters ?? []
  writer.arrayCount(stateFilters.length, true)
  for (const element of stateFilters) writer.string(element, true)
  const producerIdFilters = message.producerIdFilters ?? []
  writer.arrayCount(producerIdFilters.length, true)
  for (const element of producerIdFilters) writer.int64(element)
  const durationFilter = message.durationFilter ?? -1
  if (version >= 1) {
    writer.int64(durationFilter)
  } else if (durationFilter !== -1) {
    writer.refuse('ListTransactionsRequest.durationFilter', version)
  }
  const transactionalIdPattern = message.transactionalIdPattern ?? null
  if (version === 2) {
    writer.stringOrNull(transactionalIdPattern, true)
  } else if (transactionalIdPattern !== null) {
    writer.refuse('ListTransactionsRequest.transactionalIdPattern', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ListTransactionsResponse {
  throttleTimeMs: number
  errorCode: number
  unknownStateFilters: string[]
  transactionStates: ListTransactionsResponseTransactionState[]
  unknownTags?: UnknownTag[]
}

export interface ListTransactionsResponseTransactionState {
  transactionalId: string
  producerId: number
  transactionState: string
  unknownTags?: UnknownTag[]
}

export function readListTransactionsResponse(reader: Reader, version: number): ListTransactionsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const unknownStateFilters: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    unknownStateFilters.push(reader.string(true))
  }
  const transactionStates: ListTransactionsResponseTransactionState[] = []
  for (let left = reader.arrayCount(true, 11); left > 0 && reader.ok; left -= 1) {
    transactionStates.push(readListTransactionsResponseTransactionState(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ListTransactionsResponse = {
    throttleTimeMs,
    errorCode,
    unknownStateFilters,
    transactionStates,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListTransactionsResponseTransactionState(reader: Reader, _version: number): ListTransactionsResponseTransactionState {
  const transactionalId = reader.string(true)
  const producerId = reader.int64()
  const transactionState = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: ListTransactionsResponseTransactionState = { transactionalId, producerId, transactionState }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListTransactionsResponse(
  writer: Writer,
  message: Draft<ListTransactionsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const unknownStateFilters = message.unknownStateFilters ?? []
  writer.arrayCount(unknownStateFilters.length, true)
  for (const element of unknownStateFilters) writer.string(element, true)
  const transactionStates = message.transactionStates ?? []
  writer.arrayCount(transactionStates.length, true)
  for (const element of transactionStates) writeListTransactionsResponseTransactionState(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeListTransactionsResponseTransactionState(
  writer: Writer,
  message: Draft<ListTransactionsResponseTransactionState>,
  _version: number,
): void {
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, true)
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const transactionState = message.transactionState ?? ''
  writer.string(transactionState, true)
  writer.onlyUnknownTags(message.unknownTags)
}
