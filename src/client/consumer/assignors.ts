import type { Subscription, TopicPartition } from './consumer-protocol.ts'

/** A member as the group's leader sees it. */
export interface Subscriber {
  readonly memberId: string
  readonly instanceId: string | null
  readonly subscription: Subscription
}

export type Assignment = ReadonlyMap<string, readonly TopicPartition[]>

/** Deals partitions out. Pure: the same members and counts give the same answer on every member. */
export interface Assignor {
  readonly name: string
  /** Whether members keep what they own through a rebalance and give up only what moves. */
  readonly isCooperative: boolean
  /** @param partitionCounts by topic; a topic that is not there is not dealt out */
  assign(members: readonly Subscriber[], partitionCounts: ReadonlyMap<string, number>): Assignment
}

/** Each topic in one run of partitions per member: partition n of topics with equal counts lands at the same member. */
export const rangeAssignor: Assignor = {
  name: 'range',
  isCooperative: false,
  assign(members, partitionCounts) {
    const assignment = emptyAssignment(members)
    for (const topic of subscribedTopics(members, partitionCounts)) {
      const subscribers = inOrder(members.filter(({ subscription }) => subscription.topics.includes(topic)))
      const count = partitionCounts.get(topic) ?? 0
      const share = Math.floor(count / subscribers.length)
      const extra = count % subscribers.length
      subscribers.forEach(({ memberId }, index) => {
        const from = share * index + Math.min(index, extra)
        const to = from + share + (index < extra ? 1 : 0)
        for (let partition = from; partition < to; partition += 1) assignment.get(memberId)?.push({ topic, partition })
      })
    }
    return assignment
  },
}

/** All partitions of all topics, one after the other, to the members in turn. */
export const roundRobinAssignor: Assignor = {
  name: 'roundrobin',
  isCooperative: false,
  assign(members, partitionCounts) {
    const assignment = emptyAssignment(members)
    const ordered = inOrder(members)
    let turn = 0
    for (const { topic, partition } of allPartitions(members, partitionCounts)) {
      while (ordered[turn % ordered.length]?.subscription.topics.includes(topic) === false) turn += 1
      assignment.get(ordered[turn % ordered.length]?.memberId ?? '')?.push({ topic, partition })
      turn += 1
    }
    return assignment
  },
}

/**
 * As even as the subscriptions allow, moving as little as that takes. What moves is withheld for one round, until its
 * present owner has given it up; the owner then asks for the round in which it is dealt out.
 */
export const cooperativeStickyAssignor: Assignor = {
  name: 'cooperative-sticky',
  isCooperative: true,
  assign(members, partitionCounts) {
    const owners = presentOwners(members, partitionCounts)
    const target = balance(members, partitionCounts, owners)
    const assignment = emptyAssignment(members)
    for (const [memberId, partitions] of target) {
      const kept = partitions.filter((partition) => {
        const owner = owners.get(keyOf(partition))
        return owner === undefined || owner === memberId
      })
      assignment.set(memberId, kept)
    }
    return assignment
  },
}

export const ASSIGNORS: readonly Assignor[] = [rangeAssignor, roundRobinAssignor, cooperativeStickyAssignor]

/** Who owns what, by the members' own word. Of two claims the newer generation's counts, of equal ones none. */
function presentOwners(
  members: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, string> {
  const claims = new Map<
    string,
    { readonly memberId: string; readonly generationId: number; readonly isDisputed: boolean }
  >()
  for (const { memberId, subscription } of members) {
    const { owned, generationId, topics } = subscription
    for (const partition of owned) {
      if (partition.partition >= (partitionCounts.get(partition.topic) ?? 0) || !topics.includes(partition.topic))
        continue
      const key = keyOf(partition)
      const other = claims.get(key)
      if (other === undefined || generationId > other.generationId) {
        claims.set(key, { memberId, generationId, isDisputed: false })
      } else if (generationId === other.generationId) {
        claims.set(key, { ...other, isDisputed: true })
      }
    }
  }
  const owners = new Map<string, string>()
  for (const [key, { memberId, isDisputed }] of claims) if (!isDisputed) owners.set(key, memberId)
  return owners
}

function balance(
  members: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
  owners: ReadonlyMap<string, string>,
): Map<string, TopicPartition[]> {
  const target = emptyAssignment(members)
  const ordered = inOrder(members)
  const load = (member: Subscriber): number => target.get(member.memberId)?.length ?? 0
  const leastLoaded = (topic: string): Subscriber | undefined => {
    let best: Subscriber | undefined
    for (const member of ordered) {
      if (!member.subscription.topics.includes(topic)) continue
      if (best === undefined || load(member) < load(best)) best = member
    }
    return best
  }
  const unowned: TopicPartition[] = []
  for (const partition of allPartitions(members, partitionCounts)) {
    const owner = owners.get(keyOf(partition))
    if (owner === undefined) unowned.push(partition)
    else target.get(owner)?.push(partition)
  }
  for (const partition of unowned) target.get(leastLoaded(partition.topic)?.memberId ?? '')?.push(partition)
  // Every move takes from a member that has at least two more than the one that gets it, so this ends.
  for (let hasMoved = true; hasMoved; ) {
    hasMoved = false
    for (const member of ordered) {
      const own = target.get(member.memberId) ?? []
      for (let index = own.length - 1; index >= 0; index -= 1) {
        const partition = own[index] as TopicPartition
        const other = leastLoaded(partition.topic)
        if (other === undefined || load(other) + 1 >= own.length) continue
        own.splice(index, 1)
        target.get(other.memberId)?.push(partition)
        hasMoved = true
      }
    }
  }
  return target
}

export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

function emptyAssignment(members: readonly Subscriber[]): Map<string, TopicPartition[]> {
  return new Map(members.map(({ memberId }) => [memberId, []]))
}

/** Static members by instance id before the others by member id, so that a restart changes nothing. */
function inOrder(members: readonly Subscriber[]): readonly Subscriber[] {
  return [...members].sort((left, right) => {
    if (left.instanceId !== null && right.instanceId !== null) return compare(left.instanceId, right.instanceId)
    if (left.instanceId !== null) return -1
    if (right.instanceId !== null) return 1
    return compare(left.memberId, right.memberId)
  })
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function subscribedTopics(
  members: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly string[] {
  const topics = new Set(members.flatMap(({ subscription }) => subscription.topics))
  return [...topics].filter((topic) => partitionCounts.has(topic)).sort(compare)
}

function allPartitions(
  members: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly TopicPartition[] {
  return subscribedTopics(members, partitionCounts).flatMap((topic) =>
    Array.from({ length: partitionCounts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
  )
}
