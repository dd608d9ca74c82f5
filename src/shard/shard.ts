import { assert } from '../base/assert.ts'
import type { Clock, Disk, Logger, Mailbox, Timers, TurnScheduler } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { OffsetAnswer, PartitionReplica, ProducerSnapshotRow } from '../partition/contract.ts'
import type { RecordCodec, RecordCore } from '../wasm/contract.ts'
import { LANDING_SIZE_BYTES, shardMemory } from '../wasm/memory-map.ts'
import { Appends } from './appends.ts'
import { ShardArena } from './arena.ts'
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
import { type InternalAppendResult, InternalAppends, replayRecords } from './internal-records.ts'
import type { OwnedPartition } from './owned-partition.ts'
import { Ownership } from './ownership.ts'
import { type HotMemory, readPartition } from './reads.ts'
import { Waiters } from './waiters.ts'

/** Unleased memory kept as hot tail on each shard, unless configured. */
export const HOT_TAIL_SIZE_BYTES_DEFAULT: number = 64 * 1024 * 1024

const ACKS_ALL = -1

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

  readonly #options: ShardOptions
  readonly #core: RecordCore
  readonly #deadlines: Deadlines
  readonly #appends: Appends
  readonly #waiters: Waiters
  readonly #internal: InternalAppends
  readonly #memory: HotMemory
  #isTurnScheduled = false
  #hasRoomAppeared = false
  #turnEndHook: (() => void) | undefined

  constructor(options: ShardOptions) {
    this.#options = options
    this.index = options.index
    this.#core = options.core
    const bytes = options.core.bytes
    const map = shardMemory(bytes.byteLength, options.shardCount, options.index)
    this.arena = new ShardArena(
      bytes,
      map,
      LANDING_SIZE_BYTES,
      options.hotTailSizeBytes ?? HOT_TAIL_SIZE_BYTES_DEFAULT,
      {
        leaseElsewhere: () => assert(false, 'a region belongs to a shard'),
        roomAppeared: () => {
          this.#hasRoomAppeared = true
          this.scheduleTurn()
        },
        roomShort: () => {
          this.counters.arenaRefusals += 1
        },
      },
    )
    this.#deadlines = new Deadlines(options.clock, options.timers)
    this.#waiters = new Waiters(this.#deadlines, this.counters, this.scheduleTurn)
    this.#memory = {
      isAlive: (token) => this.arena.isAlive(token),
      lease: (token) => this.arena.lease(token),
    }
    this.#appends = new Appends({
      counters: this.counters,
      clock: options.clock,
      deadlines: this.#deadlines,
      isAckDurable: options.isAckDurable ?? false,
      scheduleTurn: this.scheduleTurn,
      remember: (partition, region, baseOffset, nextOffset) =>
        this.#remember(partition, region, baseOffset, nextOffset),
      releaseRegion: (region) => this.arena.release(region),
      arrived: (partition) => this.#waiters.arrived(partition),
      failed: (partition, code) => this.ownership.failed(partition, code),
    })
    this.ownership = new Ownership({ ...options, counters: this.counters }, this.#appends, this.#waiters)
    this.#internal = new InternalAppends(this.arena, options.codec, this.counters, (ref, region, sink, slot) =>
      this.#appends.append(this.#find(ref), region, ACKS_ALL, Infinity, sink, slot, 'coordinator'),
    )
  }

  onTurnEnd(hook: () => void): void {
    assert(this.#turnEndHook === undefined, 'the end of a turn has one hook')
    this.#turnEndHook = hook
  }

  // A bound field: it is handed out as a function, and made once.
  readonly scheduleTurn = (): void => {
    if (this.#isTurnScheduled) return
    this.#isTurnScheduled = true
    this.#options.turns.atTurnEnd(this.#turn)
  }

  append(ref: PartitionRef, region: Region, acks: number, deadlineMs: number, sink: AppendSink, slot: number): void {
    this.#appends.append(this.#find(ref), region, acks, deadlineMs, sink, slot, 'client')
  }

  read(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number): boolean {
    let isComplete = true
    for (let index = 0; index < count; index += 1) {
      const ref = refs[index] as PartitionRef
      const slot = slots[index] as ReadSlot
      if (this.#isElsewhere(ref)) isComplete = false
      else readPartition(this.#find(ref), slot, this.#core, this.#memory, this.counters)
    }
    return isComplete
  }

  readElsewhere(_refs: readonly PartitionRef[], _slots: readonly ReadSlot[], _count: number, _done: () => void): void {
    assert(false, 'there is one shard')
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
    for (let index = 0; index < count; index += 1) {
      const ref = refs[index] as PartitionRef
      const slot = slots[index] as ReadSlot
      const partition = this.#find(ref)
      if (partition === undefined || partition.isOffline) {
        // It was there when it was read, or the caller parks an error: either way there is something to answer.
        this.#waiters.wake(parked)
        return
      }
      this.#waiters.watch(parked, partition, slot.isCommittedOnly, slot.arrivedBytes)
    }
  }

  unpark(waiter: FetchWaiter): void {
    this.#waiters.unpark(waiter)
  }

  releaseFile(ref: PartitionRef, fileSegment: number): void {
    this.ownership.releaseFile(ref.handle, fileSegment)
  }

  offsetForTimestamp(ref: PartitionRef, timestampMs: number, isCommittedOnly: boolean): Promise<OffsetAnswer> {
    return Promise.resolve(cold.offsetForTimestamp(this.#find(ref), timestampMs, isCommittedOnly))
  }

  endOffsetForEpoch(ref: PartitionRef, epoch: number): Promise<cold.EpochEnd> {
    return Promise.resolve(cold.endOffsetForEpoch(this.#find(ref), epoch))
  }

  deleteRecords(ref: PartitionRef, offset: number): Promise<cold.DeletedRecords> {
    return Promise.resolve(cold.deleteRecords(this.#find(ref), offset))
  }

  logDirectories(_shard: number): Promise<readonly LogDirectoryRow[]> {
    return Promise.resolve(cold.logDirectories(this.ownership.all()))
  }

  activeProducers(ref: PartitionRef): Promise<readonly ProducerSnapshotRow[]> {
    return Promise.resolve(cold.activeProducers(this.#find(ref)))
  }

  appendInternal(ref: PartitionRef, records: readonly InternalRecord[]): Promise<InternalAppendResult> {
    return this.#internal.append(ref, records)
  }

  replayInternal(ref: PartitionRef, visit: (record: InternalRecord, offset: number) => void): Promise<ErrorCode> {
    const partition = this.#find(ref)
    if (partition === undefined) return Promise.resolve(ErrorCode.notLeaderOrFollower)
    if (partition.replica === undefined || partition.isOffline) return Promise.resolve(ErrorCode.kafkaStorageError)
    const { disk, codec } = this.#options
    const source = {
      replica: partition.replica,
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

  /** A follower reported how far it has come, or the in-sync set changed: answers and wakes who waited for that. */
  highWatermarkMayHaveMoved(handle: number): void {
    const partition = this.ownership.find(handle)
    if (partition === undefined) return
    this.#appends.conclude(partition)
    this.scheduleTurn()
  }

  /** Syncs nothing: flushes what is staged, refuses who waits, closes every partition and stops the timers. */
  shutdown(): void {
    this.#turn()
    this.ownership.shutdown()
    this.#turn()
    this.#deadlines.stop()
  }

  readonly #turn = (): void => {
    this.#isTurnScheduled = false
    this.counters.turns += 1
    this.#appends.flush()
    this.#waiters.tellReady()
    if (this.#hasRoomAppeared) {
      this.#hasRoomAppeared = false
      this.arena.wakeWaiters()
    }
    if (this.#turnEndHook !== undefined) this.#turnEndHook()
  }

  #find(ref: PartitionRef): OwnedPartition | undefined {
    return this.ownership.find(ref.handle)
  }

  #isElsewhere(ref: PartitionRef): boolean {
    return ref.shard !== this.index && this.#options.neighbours[ref.shard] !== undefined
  }

  #remember(partition: OwnedPartition, region: Region, baseOffset: number, nextOffset: number): void {
    partition.hot.add(baseOffset, nextOffset, region.at, region.sizeBytes, region.chunk)
    this.arena.remember(region.chunk)
    this.arena.unlease(region.chunk)
  }
}
