/**
 * Bounds the memory of loaded indexes. The active segment's index is always in memory; those of older segments are loaded
 * when a read needs them and dropped, oldest use first, when the shard holds too much.
 */
import type { Segment } from './segment.ts'

/** Indexes of older segments that one shard keeps loaded: 32 MiB cover about 10 GiB of log at the default interval. */
export const INDEX_CACHE_SIZE_BYTES_MAX: number = 32 * 1024 * 1024

export class IndexCache {
  readonly #sizeBytesMax: number
  readonly #segments: Set<Segment> = new Set()
  #sizeBytes: number = 0
  #tick: number = 0

  constructor(sizeBytesMax: number) {
    this.#sizeBytesMax = sizeBytesMax
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** hot: per fetch. */
  touch(segment: Segment): void {
    this.#tick += 1
    segment.indexUsedAt = this.#tick
  }

  /** The segment's indexes are loaded now and may be dropped again. */
  add(segment: Segment): void {
    this.touch(segment)
    if (this.#segments.has(segment)) return
    this.#segments.add(segment)
    this.#sizeBytes += segment.indexMemorySizeBytes
    while (this.#sizeBytes > this.#sizeBytesMax && this.#segments.size > 1) this.#dropOldest()
  }

  remove(segment: Segment): void {
    if (!this.#segments.delete(segment)) return
    this.#sizeBytes -= segment.indexMemorySizeBytes
  }

  #dropOldest(): void {
    let oldest: Segment | undefined
    for (const segment of this.#segments) {
      if (oldest === undefined || segment.indexUsedAt < oldest.indexUsedAt) oldest = segment
    }
    if (oldest === undefined) return
    this.remove(oldest)
    oldest.dropIndexes()
  }
}
