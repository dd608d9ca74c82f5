/**
 * Compaction (`cleanup.policy=compact`): of every key only the newest record stays. Closed segments below the last stable
 * offset are rewritten, small ones merged; offsets never change, gaps are normal.
 *
 *   1 map      newest offset of every key in the dirty part           (records of aborted transactions do not count)
 *   2 filter   segments from the oldest on ──► <base>.log.cleaned     (aborted and superseded records go; tombstones and
 *                                                                      markers of nothing at their delete horizon)
 *   3 swap     sync, .cleaned ─► .swap, sources ─► .deleted, .swap ─► .log        (Kafka's crash protocol, log-leftovers.ts)
 *
 * Works in small steps, so that the shard's turns stay short. Anything else that changes the segments in between
 * (retention, DeleteRecords) makes the run give up; the next one starts afresh.
 */
import type { FileDescriptor } from '../io/ports.ts'
import { BATCH_RECORDS_AT } from '../model/batch-layout.ts'
import {
  batchAttributes,
  batchLastOffset,
  batchMagic,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  batchSizeBytes,
  isControl,
  MESSAGE_SIZE_BYTES_MIN,
} from './batch-header.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { CLEANED_SUFFIX, LOG_SUFFIX, SWAP_SUFFIX, TRANSACTION_INDEX_SUFFIX } from './file-names.ts'
import { type LogState, segmentEndOffset } from './log-state.ts'
import { firstTimestamp, newestTimestamp } from './log-timestamps.ts'
import { discardSegment } from './log-retention.ts'
import { abortedRows } from './log-transactions.ts'
import { deleteHorizonOf, emptyBatch, filterBatch, type KeepRecord, withDeleteHorizon } from './record-filter.ts'
import { Segment } from './segment.ts'
import { completeIndexFiles } from './segment-indexes.ts'
import { writeAbortedEntry } from './transaction-index.ts'

/** Kafka's `log.cleaner.backoff.ms`: how long a partition rests between looks. */
export const CLEANER_INTERVAL_MS: number = 15_000
/** Bytes of log that one step reads: some milliseconds. */
export const CLEANER_STEP_SIZE_BYTES: number = 1024 * 1024
/** Keys of one run; the rest of the dirty part waits for the next. About 100 MB, as Kafka's dedupe buffer. */
const KEYS_MAX = 500_000

const latin1 = new TextDecoder('latin1')

/** Segments [0, until) may be cleaned; those from `dirtyFrom` on are new since the last run. */
export interface CleaningPlan {
  readonly until: number
  readonly dirtyFrom: number
}

/** Whether there is enough to clean. Decides only. Throws `DiskError`. */
export function planCleaning(state: LogState, wallMs: number): CleaningPlan | undefined {
  const { config } = state
  if (!config.isCompacted) return undefined
  const unstable = state.producers.firstUnstableOffset(state.highWatermark)
  const limit = unstable < 0 ? state.highWatermark : Math.min(unstable, state.highWatermark)
  let until = 0
  let cleanBytes = 0
  let dirtyBytes = 0
  let dirtyFrom = -1
  let isOverdue = false
  for (const [index, segment] of state.segments.entries()) {
    if (segment === state.active || segmentEndOffset(state, index) > limit) break
    if (segmentEndOffset(state, index) <= state.cleanedOffset) {
      cleanBytes += segment.sizeBytes
      until = index + 1
      continue
    }
    const isTooNew =
      config.minCompactionLagMs > 0 && newestTimestamp(state, segment) > wallMs - config.minCompactionLagMs
    if (isTooNew) break
    until = index + 1
    if (dirtyFrom < 0) dirtyFrom = index
    dirtyBytes += segment.sizeBytes
    isOverdue = isOverdue || isLongUncleaned(state, segment, wallMs)
  }
  if (dirtyFrom < 0 || dirtyBytes === 0) return undefined
  const isDirtyEnough = dirtyBytes / (cleanBytes + dirtyBytes) >= config.minCleanableDirtyRatio
  return isDirtyEnough || isOverdue ? { until, dirtyFrom } : undefined
}

/** Whether records of a segment have waited longer than `max.compaction.lag.ms`, counted from its first batch. Throws `DiskError`. */
function isLongUncleaned(state: LogState, segment: Segment, wallMs: number): boolean {
  const { maxCompactionLagMs } = state.config
  if (maxCompactionLagMs === Number.POSITIVE_INFINITY) return false
  const firstMs = firstTimestamp(state, segment)
  return firstMs > 0 && wallMs - firstMs > maxCompactionLagMs
}

/** One run over one log. `step` until it says false. */
export class Cleaning {
  readonly #state: LogState
  readonly #sources: readonly Segment[]
  readonly #transactions: CleanedTransactions
  readonly #newest: Map<string, number> = new Map()
  readonly #wallMs: number
  readonly #buffer: Uint8Array = new Uint8Array(CLEANER_STEP_SIZE_BYTES)
  /** End of the last source. */
  readonly #endOffset: number
  /** Everything below is in the map. */
  #mappedUntil: number
  #lastMapped: number = 0
  #isMapping: boolean = true
  #index: number
  #position: number = 0
  #output: CleanedOutput | undefined = undefined

  /** Throws `DiskError`. */
  constructor(state: LogState, plan: CleaningPlan, wallMs: number) {
    this.#state = state
    this.#sources = state.segments.slice(0, plan.until)
    this.#index = plan.dirtyFrom
    this.#endOffset = segmentEndOffset(state, plan.until - 1)
    this.#mappedUntil = this.#endOffset
    this.#transactions = new CleanedTransactions(abortedRows(state).slice())
    this.#wallMs = wallMs
  }

  /** Does a few milliseconds of work. @returns whether there is more. Throws `DiskError`. */
  step(): boolean {
    if (!this.#isStillTrue()) {
      this.abandon()
      return false
    }
    return this.#isMapping ? this.#mapStep() : this.#filterStep()
  }

  /** Leaves the log as it is. Throws `DiskError`. */
  abandon(): void {
    const output = this.#output
    if (output === undefined) return
    this.#output = undefined
    this.#state.environment.disk.close(output.file)
    this.#state.environment.disk.remove(output.path)
  }

  /** The sources from where this run is are still what the log begins with. */
  #isStillTrue(): boolean {
    const { segments } = this.#state
    for (let index = this.#output?.firstSource ?? this.#index; index < this.#sources.length; index += 1) {
      const source = this.#sources[index]
      if (source === undefined || !segments.includes(source)) return false
    }
    return this.#state.config.isCompacted
  }

  #mapStep(): boolean {
    const source = this.#sources[this.#index]
    if (source === undefined || this.#newest.size >= KEYS_MAX) {
      // What lies above is kept as it is and stays dirty: nothing that is not in the map counts as superseded.
      if (source !== undefined) this.#mappedUntil = this.#lastMapped
      this.#isMapping = false
      this.#index = 0
      this.#position = 0
      return true
    }
    const { cleanedOffset } = this.#state
    this.#eachBatch(source, (bytes, view) => {
      this.#lastMapped = batchLastOffset(view, 0) + 1
      if (this.#lastMapped <= cleanedOffset || batchMagic(view, 0) < 2) return
      if (isControl(batchAttributes(view, 0)) || this.#transactions.isAborted(view)) return
      filterBatch(this.#state.environment.codec, bytes, (key, _isTombstone, offset) => {
        if (key !== null) this.#newest.set(latin1.decode(key), offset)
        return true
      })
    })
    return true
  }

  #filterStep(): boolean {
    const source = this.#sources[this.#index]
    if (source === undefined || source.baseOffset >= this.#mappedUntil) {
      this.#finishOutput()
      this.#state.isCheckpointDue = true
      return false
    }
    if (this.#position === 0) this.#startSource(source)
    const output = this.#output
    if (output === undefined) return false
    this.#eachBatch(source, (bytes, view) => this.#copyBatch(output, bytes, view))
    return true
  }

  /** Puts the source into the current output, or begins a new one when it would grow too large. */
  #startSource(source: Segment): void {
    const output = this.#output
    const isFitting =
      output !== undefined &&
      output.segment.sizeBytes + source.sizeBytes <= this.#state.config.segmentBytes &&
      this.#endOf(this.#index) - 1 - output.segment.baseOffset <= 0x7fffffff
    if (isFitting) return
    this.#finishOutput()
    const { disk } = this.#state.environment
    const segment = new Segment(source.directory, source.baseOffset, false, true)
    segment.startIndexes()
    const path = segment.path(LOG_SUFFIX) + CLEANED_SUFFIX
    disk.remove(path)
    this.#output = { segment, path, file: disk.openWrite(path), firstSource: this.#index }
  }

  /** Reads about one step's worth of whole batches of `source` and moves on to the next segment at its end. Throws `DiskError`. */
  #eachBatch(source: Segment, visit: (bytes: Uint8Array, view: DataView) => void): void {
    const { disk, files } = this.#state.environment
    const file = files.use(source.file)
    const filled = disk.readSync(file, this.#buffer, this.#position)
    const view = new DataView(this.#buffer.buffer, 0, filled)
    let at = 0
    while (at + MESSAGE_SIZE_BYTES_MIN <= filled && this.#position + at < source.sizeBytes) {
      const sizeBytes = batchSizeBytes(view, at)
      if (sizeBytes < 0 || sizeBytes > filled - at) break
      const bytes = this.#buffer.subarray(at, at + sizeBytes)
      visit(bytes, new DataView(bytes.buffer, bytes.byteOffset, sizeBytes))
      at += sizeBytes
    }
    if (at === 0 && this.#position < source.sizeBytes) {
      const bytes = new Uint8Array(Math.max(0, batchSizeBytes(view, 0)))
      disk.readSync(file, bytes, this.#position)
      visit(bytes, new DataView(bytes.buffer))
      at = bytes.length
    }
    this.#position += at
    if (this.#position < source.sizeBytes) return
    this.#index += 1
    this.#position = 0
  }

  /** @param isHorizonOver tombstones of this batch have been there long enough for every reader */
  #keepRule(isHorizonOver: boolean): KeepRecord {
    return (key, isTombstone, offset) => {
      if (key === null) return false
      if ((this.#newest.get(latin1.decode(key)) ?? offset) > offset) return false
      return !(isTombstone && isHorizonOver)
    }
  }

  #copyBatch(output: CleanedOutput, bytes: Uint8Array, view: DataView): void {
    if (batchMagic(view, 0) < 2) {
      this.#write(output, bytes)
      return
    }
    const { codec } = this.#state.environment
    const isMarker = isControl(batchAttributes(view, 0))
    const isDiscardable = this.#transactions.isDiscardable(view)
    const horizonMs = deleteHorizonOf(view)
    const isHorizonOver = horizonMs >= 0 && horizonMs <= this.#wallMs
    const isGone = isDiscardable && (!isMarker || isHorizonOver)
    const filtered = isMarker
      ? undefined
      : filterBatch(codec, bytes, isGone ? () => false : this.#keepRule(isHorizonOver))
    const isEmpty = isMarker ? isGone || bytes.length <= BATCH_RECORDS_AT : filtered?.keptCount === 0
    if (isEmpty) {
      if (this.#mustKeepPlace(view, isMarker)) this.#write(output, emptyBatch(bytes))
      return
    }
    const kept = filtered?.bytes ?? bytes
    const needsHorizon = horizonMs < 0 && (isMarker ? isDiscardable : filtered?.hasTombstones === true)
    const dated = needsHorizon
      ? withDeleteHorizon(codec, kept, this.#wallMs + this.#state.config.deleteRetentionMs)
      : undefined
    this.#write(output, dated ?? kept)
  }

  #write(output: CleanedOutput, bytes: Uint8Array): void {
    const { disk } = this.#state.environment
    const { segment } = output
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    disk.writeSync(output.file, [bytes], segment.sizeBytes)
    const { indexIntervalBytes } = this.#state.config
    segment.noteBatch(bytes.length, batchLastOffset(view, 0), batchMaxTimestamp(view, 0), indexIntervalBytes)
  }

  /**
   * Some batches keep their place even when empty: a producer's last one, for its sequence numbers and its epoch must
   * survive, and the last of the run, for followers learn the end of what was cleaned from it.
   */
  #mustKeepPlace(view: DataView, isMarker: boolean): boolean {
    const lastOffset = batchLastOffset(view, 0)
    if (lastOffset + 1 === Math.min(this.#endOffset, this.#mappedUntil)) return true
    const producerId = batchProducerId(view, 0)
    const producer = producerId < 0 ? undefined : this.#state.producers.entry(producerId)
    if (producer === undefined) return false
    if (producer.batchCount > 0) return producer.lastOffset === lastOffset
    return isMarker && producer.epoch === batchProducerEpoch(view, 0)
  }

  #endOf(sourceIndex: number): number {
    return this.#sources[sourceIndex + 1]?.baseOffset ?? this.#endOffset
  }

  /** Step 3: the output takes the place of its sources. */
  #finishOutput(): void {
    const output = this.#output
    if (output === undefined) return
    this.#output = undefined
    const state = this.#state
    const { disk, indexes } = state.environment
    const { segment } = output
    const replaced = this.#sources.slice(output.firstSource, this.#index)
    const endOffset = this.#endOf(this.#index - 1)
    disk.dataSyncNow(output.file)
    disk.close(output.file)
    const swapPath = segment.path(LOG_SUFFIX) + SWAP_SUFFIX
    // Before the log: while there is a `.log.cleaned` beside it, it is worthless.
    const transactions = this.#writeTransactions(segment, endOffset)
    disk.rename(output.path, swapPath)
    disk.syncDirectory(segment.directory)
    const at = state.segments.indexOf(replaced[0] as Segment)
    for (const source of replaced) discardSegment(state, source, this.#wallMs)
    disk.rename(swapPath, segment.path(LOG_SUFFIX))
    if (transactions !== undefined) disk.rename(transactions, segment.path(TRANSACTION_INDEX_SUFFIX))
    segment.syncedSizeBytes = segment.sizeBytes
    segment.noteTimestamp()
    completeIndexFiles(state, segment)
    state.segments.splice(at, replaced.length, segment)
    indexes.add(segment)
    state.aborted = undefined
    state.cleanedOffset = Math.max(state.cleanedOffset, Math.min(endOffset, this.#mappedUntil))
  }

  /** Aborted transactions of the sources, as one swap file. @returns its path, undefined without any */
  #writeTransactions(segment: Segment, endOffset: number): string | undefined {
    const rows = this.#transactions.rowsBetween(segment.baseOffset, endOffset)
    if (rows.length === 0) return undefined
    const { disk } = this.#state.environment
    const path = segment.path(TRANSACTION_INDEX_SUFFIX) + SWAP_SUFFIX
    disk.remove(path)
    const file = disk.openWrite(path)
    try {
      disk.writeSync(file, rows.map(writeAbortedEntry), 0)
      disk.dataSyncNow(file)
    } finally {
      disk.close(file)
    }
    return path
  }
}

interface CleanedOutput {
  /** What it will be once in place. */
  readonly segment: Segment
  readonly path: string
  readonly file: FileDescriptor
  /** Index of the first source in it. */
  readonly firstSource: number
}
