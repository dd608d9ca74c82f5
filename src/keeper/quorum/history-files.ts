import { writeFileHeader } from '../../jute/generated/persistence.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Clock, Disk, FileDescriptor, Timers } from '../../io/ports.ts'
import { type EnsembleConfig, formatEnsembleConfig } from '../../zab/config/ensemble-config.ts'
import { adler32, adler32Initial } from '../storage/adler32.ts'
import {
  fileHeaderBytes,
  fileVersion,
  listZxidFiles,
  snapshotMagic,
  StorageError,
  unfinishedPrefix,
  zxidFileName,
} from '../storage/files.ts'
import { LogFileReader } from '../storage/log-reader.ts'
import { SnapshotWriter } from '../storage/snapshot-writer.ts'
import { ZNodeTree } from '../tree/znode-tree.ts'

/** A received snapshot that is going to be the whole history. The rename to it decides; the rest is repeatable. */
const installingPrefix = 'installing.'

/** Where a member's history lies. */
export interface HistoryPlaces {
  readonly disk: Disk
  readonly snapshotDirectory: string
  readonly logDirectory: string
  readonly clock: Clock
  readonly timers: Timers
  /** The configuration as the file has it: what an empty history shows, and a ZooKeeper that opens the directory later. */
  readonly firstConfig: EnsembleConfig
}

/**
 * Cuts the log behind `zxid`: newest files first, so that a crash half-way leaves a shorter history and never one with a
 * hole. No file of the log may be open for writing.
 *
 * @param zxid an entry of the log or the zxid of the newest snapshot; 0 empties everything
 * @throws StorageError when the log holds no such entry, DiskError
 */
export function cutHistory(places: HistoryPlaces, zxid: number): void {
  const { disk, logDirectory, snapshotDirectory } = places
  const logs = listZxidFiles(disk, logDirectory, 'log')
  for (const file of logs.filter((log) => log.zxid > zxid).reverse()) {
    disk.remove(file.path)
    disk.syncDirectory(logDirectory)
  }
  if (zxid === 0) {
    for (const file of listZxidFiles(disk, snapshotDirectory, 'snapshot').reverse()) disk.remove(file.path)
    writeFirstSnapshot(places)
    return
  }
  const last = logs.findLast((log) => log.zxid <= zxid)
  const lastZxid = last === undefined ? 0 : cutFile(disk, last.path, zxid)
  const snapshotZxid = listZxidFiles(disk, snapshotDirectory, 'snapshot').at(-1)?.zxid ?? 0
  if (Math.max(lastZxid, snapshotZxid) !== zxid) {
    throw new StorageError(
      `the leader asked to cut the log at ${zxid.toString(16)}, which it does not hold: ` +
        'remove the data directory and let the server copy it from its ensemble',
    )
  }
}

/** @returns the last zxid left in the file, 0 when none is */
function cutFile(disk: Disk, path: string, zxid: number): number {
  const reader = new LogFileReader(disk, path)
  let endsAt = fileHeaderBytes
  let lastZxid = 0
  try {
    reader.readAll((txn, _bytes, entryEndsAt) => {
      if (txn.header.zxid > zxid) return
      endsAt = entryEndsAt
      lastZxid = txn.header.zxid
    })
  } finally {
    reader.close()
  }
  const file = disk.openWrite(path)
  try {
    disk.truncate(file, endsAt)
    disk.dataSyncNow(file)
  } finally {
    disk.close(file)
  }
  return lastZxid
}

/** ZooKeeper refuses a log that no snapshot lies under: an empty history begins with a snapshot of nothing. */
export function writeFirstSnapshot({ disk, snapshotDirectory, timers, clock, firstConfig }: HistoryPlaces): void {
  const tree = new ZNodeTree()
  const text = new TextEncoder().encode(formatEnsembleConfig(firstConfig))
  tree.showConfig(text, firstConfig.version, clock.wallMs())
  new SnapshotWriter(tree, disk, timers, clock, snapshotDirectory).writeNow()
}

/** A snapshot that was received whole and is durable under a temporary name. */
export interface ReceivedSnapshot {
  readonly path: string
}

/** Makes a received snapshot the whole history, in one atomic step. @throws DiskError */
export function installSnapshot(places: HistoryPlaces, received: ReceivedSnapshot, zxid: number): void {
  const { disk, snapshotDirectory } = places
  disk.rename(received.path, `${snapshotDirectory}/${installingPrefix}${zxid.toString(16)}`)
  disk.syncDirectory(snapshotDirectory)
  finishInstallation(places)
}

/** Goes on with an installation that a crash interrupted; nothing to do otherwise. To be called before recovery. */
export function finishInstallation({ disk, snapshotDirectory, logDirectory }: HistoryPlaces): void {
  const installing = disk.list(snapshotDirectory).find((entry) => entry.name.startsWith(installingPrefix))
  if (installing === undefined) return
  for (const file of listZxidFiles(disk, logDirectory, 'log').reverse()) disk.remove(file.path)
  disk.syncDirectory(logDirectory)
  for (const file of listZxidFiles(disk, snapshotDirectory, 'snapshot')) disk.remove(file.path)
  const zxid = Number.parseInt(installing.name.slice(installingPrefix.length), 16)
  disk.rename(`${snapshotDirectory}/${installing.name}`, `${snapshotDirectory}/${zxidFileName('snapshot', zxid)}`)
  disk.syncDirectory(snapshotDirectory)
}

/**
 * Takes the stream of a snapshot as a leader sends it and makes a snapshot file of it: a header before it, a seal behind
 * it. The file has a temporary name, which the start of the server removes, until it is installed.
 */
export class SnapshotReceiver {
  readonly #disk: Disk
  readonly #path: string
  #file: FileDescriptor | undefined
  #position: number
  #checksum: number

  /** @param name distinguishes receptions of one process @throws DiskError */
  constructor(disk: Disk, snapshotDirectory: string, name: string) {
    this.#disk = disk
    this.#path = `${snapshotDirectory}/${unfinishedPrefix}received.${name}`
    disk.remove(this.#path)
    this.#file = disk.openWrite(this.#path)
    const header = new JuteWriter(fileHeaderBytes)
    writeFileHeader(header, { magic: snapshotMagic, version: fileVersion, dbid: -1n })
    const bytes = header.finish()
    disk.writeSync(this.#file, [bytes], 0)
    this.#position = bytes.length
    this.#checksum = adler32(adler32Initial, bytes, 0, bytes.length)
  }

  /** @throws DiskError */
  take(bytes: Uint8Array): void {
    if (this.#file === undefined) return
    this.#disk.writeSync(this.#file, [bytes], this.#position)
    this.#position += bytes.length
    this.#checksum = adler32(this.#checksum, bytes, 0, bytes.length)
  }

  /** All of it is here. @throws DiskError (as a rejection) */
  async finish(): Promise<ReceivedSnapshot> {
    const file = this.#file
    if (file === undefined) throw new StorageError('a snapshot that was given up cannot be finished')
    this.#file = undefined
    const seal = new JuteWriter(16)
    seal.int64(this.#checksum)
    seal.string('/')
    try {
      this.#disk.writeSync(file, [seal.finish()], this.#position)
      await this.#disk.dataSync(file)
    } finally {
      this.#disk.close(file)
    }
    return { path: this.#path }
  }

  /** It will not be wanted. */
  abandon(): void {
    if (this.#file !== undefined) this.#disk.close(this.#file)
    this.#file = undefined
    this.#disk.remove(this.#path)
  }
}
