/** What a broker asks of the controller, as plain values: AlterPartition, AllocateProducerIds, ControlledShutdown and forwarded creations. */
import type { ErrorCode } from '../model/error-code.ts'
import type { CreateTopicResult, CreateTopicSpec } from './contract.ts'
import type { BrokerCommand, CommandAnswer } from './contract-commands.ts'

/** One partition of an AlterPartition: its leader wants another in-sync set. */
export interface InSyncChange {
  readonly topic: string
  /** '' = not said. */
  readonly topicId: string
  readonly partition: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly inSyncReplicas: readonly number[]
  readonly isRecovering: boolean
}

export interface InSyncRequest {
  readonly brokerId: number
  readonly brokerEpoch: number
  readonly changes: readonly InSyncChange[]
}

/** With `code` none: the state in force. */
export interface InSyncResult {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly code: ErrorCode
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly inSyncReplicas: readonly number[]
  readonly isRecovering: boolean
}

export interface InSyncAnswer {
  /** Of the whole request. */
  readonly code: ErrorCode
  readonly results: readonly InSyncResult[]
}

export interface ProducerIdsAnswer {
  readonly code: ErrorCode
  readonly first: number
  readonly count: number
}

export interface ShutdownAnswer {
  readonly code: ErrorCode
  /** What the broker still leads; empty: it may go. */
  readonly remaining: readonly { readonly topic: string; readonly partition: number }[]
}

/**
 * The way to a controller elsewhere. Every call resolves to undefined when the controller could not be reached or its
 * answer was lost: the caller looks who is controller now and asks again.
 */
export interface ControllerCalls {
  /**
   * Keeps a connection to the controller's node, and tells once when that node has closed it and nobody listens there any
   * more. A later call replaces an earlier one; -1 ends it.
   */
  watchController(controllerId: number, onGone: () => void): void
  alterPartition(controllerId: number, request: InSyncRequest): Promise<InSyncAnswer | undefined>
  allocateProducerIds(
    controllerId: number,
    brokerId: number,
    brokerEpoch: number,
  ): Promise<ProducerIdsAnswer | undefined>
  controlledShutdown(controllerId: number, brokerId: number, brokerEpoch: number): Promise<ShutdownAnswer | undefined>
  createTopics(
    controllerId: number,
    topics: readonly CreateTopicSpec[],
  ): Promise<readonly CreateTopicResult[] | undefined>
}

/** What other brokers ask of this node: of the broker it is, and of the controller it may be. */
export interface PeerControl {
  /** LeaderAndIsr, UpdateMetadata or StopReplica from the controller. */
  command(command: BrokerCommand): Promise<CommandAnswer>
  alterPartition(request: InSyncRequest): Promise<InSyncAnswer>
  shutDownBroker(brokerId: number, brokerEpoch: number): Promise<ShutdownAnswer>
  allocateProducerIdsFor(brokerId: number, brokerEpoch: number): Promise<ProducerIdsAnswer>
}
