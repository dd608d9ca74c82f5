/**
 * A replica on its way to another log directory of its node (KIP-113). It is built beside the present one in a directory
 * named as Kafka names it, `<topic>-<partition>.<unique>-future`, and takes its place by being renamed:
 *
 *   open: found from before, or new ─► copied into ─► close ─► renamed to `<topic>-<partition>` ─► opened as any replica
 */
import { assert } from '../base/assert.ts'
import type { Disk } from '../io/ports.ts'
import { futureDirectoryName, parseFutureDirectoryName, partitionDirectoryName } from '../log/file-names.ts'
import { NO_HINTS } from '../log/open-hints.ts'
import { belongsTo } from '../log/partition-metadata.ts'
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
 * Gives a closed future replica the partition's own name, and opens it. From then on it is what a restart finds.
 *
 * @throws DiskError when the disk refuses
 */
export function promoteFuture(options: Omit<ReplicaOptions, 'directoryName'>): Replica {
  const { environment, logDirectory, topic, partition } = options
  const { disk } = environment
  const name = findFuture(disk, logDirectory, topic, partition)
  assert(name !== undefined, 'a replica that takes over was built before')
  disk.rename(`${logDirectory}/${name}`, `${logDirectory}/${partitionDirectoryName(topic, partition)}`)
  disk.syncDirectory(logDirectory)
  return new Replica(options)
}
