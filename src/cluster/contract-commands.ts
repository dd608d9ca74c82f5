/**
 * What a controller tells brokers, as plain values: the contents of LeaderAndIsr, UpdateMetadata and StopReplica. The own
 * broker is given the values themselves, others get them over the wire; either way they mean the same.
 */
import type { ErrorCode } from '../model/error-code.ts'
import type { BrokerView, EndpointView } from './contract.ts'

export interface CommandHead {
  readonly controllerId: number
  readonly controllerEpoch: number
  /** Epoch of the receiver as the controller knows it (czxid of its znode); -1 = not said. */
  readonly brokerEpoch: number
}

export interface LeadershipPartition {
  readonly partition: number
  /** Of the controller that last changed the state; after a failover it may be older than the sender's. */
  readonly controllerEpoch: number
  readonly leader: number
  readonly leaderEpoch: number
  readonly inSyncReplicas: readonly number[]
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  /** The replica holds nothing yet. */
  readonly isNew: boolean
  readonly isRecovering: boolean
}

/** LeaderAndIsr: leads, follows. Goes to the replicas concerned. */
export interface LeadershipCommand extends CommandHead {
  readonly kind: 'leadership'
  readonly topics: readonly {
    readonly topic: string
    /** '' = none. */
    readonly topicId: string
    readonly partitions: readonly LeadershipPartition[]
  }[]
  readonly liveLeaders: readonly { readonly id: number; readonly host: string; readonly port: number }[]
}

/** `leader` of a partition that is being deleted. */
export const LEADER_DURING_DELETION: number = -2

export interface MetadataPartition {
  readonly partition: number
  readonly controllerEpoch: number
  /** -1 none, -2 the partition is going. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly inSyncReplicas: readonly number[]
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** UpdateMetadata: what clients are told. Partial in partitions, complete in brokers. */
export interface MetadataCommand extends CommandHead {
  readonly kind: 'metadata'
  /** Every partition there is: topics that are not named are gone. */
  readonly isFull: boolean
  readonly topics: readonly {
    readonly topic: string
    readonly topicId: string
    readonly partitions: readonly MetadataPartition[]
  }[]
  readonly brokers: readonly BrokerView[]
}

export interface StopPartition {
  readonly partition: number
  /** -2 the topic is being deleted, -1 unknown. */
  readonly leaderEpoch: number
  readonly isDeleted: boolean
}

/** StopReplica: gives replicas up. */
export interface StopCommand extends CommandHead {
  readonly kind: 'stop'
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly StopPartition[] }[]
}

export type BrokerCommand = LeadershipCommand | MetadataCommand | StopCommand

/** What became of one partition of a command. */
export interface PartitionAnswer {
  readonly topic: string
  readonly partition: number
  readonly code: ErrorCode
}

export interface CommandAnswer {
  /** Of the whole command. */
  readonly code: ErrorCode
  readonly partitions: readonly PartitionAnswer[]
}

/** Another broker as commands are sent to it. */
export interface LinkedBroker {
  readonly id: number
  /** A broker that comes back with another epoch is another life: what waits for the old one is dropped. */
  readonly epoch: number
  /** On the listener between brokers. */
  readonly endpoint: EndpointView
}

/** A broker has closed a connection that stood, and nobody listens at its address any more: its process has ended. */
export type GoneListener = (brokerId: number, epoch: number) => void

/** The way to the other brokers, while we are controller. */
export interface BrokerLinks {
  /** Who is told of brokers that have gone without leaving. */
  onGone(listener: GoneListener): void
  /** Who there is now, ourselves left out. Links to others are given up, and what waits on them. */
  setBrokers(brokers: readonly LinkedBroker[]): void
  /**
   * Sends in the order given, again and again until there is an answer.
   *
   * @returns undefined when the broker is gone, or the link was full: then it must be told everything again
   */
  send(brokerId: number, command: BrokerCommand): Promise<CommandAnswer | undefined>
}

/** A partition by name, as key of maps. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/** Where a broker is reached by other brokers: the listener of that name, else the first, as with brokers that name theirs differently. */
export function endpointOf(broker: Pick<BrokerView, 'endpoints'>, listener: string): EndpointView | undefined {
  return broker.endpoints.find((endpoint) => endpoint.listener === listener) ?? broker.endpoints[0]
}
