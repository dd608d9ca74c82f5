/**
 * What a shard needs to know of the log directories in which it opens partitions. Read once per directory and shard.
 */
import type { Disk, Logger } from '../io/ports.ts'
import { readSession } from './directory-session.ts'
import { partitionDirectoryName } from './file-names.ts'
import { type DirectoryCheckpoints, readDirectoryCheckpoints } from './directory-checkpoints.ts'
import type { OpenHints } from './open-hints.ts'

interface KnownDirectory {
  readonly isClean: boolean
  readonly checkpoints: DirectoryCheckpoints
}

export class DirectoryHints {
  readonly #disk: Disk
  readonly #logger: Logger
  /** Deleted partitions that the files on disk still list, until the next clean stop. */
  readonly #forgotten: Set<string> = new Set()
  readonly #known: Map<string, KnownDirectory> = new Map()

  constructor(disk: Disk, logger: Logger) {
    this.#disk = disk
    this.#logger = logger
  }

  /** What is known of a partition before its own files are looked at. Throws `DiskError`. */
  for(logDirectory: string, topic: string, partition: number): OpenHints {
    const { isClean, checkpoints } = this.#directory(logDirectory)
    const name = partitionDirectoryName(topic, partition)
    return {
      isClean,
      recoveryPoint: checkpoints.recoveryPoints.get(name) ?? 0,
      logStartOffset: checkpoints.logStarts.get(name) ?? 0,
      highWatermark: checkpoints.highWatermarks.get(name) ?? -1,
      mayBeMistaken: checkpoints.recoveryPoints.has(name) || this.#forgotten.has(`${logDirectory}/${name}`),
      trustsOwnCheckpoint: true,
    }
  }

  /** A partition that is deleted and made anew must not inherit offsets. */
  forget(logDirectory: string, topic: string, partition: number): void {
    const known = this.#known.get(logDirectory)
    if (known === undefined) return
    const name = partitionDirectoryName(topic, partition)
    if (known.checkpoints.recoveryPoints.has(name)) this.#forgotten.add(`${logDirectory}/${name}`)
    known.checkpoints.recoveryPoints.delete(name)
    known.checkpoints.logStarts.delete(name)
    known.checkpoints.highWatermarks.delete(name)
  }

  #directory(path: string): KnownDirectory {
    let known = this.#known.get(path)
    if (known === undefined) {
      const isClean = readSession(this.#disk, path)?.wasClean ?? false
      known = { isClean, checkpoints: readDirectoryCheckpoints(this.#disk, this.#logger, path) }
      this.#known.set(path, known)
    }
    return known
  }
}
