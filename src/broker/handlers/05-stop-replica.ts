import { ErrorCode } from '../../model/error-code.ts'
import {
  type StopReplicaRequest,
  type StopReplicaResponse,
  readStopReplicaRequest,
  stopReplicaApi,
  writeStopReplicaResponse,
} from '../../protocol/generated/05-stop-replica.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { isAmongBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'
import { stopCommand, stopResponse } from '../peers/command-messages.ts'

/** StopReplica: the controller has this broker give replicas up, with or without their files. */
export const stopReplicaHandler: ApiHandler<StopReplicaRequest, StopReplicaResponse> = {
  apiKey: stopReplicaApi.key,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: stopReplicaApi.flexibleVersion,
  read: readStopReplicaRequest,
  write: writeStopReplicaResponse,
  async handle(request, context, services): Promise<Draft<StopReplicaResponse>> {
    if (!isAmongBrokers(services, context)) return { errorCode: ErrorCode.clusterAuthorizationFailed }
    return stopResponse(await services.control.command(stopCommand(request)))
  },
}
