import type { Disk } from '../io/ports.ts'

/**
 * Writes a whole small file in place. For files that can be told from torn ones: a crash may leave a part of it. Creating
 * a file is the dearest thing a file system does, and a temporary one would be a second.
 *
 * Throws `DiskError`.
 */
export function writeSmallFile(disk: Disk, path: string, content: Uint8Array): void {
  const file = disk.openWrite(path)
  try {
    if (content.length > 0) disk.writeSync(file, [content], 0)
    if (disk.sizeBytes(file) > content.length) disk.truncate(file, content.length)
  } finally {
    disk.close(file)
  }
}
