import type { Disk } from '../../io/ports.ts'
import { StorageError, versionDirectory, zxidFileName } from './files.ts'
import { loadSnapshot } from './snapshot-reader.ts'

/** New data until it takes the place of the old. */
const incoming = `${versionDirectory}.restoring`

/** What is to be put in the place of a server's data. */
export interface Replacement {
  readonly directory: string
  readonly logDirectory: string
  /** A snapshot on the same file system. */
  readonly path: string
  readonly zxid: number
  /** Wall clock, for the name of what is put aside. */
  readonly atMs: number
}

/** @returns the zxid that a snapshot was taken at @throws StorageError when it is none, or does not say */
export function restorableZxid(disk: Disk, path: string): number {
  const loaded = loadSnapshot(disk, path, 0)
  if (loaded === undefined) throw new StorageError('what was brought is no whole snapshot')
  if (loaded.processedZxid === undefined) {
    throw new StorageError('the snapshot does not say its zxid: take it with serializeLastProcessedZxid.enabled=true')
  }
  return loaded.processedZxid
}

/**
 * Puts the data of a server that has stopped aside and a snapshot in its place. After a crash at any moment
 * {@link finishReplacing} finds either the old data or the new, whole.
 */
export function replaceData(disk: Disk, replacement: Replacement): void {
  const { directory, path, zxid, atMs } = replacement
  const fresh = `${directory}/${incoming}`
  disk.remove(fresh)
  disk.makeDirectory(fresh)
  const target = `${fresh}/${zxidFileName('snapshot', zxid)}`
  disk.rename(path, target)
  const file = disk.openWrite(target)
  disk.dataSyncNow(file)
  disk.close(file)
  disk.syncDirectory(fresh)
  disk.syncDirectory(directory)
  // From here on the new data counts: the old has gone from its place.
  putAside(disk, directory, atMs)
  finishReplacing(disk, replacement)
}

/** Does what a crash kept {@link replaceData} from doing, and clears up what it did in vain. */
export function finishReplacing(
  disk: Disk,
  { directory, logDirectory, atMs }: Pick<Replacement, 'directory' | 'logDirectory' | 'atMs'>,
): void {
  const fresh = `${directory}/${incoming}`
  if (!disk.exists(fresh)) return
  if (disk.exists(`${directory}/${versionDirectory}`)) {
    disk.remove(fresh)
    return
  }
  // The old log would be replayed onto the new data.
  if (logDirectory !== directory && disk.exists(`${logDirectory}/${versionDirectory}`)) {
    putAside(disk, logDirectory, atMs)
  }
  disk.rename(fresh, `${directory}/${versionDirectory}`)
  disk.syncDirectory(directory)
}

function putAside(disk: Disk, directory: string, atMs: number): void {
  disk.rename(`${directory}/${versionDirectory}`, `${directory}/${versionDirectory}.before-restore-${atMs}`)
  disk.syncDirectory(directory)
}
