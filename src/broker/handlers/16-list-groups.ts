import { ErrorCode } from '../../model/error-code.ts'
import {
  type ListGroupsRequest,
  type ListGroupsResponse,
  listGroupsApi,
  readListGroupsRequest,
  writeListGroupsResponse,
} from '../../protocol/generated/16-list-groups.ts'
import type { ApiHandler } from '../context.ts'

/** ListGroups: the groups that this node coordinates, on all of its shards. */
export const listGroupsHandler: ApiHandler<ListGroupsRequest, ListGroupsResponse> = {
  apiKey: listGroupsApi.key,
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: listGroupsApi.flexibleVersion,
  read: readListGroupsRequest,
  write: writeListGroupsResponse,
  async handle(request, context, services) {
    const answers = await services.groups.callAll('listGroups', request, context)
    const failed = answers.find((answer) => (answer.errorCode ?? ErrorCode.none) !== ErrorCode.none)
    if (failed !== undefined) return failed
    return { groups: answers.flatMap((answer) => answer.groups ?? []) }
  },
}
