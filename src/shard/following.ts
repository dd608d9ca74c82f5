// hot: per batch
import type { Clock, Logger } from '../io/ports.ts'
import { ErrorCode, errorName } from '../model/error-code.ts'
import { type Divergence, truncationOffset } from '../partition/divergence.ts'
import type { PartitionReplica } from '../partition/contract.ts'
import type { RecordCore } from '../wasm/contract.ts'
import { beginAtBatch } from './begin-at-batch.ts'
import type { FollowerPosition, Followers, PartitionFetching, Region, ShardCounters } from './contract.ts'
import type { OwnedPartition } from './owned-partition.ts'

/** What following needs from the rest of the shard. */
export interface FollowingHost {
  readonly clock: Clock
  readonly log: Logger
  readonly core: RecordCore
  readonly counters: ShardCounters
  find(handle: number): OwnedPartition | undefined
  all(): Iterable<OwnedPartition>
  /** The bytes are in the log at these offsets: they may be served from memory. Takes over the lease. */
  remember(partition: OwnedPartition, region: Region, baseOffset: number, nextOffset: number): void
  releaseRegion(region: Region): void
  /** The watermarks may have moved: wakes readers, syncs if the topic wants that. */
  conclude(partition: OwnedPartition): void
  failed(partition: OwnedPartition, code: ErrorCode): void
  wakeAll(partition: OwnedPartition): void
  /** Its log was cut, or begun anew. */
  rewound(partition: OwnedPartition): void
}

/**
 * The partitions of a shard that other brokers lead. Bytes come from whoever fetches (`broker/replication`), are written
 * at once, not at the end of the turn: the next fetch says how far the log reaches, and must not say more than is true.
 *
 * Every call names the term it belongs to. What was fetched in an older one is thrown away.
 */
export class Following implements Followers {
  readonly #host: FollowingHost
  readonly #position: FollowerPosition = { logStartOffset: 0, logEndOffset: 0, highWatermark: 0, latestEpoch: -1 }
  #fetching: PartitionFetching | undefined

  constructor(host: FollowingHost) {
    this.#host = host
  }

  fetchedBy(fetching: PartitionFetching): void {
    this.#fetching = fetching
    for (const partition of this.#host.all()) if (partition.isFollower) this.begin(partition)
  }

  /** A term as follower has begun, or its leader is another now. */
  begin(partition: OwnedPartition): void {
    const { assignment, isOffline } = partition
    const { role } = assignment
    if (role.kind !== 'follower' || isOffline) return
    if (role.leader < 0) {
      this.#fetching?.unfollow(assignment.handle)
      return
    }
    const { handle, topic, topicId, partition: number } = assignment
    const { leader, leaderEpoch } = role
    this.#fetching?.follow({ handle, topic, topicId, partition: number, leader, leaderEpoch })
  }

  /** It leads now, was given up or failed. */
  end(partition: OwnedPartition): void {
    this.#fetching?.unfollow(partition.assignment.handle)
  }

  position(handle: number, leaderEpoch: number): FollowerPosition | undefined {
    const replica = this.#replicaOf(handle, leaderEpoch)
    if (replica === undefined) return undefined
    const { position } = replica
    this.#position.logStartOffset = position.logStartOffset
    this.#position.logEndOffset = position.logEndOffset
    this.#position.highWatermark = position.highWatermark
    this.#position.latestEpoch = replica.latestEpoch
    return this.#position
  }

  append(
    handle: number,
    leaderEpoch: number,
    region: Region,
    leaderHighWatermark: number,
    leaderLogStart: number,
  ): ErrorCode {
    const replica = this.#replicaOf(handle, leaderEpoch)
    const partition = this.#host.find(handle)
    if (replica === undefined || partition === undefined) {
      this.#host.releaseRegion(region)
      return ErrorCode.notLeaderOrFollower
    }
    // A leader cuts the bytes anywhere; what is left over comes again.
    const sizeBytes = this.#host.core.wholeBatchesSize(region.at, region.sizeBytes)
    let code: ErrorCode = ErrorCode.none
    if (sizeBytes > 0) code = this.#write(partition, replica, region, sizeBytes)
    else this.#host.releaseRegion(region)
    if (code !== ErrorCode.none) return code
    return this.hear(handle, leaderEpoch, leaderHighWatermark, leaderLogStart)
  }

  hear(handle: number, leaderEpoch: number, leaderHighWatermark: number, leaderLogStart: number): ErrorCode {
    const replica = this.#replicaOf(handle, leaderEpoch)
    const partition = this.#host.find(handle)
    if (replica === undefined || partition === undefined) return ErrorCode.notLeaderOrFollower
    replica.advanceHighWatermark(leaderHighWatermark)
    if (leaderLogStart > replica.position.logStartOffset) {
      const code = replica.followLogStart(leaderLogStart)
      if (code !== ErrorCode.none) return this.#fail(partition, code)
    }
    this.#host.conclude(partition)
    return ErrorCode.none
  }

  diverged(handle: number, leaderEpoch: number, divergence: Divergence): ErrorCode {
    const replica = this.#replicaOf(handle, leaderEpoch)
    if (replica === undefined) return ErrorCode.notLeaderOrFollower
    const known = replica.endOffsetForEpoch(divergence.leaderEpoch)
    const { logEndOffset, highWatermark } = replica.position
    const offset = truncationOffset(divergence, known, logEndOffset)
    if (offset < highWatermark) {
      this.#host.log.warn(
        `${replica.topic}-${replica.partition} goes back to ${offset}, below its high watermark ${highWatermark}: ` +
          `the leader of epoch ${leaderEpoch} lacks what was replicated. It was elected from outside the in-sync set, or a disk lost data.`,
        { topic: replica.topic, partition: replica.partition, leaderEpoch },
      )
    }
    return this.truncate(handle, leaderEpoch, offset)
  }

  truncate(handle: number, leaderEpoch: number, offset: number): ErrorCode {
    return this.#rewind(handle, leaderEpoch, (replica) => replica.truncate(offset))
  }

  restart(handle: number, leaderEpoch: number, offset: number): ErrorCode {
    return this.#rewind(handle, leaderEpoch, (replica) => replica.restart(offset))
  }

  async sync(handle: number): Promise<ErrorCode> {
    const partition = this.#host.find(handle)
    const replica = partition?.replica
    if (partition === undefined || replica === undefined) return ErrorCode.notLeaderOrFollower
    const code = await replica.sync()
    // Moved to another log directory meanwhile: there everything was made durable before it took over.
    if (partition.replica !== replica) return ErrorCode.none
    return code === ErrorCode.none ? code : this.#fail(partition, code)
  }

  #write(partition: OwnedPartition, replica: PartitionReplica, region: Region, sizeBytes: number): ErrorCode {
    const { counters, clock } = this.#host
    beginAtBatch(replica, this.#host.core, region.at, sizeBytes)
    const staged = replica.stage(region.at, sizeBytes, 'replica', clock.wallMs())
    const { baseOffset, lastOffset, errorMessage } = replica.outcome
    // Of several batches the sound ones before a damaged one are staged: they are kept.
    const written = replica.flush()
    const code = staged === ErrorCode.none ? written : staged
    if (code !== ErrorCode.none) {
      this.#host.releaseRegion(region)
      if (written !== ErrorCode.none || staged === ErrorCode.kafkaStorageError) return this.#fail(partition, code)
      this.#host.log.warn(
        `${replica.topic}-${replica.partition} cannot take what its leader sent: ${errorMessage || errorName(code)}`,
        { topic: replica.topic, partition: replica.partition, code },
      )
      return code
    }
    counters.replicatedBytesIn += sizeBytes
    counters.flushes += 1
    partition.noteFlushed(sizeBytes)
    if (partition.unsyncedMessages === 0) partition.unsyncedSinceMs = clock.monotonicMs()
    partition.unsyncedMessages += lastOffset - baseOffset + 1
    if (partition.unsyncedMessages >= partition.assignment.config.flushMessages) partition.isSyncDue = true
    const whole = { at: region.at, sizeBytes, chunk: region.chunk }
    this.#host.remember(partition, whole, baseOffset, lastOffset + 1)
    return ErrorCode.none
  }

  #rewind(handle: number, leaderEpoch: number, work: (replica: PartitionReplica) => ErrorCode): ErrorCode {
    const replica = this.#replicaOf(handle, leaderEpoch)
    const partition = this.#host.find(handle)
    if (replica === undefined || partition === undefined) return ErrorCode.notLeaderOrFollower
    partition.hot.clear()
    const code = work(replica)
    partition.forgetMoves()
    this.#host.rewound(partition)
    this.#host.wakeAll(partition)
    return code === ErrorCode.none ? code : this.#fail(partition, code)
  }

  #fail(partition: OwnedPartition, code: ErrorCode): ErrorCode {
    if (!partition.isOffline) {
      partition.isOffline = true
      partition.failureCode = code
      this.#host.failed(partition, code)
    }
    return code
  }

  #replicaOf(handle: number, leaderEpoch: number): PartitionReplica | undefined {
    const partition = this.#host.find(handle)
    if (partition === undefined || !partition.isFollower || partition.isOffline) return undefined
    return partition.assignment.leaderEpoch === leaderEpoch ? partition.replica : undefined
  }
}
