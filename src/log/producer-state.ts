// hot: per batch
/**
 * What a partition remembers of its producers: the last five batches of each (to answer repeats and refuse gaps), epochs,
 * and open transactions (to know the last stable offset). Rules: KIP-98, KIP-360 and Kafka's ProducerAppendInfo.
 *
 *   batch ──► findDuplicate? ──yes──► answered with the offset it got the first time
 *               │no
 *             whyRefused (epoch, sequence, open transaction) ──► code
 *               │none
 *             appendData / appendMarker
 *
 * State moves when a batch is *staged*: a second batch of the same turn must see the first. If the write then fails, the
 * partition is offline and this object is never asked again.
 */
import { NO_PRODUCER_EPOCH, NO_SEQUENCE } from '../model/batch-layout.ts'
import { ErrorCode } from '../model/error-code.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'

/** Batches remembered per producer; clients keep at most five requests in flight. */
export const REMEMBERED_BATCHES_MAX: number = 5
const SEQUENCE_MAX = 0x7fffffff
const FIELDS = 4

export class ProducerEntry {
  readonly producerId: number
  epoch: number = NO_PRODUCER_EPOCH
  coordinatorEpoch: number = -1
  lastTimestampMs: number = -1
  /** First offset of the open transaction, -1 without one. */
  transactionFirstOffset: number = NO_OFFSET
  batchCount: number = 0
  /** Rows of (last sequence, last offset, offset delta, timestamp), oldest first. */
  readonly #rows: Float64Array = new Float64Array(REMEMBERED_BATCHES_MAX * FIELDS)

  constructor(producerId: number) {
    this.producerId = producerId
  }

  lastSequenceAt(row: number): number {
    return this.#rows[row * FIELDS] ?? NO_SEQUENCE
  }

  lastOffsetAt(row: number): number {
    return this.#rows[row * FIELDS + 1] ?? NO_OFFSET
  }

  firstOffsetAt(row: number): number {
    return this.lastOffsetAt(row) - this.offsetDeltaAt(row)
  }

  offsetDeltaAt(row: number): number {
    return this.#rows[row * FIELDS + 2] ?? 0
  }

  timestampAt(row: number): number {
    return this.#rows[row * FIELDS + 3] ?? -1
  }

  firstSequenceAt(row: number): number {
    return sequenceBefore(this.lastSequenceAt(row), this.offsetDeltaAt(row))
  }

  get lastSequence(): number {
    return this.batchCount === 0 ? NO_SEQUENCE : this.lastSequenceAt(this.batchCount - 1)
  }

  get lastOffset(): number {
    return this.batchCount === 0 ? NO_OFFSET : this.lastOffsetAt(this.batchCount - 1)
  }

  get lastOffsetDelta(): number {
    return this.batchCount === 0 ? 0 : this.offsetDeltaAt(this.batchCount - 1)
  }

  addBatch(lastSequence: number, lastOffset: number, offsetDelta: number, timestampMs: number): void {
    if (this.batchCount === REMEMBERED_BATCHES_MAX) {
      this.#rows.copyWithin(0, FIELDS)
      this.batchCount -= 1
    }
    const at = this.batchCount * FIELDS
    this.#rows[at] = lastSequence
    this.#rows[at + 1] = lastOffset
    this.#rows[at + 2] = offsetDelta
    this.#rows[at + 3] = timestampMs
    this.batchCount += 1
    this.lastTimestampMs = timestampMs
  }

  /** A new epoch starts from sequence 0: what the old one sent no longer counts. */
  moveToEpoch(epoch: number): void {
    if (epoch === this.epoch) return
    this.epoch = epoch
    this.batchCount = 0
  }
}

/** `delta` sequence numbers before `last`, on the ring 0 … 2^31-1. */
export function sequenceBefore(last: number, delta: number): number {
  return last >= delta ? last - delta : last - delta + SEQUENCE_MAX + 1
}

/** `delta` sequence numbers after `first`, on the ring 0 … 2^31-1. */
export function sequenceAfter(first: number, delta: number): number {
  return first <= SEQUENCE_MAX - delta ? first + delta : delta - (SEQUENCE_MAX - first) - 1
}

/** A transaction that ended: it still holds the last stable offset back until its marker is replicated. */
interface EndedTransaction {
  readonly firstOffset: number
  readonly lastOffset: number
}

// What every partition without producers has in common. Replaced before the first entry, never written.
const NO_ENTRIES: Map<number, ProducerEntry> = new Map()
const NONE_OPEN: Map<number, number> = new Map()
const NONE_ENDED: EndedTransaction[] = []

export class ProducerStates {
  #entries: Map<number, ProducerEntry> = NO_ENTRIES
  /** Producer id to first offset. Insertion order is offset order, so the first entry is the oldest transaction. */
  #open: Map<number, number> = NONE_OPEN
  #ended: EndedTransaction[] = NONE_ENDED

  get size(): number {
    return this.#entries.size
  }

  entry(producerId: number): ProducerEntry | undefined {
    return this.#entries.get(producerId)
  }

  entries(): IterableIterator<ProducerEntry> {
    return this.#entries.values()
  }

  /** Row of the remembered batch with exactly these sequence numbers, -1 when there is none. */
  findDuplicate(entry: ProducerEntry, epoch: number, baseSequence: number, lastSequence: number): number {
    if (epoch !== entry.epoch) return -1
    for (let row = 0; row < entry.batchCount; row += 1) {
      if (entry.lastSequenceAt(row) === lastSequence && entry.firstSequenceAt(row) === baseSequence) return row
    }
    return -1
  }

  /**
   * Whether a data batch may be appended.
   *
   * @param checksSequence only clients' batches are held to their sequence; coordinators have none
   */
  whyRefused(
    entry: ProducerEntry | undefined,
    epoch: number,
    baseSequence: number,
    isTransactional: boolean,
    checksSequence: boolean,
  ): ErrorCode {
    if (entry === undefined || entry.epoch === NO_PRODUCER_EPOCH) return ErrorCode.none
    if (epoch < entry.epoch) return ErrorCode.invalidProducerEpoch
    if (checksSequence) {
      if (epoch !== entry.epoch) {
        if (baseSequence !== 0) return ErrorCode.outOfOrderSequenceNumber
      } else if (baseSequence !== nextSequence(entry)) {
        return ErrorCode.outOfOrderSequenceNumber
      }
    }
    if (entry.transactionFirstOffset >= 0 && !isTransactional) return ErrorCode.invalidTxnState
    return ErrorCode.none
  }

  /** Records a data batch. The caller has asked `whyRefused`, or the batch comes from a log that had. */
  appendData(
    producerId: number,
    epoch: number,
    baseSequence: number,
    baseOffset: number,
    lastOffset: number,
    timestampMs: number,
    isTransactional: boolean,
  ): void {
    const entry = this.#entryFor(producerId)
    entry.moveToEpoch(epoch)
    const delta = lastOffset - baseOffset
    const lastSequence = baseSequence < 0 ? NO_SEQUENCE : sequenceAfter(baseSequence, delta)
    entry.addBatch(lastSequence, lastOffset, delta, timestampMs)
    if (isTransactional && entry.transactionFirstOffset < 0) {
      entry.transactionFirstOffset = baseOffset
      this.#noteOpen(producerId, baseOffset)
    }
  }

  /** Whether the marker that ends a transaction may be appended. */
  whyMarkerRefused(producerId: number, epoch: number, coordinatorEpoch: number): ErrorCode {
    const entry = this.#entries.get(producerId)
    if (entry === undefined) return ErrorCode.none
    if (epoch < entry.epoch) return ErrorCode.invalidProducerEpoch
    if (coordinatorEpoch < entry.coordinatorEpoch) return ErrorCode.transactionCoordinatorFenced
    return ErrorCode.none
  }

  /**
   * Ends the producer's transaction.
   *
   * @param offset of the marker
   * @returns first offset of the transaction that ended, -1 when there was none
   */
  appendMarker(
    producerId: number,
    epoch: number,
    coordinatorEpoch: number,
    offset: number,
    timestampMs: number,
  ): number {
    const entry = this.#entryFor(producerId)
    const firstOffset = entry.transactionFirstOffset
    entry.moveToEpoch(epoch)
    entry.coordinatorEpoch = coordinatorEpoch
    entry.lastTimestampMs = timestampMs
    entry.transactionFirstOffset = NO_OFFSET
    if (firstOffset >= 0) {
      this.#open.delete(producerId)
      this.#ended = [...this.#ended, { firstOffset, lastOffset: offset }]
    }
    return firstOffset
  }

  /** First offset of the oldest transaction that is open or whose end is not below `highWatermark`; -1 for none. */
  firstUnstableOffset(highWatermark: number): number {
    let first = NO_OFFSET
    for (const offset of this.#open.values()) {
      first = offset
      break
    }
    for (const ended of this.#ended) {
      if (ended.lastOffset >= highWatermark && (first < 0 || ended.firstOffset < first)) first = ended.firstOffset
    }
    return first
  }

  get hasUnstable(): boolean {
    return this.#open.size > 0 || this.#ended.length > 0
  }

  /** Forgets ended transactions whose marker is below the high watermark. */
  onHighWatermark(highWatermark: number): void {
    if (this.#ended.length === 0) return
    const left = this.#ended.filter((ended) => ended.lastOffset >= highWatermark)
    this.#ended = left.length === 0 ? NONE_ENDED : left
  }

  /** First offset of an open transaction other than `producerId`'s, for the last stable offset written with an abort. */
  lastStableOffsetAfter(producerId: number, markerOffset: number): number {
    for (const [openId, firstOffset] of this.#open) if (openId !== producerId) return firstOffset
    return markerOffset + 1
  }

  /** Drops producers that have been silent too long. One with an open transaction stays. */
  expire(nowMs: number, expirationMs: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.transactionFirstOffset < 0 && nowMs - entry.lastTimestampMs >= expirationMs) {
        this.#entries.delete(entry.producerId)
      }
    }
  }

  clear(): void {
    this.#entries = NO_ENTRIES
    this.#open = NONE_OPEN
    this.#ended = NONE_ENDED
  }

  /** Puts back what a snapshot says. Snapshots do not keep offset order, so open transactions are sorted by the caller's `finishRestore`. */
  restore(entry: ProducerEntry): void {
    this.#noteEntry(entry)
  }

  finishRestore(): void {
    const open = [...this.#entries.values()].filter((entry) => entry.transactionFirstOffset >= 0)
    open.sort((left, right) => left.transactionFirstOffset - right.transactionFirstOffset)
    for (const entry of open) this.#noteOpen(entry.producerId, entry.transactionFirstOffset)
  }

  #entryFor(producerId: number): ProducerEntry {
    const known = this.#entries.get(producerId)
    if (known !== undefined) return known
    const entry = new ProducerEntry(producerId)
    this.#noteEntry(entry)
    return entry
  }

  #noteEntry(entry: ProducerEntry): void {
    if (this.#entries === NO_ENTRIES) this.#entries = new Map()
    this.#entries.set(entry.producerId, entry)
  }

  #noteOpen(producerId: number, firstOffset: number): void {
    if (this.#open === NONE_OPEN) this.#open = new Map()
    this.#open.set(producerId, firstOffset)
  }
}

function nextSequence(entry: ProducerEntry): number {
  const last = entry.lastSequence
  return last === SEQUENCE_MAX ? 0 : last + 1
}
