/**
 * ApiVersions, versions 0-4.
 *
 * Promises: names exactly the APIs and versions of the handler table, Produce from 0 on although 0-2 are refused (older
 *   librdkafka switches compression off when it does not see them, KAFKA-18659); a software name or version that does
 *   not match KIP-511's pattern is INVALID_REQUEST. Versions above 4 are answered by dispatch.ts with the oldest body.
 * Version notes: 3 flexible (the answer's header is not), software name and features; 4 features with minimum 0.
 * Features: none, and their epoch is the version of /feature, as with a 3.9 broker on ZooKeeper. Clients switch on behaviour
 *   by features that is not served here (transactions of the second kind, streams and share groups).
 */
import { ErrorCode } from '../../model/error-code.ts'
import {
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  readApiVersionsRequest,
  writeApiVersionsResponse,
} from '../../protocol/generated/18-api-versions.ts'
import type { ApiRange } from '../api.ts'
import type { ApiHandler } from '../context.ts'

const SOFTWARE_SINCE = 3
const SOFTWARE_PATTERN = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** @param ranges everything that is served; asked at every request, when the table is complete */
export function apiVersionsHandler(
  ranges: () => readonly ApiRange[],
): ApiHandler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    apiKey: 18,
    minVersion: 0,
    maxVersion: 4,
    flexibleVersion: 3,
    read: readApiVersionsRequest,
    write: writeApiVersionsResponse,
    handle: (request, { apiVersion }, { view }) => {
      if (apiVersion >= SOFTWARE_SINCE && !isSoftwareKnown(request)) return { errorCode: ErrorCode.invalidRequest }
      const apiKeys = ranges().map(({ apiKey, advertisedMinVersion: minVersion, maxVersion }) => {
        return { apiKey, minVersion, maxVersion }
      })
      return { errorCode: ErrorCode.none, apiKeys, finalizedFeaturesEpoch: view.featuresEpoch }
    },
  }
}

function isSoftwareKnown(request: ApiVersionsRequest): boolean {
  return SOFTWARE_PATTERN.test(request.clientSoftwareName) && SOFTWARE_PATTERN.test(request.clientSoftwareVersion)
}
