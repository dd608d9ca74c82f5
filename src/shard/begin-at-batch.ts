// hot: per batch
import type { PartitionReplica } from '../partition/contract.ts'
import { BatchVerdict, type RecordCore } from '../wasm/contract.ts'

/**
 * Where a log start lies inside a batch (records were deleted by request), a copy that begins there is given the whole batch:
 * it begins at the batch then, and hears of the log start afterwards.
 *
 * @param at the batches that come next, in the core's memory
 */
export function beginAtBatch(replica: PartitionReplica, core: RecordCore, at: number, sizeBytes: number): void {
  const { logStartOffset, logEndOffset } = replica.position
  if (logStartOffset !== logEndOffset) return
  if (core.readHeader(at, sizeBytes) !== BatchVerdict.ok) return
  const { baseOffset, lastOffsetDelta } = core.summary
  if (baseOffset < logEndOffset && baseOffset + lastOffsetDelta >= logEndOffset) replica.restart(baseOffset)
}
