import {
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
  deleteGroupsApi,
  readDeleteGroupsRequest,
  writeDeleteGroupsResponse,
} from '../../protocol/generated/42-delete-groups.ts'
import type { ApiHandler } from '../context.ts'

/** DeleteGroups: each group by its own coordinator; one answer for every group asked. */
export const deleteGroupsHandler: ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse> = {
  apiKey: deleteGroupsApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: deleteGroupsApi.flexibleVersion,
  read: readDeleteGroupsRequest,
  write: writeDeleteGroupsResponse,
  async handle(request, context, services) {
    const groupIds = [...new Set(request.groupsNames)]
    const results = await Promise.all(
      groupIds.map(async (groupId) => {
        const { errorCode } = await services.groups.call('deleteGroup', groupId, { groupId }, context)
        return { groupId, errorCode }
      }),
    )
    return { results }
  },
}
