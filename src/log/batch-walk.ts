/**
 * Walks the batches of a segment file: headers only, or every byte with its checksum. Used by recovery, index rebuilding
 * and searches by time; the read path has its own narrow seek.
 */
import {
  BATCH_ATTRIBUTES_AT,
  BATCH_CRC_AT,
  BATCH_HEADER_SIZE_BYTES,
  BATCH_MAGIC_AT,
  LEGACY_CRC_AT,
} from '../model/batch-layout.ts'
import type { FileDescriptor } from '../io/ports.ts'
import { BatchVerdict, RULE_NONE } from '../wasm/contract.ts'
import { batchMagic, batchSizeBytes, HEADER_PEEK_SIZE_BYTES, MESSAGE_SIZE_BYTES_MIN } from './batch-header.ts'
import { CRC32C_START, crc32cContinue, crc32Continue } from './crc32c.ts'
import type { LogEnvironment } from './environment.ts'

/**
 * Sees one batch. `at` is where its header lies in `view`; at least the header is there, and for batches smaller than
 * the scan buffer the whole batch.
 *
 * @returns false to stop before this batch
 */
export type VisitBatch = (view: DataView, at: number, position: number, sizeBytes: number) => boolean

export interface WalkEnd {
  /** Where the walk stopped: the end of the last batch that was visited and accepted. */
  readonly position: number
  /** Why it could not go on; undefined at the end of the data or when `visit` said so. */
  readonly damage: string | undefined
}

/** Visits the batches in [fromPosition, endPosition) by their size fields alone. */
export function walkHeaders(
  environment: LogEnvironment,
  file: FileDescriptor,
  fromPosition: number,
  endPosition: number,
  visit: VisitBatch,
): WalkEnd {
  const { bytes, peek, view } = environment.scan
  let position = fromPosition
  let bufferedFrom = 0
  let bufferedTo = 0
  let lastSizeBytes = 0
  while (position < endPosition) {
    if (endPosition - position < MESSAGE_SIZE_BYTES_MIN) return { position, damage: 'an incomplete header' }
    const peeked = Math.min(HEADER_PEEK_SIZE_BYTES, endPosition - position)
    if (position + peeked > bufferedTo || position < bufferedFrom) {
      bufferedFrom = position
      const into = lastSizeBytes > bytes.length ? peek : bytes
      bufferedTo = position + environment.disk.readSync(file, into, position)
      if (position + peeked > bufferedTo) return { position, damage: 'the end of the file' }
    }
    const sizeBytes = batchSizeBytes(view, position - bufferedFrom)
    if (sizeBytes < 0) return { position, damage: 'a size field that cannot be one' }
    if (position + sizeBytes > endPosition) return { position, damage: 'an incomplete batch' }
    if (position + sizeBytes > bufferedTo && sizeBytes <= bytes.length) {
      bufferedFrom = position
      bufferedTo = position + environment.disk.readSync(file, bytes, position)
    }
    if (!visit(view, position - bufferedFrom, position, sizeBytes)) return { position, damage: undefined }
    position += sizeBytes
    lastSizeBytes = sizeBytes
  }
  return { position, damage: undefined }
}

/** Visits the batches in [fromPosition, endPosition) after judging each with its checksum. */
export function walkVerified(
  environment: LogEnvironment,
  file: FileDescriptor,
  fromPosition: number,
  endPosition: number,
  visit: VisitBatch,
): WalkEnd {
  const { core, disk, windowAt, windowSizeBytes } = environment
  const view = new DataView(core.bytes.buffer, core.bytes.byteOffset + windowAt, windowSizeBytes)
  const window = core.bytes.subarray(windowAt, windowAt + windowSizeBytes)
  let position = fromPosition
  while (position < endPosition) {
    const filled = disk.readSync(file, window.subarray(0, Math.min(windowSizeBytes, endPosition - position)), position)
    const used = judgeWindow(environment, view, filled, position, visit)
    position += used.sizeBytes
    if (used.isStopped) return { position, damage: undefined }
    if (used.verdict === BatchVerdict.ok) continue
    if (used.verdict !== BatchVerdict.truncated) return { position, damage: describeVerdict(used.verdict) }
    if (used.sizeBytes > 0) continue
    // Not even one batch in a full window: it is larger than the window, or the file ends inside it.
    const sizeBytes = filled >= MESSAGE_SIZE_BYTES_MIN ? batchSizeBytes(view, 0) : -1
    if (sizeBytes < 0 || position + sizeBytes > endPosition) return { position, damage: 'an incomplete batch' }
    if (!isLargeBatchSound(environment, file, position, sizeBytes)) {
      return { position, damage: 'a checksum that does not match' }
    }
    disk.readSync(file, window, position)
    if (!visit(view, 0, position, sizeBytes)) return { position, damage: undefined }
    position += sizeBytes
  }
  return { position, damage: undefined }
}

interface WindowUse {
  readonly sizeBytes: number
  readonly verdict: BatchVerdict
  readonly isStopped: boolean
}

function judgeWindow(
  environment: LogEnvironment,
  view: DataView,
  filled: number,
  filePosition: number,
  visit: VisitBatch,
): WindowUse {
  const { core, windowAt } = environment
  let at = 0
  while (at < filled) {
    let verdict: BatchVerdict = core.judgeBatch(windowAt + at, filled - at, RULE_NONE)
    if (verdict === BatchVerdict.legacy) verdict = BatchVerdict.ok
    if (verdict !== BatchVerdict.ok) {
      // "badSize" also means "larger than the bytes given", which near the end of the window is no damage yet.
      const isCutOff = verdict === BatchVerdict.badSize && reachesBeyond(view, at, filled)
      return { sizeBytes: at, verdict: isCutOff ? BatchVerdict.truncated : verdict, isStopped: false }
    }
    const sizeBytes = batchSizeBytes(view, at)
    if (!visit(view, at, filePosition + at, sizeBytes)) return { sizeBytes: at, verdict, isStopped: true }
    at += sizeBytes
  }
  return { sizeBytes: at, verdict: filled === 0 ? BatchVerdict.truncated : BatchVerdict.ok, isStopped: false }
}

function reachesBeyond(view: DataView, at: number, filled: number): boolean {
  if (filled - at < MESSAGE_SIZE_BYTES_MIN) return true
  const sizeBytes = batchSizeBytes(view, at)
  return sizeBytes > filled - at
}

/** Checks a batch that does not fit into the window, piece by piece. */
function isLargeBatchSound(
  environment: LogEnvironment,
  file: FileDescriptor,
  position: number,
  sizeBytes: number,
): boolean {
  const { core, disk, windowAt, windowSizeBytes } = environment
  const window = core.bytes.subarray(windowAt, windowAt + windowSizeBytes)
  const view = new DataView(window.buffer, window.byteOffset, windowSizeBytes)
  if (disk.readSync(file, window, position) < BATCH_HEADER_SIZE_BYTES || batchMagic(view, 0) > 2) return false
  const isLegacy = batchMagic(view, 0) < 2
  const stored = view.getUint32(isLegacy ? LEGACY_CRC_AT : BATCH_CRC_AT)
  const sum = isLegacy ? crc32Continue : crc32cContinue
  let crc = CRC32C_START
  let at = isLegacy ? BATCH_MAGIC_AT : BATCH_ATTRIBUTES_AT
  while (at < sizeBytes) {
    const piece = window.subarray(0, Math.min(windowSizeBytes, sizeBytes - at))
    if (disk.readSync(file, piece, position + at) < piece.length) return false
    crc = sum(crc, piece, 0, piece.length)
    at += piece.length
  }
  return crc === stored
}

const DAMAGE: ReadonlyMap<number, string> = new Map([
  [BatchVerdict.truncated, 'an incomplete batch'],
  [BatchVerdict.badSize, 'a size field that cannot be one'],
  [BatchVerdict.unknownMagic, 'an unknown format number'],
  [BatchVerdict.checksumMismatch, 'a checksum that does not match'],
  [BatchVerdict.malformedRecords, 'a header whose numbers do not agree'],
  [BatchVerdict.unknownCodec, 'an unknown compression codec'],
])

function describeVerdict(verdict: BatchVerdict): string {
  return DAMAGE.get(verdict) ?? `verdict ${verdict}`
}
