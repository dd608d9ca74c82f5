import type { Disk } from '../../io/ports.ts'

/** Where ZooKeeper keeps everything, below dataDir and dataLogDir. */
export const versionDirectory = 'version-2'

export const logMagic = 0x5a4b4c47
export const snapshotMagic = 0x5a4b534e
export const fileVersion = 2
export const fileHeaderBytes = 16
/** Ends each entry of a log: 'B'. */
export const endOfEntry = 0x42

/** What a snapshot is called until it is whole. */
export const unfinishedPrefix = 'writing.'

/** A file whose name carries a zxid. */
export interface ZxidFile {
  readonly path: string
  readonly zxid: number
}

/** @returns the name of a log or snapshot */
export function zxidFileName(prefix: 'log' | 'snapshot', zxid: number): string {
  return `${prefix}.${zxid.toString(16)}`
}

/** @returns files named `prefix.<zxid in hexadecimal>` in a directory, oldest first; none when there is no directory */
export function listZxidFiles(disk: Disk, directory: string, prefix: 'log' | 'snapshot'): ZxidFile[] {
  if (!disk.exists(directory)) return []
  const files: ZxidFile[] = []
  for (const entry of disk.list(directory)) {
    const match = /^(log|snapshot)\.([0-9a-f]+)$/i.exec(entry.name)
    if (match === null || match[1] !== prefix || entry.isDirectory) continue
    const zxid = Number.parseInt(match[2] ?? '', 16)
    if (Number.isSafeInteger(zxid)) files.push({ path: `${directory}/${entry.name}`, zxid })
  }
  return files.sort((left, right) => left.zxid - right.zxid)
}

/** Removes snapshots that a crash interrupted. */
export function removeUnfinished(disk: Disk, directory: string): void {
  for (const entry of disk.list(directory)) {
    if (entry.name.startsWith(unfinishedPrefix)) disk.remove(`${directory}/${entry.name}`)
  }
}

/** The data directory holds something that cannot be trusted; the message says what and where. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
}
