import {
  type JoinGroupRequest,
  type JoinGroupResponse,
  joinGroupApi,
  readJoinGroupRequest,
  writeJoinGroupResponse,
} from '../../protocol/generated/11-join-group.ts'
import type { ApiHandler } from '../context.ts'

/** First version in which the name of the protocol may be null, and has to be instead of empty. */
const NULL_PROTOCOL_SINCE_VERSION = 7

/** JoinGroup: answered when the join phase of the rebalance ends, which may take minutes. */
export const joinGroupHandler: ApiHandler<JoinGroupRequest, JoinGroupResponse> = {
  apiKey: joinGroupApi.key,
  minVersion: 0,
  maxVersion: 9,
  flexibleVersion: joinGroupApi.flexibleVersion,
  read: readJoinGroupRequest,
  write: writeJoinGroupResponse,
  async handle(request, context, services) {
    const answer = await services.groups.call('joinGroup', request.groupId, request, context)
    const protocolName = answer.protocolName ?? ''
    if (context.apiVersion < NULL_PROTOCOL_SINCE_VERSION) return { ...answer, protocolName }
    return { ...answer, protocolName: protocolName === '' ? null : protocolName }
  },
}
