import type { Clock, Disk, Logger, Mailbox, TimerHandle, Timers, TurnScheduler } from '../../../src/io/ports.ts'
import {
  BATCH_BASE_OFFSET_AT,
  BATCH_HEADER_SIZE_BYTES,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_LEADER_EPOCH_AT,
  BATCH_MAGIC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_SIZE_AT,
} from '../../../src/model/batch-layout.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type {
  AbortedTransaction,
  AppendOrigin,
  OffsetAnswer,
  PartitionConfig,
  PartitionReplica,
  ProducerSnapshotRow,
} from '../../../src/partition/contract.ts'
import type { AppendResult, AppendSink, PartitionAssignment, Region } from '../../../src/shard/contract.ts'
import { Shard, type ShardOptions } from '../../../src/shard/shard.ts'
import {
  type BatchOptions,
  type BatchSummary,
  BatchVerdict,
  type RecordCodec,
  type RecordCore,
  type RecordDraft,
  type RecordView,
} from '../../../src/wasm/contract.ts'
import { leaderRole } from '../../support/roles.ts'

export const MIB: number = 1024 * 1024

/** Time that moves when told to, with its timers. */
export class FakeTime implements Clock, Timers {
  nowMs = 1000
  startCount = 0
  readonly pending = new Map<TimerHandle, { dueMs: number; due: () => void }>()

  wallMs(): number {
    return 1_700_000_000_000 + this.nowMs
  }

  monotonicMs(): number {
    return this.nowMs
  }

  start(delayMs: number, due: () => void): TimerHandle {
    const timer: TimerHandle = { kind: 'timer' }
    this.startCount += 1
    this.pending.set(timer, { dueMs: this.nowMs + delayMs, due })
    return timer
  }

  cancel(timer: TimerHandle): void {
    this.pending.delete(timer)
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs
    for (;;) {
      const next = [...this.pending].sort((left, right) => left[1].dueMs - right[1].dueMs)[0]
      if (next === undefined || next[1].dueMs > untilMs) break
      this.pending.delete(next[0])
      this.nowMs = Math.max(this.nowMs, next[1].dueMs)
      next[1].due()
    }
    this.nowMs = untilMs
  }
}

/** Ends of turns that come when told to. */
export class FakeTurns implements TurnScheduler {
  #queued: (() => void)[] = []

  get isIdle(): boolean {
    return this.#queued.length === 0
  }

  atTurnEnd(turn: () => void): void {
    this.#queued.push(turn)
  }

  /** Ends one turn. */
  run(): void {
    const queued = this.#queued
    this.#queued = []
    for (const turn of queued) turn()
  }
}

/** Two ends; messages lie in between until `deliver`. */
export function fakeMailboxes(): { left: FakeMailbox; right: FakeMailbox } {
  const left = new FakeMailbox()
  const right = new FakeMailbox()
  left.other = right
  right.other = left
  return { left, right }
}

export class FakeMailbox implements Mailbox {
  other: FakeMailbox | undefined
  postCount = 0
  readonly arrived: unknown[] = []
  #receiver: ((message: unknown) => void) | undefined

  post(message: unknown): void {
    this.postCount += 1
    this.other?.arrived.push(structuredClone(message))
  }

  receive(receiver: (message: unknown) => void): void {
    this.#receiver = receiver
  }

  close(): void {
    this.#receiver = undefined
  }

  /** Receives what lies here. @returns how many messages that were */
  deliver(): number {
    const arrived = this.arrived.splice(0)
    for (const message of arrived) this.#receiver?.(message)
    return arrived.length
  }
}

export class RecordingLogger implements Logger {
  readonly lines: string[] = []
  debug(message: string): void {
    this.lines.push(message)
  }
  info(message: string): void {
    this.lines.push(message)
  }
  warn(message: string): void {
    this.lines.push(message)
  }
  error(message: string): void {
    this.lines.push(message)
  }
}

/** The parts of the record core that a shard uses, in plain TypeScript, over a memory of its own. */
export class FakeCore implements RecordCore {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly summary: BatchSummary = {
    baseOffset: 0,
    sizeBytes: 0,
    leaderEpoch: 0,
    magic: 2,
    attributes: 0,
    lastOffsetDelta: 0,
    baseTimestampMs: 0,
    maxTimestampMs: 0,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    recordCount: 0,
    foundOffset: -1,
    foundTimestampMs: -1,
  }

  constructor(memory: Uint8Array) {
    this.bytes = memory
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
  }

  crc32c(): number {
    throw new Error('not used by a shard')
  }

  readHeader(at: number, availableBytes: number): BatchVerdict {
    if (availableBytes < BATCH_HEADER_SIZE_BYTES) return BatchVerdict.truncated
    this.summary.baseOffset = Number(this.#view.getBigInt64(at + BATCH_BASE_OFFSET_AT))
    this.summary.sizeBytes = this.#view.getInt32(at + BATCH_SIZE_AT) + BATCH_PREFIX_SIZE_BYTES
    this.summary.lastOffsetDelta = this.#view.getInt32(at + BATCH_LAST_OFFSET_DELTA_AT)
    return BatchVerdict.ok
  }

  judgeBatch(at: number, availableBytes: number): BatchVerdict {
    return this.readHeader(at, availableBytes)
  }

  stampOffsets(at: number, baseOffset: number, leaderEpoch: number): void {
    this.#view.setBigInt64(at + BATCH_BASE_OFFSET_AT, BigInt(baseOffset))
    this.#view.setInt32(at + BATCH_LEADER_EPOCH_AT, leaderEpoch)
  }

  stampAppendTime(): void {
    throw new Error('not used by a shard')
  }

  wholeBatchesSize(at: number, sizeBytes: number): number {
    let whole = 0
    while (whole + BATCH_HEADER_SIZE_BYTES <= sizeBytes) {
      this.readHeader(at + whole, sizeBytes - whole)
      if (whole + this.summary.sizeBytes > sizeBytes) break
      whole += this.summary.sizeBytes
    }
    return whole
  }

  findOffset(at: number, sizeBytes: number, offset: number): number {
    let position = 0
    while (position + BATCH_HEADER_SIZE_BYTES <= sizeBytes) {
      this.readHeader(at + position, sizeBytes - position)
      if (this.summary.baseOffset + this.summary.lastOffsetDelta >= offset) return position
      position += this.summary.sizeBytes
    }
    return -1
  }

  findTimestamp(): boolean {
    throw new Error('not used by a shard')
  }
}

/** Batches whose "records" are the values, one byte of length and the bytes each. */
export class FakeCodec implements RecordCodec {
  encodeBatch(records: readonly RecordDraft[], _options: BatchOptions): Uint8Array {
    const values = records.flatMap(({ value }) => [value?.byteLength ?? 0, ...(value ?? [])])
    return batchBytes(records.length, values.length, values)
  }

  decodeBatches(bytes: Uint8Array, visit: (record: RecordView, batch: BatchSummary) => void): BatchVerdict {
    const core = new FakeCore(bytes)
    for (let at = 0; at < bytes.byteLength; at += core.summary.sizeBytes) {
      if (core.readHeader(at, bytes.byteLength - at) !== BatchVerdict.ok) return BatchVerdict.truncated
      let cursor = at + BATCH_HEADER_SIZE_BYTES
      for (let index = 0; index <= core.summary.lastOffsetDelta; index += 1) {
        const size = bytes[cursor] ?? 0
        const value = bytes.slice(cursor + 1, cursor + 1 + size)
        cursor += 1 + size
        visit({ offset: core.summary.baseOffset + index, timestampMs: 0, key: null, value, headers: [] }, core.summary)
      }
    }
    return BatchVerdict.ok
  }

  compress(): Uint8Array {
    throw new Error('not used by a shard')
  }

  decompress(): Uint8Array | undefined {
    throw new Error('not used by a shard')
  }
}

/** A batch of `recordCount` records whose payload takes `payloadSizeBytes`. */
export function batchBytes(recordCount: number, payloadSizeBytes: number, payload?: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(BATCH_HEADER_SIZE_BYTES + payloadSizeBytes).fill(
    recordCount & 0xff,
    BATCH_HEADER_SIZE_BYTES,
  )
  const view = new DataView(bytes.buffer)
  view.setInt32(BATCH_SIZE_AT, bytes.byteLength - BATCH_PREFIX_SIZE_BYTES)
  view.setInt8(BATCH_MAGIC_AT, 2)
  view.setInt32(BATCH_LAST_OFFSET_DELTA_AT, recordCount - 1)
  if (payload !== undefined) bytes.set(payload, BATCH_HEADER_SIZE_BYTES)
  return bytes
}

export const PARTITION_CONFIG: PartitionConfig = {
  maxMessageBytes: MIB,
  isCompacted: false,
  isDeleted: true,
  timestampType: 0,
  timestampBeforeMaxMs: Infinity,
  timestampAfterMaxMs: Infinity,
  compressionCodec: -1,
  compressionLevel: 0,
  segmentBytes: 1024 * MIB,
  segmentMs: Infinity,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * MIB,
  indexIntervalBytes: 4096,
  retentionMs: Infinity,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  minInSyncReplicas: 1,
  flushMessages: Infinity,
  flushMs: Infinity,
  preallocate: false,
  producerIdExpirationMs: 86_400_000,
  deleteRetentionMs: 86_400_000,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Infinity,
  minCleanableDirtyRatio: 0.5,
}

interface StoredBatch {
  readonly baseOffset: number
  readonly nextOffset: number
  readonly position: number
  readonly sizeBytes: number
}

/** A partition in memory that does what the contract says and nothing more. */
export class FakePartition implements PartitionReplica {
  readonly topic: string
  readonly partition: number
  readonly handle: number
  readonly outcome = {
    baseOffset: -1,
    lastOffset: -1,
    appendTimeMs: -1,
    logStartOffset: 0,
    isDuplicate: false,
    errorMessage: '',
    isRewritten: false,
  }
  readonly position = { logStartOffset: 0, logEndOffset: 0, highWatermark: 0, lastStableOffset: 0, leaderEpoch: 0 }
  readonly plan = { file: -1, position: 0, sizeBytes: 0, firstOffset: 0, firstBatchSizeBytes: 0, segment: 0 }

  // What tests look at and turn.
  readonly batches: StoredBatch[] = []
  flushCount = 0
  maintainCount = 0
  maintainCode: ErrorCode = ErrorCode.none
  durableEndOffset = Number.MAX_SAFE_INTEGER
  openReads = 0
  isClosed = false
  isRemoved = false
  config: PartitionConfig
  nextStageCode: ErrorCode = ErrorCode.none
  nextStageIsDuplicate = false
  flushCode: ErrorCode = ErrorCode.none
  /** False: a follower has to be waited for (`confirm`). */
  isAlone = true
  aborted: readonly AbortedTransaction[] = []
  epochEnd = { leaderEpoch: 0, endOffset: 1e9 }
  readonly syncs: ((code: ErrorCode) => void)[] = []
  readonly #core: RecordCore
  #staged: { at: number; sizeBytes: number; baseOffset: number; lastOffset: number }[] = []
  #stagedEnd = 0
  #file = new Uint8Array(1024)
  #logSizeBytes = 0

  constructor(assignment: PartitionAssignment, core: RecordCore) {
    this.topic = assignment.topic
    this.partition = assignment.partition
    this.handle = assignment.handle
    this.config = assignment.config
    this.#core = core
  }

  stage(at: number, sizeBytes: number, _origin: AppendOrigin, _wallMs: number): ErrorCode {
    const code = this.nextStageCode
    this.nextStageCode = ErrorCode.none
    this.outcome.errorMessage = code === ErrorCode.none ? '' : 'refused by the test'
    if (code !== ErrorCode.none) return code
    this.outcome.isDuplicate = this.nextStageIsDuplicate
    if (this.nextStageIsDuplicate) {
      this.nextStageIsDuplicate = false
      this.outcome.baseOffset = 0
      this.outcome.lastOffset = 0
      return ErrorCode.none
    }
    this.#core.readHeader(at, sizeBytes)
    const baseOffset = this.#stagedEnd
    const lastOffset = baseOffset + this.#core.summary.lastOffsetDelta
    this.#core.stampOffsets(at, baseOffset, this.position.leaderEpoch)
    this.outcome.baseOffset = baseOffset
    this.outcome.lastOffset = lastOffset
    this.#stagedEnd = lastOffset + 1
    this.#staged.push({ at, sizeBytes, baseOffset, lastOffset })
    return ErrorCode.none
  }

  flush(): ErrorCode {
    this.flushCount += 1
    if (this.flushCode !== ErrorCode.none) return this.flushCode
    for (const { at, sizeBytes, baseOffset, lastOffset } of this.#staged) {
      const position = this.#logSizeBytes
      this.#logSizeBytes += sizeBytes
      if (this.#logSizeBytes > this.#file.byteLength) {
        const grown = new Uint8Array(this.#logSizeBytes * 2)
        grown.set(this.#file)
        this.#file = grown
      }
      this.#file.set(this.#core.bytes.subarray(at, at + sizeBytes), position)
      this.batches.push({ baseOffset, nextOffset: lastOffset + 1, position, sizeBytes })
    }
    this.#staged = []
    this.position.logEndOffset = this.#stagedEnd
    if (this.isAlone) this.confirm(this.#stagedEnd)
    return ErrorCode.none
  }

  get log(): Uint8Array {
    return this.#file.subarray(0, this.#logSizeBytes)
  }

  /** Followers have everything below `offset`. */
  confirm(offset: number): void {
    this.position.highWatermark = offset
    this.position.lastStableOffset = offset
  }

  get hasStaged(): boolean {
    return this.#staged.length > 0
  }

  sync(): Promise<ErrorCode> {
    return new Promise((resolve) => this.syncs.push(resolve))
  }

  planRead(fromOffset: number, untilOffset: number, sizeBytesMax: number): ErrorCode {
    this.plan.sizeBytes = 0
    if (fromOffset < this.position.logStartOffset || fromOffset > this.position.logEndOffset) {
      return ErrorCode.offsetOutOfRange
    }
    const first = this.batches.find(({ nextOffset }) => nextOffset > fromOffset)
    const last = this.batches.findLast(({ nextOffset }) => nextOffset <= untilOffset)
    if (first === undefined || last === undefined || fromOffset >= untilOffset) return ErrorCode.none
    this.plan.file = this.handle
    this.plan.segment = 7
    this.plan.position = first.position
    this.plan.firstOffset = first.baseOffset
    this.plan.firstBatchSizeBytes = first.sizeBytes
    this.plan.sizeBytes = Math.max(
      Math.min(last.position + last.sizeBytes - first.position, sizeBytesMax),
      first.sizeBytes,
    )
    this.openReads += 1
    return ErrorCode.none
  }

  releaseRead(_segment: number): void {
    this.openReads -= 1
  }

  abortedTransactions(): readonly AbortedTransaction[] {
    return this.aborted
  }

  offsetForTimestamp(timestampMs: number): OffsetAnswer {
    return { code: ErrorCode.none, offset: Math.max(timestampMs, 0), timestampMs, leaderEpoch: 0 }
  }

  endOffsetForEpoch(_epoch: number): { readonly leaderEpoch: number; readonly endOffset: number } {
    return this.epochEnd
  }

  deleteRecords(offset: number): { readonly code: ErrorCode; readonly lowWatermark: number } {
    this.position.logStartOffset = offset
    return { code: ErrorCode.none, lowWatermark: offset }
  }

  get sizeBytes(): number {
    return this.#logSizeBytes
  }

  activeProducers(): readonly ProducerSnapshotRow[] {
    return []
  }

  configure(config: PartitionConfig): void {
    this.config = config
  }

  becomeLeader(leaderEpoch: number): void {
    this.position.leaderEpoch = leaderEpoch
  }

  becomeFollower(leaderEpoch: number): void {
    this.position.leaderEpoch = leaderEpoch
  }

  setReplicated(isReplicated: boolean): void {
    this.isAlone = !isReplicated
  }

  advanceHighWatermark(offset: number): void {
    if (offset > this.position.highWatermark) this.confirm(Math.min(offset, this.position.logEndOffset))
  }

  get latestEpoch(): number {
    return this.position.leaderEpoch
  }

  followLogStart(offset: number): ErrorCode {
    this.position.logStartOffset = offset
    return ErrorCode.none
  }

  truncate(_offset: number): ErrorCode {
    throw new Error('fake partitions are not truncated')
  }

  restart(_offset: number): ErrorCode {
    throw new Error('fake partitions are not started anew')
  }

  maintain(_wallMs: number): ErrorCode {
    this.maintainCount += 1
    return this.maintainCode
  }

  close(): void {
    this.isClosed = true
  }

  remove(): void {
    this.isRemoved = true
  }
}

/** Reads the logs of fake partitions by handle; everything else is not there. */
export function fakeDisk(partitions: ReadonlyMap<number, FakePartition>): Disk {
  const disk: Pick<Disk, 'read'> = {
    read(file, into, position, done) {
      const log = partitions.get(file)?.log ?? new Uint8Array(0)
      const bytes = log.subarray(position, position + into.byteLength)
      into.set(bytes)
      queueMicrotask(() => done(undefined, bytes.byteLength))
    },
  }
  return disk as Disk
}

/** What sinks were told, in order. */
export class RecordingSink implements AppendSink {
  readonly answers: (AppendResult & { readonly slot: number })[] = []
  onAnswer: ((slot: number) => void) | undefined

  onAppended(slot: number, result: AppendResult): void {
    this.answers.push({ slot, ...result })
    this.onAnswer?.(slot)
  }
}

/** One shard, or several in one thread, with everything around them under the test's thumb. */
export class ShardWorld {
  readonly memory: Uint8Array
  readonly time = new FakeTime()
  readonly log = new RecordingLogger()
  readonly partitions = new Map<number, FakePartition>()
  readonly failed: PartitionAssignment[] = []
  readonly shards: Shard[] = []
  readonly turns: FakeTurns[] = []
  readonly mailboxes: FakeMailbox[] = []

  constructor(shardCount = 1, memorySizeBytes: number = 16 * MIB, options: Partial<ShardOptions> = {}) {
    this.memory = new Uint8Array(memorySizeBytes)
    const neighbours: (Mailbox | undefined)[][] = Array.from({ length: shardCount }, () => [])
    for (let left = 0; left < shardCount; left += 1) {
      for (let right = left + 1; right < shardCount; right += 1) {
        const ends = fakeMailboxes()
        ;(neighbours[left] as Mailbox[])[right] = ends.left
        ;(neighbours[right] as Mailbox[])[left] = ends.right
        this.mailboxes.push(ends.left, ends.right)
      }
    }
    for (let index = 0; index < shardCount; index += 1) {
      const core = new FakeCore(this.memory)
      const turns = new FakeTurns()
      this.turns.push(turns)
      this.shards.push(
        new Shard({
          index,
          shardCount,
          core,
          codec: new FakeCodec(),
          clock: this.time,
          timers: this.time,
          turns,
          disk: fakeDisk(this.partitions),
          log: this.log,
          openPartition: (assignment) => {
            const partition = new FakePartition(assignment, core)
            this.partitions.set(assignment.handle, partition)
            return partition
          },
          brokerId: 1,
          onPartitionFailed: (assignment) => this.failed.push(assignment),
          neighbours: neighbours[index] ?? [],
          ...options,
        }),
      )
    }
  }

  get shard(): Shard {
    return this.shards[0] as Shard
  }

  open(handle: number, shard = 0, config: Partial<PartitionConfig> = {}): PartitionAssignment {
    const assignment: PartitionAssignment = {
      topic: `topic-${handle}`,
      partition: 0,
      handle,
      shard,
      topicId: '',
      leaderEpoch: 0,
      role: leaderRole(),
      directory: '/data',
      config: { ...PARTITION_CONFIG, ...config },
    }
    ;(this.shards[shard] as Shard).ownership.open(assignment)
    return assignment
  }

  partition(handle: number): FakePartition {
    return this.partitions.get(handle) as FakePartition
  }

  /** Copies a batch into the arena of `shard`, as its broker would. */
  region(batch: Uint8Array, shard = 0): Region {
    const region = (this.shards[shard] as Shard).arena.reserve(batch.byteLength)
    if (region === undefined) throw new Error('the arena is full')
    this.memory.set(batch, region.at)
    return region
  }

  /** Ends the turn of every shard once. */
  turn(): void {
    for (const turns of this.turns) turns.run()
  }

  /** Turns and deliveries until nothing moves. */
  settle(): void {
    for (let round = 0; round < 1000; round += 1) {
      let moved = 0
      for (const mailbox of this.mailboxes) moved += mailbox.deliver()
      if (moved === 0 && this.turns.every((turns) => turns.isIdle)) return
      this.turn()
    }
    throw new Error('the shards do not come to rest')
  }
}

/** Lets promises run. */
export async function microtasks(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve()
}
