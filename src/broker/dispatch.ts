// hot: per request
import { assert } from '../base/assert.ts'
import { ErrorCode } from '../model/error-code.ts'
import { apiName } from '../protocol/api-versions.ts'
import { writeApiVersionsResponse } from '../protocol/generated/18-api-versions.ts'
import { beginResponse, endFrame } from '../protocol/wire/header.ts'
import type { Writer } from '../protocol/wire/writer.ts'
import type { ColdAnswer, ColdApi } from './api.ts'
import type { Answering, InFlight, Started } from './in-flight.ts'
import type { Intake } from './intake.ts'
import type { ClientIdMemo, RequestHead } from './request-head.ts'
import type { Serving } from './serving.ts'

const API_VERSIONS_KEY = 18

/** Starts the request in the frame that `intake.next` found. */
export function dispatch(
  serving: Serving,
  answering: Answering,
  intake: Intake,
  memo: ClientIdMemo,
  nowMs: number,
): Started {
  const head = serving.head
  head.readStart(intake.bytes, intake.frameAt, intake.frameEnd)
  const api = serving.table.get(head.apiKey)
  if (api === undefined) return { closeBecause: `${apiName(head.apiKey)} (key ${head.apiKey}) is not served here` }
  if (head.apiVersion < api.minVersion || head.apiVersion > api.maxVersion) {
    if (head.apiKey === API_VERSIONS_KEY) return new OldestApiVersionsAnswer(head, api, nowMs)
    // Versions that are advertised but not served are for the API itself to refuse.
    if (api.kind === 'cold' || head.apiVersion < api.advertisedMinVersion || head.apiVersion > api.maxVersion) {
      return {
        closeBecause: `${apiName(head.apiKey)} version ${head.apiVersion} is not served (${api.minVersion}-${api.maxVersion} are): the client did not ask with ApiVersions`,
      }
    }
  }
  if (!head.readRest(head.apiVersion >= api.flexibleVersion, memo)) {
    return { closeBecause: `the header of a ${apiName(head.apiKey)} request cannot be read: ${head.reader.reason}` }
  }
  if (api.kind === 'hot') return api.start(serving, answering, head, intake.region, nowMs)
  return startCold(serving, answering, api, nowMs)
}

function startCold(serving: Serving, answering: Answering, api: ColdApi, nowMs: number): Started {
  const { head, services } = serving
  const { apiKey, apiVersion, correlationId, clientId, reader } = head
  const { clientHost, principal, listener, localHost } = answering.peer
  const context = { apiKey, apiVersion, correlationId, clientId, clientHost, principal, listener, localHost }
  const answer = api.begin(reader, context, services)
  if (answer === undefined) {
    return { closeBecause: `a ${apiName(apiKey)} request of version ${apiVersion} cannot be read: ${reader.reason}` }
  }
  const request = new ColdRequest(apiKey, apiVersion, correlationId, nowMs)
  if (!(answer instanceof Promise)) {
    request.answer = answer
    request.isAnswered = true
    return request
  }
  // A rejection is a bug of ours: it stays unhandled and ends the thread.
  void answer.then((late) => {
    request.answer = late
    request.isAnswered = true
    answering.answered(request, false)
  })
  return request
}

class ColdRequest implements InFlight {
  readonly apiKey: number
  readonly startedAtMs: number
  isAnswered: boolean = false
  answer: ColdAnswer | undefined
  readonly #apiVersion: number
  readonly #correlationId: number

  constructor(apiKey: number, apiVersion: number, correlationId: number, startedAtMs: number) {
    this.apiKey = apiKey
    this.startedAtMs = startedAtMs
    this.#apiVersion = apiVersion
    this.#correlationId = correlationId
  }

  get isFailed(): boolean {
    return this.answer?.isFailed ?? false
  }

  emit(writer: Writer): string | undefined {
    const { answer } = this
    assert(answer !== undefined, 'only what is answered is written')
    const startsAt = beginResponse(writer, this.apiKey, this.#apiVersion, this.#correlationId)
    answer.write(writer)
    endFrame(writer, startsAt, writer.detachedSizeBytes)
    if (writer.ok) return undefined
    return `the answer to ${apiName(this.apiKey)} version ${this.#apiVersion} could not be written: ${writer.reason}`
  }

  abandon(): void {
    // What the handler began goes on to its end, as in Kafka; only the answer is not sent.
  }
}

/**
 * ApiVersions of a version that is not known: the oldest body, which every client can read, with the error and the range
 * of this one API, so that the client asks again with a version from it (KIP-511).
 */
class OldestApiVersionsAnswer implements InFlight {
  readonly apiKey: number = API_VERSIONS_KEY
  readonly startedAtMs: number
  isAnswered: boolean = true
  isFailed: boolean = true
  readonly #correlationId: number
  readonly #minVersion: number
  readonly #maxVersion: number

  constructor(head: RequestHead, api: { minVersion: number; maxVersion: number }, startedAtMs: number) {
    this.startedAtMs = startedAtMs
    this.#correlationId = head.correlationId
    this.#minVersion = api.minVersion
    this.#maxVersion = api.maxVersion
  }

  emit(writer: Writer): string | undefined {
    const startsAt = beginResponse(writer, API_VERSIONS_KEY, 0, this.#correlationId)
    const apiKeys = [{ apiKey: API_VERSIONS_KEY, minVersion: this.#minVersion, maxVersion: this.#maxVersion }]
    writeApiVersionsResponse(writer, { errorCode: ErrorCode.unsupportedVersion, apiKeys }, 0)
    endFrame(writer, startsAt, writer.detachedSizeBytes)
    return undefined
  }

  abandon(): void {
    // Nothing is held.
  }
}
