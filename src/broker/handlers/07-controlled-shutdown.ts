import { ErrorCode } from '../../model/error-code.ts'
import {
  type ControlledShutdownRequest,
  type ControlledShutdownResponse,
  controlledShutdownApi,
  readControlledShutdownRequest,
  writeControlledShutdownResponse,
} from '../../protocol/generated/07-controlled-shutdown.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { isAmongBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'

/** ControlledShutdown: a broker that is about to stop has the controller move what it leads. */
export const controlledShutdownHandler: ApiHandler<ControlledShutdownRequest, ControlledShutdownResponse> = {
  apiKey: controlledShutdownApi.key,
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: controlledShutdownApi.flexibleVersion,
  read: readControlledShutdownRequest,
  write: writeControlledShutdownResponse,
  async handle(request, context, services): Promise<Draft<ControlledShutdownResponse>> {
    if (!isAmongBrokers(services, context)) return { errorCode: ErrorCode.clusterAuthorizationFailed }
    const { code, remaining } = await services.control.shutDownBroker(request.brokerId, request.brokerEpoch)
    const remainingPartitions = remaining.map(({ topic, partition }) => ({
      topicName: topic,
      partitionIndex: partition,
    }))
    return { errorCode: code, remainingPartitions }
  },
}
