import { assert } from '../base/assert.ts'
import { type EnsembleConfig, formatEnsembleConfig, isVoter, votersOf } from './config/ensemble-config.ts'
import type { Effect, ElectionRole, Entry, LearnerMessage, LinkId, Notification, ServerId } from './contract.ts'
import { epochOf, formatZxid, mayFollow } from './zxid.ts'

export interface ZabSettings {
  readonly serverId: ServerId
  readonly tickMs: number
  /** Ticks that discovery, and then synchronisation, may take. */
  readonly initLimitTicks: number
  /** Ticks that a peer may be silent, or leave a proposal unacknowledged. */
  readonly syncLimitTicks: number
  /** How long a vote with a quorum waits for a better one from somebody late. */
  readonly finalizeWaitMs: number
  readonly resendMinMs: number
  readonly resendMaxMs: number
  /** Committed entries kept in memory for learners that are a little behind. */
  readonly windowMax: number
  readonly isReconfigEnabled: boolean
  /** Counter of an epoch's first transaction; anything but 1 is for tests of the roll-over. */
  readonly firstCounter: number
}

/** ZooKeeper's values. */
export const defaultSettings: Omit<ZabSettings, 'serverId'> = {
  tickMs: 2000,
  initLimitTicks: 10,
  syncLimitTicks: 5,
  finalizeWaitMs: 200,
  resendMinMs: 200,
  resendMaxMs: 60_000,
  windowMax: 500,
  isReconfigEnabled: false,
  firstCounter: 1,
}

/** What the disk held at the start. The tree has been built from all of it, uncommitted tail included. */
export interface Recovered {
  readonly acceptedEpoch: number
  readonly currentEpoch: number
  /** Last entry of the log, or the snapshot's zxid when nothing follows it; 0 on an empty disk. */
  readonly lastZxid: number
  /** What the newest snapshot shows: the log cannot be cut before it. 0 without one. */
  readonly snapshotZxid: number
  /** The newest entries of the log, without holes, up to `lastZxid`. */
  readonly newestEntries: readonly Entry[]
  readonly config: EnsembleConfig
  readonly nextConfig: EnsembleConfig | null
}

export interface Vote {
  readonly leader: ServerId
  readonly zxid: number
  readonly round: number
  readonly peerEpoch: number
}

/** A vote as another server reported it, with what that server was doing. */
export interface Ballot extends Vote {
  readonly role: ElectionRole
}

export interface Looking {
  readonly kind: 'looking'
  /** Until everything asked of the disk is done no vote is given: it would be for a history still in motion. */
  isDraining: boolean
  /** Where a reconfiguration sends us without a vote. */
  readonly designatedLeader: ServerId | null
  /** Newest notification of each peer that spoke while we drained. */
  readonly early: Map<ServerId, Notification>
  proposal: Vote
  readonly ballots: Map<ServerId, Ballot>
  readonly outsideBallots: Map<ServerId, Ballot>
  resendAtMs: number
  resendDelayMs: number
  /** When the vote that has a quorum becomes the decision; Infinity without one. */
  decideAtMs: number
}

export type LearningStage =
  | 'dialing'
  | 'introduced'
  | 'accepting'
  | 'epochAcked'
  | 'persisting'
  | 'newLeaderAcked'
  | 'active'

/** What the leader sent so far; nothing of it touches the disk before NEWLEADER. */
export interface Incoming {
  readonly mode: 'diff' | 'trunc' | 'snap'
  /** The history that what follows is added to. */
  readonly baseZxid: number
  lastQueuedZxid: number
  readonly proposals: Entry[]
  readonly committed: Entry[]
  /** A configuration that a commit in the sync activated. */
  activated: string | null
}

export interface Learning {
  readonly kind: 'learning'
  readonly leader: ServerId
  readonly isObserver: boolean
  /** Neither voter nor observer: no member, or none any more. */
  readonly isStranger: boolean
  link: LinkId | null
  stage: LearningStage
  dialAttempts: number
  redialAtMs: number
  lastHeardMs: number
  epoch: number
  /** The last zxid we told the leader we have. */
  claimedZxid: number
  incoming: Incoming | null
  newLeaderConfig: string | null
  /** What came between NEWLEADER and UPTODATE, in order. */
  readonly backlog: LearnerMessage[]
}

export type LearnerStage = 'connected' | 'introduced' | 'informed' | 'epochAcked' | 'readingLog' | 'syncing' | 'synced'

/** The leader's view of one learner. */
export interface LearnerLink {
  readonly link: LinkId
  serverId: ServerId
  isObserver: boolean
  stage: LearnerStage
  isUpToDate: boolean
  lastZxid: number
  lastHeardMs: number
  /** Two marks are enough to know that some proposal waits for its acknowledgement longer than allowed. */
  unackedZxid: number
  unackedSinceMs: number
  laterUnackedZxid: number
  laterUnackedSinceMs: number
}

export interface OutstandingProposal {
  readonly entry: Entry
  readonly configs: readonly EnsembleConfig[]
  readonly acks: Set<ServerId>
}

export interface PendingSync {
  readonly zxid: number
  readonly link: LinkId | null
}

export interface Leading {
  readonly kind: 'leading'
  phase: 'discovery' | 'synchronization' | 'broadcast'
  readonly ownEpoch: number
  readonly ownZxid: number
  epoch: number
  isEpochChosen: boolean
  isEpochDurable: boolean
  deadlineMs: number
  nextPingMs: number
  nextCheckMs: number
  readonly learners: Map<LinkId, LearnerLink>
  readonly epochVoters: Set<ServerId>
  readonly epochAcks: Set<ServerId>
  readonly newLeaderAcks: Set<ServerId>
  newLeaderConfigs: readonly EnsembleConfig[]
  readonly outstanding: OutstandingProposal[]
  lastProposedZxid: number
  lastCommittedZxid: number
  /** False once a reconfiguration named another leader. */
  mayCommit: boolean
  readonly pendingSyncs: PendingSync[]
}

/** What to do when a persist effect is done. Runs whatever the role is by then: the disk has it. */
export type AfterPersist =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'epochAccepted'; readonly link: LinkId | null }
  | { readonly kind: 'leaderEpoch'; readonly epoch: number }
  | { readonly kind: 'logged'; readonly zxid: number; readonly link: LinkId | null }
  | {
      readonly kind: 'synchronized'
      readonly link: LinkId
      readonly epoch: number
      readonly incoming: Incoming
      readonly cutTo: number | null
    }

export interface ZabState {
  readonly settings: ZabSettings
  acceptedEpoch: number
  currentEpoch: number
  /** Last entry given to the log, durable or on its way. */
  lastLoggedZxid: number
  /** Last entry in the tree. */
  appliedZxid: number
  /** The log cannot be cut before this. */
  snapshotZxid: number
  /** Newest applied entries, without holes, ending at `appliedZxid`. */
  readonly window: Entry[]
  /** Logged and not in the tree yet. */
  readonly unapplied: Entry[]
  config: EnsembleConfig
  /** A configuration seen and not yet active. */
  nextConfig: EnsembleConfig | null
  round: number
  vote: Vote
  role: Looking | Learning | Leading
  isServing: boolean
  isHalted: boolean
  /** The leader asked for a cut that our log cannot make: next time claim nothing and take all. */
  claimsNothing: boolean
  /** Peers whose election connection broke: they cannot bring a better vote now. */
  readonly unreachable: Set<ServerId>
  nextSequence: number
  readonly pending: { readonly sequence: number; readonly after: AfterPersist }[]
}

/** @returns why the epochs on disk contradict each other, or undefined */
export function recoveryProblem(recovered: Recovered): string | undefined {
  if (recovered.acceptedEpoch < recovered.currentEpoch) {
    return `acceptedEpoch ${recovered.acceptedEpoch} is behind currentEpoch ${recovered.currentEpoch}: a file in version-2 was lost or put back by hand`
  }
  let last: number | undefined
  for (const entry of recovered.newestEntries) {
    if (last !== undefined && !mayFollow(last, entry.zxid)) {
      return `the log goes from ${formatZxid(last)} to ${formatZxid(entry.zxid)}: entries are missing`
    }
    last = entry.zxid
  }
  return undefined
}

/**
 * @param settings what the ensemble agreed on
 * @param recovered what the disk held; must have passed {@link recoveryProblem}
 */
export function createZabState(settings: ZabSettings, recovered: Recovered): ZabState {
  assert(recoveryProblem(recovered) === undefined, 'only a sound disk may vote')
  const vote = { leader: settings.serverId, zxid: recovered.lastZxid, round: 0, peerEpoch: recovered.currentEpoch }
  // A crash between the entries and the epoch file of the NEWLEADER window leaves the epoch behind the log. An entry of
  // epoch e stands behind everything the leader of e started from, so e is what the server has reached.
  const currentEpoch = Math.max(recovered.currentEpoch, epochOf(recovered.lastZxid))
  return {
    settings,
    acceptedEpoch: Math.max(recovered.acceptedEpoch, currentEpoch),
    currentEpoch,
    lastLoggedZxid: recovered.lastZxid,
    appliedZxid: recovered.lastZxid,
    snapshotZxid: recovered.snapshotZxid,
    window: recovered.newestEntries.slice(-settings.windowMax),
    unapplied: [],
    config: recovered.config,
    // The file of the next configuration stays behind when it, or a later one, becomes the active one.
    nextConfig: isNewer(recovered.nextConfig, recovered.config) ? recovered.nextConfig : null,
    round: 0,
    vote,
    role: createLooking(vote, null),
    isServing: false,
    isHalted: false,
    claimsNothing: false,
    unreachable: new Set(),
    nextSequence: 1,
    pending: [],
  }
}

function isNewer(next: EnsembleConfig | null, config: EnsembleConfig): boolean {
  return next !== null && next.version > config.version
}

export function createLooking(proposal: Vote, designatedLeader: ServerId | null): Looking {
  return {
    kind: 'looking',
    isDraining: true,
    designatedLeader,
    early: new Map(),
    proposal,
    ballots: new Map(),
    outsideBallots: new Map(),
    resendAtMs: Number.POSITIVE_INFINITY,
    resendDelayMs: 0,
    decideAtMs: Number.POSITIVE_INFINITY,
  }
}

/** The configurations that must agree now: the active one and, when a newer one was seen, that too. */
export function activeConfigs(state: ZabState): EnsembleConfig[] {
  const { config, nextConfig } = state
  return nextConfig !== null && nextConfig.version > config.version ? [config, nextConfig] : [config]
}

/** Voters of every configuration that must agree. */
export function allVoters(state: ZabState): Set<ServerId> {
  return new Set(activeConfigs(state).flatMap((config) => votersOf(config)))
}

export function isParticipant(state: ZabState): boolean {
  return isVoter(state.config, state.settings.serverId)
}

/**
 * Whether the configuration makes this server an observer. Who is no member at all is none: it follows without a vote and
 * is told proposals, so that leaders can count it when it is to become a voter.
 */
export function isObserver(state: ZabState): boolean {
  return state.config.servers.get(state.settings.serverId)?.isVoter === false
}

/** Observer or stranger. */
export function isWithoutVote(role: Learning): boolean {
  return role.isObserver || role.isStranger
}

/** What this server says about itself on the election port. */
export function electionRole(state: ZabState): ElectionRole {
  const { role } = state
  if (role.kind === 'looking') return 'looking'
  if (role.kind === 'leading') return 'leading'
  return role.isObserver ? 'observing' : 'following'
}

export function configText(state: ZabState): string {
  return formatEnsembleConfig(state.config)
}

/** Where a handler wants to go; `step` takes it there when the handler has returned. */
export type Transition =
  | { readonly kind: 'look'; readonly reason: string; readonly designatedLeader: ServerId | null }
  | { readonly kind: 'enter'; readonly vote: Vote }

/** One call of `step`: the state, the time and what is to be done. */
export interface Turn {
  readonly state: ZabState
  readonly nowMs: number
  readonly effects: Effect[]
  transition: Transition | null
}

/** Gives up the present role for an election. The first reason stands. */
export function look(turn: Turn, reason: string, designatedLeader: ServerId | null = null): void {
  turn.transition ??= { kind: 'look', reason, designatedLeader }
}
