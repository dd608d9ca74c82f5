import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitionsApi,
  readCreatePartitionsRequest,
  writeCreatePartitionsResponse,
} from '../../protocol/generated/37-create-partitions.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

/** CreatePartitions: answers every topic that was asked for, whatever became of it. */
export const createPartitionsHandler: ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse> = {
  apiKey: createPartitionsApi.key,
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: createPartitionsApi.flexibleVersion,
  read: readCreatePartitionsRequest,
  write: writeCreatePartitionsResponse,
  async handle(request, _context, services): Promise<Draft<CreatePartitionsResponse>> {
    const results = await services.control.createPartitions(
      request.topics.map(({ name, count, assignments }) => ({
        name,
        count,
        assignments: assignments?.map(({ brokerIds }) => brokerIds) ?? null,
      })),
      request.validateOnly,
    )
    // A topic that stands there twice is answered once, as clients keep answers by name.
    const byName = new Map(results.map((result) => [result.name, result]))
    return {
      results: [...byName.values()].map(({ name, code, message }) => ({
        name,
        errorCode: code,
        errorMessage: message,
      })),
    }
  },
}
