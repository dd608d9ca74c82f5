import type { Disk, Logger } from '../../io/ports.ts'
import { digestVersion } from '../tree/digest.ts'
import { ZNodeTree } from '../tree/znode-tree.ts'
import type { Txn } from '../tree/txn.ts'
import { listZxidFiles, StorageError, type ZxidFile } from './files.ts'
import { type LogEnd, LogFileReader } from './log-reader.ts'
import { type LoadedSnapshot, loadSnapshot } from './snapshot-reader.ts'

/** How many of the newest snapshots are tried before giving up. */
const SNAPSHOTS_TRIED_MAX = 100

/** The high half of a zxid counts leaders; each begins its low half anew. */
const EPOCH = 0x1_0000_0000

export interface Recovered {
  readonly tree: ZNodeTree
  /** Transactions replayed over the snapshot. */
  readonly replayedCount: number
  /** Replayed transactions after which the tree's digest was not the logged one. */
  readonly digestMismatchCount: number
  readonly hasSnapshot: boolean
  /** Zxid of the snapshot, 0 without one. */
  readonly snapshotZxid: number
}

/** Hears of every transaction that the log holds; `bytes` are valid during the call. */
export type EntryListener = (zxid: number, bytes: Uint8Array) => void

/**
 * Brings back the tree: the newest whole snapshot, then every logged transaction behind it. A torn tail behind which there
 * is nothing was never acknowledged: it is cut off. Damage anywhere else stops the start.
 *
 * @param loaded the newest snapshot, when it has been loaded already
 * @throws StorageError, DiskError
 */
export function recover(
  disk: Disk,
  snapshotDirectory: string,
  logDirectory: string,
  log: Logger,
  onEntry?: EntryListener,
  loaded?: LoadedSnapshot,
): Recovered {
  const snapshot = loaded ?? newestSnapshot(disk, snapshotDirectory, log)
  const logs = logsFrom(listZxidFiles(disk, logDirectory, 'log'), snapshot?.tree.lastZxid ?? 0)
  const first = logs[0]
  const tree = snapshot?.tree ?? new ZNodeTree()
  if (snapshot === undefined && first !== undefined && first.zxid > 1 && first.zxid % EPOCH > 1) {
    throw new StorageError(`${first.path} is the oldest log, but there is no whole snapshot that it continues`)
  }
  const replay = new Replay(tree, snapshot, log)
  tree.beginReplay()
  replayFiles(disk, logs, replay, log, onEntry)
  tree.endReplay()
  makeDurable(disk, snapshotDirectory, logDirectory, logs)
  return {
    tree,
    replayedCount: replay.count,
    digestMismatchCount: replay.digestMismatchCount,
    hasSnapshot: snapshot !== undefined,
    snapshotZxid: snapshot?.zxid ?? 0,
  }
}

/**
 * What was read may never have been synced: a process that is killed leaves it in the page cache alone. Clients will see
 * it and an ensemble will count on it, so it must survive the next power loss. Only the newest log can be unsynced, and the
 * one before it when it was left in the middle of a sync.
 */
function makeDurable(disk: Disk, snapshotDirectory: string, logDirectory: string, logs: readonly ZxidFile[]): void {
  for (const { path } of logs.slice(-2)) {
    if (!disk.exists(path)) continue
    const file = disk.openWrite(path)
    disk.dataSyncNow(file)
    disk.close(file)
  }
  for (const directory of new Set([snapshotDirectory, logDirectory])) disk.syncDirectory(directory)
}

function newestSnapshot(disk: Disk, directory: string, log: Logger): LoadedSnapshot | undefined {
  const files = listZxidFiles(disk, directory, 'snapshot').reverse()
  for (const file of files.slice(0, SNAPSHOTS_TRIED_MAX)) {
    const loaded = loadSnapshot(disk, file.path, file.zxid)
    if (loaded !== undefined) return loaded
    log.warn('a snapshot is damaged or unfinished, the next older one is tried', { path: file.path })
  }
  if (files.length > 0) throw new StorageError(`no whole snapshot in ${directory}: restore one from a backup`)
  return undefined
}

/** The file that holds the zxid behind the snapshot begins at or before it. */
function logsFrom(files: readonly ZxidFile[], snapshotZxid: number): readonly ZxidFile[] {
  let firstNeeded = 0
  for (const [index, file] of files.entries()) if (file.zxid <= snapshotZxid) firstNeeded = index
  return files.slice(firstNeeded)
}

/** How the reading of one file ended, and how many transactions it held. */
interface FileRead extends LogEnd {
  readonly path: string
  readonly count: number
}

function replayFiles(
  disk: Disk,
  files: readonly ZxidFile[],
  replay: Replay,
  log: Logger,
  onEntry: EntryListener | undefined,
): void {
  let torn: FileRead | undefined
  let emptyTail: string[] = []
  for (const { path } of files) {
    const read = replayFile(disk, path, replay, onEntry)
    // A file is begun while its predecessor is being synced, so an empty one may follow the torn one.
    if (read.hasEntriesBehindDamage || (torn !== undefined && read.count > 0)) throw damaged(torn ?? read)
    if (read.damage !== undefined) torn ??= read
    if (read.count > 0) emptyTail = []
    else emptyTail.push(path)
  }
  if (torn !== undefined) {
    log.warn('the log ended in a torn transaction that was never acknowledged; it is cut off', {
      path: torn.path,
      at: torn.endsAt,
      damage: torn.damage,
    })
    cut(disk, torn.path, torn.endsAt)
  }
  // Its name promises a zxid that it does not hold, and the next file may get a lower one: a later start would look for
  // what follows a snapshot in the wrong file.
  for (const path of emptyTail) disk.remove(path)
}

function replayFile(disk: Disk, path: string, replay: Replay, onEntry: EntryListener | undefined): FileRead {
  const reader = new LogFileReader(disk, path)
  let count = 0
  try {
    const end = reader.readAll((txn, bytes) => {
      count += 1
      onEntry?.(txn.header.zxid, bytes)
      replay.apply(txn)
    })
    return { ...end, path, count }
  } finally {
    reader.close()
  }
}

function damaged({ path, endsAt, damage }: FileRead): StorageError {
  return new StorageError(
    `${path} is damaged at byte ${endsAt} (${damage}) with acknowledged transactions behind it: ` +
      'restore the file, or remove the data directory and let the server copy it from its ensemble',
  )
}

function cut(disk: Disk, path: string, endsAt: number): void {
  if (endsAt === 0) {
    disk.remove(path)
    return
  }
  const file = disk.openWrite(path)
  disk.truncate(file, endsAt)
  disk.dataSyncNow(file)
  disk.close(file)
}

class Replay {
  count = 0
  digestMismatchCount = 0
  readonly #tree: ZNodeTree
  /** Before this zxid the tree may show later changes already, so digests say nothing. */
  readonly #exactFrom: number
  readonly #log: Logger

  constructor(tree: ZNodeTree, snapshot: LoadedSnapshot | undefined, log: Logger) {
    this.#tree = tree
    this.#log = log
    this.#exactFrom = snapshot?.digest?.zxid ?? tree.lastZxid
  }

  apply(txn: Txn): void {
    const { zxid } = txn.header
    const { lastZxid } = this.#tree
    if (zxid <= lastZxid) return
    // ZooKeeper 3.9.3 could leave such holes, so an old directory is served all the same.
    if (zxid !== lastZxid + 1 && zxid % EPOCH === (lastZxid % EPOCH) + (zxid - lastZxid)) {
      this.#log.error('the log has a gap: transactions are missing', {
        after: lastZxid.toString(16),
        next: zxid.toString(16),
      })
    }
    this.#tree.apply(txn.header, txn.body)
    this.count += 1
    if (txn.digest?.version !== digestVersion || zxid < this.#exactFrom) return
    if (txn.digest.treeDigest !== this.#tree.digest.value()) this.digestMismatchCount += 1
  }
}
