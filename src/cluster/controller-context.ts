/** What a node's control plane is given, and what the parts of an elected controller share. */
import type { Clock, Entropy, Logger, Timers } from '../io/ports.ts'
import type { ZooKeeperClient } from '../zookeeper/contract.ts'
import type { FoundData } from './adoption.ts'
import type { CommandBatch } from './command-batch.ts'
import type { BrokerCommand, BrokerLinks, CommandAnswer } from './contract-commands.ts'
import type { BrokerConfig } from './config/broker-config.ts'
import type { BrokerLayers } from './config/resolve.ts'
import type { ControllerEffects, EndpointView } from './contract.ts'
import type { ControllerCalls } from './contract-calls.ts'
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
  /** To the other brokers, while we are controller. */
  readonly links: BrokerLinks
  /** To the controller, while another node is. */
  readonly calls: ControllerCalls
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly log: Logger
  /** The control plane cannot go on: the process must end. */
  readonly onFatal: (error: unknown) => void
}

/**
 * An answer waits for the brokers at most so long: one of them may be gone without anybody knowing yet, or have much to do.
 * Whoever asks earlier is told that the leader is not there yet, and asks again; Kafka's controllers do not wait at all.
 */
export const OTHERS_WAIT_MS = 250

/** What an answer waits for, and how long. */
export interface Awaited {
  readonly done: Promise<unknown>
  readonly waitMs: number
}

/** A command and what came of it. */
export interface SentCommand {
  readonly brokerId: number
  readonly command: BrokerCommand
  /** undefined: the broker is gone, or must be told everything again. */
  readonly answer: CommandAnswer | undefined
}

export interface Dispatch {
  /** What the own broker answered; it has done its part. */
  readonly own: readonly SentCommand[]
  /** What the others answer, when all have. */
  readonly others: Promise<readonly SentCommand[]>
  readonly hasOthers: boolean
}

/** What the parts of an elected controller share. */
export interface ControllerContext {
  readonly dependencies: ControllerDependencies
  readonly state: ClusterState
  readonly zookeeper: ZooKeeperClient
  readonly writer: GuardedWriter
  readonly controllerEpoch: number
  /** Configuration left behind by topics that are gone. */
  readonly orphanConfigs: Set<string>
  readonly layers: () => BrokerLayers
  /**
   * Tells every broker its part of the batch. Resolves when the own broker has carried out its part.
   *
   * @param isOwnFirst the others are told only then: for who waits for the own broker alone
   */
  readonly dispatch: (batch: CommandBatch, isOwnFirst?: boolean) => Promise<Dispatch>
  /** Work in a turn of its own, after what is waiting already. */
  readonly later: (work: () => Promise<void>) => void
  /** The tree is not what we believe: it is read again before the next operation. */
  readonly distrust: () => void
  /** The answer to the present request waits for this, for a limited time; default `OTHERS_WAIT_MS`. Others are served meanwhile. */
  readonly answerAfter: (done: Promise<unknown>, waitMs?: number) => void
}
