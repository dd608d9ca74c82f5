/**
 * What one compaction run knows of transactions: which batches were aborted, and whether a marker still ends anything.
 * Rules of Kafka's `CleanedTransactionMetadata`:
 *
 *   aborted data goes in the run that meets it; its marker and its row in `.txnindex` stay for that run, because readers
 *   may have fetched the data before. A marker that a later run meets without any data of its transaction has nothing left
 *   to say: it gets a delete horizon, and goes once that is over.
 *
 * Batches must be shown in log order, from the start of the log.
 */
import { BATCH_RECORDS_AT } from '../model/batch-layout.ts'
import {
  batchAttributes,
  batchLastOffset,
  batchProducerId,
  isControl,
  isTransactional,
  prefixOffset,
} from './batch-header.ts'
import { MARKER_ABORT, MARKER_COMMIT, readMarker } from './log-replay.ts'
import type { AbortedEntry } from './transaction-index.ts'

export class CleanedTransactions {
  readonly #abortedByProducer: ReadonlyMap<number, readonly AbortedEntry[]>
  /** Aborted transactions of which this run has seen data. */
  readonly #abortedWithData: Set<AbortedEntry> = new Set()
  /** Producers with data of a transaction that was not aborted, since their last marker. */
  readonly #committing: Set<number> = new Set()

  constructor(aborted: readonly AbortedEntry[]) {
    this.#abortedByProducer = Map.groupBy(aborted, (entry) => entry.producerId)
  }

  /** Whether a data batch is part of an aborted transaction. */
  isAborted(view: DataView): boolean {
    return this.#abortOf(view) !== undefined
  }

  /**
   * Takes note of the next batch of the log.
   *
   * @param view a whole batch of format 2
   * @returns whether its records may go: it was aborted, or it is a marker that ends nothing any more
   */
  isDiscardable(view: DataView): boolean {
    const attributes = batchAttributes(view, 0)
    if (isControl(attributes)) return this.#isMarkerOfNothing(view)
    if (!isTransactional(attributes)) return false
    const abort = this.#abortOf(view)
    if (abort === undefined) this.#committing.add(batchProducerId(view, 0))
    else this.#abortedWithData.add(abort)
    return abort !== undefined
  }

  /** Rows of `.txnindex` for markers in [fromOffset, untilOffset): only of transactions with data. */
  rowsBetween(fromOffset: number, untilOffset: number): AbortedEntry[] {
    return [...this.#abortedWithData]
      .filter((row) => row.lastOffset >= fromOffset && row.lastOffset < untilOffset)
      .sort((left, right) => left.lastOffset - right.lastOffset)
  }

  #isMarkerOfNothing(view: DataView): boolean {
    const marker = readMarker(view, 0, view.byteLength)
    // Emptied by an earlier run, or another kind of control record, which is not ours to judge.
    if (marker === undefined) return view.byteLength <= BATCH_RECORDS_AT
    const producerId = batchProducerId(view, 0)
    if (marker.type === MARKER_COMMIT) return !this.#committing.delete(producerId)
    if (marker.type !== MARKER_ABORT) return false
    const markerOffset = batchLastOffset(view, 0)
    const row = this.#abortedByProducer.get(producerId)?.find((entry) => entry.lastOffset === markerOffset)
    return row === undefined || !this.#abortedWithData.has(row)
  }

  #abortOf(view: DataView): AbortedEntry | undefined {
    if (!isTransactional(batchAttributes(view, 0))) return undefined
    const offset = prefixOffset(view, 0)
    return this.#abortedByProducer
      .get(batchProducerId(view, 0))
      ?.find((row) => row.firstOffset <= offset && offset <= row.lastOffset)
  }
}
