// Generated from schema/records/streams-group-current-member-assignment-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupCurrentMemberAssignmentValueLayout: StoredLayout = {
  name: 'StreamsGroupCurrentMemberAssignmentValue',
  apiKey: 22,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface StreamsGroupCurrentMemberAssignmentValue {
  memberEpoch: number
  previousMemberEpoch: number
  state: number
  activeTasks: StreamsGroupCurrentMemberAssignmentValueTaskIds[]
  standbyTasks: StreamsGroupCurrentMemberAssignmentValueTaskIds[]
  warmupTasks: StreamsGroupCurrentMemberAssignmentValueTaskIds[]
  activeTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueTaskIds[]
  standbyTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueTaskIds[]
  warmupTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueTaskIds[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupCurrentMemberAssignmentValueTaskIds {
  subtopologyId: string
  partitions: number[]
  assignmentEpochs: number[] | null
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupCurrentMemberAssignmentValue(reader: Reader, version: number): StreamsGroupCurrentMemberAssignmentValue {
  const memberEpoch = reader.int32()
  const previousMemberEpoch = reader.int32()
  const state = reader.int8()
  const activeTasks: StreamsGroupCurrentMemberAssignmentValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    activeTasks.push(readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader, version))
  }
  const standbyTasks: StreamsGroupCurrentMemberAssignmentValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    standbyTasks.push(readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader, version))
  }
  const warmupTasks: StreamsGroupCurrentMemberAssignmentValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    warmupTasks.push(readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader, version))
  }
  const activeTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    activeTasksPendingRevocation.push(readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader, version))
  }
  const standbyTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    standbyTasksPendingRevocation.push(readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader, version))
  }
  const warmupTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    warmupTasksPendingRevocation.push(readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupCurrentMemberAssignmentValue = {
    memberEpoch,
    previousMemberEpoch,
    state,
    activeTasks,
    standbyTasks,
    warmupTasks,
    activeTasksPendingRevocation,
    standbyTasksPendingRevocation,
    warmupTasksPendingRevocation,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupCurrentMemberAssignmentValueTaskIds(reader: Reader, _version: number): StreamsGroupCurrentMemberAssignmentValueTaskIds {
  const subtopologyId = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  let assignmentEpochs: number[] | null = []
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      const assignmentEpochsCount = reader.arrayCountOrNull(true, 4)
      if (assignmentEpochsCount < 0) {
        assignmentEpochs = null
      } else {
        assignmentEpochs = []
        for (let left = assignmentEpochsCount; left > 0 && reader.ok; left -= 1) {
          assignmentEpochs.push(reader.int32())
        }
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: StreamsGroupCurrentMemberAssignmentValueTaskIds = {
    subtopologyId,
    partitions,
    assignmentEpochs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupCurrentMemberAssignmentValue(
  writer: Writer,
  message: Draft<StreamsGroupCurrentMemberAssignmentValue>,
  version: number,
): void {
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const previousMemberEpoch = message.previousMemberEpoch ?? 0
  writer.int32(previousMemberEpoch)
  const state = message.state ?? 0
  writer.int8(state)
  const activeTasks = message.activeTasks ?? []
  writer.arrayCount(activeTasks.length, true)
  for (const element of activeTasks) writeStreamsGroupCurrentMemberAssignmentValueTaskIds(writer, element, version)
  const standbyTasks = message.standbyTasks ?? []
  writer.arrayCount(standbyTasks.length, true)
  for (const element of standbyTasks) writeStreamsGroupCurrentMemberAssignmentValueTaskIds(writer, element, version)
  const warmupTasks = message.warmupTasks ?? []
  writer.arrayCount(warmupTasks.length, true)
  for (const element of warmupTasks) writeStreamsGroupCurrentMemberAssignmentValueTaskIds(writer, element, version)
  const activeTasksPendingRevocation = message.activeTasksPendingRevocation ?? []
  writer.arrayCount(activeTasksPendingRevocation.length, true)
  for (const element of activeTasksPendingRevocation) writeStreamsGroupCurrentMemberAssignmentValueTaskIds(writer, element, version)
  const standbyTasksPendingRevocation = message.standbyTasksPendingRevocation ?? []
  writer.arrayCount(standbyTasksPendingRevocation.length, true)
  for (const element of standbyTasksPendingRevocation) writeStreamsGroupCurrentMemberAssignmentValueTaskIds(writer, element, version)
  const warmupTasksPendingRevocation = message.warmupTasksPendingRevocation ?? []
  writer.arrayCount(warmupTasksPendingRevocation.length, true)
  for (const element of warmupTasksPendingRevocation) writeStreamsGroupCurrentMemberAssignmentValueTaskIds(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupCurrentMemberAssignmentValueTaskIds(
  writer: Writer,
  message: Draft<StreamsGroupCurrentMemberAssignmentValueTaskIds>,
  _version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  const assignmentEpochs = message.assignmentEpochs === undefined ? [] : message.assignmentEpochs
  const hasAssignmentEpochs = assignmentEpochs === null || assignmentEpochs.length > 0
  writer.tagCount((hasAssignmentEpochs ? 1 : 0), message.unknownTags)
  if (hasAssignmentEpochs) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(assignmentEpochs === null ? -1 : assignmentEpochs.length, true)
    if (assignmentEpochs !== null) {
      for (const element of assignmentEpochs) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
