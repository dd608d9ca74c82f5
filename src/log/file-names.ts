/**
 * How Kafka names the files of a partition and the directories of partitions. Everything here is pure text.
 */
import { whyInvalidTopicName } from '../model/names.ts'

export const LOG_SUFFIX: string = '.log'
export const OFFSET_INDEX_SUFFIX: string = '.index'
export const TIME_INDEX_SUFFIX: string = '.timeindex'
export const TRANSACTION_INDEX_SUFFIX: string = '.txnindex'
export const SNAPSHOT_SUFFIX: string = '.snapshot'
/** A file that was taken out of the log and waits for `file.delete.delay.ms`. */
export const DELETED_SUFFIX: string = '.deleted'
/** Output of an unfinished compaction: worthless after a crash. */
export const CLEANED_SUFFIX: string = '.cleaned'
/** Output of a finished compaction that had not yet replaced its sources: must be put in place after a crash. */
export const SWAP_SUFFIX: string = '.swap'

export const LEADER_EPOCH_FILE: string = 'leader-epoch-checkpoint'
export const PARTITION_METADATA_FILE: string = 'partition.metadata'
/** Ours: how far this partition is known to be good. Kafka ignores names it does not know. */
export const PARTITION_CHECKPOINT_FILE: string = 'jackdaw.checkpoint'

/** Ours: this log took the place of one in the log directory that is named here, until that one is gone. */
export const TAKEN_OVER_FILE: string = 'jackdaw.took-over'
/** In a partition's directory: a sync of it has failed since the machine was started (log-unsynced.ts). */
export const SYNC_FAILED_FILE: string = 'jackdaw.sync-failed'

/** Every suffix that belongs to one segment, in the order in which they are removed: the data goes last. */
export const SEGMENT_SUFFIXES: readonly string[] = [
  OFFSET_INDEX_SUFFIX,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
  LOG_SUFFIX,
]

const FUTURE_SUFFIX = '-future'
const OFFSET_DIGITS = 20

/** `00000000000000000042` + suffix. */
export function offsetFileName(offset: number, suffix: string): string {
  return offset.toString().padStart(OFFSET_DIGITS, '0') + suffix
}

/**
 * The offset that a file is named by, or -1 when `name` is not 20 digits followed by exactly `suffix`.
 *
 * @param name file name without directory
 */
export function offsetOfFileName(name: string, suffix: string): number {
  if (name.length !== OFFSET_DIGITS + suffix.length || !name.endsWith(suffix)) return -1
  const digits = name.slice(0, OFFSET_DIGITS)
  if (!/^[0-9]{20}$/.test(digits)) return -1
  const offset = Number(digits)
  return Number.isSafeInteger(offset) ? offset : -1
}

export interface TopicPartitionName {
  readonly topic: string
  readonly partition: number
}

/** The directory of a partition inside a log directory. */
export function partitionDirectoryName(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/**
 * Takes `topic-3` apart. Directories that are being deleted (`-delete`), moved (`-future`) or were found stray
 * (`-stray`) are not partitions.
 *
 * @returns undefined for any other directory
 */
export function parsePartitionDirectoryName(name: string): TopicPartitionName | undefined {
  const dash = name.lastIndexOf('-')
  if (dash <= 0) return undefined
  const digits = name.slice(dash + 1)
  if (!/^(0|[1-9][0-9]{0,9})$/.test(digits)) return undefined
  const topic = name.slice(0, dash)
  const partition = Number(digits)
  if (whyInvalidTopicName(topic) !== undefined || partition > 0x7fffffff) return undefined
  return { topic, partition }
}

/** The directory of a replica that is being copied here from another log directory, as Kafka names it. */
export function futureDirectoryName(topic: string, partition: number, uniqueHex: string): string {
  return `${topic}-${partition}.${uniqueHex}${FUTURE_SUFFIX}`
}

/** Takes `topic-3.0f3a…-future` apart. @returns undefined for any other directory */
export function parseFutureDirectoryName(name: string): TopicPartitionName | undefined {
  if (!name.endsWith(FUTURE_SUFFIX)) return undefined
  const dot = name.lastIndexOf('.')
  return dot < 0 ? undefined : parsePartitionDirectoryName(name.slice(0, dot))
}

/** Two directories hold one partition and nobody can tell why: Kafka's name for what is left for somebody to look at. */
export function strayDirectoryName(topic: string, partition: number, uniqueHex: string): string {
  return `${topic}-${partition}.${uniqueHex}-stray`
}

/** Kafka's name for the directory of a deleted partition: unique, and cut so that it stays a legal file name. */
export function deletedDirectoryName(topic: string, partition: number, uniqueHex: string): string {
  const suffix = `-${partition}.${uniqueHex}-delete`
  return topic.slice(0, 255 - suffix.length) + suffix
}
