import { assert } from '../../base/assert.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { type ClassicMember, type MemberProtocol, NO_WAITER } from './member.ts'
import { CONSUMER_PROTOCOL_TYPE, subscribedTopicsOf } from './subscription.ts'
import { type GroupTimer, groupTimer } from './timer.ts'

export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

const VALID_PREVIOUS: Readonly<Record<ClassicGroupState, readonly ClassicGroupState[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead'],
}

/**
 * Membership of one classic group and the counts derived from it. Decides nothing about time: the transitions in
 * join.ts, rebalance.ts, sync.ts and leave.ts do.
 *
 * Invariants: the leader is a member or null; `awaitingJoinCount` is the number of members with a parked JoinGroup;
 * a static instance id belongs to at most one member; every member speaks the group's protocol type.
 */
export class ClassicGroup {
  readonly type = 'classic' as const
  readonly partition: number
  readonly groupId: string
  state: ClassicGroupState = 'Empty'
  previousState: ClassicGroupState = 'Dead'
  /** Wall milliseconds at which it entered `state`; -1 when an old log does not say. */
  stateTimestampMs: number
  generationId: number = 0
  /** Null until a member has joined: offsets without members make a "simple" group. */
  protocolType: string | null = null
  protocolName: string | null = null
  leader: string | null = null
  readonly members: Map<string, ClassicMember> = new Map()
  /** Member id by `group.instance.id`. */
  readonly staticMembers: Map<string, string> = new Map()
  /** Ids handed out by the KIP-394 handshake and not used yet, with the timers that take them back. */
  readonly pendingMembers: Map<string, GroupTimer> = new Map()
  /** Members whose SyncGroup of this generation is still to come. */
  readonly pendingSyncs: Set<string> = new Set()
  awaitingJoinCount: number = 0
  /** What is left of the first rebalance of an empty group, during that rebalance only. */
  initial: { delayMs: number; remainingMs: number; hasNewMember: boolean } | undefined = undefined
  /** Topics that the members read; undefined when unknown, which counts as "all" for a consumer group. */
  subscribedTopics: ReadonlySet<string> | undefined = undefined
  readonly joinTimer: GroupTimer
  readonly syncTimer: GroupTimer
  readonly #supporters = new Map<string, number>()

  constructor(partition: number, groupId: string, wallMs: number) {
    this.partition = partition
    this.groupId = groupId
    this.stateTimestampMs = wallMs
    this.joinTimer = groupTimer('join', partition, groupId, '')
    this.syncTimer = groupTimer('sync', partition, groupId, '')
  }

  /** @throws BugError when the states do not follow each other */
  transitionTo(state: ClassicGroupState, wallMs: number): void {
    assert(VALID_PREVIOUS[state].includes(this.state), `group ${this.groupId} cannot go from ${this.state} to ${state}`)
    this.previousState = this.state
    this.state = state
    this.stateTimestampMs = wallMs
  }

  get canRebalance(): boolean {
    return VALID_PREVIOUS.PreparingRebalance.includes(this.state)
  }

  get usesConsumerProtocol(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL_TYPE
  }

  isLeader(memberId: string): boolean {
    return this.leader === memberId
  }

  /** Every member has a parked JoinGroup and nobody still holds an unused id. */
  get hasAllJoined(): boolean {
    return this.members.size === this.awaitingJoinCount && this.pendingMembers.size === 0
  }

  /** The most patient member decides how long the others wait. */
  get rebalanceTimeoutMs(): number {
    let timeoutMs = 0
    for (const member of this.members.values()) timeoutMs = Math.max(timeoutMs, member.rebalanceTimeoutMs)
    return timeoutMs
  }

  add(member: ClassicMember, joinWaiter: number): void {
    assert(!this.members.has(member.memberId), `member ${member.memberId} joined ${this.groupId} twice`)
    if (member.instanceId !== null) {
      assert(!this.staticMembers.has(member.instanceId), `instance ${member.instanceId} joined ${this.groupId} twice`)
      this.staticMembers.set(member.instanceId, member.memberId)
    }
    if (this.members.size === 0) this.protocolType = member.protocolType
    assert(this.protocolType === member.protocolType, `member ${member.memberId} speaks another protocol type`)
    this.leader ??= member.memberId
    this.members.set(member.memberId, member)
    this.#countSupport(member.protocols, 1)
    this.setJoinWaiter(member, joinWaiter)
  }

  /** Forgets a member; the oldest other one leads when it was the leader. Timers and parked requests are the caller's. */
  remove(memberId: string): void {
    const member = this.members.get(memberId)
    if (member !== undefined) {
      this.members.delete(memberId)
      this.#countSupport(member.protocols, -1)
      this.setJoinWaiter(member, NO_WAITER)
      if (member.instanceId !== null) this.staticMembers.delete(member.instanceId)
    }
    if (this.leader === memberId) this.leader = this.members.keys().next().value ?? null
    this.pendingSyncs.delete(memberId)
  }

  /** Puts `next` in the place of the static member `old`: same instance, leadership kept. */
  replace(old: ClassicMember, next: ClassicMember): void {
    assert(old.instanceId !== null && old.instanceId === next.instanceId, 'only a static member can be replaced')
    this.members.delete(old.memberId)
    this.#countSupport(old.protocols, -1)
    this.setJoinWaiter(old, NO_WAITER)
    this.pendingSyncs.delete(old.memberId)
    this.members.set(next.memberId, next)
    this.#countSupport(next.protocols, 1)
    this.staticMembers.set(old.instanceId, next.memberId)
    if (this.leader === old.memberId) this.leader = next.memberId
  }

  setProtocols(member: ClassicMember, protocols: readonly MemberProtocol[]): void {
    this.#countSupport(member.protocols, -1)
    member.protocols = protocols
    this.#countSupport(protocols, 1)
  }

  setJoinWaiter(member: ClassicMember, waiter: number): void {
    if (member.joinWaiter !== NO_WAITER) this.awaitingJoinCount -= 1
    if (waiter !== NO_WAITER) this.awaitingJoinCount += 1
    member.joinWaiter = waiter
  }

  /** Whether somebody with these protocols could be a member: something in common with everyone already here. */
  supports(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0
    if (this.protocolType !== protocolType) return false
    return protocols.some((protocol) => (this.#supporters.get(protocol.name) ?? 0) === this.members.size)
  }

  /** The protocol with the most first choices among those that every member supports. */
  selectProtocol(): string {
    const candidates = new Set<string>()
    for (const [name, count] of this.#supporters) if (count === this.members.size) candidates.add(name)
    const votes = new Map<string, number>()
    for (const member of this.members.values()) {
      const choice = member.vote(candidates)
      assert(choice !== undefined, `member ${member.memberId} shares no protocol with group ${this.groupId}`)
      votes.set(choice, (votes.get(choice) ?? 0) + 1)
    }
    let best: string | undefined
    for (const [name, count] of votes) if (best === undefined || count > (votes.get(best) ?? 0)) best = name
    assert(best !== undefined, `group ${this.groupId} is empty and cannot choose a protocol`)
    return best
  }

  /** Makes sure the leader is one of those who have rejoined. @returns false when nobody has */
  electJoinedLeader(): boolean {
    if (this.leader === null) return false
    if (this.members.get(this.leader)?.joinWaiter !== NO_WAITER) return true
    for (const member of this.members.values()) {
      if (member.joinWaiter === NO_WAITER) continue
      this.leader = member.memberId
      return true
    }
    return false
  }

  /** Ends the join phase: next generation, protocol chosen, `CompletingRebalance` or, without members, `Empty`. */
  startGeneration(wallMs: number): void {
    this.generationId += 1
    this.protocolName = this.members.size === 0 ? null : this.selectProtocol()
    this.subscribedTopics = this.computeSubscribedTopics()
    this.pendingSyncs.clear()
    this.transitionTo(this.members.size === 0 ? 'Empty' : 'CompletingRebalance', wallMs)
  }

  computeSubscribedTopics(): ReadonlySet<string> | undefined {
    if (!this.usesConsumerProtocol) return undefined
    const topics = new Set<string>()
    for (const member of this.members.values()) {
      const own = this.protocolName === null ? undefined : subscribedTopicsOf(member.metadataFor(this.protocolName))
      if (own === undefined) return undefined
      for (const topic of own) topics.add(topic)
    }
    return topics
  }

  isSubscribedTo(topic: string): boolean {
    return this.subscribedTopics?.has(topic) ?? this.usesConsumerProtocol
  }

  /** Why a request that names this member must be refused, or `none`. */
  whyNotMember(memberId: string, instanceId: string | null): ErrorCode {
    if (instanceId !== null) {
      const holder = this.staticMembers.get(instanceId)
      if (holder === undefined) return ErrorCode.unknownMemberId
      if (holder !== memberId) return ErrorCode.fencedInstanceId
    }
    return this.members.has(memberId) ? ErrorCode.none : ErrorCode.unknownMemberId
  }

  #countSupport(protocols: readonly MemberProtocol[], step: number): void {
    for (const name of new Set(protocols.map((protocol) => protocol.name))) {
      const count = (this.#supporters.get(name) ?? 0) + step
      if (count === 0) this.#supporters.delete(name)
      else this.#supporters.set(name, count)
    }
  }
}
