import { type EnsembleServer, isVoter } from '../../zab/config/ensemble-config.ts'
import type { Leading, ZabState } from '../../zab/state.ts'
import { electionRole } from '../../zab/state.ts'
import type { LeaderView, QuorumStats, QuorumView } from '../server/quorum-view.ts'

/** @param leadingForMs how long this server has led, 0 when it does not */
export function quorumView(state: ZabState, stats: QuorumStats, leadingForMs: number): QuorumView {
  const { role, settings, config } = state
  const zabState = zabStateOf(state)
  return {
    serverId: settings.serverId,
    leaderId: role.kind === 'looking' ? -1 : state.vote.leader,
    config,
    isVoter: isVoter(config, settings.serverId),
    zabState,
    peerState: zabState === 'election' ? electionRole(state) : `${electionRole(state)} - ${zabState}`,
    stats,
    leading: role.kind === 'leading' ? leaderView(state, role, leadingForMs) : undefined,
  }
}

function zabStateOf({ role }: ZabState): string {
  if (role.kind === 'looking') return 'election'
  if (role.kind === 'leading') return role.phase
  if (role.stage === 'active') return 'broadcast'
  return role.stage === 'dialing' || role.stage === 'introduced' || role.stage === 'accepting'
    ? 'discovery'
    : 'synchronization'
}

function leaderView(state: ZabState, role: Leading, uptimeMs: number): LeaderView {
  let syncedFollowerCount = 0
  let syncedNonVotingCount = 0
  let syncedObserverCount = 0
  for (const learner of role.learners.values()) {
    if (learner.stage !== 'synced') continue
    if (learner.isObserver) syncedObserverCount += 1
    else if (isVoter(state.config, learner.serverId)) syncedFollowerCount += 1
    else syncedNonVotingCount += 1
  }
  return {
    learnerCount: role.learners.size,
    syncedFollowerCount,
    syncedNonVotingCount,
    syncedObserverCount,
    pendingSyncCount: role.pendingSyncs.length,
    uptimeMs,
  }
}

/** Lines of the `conf` command that only a member has. @param own its line in the configuration */
export function memberLines(
  limits: { readonly serverId: number; readonly initLimitTicks: number; readonly syncLimitTicks: number },
  own: EnsembleServer | undefined,
): readonly string[] {
  const [address] = own?.addresses ?? []
  return [
    `serverId=${limits.serverId}`,
    `initLimit=${limits.initLimitTicks}`,
    `syncLimit=${limits.syncLimitTicks}`,
    'electionAlg=3',
    `electionPort=${address?.electionPort ?? 0}`,
    `quorumPort=${address?.quorumPort ?? 0}`,
    `peerType=${own?.isVoter === false ? 1 : 0}`,
  ]
}
