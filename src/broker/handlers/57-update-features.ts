/**
 * UpdateFeatures, versions 0-2 (KIP-584).
 *
 * Promises: what Kafka 3.9 does in ZooKeeper mode, where no feature can be finalized (metadata.version and its like belong to KRaft):
 *   every update is refused by name, and nothing is changed. ApiVersions names no feature, so `kafka-features.sh describe` lists none.
 * Errors: NOT_CONTROLLER from other brokers; INVALID_REQUEST.
 * Version notes: until 1 each feature has its code; from 2 on there is one for all, that of the first feature at fault.
 */
import { ErrorCode } from '../../model/error-code.ts'
import {
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
  readUpdateFeaturesRequest,
  updateFeaturesApi,
  writeUpdateFeaturesResponse,
} from '../../protocol/generated/57-update-features.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

const ONE_CODE_SINCE = 2

export const updateFeaturesHandler: ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  apiKey: updateFeaturesApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: updateFeaturesApi.flexibleVersion,
  read: readUpdateFeaturesRequest,
  write: writeUpdateFeaturesResponse,
  handle({ featureUpdates }, { apiVersion }, { view, brokerId }): Draft<UpdateFeaturesResponse> {
    if (view.controllerId !== brokerId) return { errorCode: ErrorCode.notController, errorMessage: null }
    const results = featureUpdates.map((update) => ({
      feature: update.feature,
      errorCode: ErrorCode.invalidRequest,
      errorMessage: whyRefused(update),
    }))
    const [first] = results
    if (apiVersion < ONE_CODE_SINCE || first === undefined)
      return { errorCode: ErrorCode.none, errorMessage: null, results }
    const errorMessage = `The update failed for all features since the following feature had an error: ${first.errorMessage}`
    return { errorCode: ErrorCode.invalidRequest, errorMessage }
  },
}

function whyRefused({ feature, maxVersionLevel }: UpdateFeaturesRequest['featureUpdates'][number]): string {
  if (feature === '') return 'Feature name can not be empty.'
  if (maxVersionLevel < 1) return `Can not delete ${feature}: no feature is finalized in a cluster on ZooKeeper.`
  return `Can not set ${feature} to ${maxVersionLevel}: no feature is supported in a cluster on ZooKeeper.`
}
