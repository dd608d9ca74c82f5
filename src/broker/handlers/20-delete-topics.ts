import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopicsApi,
  readDeleteTopicsRequest,
  writeDeleteTopicsResponse,
} from '../../protocol/generated/20-delete-topics.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

/** First version that asks by name or id, in a list of its own. */
const BY_ID_SINCE_VERSION = 6
/** First version whose clients know that deletion may be disabled. */
const DISABLED_SINCE_VERSION = 3

type Target = DeleteTopicsRequest['topics'][number]
type Answer = Draft<DeleteTopicsResponse['responses'][number]>

/** DeleteTopics: by name, or from version 6 by id. */
export const deleteTopicsHandler: ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse> = {
  apiKey: deleteTopicsApi.key,
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: deleteTopicsApi.flexibleVersion,
  read: readDeleteTopicsRequest,
  write: writeDeleteTopicsResponse,
  async handle(request, context, services): Promise<Draft<DeleteTopicsResponse>> {
    const targets: readonly Target[] =
      context.apiVersion >= BY_ID_SINCE_VERSION
        ? request.topics
        : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }))
    const problems = targets.map((target) => whyMalformed(target))
    const accepted = targets.filter((_, index) => problems[index] === undefined)
    const results = await services.control.deleteTopics(
      accepted.map(({ name, topicId }) => ({ name: name ?? '', topicId: topicId === ZERO_UUID ? '' : topicId })),
    )
    const answers = results.map((result, index): Answer => {
      const asked = accepted[index]
      const isUnnamed = asked?.name === null && result.code !== ErrorCode.none
      return {
        name: isUnnamed ? null : result.name,
        topicId: result.topicId === '' ? ZERO_UUID : result.topicId,
        errorCode: codeFor(result.code, context.apiVersion),
        errorMessage: result.message,
      }
    })
    return { responses: [...answers, ...problems.flatMap((problem) => problem ?? [])] }
  },
}

function whyMalformed({ name, topicId }: Target): Answer | undefined {
  if (name === null && topicId === ZERO_UUID) {
    return malformed(name, topicId, 'Neither topic name nor id were specified.')
  }
  if (name !== null && topicId !== ZERO_UUID) {
    return malformed(name, topicId, 'You may not specify both topic name and topic id.')
  }
  return undefined
}

function malformed(name: string | null, topicId: string, errorMessage: string): Answer {
  return { name, topicId, errorCode: ErrorCode.invalidRequest, errorMessage }
}

function codeFor(code: ErrorCode, version: number): ErrorCode {
  return code === ErrorCode.topicDeletionDisabled && version < DISABLED_SINCE_VERSION ? ErrorCode.invalidRequest : code
}
