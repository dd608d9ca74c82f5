import type { ErrorCode } from '../model/error-code.ts'
import type { Region } from '../shard/contract.ts'
import type { Draft } from '../protocol/wire/draft.ts'
import type { Reader } from '../protocol/wire/reader.ts'
import type { Writer } from '../protocol/wire/writer.ts'
import type { ApiHandler, BrokerServices, RequestContext } from './context.ts'
import type { Answering, Started } from './in-flight.ts'
import type { RequestHead } from './request-head.ts'

/** Which versions of an API are served. */
export interface ApiRange {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
  readonly flexibleVersion: number
  /** Lowest version that ApiVersions names; lower than `minVersion` where old clients need to see it. */
  readonly advertisedMinVersion: number
}

/**
 * Produce and Fetch: they work on the frame's bytes in place, and answer through the outlet without promises.
 *
 * `Serving` is what a worker's connections share (serving.ts); it holds the table of these, hence the parameter.
 */
export interface HotApi<Serving> extends ApiRange {
  readonly kind: 'hot'
  /**
   * @param head read, with its reader at the body
   * @param region that the frame lies in; undefined when its bytes are gone after this call
   * @param nowMs monotonic
   */
  start(serving: Serving, answering: Answering, head: RequestHead, region: Region | undefined, nowMs: number): Started
}

/** Every other API. */
export interface ColdApi extends ApiRange {
  readonly kind: 'cold'
  /** @returns undefined when the request cannot be read */
  begin(reader: Reader, context: RequestContext, services: BrokerServices): ColdAnswer | Promise<ColdAnswer> | undefined
}

/** An answer that still has to be written. */
export interface ColdAnswer {
  readonly isFailed: boolean
  write(writer: Writer): void
}

export type Api<Serving> = HotApi<Serving> | ColdApi

/** Hides the message types of a handler, so that handlers of all APIs fit one table. */
export function coldApi<Req, Res>(handler: ApiHandler<Req, Res>): ColdApi {
  const { apiKey, minVersion, maxVersion, flexibleVersion } = handler
  return {
    kind: 'cold',
    apiKey,
    minVersion,
    maxVersion,
    flexibleVersion,
    advertisedMinVersion: minVersion,
    begin: (reader, context, services) => {
      const version = context.apiVersion
      const request = handler.read(reader, version)
      if (!reader.ok) return undefined
      const toAnswer = (response: Draft<Res>): ColdAnswer => ({
        isFailed: hasErrorCode(response),
        write: (writer) => handler.write(writer, response, version),
      })
      const response = handler.handle(request, context, services)
      // A message is no promise, so what a promise of it gives is the message; the compiler cannot know that of `Res`.
      return response instanceof Promise ? response.then((late) => toAnswer(late as Draft<Res>)) : toAnswer(response)
    },
  }
}

/** Errors of single items are not looked for: only a whole request that failed counts. */
function hasErrorCode(response: unknown): boolean {
  const { errorCode } = response as { readonly errorCode?: ErrorCode }
  return errorCode !== undefined && errorCode !== 0
}
