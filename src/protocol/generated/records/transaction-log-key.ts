// Generated from schema/records/transaction-log-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const transactionLogKeyLayout: StoredLayout = {
  name: 'TransactionLogKey',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface TransactionLogKey {
  transactionalId: string
}

export function readTransactionLogKey(reader: Reader, _version: number): TransactionLogKey {
  const transactionalId = reader.string(false)
  const message: TransactionLogKey = { transactionalId }
  return message
}

export function writeTransactionLogKey(
  writer: Writer,
  message: Draft<TransactionLogKey>,
  _version: number,
): void {
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, false)
}
