import type { Disk } from '../../io/ports.ts'
import { listZxidFiles } from './files.ts'

/** Fewer would leave nothing to fall back on. */
export const snapshotsRetainedMin = 3

/**
 * Removes old snapshots, and the logs that none of the kept ones needs: a log is needed when it begins behind the oldest
 * kept snapshot, and so is the one that begins at or before it, since a log goes on behind a snapshot's zxid.
 *
 * @param retainCount snapshots to keep, at least {@link snapshotsRetainedMin}
 * @returns the paths removed @throws DiskError
 */
export async function purge(
  disk: Disk,
  snapshotDirectory: string,
  logDirectory: string,
  retainCount: number,
): Promise<string[]> {
  const snapshots = listZxidFiles(disk, snapshotDirectory, 'snapshot')
  const kept = snapshots.slice(-Math.max(retainCount, snapshotsRetainedMin))
  const oldest = kept[0]
  if (oldest === undefined || kept.length === snapshots.length) return []
  const logs = listZxidFiles(disk, logDirectory, 'log')
  const lastBefore = logs.findLast((file) => file.zxid <= oldest.zxid)
  const removed = snapshots.slice(0, snapshots.length - kept.length).map((file) => file.path)
  for (const file of logs) if (lastBefore !== undefined && file.zxid < lastBefore.zxid) removed.push(file.path)
  for (const path of removed) await disk.removeAside(path)
  return removed
}
