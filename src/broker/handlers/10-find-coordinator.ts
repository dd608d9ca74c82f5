import { ErrorCode } from '../../model/error-code.ts'
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../../model/names.ts'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinatorApi,
  readFindCoordinatorRequest,
  writeFindCoordinatorResponse,
} from '../../protocol/generated/10-find-coordinator.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import { partitionOfGroup } from '../groups/group-service.ts'
import { ensureOffsetsTopic } from '../groups/offsets-topic.ts'
import type { RequestContext } from '../request-context.ts'

/** First version that asks for many keys at once. */
const KEYS_SINCE_VERSION = 4

const KEY_TYPE_GROUP = 0
const KEY_TYPE_TRANSACTION = 1

interface Place {
  readonly errorCode: ErrorCode
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** What Kafka tells clients of version 1 to 3 beside the code. */
const MESSAGES: ReadonlyMap<number, string> = new Map<number, string>([
  [ErrorCode.none, 'NONE'],
  [ErrorCode.coordinatorNotAvailable, 'The coordinator is not available.'],
  [
    ErrorCode.invalidRequest,
    'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.',
  ],
])

/** FindCoordinator. Asking for a group makes `__consumer_offsets` if there is none yet. */
export const findCoordinatorHandler: ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse> = {
  apiKey: findCoordinatorApi.key,
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: findCoordinatorApi.flexibleVersion,
  read: readFindCoordinatorRequest,
  write: writeFindCoordinatorResponse,
  async handle(request, context, services): Promise<Draft<FindCoordinatorResponse>> {
    if (request.keyType === KEY_TYPE_GROUP) await ensureOffsetsTopic(services)
    if (context.apiVersion < KEYS_SINCE_VERSION) {
      const place = placeOf(request.keyType, request.key, context, services)
      return { ...place, errorMessage: MESSAGES.get(place.errorCode) ?? '' }
    }
    const coordinators = request.coordinatorKeys.map((key) => ({
      key,
      ...placeOf(request.keyType, key, context, services),
    }))
    return { coordinators }
  },
}

function placeOf(keyType: number, key: string, context: RequestContext, services: BrokerServices): Place {
  // Share coordinators (2) are not kept here; any other number is a mistake.
  if (keyType !== KEY_TYPE_GROUP && keyType !== KEY_TYPE_TRANSACTION) return nowhere(ErrorCode.invalidRequest)
  const topic = services.view.topic(keyType === KEY_TYPE_GROUP ? OFFSETS_TOPIC : TRANSACTIONS_TOPIC)
  if (topic === undefined || topic.partitions.length === 0) return nowhere(ErrorCode.coordinatorNotAvailable)
  const leader = topic.partitions[partitionOfGroup(key, topic.partitions.length)]?.leader
  const broker = services.view.brokers.find(({ id }) => id === leader)
  const endpoint = broker?.endpoints.find(({ listener }) => listener === context.listener)
  if (broker === undefined || endpoint === undefined) return nowhere(ErrorCode.coordinatorNotAvailable)
  return {
    errorCode: ErrorCode.none,
    nodeId: broker.id,
    // An empty host stands for the one the client used.
    host: endpoint.host === '' ? context.localHost : endpoint.host,
    port: endpoint.port,
  }
}

function nowhere(errorCode: ErrorCode): Place {
  return { errorCode, nodeId: -1, host: '', port: -1 }
}
