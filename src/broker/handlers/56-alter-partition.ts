import { ErrorCode } from '../../model/error-code.ts'
import {
  type AlterPartitionRequest,
  type AlterPartitionResponse,
  alterPartitionApi,
  readAlterPartitionRequest,
  writeAlterPartitionResponse,
} from '../../protocol/generated/56-alter-partition.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { isAmongBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'
import { inSyncRequest, inSyncResponse } from '../peers/in-sync-messages.ts'

/** AlterPartition: leaders ask the controller for other in-sync sets. */
export const alterPartitionHandler: ApiHandler<AlterPartitionRequest, AlterPartitionResponse> = {
  apiKey: alterPartitionApi.key,
  minVersion: alterPartitionApi.minVersion,
  maxVersion: 3,
  flexibleVersion: alterPartitionApi.flexibleVersion,
  read: readAlterPartitionRequest,
  write: writeAlterPartitionResponse,
  async handle(request, context, services): Promise<Draft<AlterPartitionResponse>> {
    if (!isAmongBrokers(services, context)) return { errorCode: ErrorCode.clusterAuthorizationFailed }
    const { apiVersion } = context
    return inSyncResponse(await services.control.alterPartition(inSyncRequest(request, apiVersion)), apiVersion)
  },
}
