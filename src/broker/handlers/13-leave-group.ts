import { ErrorCode } from '../../model/error-code.ts'
import {
  type LeaveGroupRequest,
  type LeaveGroupResponse,
  leaveGroupApi,
  readLeaveGroupRequest,
  writeLeaveGroupResponse,
} from '../../protocol/generated/13-leave-group.ts'
import type { ApiHandler } from '../context.ts'

/** First version with many members, each with a code of its own. */
const MEMBERS_SINCE_VERSION = 3

/** LeaveGroup. Older versions carry one member, whose code is the code of the answer. */
export const leaveGroupHandler: ApiHandler<LeaveGroupRequest, LeaveGroupResponse> = {
  apiKey: leaveGroupApi.key,
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: leaveGroupApi.flexibleVersion,
  read: readLeaveGroupRequest,
  write: writeLeaveGroupResponse,
  async handle(request, context, services) {
    const answer = await services.groups.call('leaveGroup', request.groupId, request, context)
    if (context.apiVersion >= MEMBERS_SINCE_VERSION) return answer
    const errorCode = answer.errorCode ?? ErrorCode.none
    return { errorCode: errorCode === ErrorCode.none ? (answer.members?.[0]?.errorCode ?? ErrorCode.none) : errorCode }
  },
}
