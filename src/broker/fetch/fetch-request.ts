// hot: per fetch
import { ErrorCode } from '../../model/error-code.ts'
import type { Writer } from '../../protocol/wire/writer.ts'
import type { FetchWaiter, PartitionRef, ReadSlot } from '../../shard/contract.ts'
import type { Answering, InFlight } from '../in-flight.ts'
import type { Detached } from '../outlet.ts'
import type { Serving } from '../serving.ts'
import { writeFetchAnswer, writeFetchError } from './fetch-answer.ts'
import { codeOf, type FetchPartition, mustTell } from './fetch-partition.ts'
import { nearReplicas } from './near-replicas.ts'
import { isThrottled } from './throttled.ts'
import type { FetchContext } from './sessions.ts'

const FETCH_KEY = 1
/** Asks a shard for no bytes at all, not even for a first batch. */
const NO_BYTES = -1
const TOPIC_IDS_SINCE = 13

/** What the whole request asks for. */
export interface FetchBounds {
  readonly sizeBytesMin: number
  readonly sizeBytesMax: number
  readonly isCommittedOnly: boolean
  /** The broker whose follower asks, -1 for clients. */
  readonly replicaId: number
  readonly isLeaderOnly: boolean
  /** Where the client is; empty when it does not say. */
  readonly rack: string
  /** Monotonic milliseconds. */
  readonly deadlineMs: number
}

/** The parts of the request that its answer needs. */
export interface FetchOrigin {
  readonly version: number
  readonly correlationId: number
  readonly isFromFollower: boolean
  readonly sessionId: number
}

//   start ──> read ──> enough, an error, nothing to read or no time? ──> answered ──> emit
//               ^                        │ no: give back what was read
//               └── onFetchReady <── park┘
//
// Partitions of other shards are read after those of this one, so that the size limit of the whole answer is known.

/** A Fetch between its start and its answer. */
export class FetchInFlight implements InFlight, FetchWaiter {
  readonly apiKey: number = FETCH_KEY
  readonly startedAtMs: number
  isAnswered: boolean = false
  isFailed: boolean = false

  readonly #serving: Serving
  readonly #answering: Answering
  readonly #origin: FetchOrigin
  readonly #context: FetchContext
  readonly #bounds: FetchBounds
  /** Partitions that can be read, with their slots, in the order of the request. */
  readonly #readable: FetchPartition[] = []
  readonly #refs: PartitionRef[] = []
  readonly #slots: ReadSlot[] = []
  #isStarting = true
  #isParked = false
  #isAbandoned = false
  /** Waits for nothing more. */
  #isHurried = false

  constructor(
    serving: Serving,
    answering: Answering,
    origin: FetchOrigin,
    context: FetchContext,
    bounds: FetchBounds,
    startedAtMs: number,
  ) {
    this.#serving = serving
    this.#answering = answering
    this.#origin = origin
    this.#context = context
    this.#bounds = bounds
    this.startedAtMs = startedAtMs
    if (context.session !== undefined) context.session.isBusy = true
  }

  start(): void {
    for (const partition of this.#context.partitions.values()) {
      if (partition.ref === undefined) continue
      this.#readable.push(partition)
      this.#refs.push(partition.ref)
      this.#slots.push(partition.slot)
    }
    if (this.#readable.length === 0) this.#answer(false)
    else this.#read()
    this.#isStarting = false
  }

  onFetchReady(): void {
    this.#isParked = false
    if (!this.#isAbandoned) this.#read()
  }

  emit(writer: Writer, detached: Detached[]): string | undefined {
    const { version, correlationId } = this.#origin
    const head = {
      version,
      correlationId,
      listener: this.#answering.peer.listener,
      sessionId: this.#origin.sessionId,
      replicaId: this.#bounds.replicaId,
    }
    const { errorCode, session, mayBecomeSession, partitions } = this.#context
    if (errorCode !== ErrorCode.none) {
      this.isFailed = true
      writeFetchError(writer, { ...head, sessionId: 0 }, errorCode)
      return undefined
    }
    const told = session === undefined ? [...partitions.values()] : this.#changed(partitions)
    this.isFailed = told.some((partition) => codeOf(partition) !== ErrorCode.none)
    let sessionId = session?.id ?? 0
    if (mayBecomeSession) {
      const { sessions, services } = this.#serving
      const usesTopicIds = version >= TOPIC_IDS_SINCE
      const nowMs = services.clock.monotonicMs()
      sessionId = sessions.create(partitions, usesTopicIds, this.#origin.isFromFollower, nowMs)
      if (sessionId !== 0) for (const partition of told) mustTell(partition)
    }
    writeFetchAnswer(this.#serving, writer, detached, { ...head, sessionId }, told)
    this.#letGo()
    return undefined
  }

  /** A long poll ends as if its time were over: sooner than the client asked for, which every client takes for an empty answer. */
  hurry(): void {
    this.#isHurried = true
    if (!this.#isParked) return
    this.#serving.shards.unpark(this)
    this.onFetchReady()
    // This is no turn of the shard: the answer needs one to leave in.
    this.#serving.shards.scheduleTurn()
  }

  abandon(): void {
    this.#isAbandoned = true
    if (this.#isParked) this.#serving.shards.unpark(this)
    if (this.isAnswered) this.#releaseAll()
    this.#letGo()
  }

  // --- reading

  #read(): void {
    const { shards } = this.#serving
    const remaining = this.#readHere()
    let elsewhere = 0
    const isFirst = remaining === this.#bounds.sizeBytesMax
    for (const partition of this.#readable) {
      const { ref, slot, sizeBytesMax } = partition
      if (ref === undefined || ref.shard === shards.index) continue
      elsewhere += 1
      this.#ask(slot, this.#isHeldBack(partition) ? NO_BYTES : Math.min(sizeBytesMax, remaining), isFirst)
    }
    if (elsewhere === 0) {
      this.#decide(true)
      return
    }
    shards.readElsewhere(this.#refs, this.#slots, this.#refs.length, () => {
      if (this.#isAbandoned) {
        this.#releaseAll()
        return
      }
      this.#cutToSize()
      this.#decide(false)
    })
  }

  /** Reads this shard's partitions one by one, each with what the ones before it left. @returns bytes still allowed */
  #readHere(): number {
    const { shards } = this.#serving
    let remaining = this.#bounds.sizeBytesMax
    let isFirst = true
    for (let index = 0; index < this.#readable.length; index += 1) {
      const partition = this.#readable[index] as FetchPartition
      const ref = this.#refs[index] as PartitionRef
      const { slot } = partition
      slot.handle = ref.handle
      slot.fromOffset = partition.fetchOffset
      slot.isCommittedOnly = this.#bounds.isCommittedOnly
      slot.replicaId = this.#bounds.replicaId
      slot.replicaLogStart = partition.logStartOffset
      slot.isLeaderOnly = this.#bounds.isLeaderOnly
      if (this.#bounds.rack !== '') slot.nearReplicas = nearReplicas(this.#serving, partition, this.#bounds.rack)
      slot.currentLeaderEpoch = partition.currentLeaderEpoch
      slot.lastFetchedEpoch = partition.lastFetchedEpoch
      if (ref.shard !== shards.index) continue
      const sizeBytesMax = Math.min(partition.sizeBytesMax, remaining)
      this.#ask(slot, this.#isHeldBack(partition) ? NO_BYTES : sizeBytesMax, isFirst)
      oneRef[0] = ref
      oneSlot[0] = slot
      shards.read(oneRef, oneSlot, 1)
      if (slot.sizeBytes === 0) continue
      isFirst = false
      remaining = Math.max(0, remaining - slot.sizeBytes)
    }
    return remaining
  }

  /** A follower that is to catch up slowly: its position is noted, it gets no bytes for now. */
  #isHeldBack(partition: FetchPartition): boolean {
    if (!this.#origin.isFromFollower || !this.#serving.throttle.isActive) return false
    return isThrottled(this.#serving, partition, this.#bounds.replicaId) && this.#serving.throttle.waitMs > 0
  }

  #ask(slot: ReadSlot, sizeBytesMax: number, mayExceed: boolean): void {
    slot.sizeBytesMax = sizeBytesMax
    slot.mayExceed = mayExceed
  }

  /**
   * Other shards answered without knowing of each other: of those that do not fit the answer, what was read is given
   * back, and the client comes for it again.
   */
  #cutToSize(): void {
    let remaining = this.#bounds.sizeBytesMax
    let isFirst = true
    for (let index = 0; index < this.#slots.length; index += 1) {
      const slot = this.#slots[index] as ReadSlot
      if (slot.sizeBytes === 0) continue
      if (!isFirst && slot.sizeBytes > remaining) {
        this.#release(index)
        continue
      }
      isFirst = false
      remaining -= slot.sizeBytes
    }
  }

  /** @param isTurnEnding whether this is inside a turn of the shard */
  #decide(isTurnEnding: boolean): void {
    let sizeBytes = 0
    let mustAnswer = this.#isHurried
    for (const slot of this.#slots) {
      sizeBytes += slot.sizeBytes
      if (slot.code !== ErrorCode.none || slot.divergingEpoch >= 0 || slot.preferredReadReplica >= 0) mustAnswer = true
    }
    const { sizeBytesMin, deadlineMs } = this.#bounds
    const { shards, services } = this.#serving
    if (mustAnswer || sizeBytes >= sizeBytesMin || services.clock.monotonicMs() >= deadlineMs) {
      this.#answer(isTurnEnding)
      return
    }
    this.#releaseAll()
    this.#isParked = true
    shards.park(this.#refs, this.#slots, this.#refs.length, sizeBytesMin - sizeBytes, deadlineMs, this)
  }

  #answer(isTurnEnding: boolean): void {
    this.isAnswered = true
    if (!this.#isStarting) this.#answering.answered(this, isTurnEnding)
  }

  /** The partitions that the client must hear of; those with data go to the end, so that all get their turn. */
  #changed(partitions: Map<string, FetchPartition>): FetchPartition[] {
    const told: FetchPartition[] = []
    const served: string[] = []
    for (const [key, partition] of partitions) {
      if (!mustTell(partition)) continue
      told.push(partition)
      if (partition.slot.sizeBytes > 0) served.push(key)
    }
    if (served.length === partitions.size) return told
    for (const key of served) {
      const partition = partitions.get(key)
      if (partition === undefined) continue
      partitions.delete(key)
      partitions.set(key, partition)
    }
    return told
  }

  #releaseAll(): void {
    for (let index = 0; index < this.#slots.length; index += 1) this.#release(index)
  }

  #release(index: number): void {
    const slot = this.#slots[index] as ReadSlot
    const { shards } = this.#serving
    for (const region of slot.regions) shards.arena.release(region)
    slot.regions.length = 0
    if (slot.file >= 0) shards.releaseFile(this.#refs[index] as PartitionRef, slot.fileSegment)
    slot.file = -1
    slot.sizeBytes = 0
  }

  #letGo(): void {
    if (this.#context.session !== undefined) this.#context.session.isBusy = false
  }
}

const oneRef: PartitionRef[] = []
const oneSlot: ReadSlot[] = []
