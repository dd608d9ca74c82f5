import { type ApiCall, apiCall } from '../client/api-call.ts'
import { createTopicsCall } from '../client/calls.ts'
import { Connection } from '../client/connection.ts'
import type { ClientEnvironment } from '../client/environment.ts'
import { ClientError } from '../client/errors.ts'
import { DoorWatch } from './door-watch.ts'
import { inSyncAnswer, inSyncMessage } from '../broker/peers/in-sync-messages.ts'
import type {
  ControllerCalls,
  InSyncAnswer,
  InSyncRequest,
  ProducerIdsAnswer,
  ShutdownAnswer,
} from '../cluster/contract-calls.ts'
import type { CreateTopicResult, CreateTopicSpec, EndpointView } from '../cluster/contract.ts'
import type { ErrorCode } from '../model/error-code.ts'
import {
  type ControlledShutdownRequest,
  type ControlledShutdownResponse,
  controlledShutdownApi,
  readControlledShutdownResponse,
  writeControlledShutdownRequest,
} from '../protocol/generated/07-controlled-shutdown.ts'
import {
  type AlterPartitionRequest,
  type AlterPartitionResponse,
  alterPartitionApi,
  readAlterPartitionResponse,
  writeAlterPartitionRequest,
} from '../protocol/generated/56-alter-partition.ts'
import {
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
  allocateProducerIdsApi,
  readAllocateProducerIdsResponse,
  writeAllocateProducerIdsRequest,
} from '../protocol/generated/67-allocate-producer-ids.ts'

const ALTER_PARTITION: ApiCall<AlterPartitionRequest, AlterPartitionResponse> = apiCall(
  alterPartitionApi,
  writeAlterPartitionRequest,
  readAlterPartitionResponse,
  { min: 3, max: 3 },
)
const ALLOCATE_PRODUCER_IDS: ApiCall<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = apiCall(
  allocateProducerIdsApi,
  writeAllocateProducerIdsRequest,
  readAllocateProducerIdsResponse,
  { max: 0 },
)
const CONTROLLED_SHUTDOWN: ApiCall<ControlledShutdownRequest, ControlledShutdownResponse> = apiCall(
  controlledShutdownApi,
  writeControlledShutdownRequest,
  readControlledShutdownResponse,
  { min: 2, max: 3 },
)

const CONNECT_TIMEOUT_MS = 2_000
/** A controller that does not answer for so long may be gone: the caller looks for another, and asks again. */
const ANSWER_TIMEOUT_MS = 5_000
const CREATE_TIMEOUT_MS = 5_000

/** What this broker asks of a controller on another node. Nothing is repeated here: who asks knows what still matters. */
export class ControllerChannel implements ControllerCalls {
  readonly #environment: ClientEnvironment
  readonly #clientId: string
  readonly #endpointOf: (brokerId: number) => EndpointView | undefined
  #watch: DoorWatch | undefined
  #connection: { readonly id: number; readonly opening: Promise<Connection> } | undefined
  #hasEnded: boolean = false

  /** @param endpointOf where a broker listens for other brokers */
  constructor(
    environment: ClientEnvironment,
    brokerId: number,
    endpointOf: (brokerId: number) => EndpointView | undefined,
  ) {
    this.#environment = environment
    this.#clientId = String(brokerId)
    this.#endpointOf = endpointOf
  }

  watchController(controllerId: number, onGone: () => void): void {
    this.#watch?.close()
    this.#watch = undefined
    if (controllerId < 0 || this.#hasEnded) return
    this.#watch = new DoorWatch(this.#environment, () => this.#endpointOf(controllerId), this.#clientId, onGone)
  }

  alterPartition(controllerId: number, request: InSyncRequest): Promise<InSyncAnswer | undefined> {
    return this.#ask(controllerId, async (connection) =>
      inSyncAnswer(await connection.request(ALTER_PARTITION, inSyncMessage(request)), request),
    )
  }

  allocateProducerIds(
    controllerId: number,
    brokerId: number,
    brokerEpoch: number,
  ): Promise<ProducerIdsAnswer | undefined> {
    return this.#ask(controllerId, async (connection) => {
      const answer = await connection.request(ALLOCATE_PRODUCER_IDS, { brokerId, brokerEpoch })
      const { errorCode, producerIdStart, producerIdLen } = answer
      return { code: errorCode as ErrorCode, first: producerIdStart, count: producerIdLen }
    })
  }

  controlledShutdown(controllerId: number, brokerId: number, brokerEpoch: number): Promise<ShutdownAnswer | undefined> {
    return this.#ask(controllerId, async (connection) => {
      const answer = await connection.request(CONTROLLED_SHUTDOWN, { brokerId, brokerEpoch })
      const remaining = answer.remainingPartitions.map(({ topicName, partitionIndex }) => ({
        topic: topicName,
        partition: partitionIndex,
      }))
      return { code: answer.errorCode as ErrorCode, remaining }
    })
  }

  createTopics(
    controllerId: number,
    topics: readonly CreateTopicSpec[],
  ): Promise<readonly CreateTopicResult[] | undefined> {
    return this.#ask(controllerId, async (connection) => {
      const answer = await connection.request(createTopicsCall, {
        topics: topics.map((topic) => ({
          name: topic.name,
          numPartitions: topic.partitionCount,
          replicationFactor: topic.replicationFactor,
          assignments: topic.assignments.map(({ partition, replicas }) => ({
            partitionIndex: partition,
            brokerIds: [...replicas],
          })),
          configs: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
        })),
        timeoutMs: CREATE_TIMEOUT_MS,
        validateOnly: false,
      })
      return answer.topics.map((topic) => ({
        name: topic.name,
        topicId: topic.topicId,
        code: topic.errorCode as ErrorCode,
        message: topic.errorMessage,
        partitionCount: topic.numPartitions,
        replicationFactor: topic.replicationFactor,
      }))
    })
  }

  /** Ends everything. What is asked later is asked in vain: a connection opened then would keep a process alive that is about to end. */
  end(): void {
    this.#hasEnded = true
    this.watchController(-1, () => undefined)
    this.close()
  }

  close(): void {
    void this.#connection?.opening.then(
      (connection) => connection.close(),
      () => undefined,
    )
    this.#connection = undefined
  }

  async #ask<Answer>(
    controllerId: number,
    ask: (connection: Connection) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const endpoint = this.#endpointOf(controllerId)
    if (endpoint === undefined || this.#hasEnded) return undefined
    try {
      return await ask(await this.#connected(controllerId, endpoint))
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      this.#environment.logger.debug(`the controller on broker ${controllerId} does not answer: ${error.message}`)
      this.close()
      return undefined
    }
  }

  async #connected(id: number, endpoint: EndpointView): Promise<Connection> {
    if (this.#connection?.id === id) {
      const connection = await this.#connection.opening
      if (!connection.isClosed) return connection
    }
    this.close()
    const opening = Connection.open(this.#environment, endpoint, {
      clientId: this.#clientId,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      requestTimeoutMs: ANSWER_TIMEOUT_MS,
    })
    this.#connection = { id, opening }
    return opening
  }
}
