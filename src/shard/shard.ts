import { assert } from '../base/assert.ts'
import type { Clock, Disk, Logger, Mailbox, Timers, TurnScheduler } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import type {
  InSyncDecision,
  InSyncProposal,
  OffsetAnswer,
  PartitionReplica,
  ProducerSnapshotRow,
} from '../partition/contract.ts'
import type { RecordCodec, RecordCore } from '../wasm/contract.ts'
import { ARENA_CHUNK_SIZE_BYTES, LANDING_SIZE_BYTES, type ShardMemory, shardMemory } from '../wasm/memory-map.ts'
import { Appends } from './appends.ts'
import { ShardArena } from './arena.ts'
import { BorrowedRuns } from './borrowed-runs.ts'
import * as cold from './cold-calls.ts'
import type {
  AppendSink,
  FetchWaiter,
  InternalRecord,
  LogDirectoryRow,
  PartitionAssignment,
  PartitionRef,
  ReadSlot,
  Region,
  Shards,
} from './contract.ts'
import { Counters } from './counters.ts'
import { Deadlines } from './deadlines.ts'
import { Deletions } from './deletions.ts'
import { Following } from './following.ts'
import { HopServer } from './hop-server.ts'
import { Hops } from './hops.ts'
import { Leading } from './leading.ts'
import { levelOf } from './read-level.ts'
import { type InternalAppendResult, InternalAppends, replayRecords } from './internal-records.ts'
import type { OwnedPartition, Parked } from './owned-partition.ts'
import { type Leftovers, Ownership } from './ownership.ts'
import { type HotMemory, readPartition } from './reads.ts'
import { type RelocationPorts, Relocations } from './relocations.ts'
import { Waiters } from './waiters.ts'

/** Unleased memory kept as hot tail on each shard, unless configured. */
export const HOT_TAIL_SIZE_BYTES_DEFAULT: number = 64 * 1024 * 1024

const ACKS_ALL = -1
/** Kafka's default of `replica.lag.time.max.ms`. */
const REPLICA_LAG_MAX_MS = 30_000

export interface ShardOptions {
  readonly index: number
  readonly shardCount: number
  readonly core: RecordCore
  readonly codec: RecordCodec
  readonly clock: Clock
  readonly timers: Timers
  readonly turns: TurnScheduler
  readonly disk: Disk
  readonly log: Logger
  readonly openPartition: (assignment: PartitionAssignment) => PartitionReplica
  readonly onPartitionFailed: (assignment: PartitionAssignment, code: ErrorCode) => void
  /** One mailbox per shard, by index; undefined at our own. */
  readonly neighbours: readonly (Mailbox | undefined)[]
  /** Most bytes of unleased arena that keep newest batches readable from memory; never more than half the arena. */
  readonly hotTailSizeBytes?: number
  /** This node's id among the replicas. */
  readonly brokerId: number
  /** `replica.lag.time.max.ms` */
  readonly replicaLagMaxMs?: number
  /** Whether a broker may be in sync: it is registered and not shutting down, as far as this node knows. */
  readonly isEligible?: (broker: number) => boolean
  /** Asks the controller for another in-sync set. Never rejects. */
  readonly proposeInSync?: (proposal: InSyncProposal) => Promise<InSyncDecision>
  /** How replicas move to other log directories; left out where there is only one. */
  readonly relocation?: RelocationPorts
  readonly leftovers?: Leftovers
  /** `jackdaw.acks.durable`: acknowledge (acks 1 and all) only what is on the disk. */
  readonly isAckDurable?: boolean
}

/**
 * The owning half of a worker. Lives on the worker's thread and is used by nobody else.
 *
 * One turn: the loop's poll phase runs sockets and mailboxes, which append and read; then `#turn` writes every dirty
 * partition once, answers, wakes who waits, lets the broker write to its connections, and posts one list to each shard
 * that has something coming.
 */
export class Shard implements Shards {
  readonly index: number
  readonly arena: ShardArena
  readonly counters: Counters = new Counters()
  /** What the control plane uses: open, close, configure, maintain, shut down. */
  readonly ownership: Ownership
  /** What fetchers do to the partitions that other brokers lead. */
  readonly followers: Following

  readonly #options: ShardOptions
  readonly #core: RecordCore
  readonly #deadlines: Deadlines
  readonly #appends: Appends
  readonly #waiters: Waiters
  readonly #internal: InternalAppends
  readonly #leading: Leading
  readonly #deletions: Deletions
  readonly #relocations: Relocations
  readonly #memory: HotMemory
  readonly #hops: Hops
  readonly #borrowed: BorrowedRuns
  /** Where each shard's arena ends, by shard. */
  readonly #arenaEnds: readonly number[]
  /** Fetches that wait on other shards too, by the number that those know. */
  readonly #parkedElsewhere = new Map<number, Parked>()
  #nextPark = 1
  #isTurnScheduled = false
  /** Inside a turn, before its hook: whatever is left then gets a turn of its own. */
  #isSettling = false
  #hasRoomAppeared = false
  #turnEndHook: (() => void) | undefined

  constructor(options: ShardOptions) {
    this.#options = options
    this.index = options.index
    this.#core = options.core
    const { byteLength } = options.core.bytes
    const hotSizeBytes = options.hotTailSizeBytes ?? HOT_TAIL_SIZE_BYTES_DEFAULT
    const maps = Array.from({ length: options.shardCount }, (_, index) =>
      shardMemory(byteLength, options.shardCount, index),
    )
    this.#arenaEnds = maps.map(({ arenaAt, arenaSizeBytes }) => arenaAt + arenaSizeBytes)
    this.arena = this.#makeArena(maps[options.index], hotSizeBytes)
    this.#deadlines = new Deadlines(options.clock, options.timers)
    this.#waiters = new Waiters(this.#deadlines, this.counters, this.scheduleTurn, (parked) => this.#withdraw(parked))
    this.#borrowed = new BorrowedRuns(
      {
        ownerOf: (at) => this.#ownerOf(at),
        leaseElsewhere: (region, change) => this.#hops.leaseElsewhere(region, change),
      },
      Math.floor(Math.min(hotSizeBytes / 2, this.arena.sizeBytesMax / 4) / ARENA_CHUNK_SIZE_BYTES),
    )
    this.#memory = this.#memoryFor(options.index)
    const isAlive = options.isEligible ?? everybody
    const wakeReaders = (partition: OwnedPartition): void => this.#waiters.wakeAll(partition)
    this.#deletions = new Deletions({ clock: options.clock, deadlines: this.#deadlines, isAlive, wakeReaders })
    this.#relocations = this.#makeRelocations()
    this.#leading = this.#makeLeading()
    this.#appends = this.#makeAppends()
    this.followers = this.#makeFollowing()
    const isAckDurable = options.isAckDurable ?? false
    const owning = { ...options, isAckDurable, counters: this.counters, relocations: this.#relocations }
    this.ownership = new Ownership(owning, this.#appends, this.#waiters, {
      leads: () => this.#leading.watch(),
      follows: (partition) => this.followers.begin(partition),
      unfollows: (partition) => this.followers.end(partition),
      changed: (partition) => this.#deletions.look(partition),
    })
    this.#internal = new InternalAppends(this.arena, options.codec, this.counters, (ref, region, sink, slot) =>
      this.#appends.append(this.#find(ref), region, ACKS_ALL, Infinity, sink, slot, 'coordinator'),
    )
    this.#hops = this.#makeHops()
  }

  onTurnEnd(hook: () => void): void {
    assert(this.#turnEndHook === undefined, 'the end of a turn has one hook')
    this.#turnEndHook = hook
  }

  // A bound field: it is handed out as a function, and made once.
  readonly scheduleTurn = (): void => {
    if (this.#isTurnScheduled || this.#isSettling) return
    this.#isTurnScheduled = true
    this.#options.turns.atTurnEnd(this.#turn)
  }

  append(ref: PartitionRef, region: Region, acks: number, deadlineMs: number, sink: AppendSink, slot: number): void {
    if (this.#isElsewhere(ref)) this.#hops.append(ref, region, acks, deadlineMs, sink, slot)
    else this.#appends.append(this.#find(ref), region, acks, deadlineMs, sink, slot, 'client')
  }

  read(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number): boolean {
    let isComplete = true
    for (let index = 0; index < count; index += 1) {
      const ref = refs[index] as PartitionRef
      const slot = slots[index] as ReadSlot
      if (this.#isElsewhere(ref)) isComplete = false
      else readPartition(this.#find(ref), slot, this.#core, this.#memory, this.counters, this.#leading)
    }
    return isComplete
  }

  readElsewhere(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number, done: () => void): void {
    this.#hops.read(refs, slots, count, done)
  }

  park(
    refs: readonly PartitionRef[],
    slots: readonly ReadSlot[],
    count: number,
    sizeBytesMin: number,
    deadlineMs: number,
    waiter: FetchWaiter,
  ): void {
    const parked = this.#waiters.park(waiter, sizeBytesMin, deadlineMs)
    const remotes: number[] = []
    for (let index = 0; index < count; index += 1) {
      const ref = refs[index] as PartitionRef
      const slot = slots[index] as ReadSlot
      const partition = this.#find(ref)
      if (this.#isElsewhere(ref)) {
        if (!remotes.includes(ref.shard)) remotes.push(ref.shard)
      } else if (partition === undefined || partition.isOffline) {
        // It was there when it was read, or the caller parks an error: either way there is something to answer.
        this.#waiters.wake(parked)
      } else {
        this.#waiters.watch(parked, partition, levelOf(slot), slot.arrivedBytes)
      }
    }
    if (remotes.length === 0 || parked.isReady) return
    parked.remotes = remotes
    parked.remotePark = this.#nextPark
    this.#nextPark += 1
    this.#parkedElsewhere.set(parked.remotePark, parked)
    this.#hops.park(parked, refs, slots, count)
  }

  unpark(waiter: FetchWaiter): void {
    this.#waiters.unpark(waiter)
  }

  releaseFile(ref: PartitionRef, fileSegment: number): void {
    if (this.#isElsewhere(ref)) this.#hops.releaseFile(ref, fileSegment)
    else this.ownership.releaseFile(ref.handle, fileSegment)
  }

  async offsetForTimestamp(
    ref: PartitionRef,
    timestampMs: number,
    isCommittedOnly: boolean,
    isFromReplica: boolean = false,
  ): Promise<OffsetAnswer> {
    const { handle } = ref
    const question = { kind: 'offsetForTimestamp', handle, timestampMs, isCommittedOnly, isFromReplica } as const
    return (await this.#ask(ref.shard, question)) as OffsetAnswer
  }

  async endOffsetForEpoch(ref: PartitionRef, epoch: number): Promise<cold.EpochEnd> {
    return (await this.#ask(ref.shard, { kind: 'endOffsetForEpoch', handle: ref.handle, epoch })) as cold.EpochEnd
  }

  async deleteRecords(ref: PartitionRef, offset: number, timeoutMs: number): Promise<cold.DeletedRecords> {
    const question = { kind: 'deleteRecords', handle: ref.handle, offset, timeoutMs } as const
    return (await this.#ask(ref.shard, question)) as cold.DeletedRecords
  }

  async logDirectories(shard: number): Promise<readonly LogDirectoryRow[]> {
    return (await this.#ask(shard, { kind: 'logDirectories' })) as readonly LogDirectoryRow[]
  }

  async activeProducers(ref: PartitionRef): Promise<readonly ProducerSnapshotRow[]> {
    const question = { kind: 'activeProducers', handle: ref.handle } as const
    return (await this.#ask(ref.shard, question)) as readonly ProducerSnapshotRow[]
  }

  appendInternal(ref: PartitionRef, records: readonly InternalRecord[]): Promise<InternalAppendResult> {
    return this.#internal.append(ref, records)
  }

  replayInternal(ref: PartitionRef, visit: (record: InternalRecord, offset: number) => void): Promise<ErrorCode> {
    const partition = this.#find(ref)
    if (partition === undefined) return Promise.resolve(ErrorCode.notLeaderOrFollower)
    if (partition.replica === undefined || partition.isOffline) return Promise.resolve(ErrorCode.kafkaStorageError)
    const { disk, codec } = this.#options
    const { replica: opened } = partition
    const source = {
      // Another one once it has moved to another log directory.
      get replica() {
        return partition.replica ?? opened
      },
      disk,
      codec,
      isOwned: () => !partition.isClosed,
      hold: () => {
        partition.openReads += 1
      },
      release: (segment: number) => this.ownership.releaseFile(partition.assignment.handle, segment),
    }
    return replayRecords(source, visit)
  }

  /** The high watermark of a partition was moved from outside: answers and wakes who waited for that. */
  highWatermarkMayHaveMoved(handle: number): void {
    const partition = this.ownership.find(handle)
    if (partition === undefined) return
    this.#appends.conclude(partition)
    this.scheduleTurn()
  }

  /**
   * Flushes what is staged, refuses who waits, closes every partition and stops the timers. Call `ownership.checkpoint`
   * first for an end after which nothing needs recovery. Neighbours are answered once more and then no longer heard.
   */
  shutdown(): void {
    this.#turn()
    this.#leading.stop()
    this.#relocations.stop()
    this.ownership.shutdown()
    this.#turn()
    this.#deadlines.stop()
    this.#hops.close()
  }

  readonly #turn = (): void => {
    this.#isTurnScheduled = false
    this.counters.turns += 1
    // What asks for a turn meanwhile is mostly done before this one is over: a reader that an append woke is told below.
    // Another turn for it would be another pass of the loop, which a lone message pays with a tenth of its cost.
    this.#isSettling = true
    this.#appends.flush()
    this.#hops.finish()
    this.#waiters.tellReady()
    if (this.#hasRoomAppeared) {
      this.#hasRoomAppeared = false
      this.arena.wakeWaiters()
    }
    this.#isSettling = false
    if (this.#appends.hasPending || this.#waiters.hasReady || this.#hops.hasFinished || this.#hasRoomAppeared) {
      this.scheduleTurn()
    }
    if (this.#turnEndHook !== undefined) this.#turnEndHook()
    this.counters.hotBytes = this.arena.keptBytes
    this.#hops.post()
  }

  #find(ref: PartitionRef): OwnedPartition | undefined {
    return this.ownership.find(ref.handle)
  }

  #isElsewhere(ref: PartitionRef): boolean {
    return ref.shard !== this.index && this.#hops.has(ref.shard)
  }

  #ownerOf(at: number): number {
    let shard = 0
    while (at >= (this.#arenaEnds[shard] ?? Infinity)) shard += 1
    return shard
  }

  async #ask(shard: number, question: cold.ColdCall): Promise<unknown> {
    if (shard !== this.index && this.#hops.has(shard)) return this.#hops.ask(shard, question)
    return cold.answerColdCall(question, this.ownership, this.#deletions)
  }

  #remember(partition: OwnedPartition, region: Region, baseOffset: number, nextOffset: number): void {
    if (this.arena.owns(region.at)) {
      this.arena.remember(region.chunk)
      this.arena.unlease(region.chunk)
    } else if (!this.#borrowed.keep(region)) {
      return
    }
    partition.hot.add(baseOffset, nextOffset, region.at, region.sizeBytes, region.chunk)
  }

  /** A fetch that waits elsewhere too is over. */
  #withdraw(parked: Parked): void {
    this.#parkedElsewhere.delete(parked.remotePark)
    for (const shard of parked.remotes) this.#hops.unpark(shard, parked.remotePark)
  }

  /**
   * Memory as far as it may be given to readers of `shard`. Ours: to everybody. Borrowed: to ourselves, and to the shard
   * it belongs to, for which our increase of the lease travels before the answer in the same list. A third shard's
   * release could overtake our increase, so it reads the file.
   */
  #memoryFor(shard: number): HotMemory {
    const { arena } = this
    return {
      isAlive: (token, at) => (arena.owns(at) ? arena.isAlive(token) : this.#borrowed.holds(token, at)),
      mayGive: (at) => arena.owns(at) || shard === this.index || shard === this.#ownerOf(at),
      lease: (token, at) => {
        if (arena.owns(at)) arena.lease(token)
        else this.#hops.leaseElsewhere({ at, sizeBytes: 1, chunk: token }, 1)
      },
    }
  }

  #makeArena(map: ShardMemory | undefined, hotSizeBytes: number): ShardArena {
    assert(map !== undefined, 'the shard has its part of the memory')
    return new ShardArena(this.#core.bytes, map, LANDING_SIZE_BYTES, hotSizeBytes, {
      leaseElsewhere: (region, change) => this.#hops.leaseElsewhere(region, change),
      roomAppeared: () => {
        this.#hasRoomAppeared = true
        this.scheduleTurn()
      },
      roomShort: () => {
        this.counters.arenaRefusals += 1
        this.#hops.reclaim()
      },
    })
  }

  #makeAppends(): Appends {
    return new Appends({
      counters: this.counters,
      clock: this.#options.clock,
      deadlines: this.#deadlines,
      isAckDurable: this.#options.isAckDurable ?? false,
      scheduleTurn: this.scheduleTurn,
      remember: (partition, region, baseOffset, nextOffset) =>
        this.#remember(partition, region, baseOffset, nextOffset),
      releaseRegion: (region) => this.arena.release(region),
      arrived: (partition) => this.#waiters.arrived(partition),
      advance: (partition, leadership) => this.#leading.advance(partition, leadership),
      failed: (partition, code) => this.ownership.failed(partition, code),
    })
  }

  #makeLeading(): Leading {
    const { clock, timers, log } = this.#options
    const propose = this.#options.proposeInSync
    return new Leading({
      clock,
      timers,
      log,
      counters: this.counters,
      lagMaxMs: this.#options.replicaLagMaxMs ?? REPLICA_LAG_MAX_MS,
      isAckDurable: this.#options.isAckDurable ?? false,
      isEligible: this.#options.isEligible ?? everybody,
      propose: (proposal) => {
        assert(propose !== undefined, 'a partition with several replicas has a controller to ask')
        return propose(proposal)
      },
      partitions: () => this.ownership.all(),
      conclude: (partition) => this.#appends.conclude(partition),
      lookAtDeletions: (partition) => this.#deletions.look(partition),
      scheduleTurn: this.scheduleTurn,
    })
  }

  #makeFollowing(): Following {
    const { clock, log } = this.#options
    return new Following({
      clock,
      log,
      core: this.#core,
      counters: this.counters,
      find: (handle) => this.ownership.find(handle),
      all: () => this.ownership.all(),
      remember: (partition, region, baseOffset, nextOffset) =>
        this.#remember(partition, region, baseOffset, nextOffset),
      releaseRegion: (region) => this.arena.release(region),
      conclude: (partition) => this.#appends.conclude(partition),
      failed: (partition, code) => this.ownership.failed(partition, code),
      wakeAll: (partition) => this.#waiters.wakeAll(partition),
      rewound: (partition) => this.#relocations.rewound(partition),
    })
  }

  #makeRelocations(): Relocations {
    const { clock, timers, log, disk, relocation } = this.#options
    return new Relocations({
      clock,
      timers,
      log,
      disk,
      core: this.#core,
      arena: this.arena,
      ports: relocation,
      releaseFile: (handle, segment) => this.ownership.releaseFile(handle, segment),
    })
  }

  #makeHops(): Hops {
    const { arena, counters, ownership } = this
    const server = new HopServer({
      ownership,
      appends: this.#appends,
      waiters: this.#waiters,
      core: this.#core,
      counters,
      borrowed: this.#borrowed,
      lessons: this.#leading,
      memoryFor: (shard) => this.#memoryFor(shard),
      answer: (question) => cold.answerColdCall(question, ownership, this.#deletions),
      scheduleTurn: this.scheduleTurn,
    })
    const host = {
      index: this.index,
      counters,
      scheduleTurn: this.scheduleTurn,
      holdBack: (isHeldBack: boolean) => arena.holdBack(isHeldBack),
      ownerOf: (at: number) => this.#ownerOf(at),
      changeLeases: (token: number, change: number) => {
        for (let left = change; left > 0; left -= 1) arena.lease(token)
        for (let left = change; left < 0; left += 1) arena.unlease(token)
      },
      progressed: (park: number, sizeBytes: number) => {
        const parked = this.#parkedElsewhere.get(park)
        if (parked !== undefined) this.#waiters.progress(parked, sizeBytes)
      },
      changed: (park: number) => {
        const parked = this.#parkedElsewhere.get(park)
        if (parked !== undefined) this.#waiters.wake(parked)
      },
    }
    return new Hops(host, server, this.#options.neighbours)
  }
}

function everybody(): boolean {
  return true
}
