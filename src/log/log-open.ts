/**
 * Opens one partition's directory: decides from which point its log must be looked at, and brings the state there.
 *
 *   own checkpoint, closed, sizes agree      nothing is read
 *   own checkpoint, same boot of the machine the bytes behind the last checkpoint are verified
 *   own checkpoint, machine was restarted    the bytes behind the last fdatasync are verified
 *   own checkpoint, its last sync failed     the same, and they are written once more
 *   Kafka's clean-shutdown file              headers behind the last index entry are walked
 *   else                                     everything from the segment of Kafka's recovery point on is verified
 */
import { isCutBelowSync, noteCut } from './log-cut.ts'
import { LOG_SUFFIX, offsetOfFileName } from './file-names.ts'
import type { LogEnvironment } from './environment.ts'
import { finishInterruptedSwaps } from './log-leftovers.ts'
import { loadEpochs, recoverLog } from './log-recovery.ts'
import { type LogIdentity, LogState } from './log-state.ts'
import type { OpenHints } from './open-hints.ts'
import { readPartitionCheckpoint, writePartitionCheckpoint } from './partition-checkpoint.ts'
import type { LogConfig } from './log-config.ts'
import { hasFailedSync, withoutCache, writeUnsyncedAgain } from './log-unsynced.ts'
import { Segment } from './segment.ts'

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
  const isNew = !disk.exists(identity.directory)
  if (isNew) disk.makeDirectory(identity.directory)
  else finishInterruptedSwaps(environment, identity)
  const own = !isNew && hints.trustsOwnCheckpoint ? readPartitionCheckpoint(environment, identity) : undefined
  const startOffset = isNew ? 0 : (own?.logStartOffset ?? hints.logStartOffset)
  const segments = isNew ? [] : findSegments(environment, identity)
  const first = segments[0] ?? new Segment(identity.directory, own?.offset ?? startOffset, true, false)
  const state = new LogState(environment, identity, config, first)
  if (segments.length > 0) state.segments = segments
  state.active = state.segments[state.segments.length - 1] ?? first
  state.active.createdAtMs = environment.clock.wallMs()
  state.lastCheckpointAtMs = state.active.createdAtMs
  state.lastSyncAtMs = state.active.createdAtMs
  state.logStartOffset = Math.max(first.baseOffset, startOffset)
  if (isNew) {
    if (hints.mayBeMistaken) writePartitionCheckpoint(state, false)
    return state
  }
  loadEpochs(state)
  const isUnsynced = hasFailedSync(disk, identity.directory)
  recoverLog(state, hints, own !== undefined && isUnsynced ? withoutCache(own) : own)
  if (isUnsynced) writeUnsyncedAgain(state, own)
  // The process ended while the log was being cut, or its end is gone: what vouched for that must not come back.
  if (isCutBelowSync(state)) noteCut(state, state.active.createdAtMs)
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
