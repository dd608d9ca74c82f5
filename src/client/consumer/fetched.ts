import {
  ATTRIBUTE_CONTROL,
  ATTRIBUTE_TRANSACTIONAL,
  BATCH_BASE_OFFSET_AT,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_MAGIC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_SIZE_AT,
} from '../../model/batch-layout.ts'
import { BatchVerdict, type RecordCodec, type RecordHeader } from '../../wasm/contract.ts'
import { ClientError } from '../errors.ts'

export interface ConsumerRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

export interface FetchedRecords {
  readonly records: readonly ConsumerRecord[]
  /** Where to go on: behind the last whole batch, which may hold nothing to see. */
  readonly nextOffset: number
}

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

const CONTROL_TYPE_AT = 2
const CONTROL_TYPE_ABORT = 0

/**
 * Turns fetched bytes into records: those from `fromOffset` on, without control records and, when `aborted` is given,
 * without what was rolled back.
 *
 * @param aborted transactions the broker lists for these bytes; undefined to see everything
 * @throws ClientError when the bytes are damaged
 */
export function readFetched(
  codec: RecordCodec,
  partition: { readonly topic: string; readonly partition: number },
  bytes: Uint8Array,
  fromOffset: number,
  aborted: readonly AbortedTransaction[] | undefined,
): FetchedRecords {
  const records: ConsumerRecord[] = []
  const pending = [...(aborted ?? [])].sort((left, right) => left.firstOffset - right.firstOffset)
  const rolledBack = new Set<number>()
  const verdict = codec.decodeBatches(
    bytes,
    (record, batch) => {
      while (pending[0] !== undefined && pending[0].firstOffset <= record.offset) {
        rolledBack.add(pending[0].producerId)
        pending.shift()
      }
      if ((batch.attributes & ATTRIBUTE_CONTROL) !== 0) {
        const isAbort = record.key !== null && record.key[CONTROL_TYPE_AT + 1] === CONTROL_TYPE_ABORT
        if (isAbort) rolledBack.delete(batch.producerId)
        return
      }
      if (record.offset < fromOffset) return
      if ((batch.attributes & ATTRIBUTE_TRANSACTIONAL) !== 0 && rolledBack.has(batch.producerId)) return
      const { offset, timestampMs, key, value, headers } = record
      records.push({ topic: partition.topic, partition: partition.partition, offset, timestampMs, key, value, headers })
    },
    true,
  )
  if (verdict !== BatchVerdict.ok) {
    const { topic, partition: number } = partition
    throw new ClientError(
      `records of ${topic}-${number} from offset ${fromOffset} on are damaged (verdict ${verdict}): seek beyond them to go on`,
    )
  }
  return { records, nextOffset: endOfBatches(bytes, fromOffset) }
}

/** Offset behind the last whole batch; headers alone, because a compacted batch may have no records. */
function endOfBatches(bytes: Uint8Array, fromOffset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let nextOffset = fromOffset
  let at = 0
  while (bytes.length - at > BATCH_MAGIC_AT) {
    const end = at + BATCH_PREFIX_SIZE_BYTES + view.getInt32(at + BATCH_SIZE_AT)
    if (end > bytes.length) break
    const baseOffset = Number(view.getBigInt64(at + BATCH_BASE_OFFSET_AT))
    // Messages of formats 0 and 1 carry the offset of their last record.
    const delta = view.getInt8(at + BATCH_MAGIC_AT) >= 2 ? view.getInt32(at + BATCH_LAST_OFFSET_DELTA_AT) : 0
    nextOffset = Math.max(nextOffset, baseOffset + delta + 1)
    at = end
  }
  return nextOffset
}
