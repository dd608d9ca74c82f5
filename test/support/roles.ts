import type { FollowerRole, LeaderRole } from '../../src/partition/contract.ts'

/** Leader of a partition; alone unless told otherwise. */
export function leaderRole(leaderEpoch: number = 0, more: Partial<LeaderRole> = {}): LeaderRole {
  return { kind: 'leader', leaderEpoch, partitionEpoch: 0, replicas: [1], inSyncReplicas: [1], ...more }
}

export function followerRole(leader: number, leaderEpoch: number = 0, more: Partial<FollowerRole> = {}): FollowerRole {
  return { kind: 'follower', leader, leaderEpoch, partitionEpoch: 0, replicas: [leader, 1], ...more }
}
