import { assert } from '../base/assert.ts'
import { RingQueue } from '../base/ring-queue.ts'
import type { Disk } from '../io/ports.ts'
import {
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_MAGIC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_SIZE_AT,
  CODEC_NONE,
} from '../model/batch-layout.ts'
import { ErrorCode } from '../model/error-code.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'
import type { PartitionReplica } from '../partition/contract.ts'
import { type BatchOptions, BatchVerdict, type RecordCodec } from '../wasm/contract.ts'
import type {
  AppendResult,
  AppendSink,
  Arena,
  InternalRecord,
  PartitionRef,
  Region,
  ShardCounters,
} from './contract.ts'

/** Appends of coordinators that wait for arena room: each belongs to a request in flight. */
const WAITING_MAX = 1 << 16
/** One read of a replay. Large enough that the number of reads does not matter, small enough to have many at once. */
const REPLAY_READ_SIZE_BYTES = 1024 * 1024

const PLAIN_BATCH: BatchOptions = {
  baseOffset: 0,
  codec: CODEC_NONE,
  level: 0,
  leaderEpoch: -1,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
  isControl: false,
  isLogAppendTime: false,
}

export interface InternalAppendResult {
  readonly code: ErrorCode
  readonly baseOffset: number
}

interface WaitingAppend {
  readonly ref: PartitionRef
  readonly batch: Uint8Array
  readonly resolve: (result: InternalAppendResult) => void
}

/** Stages a region that belongs to a coordinator. */
export type AppendRegion = (ref: PartitionRef, region: Region, sink: AppendSink, slot: number) => void

/** Appends of coordinators: records in, one batch through the same door as everybody's, a promise out. */
export class InternalAppends implements AppendSink {
  readonly #arena: Arena
  readonly #codec: RecordCodec
  readonly #counters: ShardCounters
  readonly #append: AppendRegion
  /** Encoded, without a place in the arena yet. While somebody waits, everybody queues: order is part of the promise. */
  readonly #waiting = new RingQueue<WaitingAppend>(WAITING_MAX)
  readonly #staged = new Map<number, (result: InternalAppendResult) => void>()
  #nextSlot = 0

  constructor(arena: Arena, codec: RecordCodec, counters: ShardCounters, append: AppendRegion) {
    this.#arena = arena
    this.#codec = codec
    this.#counters = counters
    this.#append = append
  }

  append(ref: PartitionRef, records: readonly InternalRecord[]): Promise<InternalAppendResult> {
    assert(records.length > 0, 'a coordinator appends at least one record')
    const batch = this.#codec.encodeBatch(records, PLAIN_BATCH)
    if (batch.byteLength > this.#arena.sizeBytesMax || this.#waiting.isFull) {
      return Promise.resolve({ code: ErrorCode.recordListTooLarge, baseOffset: NO_OFFSET })
    }
    return new Promise((resolve) => {
      const waiting = { ref, batch, resolve }
      if (this.#waiting.size > 0) this.#waiting.push(waiting)
      else if (!this.#stage(waiting)) this.#wait(waiting)
    })
  }

  onAppended(slot: number, result: AppendResult): void {
    const resolve = this.#staged.get(slot)
    assert(resolve !== undefined, 'an internal append is answered once')
    this.#staged.delete(slot)
    resolve({ code: result.code, baseOffset: result.baseOffset })
  }

  #stage(waiting: WaitingAppend): boolean {
    const region = this.#arena.reserve(waiting.batch.byteLength)
    if (region === undefined) return false
    this.#arena.bytes.set(waiting.batch, region.at)
    this.#counters.copiedBytes += region.sizeBytes
    const slot = this.#nextSlot
    this.#nextSlot += 1
    this.#staged.set(slot, waiting.resolve)
    this.#append(waiting.ref, region, this, slot)
    return true
  }

  #wait(waiting: WaitingAppend): void {
    this.#waiting.push(waiting)
    this.#arena.onRoom(() => this.#stageWaiting())
  }

  #stageWaiting(): void {
    for (let waiting = this.#waiting.peek(); waiting !== undefined; waiting = this.#waiting.peek()) {
      if (!this.#stage(waiting)) {
        this.#arena.onRoom(() => this.#stageWaiting())
        return
      }
      this.#waiting.shift()
    }
  }
}

/** What a replay needs: the partition's log and the way to its bytes. */
export interface ReplaySource {
  readonly replica: PartitionReplica
  readonly disk: Disk
  readonly codec: RecordCodec
  /** False once the partition was given up: the replay ends. */
  isOwned(): boolean
  /** A read was planned, and one is over. */
  hold(): void
  release(segment: number): void
}

/** Visits every record from the log start to the present end, oldest first. */
export async function replayRecords(
  source: ReplaySource,
  visit: (record: InternalRecord, offset: number) => void,
): Promise<ErrorCode> {
  // What is staged but not written belongs to this turn's flush; a coordinator replays before it appends. A new leader's high
  // watermark may lag behind what its predecessor had acknowledged: everything in its log counts.
  const until = source.replica.position.logEndOffset
  let offset = source.replica.position.logStartOffset
  let readSizeBytes = REPLAY_READ_SIZE_BYTES
  while (offset < until) {
    if (!source.isOwned()) return ErrorCode.notLeaderOrFollower
    const { replica } = source
    const code = replica.planRead(offset, until, readSizeBytes)
    if (code !== ErrorCode.none) return code
    if (replica.plan.sizeBytes === 0) return ErrorCode.none
    const bytes = await readPlanned(source)
    if (bytes === undefined) return ErrorCode.kafkaStorageError
    const walk = walkBatches(bytes)
    if (walk.sizeBytes === 0) {
      // The first batch is larger than what was read: ask for all of it.
      if (walk.neededBytes <= bytes.byteLength) return ErrorCode.corruptMessage
      readSizeBytes = walk.neededBytes
      continue
    }
    const from = offset
    const verdict = source.codec.decodeBatches(bytes.subarray(0, walk.sizeBytes), (record) => {
      if (record.offset >= from && record.offset < until) visit(record, record.offset)
    })
    if (verdict !== BatchVerdict.ok || walk.nextOffset <= offset) return ErrorCode.corruptMessage
    offset = walk.nextOffset
    readSizeBytes = REPLAY_READ_SIZE_BYTES
  }
  return ErrorCode.none
}

async function readPlanned(source: ReplaySource): Promise<Uint8Array | undefined> {
  const { file, position, segment, sizeBytes } = source.replica.plan
  const bytes = new Uint8Array(sizeBytes)
  source.hold()
  const read = await new Promise<number>((resolve) => {
    source.disk.read(file, bytes, position, (error, readBytes) => resolve(error === undefined ? readBytes : -1))
  })
  source.release(segment)
  return read < 0 ? undefined : bytes.subarray(0, read)
}

interface BatchWalk {
  /** Bytes of whole batches. */
  readonly sizeBytes: number
  /** Offset after the last whole batch, which need not hold a record any more once it was compacted. */
  readonly nextOffset: number
  /** Bytes that the first batch that is not whole would take. */
  readonly neededBytes: number
}

function walkBatches(bytes: Uint8Array): BatchWalk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let nextOffset = 0
  while (at + BATCH_PREFIX_SIZE_BYTES <= bytes.byteLength) {
    const sizeBytes = view.getInt32(at + BATCH_SIZE_AT) + BATCH_PREFIX_SIZE_BYTES
    if (sizeBytes <= BATCH_MAGIC_AT || at + sizeBytes > bytes.byteLength)
      return { sizeBytes: at, nextOffset, neededBytes: sizeBytes }
    // In formats 0 and 1 the offset of a message, or of a compressed set, is that of its last record.
    const isBatch = view.getInt8(at + BATCH_MAGIC_AT) >= 2
    const lastOffsetDelta = isBatch ? view.getInt32(at + BATCH_LAST_OFFSET_DELTA_AT) : 0
    nextOffset = Number(view.getBigInt64(at)) + lastOffsetDelta + 1
    at += sizeBytes
  }
  return { sizeBytes: at, nextOffset, neededBytes: 0 }
}
