/**
 * Faults that the product does not have: each breaks one promise of the table in README.md, and a check must see it. A
 * simulator that is green because it looks at nothing would be green here, too.
 *
 * A mutation is a change of text. Where the text has changed it applies nowhere, and says so (`mutations.test.ts`): point it at
 * where that rule stands now.
 */

export interface Patch {
  /** Below the repository. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly before: string
  readonly after: string
}

export interface Mutation {
  /** What the product does wrong. */
  readonly fault: string
  readonly patches: readonly Patch[]
}

const LEADERSHIP = 'src/partition/leadership.ts'
const IN_SYNC_CHANGES = 'src/cluster/in-sync-changes.ts'
const APPENDS = 'src/shard/appends.ts'
const APPEND_RULES = 'src/partition/append-rules.ts'
const ELECTIONS = 'src/cluster/elections.ts'
const AGENT = 'src/cluster/agent/agent.ts'
const OFFICE = 'src/cluster/office.ts'
const LEADER_FETCHER = 'src/broker/replication/leader-fetcher.ts'
const OWNERSHIP = 'src/shard/ownership.ts'
const READS = 'src/shard/reads.ts'
const REPLICA = 'src/partition/replica.ts'

/** One change in one file. */
function mutation(fault: string, file: string, before: string, after: string): Mutation {
  return { fault, patches: [{ file, before, after }] }
}

const HIGH_WATERMARK: readonly Mutation[] = [
  mutation(
    'the high watermark does not wait for followers',
    LEADERSHIP,
    '      if (counts) confirmed = follower.endOffset\n',
    '',
  ),
  mutation(
    'the high watermark moves while fewer than min.insync.replicas are in sync',
    LEADERSHIP,
    '    if (this.isUnderMinimum(minInSyncReplicas)) return -1\n',
    '',
  ),
  mutation(
    'consumers are shown what is not replicated',
    READS,
    'position.lastStableOffset : position.highWatermark\n',
    'position.lastStableOffset : position.logEndOffset\n',
  ),
  mutation(
    'a replica that starts takes all of its log for replicated',
    REPLICA,
    '    if (!this.#isReplicated) this.#log.state.highWatermark = this.#log.state.logEndOffset\n',
    '    this.#log.state.highWatermark = this.#log.state.logEndOffset\n',
  ),
]

const ACKNOWLEDGEMENTS: readonly Mutation[] = [
  mutation(
    'acks=all is answered before replicas have it',
    APPENDS,
    '      pending.acks === ACKS_ALL && replica !== undefined && replica.position.highWatermark <= pending.lastOffset',
    '      pending.acks > 1 && replica !== undefined && replica.position.highWatermark <= pending.lastOffset',
  ),
  mutation(
    'a leader that is deposed acknowledges what waits for followers',
    OWNERSHIP,
    '      replica.becomeFollower(role.leaderEpoch)\n      this.#appends.abandon(partition, ErrorCode.notLeaderOrFollower)',
    '      replica.becomeFollower(role.leaderEpoch)\n      this.#appends.abandon(partition, ErrorCode.none)',
  ),
  {
    fault: 'durable acknowledgements do not wait for the disk of the leader',
    patches: [
      { file: APPENDS, before: '    if (this.#host.isAckDurable && pending.acks !== 0) return true\n', after: '' },
      {
        file: 'src/shard/leading.ts',
        before: '    if (isAckDurable && confirmed > replica.durableEndOffset) {\n',
        after: '    if (isAckDurable && confirmed < 0) {\n',
      },
    ],
  },
  {
    fault: 'durable acknowledgements do not wait for the disks of followers',
    patches: [
      {
        file: LEADER_FETCHER,
        before: '    if (this.#parts.settings.isDurable) this.#unsynced.add(handle)\n    const partition',
        after: '    const partition',
      },
      {
        file: LEADER_FETCHER,
        before: '    if (this.#parts.settings.isDurable) this.#unsynced.add(handle)\n    return',
        after: '    return',
      },
    ],
  },
]

const IN_SYNC_SETS: readonly Mutation[] = [
  mutation(
    'a follower is in sync before it has caught up',
    LEADERSHIP,
    '    if (follower.endOffset < highWatermark || follower.endOffset < this.startOffset) return undefined\n',
    '',
  ),
  {
    fault: 'who is about to be let in does not count (the maximal set is not)',
    patches: [
      {
        file: LEADERSHIP,
        before: 'return this.inSyncReplicas.includes(id) || this.#proposed?.includes(id) === true',
        after: 'return this.inSyncReplicas.includes(id)',
      },
      {
        file: LEADERSHIP,
        before: '        (follower.isCaughtUp(logEndOffset, nowMs, lagMaxMs) && isEligible(follower.id))',
        after: '        (follower.isCaughtUp(logEndOffset, nowMs, lagMaxMs) && false)',
      },
    ],
  },
  mutation(
    'who is proposed to leave counts no more before the controller agrees',
    LEADERSHIP,
    'return this.inSyncReplicas.includes(id) || this.#proposed?.includes(id) === true',
    'return (this.#proposed ?? this.inSyncReplicas).includes(id)',
  ),
  mutation(
    'a leader takes followers out of the in-sync set on its own',
    LEADERSHIP,
    '    return staying.length === this.inSyncReplicas.length ? undefined : this.#propose(staying)\n',
    '    if (staying.length === this.inSyncReplicas.length) return undefined\n    this.inSyncReplicas = staying\n    return this.#propose(staying)\n',
  ),
  {
    fault: 'AlterPartition of a leader of the past is obeyed',
    patches: [
      {
        file: IN_SYNC_CHANGES,
        before:
          "  if (change.leaderEpoch < state.leaderEpoch) return { kind: 'refused', code: ErrorCode.fencedLeaderEpoch }\n",
        after: '',
      },
      {
        file: IN_SYNC_CHANGES,
        before: "  if (state.leader !== brokerId) return { kind: 'refused', code: ErrorCode.invalidRequest }\n",
        after: '',
      },
      {
        file: IN_SYNC_CHANGES,
        before:
          "  if (change.partitionEpoch < stateVersion) return { kind: 'refused', code: ErrorCode.invalidUpdateVersion }\n",
        after: '',
      },
    ],
  },
  mutation(
    'AlterPartition of an earlier life of a broker is obeyed',
    IN_SYNC_CHANGES,
    '  if (state.brokers.get(request.brokerId)?.epoch !== request.brokerEpoch) {',
    '  if (!state.brokers.has(request.brokerId)) {',
  ),
]

const HISTORIES: readonly Mutation[] = [
  mutation(
    'a leader does not tell where histories part',
    READS,
    '  if (slot.lastFetchedEpoch >= 0 && hasDiverged(replica, slot)) return\n',
    '',
  ),
  mutation(
    'followers cut their logs to their high watermarks instead of by epochs',
    LEADER_FETCHER,
    '    if (position.latestEpoch < 0 && position.logEndOffset > position.highWatermark) {',
    '    if (position.logEndOffset > position.highWatermark) {',
  ),
  mutation(
    'a follower cuts one record too many',
    'src/partition/divergence.ts',
    '  return Math.min(known.endOffset, divergence.endOffset, logEndOffset)\n',
    '  return Math.max(0, Math.min(known.endOffset, divergence.endOffset, logEndOffset) - 1)\n',
  ),
  mutation(
    'a follower writes what it was sent in a term that is over',
    'src/shard/following.ts',
    '    return partition.assignment.leaderEpoch === leaderEpoch ? partition.replica : undefined\n',
    '    return partition.assignment.leaderEpoch >= leaderEpoch ? partition.replica : undefined\n',
  ),
  mutation(
    'a new leader has the epoch of the old one',
    ELECTIONS,
    '    state: { controllerEpoch, leader, leaderEpoch: state.leaderEpoch + 1, inSyncReplicas, isRecovering },',
    '    state: { controllerEpoch, leader, leaderEpoch: state.leaderEpoch, inSyncReplicas, isRecovering },',
  ),
  mutation(
    'whoever lives is elected, in sync or not',
    ELECTIONS,
    'alive.has(replica) && state.inSyncReplicas.includes(replica))',
    'alive.has(replica))',
  ),
]

const PRODUCERS: readonly Mutation[] = [
  mutation(
    'batches that come twice are not recognised',
    APPEND_RULES,
    '      if (row >= 0) {\n',
    '      if (row > 1_000) {\n',
  ),
  mutation(
    'batches of a producer may come in any order',
    'src/log/producer-state.ts',
    '      } else if (baseSequence !== nextSequence(entry)) {\n',
    '      } else if (baseSequence < 0) {\n',
  ),
  mutation(
    'what is known of producers is lost when the leader changes',
    REPLICA,
    '    if (leaderEpoch > NO_EPOCH) this.#log.state.epochs.assign(leaderEpoch, this.#log.state.logEndOffset)\n',
    '    if (leaderEpoch > NO_EPOCH) this.#log.state.epochs.assign(leaderEpoch, this.#log.state.logEndOffset)\n    this.#log.state.producers.clear()\n',
  ),
  mutation(
    'followers learn nothing of producers',
    APPEND_RULES,
    '      const aborted = replayBatch(producers, this.#environment.view, position, batchSizeBytes)\n',
    '      const aborted = undefined as ReturnType<typeof replayBatch>\n',
  ),
]

const GROUPS: readonly Mutation[] = [
  mutation(
    'a commit is answered before it is written',
    'src/broker/groups/methods.ts',
    "  if (written === undefined) return value\n  const code = await written\n  return code === ErrorCode.none ? value : refusal('commitOffsets', request, code)",
    '  return value',
  ),
  mutation(
    'a coordinator trusts its memory after others have led',
    'src/broker/groups/group-coordinator.ts',
    '      if (host !== undefined && host.ref.handle === row.handle && host.leaderEpoch === row.leaderEpoch) continue\n',
    '      if (host !== undefined && host.ref.handle === row.handle) continue\n',
  ),
  mutation(
    'a coordinator that gives a partition up keeps answering from memory',
    'src/broker/groups/group-coordinator.ts',
    '      if (!owned.has(host.ref.partition)) this.#giveUp(host)\n',
    '      if (topic === undefined) this.#giveUp(host)\n',
  ),
  mutation(
    'a new coordinator reads only what it knows to be replicated',
    'src/shard/internal-records.ts',
    '  const until = source.replica.position.logEndOffset\n',
    '  const until = source.replica.position.highWatermark\n',
  ),
]

const CONTROLLERS: readonly Mutation[] = [
  mutation(
    'a controller writes although another was elected',
    'src/cluster/guarded-writer.ts',
    "    const guard: MultiOperation = { kind: 'check', path: this.#path, version: this.#version }\n",
    "    const guard: MultiOperation = { kind: 'check', path: this.#path, version: -1 }\n",
  ),
  mutation(
    'commands of a controller of the past are obeyed',
    AGENT,
    '    if (command.controllerEpoch < this.#controllerEpoch) {\n',
    '    if (command.controllerEpoch < 0) {\n',
  ),
  mutation(
    'a command that did not get through is not made good',
    OFFICE,
    '    if (isAnotherLife || this.#behind.has(brokerId)) return\n',
    '    if (isAnotherLife || brokerId >= 0) return\n',
  ),
  mutation(
    'brokers are not told of in-sync sets that change (UpdateMetadata is lost)',
    IN_SYNC_CHANGES,
    '  for (const { topic, record } of written) batch.addMetadata(topic, record.partition)\n',
    '',
  ),
  mutation(
    'who is elected controller does not complete the moves of the last one',
    OFFICE,
    '    await reassignments.wishedFor(watchers.onReassignments)\n    await reassignments.complete()\n    await this.preferredElectionWished()\n',
    '    await reassignments.wishedFor(watchers.onReassignments)\n    await this.preferredElectionWished()\n',
  ),
  mutation(
    'who is elected controller does not complete the deletions of the last one',
    OFFICE,
    '    await new TopicDeletions(context).deleteWished(loaded.deleting)\n',
    '',
  ),
  mutation(
    'a replica that moves away may go before the new ones are in sync',
    'src/cluster/decide-reassign.ts',
    '  if (!target.every((replica) => state.inSyncReplicas.includes(replica))) return undefined\n',
    '',
  ),
  mutation(
    'a broker that comes back is not told what it missed',
    OFFICE,
    '    for (const id of back) batch.addEverything(id)\n',
    '',
  ),
]

const FILES: readonly Mutation[] = [
  mutation(
    'files of a topic that was deleted stay',
    OWNERSHIP,
    '    partition.replica?.remove()\n',
    '    partition.replica?.close()\n',
  ),
  mutation(
    'a broker that was away does not delete the files of topics that went meanwhile',
    'src/cluster/agent/replicas.ts',
    '      else if (hasFiles(topic, partition)) removed.push(strayReplica(topic, partition, place(topic, partition)))\n',
    '',
  ),
]

/** By what they break. */
export const MUTATIONS: readonly Mutation[] = [
  ...HIGH_WATERMARK,
  ...ACKNOWLEDGEMENTS,
  ...IN_SYNC_SETS,
  ...HISTORIES,
  ...PRODUCERS,
  ...GROUPS,
  ...CONTROLLERS,
  ...FILES,
]

/**
 * The text of a file with the change made.
 *
 * @throws Error when the text to be changed does not stand there exactly once
 */
export function patched(text: string, { file, before, after }: Patch): string {
  const count = text.split(before).length - 1
  if (count !== 1) throw new Error(`${file} has ${count} places, and not one, that read: ${before.trim()}`)
  return text.replace(before, () => after)
}
