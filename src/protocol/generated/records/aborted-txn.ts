// Generated from schema/records/aborted-txn.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const abortedTxnLayout: StoredLayout = {
  name: 'AbortedTxn',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface AbortedTxn {
  producerId: number
  firstOffset: number
  lastOffset: number
  lastStableOffset: number
}

export function readAbortedTxn(reader: Reader, _version: number): AbortedTxn {
  const producerId = reader.int64()
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const lastStableOffset = reader.int64()
  const message: AbortedTxn = { producerId, firstOffset, lastOffset, lastStableOffset }
  return message
}

export function writeAbortedTxn(
  writer: Writer,
  message: Draft<AbortedTxn>,
  _version: number,
): void {
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const firstOffset = message.firstOffset ?? 0
  writer.int64(firstOffset)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const lastStableOffset = message.lastStableOffset ?? 0
  writer.int64(lastStableOffset)
}
