import type { Disk, Logger } from '../io/ports.ts'
import { LogDirectory } from '../log/log-directory.ts'
import { whyForeign } from '../log/meta-properties.ts'

/** KRaft's version: both kinds of Kafka read it, and it can name the directory. */
const META_VERSION = 1

/** The log directories of this node: claimed at start, given back in order at the end. */
export class LogDirectories {
  readonly all: readonly LogDirectory[]
  /** By path. Those of new directories are chosen at once and written down when the cluster is known. */
  readonly #ids: ReadonlyMap<string, string>

  private constructor(all: readonly LogDirectory[], newDirectoryId: () => string) {
    this.all = all
    this.#ids = new Map(
      all.map((directory) => {
        const meta = directory.readMeta()
        return [directory.path, meta === undefined ? newDirectoryId() : meta.directoryId]
      }),
    )
  }

  /** Ids of the directories; those that ZooKeeper-mode Kafka made before 3.7 have none. */
  get ids(): readonly string[] {
    return [...this.#ids.values()].filter((id) => id !== '')
  }

  /** Claims every directory. @throws LogDirectoryError when one is in use or damaged; DiskError when the disk refuses */
  static async open(
    disk: Disk,
    log: Logger,
    paths: readonly string[],
    newDirectoryId: () => string,
  ): Promise<LogDirectories> {
    const all: LogDirectory[] = []
    for (const path of paths) all.push(await LogDirectory.open(disk, log, path))
    return new LogDirectories(all, newDirectoryId)
  }

  /** Every directory was left in order (a new one counts as such). */
  get wereClean(): boolean {
    return this.all.every((directory) => directory.wasClean || directory.partitions().length === 0)
  }

  /** The node id that an earlier start wrote down, or -1. */
  get knownNodeId(): number {
    for (const directory of this.all) {
      const nodeId = directory.readMeta()?.nodeId ?? -1
      if (nodeId >= 0) return nodeId
    }
    return -1
  }

  /**
   * Directory by `topic-partition` of the replicas found on disk. One that is found twice was about to move when its node ended:
   * the copy had taken its name already, the other one not given it up. The one that is further is kept, the other set aside.
   */
  existingPartitions(): ReadonlyMap<string, string> {
    const existing = new Map<string, LogDirectory>()
    for (const directory of this.all) {
      for (const { topic, partition } of directory.partitions()) {
        const name = `${topic}-${partition}`
        const other = existing.get(name)
        const isFurther = other === undefined || directory.isFurther(other, topic, partition)
        if (isFurther) existing.set(name, directory)
        if (other !== undefined) (isFurther ? other : directory).setAside(topic, partition)
      }
    }
    return new Map([...existing].map(([name, { path }]) => [name, path]))
  }

  /** Directory by `topic-partition` of replicas that were being moved there. */
  futurePartitions(): ReadonlyMap<string, string> {
    const futures = new Map<string, string>()
    for (const directory of this.all) {
      for (const { topic, partition } of directory.futures()) futures.set(`${topic}-${partition}`, directory.path)
    }
    return futures
  }

  /**
   * Writes down whose directories these are, where nobody has yet.
   *
   * @throws Error when one belongs to another node or cluster
   */
  claimFor(clusterId: string, nodeId: number): void {
    for (const directory of this.all) {
      const meta = directory.readMeta()
      if (meta === undefined) {
        directory.writeMeta({
          version: META_VERSION,
          clusterId,
          nodeId,
          directoryId: this.#ids.get(directory.path) ?? '',
        })
        continue
      }
      const reason = whyForeign(meta, clusterId, nodeId)
      if (reason !== undefined) throw new Error(`${directory.path} cannot be used: ${reason}`)
    }
  }

  /** After an orderly stop of all shards. */
  finishCleanStop(): void {
    for (const directory of this.all) directory.finishCleanStop(-1)
  }
}
