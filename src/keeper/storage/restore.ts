import type { Clock, Disk, Timers } from '../../io/ports.ts'
import { StorageError, versionDirectory, zxidFileName } from './files.ts'
import { type LoadedSnapshot, SnapshotLoading } from './snapshot-reader.ts'

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

/** How long one turn of the loop is given to loading: whoever is served meanwhile must not notice. */
const SLICE_MS = 1

/**
 * Loads a snapshot that was brought, in slices.
 *
 * @param isWanted asked before each slice
 * @returns the tree at the zxid that the snapshot says it was taken at
 * @throws StorageError when it is none, does not say its zxid, or is not wanted any more
 */
export async function loadRestorable(
  { disk, timers, clock }: { readonly disk: Disk; readonly timers: Timers; readonly clock: Clock },
  path: string,
  isWanted: () => boolean,
): Promise<LoadedSnapshot> {
  const loading = new SnapshotLoading(disk, path, 0)
  try {
    for (;;) {
      if (!isWanted()) throw new StorageError('the server is stopping: nothing is restored')
      const endsAtMs = clock.monotonicMs() + SLICE_MS
      const loaded = loading.slice(() => clock.monotonicMs() < endsAtMs)
      if (loaded === 'damaged') throw new StorageError('what was brought is no whole snapshot')
      if (loaded !== undefined) return atOwnZxid(loaded)
      await new Promise<void>((resolve) => {
        timers.start(0, resolve)
      })
    }
  } finally {
    loading.close()
  }
}

/** Its name says nothing: the file itself does. */
function atOwnZxid(loaded: LoadedSnapshot): LoadedSnapshot {
  const { tree, processedZxid } = loaded
  if (processedZxid === undefined) {
    throw new StorageError('the snapshot does not say its zxid: take it with serializeLastProcessedZxid.enabled=true')
  }
  tree.lastZxid = processedZxid
  return { ...loaded, zxid: processedZxid }
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
