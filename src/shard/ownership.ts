import { assert } from '../base/assert.ts'
import { type Clock, DiskError, type Logger, type TimerHandle, type Timers, type TurnScheduler } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { PartitionConfig, PartitionReplica, ReplicaRole } from '../partition/contract.ts'
import { Leadership } from '../partition/leadership.ts'
import type { Appends } from './appends.ts'
import type { PartitionAssignment } from './contract.ts'
import type { Counters } from './counters.ts'
import { OwnedPartition } from './owned-partition.ts'
import type { Relocations } from './relocations.ts'
import { OPENED_AT_ONCE_MAX, OPENINGS_PER_TURN, Unopened } from './unopened.ts'
import type { Waiters } from './waiters.ts'

/** Maintenance looks at some partitions this often, and at every one at least once in `ROUND_TICKS` ticks. */
const TICK_MS = 1000
const ROUND_TICKS = 10
/** With few partitions each is looked at in every tick. */
const PER_TICK_MIN = 16

/** Files that were taken out of use and are to go a little later. */
export interface Leftovers {
  readonly count: number
  /** Removes what is due, a few per call. */
  sweep(wallMs: number): void
}

export interface OwnershipOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly turns: TurnScheduler
  readonly log: Logger
  readonly counters: Counters
  /** Opens the directory of a partition, recovering it if need be. Throws `DiskError`. */
  readonly openPartition: (assignment: PartitionAssignment) => PartitionReplica
  /** The disk failed under a partition: it is offline here; the control plane should move it. */
  readonly onPartitionFailed: (assignment: PartitionAssignment, code: ErrorCode) => void
  /** This node's id among the replicas. */
  readonly brokerId: number
  readonly relocations: Relocations
  /** Readers see only what the disk has, also where this replica is the only one. */
  readonly isAckDurable: boolean
  /** They go whether or not a partition is left to maintain. */
  readonly leftovers?: Leftovers
}

/** Who hears of roles: those that lead need followers watched, those that follow need fetching. */
export interface RoleWatcher {
  leads(partition: OwnedPartition): void
  follows(partition: OwnedPartition): void
  /** It no longer follows: it leads, was given up or failed. */
  unfollows(partition: OwnedPartition): void
  /** Its role, its replicas or its health is another now. */
  changed(partition: OwnedPartition): void
}

/** Which partitions this shard owns, and what the control plane does to them. */
export class Ownership {
  readonly #options: OwnershipOptions
  readonly #appends: Appends
  readonly #waiters: Waiters
  readonly #roles: RoleWatcher
  readonly #partitions = new Map<number, OwnedPartition>()
  readonly #unopened: Unopened
  /** How many partitions of each topic are owned here. */
  readonly #topics = new Map<string, number>()
  /** Given up while files of theirs were being read: kept until those reads are over. */
  readonly #departed = new Map<number, OwnedPartition>()
  #timer: TimerHandle | undefined
  /** Handles still to be looked at in this round of maintenance. */
  #round: Iterator<OwnedPartition> | undefined
  #isShut: boolean = false

  constructor(options: OwnershipOptions, appends: Appends, waiters: Waiters, roles: RoleWatcher) {
    this.#options = options
    this.#roles = roles
    this.#appends = appends
    this.#waiters = waiters
    const { timers, turns } = options
    this.#unopened = new Unopened({ timers, turns, open: (assignment) => void this.open(assignment) })
  }

  /** One that waits for its directory is opened. */
  find(handle: number): OwnedPartition | undefined {
    const partition = this.#partitions.get(handle)
    if (partition !== undefined || this.#unopened.size === 0) return partition
    return this.#unopened.demand(handle) ? this.#partitions.get(handle) : undefined
  }

  all(): IterableIterator<OwnedPartition> {
    return this.#partitions.values()
  }

  get count(): number {
    return this.#partitions.size
  }

  /**
   * Opens a partition in its role.
   *
   * @returns storage error when the directory cannot be opened: the partition is then owned, and offline
   */
  open(assignment: PartitionAssignment): ErrorCode {
    assert(!this.#partitions.has(assignment.handle), 'a partition is opened once')
    const { counters, log } = this.#options
    let replica: PartitionReplica | undefined
    let code: ErrorCode = ErrorCode.none
    try {
      replica = this.#options.openPartition(assignment)
    } catch (error) {
      if (!(error instanceof DiskError)) throw error
      code = ErrorCode.kafkaStorageError
      log.error(`${name(assignment)} cannot be opened: ${error.message}. Check the disk under ${assignment.directory}`)
    }
    const partition = new OwnedPartition(assignment, replica, counters.topic(assignment.topic))
    partition.failureCode = code
    this.#partitions.set(assignment.handle, partition)
    this.#topics.set(assignment.topic, (this.#topics.get(assignment.topic) ?? 0) + 1)
    counters.partitions = this.#partitions.size
    this.#takeRole(partition, assignment.role)
    if (code !== ErrorCode.none) this.#options.onPartitionFailed(assignment, code)
    else this.relocate(assignment.handle, assignment.movingTo ?? '')
    if (this.#timer === undefined) this.#startTimer()
    return code
  }

  /** A command of the control plane for a partition that may be open already: takes over configuration and role. */
  assign(assignment: PartitionAssignment): void {
    const { handle, config, role } = assignment
    if (!this.#partitions.has(handle)) {
      this.open(assignment)
      return
    }
    this.configure(handle, config)
    this.setRole(handle, role)
  }

  /**
   * The same for many. Those that are open take their roles in this turn, all of them; the others are opened a few per turn, for
   * a thousand new partitions take seconds in which clients of all others would wait. Many that have no files yet are opened
   * later, or when somebody asks for them.
   *
   * @returns when all can be asked for, or the shard has shut down
   */
  async assignAll(assignments: readonly PartitionAssignment[]): Promise<void> {
    const fresh = assignments.filter(({ handle }) => !this.#partitions.has(handle))
    for (const assignment of assignments) if (this.#partitions.has(assignment.handle)) this.assign(assignment)
    if (this.#isShut) return
    const isMany = fresh.length > OPENED_AT_ONCE_MAX
    const mayWait = ({ handle, hasNoFiles }: PartitionAssignment): boolean =>
      this.#unopened.has(handle) || (isMany && hasNoFiles === true)
    for (const assignment of fresh) if (mayWait(assignment)) this.#unopened.put(assignment)
    const atOnce = fresh.filter(({ handle }) => !this.#unopened.has(handle))
    for (const [index, assignment] of atOnce.entries()) {
      if (index > 0 && index % OPENINGS_PER_TURN === 0) await this.#turnEnd()
      if (this.#isShut) return
      this.assign(assignment)
    }
  }

  #turnEnd(): Promise<void> {
    return new Promise((ended) => this.#options.turns.atTurnEnd(ended))
  }

  configure(handle: number, config: PartitionConfig): void {
    const waiting = this.#unopened.get(handle)
    if (waiting !== undefined) this.#unopened.put({ ...waiting, config })
    const partition = this.#partitions.get(handle)
    if (partition === undefined) return
    partition.assignment = { ...partition.assignment, config }
    partition.replica?.configure(config)
  }

  /**
   * Moves a partition to another log directory of this node. The answer is that of the begin; the end is reported.
   *
   * @param directory '' or where it lies gives up what is under way
   */
  relocate(handle: number, directory: string): ErrorCode {
    const waiting = this.#unopened.get(handle)
    if (waiting !== undefined) {
      this.#unopened.put({ ...waiting, movingTo: directory })
      return ErrorCode.none
    }
    const partition = this.#partitions.get(handle)
    if (partition === undefined) return ErrorCode.replicaNotAvailable
    return this.#options.relocations.begin(partition, directory)
  }

  /**
   * A newer leader epoch begins a term; within a term a newer partition epoch changes replicas and in-sync set, or names the
   * leader. Anything else is old news. Readers that wait hear of a term, because their epoch may be the old one.
   */
  setRole(handle: number, role: ReplicaRole): void {
    const partition = this.#partitions.get(handle)
    if (partition === undefined) return
    const known = partition.assignment.role
    if (role.leaderEpoch < known.leaderEpoch) return
    const isSameTerm = role.leaderEpoch === known.leaderEpoch
    if (isSameTerm && (role.kind !== known.kind || role.partitionEpoch <= known.partitionEpoch)) return
    this.#writeStaged(partition)
    partition.assignment = { ...partition.assignment, leaderEpoch: role.leaderEpoch, role }
    if (isSameTerm) this.#updateRole(partition, role)
    else this.#takeRole(partition, role)
    this.#roles.changed(partition)
  }

  #takeRole(partition: OwnedPartition, role: ReplicaRole): void {
    const { replica } = partition
    const wasFollower = partition.isFollower
    partition.isFollower = role.kind === 'follower'
    partition.isGuarded = partition.isFollower || role.replicas.length > 1
    partition.leadership = null
    if (replica === undefined) return
    if (role.kind === 'follower') {
      partition.lostTerms += 1
      replica.setReplicated(true)
      replica.becomeFollower(role.leaderEpoch)
      this.#appends.abandon(partition, ErrorCode.notLeaderOrFollower)
      this.#waiters.wakeAll(partition)
      this.#roles.follows(partition)
      return
    }
    if (wasFollower) this.#roles.unfollows(partition)
    const { clock, brokerId, isAckDurable } = this.#options
    replica.becomeLeader(role.leaderEpoch)
    // The disk of a sole replica counts like a follower: the high watermark waits for it.
    const isReplicated = isAckDurable || role.replicas.length > 1
    replica.setReplicated(isReplicated)
    if (isReplicated) {
      partition.leadership = new Leadership(role, brokerId, replica.position.logEndOffset, clock.monotonicMs())
      this.#roles.leads(partition)
    }
    this.#appends.conclude(partition)
    this.#waiters.wakeAll(partition)
  }

  #updateRole(partition: OwnedPartition, role: ReplicaRole): void {
    const { replica, leadership } = partition
    if (replica === undefined) return
    if (role.kind === 'follower') {
      this.#roles.follows(partition)
      return
    }
    if (leadership === null || role.replicas.length === 1) {
      // From one replica to several or back: the controller makes a term of that, but nothing here depends on it.
      this.#takeRole(partition, role)
      return
    }
    leadership.update(role, replica.position.logEndOffset, this.#options.clock.monotonicMs())
    this.#appends.conclude(partition)
  }

  /** Gives a partition up and leaves its files as after a clean stop. */
  close(handle: number): void {
    if (this.#unopened.drop(handle)) return
    const partition = this.#leave(handle)
    if (partition !== undefined) this.#options.relocations.end(partition, false)
    partition?.replica?.close()
  }

  /** Gives a partition up and deletes it. */
  remove(handle: number): void {
    if (this.#unopened.drop(handle)) return
    const partition = this.#leave(handle)
    if (partition === undefined) return
    this.#options.relocations.end(partition, true)
    partition.replica?.remove()
    const { topic } = partition.assignment
    if (!this.#topics.has(topic)) this.#options.counters.forgetTopic(topic)
  }

  /** A file that a read was planned on is no longer needed. */
  releaseFile(handle: number, segment: number): void {
    const partition = this.#partitions.get(handle) ?? this.#departed.get(handle)
    assert(partition !== undefined && partition.openReads > 0, 'a planned read is released once')
    partition.openReads -= 1
    partition.replica?.releaseRead(segment)
    if (partition.isClosed && partition.openReads === 0) this.#departed.delete(handle)
  }

  /** One tick: looks at the next few partitions. Costs the same whether there are ten or ten thousand. */
  maintain(): void {
    const wallMs = this.#options.clock.wallMs()
    this.#options.leftovers?.sweep(wallMs)
    let left = Math.max(PER_TICK_MIN, Math.ceil(this.#partitions.size / ROUND_TICKS))
    left = Math.min(left, this.#partitions.size)
    for (; left > 0; left -= 1) {
      const partition = this.#nextInRound()
      if (partition === undefined) return
      this.#maintainOne(partition, wallMs)
    }
  }

  /** Writes and syncs everything, and lets every partition note how far it is safe: the next start has little to recover. */
  async checkpoint(): Promise<void> {
    for (const partition of this.#partitions.values()) {
      const { replica } = partition
      if (replica === undefined || partition.isOffline) continue
      this.#writeStaged(partition)
      if (partition.unsyncedMessages > 0) await replica.sync()
      replica.maintain(this.#options.clock.wallMs())
    }
  }

  /** Answers what can be answered, refuses the rest, closes every partition. */
  shutdown(): void {
    if (this.#timer !== undefined) this.#options.timers.cancel(this.#timer)
    this.#timer = undefined
    this.#isShut = true
    this.#unopened.stop()
    for (const handle of [...this.#partitions.keys()]) this.close(handle)
  }

  /** The disk failed under `partition`. */
  failed(partition: OwnedPartition, code: ErrorCode): void {
    const { assignment } = partition
    this.#options.log.error(
      `${name(assignment)} is offline after a disk error in ${assignment.directory}: free or replace the disk, then restart`,
      { topic: assignment.topic, partition: assignment.partition, code },
    )
    this.#waiters.wakeAll(partition)
    if (partition.isFollower) this.#roles.unfollows(partition)
    this.#roles.changed(partition)
    this.#options.onPartitionFailed(assignment, code)
  }

  #maintainOne(partition: OwnedPartition, wallMs: number): void {
    const { replica, assignment } = partition
    if (replica === undefined || partition.isOffline) return
    const waitedMs = this.#options.clock.monotonicMs() - partition.unsyncedSinceMs
    if (partition.unsyncedMessages > 0 && waitedMs >= assignment.config.flushMs) this.#appends.startSync(partition)
    // A checkpoint or a sync in the background found out: until somebody is told, the partition is led from a dead disk.
    const code = replica.maintain(wallMs)
    if (code !== ErrorCode.none) this.#appends.fail(partition, code)
  }

  #nextInRound(): OwnedPartition | undefined {
    this.#round ??= this.#partitions.values()
    let next = this.#round.next()
    if (next.done === true) {
      this.#round = this.#partitions.values()
      next = this.#round.next()
    }
    return next.done === true ? undefined : next.value
  }

  #leave(handle: number): OwnedPartition | undefined {
    const partition = this.#partitions.get(handle)
    if (partition === undefined) return undefined
    this.#writeStaged(partition)
    partition.isClosed = true
    partition.leadership = null
    if (partition.isFollower) this.#roles.unfollows(partition)
    partition.hot.clear()
    this.#partitions.delete(handle)
    const { topic } = partition.assignment
    const left = (this.#topics.get(topic) ?? 1) - 1
    if (left === 0) this.#topics.delete(topic)
    else this.#topics.set(topic, left)
    this.#options.counters.partitions = this.#partitions.size
    if (partition.openReads > 0) this.#departed.set(handle, partition)
    this.#appends.abandon(partition, ErrorCode.notLeaderOrFollower)
    this.#waiters.wakeAll(partition)
    this.#roles.changed(partition)
    if (this.#partitions.size === 0) this.#round = undefined
    return partition
  }

  #writeStaged(partition: OwnedPartition): void {
    if (partition.isDirty) this.#appends.flushPartition(partition)
  }

  #startTimer(): void {
    this.#timer = this.#options.timers.start(TICK_MS, () => {
      this.#timer = undefined
      this.maintain()
      if (this.#partitions.size > 0 || (this.#options.leftovers?.count ?? 0) > 0) this.#startTimer()
    })
  }
}

function name(assignment: PartitionAssignment): string {
  return `partition ${assignment.topic}-${assignment.partition}`
}
