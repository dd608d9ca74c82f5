import { ErrorCode } from '../../model/error-code.ts'
import {
  type LeaderAndIsrRequest,
  type LeaderAndIsrResponse,
  leaderAndIsrApi,
  readLeaderAndIsrRequest,
  writeLeaderAndIsrResponse,
} from '../../protocol/generated/04-leader-and-isr.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { isAmongBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'
import { leadershipCommand, leadershipResponse } from '../peers/command-messages.ts'

/** LeaderAndIsr: the controller says which partitions this broker leads and follows. */
export const leaderAndIsrHandler: ApiHandler<LeaderAndIsrRequest, LeaderAndIsrResponse> = {
  apiKey: leaderAndIsrApi.key,
  minVersion: 0,
  maxVersion: 7,
  flexibleVersion: leaderAndIsrApi.flexibleVersion,
  read: readLeaderAndIsrRequest,
  write: writeLeaderAndIsrResponse,
  async handle(request, context, services): Promise<Draft<LeaderAndIsrResponse>> {
    if (!isAmongBrokers(services, context)) return { errorCode: ErrorCode.clusterAuthorizationFailed }
    const command = leadershipCommand(request)
    const answer = await services.control.command(command)
    return leadershipResponse(command, answer, context.apiVersion)
  },
}
