import { ErrorCode } from '../../model/error-code.ts'
import {
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
  listPartitionReassignmentsApi,
  readListPartitionReassignmentsRequest,
  writeListPartitionReassignmentsResponse,
} from '../../protocol/generated/46-list-partition-reassignments.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

/**
 * ListPartitionReassignments. This node starts no reassignments and the view carries none, so nothing is ever under way;
 * partitions that are not being moved are left out of the answer, known or not.
 */
export const listPartitionReassignmentsHandler: ApiHandler<
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse
> = {
  apiKey: listPartitionReassignmentsApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: listPartitionReassignmentsApi.flexibleVersion,
  read: readListPartitionReassignmentsRequest,
  write: writeListPartitionReassignmentsResponse,
  handle(): Draft<ListPartitionReassignmentsResponse> {
    return { errorCode: ErrorCode.none, errorMessage: null, topics: [] }
  },
}
