/**
 * Faults that the product had, and the tests that stand for them. Each entry takes one mend back, and its tests must fail then: a
 * story that is green without the mend tells of something else.
 */
import type { Mutation, Patch } from './mutations.ts'

export interface MendedFault extends Mutation {
  /** Each of them fails where the mend is missing. */
  readonly tests: readonly { readonly file: string; readonly name: string }[]
}

const STORIES = 'test/sim/cluster/scenarios.test.ts'
const RECOVERY = 'test/unit/log/recovery.test.ts'
const POWER_LOSS = 'test/unit/log/power-loss.test.ts'
const DISKS = 'test/sim/cluster/disks.test.ts'
const BROKERS = 'test/unit/cluster/brokers.test.ts'
const CUT_OFF_READING = 'test/unit/cluster/cut-off-reading.test.ts'
const RELOCATION = 'test/unit/broker/replication/relocation.test.ts'
const PRODUCER = 'test/unit/client/producer.test.ts'
const OLD_LEADERS = 'test/unit/client/old-leaders.test.ts'
const FAST_DETECTION = 'test/unit/cluster/fast-detection.test.ts'
const FETCH = 'test/unit/broker/fetch.test.ts'

function mended(fault: string, patches: readonly Patch[], ...tests: MendedFault['tests']): MendedFault {
  return { fault, patches, tests }
}

const LOGS: readonly MendedFault[] = [
  mended(
    'a high watermark that nobody wrote down was the log end',
    [
      {
        file: 'src/log/log-recovery.ts',
        before: '  state.highWatermark = Math.max(knownHighWatermark, state.logStartOffset)\n',
        after:
          '  state.highWatermark = knownHighWatermark < 0 ? state.logEndOffset : Math.max(knownHighWatermark, state.logStartOffset)\n',
      },
    ],
    { file: RECOVERY, name: 'what nobody is known to have replicated is not below the high watermark after a restart' },
    {
      file: STORIES,
      name: 'a leader that had everything in its memory alone shows nothing of it after a restart',
    },
  ),
  mended(
    'epochs were not durable with the offsets that vouch for them',
    [
      {
        file: 'src/log/log-sync.ts',
        before: '      if (state.epochs.version !== state.epochs.durableVersion) await syncEpochs(state)\n',
        after: '',
      },
    ],
    { file: POWER_LOSS, name: 'a checkpoint that outlives a loss of power finds the epochs of what it vouches for' },
  ),
  mended(
    'a log that lost the end of a segment had a hole',
    [
      {
        file: 'src/log/log-recovery.ts',
        before: '    if (index > start.segmentIndex && isSevered(state, segment)) {\n',
        after: '    if (index < start.segmentIndex && isSevered(state, segment)) {\n',
      },
    ],
    {
      file: RECOVERY,
      name: 'a segment that lost its end, at the end of a batch, takes the later ones with it: a log has no hole',
    },
  ),
  mended(
    'of a producer’s batches only the last outlived a restart',
    [
      {
        file: 'src/log/producer-snapshot.ts',
        before: '  return Math.max(0, entry.batchCount - 1)\n',
        after: '  return Math.min(0, entry.batchCount)\n',
      },
    ],
    {
      file: RECOVERY,
      name: 'a client that sends its last five batches again after a restart is recognised, wherever the snapshot lies',
    },
  ),
  mended(
    'an old end that a power loss brought back counted behind a newer history',
    [
      {
        file: 'src/log/log-recovery.ts',
        before: '    if (isOlder && firstOffset >= state.epochs.latestStartOffset) return false\n',
        after: '',
      },
    ],
    { file: POWER_LOSS, name: 'batches of an older history behind those of a newer one are not the log’s' },
  ),
  mended(
    'a log that was cut could get the checkpoint of before the cut back, beside what was appended since',
    [
      {
        file: 'src/log/partition-log.ts',
        before:
          "    return state.unsafeCut === undefined || attempt(state, 'making a cut durable', () => syncCutNow(state))\n",
        after: '    return true\n',
      },
    ],
    { file: POWER_LOSS, name: 'the checkpoint of before a cut does not come back beside what was appended after it' },
  ),
  mended(
    'a directory could not be opened by who does not know its topic id, to delete it',
    [
      {
        file: 'src/log/partition-metadata.ts',
        before: "  if (topicId === '') return\n",
        after: '',
      },
    ],
    {
      file: STORIES,
      name: 'a topic is deleted while one of its brokers is down: the broker comes back, deletes its part and lives',
    },
  ),
]

const CONTROL: readonly MendedFault[] = [
  mended(
    'a broker that took the ZooKeeper server along was not replaced before its session expired',
    [{ file: 'src/cluster/controller.ts', before: '    await this.#gone.takeBrokers()\n', after: '' }],
    {
      file: FAST_DETECTION,
      name: 'a broker that takes the ZooKeeper server of the controller along is replaced as soon as another is found',
    },
  ),
  mended(
    'a controller whose reading of the tree was cut off told everybody that there are no topics',
    [
      {
        file: 'src/cluster/controller.ts',
        before: '    await office.trustAgain()\n    if (this.office === office) await work(office)\n',
        after: '    await work(office)\n',
      },
    ],
    {
      file: CUT_OFF_READING,
      name: 'a controller whose first reading of the tree was cut off tells nobody that there are no topics',
    },
  ),
  mended(
    'a broker that was cut off while its replica moved away kept it',
    [
      {
        file: 'src/cluster/agent/agent.ts',
        before: '    if (command.isFull) await this.#closeStrays(command)\n',
        after: '',
      },
    ],
    { file: STORIES, name: 'a broker that was cut off while its replica moved away gives it up when it is back' },
  ),
  mended(
    'another life of a broker that only a reading of the tree shows was not told from the last',
    [{ file: 'src/cluster/office.ts', before: '      this.#forgetLife(id)\n    }\n', after: '    }\n' }],
    { file: BROKERS, name: 'a broker that left and came back while the controller could not look is let in again' },
  ),
  mended(
    'others did not take over from a broker whose other life only a reading of the tree shows',
    [
      {
        file: 'src/cluster/office.ts',
        before: '      if (now !== undefined) this.#restarted.add(id)\n',
        after: '',
      },
    ],
    { file: BROKERS, name: 'a leader that bounced while the controller could not look gives way to others in sync' },
  ),
  mended(
    'who was about to stop went on fetching where it did not count any more, and was waited for',
    [
      {
        file: 'src/cluster/agent/replicas.ts',
        before: '  const isNeeded = !isLeaving || inSyncReplicas.includes(brokerId)\n',
        after: '  const isNeeded = !isLeaving || leader >= 0\n',
      },
    ],
    {
      file: 'test/unit/cluster/leaving.test.ts',
      name: 'who leaves fetches nothing more where it does not count any more: its leaders would ask for it to be let in again',
    },
  ),
  mended(
    'the last portion of a handover was not waited for',
    [
      {
        file: 'src/cluster/leaving.ts',
        before: '    if (leftMs > 0) await forSomeTime(timers, leftMs, others)\n',
        after: '',
      },
      {
        file: 'src/cluster/leaving.ts',
        before: 'context.answerAfter(others, ANSWER_WAIT_MS)',
        after: 'context.answerAfter(others)',
      },
    ],
    {
      file: 'test/unit/cluster/leaving.test.ts',
      name: 'the answer waits until the last new leader is at work, longer than any other answer waits',
    },
  ),
  mended(
    'a move that was called off dropped the only replica in sync',
    [
      {
        file: 'src/cluster/decide-reassign.ts',
        before: '  const kept = movement.adding.filter((replica) => inSync.includes(replica))\n',
        after: '  const kept = movement.adding.filter((replica) => inSync.includes(replica) && false)\n',
      },
    ],
    {
      file: 'test/sim/cluster/moves.test.ts',
      name: 'a move is called off when only a replica that it had added is left: that one stays until the others have it all',
    },
  ),
  mended(
    'a connection that broke ended a start',
    [
      {
        file: 'src/cluster/controller.ts',
        before: '          if (!isPassing(error) || attempt === JOINS_MAX) throw error\n',
        after: '          if (attempt >= 1 || !isPassing(error)) throw error\n',
      },
    ],
    {
      file: 'test/unit/cluster/fencing.test.ts',
      name: 'a connection that breaks while a node joins does not end its start',
    },
  ),
]

const REPLICATION: readonly MendedFault[] = [
  mended(
    'a follower whose history parted did not hear of the high watermark again',
    [
      {
        file: 'src/broker/fetch/fetch-partition.ts',
        before: '  const isHeard = code === ErrorCode.none && slot.divergingEpoch < 0\n',
        after: '  const isHeard = code === ErrorCode.none\n',
      },
    ],
    {
      file: STORIES,
      name: 'a follower whose history parted hears of the high watermark again although nothing new is written',
    },
  ),
  mended(
    'a coordinator that took over read only up to the high watermark that it knew',
    [
      {
        file: 'src/shard/internal-records.ts',
        before: '  const until = source.replica.position.logEndOffset\n',
        after: '  const until = source.replica.position.highWatermark\n',
      },
    ],
    {
      file: 'test/unit/shard/internal-records.test.ts',
      name: 'a coordinator that takes over reads to the log end: the high watermark it knows may lag behind what was acknowledged',
    },
  ),
  mended(
    'with durable acknowledgements a record was shown that its leader had in memory alone',
    [
      {
        file: 'src/shard/leading.ts',
        before: '    if (isAckDurable && confirmed > replica.durableEndOffset) {\n',
        after: '    if (isAckDurable && confirmed < 0) {\n',
      },
    ],
    { file: DISKS, name: 'nobody is shown a record that its leader has in memory alone' },
  ),
  mended(
    'a follower called durable what an earlier process had left in the memory of its machine',
    [
      {
        file: 'src/broker/replication/leader-fetcher.ts',
        before: '    if (this.#parts.settings.isDurable) this.#unsynced.add(handle)\n    const partition',
        after: '    const partition',
      },
    ],
    {
      file: DISKS,
      name: 'a follower that comes back does not call durable what an earlier process left in the memory of the machine',
    },
  ),
  mended(
    'a sync under way when a moved log took over took the partition offline',
    [
      {
        file: 'src/shard/appends.ts',
        before: '      this.#synced(partition, covered, isCurrent ? code : ErrorCode.none)\n',
        after: '      this.#synced(partition, covered, isCurrent ? code : code)\n',
      },
    ],
    {
      file: RELOCATION,
      name: 'a sync that is under way when the new log takes over harms nobody: what waited for it is acknowledged',
    },
  ),
  mended(
    'a copy of a deleted topic’s was taken for the new one’s',
    [
      {
        file: 'src/partition/future-replica.ts',
        before: '  if (found !== undefined && !belongsTo(',
        after: '  if (found === topicId && !belongsTo(',
      },
    ],
    { file: RELOCATION, name: 'a copy that was left behind by a deleted topic of the same name is thrown away' },
  ),
  mended(
    'a log that began anew inside a batch could not take that batch',
    [
      {
        file: 'src/shard/begin-at-batch.ts',
        before: 'baseOffset + lastOffsetDelta >= logEndOffset) replica.restart(baseOffset)',
        after: 'baseOffset + lastOffsetDelta < logEndOffset) replica.restart(baseOffset)',
      },
    ],
    {
      file: RELOCATION,
      name: 'records deleted up to the middle of a batch stay deleted, and open transactions stay open, over a move',
    },
  ),
  mended(
    'groups with a negative hash lay in another partition than in Kafka',
    [
      {
        file: 'src/broker/groups/group-service.ts',
        before: '  return (hash === -0x8000_0000 ? 0 : Math.abs(hash)) % partitionCount\n',
        after: '  return (hash & 0x7fff_ffff) % partitionCount\n',
      },
    ],
    {
      file: 'test/unit/broker/groups/group-coordinator.test.ts',
      name: "groups are placed by Java's hash of their name",
    },
  ),
]

const CLIENTS: readonly MendedFault[] = [
  mended(
    'what a follower was told in the term before counted as heard, and it was never told again',
    [
      {
        file: 'src/broker/fetch/fetch-partition.ts',
        before: '  if (asked.currentLeaderEpoch !== partition.currentLeaderEpoch) {\n',
        after: '  if (asked.currentLeaderEpoch < -1) {\n',
      },
    ],
    {
      file: FETCH,
      name: 'who asks in another leader epoch is told the watermarks again: what it was told in the one before it may not have heard',
    },
  ),
  mended(
    'sends that wait for a topic to be known started in any order',
    [
      {
        file: 'src/client/producer/producer.ts',
        before: '    if (asked !== undefined) return asked\n',
        after: '    if (asked !== undefined && name === undefined) return asked\n',
      },
    ],
    {
      file: PRODUCER,
      name: 'while a topic is not known, as to a broker that has just started, what is sent keeps its order',
    },
  ),
  mended(
    'the second batch of a producer could overtake its first',
    [
      {
        file: 'src/client/producer/partition-queue.ts',
        before:
          '    if (this.#policy.isIdempotent && !this.#isKnown && this.#inFlight.length > 0) return Number.POSITIVE_INFINITY\n',
        after: '',
      },
    ],
    {
      file: PRODUCER,
      name: 'never more than five produce requests are unanswered, and one until the leader is known to know the producer',
    },
  ),
  mended(
    'a client believed metadata of leaders of the past',
    [
      {
        file: 'src/client/cluster.ts',
        before: '    return before !== undefined && before.leaderEpoch > partition.leaderEpoch ? before : partition\n',
        after: '    return partition\n',
      },
    ],
    {
      file: OLD_LEADERS,
      name: 'a broker that was cut off tells of the leader before: the client stays with the newer one',
    },
  ),
  mended(
    'a consumer believed a leader of the past that its place does not exist',
    [
      {
        file: 'src/client/consumer/fetcher.ts',
        before:
          '        currentLeaderEpoch: this.#cluster.knownTopic(topic)?.partitions[partition]?.leaderEpoch ?? -1,\n',
        after: '        currentLeaderEpoch: -1,\n',
      },
    ],
    {
      file: OLD_LEADERS,
      name: 'a leader that does not know of its own new term must not say that a reader’s place does not exist',
    },
  ),
]

export const MENDED: readonly MendedFault[] = [...LOGS, ...CONTROL, ...REPLICATION, ...CLIENTS]
