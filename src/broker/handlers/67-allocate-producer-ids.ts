import { ErrorCode } from '../../model/error-code.ts'
import {
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
  allocateProducerIdsApi,
  readAllocateProducerIdsRequest,
  writeAllocateProducerIdsResponse,
} from '../../protocol/generated/67-allocate-producer-ids.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { isAmongBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'

/** AllocateProducerIds: a broker takes its next block of producer ids from the controller. */
export const allocateProducerIdsHandler: ApiHandler<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = {
  apiKey: allocateProducerIdsApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: allocateProducerIdsApi.flexibleVersion,
  read: readAllocateProducerIdsRequest,
  write: writeAllocateProducerIdsResponse,
  async handle({ brokerId, brokerEpoch }, context, services): Promise<Draft<AllocateProducerIdsResponse>> {
    if (!isAmongBrokers(services, context)) return { errorCode: ErrorCode.clusterAuthorizationFailed }
    const { code, first, count } = await services.control.allocateProducerIdsFor(brokerId, brokerEpoch)
    return { throttleTimeMs: 0, errorCode: code, producerIdStart: first, producerIdLen: count }
  },
}
