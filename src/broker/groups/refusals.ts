import { ErrorCode } from '../../model/error-code.ts'
import { joinRefused, syncRefused } from '../../coordinator/group/answers.ts'
import { commitRefused } from '../../coordinator/group/commit.ts'
import type { GroupCalls, GroupMethod } from './contract.ts'

type Refusals = {
  readonly [Method in GroupMethod]: (
    request: GroupCalls[Method]['request'],
    code: ErrorCode,
  ) => GroupCalls[Method]['answer']
}

/** How each method says "no" as a whole. */
const REFUSALS: Refusals = {
  joinGroup: (request, code) => joinRefused(code, request.memberId),
  syncGroup: (_request, code) => syncRefused(code),
  // While the log is read nobody knows better: the member goes on and its session starts when loading ends.
  heartbeat: (_request, code) => ({
    errorCode: code === ErrorCode.coordinatorLoadInProgress ? ErrorCode.none : code,
  }),
  leaveGroup: (_request, code) => ({ errorCode: code, members: [] }),
  commitOffsets: (request, code) => commitRefused(request, code),
  fetchOffsets: (request, code) => ({ groupId: request.groupId, errorCode: code, topics: [] }),
  describeGroup: (request, code) => ({ groupId: request.groupId, errorCode: code }),
  listGroups: (_request, code) => ({ errorCode: code, groups: [] }),
  deleteGroup: (_request, code) => ({ errorCode: code }),
  deleteOffsets: (_request, code) => ({ errorCode: code, topics: [] }),
}

/** The answer of `method` when nothing can be done for `code`. */
export function refusal<Method extends GroupMethod>(
  method: Method,
  request: GroupCalls[Method]['request'],
  code: ErrorCode,
): GroupCalls[Method]['answer'] {
  return REFUSALS[method](request, code)
}
