// hot: per request
import { apiLayout, isFlexible } from '../api-versions.ts'
import {
  type RequestHeader,
  readRequestHeader as readBody,
  writeRequestHeader,
} from '../generated/data/request-header.ts'
import { type ResponseHeader, readResponseHeader as readAnswer } from '../generated/data/response-header.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

export type { RequestHeader, ResponseHeader }

const API_VERSIONS_KEY = 18
const CONTROLLED_SHUTDOWN_KEY = 7

/** Room that a frame's size takes. */
export const FRAME_SIZE_SIZE_BYTES: number = 4

/** Version of the header before a request. Only ControlledShutdown 0 is older than the client id. */
export function requestHeaderVersion(apiKey: number, apiVersion: number): number {
  if (isFlexible(apiKey, apiVersion)) return 2
  return apiKey === CONTROLLED_SHUTDOWN_KEY && apiVersion === 0 ? 0 : 1
}

/**
 * Version of the header before an answer.
 *
 * ApiVersions always has 0: a client must be able to read the answer to a version that the broker does not know.
 */
export function responseHeaderVersion(apiKey: number, apiVersion: number): number {
  return apiKey !== API_VERSIONS_KEY && isFlexible(apiKey, apiVersion) ? 1 : 0
}

/**
 * Reads the header of a request; the body follows.
 *
 * An unknown key makes the reader's `ok` false: nobody can tell where such a header ends. Whether the version is one
 * that is served is not looked at: ApiVersions answers to any.
 */
export function readRequestHeader(reader: Reader): RequestHeader {
  const startsAt = reader.at
  const apiKey = reader.int16()
  const apiVersion = reader.int16()
  if (reader.ok) {
    if (apiLayout(apiKey) === undefined) reader.fail(`there is no API with key ${apiKey}`)
    else reader.at = startsAt
  }
  return readBody(reader, requestHeaderVersion(apiKey, apiVersion))
}

/**
 * Starts a request frame: room for its size, then the header. `endFrame` fills in the size after the body.
 *
 * @returns where the frame starts, for `endFrame`
 */
export function beginRequest(
  writer: Writer,
  apiKey: number,
  apiVersion: number,
  correlationId: number,
  clientId: string | null,
): number {
  const startsAt = writer.sizeBytes
  writer.int32(0)
  const header = { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId, clientId }
  writeRequestHeader(writer, header, requestHeaderVersion(apiKey, apiVersion))
  return startsAt
}

/** Reads the header of an answer to a request of this key and version. */
export function readResponseHeader(reader: Reader, apiKey: number, apiVersion: number): ResponseHeader {
  return readAnswer(reader, responseHeaderVersion(apiKey, apiVersion))
}

/**
 * Starts an answer's frame: room for its size, then the header. `endFrame` fills in the size after the body.
 *
 * @returns where the frame starts, for `endFrame`
 */
export function beginResponse(writer: Writer, apiKey: number, apiVersion: number, correlationId: number): number {
  const startsAt = writer.sizeBytes
  writer.int32(0)
  writer.int32(correlationId)
  if (responseHeaderVersion(apiKey, apiVersion) > 0) writer.uvarint(0)
  return startsAt
}

/**
 * Ends a frame: its size counts what was written since and the records that were left out.
 *
 * @param startsAt what `beginRequest` or `beginResponse` returned
 * @param detachedBefore `writer.detachedSizeBytes` at that time, where one writer holds several frames
 */
export function endFrame(writer: Writer, startsAt: number, detachedBefore: number = 0): void {
  const detached = writer.detachedSizeBytes - detachedBefore
  writer.int32At(startsAt, writer.sizeBytes - startsAt - FRAME_SIZE_SIZE_BYTES + detached)
}
