/** Kafka's checkpoint files of one log directory, read together. */
import type { Disk, Logger } from '../io/ports.ts'
import { HIGH_WATERMARK_FILE, LOG_START_FILE, readOffsetCheckpoint, RECOVERY_POINT_FILE } from './offset-checkpoint.ts'
import { bytesText } from './text-lines.ts'

export interface DirectoryCheckpoints {
  readonly recoveryPoints: Map<string, number>
  readonly logStarts: Map<string, number>
  readonly highWatermarks: Map<string, number>
}

/** Kafka's checkpoint files of a log directory; a missing or damaged one counts as empty. */
export function readDirectoryCheckpoints(disk: Disk, logger: Logger, path: string): DirectoryCheckpoints {
  return {
    recoveryPoints: readCheckpoint(disk, logger, `${path}/${RECOVERY_POINT_FILE}`),
    logStarts: readCheckpoint(disk, logger, `${path}/${LOG_START_FILE}`),
    highWatermarks: readCheckpoint(disk, logger, `${path}/${HIGH_WATERMARK_FILE}`),
  }
}

function readCheckpoint(disk: Disk, logger: Logger, path: string): Map<string, number> {
  if (!disk.exists(path)) return new Map()
  const offsets = readOffsetCheckpoint(bytesText(disk.readFile(path)))
  if (offsets === undefined)
    logger.warn(`${path} is damaged: its partitions are recovered from their own files`, { path })
  return offsets ?? new Map()
}
