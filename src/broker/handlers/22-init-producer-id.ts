/**
 * InitProducerId, versions 0-5.
 *
 * Promises: without a transactional id always a fresh producer id with epoch 0, never given out before in this cluster.
 * Errors: INVALID_REQUEST for an empty transactional id and for a producer id without its epoch or the other way round.
 * Version notes: 2 flexible; 3 carries the old id and epoch (a fresh id is the answer to them too, as in Kafka).
 * Left out: transactions. With a transactional id the answer is COORDINATOR_NOT_AVAILABLE, as from a Kafka whose
 *   transaction topic cannot be made; FindCoordinator says the same before a producer comes here.
 */
import { ErrorCode } from '../../model/error-code.ts'
import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID } from '../../model/batch-layout.ts'
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerIdApi,
  readInitProducerIdRequest,
  writeInitProducerIdResponse,
} from '../../protocol/generated/22-init-producer-id.ts'
import type { ApiHandler } from '../context.ts'
import { ProducerIds } from '../producer-ids.ts'

/** @returns a handler with a block of ids of its own: one for each worker */
export function initProducerIdHandler(): ApiHandler<InitProducerIdRequest, InitProducerIdResponse> {
  const ids = new ProducerIds()
  return {
    apiKey: initProducerIdApi.key,
    minVersion: 0,
    maxVersion: 5,
    flexibleVersion: initProducerIdApi.flexibleVersion,
    read: readInitProducerIdRequest,
    write: writeInitProducerIdResponse,
    async handle(request, _context, services) {
      const errorCode = whyRefused(request)
      if (errorCode !== ErrorCode.none) {
        return { errorCode, producerId: NO_PRODUCER_ID, producerEpoch: NO_PRODUCER_EPOCH }
      }
      const producerId = await ids.next(services.control)
      // Retriable: the producer asks again until the metadata store is back.
      if (producerId === NO_PRODUCER_ID) {
        return { errorCode: ErrorCode.coordinatorNotAvailable, producerId, producerEpoch: NO_PRODUCER_EPOCH }
      }
      return { errorCode, producerId, producerEpoch: 0 }
    },
  }
}

function whyRefused(request: InitProducerIdRequest): ErrorCode {
  const { transactionalId, producerId, producerEpoch } = request
  if ((producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_PRODUCER_EPOCH)) return ErrorCode.invalidRequest
  if (transactionalId === null) return ErrorCode.none
  return transactionalId === '' ? ErrorCode.invalidRequest : ErrorCode.coordinatorNotAvailable
}
