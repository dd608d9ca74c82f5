import type { ConfigChange, ConfigOperation, ControlResult } from '../../cluster/contract.ts'
import { ErrorCode } from '../../model/error-code.ts'
import {
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  incrementalAlterConfigsApi,
  readIncrementalAlterConfigsRequest,
  writeIncrementalAlterConfigsResponse,
} from '../../protocol/generated/44-incremental-alter-configs.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

type Resource = IncrementalAlterConfigsRequest['resources'][number]

/** By number on the wire. */
const OPERATIONS: readonly ConfigOperation[] = ['set', 'delete', 'append', 'subtract']

/** IncrementalAlterConfigs: changes single keys of a resource. */
export const incrementalAlterConfigsHandler: ApiHandler<
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse
> = {
  apiKey: incrementalAlterConfigsApi.key,
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: incrementalAlterConfigsApi.flexibleVersion,
  read: readIncrementalAlterConfigsRequest,
  write: writeIncrementalAlterConfigsResponse,
  async handle(request, _context, services): Promise<Draft<IncrementalAlterConfigsResponse>> {
    const changes = request.resources.map((resource) => changeOf(resource))
    const accepted = changes.filter((change): change is ConfigChange => change !== undefined)
    const results = await services.control.alterConfigs(accepted, request.validateOnly)
    let next = 0
    return {
      responses: request.resources.map(({ resourceType, resourceName }, index) => {
        const result: ControlResult =
          changes[index] === undefined ? UNKNOWN_OPERATION : (results[next++] ?? UNKNOWN_OPERATION)
        return { errorCode: result.code, errorMessage: result.message, resourceType, resourceName }
      }),
    }
  },
}

const UNKNOWN_OPERATION: ControlResult = {
  code: ErrorCode.invalidRequest,
  message: `Unknown operation: use 0 (set), 1 (delete), 2 (append) or 3 (subtract).`,
}

/** undefined when an operation is none. */
function changeOf({ resourceType, resourceName, configs }: Resource): ConfigChange | undefined {
  const entries = configs.flatMap(({ name, value, configOperation }) => {
    const operation = OPERATIONS[configOperation]
    return operation === undefined ? [] : [{ name, value, operation }]
  })
  return entries.length < configs.length
    ? undefined
    : { resourceType, name: resourceName, isReplacement: false, entries }
}
