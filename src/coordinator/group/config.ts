/** What an operator may set about groups. Names in the comments are the keys of Kafka's server.properties. */
export interface GroupConfig {
  /** `group.min.session.timeout.ms` and `group.max.session.timeout.ms`: what a member may ask for. */
  readonly sessionTimeoutMinMs: number
  readonly sessionTimeoutMaxMs: number
  /** `group.initial.rebalance.delay.ms`: how long an empty group waits for more members after the first. */
  readonly initialRebalanceDelayMs: number
  /** `group.max.size`: members of one group. */
  readonly memberCountMax: number
  /** `offset.metadata.max.bytes`: characters of the text kept with an offset. */
  readonly offsetMetadataSizeMax: number
  /** `offsets.retention.minutes`, in milliseconds: how long offsets outlive the last use of their group. */
  readonly offsetsRetentionMs: number
  /** How long a parked JoinGroup of a member that does not know its id yet is believed in. Kafka fixes it at five minutes. */
  readonly newMemberJoinTimeoutMs: number
  /**
   * Member ids handed out (KIP-394) and not yet used, per group. Kafka has no such bound; without one a client that
   * asks in a loop costs memory for a whole session timeout per id.
   */
  readonly pendingMemberCountMax: number
}

/** Kafka's defaults. */
export const DEFAULT_GROUP_CONFIG: GroupConfig = {
  sessionTimeoutMinMs: 6_000,
  sessionTimeoutMaxMs: 1_800_000,
  initialRebalanceDelayMs: 3_000,
  memberCountMax: 2_147_483_647,
  offsetMetadataSizeMax: 4_096,
  offsetsRetentionMs: 10_080 * 60_000,
  newMemberJoinTimeoutMs: 300_000,
  pendingMemberCountMax: 100_000,
}
