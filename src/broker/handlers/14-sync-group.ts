import { ErrorCode } from '../../model/error-code.ts'
import {
  readSyncGroupRequest,
  type SyncGroupRequest,
  type SyncGroupResponse,
  syncGroupApi,
  writeSyncGroupResponse,
} from '../../protocol/generated/14-sync-group.ts'
import type { ApiHandler } from '../context.ts'

/** First version that must say which protocol it means. */
const PROTOCOL_REQUIRED_SINCE_VERSION = 5

/** SyncGroup: answered when the leader's assignment is stored. */
export const syncGroupHandler: ApiHandler<SyncGroupRequest, SyncGroupResponse> = {
  apiKey: syncGroupApi.key,
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: syncGroupApi.flexibleVersion,
  read: readSyncGroupRequest,
  write: writeSyncGroupResponse,
  handle(request, context, services) {
    const isVague = request.protocolType === null || request.protocolName === null
    if (context.apiVersion >= PROTOCOL_REQUIRED_SINCE_VERSION && isVague) {
      return { errorCode: ErrorCode.inconsistentGroupProtocol }
    }
    return services.groups.call('syncGroup', request.groupId, request, context)
  },
}
