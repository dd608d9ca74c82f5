// Generated from schema/records/consumer-group-regular-expression-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupRegularExpressionValueLayout: StoredLayout = {
  name: 'ConsumerGroupRegularExpressionValue',
  apiKey: 16,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ConsumerGroupRegularExpressionValue {
  topics: string[]
  version: number
  timestamp: number
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupRegularExpressionValue(reader: Reader, _version: number): ConsumerGroupRegularExpressionValue {
  const topics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    topics.push(reader.string(true))
  }
  const versionValue = reader.int64()
  const timestamp = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupRegularExpressionValue = { topics, version: versionValue, timestamp }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupRegularExpressionValue(
  writer: Writer,
  message: Draft<ConsumerGroupRegularExpressionValue>,
  _version: number,
): void {
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writer.string(element, true)
  const versionValue = message.version ?? 0
  writer.int64(versionValue)
  const timestamp = message.timestamp ?? 0
  writer.int64(timestamp)
  writer.onlyUnknownTags(message.unknownTags)
}
