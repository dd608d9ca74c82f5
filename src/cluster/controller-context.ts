/** What the controller is given, and what its parts share while they carry out one operation. */
import type { Clock, Entropy, Logger } from '../io/ports.ts'
import type { ZooKeeperClient } from '../zookeeper/contract.ts'
import type { FoundData } from './adoption.ts'
import type { BrokerConfig } from './config/broker-config.ts'
import type { BrokerLayers } from './config/resolve.ts'
import type { ControllerEffects, EndpointView } from './contract.ts'
import type { GuardedWriter } from './guarded-writer.ts'
import type { LocalPlacement } from './placement.ts'
import type { ClusterState } from './state.ts'

export interface ControllerDependencies {
  /** A session of our own; asked again when that one has expired. */
  readonly connect: () => Promise<ZooKeeperClient>
  readonly brokerId: number
  readonly config: BrokerConfig
  /** What clients of this node are told: real ports; an empty host stands for the one the client used. */
  readonly endpoints: readonly EndpointView[]
  /** Stands in for an empty host where other brokers read it. */
  readonly hostName: string
  readonly placement: LocalPlacement
  /** Ids of the log directories that this process holds locked: a registration that names one is our last life's. */
  readonly directoryIds?: readonly string[]
  /** Reads what our log directories hold, for a tree that knows of nothing: see adoption.ts. */
  readonly findData?: () => FoundData | undefined
  /** The last life of this node ended with a clean stop (or there was none). */
  readonly wasStoppedCleanly: boolean
  readonly effects: ControllerEffects
  readonly clock: Clock
  readonly entropy: Entropy
  readonly log: Logger
  /** The control plane cannot go on: the process must end. */
  readonly onFatal: (error: unknown) => void
}

/** What the parts of the controller share. */
export interface ControllerContext {
  readonly dependencies: ControllerDependencies
  readonly state: ClusterState
  readonly zookeeper: ZooKeeperClient
  readonly writer: GuardedWriter
  readonly controllerEpoch: number
  /** Configuration left behind by topics that are gone. */
  readonly orphanConfigs: Set<string>
  readonly layers: () => BrokerLayers
}
