/**
 * Opens one partition's directory: decides from which point its log must be looked at, and brings the state there.
 *
 *   own checkpoint, closed, sizes agree      nothing is read
 *   own checkpoint, same boot of the machine the bytes behind the last checkpoint are verified
 *   own checkpoint, machine was restarted    the bytes behind the last fdatasync are verified
 *   Kafka's clean-shutdown file              headers behind the last index entry are walked
 *   else                                     everything from the segment of Kafka's recovery point on is verified
 */
import { LOG_SUFFIX, offsetOfFileName } from './file-names.ts'
import type { LogEnvironment } from './environment.ts'
import { finishInterruptedSwaps } from './log-leftovers.ts'
import { loadEpochs, recoverLog } from './log-recovery.ts'
import { type LogIdentity, LogState } from './log-state.ts'
import type { LogConfig } from './log-config.ts'
import { Segment } from './segment.ts'

/** What the log directory knows about a partition from Kafka's own checkpoint files. */
export interface OpenHints {
  /** The directory was left by a clean shutdown of Kafka or Jackdaw. */
  readonly isClean: boolean
  /** Kafka's recovery point: everything below is on disk. 0 when unknown. */
  readonly recoveryPoint: number
  /** Kafka's log start offset, 0 when not listed. */
  readonly logStartOffset: number
  /** Kafka's high watermark, -1 when not listed. */
  readonly highWatermark: number
  /** Nobody else has worked on this directory since Jackdaw did: the partition's own checkpoint counts. */
  readonly trustsOwnCheckpoint: boolean
}

/** A partition of which no checkpoint knows anything. */
export const NO_HINTS: OpenHints = {
  isClean: false,
  recoveryPoint: 0,
  logStartOffset: 0,
  highWatermark: -1,
  trustsOwnCheckpoint: true,
}

/**
 * Opens or creates the log in `identity.directory`. Throws `DiskError`.
 */
export function openLog(
  environment: LogEnvironment,
  identity: LogIdentity,
  config: LogConfig,
  hints: OpenHints,
): LogState {
  const { disk } = environment
  if (!disk.exists(identity.directory)) disk.makeDirectory(identity.directory)
  finishInterruptedSwaps(environment, identity)
  const segments = findSegments(environment, identity)
  const first = segments[0] ?? new Segment(identity.directory, hints.logStartOffset, true, false)
  const state = new LogState(environment, identity, config, first)
  if (segments.length > 0) state.segments = segments
  state.active = state.segments[state.segments.length - 1] ?? first
  state.active.createdAtMs = environment.clock.wallMs()
  state.logStartOffset = Math.max(first.baseOffset, hints.logStartOffset)
  loadEpochs(state)
  recoverLog(state, hints)
  return state
}

function findSegments(environment: LogEnvironment, identity: LogIdentity): Segment[] {
  const { disk } = environment
  const baseOffsets: number[] = []
  for (const entry of disk.list(identity.directory)) {
    const baseOffset = offsetOfFileName(entry.name, LOG_SUFFIX)
    if (baseOffset >= 0 && !entry.isDirectory) baseOffsets.push(baseOffset)
  }
  baseOffsets.sort((left, right) => left - right)
  return baseOffsets.map((baseOffset, index) => {
    const segment = new Segment(identity.directory, baseOffset, index === baseOffsets.length - 1, true)
    segment.sizeBytes = Math.max(0, disk.fileSizeBytes(segment.file.path))
    return segment
  })
}
