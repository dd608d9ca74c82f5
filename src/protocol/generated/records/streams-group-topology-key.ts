// Generated from schema/records/streams-group-topology-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupTopologyKeyLayout: StoredLayout = {
  name: 'StreamsGroupTopologyKey',
  apiKey: 23,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface StreamsGroupTopologyKey {
  groupId: string
}

export function readStreamsGroupTopologyKey(reader: Reader, _version: number): StreamsGroupTopologyKey {
  const groupId = reader.string(false)
  const message: StreamsGroupTopologyKey = { groupId }
  return message
}

export function writeStreamsGroupTopologyKey(
  writer: Writer,
  message: Draft<StreamsGroupTopologyKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
