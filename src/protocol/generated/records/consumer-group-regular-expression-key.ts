// Generated from schema/records/consumer-group-regular-expression-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupRegularExpressionKeyLayout: StoredLayout = {
  name: 'ConsumerGroupRegularExpressionKey',
  apiKey: 16,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupRegularExpressionKey {
  groupId: string
  regularExpression: string
}

export function readConsumerGroupRegularExpressionKey(reader: Reader, _version: number): ConsumerGroupRegularExpressionKey {
  const groupId = reader.string(false)
  const regularExpression = reader.string(false)
  const message: ConsumerGroupRegularExpressionKey = { groupId, regularExpression }
  return message
}

export function writeConsumerGroupRegularExpressionKey(
  writer: Writer,
  message: Draft<ConsumerGroupRegularExpressionKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const regularExpression = message.regularExpression ?? ''
  writer.string(regularExpression, false)
}
