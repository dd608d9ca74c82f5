import type { Clock, Disk } from '../../io/ports.ts'
import type { Entry } from '../../zab/contract.ts'
import { entryOf } from '../../zab/wire/entry.ts'
import { listZxidFiles, type ZxidFile } from '../storage/files.ts'
import { LogFileReader } from '../storage/log-reader.ts'

/** How long one turn of the loop is given to reading. */
const SLICE_MS = 1

/**
 * A stretch of the log for a learner that is behind the entries in memory, read in slices while the log grows. Its end
 * follows what is decided: where it ends the entries in memory must go on, and those move too.
 */
export class LogStretch {
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #directory: string
  readonly #fromZxid: number
  readonly #bytesMax: number
  readonly #entries: Entry[] = []
  #sizeBytes = 0
  /** Those that are left to read; listed again only at their end, so that a file which went missing leaves no hole. */
  #files: ZxidFile[] = []
  #lastFile: ZxidFile | undefined
  #reader: LogFileReader | undefined
  #isComplete = false

  /**
   * @param fromZxid the learner's last entry, which must be in the log
   * @param bytesMax beyond it a snapshot is the better choice
   */
  constructor(disk: Disk, clock: Clock, directory: string, fromZxid: number, bytesMax: number) {
    this.#disk = disk
    this.#clock = clock
    this.#directory = directory
    this.#fromZxid = fromZxid
    this.#bytesMax = bytesMax
    const files = listZxidFiles(disk, directory, 'log')
    const firstAt = files.findLastIndex((file) => file.zxid <= fromZxid)
    if (firstAt >= 0) this.#files = files.slice(firstAt)
  }

  /**
   * Reads on for a millisecond.
   *
   * @param toZxid the last one that is decided by now
   * @returns undefined when there is more; at the end the entries, the first included, or null when the log does not
   *   reach back that far or holds too much
   * @throws StorageError, DiskError
   */
  slice(toZxid: number): readonly Entry[] | null | undefined {
    const endsAtMs = this.#clock.monotonicMs() + SLICE_MS
    for (;;) {
      this.#reader ??= this.#open()
      if (this.#reader === undefined) return this.#result()
      if (!this.#readUntil(endsAtMs, toZxid)) return undefined
      if (this.#sizeBytes > this.#bytesMax) return null
      if (this.#isComplete || !this.#hasNext()) return this.#result()
      this.close()
    }
  }

  /** To be called at the end, and when it is not carried there. */
  close(): void {
    this.#reader?.close()
    this.#reader = undefined
  }

  #open(): LogFileReader | undefined {
    this.#lastFile = this.#files.shift()
    return this.#lastFile === undefined ? undefined : new LogFileReader(this.#disk, this.#lastFile.path)
  }

  /** @returns false when time is up */
  #readUntil(endsAtMs: number, toZxid: number): boolean {
    let isLate = false
    this.#reader?.readWhile(({ header }, bytes) => {
      const { zxid } = header
      this.#isComplete = zxid >= toZxid
      if (zxid >= this.#fromZxid && zxid <= toZxid) this.#take(bytes)
      if (this.#isComplete || this.#sizeBytes > this.#bytesMax) return false
      isLate = this.#clock.monotonicMs() >= endsAtMs
      return !isLate
    })
    return !isLate
  }

  #take(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length
    const entry = entryOf(bytes.slice())
    if (entry !== undefined) this.#entries.push(entry)
  }

  /** A file may have been begun since they were listed. */
  #hasNext(): boolean {
    const lastZxid = this.#lastFile?.zxid ?? 0
    if (this.#files.length === 0) {
      this.#files = listZxidFiles(this.#disk, this.#directory, 'log').filter(({ zxid }) => zxid > lastZxid)
    }
    return this.#files.length > 0
  }

  #result(): readonly Entry[] | null {
    return this.#entries[0]?.zxid === this.#fromZxid ? this.#entries : null
  }
}
