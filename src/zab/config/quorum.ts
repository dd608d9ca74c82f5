import type { ServerId } from '../contract.ts'
import { type EnsembleConfig, isVoter, votersOf } from './ensemble-config.ts'

/**
 * Whether `members` may decide. Without groups: more than half of the voters. With groups: more than half of the weight
 * in more than half of the groups that have any. Servers that do not vote count for nothing.
 */
export function hasQuorum(config: EnsembleConfig, members: ReadonlySet<ServerId>): boolean {
  if (config.groups.size === 0) {
    // Asked for every acknowledgement: no lists.
    let voters = 0
    let present = 0
    for (const server of config.servers.values()) {
      if (!server.isVoter) continue
      voters += 1
      if (members.has(server.id)) present += 1
    }
    return present * 2 > voters
  }
  const totals = new Map<number, number>()
  const presents = new Map<number, number>()
  for (const voter of votersOf(config)) {
    const group = config.groups.get(voter)
    if (group === undefined) continue
    const weight = weightOf(config, voter)
    totals.set(group, (totals.get(group) ?? 0) + weight)
    if (members.has(voter)) presents.set(group, (presents.get(group) ?? 0) + weight)
  }
  let groupsWithWeight = 0
  let groupsWon = 0
  for (const [group, total] of totals) {
    if (total === 0) continue
    groupsWithWeight += 1
    if ((presents.get(group) ?? 0) * 2 > total) groupsWon += 1
  }
  return groupsWon * 2 > groupsWithWeight
}

/** While a reconfiguration is pending both the old and the new configuration must agree. */
export function hasEveryQuorum(configs: readonly EnsembleConfig[], members: ReadonlySet<ServerId>): boolean {
  return configs.every((config) => hasQuorum(config, members))
}

/** A server of weight 0 never leads. Without groups everybody weighs one. */
export function weightOf(config: EnsembleConfig, id: ServerId): number {
  if (config.groups.size === 0) return 1
  return isVoter(config, id) ? (config.weights.get(id) ?? 1) : 0
}
