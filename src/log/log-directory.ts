/**
 * One log directory (`log.dirs` entry) as the node sees it: claimed by this process, its partitions found, Kafka's
 * directory-wide checkpoints read at start and written at a clean stop. Lives on the main thread; shards open single
 * partitions in it and need only `DirectoryHints`.
 *
 *   open ──► lock, meta.properties, clean flag taken away ──► shards work ──► finishCleanStop: checkpoints, clean flag
 *
 * While the node runs nobody touches Kafka's checkpoints: each partition has its own (`jackdaw.checkpoint`).
 */
import type { Disk, Logger } from '../io/ports.ts'
import { readDirectoryCheckpoints } from './directory-checkpoints.ts'
import { readSession, type Session, writeSession } from './directory-session.ts'
import {
  LEADER_EPOCH_FILE,
  LOG_SUFFIX,
  offsetFileName,
  offsetOfFileName,
  PARTITION_CHECKPOINT_FILE,
  PARTITION_METADATA_FILE,
  parseFutureDirectoryName,
  parsePartitionDirectoryName,
  partitionDirectoryName,
  strayDirectoryName,
  TAKEN_OVER_FILE,
  type TopicPartitionName,
} from './file-names.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import {
  META_PROPERTIES_FILE,
  type MetaProperties,
  readMetaProperties,
  writeMetaProperties,
} from './meta-properties.ts'
import { HIGH_WATERMARK_FILE, LOG_START_FILE, RECOVERY_POINT_FILE, writeOffsetCheckpoint } from './offset-checkpoint.ts'
import { decodeCheckpointFile, type PartitionCheckpoint } from './partition-checkpoint.ts'
import { readPartitionMetadata } from './partition-metadata.ts'
import { bytesText, textBytes } from './text-lines.ts'

export const CLEAN_SHUTDOWN_FILE: string = '.kafka_cleanshutdown'
/** Directories that wait for deletion end like this. */
const DELETE_SUFFIX = '-delete'

/** A directory that cannot be used, with the sentence to show. */
export class LogDirectoryError extends Error {
  override readonly name: string = 'LogDirectoryError'
}

export interface FoundPartition extends TopicPartitionName {
  /** Undefined when there is no (readable) `partition.metadata`. */
  readonly topicId: string | undefined
}

export class LogDirectory {
  readonly path: string
  /** The last process that used it, Kafka or Jackdaw, stopped in order. */
  readonly wasClean: boolean
  readonly #disk: Disk
  readonly #logger: Logger

  private constructor(disk: Disk, logger: Logger, path: string, wasClean: boolean) {
    this.#disk = disk
    this.#logger = logger
    this.path = path
    this.wasClean = wasClean
  }

  /**
   * Claims the directory, creating it when there is none.
   *
   * @throws LogDirectoryError when another process uses it; DiskError when the disk refuses
   */
  static async open(disk: Disk, logger: Logger, path: string): Promise<LogDirectory> {
    if (!disk.exists(path)) disk.makeDirectory(path)
    const holder = await disk.lockDirectory(path)
    if (holder !== undefined) throw new LogDirectoryError(holder)
    const wasClean = disk.exists(`${path}/${CLEAN_SHUTDOWN_FILE}`)
    const directory = new LogDirectory(disk, logger, path, wasClean)
    directory.#start()
    return directory
  }

  /** `meta.properties`, undefined when the directory is new. @throws LogDirectoryError when the file is damaged */
  readMeta(): MetaProperties | undefined {
    const path = `${this.path}/${META_PROPERTIES_FILE}`
    if (!this.#disk.exists(path)) return undefined
    const properties = readMetaProperties(bytesText(this.#disk.readFile(path)))
    if (properties === undefined) {
      throw new LogDirectoryError(`${path} is damaged. Restore it from another log directory of this node.`)
    }
    return properties
  }

  writeMeta(properties: MetaProperties): void {
    this.#disk.replaceFile(`${this.path}/${META_PROPERTIES_FILE}`, textBytes(writeMetaProperties(properties)))
  }

  /** Every partition that has a directory here. */
  partitions(): FoundPartition[] {
    const found: FoundPartition[] = []
    for (const entry of this.#disk.list(this.path)) {
      const name = entry.isDirectory ? parsePartitionDirectoryName(entry.name) : undefined
      if (name !== undefined) found.push({ ...name, topicId: this.#topicIdOf(entry.name) })
    }
    return found
  }

  /** Replicas that are being moved here from another log directory. Of several copies of one only one counts, the others go. */
  futures(): readonly TopicPartitionName[] {
    const found = new Map<string, TopicPartitionName>()
    for (const { name, isDirectory } of this.#disk.list(this.path)) {
      const future = isDirectory ? parseFutureDirectoryName(name) : undefined
      if (future === undefined) continue
      const key = partitionDirectoryName(future.topic, future.partition)
      if (found.has(key)) this.#disk.remove(`${this.path}/${name}`)
      else found.set(key, future)
    }
    return [...found.values()]
  }

  /**
   * Whether the partition's log here is to be preferred to that in `other`: it took its place, or nobody says so and it is newer, or
   * longer, as names and sizes of files tell.
   */
  isFurther(other: LogDirectory, topic: string, partition: number): boolean {
    if (this.#tookOverFrom(topic, partition) === other.path) return true
    if (other.#tookOverFrom(topic, partition) === this.path) return false
    const [own, others] = [this.#extentOf(topic, partition), other.#extentOf(topic, partition)]
    for (const [index, value] of own.entries()) {
      const difference = value - (others[index] ?? 0)
      if (difference !== 0) return difference > 0
    }
    return false
  }

  /** The partition is in another directory too, and counts there: what lies here is kept, under a name that nobody opens. */
  setAside(topic: string, partition: number): void {
    const from = `${this.path}/${partitionDirectoryName(topic, partition)}`
    const unique = this.#extentOf(topic, partition).map((one) => Math.max(0, one).toString(16))
    const to = `${this.path}/${strayDirectoryName(topic, partition, unique.join(''))}`
    this.#disk.rename(from, to)
    this.#logger.warn(
      `${topic}-${partition} lies in two log directories, the newer of which counts. The other is ${to} now: remove it when nothing is missing`,
      { directory: to },
    )
  }

  #tookOverFrom(topic: string, partition: number): string | undefined {
    const path = `${this.path}/${partitionDirectoryName(topic, partition)}/${TAKEN_OVER_FILE}`
    return this.#disk.exists(path) ? bytesText(this.#disk.readFile(path)) : undefined
  }

  /** Latest leader epoch, base offset of the newest segment, its size. */
  #extentOf(topic: string, partition: number): readonly number[] {
    const path = `${this.path}/${partitionDirectoryName(topic, partition)}`
    const epochs = new LeaderEpochs()
    const epochsPath = `${path}/${LEADER_EPOCH_FILE}`
    if (this.#disk.exists(epochsPath)) epochs.load(bytesText(this.#disk.readFile(epochsPath)))
    const newest = this.#newestSegment(path)
    const sizeBytes = newest < 0 ? 0 : this.#disk.fileSizeBytes(`${path}/${offsetFileName(newest, LOG_SUFFIX)}`)
    return [epochs.latestEpoch, newest, sizeBytes]
  }

  /**
   * Writes what Kafka (and the next start) expects after an orderly stop. All shards must have closed their partitions.
   * A partition that did not close in order (offline after a disk error) keeps the directory from counting as clean.
   *
   * @param brokerEpoch goes into the clean-shutdown file, -1 without one
   * @returns whether the directory is clean
   */
  finishCleanStop(brokerEpoch: number): boolean {
    const recoveryPoints: Map<string, number> = new Map()
    const logStarts: Map<string, number> = new Map()
    const highWatermarks: Map<string, number> = new Map()
    const before = readDirectoryCheckpoints(this.#disk, this.#logger, this.path)
    let isClean = true
    for (const { topic, partition } of this.partitions()) {
      const name = partitionDirectoryName(topic, partition)
      const own = this.#ownCheckpoint(name)
      if (own?.isClosed === true && this.#endsAt(name, own)) {
        recoveryPoints.set(name, own.offset)
        highWatermarks.set(name, own.highWatermark)
        if (own.logStartOffset > 0) logStarts.set(name, own.logStartOffset)
        continue
      }
      // Not opened since Kafka left it: Kafka's word stands.
      copyOffset(before.recoveryPoints, recoveryPoints, name)
      copyOffset(before.highWatermarks, highWatermarks, name)
      copyOffset(before.logStarts, logStarts, name)
      if (own !== undefined || !this.wasClean) isClean = isClean && !this.#holdsData(name)
    }
    this.#writeCheckpoint(RECOVERY_POINT_FILE, recoveryPoints)
    this.#writeCheckpoint(LOG_START_FILE, logStarts)
    this.#writeCheckpoint(HIGH_WATERMARK_FILE, highWatermarks)
    writeSession(this.#disk, this.path, false)
    if (isClean) {
      const text = JSON.stringify({ version: 0, brokerEpoch })
      this.#disk.replaceFile(`${this.path}/${CLEAN_SHUTDOWN_FILE}`, textBytes(text))
    }
    return isClean
  }

  /** Gives the directory back without ending the process. Nothing of it may be open any more. */
  release(): void {
    this.#disk.unlockDirectory(this.path)
  }

  #start(): void {
    const disk = this.#disk
    const session = readSession(disk, this.path)
    for (const entry of disk.list(this.path)) {
      if (!entry.isDirectory) continue
      if (entry.name.endsWith(DELETE_SUFFIX)) disk.remove(`${this.path}/${entry.name}`)
    }
    if (!this.#isOurs(session)) {
      // Kafka has worked here since: what our checkpoints say about positions in files may no longer be true.
      for (const { name, isDirectory } of disk.list(this.path)) {
        const isReplica = (parsePartitionDirectoryName(name) ?? parseFutureDirectoryName(name)) !== undefined
        if (isDirectory && isReplica) disk.remove(`${this.path}/${name}/${PARTITION_CHECKPOINT_FILE}`)
      }
    }
    writeSession(disk, this.path, this.wasClean)
    disk.remove(`${this.path}/${CLEAN_SHUTDOWN_FILE}`)
  }

  /** Kafka rewrites its recovery points all the time: an unchanged file means that only we have been here. */
  #isOurs(session: Session | undefined): boolean {
    return session?.recoveryPointsModifiedAtMs === this.#disk.modifiedAtMs(`${this.path}/${RECOVERY_POINT_FILE}`)
  }

  #topicIdOf(directoryName: string): string | undefined {
    const path = `${this.path}/${directoryName}/${PARTITION_METADATA_FILE}`
    return this.#disk.exists(path) ? readPartitionMetadata(bytesText(this.#disk.readFile(path))) : undefined
  }

  #ownCheckpoint(directoryName: string): PartitionCheckpoint | undefined {
    const path = `${this.path}/${directoryName}/${PARTITION_CHECKPOINT_FILE}`
    return this.#disk.exists(path) ? decodeCheckpointFile(this.#disk.readFile(path)) : undefined
  }

  /** A closed checkpoint of an earlier stop is no longer true once something was appended. */
  #endsAt(directoryName: string, own: PartitionCheckpoint): boolean {
    const path = `${this.path}/${directoryName}`
    const newest = this.#newestSegment(path)
    if (newest < 0) return own.position === 0
    const sizeBytes = this.#disk.fileSizeBytes(`${path}/${offsetFileName(newest, LOG_SUFFIX)}`)
    return newest === own.segmentBaseOffset && sizeBytes === own.position
  }

  /** Base offset, -1 when there is no segment. */
  #newestSegment(path: string): number {
    let newest = -1
    for (const entry of this.#disk.list(path)) newest = Math.max(newest, offsetOfFileName(entry.name, LOG_SUFFIX))
    return newest
  }

  #holdsData(directoryName: string): boolean {
    const path = `${this.path}/${directoryName}`
    return this.#disk
      .list(path)
      .some((entry) => entry.name.endsWith('.log') && this.#disk.fileSizeBytes(`${path}/${entry.name}`) > 0)
  }

  #writeCheckpoint(file: string, offsets: ReadonlyMap<string, number>): void {
    this.#disk.replaceFile(`${this.path}/${file}`, textBytes(writeOffsetCheckpoint(offsets)))
  }
}

function copyOffset(from: ReadonlyMap<string, number>, to: Map<string, number>, name: string): void {
  const offset = from.get(name)
  if (offset !== undefined) to.set(name, offset)
}
