import {
  type HeartbeatRequest,
  type HeartbeatResponse,
  heartbeatApi,
  readHeartbeatRequest,
  writeHeartbeatResponse,
} from '../../protocol/generated/12-heartbeat.ts'
import type { ApiHandler } from '../context.ts'

/** Heartbeat of a member of a classic group. */
export const heartbeatHandler: ApiHandler<HeartbeatRequest, HeartbeatResponse> = {
  apiKey: heartbeatApi.key,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: heartbeatApi.flexibleVersion,
  read: readHeartbeatRequest,
  write: writeHeartbeatResponse,
  handle: (request, context, services) => services.groups.call('heartbeat', request.groupId, request, context),
}
