import {
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  alterConfigsApi,
  readAlterConfigsRequest,
  writeAlterConfigsResponse,
} from '../../protocol/generated/33-alter-configs.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

/** AlterConfigs: replaces all that was set for a resource. */
export const alterConfigsHandler: ApiHandler<AlterConfigsRequest, AlterConfigsResponse> = {
  apiKey: alterConfigsApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: alterConfigsApi.flexibleVersion,
  read: readAlterConfigsRequest,
  write: writeAlterConfigsResponse,
  async handle(request, _context, services): Promise<Draft<AlterConfigsResponse>> {
    const results = await services.control.alterConfigs(
      request.resources.map(({ resourceType, resourceName, configs }) => ({
        resourceType,
        name: resourceName,
        isReplacement: true,
        entries: configs.map(({ name, value }) => ({ name, value, operation: 'set' as const })),
      })),
      request.validateOnly,
    )
    return {
      responses: results.map(({ code, message, resourceType, name }) => ({
        errorCode: code,
        errorMessage: message,
        resourceType,
        resourceName: name,
      })),
    }
  },
}
