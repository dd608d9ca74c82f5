/**
 * Files and directories that were taken out of use and are removed a little later (`file.delete.delay.ms`), so that reads
 * under way end well. What a crash leaves behind is recognised by its name at the next start.
 */
import { type Disk, DiskError, type Logger } from '../io/ports.ts'

/** Removals of one sweep: unlinking a full segment takes the file system milliseconds, and a turn must not wait long. */
const REMOVALS_PER_SWEEP_MAX = 8

interface TrashItem {
  readonly path: string
  readonly removeAtMs: number
}

export class Trash {
  readonly #disk: Disk
  readonly #logger: Logger
  #items: TrashItem[] = []

  constructor(disk: Disk, logger: Logger) {
    this.#disk = disk
    this.#logger = logger
  }

  get count(): number {
    return this.#items.length
  }

  add(path: string, removeAtMs: number): void {
    this.#items.push({ path, removeAtMs })
  }

  /** Removes what is due, a few per call. */
  sweep(wallMs: number): void {
    if (this.#items.length === 0) return
    let removed = 0
    const left: TrashItem[] = []
    for (const item of this.#items) {
      if (item.removeAtMs > wallMs || removed === REMOVALS_PER_SWEEP_MAX) {
        left.push(item)
        continue
      }
      removed += 1
      this.#remove(item.path)
    }
    this.#items = left
  }

  #remove(path: string): void {
    try {
      this.#disk.remove(path)
    } catch (error) {
      if (!(error instanceof DiskError)) throw error
      // Nothing depends on it: it is tried again at the next start, where the name tells what it is.
      this.#logger.warn(`Could not remove ${path} (${error.code}): it stays until the next start`, { path })
    }
  }
}
