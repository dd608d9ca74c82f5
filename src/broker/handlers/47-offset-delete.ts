import { ErrorCode } from '../../model/error-code.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  offsetDeleteApi,
  readOffsetDeleteRequest,
  writeOffsetDeleteResponse,
} from '../../protocol/generated/47-offset-delete.ts'
import type { ApiHandler } from '../context.ts'

/** OffsetDelete. Partitions that do not exist are answered here, the others by the group's coordinator. */
export const offsetDeleteHandler: ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse> = {
  apiKey: offsetDeleteApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: offsetDeleteApi.flexibleVersion,
  read: readOffsetDeleteRequest,
  write: writeOffsetDeleteResponse,
  async handle(request, context, services) {
    const exists = (topic: string, partition: number): boolean =>
      services.view.partition(topic, partition) !== undefined
    const known = request.topics
      .map(({ name, partitions }) => ({
        name,
        partitions: partitions.filter(({ partitionIndex }) => exists(name, partitionIndex)),
      }))
      .filter(({ partitions }) => partitions.length > 0)
    const answer = await services.groups.call('deleteOffsets', request.groupId, { ...request, topics: known }, context)
    if ((answer.errorCode ?? ErrorCode.none) !== ErrorCode.none) return answer
    const answered = new Map((answer.topics ?? []).map((topic) => [topic.name ?? '', topic.partitions ?? []]))
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: [
        ...partitions
          .filter(({ partitionIndex }) => !exists(name, partitionIndex))
          .map(({ partitionIndex }) => ({ partitionIndex, errorCode: ErrorCode.unknownTopicOrPartition })),
        ...(answered.get(name) ?? []),
      ],
    }))
    return { errorCode: ErrorCode.none, topics }
  },
}
