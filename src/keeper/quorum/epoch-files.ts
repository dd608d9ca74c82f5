import type { Disk } from '../../io/ports.ts'
import { StorageError } from '../storage/files.ts'

/** The promises of a member, decimal text each, in `version-2` beside the snapshots. */
export type EpochFile = 'acceptedEpoch' | 'currentEpoch'

/**
 * @returns the epoch, `absent` when there is no file yet: a directory that has only been served alone
 * @throws StorageError when the file holds something else
 */
export function readEpoch(disk: Disk, directory: string, name: EpochFile, absent: number): number {
  const path = `${directory}/${name}`
  if (!disk.exists(path)) return absent
  const text = new TextDecoder().decode(disk.readFile(path)).trim()
  const epoch = Number(text)
  if (text === '' || !Number.isSafeInteger(epoch) || epoch < 0) {
    throw new StorageError(`${path} holds '${text}': it must hold an epoch, a whole number`)
  }
  return epoch
}

/** Durable when it returns. @throws DiskError */
export function writeEpoch(disk: Disk, directory: string, name: EpochFile, epoch: number): void {
  disk.replaceFile(`${directory}/${name}`, new TextEncoder().encode(String(epoch)))
}
