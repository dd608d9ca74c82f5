import {
  type StopReplicaRequest,
  type StopReplicaResponse,
  readStopReplicaRequest,
  stopReplicaApi,
  writeStopReplicaResponse,
} from '../../protocol/generated/05-stop-replica.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
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
  async handle(request, _context, services): Promise<Draft<StopReplicaResponse>> {
    return stopResponse(await services.control.command(stopCommand(request)))
  },
}
