import { ErrorCode } from '../../model/error-code.ts'
import {
  type UnregisterBrokerRequest,
  type UnregisterBrokerResponse,
  readUnregisterBrokerRequest,
  unregisterBrokerApi,
  writeUnregisterBrokerResponse,
} from '../../protocol/generated/64-unregister-broker.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

/**
 * UnregisterBroker. A registration here lives as long as its broker's session: one that has gone leaves nothing to take
 * away, and one that lives must be stopped.
 */
export const unregisterBrokerHandler: ApiHandler<UnregisterBrokerRequest, UnregisterBrokerResponse> = {
  apiKey: unregisterBrokerApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: unregisterBrokerApi.flexibleVersion,
  read: readUnregisterBrokerRequest,
  write: writeUnregisterBrokerResponse,
  handle({ brokerId }, _context, { view }): Draft<UnregisterBrokerResponse> {
    if (view.brokers.some(({ id }) => id === brokerId)) {
      const errorMessage = `Broker ${brokerId} is running: stop it, and its registration goes with it.`
      return { errorCode: ErrorCode.invalidRequest, errorMessage }
    }
    const isNamed = [...view.topics()].some(({ partitions }) =>
      partitions.some(({ replicas }) => replicas.includes(brokerId)),
    )
    return isNamed
      ? {
          errorCode: ErrorCode.invalidRequest,
          errorMessage: `Broker ${brokerId} has gone, but partitions are still assigned to it: move them away.`,
        }
      : { errorCode: ErrorCode.brokerIdNotRegistered, errorMessage: `Broker ID ${brokerId} not found` }
  },
}
