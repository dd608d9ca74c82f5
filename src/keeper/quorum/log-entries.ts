import type { Disk } from '../../io/ports.ts'
import type { Entry } from '../../zab/contract.ts'
import { entryOf } from '../../zab/wire/entry.ts'
import { listZxidFiles } from '../storage/files.ts'
import { LogFileReader } from '../storage/log-reader.ts'

/**
 * Reads a stretch of the log for a learner that is behind the entries in memory.
 *
 * @param fromZxid the learner's last entry, which must be in the log
 * @param toZxid the last one that is decided
 * @param bytesMax beyond it a snapshot is the better choice
 * @returns the entries, the first included; null when the log does not reach back that far or holds too much
 */
export function readLogEntries(
  disk: Disk,
  logDirectory: string,
  fromZxid: number,
  toZxid: number,
  bytesMax: number,
): readonly Entry[] | null {
  const files = listZxidFiles(disk, logDirectory, 'log')
  const firstAt = files.findLastIndex((file) => file.zxid <= fromZxid)
  if (firstAt < 0) return null
  const entries: Entry[] = []
  let sizeBytes = 0
  for (const file of files.slice(firstAt)) {
    const reader = new LogFileReader(disk, file.path)
    try {
      reader.readAll((txn, bytes) => {
        const { zxid } = txn.header
        if (zxid < fromZxid || zxid > toZxid || sizeBytes > bytesMax) return
        sizeBytes += bytes.length
        const entry = entryOf(bytes.slice())
        if (entry !== undefined) entries.push(entry)
      })
    } finally {
      reader.close()
    }
    if (sizeBytes > bytesMax) return null
  }
  return entries[0]?.zxid === fromZxid ? entries : null
}
