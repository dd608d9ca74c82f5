/**
 * What the coordinator keeps in `__consumer_offsets`, as plain values. The driver turns them into Kafka's bytes and
 * back; replaying what was written gives the same state.
 */

/** One member as the log keeps it: only what the chosen protocol needs survives a change of coordinator. */
interface MemberRecord {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  readonly subscription: Uint8Array
  readonly assignment: Uint8Array
}

/** A whole generation of a classic group. */
export interface GroupRecord {
  readonly kind: 'group'
  readonly groupId: string
  /** Empty when no member has ever joined. */
  readonly protocolType: string
  readonly generationId: number
  readonly protocolName: string | null
  readonly leader: string | null
  /** Wall milliseconds at which the group entered its state, -1 unknown. */
  readonly stateTimestampMs: number
  readonly members: readonly MemberRecord[]
}

interface GroupTombstone {
  readonly kind: 'groupTombstone'
  readonly groupId: string
}

/** One committed offset. Also the value that the offset store keeps: nothing is copied after the commit. */
export interface OffsetRecord {
  readonly kind: 'offset'
  readonly groupId: string
  readonly topic: string
  /** `ZERO_UUID` when the committer did not know it. */
  readonly topicId: string
  readonly partition: number
  readonly offset: number
  /** -1 unknown. */
  readonly leaderEpoch: number
  readonly metadata: string
  /** Wall milliseconds. */
  readonly commitTimestampMs: number
  /** Wall milliseconds given by OffsetCommit 2–4, -1 for the broker's retention. */
  readonly expireTimestampMs: number
}

interface OffsetTombstone {
  readonly kind: 'offsetTombstone'
  readonly groupId: string
  readonly topic: string
  readonly partition: number
}

export type CoordinatorRecord = GroupRecord | GroupTombstone | OffsetRecord | OffsetTombstone
