// Generated from schema/records/streams-group-target-assignment-member-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupTargetAssignmentMemberValueLayout: StoredLayout = {
  name: 'StreamsGroupTargetAssignmentMemberValue',
  apiKey: 21,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface StreamsGroupTargetAssignmentMemberValue {
  activeTasks: StreamsGroupTargetAssignmentMemberValueTaskIds[]
  standbyTasks: StreamsGroupTargetAssignmentMemberValueTaskIds[]
  warmupTasks: StreamsGroupTargetAssignmentMemberValueTaskIds[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTargetAssignmentMemberValueTaskIds {
  subtopologyId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupTargetAssignmentMemberValue(reader: Reader, version: number): StreamsGroupTargetAssignmentMemberValue {
  const activeTasks: StreamsGroupTargetAssignmentMemberValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    activeTasks.push(readStreamsGroupTargetAssignmentMemberValueTaskIds(reader, version))
  }
  const standbyTasks: StreamsGroupTargetAssignmentMemberValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    standbyTasks.push(readStreamsGroupTargetAssignmentMemberValueTaskIds(reader, version))
  }
  const warmupTasks: StreamsGroupTargetAssignmentMemberValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    warmupTasks.push(readStreamsGroupTargetAssignmentMemberValueTaskIds(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTargetAssignmentMemberValue = { activeTasks, standbyTasks, warmupTasks }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTargetAssignmentMemberValueTaskIds(reader: Reader, _version: number): StreamsGroupTargetAssignmentMemberValueTaskIds {
  const subtopologyId = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTargetAssignmentMemberValueTaskIds = { subtopologyId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupTargetAssignmentMemberValue(
  writer: Writer,
  message: Draft<StreamsGroupTargetAssignmentMemberValue>,
  version: number,
): void {
  const activeTasks = message.activeTasks ?? []
  writer.arrayCount(activeTasks.length, true)
  for (const element of activeTasks) writeStreamsGroupTargetAssignmentMemberValueTaskIds(writer, element, version)
  const standbyTasks = message.standbyTasks ?? []
  writer.arrayCount(standbyTasks.length, true)
  for (const element of standbyTasks) writeStreamsGroupTargetAssignmentMemberValueTaskIds(writer, element, version)
  const warmupTasks = message.warmupTasks ?? []
  writer.arrayCount(warmupTasks.length, true)
  for (const element of warmupTasks) writeStreamsGroupTargetAssignmentMemberValueTaskIds(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTargetAssignmentMemberValueTaskIds(
  writer: Writer,
  message: Draft<StreamsGroupTargetAssignmentMemberValueTaskIds>,
  _version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
