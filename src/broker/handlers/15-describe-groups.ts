import { ErrorCode } from '../../model/error-code.ts'
import {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  describeGroupsApi,
  readDescribeGroupsRequest,
  writeDescribeGroupsResponse,
} from '../../protocol/generated/15-describe-groups.ts'
import type { ApiHandler } from '../context.ts'

/** Read (3), delete (6), describe (8), describe and alter configs (10, 11): all that can be done to a group. */
const EVERY_GROUP_OPERATION = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11)

/** DescribeGroups: each group from its own coordinator, in the order asked. */
export const describeGroupsHandler: ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse> = {
  apiKey: describeGroupsApi.key,
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: describeGroupsApi.flexibleVersion,
  read: readDescribeGroupsRequest,
  write: writeDescribeGroupsResponse,
  async handle(request, context, services) {
    const described = await Promise.all(
      request.groups.map((groupId) => services.groups.call('describeGroup', groupId, { groupId }, context)),
    )
    if (!request.includeAuthorizedOperations) return { groups: described }
    const groups = described.map((group) =>
      (group.errorCode ?? ErrorCode.none) === ErrorCode.none
        ? { ...group, authorizedOperations: EVERY_GROUP_OPERATION }
        : group,
    )
    return { groups }
  },
}
