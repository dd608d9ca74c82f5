import type { EnsembleConfig } from '../../zab/config/ensemble-config.ts'
import { LatencyHistogram, LatencySummary } from './server-stats.ts'

/** Counters of a member's life in its ensemble. */
export class QuorumStats {
  lookingCount = 0
  /** Learners that got entries only, and those that got a whole snapshot. */
  diffCount = 0
  snapCount = 0
  proposalCount = 0
  readonly electionTime: LatencyHistogram = new LatencyHistogram()
  readonly followerSyncTime: LatencyHistogram = new LatencyHistogram()
  readonly observerSyncTime: LatencyHistogram = new LatencyHistogram()
  readonly leaderUnavailableTime: LatencyHistogram = new LatencyHistogram()
  /** From a proposal to its decision. */
  readonly quorumAckTime: LatencyHistogram = new LatencyHistogram()
  lastProposalBytes = -1
  readonly proposalBytes: LatencySummary = new LatencySummary()

  proposed(sizeBytes: number): void {
    this.proposalCount += 1
    this.lastProposalBytes = sizeBytes
    this.proposalBytes.record(sizeBytes)
  }
}

/** What the monitoring commands show of the ensemble as one member sees it. */
export interface QuorumView {
  readonly serverId: number
  readonly leaderId: number
  readonly config: EnsembleConfig
  /** Whether the configuration lets this server vote. */
  readonly isVoter: boolean
  /** `following - broadcast`, as ZooKeeper calls it. */
  readonly peerState: string
  readonly zabState: string
  readonly stats: QuorumStats
  /** Only the leader has these. */
  readonly leading: LeaderView | undefined
}

export interface LeaderView {
  readonly learnerCount: number
  readonly syncedFollowerCount: number
  /** Followers that the configuration does not let vote. */
  readonly syncedNonVotingCount: number
  readonly syncedObserverCount: number
  readonly pendingSyncCount: number
  readonly uptimeMs: number
}
