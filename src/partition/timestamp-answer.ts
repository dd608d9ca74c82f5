/** ListOffsets for one partition: special timestamps and searches by time. */
import { failLog, type LogState } from '../log/log-state.ts'
import { findByTimestamp, findNewest } from '../log/log-timestamps.ts'
import { ErrorCode } from '../model/error-code.ts'
import {
  EARLIEST_LOCAL_TIMESTAMP,
  EARLIEST_PENDING_UPLOAD_TIMESTAMP,
  EARLIEST_TIMESTAMP,
  LATEST_TIERED_TIMESTAMP,
  LATEST_TIMESTAMP,
  MAX_TIMESTAMP,
  NO_EPOCH,
  NO_OFFSET,
} from '../model/special-offsets.ts'
import type { OffsetAnswer } from './contract.ts'

/**
 * The answer as of the high watermark. A read_committed client's latest offset is the last stable one instead: whoever
 * knows the isolation level replaces it.
 *
 * @returns undefined after a disk failure
 */
export function answerTimestamp(state: LogState, timestampMs: number): OffsetAnswer | undefined {
  switch (timestampMs) {
    case LATEST_TIMESTAMP:
      return answer(state.highWatermark, -1, state.epochs.latestEpoch)
    case EARLIEST_TIMESTAMP:
    // Nothing is tiered: what is local is all there is.
    case EARLIEST_LOCAL_TIMESTAMP: {
      const isKnown = state.epochs.count > 0 && state.epochs.startOffsetAt(0) <= state.logStartOffset
      return answer(state.logStartOffset, -1, isKnown ? state.epochs.epochAt(0) : NO_EPOCH)
    }
    case LATEST_TIERED_TIMESTAMP:
    case EARLIEST_PENDING_UPLOAD_TIMESTAMP:
      return answer(NO_OFFSET, -1, NO_EPOCH)
    default:
      return search(state, timestampMs)
  }
}

function search(state: LogState, timestampMs: number): OffsetAnswer | undefined {
  try {
    const match = timestampMs === MAX_TIMESTAMP ? findNewest(state) : findByTimestamp(state, timestampMs)
    // Records that may still be taken back have no answer yet.
    if (match.offset >= state.highWatermark) return answer(NO_OFFSET, -1, NO_EPOCH)
    return answer(match.offset, match.timestampMs, match.leaderEpoch)
  } catch (error) {
    failLog(state, error, 'a search by time')
    return undefined
  }
}

function answer(offset: number, timestampMs: number, leaderEpoch: number): OffsetAnswer {
  return { code: ErrorCode.none, offset, timestampMs, leaderEpoch }
}
