/**
 * One segment: a `.log` file of batches and what is known about it. Only the last segment of a log (the active one) grows.
 *
 * Invariant: positions in [0, sizeBytes) are whole batches in offset order; `sizeBytes` counts flushed bytes only.
 */
import { assert } from '../base/assert.ts'
import { TableFile } from './file-table.ts'
import { LOG_SUFFIX, offsetFileName } from './file-names.ts'
import { OffsetIndex } from './offset-index.ts'
import { TimeIndex } from './time-index.ts'

export class Segment {
  readonly directory: string
  readonly baseOffset: number
  /** Another one only when a truncation makes an older segment the active one again. */
  file: TableFile
  /** Size of the data. */
  sizeBytes: number = 0
  /** Loaded indexes; undefined for an older segment that nobody reads. */
  offsetIndex: OffsetIndex | undefined = undefined
  timeIndex: TimeIndex | undefined = undefined
  /** Newest timestamp of any batch, -1 when unknown or none. */
  maxTimestampMs: number = -1
  /** Last offset of the batch that has it. */
  offsetOfMaxTimestamp: number = -1
  /** Newest timestamp of the first batch: what `segment.ms` counts from. -1 until known. */
  firstTimestampMs: number = -1
  createdAtMs: number = 0
  /** Bytes appended since the last index entry. */
  bytesSinceIndexEntry: number = 0
  /** Bytes from the start that are known to be durable. */
  syncedSizeBytes: number = 0
  /** The file's name is durable, too: a power loss cannot take the whole file away. */
  isNameSynced: boolean = false
  /** For `IndexCache`. */
  indexUsedAt: number = 0
  /** False for the very first segment of a new partition until its first batch: no file, no descriptor. */
  hasFile: boolean

  constructor(directory: string, baseOffset: number, isActive: boolean, hasFile: boolean) {
    this.directory = directory
    this.baseOffset = baseOffset
    this.file = new TableFile(`${directory}/${offsetFileName(baseOffset, LOG_SUFFIX)}`, isActive)
    this.hasFile = hasFile
  }

  path(suffix: string): string {
    return `${this.directory}/${offsetFileName(this.baseOffset, suffix)}`
  }

  get indexMemorySizeBytes(): number {
    return (this.offsetIndex?.memorySizeBytes ?? 0) + (this.timeIndex?.memorySizeBytes ?? 0)
  }

  /** Empty indexes for a segment that starts to grow. */
  startIndexes(): void {
    this.offsetIndex = new OffsetIndex()
    this.timeIndex = new TimeIndex()
  }

  dropIndexes(): void {
    this.offsetIndex = undefined
    this.timeIndex = undefined
  }

  /**
   * hot: per batch. Takes note of a batch that was written at the end of the file, and indexes it when enough bytes have
   * passed since the last entry.
   */
  noteBatch(batchSizeBytes: number, lastOffset: number, maxTimestampMs: number, indexIntervalBytes: number): void {
    if (maxTimestampMs > this.maxTimestampMs) {
      this.maxTimestampMs = maxTimestampMs
      this.offsetOfMaxTimestamp = lastOffset
    }
    if (this.sizeBytes === 0) this.firstTimestampMs = maxTimestampMs
    if (this.bytesSinceIndexEntry > indexIntervalBytes) {
      if (this.offsetIndex === undefined || this.timeIndex === undefined) this.startIndexes()
      this.offsetIndex?.append(lastOffset - this.baseOffset, this.sizeBytes)
      this.noteTimestamp()
      this.bytesSinceIndexEntry = 0
    }
    this.sizeBytes += batchSizeBytes
    this.bytesSinceIndexEntry += batchSizeBytes
  }

  /** Writes the newest timestamp into the time index, as Kafka does at every index entry and when a segment is closed. */
  noteTimestamp(): void {
    if (this.maxTimestampMs < 0) return
    if (this.timeIndex === undefined) this.startIndexes()
    this.timeIndex?.appendIfLater(this.maxTimestampMs, this.offsetOfMaxTimestamp - this.baseOffset)
  }

  /** Whether `lastOffset` can still be written as an int32 relative to the base. */
  canHold(lastOffset: number): boolean {
    assert(lastOffset >= this.baseOffset, 'offsets of a segment are not below its base')
    return lastOffset - this.baseOffset <= 0x7fffffff
  }
}
