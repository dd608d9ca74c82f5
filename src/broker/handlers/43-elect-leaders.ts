import { ErrorCode } from '../../model/error-code.ts'
import {
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  electLeadersApi,
  readElectLeadersRequest,
  writeElectLeadersResponse,
} from '../../protocol/generated/43-elect-leaders.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

/** ElectLeaders: preferred (0) or unclean (1) elections, of named partitions or all. */
export const electLeadersHandler: ApiHandler<ElectLeadersRequest, ElectLeadersResponse> = {
  apiKey: electLeadersApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: electLeadersApi.flexibleVersion,
  read: readElectLeadersRequest,
  write: writeElectLeadersResponse,
  async handle(request, context, services): Promise<Draft<ElectLeadersResponse>> {
    const asked =
      request.topicPartitions?.flatMap(({ topic, partitions }) =>
        [...new Set(partitions)].map((partition) => ({ topic, partition })),
      ) ?? null
    // Version 0 knows only preferred elections and has no field for it.
    const electionType = context.apiVersion === 0 ? 0 : request.electionType
    const results = await services.control.electLeaders(electionType, asked)
    const byTopic = new Map<string, { partitionId: number; errorCode: ErrorCode; errorMessage: string | null }[]>()
    for (const { topic, partition, code, message } of results) {
      const ofTopic = byTopic.get(topic) ?? []
      ofTopic.push({ partitionId: partition, errorCode: code, errorMessage: message })
      byTopic.set(topic, ofTopic)
    }
    return {
      errorCode: ErrorCode.none,
      replicaElectionResults: [...byTopic].map(([topic, partitionResult]) => ({ topic, partitionResult })),
    }
  },
}
