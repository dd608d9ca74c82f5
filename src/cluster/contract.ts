/**
 * The metadata view that every thread holds a copy of, and the control plane that changes it. Values cross threads:
 * plain, structured-clone-able objects only.
 */
import type { ErrorCode } from '../model/error-code.ts'
import type { InSyncDecision, InSyncProposal, PartitionConfig, ReplicaRole } from '../partition/contract.ts'

export interface EndpointView {
  readonly listener: string
  readonly host: string
  readonly port: number
  readonly securityProtocol: string
}

export interface BrokerView {
  readonly id: number
  readonly endpoints: readonly EndpointView[]
  readonly rack: string | null
}

export interface PartitionView {
  readonly partition: number
  /** Dense number by which shards know it; unique for the life of the process. */
  readonly handle: number
  /** Index of the owning shard on this node, -1 when no replica is here. */
  readonly shard: number
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}

export interface TopicView {
  readonly name: string
  /** 22 characters, see model/uuid.ts. */
  readonly topicId: string
  readonly isInternal: boolean
  /** By partition number. */
  readonly partitions: readonly PartitionView[]
  /** Only what was set for the topic itself. */
  readonly config: Readonly<Record<string, string>>
}

/** One change of the view. Applied in order, on every thread. */
export type ViewUpdate =
  | {
      readonly kind: 'cluster'
      readonly clusterId: string
      readonly controllerId: number
      readonly brokers: readonly BrokerView[]
    }
  | { readonly kind: 'topic'; readonly topic: TopicView }
  /** Some partitions of a topic that is known; all else of it stays. Of a thousand mostly a few have changed. */
  | {
      readonly kind: 'partitions'
      readonly topic: string
      readonly topicId: string
      readonly partitions: readonly PartitionView[]
    }
  | { readonly kind: 'topicGone'; readonly name: string }
  /** Dynamic broker configuration: per broker id, '' for the cluster-wide default. */
  | { readonly kind: 'brokerConfig'; readonly broker: string; readonly config: Readonly<Record<string, string>> }
  /** Dynamic group and client-metrics resources, by type and name. */
  | {
      readonly kind: 'resourceConfig'
      readonly resourceType: number
      readonly name: string
      readonly config: Readonly<Record<string, string>>
    }
  /** Version of `/feature`: the epoch of finalized features, of which there are none on ZooKeeper. */
  | { readonly kind: 'features'; readonly epoch: number }

export interface CreateTopicSpec {
  readonly name: string
  /** -1 = the broker's default. */
  readonly partitionCount: number
  readonly replicationFactor: number
  /** Explicit assignment: replicas by partition, or empty. */
  readonly assignments: readonly { readonly partition: number; readonly replicas: readonly number[] }[]
  readonly config: Readonly<Record<string, string | null>>
}

/** How one item of a request went. `message` is null when there is nothing to add to the code. */
export interface ControlResult {
  readonly code: ErrorCode
  readonly message: string | null
}

export interface CreateTopicResult extends ControlResult {
  readonly name: string
  readonly topicId: string
  readonly partitionCount: number
  readonly replicationFactor: number
}

export type ConfigOperation = 'set' | 'delete' | 'append' | 'subtract'

export interface ConfigChange {
  /** Kafka's resource types: 2 topic, 4 broker, 8 broker logger, 16 client metrics, 32 group. */
  readonly resourceType: number
  readonly name: string
  readonly isReplacement: boolean
  readonly entries: readonly {
    readonly name: string
    readonly value: string | null
    readonly operation: ConfigOperation
  }[]
}

/** A partition that is to move; `replicas` null: cancel what is under way. */
export interface ReassignmentSpec {
  readonly topic: string
  readonly partition: number
  /** The preferred leader first. */
  readonly replicas: readonly number[] | null
}

/** A partition on the move. */
export interface ReassignmentView {
  readonly topic: string
  readonly partition: number
  /** The wanted ones, followed by those that will go. */
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

/** A replica of this node that shall lie in another of its log directories. */
export interface ReplicaMove {
  readonly topic: string
  readonly partition: number
  readonly directory: string
}

/**
 * What changes the cluster. Runs where the controller is (the main thread of one node); shards reach it through
 * messages. Every promise resolves after the view that holds the change has reached all shards of this node.
 */
export interface ControlPlane {
  /** @param mayForward a broker that is not controller passes it on, as it does with topics that clients miss; else it refuses */
  createTopics(
    topics: readonly CreateTopicSpec[],
    validateOnly: boolean,
    mayForward?: boolean,
  ): Promise<readonly CreateTopicResult[]>
  /** By name or, where `topicId` is not empty, by id. */
  deleteTopics(
    topics: readonly { readonly name: string; readonly topicId: string }[],
  ): Promise<readonly (ControlResult & { readonly name: string; readonly topicId: string })[]>
  createPartitions(
    topics: readonly {
      readonly name: string
      readonly count: number
      readonly assignments: readonly (readonly number[])[] | null
    }[],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly name: string })[]>
  alterConfigs(
    changes: readonly ConfigChange[],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly resourceType: number; readonly name: string })[]>
  /** A block of producer ids that nobody else will be given; of size 0 while the metadata store cannot be reached. */
  allocateProducerIds(): Promise<{ readonly first: number; readonly count: number }>
  electLeaders(
    electionType: number,
    partitions: readonly { readonly topic: string; readonly partition: number }[] | null,
  ): Promise<readonly (ControlResult & { readonly topic: string; readonly partition: number })[]>
  /** Begins, changes or cancels moves of partitions. */
  alterReassignments(
    partitions: readonly ReassignmentSpec[],
  ): Promise<readonly (ControlResult & { readonly topic: string; readonly partition: number })[]>
  /** Partitions on the move: those asked for, or all. */
  listReassignments(
    partitions: readonly { readonly topic: string; readonly partition: number }[] | null,
  ): Promise<ControlResult & { readonly moving: readonly ReassignmentView[] }>
  /**
   * Moves replicas between log directories of this node, whoever is controller; back to where one lies cancels. One that is not
   * here is refused, and will lie in that directory should it come. Resolves when the moves have begun.
   */
  moveReplicas(
    moves: readonly ReplicaMove[],
  ): Promise<readonly { readonly topic: string; readonly partition: number; readonly code: ErrorCode }[]>
}

/** A replica that this node keeps: which shard, which directory, what it obeys. */
export interface LocalPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly handle: number
  readonly shard: number
  readonly leaderEpoch: number
  /** Its `leaderEpoch` is the one beside it. */
  readonly role: ReplicaRole
  readonly directory: string
  /** The log directory to which it is being moved; absent or '' = none. */
  readonly movingTo?: string
  /** It is new, and nothing of it lies on the disk: with many of its kind it may be opened later. */
  readonly hasNoFiles?: boolean
  readonly config: PartitionConfig
}

/**
 * What the controller has others do. Every promise resolves when the effect is in force on every shard concerned;
 * rejection is a bug. Lists, because a request or a start may bring thousands at once.
 */
export interface ControllerEffects {
  /** Applies the updates, in order, to the view of every thread. */
  publish(updates: readonly ViewUpdate[]): Promise<void>
  /**
   * Opens the partitions in their roles; one that is open already takes over role and configuration. A newer leader epoch
   * begins a term, the same epoch with a newer partition epoch changes replicas and in-sync set, anything older is ignored.
   * Of many that have no files some may not be open yet when it resolves: whoever asks for them does not notice.
   */
  assign(partitions: readonly LocalPartition[]): Promise<void>
  reconfigure(partitions: readonly LocalPartition[]): Promise<void>
  /** Gives the partitions up and keeps their files, as after a clean stop. */
  close(partitions: readonly LocalPartition[]): Promise<void>
  /** Begins to move open partitions to the log directories in `movingTo`; '' gives up what is under way. The end is reported. */
  relocate(partitions: readonly LocalPartition[]): Promise<readonly RelocationBegin[]>
  /** Closes the partitions and deletes their files. */
  remove(partitions: readonly LocalPartition[]): Promise<void>
}

export interface RelocationBegin {
  readonly handle: number
  readonly code: ErrorCode
}

/** What shards tell the control plane of their own accord. Runs on the main thread. */
export interface ShardReports {
  /** A leader here wants another in-sync set. Resolves with the controller's decision, or the code that says why there is none. */
  proposeInSync(proposal: InSyncProposal): Promise<InSyncDecision>
  /** The disk failed under a partition: it is offline here, another replica should lead it. */
  partitionFailed(topic: string, partition: number, code: ErrorCode): void
  /** A move to another log directory has ended: the replica lies in `directory` now, or that could not be done. */
  relocationEnded(topic: string, partition: number, directory: string, isThere: boolean): void
}
