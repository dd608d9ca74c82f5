/**
 * A replica on its way to another log directory of its node (KIP-113). It is built beside the present one in a directory
 * named as Kafka names it, `<topic>-<partition>.<unique>-future`, and takes its place by being renamed:
 *
 *   open: found from before, or new ─► copied into ─► close ─► renamed to `<topic>-<partition>` ─► opened as any replica
 *
 * For a moment both carry the partition's name. A file in the new one says which of them counts, should the node end just then.
 */
import { assert } from '../base/assert.ts'
import type { Disk } from '../io/ports.ts'
import type { LogEnvironment } from '../log/environment.ts'
import {
  futureDirectoryName,
  parseFutureDirectoryName,
  partitionDirectoryName,
  TAKEN_OVER_FILE,
} from '../log/file-names.ts'
import { NO_HINTS } from '../log/open-hints.ts'
import { belongsTo } from '../log/partition-metadata.ts'
import { textBytes } from '../log/text-lines.ts'
import { Replica, type ReplicaOptions } from './replica.ts'

/** Name of the directory in `logDirectory` into which the partition is being copied, undefined when there is none. */
export function findFuture(disk: Disk, logDirectory: string, topic: string, partition: number): string | undefined {
  for (const { name, isDirectory } of disk.list(logDirectory)) {
    const future = isDirectory ? parseFutureDirectoryName(name) : undefined
    if (future?.topic === topic && future.partition === partition) return name
  }
  return undefined
}

/**
 * Opens the replica that is being built in `options.logDirectory`, or begins one.
 *
 * @param uniqueHex for the name of a new one
 * @throws DiskError when the disk refuses
 */
export function openFuture(options: Omit<ReplicaOptions, 'directoryName' | 'hints'>, uniqueHex: string): Replica {
  const { environment, logDirectory, topic, partition, topicId = '' } = options
  const { disk } = environment
  let found = findFuture(disk, logDirectory, topic, partition)
  if (found !== undefined && !belongsTo(disk, `${logDirectory}/${found}`, topicId)) {
    // Left behind by a deleted topic of this name. It is a copy: nothing is lost with it.
    disk.remove(`${logDirectory}/${found}`)
    found = undefined
  }
  const directoryName = found ?? futureDirectoryName(topic, partition, uniqueHex)
  // The directory's checkpoints know nothing of it, or speak of an earlier replica.
  return new Replica({ ...options, directoryName, hints: NO_HINTS, isReplicated: true })
}

/**
 * Gives a closed future replica the partition's own name, and opens it. From then on it is what a restart finds, also while the
 * replica in the log directory `from` is still there.
 *
 * @throws DiskError when the disk refuses
 */
export function promoteFuture(options: Omit<ReplicaOptions, 'directoryName'>, from: string): Replica {
  const { environment, logDirectory, topic, partition } = options
  const { disk } = environment
  const name = findFuture(disk, logDirectory, topic, partition)
  assert(name !== undefined, 'a replica that takes over was built before')
  const ownName = partitionDirectoryName(topic, partition)
  // Of two replicas that both say so, none would count.
  disk.remove(`${from}/${ownName}/${TAKEN_OVER_FILE}`)
  disk.replaceFile(`${logDirectory}/${name}/${TAKEN_OVER_FILE}`, textBytes(from))
  disk.rename(`${logDirectory}/${name}`, `${logDirectory}/${ownName}`)
  disk.syncDirectory(logDirectory)
  return new Replica(options)
}

/** The replica that was promoted is alone, unless the disk would not let the other one go. Throws `DiskError`. */
export function endPromotion({ disk }: LogEnvironment, logDirectory: string, from: string, ownName: string): void {
  if (!disk.exists(`${from}/${ownName}`)) disk.remove(`${logDirectory}/${ownName}/${TAKEN_OVER_FILE}`)
}
