import { NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE } from '../../model/batch-layout.ts'
import { ErrorCode, isRetriable } from '../../model/error-code.ts'
import { Batch } from './batch.ts'

/** Sequences are int32 and start again from 0. */
const SEQUENCE_COUNT = 0x8000_0000
const EPOCH_MAX = 0x7fff

export interface QueuePolicy {
  readonly lingerMs: number
  readonly batchSizeBytes: number
  readonly deliveryTimeoutMs: number
  /** Batches of one partition in flight; more than one only with sequences, or a retry would change the order. */
  readonly inFlightMax: number
  readonly isIdempotent: boolean
}

/** What became of a batch that was sent. */
export type Outcome = 'done' | 'retry' | 'failed'

/**
 * The batches of one partition: open, waiting and in flight, with the sequence numbers by which the broker knows them.
 *
 * What must hold: batches leave in the order in which they were filled. Once one has to be sent again nothing more leaves
 * until everything in flight has come back; then all that came back goes again, oldest first, under the same sequences. A
 * batch gets other sequences only after the broker said that it lacks a predecessor, which proves it did not take the batch.
 *
 * A leader takes whatever sequence comes first from a producer that it does not know. Until one batch is acknowledged the next
 * leader may be such a one: refused by it in the last moment before it leads, a first batch would be overtaken by a second. So
 * the first goes alone.
 */
export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  readonly #policy: QueuePolicy
  readonly #waiting: Batch[] = []
  readonly #inFlight: Batch[] = []
  #producerId = NO_PRODUCER_ID
  #epoch = NO_PRODUCER_EPOCH
  #nextSequence = 0
  #nextOrdinal = 0
  #mustDrain = false
  #mustRenumber = false
  /** A batch of the present id and epoch was acknowledged. */
  #isKnown = false

  constructor(topic: string, partition: number, policy: QueuePolicy) {
    this.topic = topic
    this.partition = partition
    this.#policy = policy
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#inFlight.length === 0
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0
  }

  get producerId(): number {
    return this.#producerId
  }

  get epoch(): number {
    return this.#epoch
  }

  /** Whether an id from the broker is needed before anything can be sent: at first, and when the epochs are used up. */
  get needsProducerId(): boolean {
    return this.#policy.isIdempotent && (this.#producerId < 0 || (this.#mustRenumber && this.#epoch >= EPOCH_MAX))
  }

  /** Takes a new id; only while nothing is in flight. */
  adoptProducerId(producerId: number, epoch: number): void {
    if (this.#inFlight.length > 0) return
    this.#producerId = producerId
    this.#epoch = epoch - 1
    this.#mustRenumber = true
  }

  /** The batch that takes records now; a new one when there is none, it is full, or it was already sent. */
  openBatch(recordSizeBytes: number, nowMs: number): Batch {
    const last = this.#waiting.at(-1)
    const fits = last !== undefined && last.sizeBytes + recordSizeBytes <= this.#policy.batchSizeBytes
    if (fits && last.attempts === 0) return last
    const batch = new Batch(nowMs)
    this.#waiting.push(batch)
    return batch
  }

  /**
   * When something can be sent: now (at most `nowMs`), at a later time, or `Infinity` when only an answer changes that.
   *
   * @param isUrgent whether lingering is off: somebody flushes, or the buffer is full
   */
  sendableAtMs(nowMs: number, isUrgent: boolean): number {
    const head = this.#waiting[0]
    if (head === undefined || this.#inFlight.length >= this.#policy.inFlightMax) return Number.POSITIVE_INFINITY
    if ((this.#mustDrain || this.#mustRenumber) && this.#inFlight.length > 0) return Number.POSITIVE_INFINITY
    if (this.#policy.isIdempotent && !this.#isKnown && this.#inFlight.length > 0) return Number.POSITIVE_INFINITY
    if (this.#wouldOutrun(head)) return Number.POSITIVE_INFINITY
    if (head.attempts > 0) return head.notBeforeMs
    const isFull = this.#waiting.length > 1 || head.sizeBytes >= this.#policy.batchSizeBytes
    return isUrgent || isFull ? nowMs : head.createdAtMs + this.#policy.lingerMs
  }

  /** Size of what `take` would give. */
  get headSizeBytes(): number {
    return this.#waiting[0]?.sizeBytes ?? 0
  }

  /** The next batch to send, with its sequence. The caller has asked `sendableAtMs`. */
  take(): Batch | undefined {
    if (this.#inFlight.length === 0) {
      this.#mustDrain = false
      if (this.#mustRenumber) this.#renumber()
    }
    const batch = this.#waiting.shift()
    if (batch === undefined) return undefined
    if (this.#policy.isIdempotent && batch.baseSequence === NO_SEQUENCE) {
      batch.baseSequence = this.#nextSequence
      this.#nextSequence = (this.#nextSequence + batch.records.length) % SEQUENCE_COUNT
      batch.ordinal = this.#nextOrdinal
      this.#nextOrdinal += 1
    }
    batch.attempts += 1
    this.#inFlight.push(batch)
    return batch
  }

  /**
   * A batch came back.
   *
   * @param code the broker's error code; `undefined` when no answer came and nobody knows
   * @param notBeforeMs earliest time of the next attempt, if there is one
   * @returns what becomes of it; the caller tells the senders unless it is to be retried
   */
  onAnswer(batch: Batch, code: number | undefined, notBeforeMs: number): Outcome {
    const isOldest = this.#inFlight[0] === batch && !this.#hasOlderWaiting(batch)
    this.#inFlight.splice(this.#inFlight.indexOf(batch), 1)
    if (code === ErrorCode.none) {
      this.#isKnown = true
      return 'done'
    }
    if (this.#policy.isIdempotent) {
      if (code === ErrorCode.duplicateSequenceNumber) return 'done'
      if (isSequenceProblem(code)) {
        // The oldest lacks a predecessor that will never come: one that failed for good, or a broker that forgot us.
        if (isOldest) this.#mustRenumber = true
        this.#putBack(batch, notBeforeMs)
        return 'retry'
      }
    }
    if (code !== undefined && !isRetriable(code)) return 'failed'
    this.#putBack(batch, notBeforeMs)
    return 'retry'
  }

  /** Takes out the waiting batches whose time is over, oldest first. */
  expire(nowMs: number): readonly Batch[] {
    const expired: Batch[] = []
    while (this.#waiting[0] !== undefined && nowMs >= this.#waiting[0].createdAtMs + this.#policy.deliveryTimeoutMs) {
      expired.push(this.#waiting.shift() as Batch)
    }
    return expired
  }

  /** When the oldest waiting batch expires; `Infinity` without one. */
  get expiresAtMs(): number {
    const head = this.#waiting[0]
    return head === undefined ? Number.POSITIVE_INFINITY : head.createdAtMs + this.#policy.deliveryTimeoutMs
  }

  /** Takes everything that waits, for a producer that is closed. */
  takeWaiting(): readonly Batch[] {
    return this.#waiting.splice(0)
  }

  /**
   * The broker recognises its last five batches of a producer and no older one. A batch that is tried again may be stored
   * already: were five others stored behind it, it would look like a gap and be stored twice under a new epoch.
   */
  #wouldOutrun(batch: Batch): boolean {
    const oldest = this.#inFlight[0]
    if (oldest === undefined || !this.#policy.isIdempotent) return false
    const ordinal = batch.ordinal < 0 ? this.#nextOrdinal : batch.ordinal
    return ordinal - oldest.ordinal >= this.#policy.inFlightMax
  }

  #hasOlderWaiting(batch: Batch): boolean {
    return this.#waiting.some((other) => other.attempts > 0 && isBefore(other, batch))
  }

  /** Batches that were sent come before those that were not, by sequence. */
  #putBack(batch: Batch, notBeforeMs: number): void {
    this.#mustDrain = true
    batch.notBeforeMs = notBeforeMs
    const after = this.#waiting.findIndex((other) => other.attempts === 0 || isBefore(batch, other))
    if (after < 0) this.#waiting.push(batch)
    else this.#waiting.splice(after, 0, batch)
  }

  /** A new epoch starts every sequence of this partition again from 0. */
  #renumber(): void {
    this.#mustRenumber = false
    this.#isKnown = false
    this.#epoch += 1
    this.#nextSequence = 0
    for (const batch of this.#waiting) {
      batch.baseSequence = NO_SEQUENCE
      batch.encoded = undefined
    }
  }
}

/** Order among batches that were sent. Sequences wrap, so the nearer way round decides; without sequences, the age. */
function isBefore(left: Batch, right: Batch): boolean {
  if (left.baseSequence === NO_SEQUENCE || right.baseSequence === NO_SEQUENCE)
    return left.createdAtMs < right.createdAtMs
  const distance = (right.baseSequence - left.baseSequence + SEQUENCE_COUNT) % SEQUENCE_COUNT
  return distance > 0 && distance < SEQUENCE_COUNT / 2
}

function isSequenceProblem(code: number | undefined): boolean {
  return (
    code === ErrorCode.outOfOrderSequenceNumber ||
    code === ErrorCode.unknownProducerId ||
    code === ErrorCode.invalidProducerEpoch
  )
}
