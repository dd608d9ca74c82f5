import { ErrorCode } from '../../model/error-code.ts'
import {
  type UpdateMetadataRequest,
  type UpdateMetadataResponse,
  readUpdateMetadataRequest,
  updateMetadataApi,
  writeUpdateMetadataResponse,
} from '../../protocol/generated/06-update-metadata.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { isAmongBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'
import { metadataCommand } from '../peers/command-messages.ts'

/** UpdateMetadata: the controller says what clients are to be told of the cluster. */
export const updateMetadataHandler: ApiHandler<UpdateMetadataRequest, UpdateMetadataResponse> = {
  apiKey: updateMetadataApi.key,
  minVersion: 0,
  maxVersion: 8,
  flexibleVersion: updateMetadataApi.flexibleVersion,
  read: readUpdateMetadataRequest,
  write: writeUpdateMetadataResponse,
  async handle(request, context, services): Promise<Draft<UpdateMetadataResponse>> {
    if (!isAmongBrokers(services, context)) return { errorCode: ErrorCode.clusterAuthorizationFailed }
    const { code } = await services.control.command(metadataCommand(request))
    return { errorCode: code }
  },
}
