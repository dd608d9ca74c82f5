/**
 * `jackdaw.checkpoint`, one small file per partition: how far the log is known to be good and where its indexes stood
 * there, so that a restart reads only what came later. Two slots are written in turn; a torn one fails its checksum and
 * the other counts.
 *
 *   slot 0 (256 bytes) | slot 1 (256 bytes)
 *
 * `offset`/`position` is what had been *written*: it counts after the end of the process, while the machine has not been
 * restarted (same boot id). `syncedOffset`/`syncedPosition` is what had been made durable: it counts always.
 */
import { int64At, setInt64 } from './batch-header.ts'
import { CRC32C_START, crc32cContinue } from './crc32c.ts'
import { PARTITION_CHECKPOINT_FILE } from './file-names.ts'
import type { LogEnvironment } from './environment.ts'
import type { LogIdentity, LogState } from './log-state.ts'

export const CHECKPOINT_SLOT_SIZE_BYTES: number = 256
const MAGIC = 0x4a444350
const VERSION = 1
const BOOT_ID_AT = 16
const BOOT_ID_SIZE_BYTES = 40
const NUMBERS_AT = BOOT_ID_AT + BOOT_ID_SIZE_BYTES
const CRC_AT = CHECKPOINT_SLOT_SIZE_BYTES - 4
const FLAG_CLOSED = 1
const FLAG_NO_PRODUCERS = 2

export interface PartitionCheckpoint {
  readonly generation: number
  /** Written when the partition was closed in order, everything synced. */
  readonly isClosed: boolean
  /** There was nothing to remember of producers: no snapshot was needed. */
  readonly hasNoProducers: boolean
  readonly bootId: string
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly segmentBaseOffset: number
  readonly offset: number
  readonly position: number
  readonly syncedSegmentBaseOffset: number
  readonly syncedOffset: number
  readonly syncedPosition: number
  readonly offsetIndexCount: number
  readonly timeIndexCount: number
  readonly bytesSinceIndexEntry: number
  readonly maxTimestampMs: number
  readonly offsetOfMaxTimestamp: number
  readonly firstTimestampMs: number
  readonly createdAtMs: number
  readonly cleanedOffset: number
}

type NumberField = Exclude<keyof PartitionCheckpoint, 'generation' | 'isClosed' | 'hasNoProducers' | 'bootId'>

/** Order on disk, 8 bytes each. */
const NUMBER_FIELDS: readonly NumberField[] = [
  'logStartOffset',
  'highWatermark',
  'segmentBaseOffset',
  'offset',
  'position',
  'syncedSegmentBaseOffset',
  'syncedOffset',
  'syncedPosition',
  'offsetIndexCount',
  'timeIndexCount',
  'bytesSinceIndexEntry',
  'maxTimestampMs',
  'offsetOfMaxTimestamp',
  'firstTimestampMs',
  'createdAtMs',
  'cleanedOffset',
]

export function encodeCheckpointSlot(checkpoint: PartitionCheckpoint): Uint8Array {
  const bytes = new Uint8Array(CHECKPOINT_SLOT_SIZE_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC)
  view.setUint16(4, VERSION)
  view.setUint16(6, (checkpoint.isClosed ? FLAG_CLOSED : 0) | (checkpoint.hasNoProducers ? FLAG_NO_PRODUCERS : 0))
  setInt64(view, 8, checkpoint.generation)
  for (let index = 0; index < BOOT_ID_SIZE_BYTES; index += 1) {
    bytes[BOOT_ID_AT + index] = index < checkpoint.bootId.length ? checkpoint.bootId.charCodeAt(index) : 0
  }
  for (const [index, field] of NUMBER_FIELDS.entries()) setInt64(view, NUMBERS_AT + index * 8, checkpoint[field])
  view.setUint32(CRC_AT, crc32cContinue(CRC32C_START, bytes, 0, CRC_AT))
  return bytes
}

/** @returns undefined for a slot that was never written, is torn, or is of another version */
export function decodeCheckpointSlot(bytes: Uint8Array): PartitionCheckpoint | undefined {
  if (bytes.length < CHECKPOINT_SLOT_SIZE_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, CHECKPOINT_SLOT_SIZE_BYTES)
  if (view.getUint32(0) !== MAGIC || view.getUint16(4) !== VERSION) return undefined
  if (view.getUint32(CRC_AT) !== crc32cContinue(CRC32C_START, bytes, 0, CRC_AT)) return undefined
  const flags = view.getUint16(6)
  let bootId = ''
  for (let index = 0; index < BOOT_ID_SIZE_BYTES; index += 1) {
    const code = bytes[BOOT_ID_AT + index] ?? 0
    if (code !== 0) bootId += String.fromCharCode(code)
  }
  const numbers = Object.fromEntries(
    NUMBER_FIELDS.map((field, index) => [field, int64At(view, NUMBERS_AT + index * 8)]),
  ) as Record<NumberField, number>
  return {
    generation: int64At(view, 8),
    isClosed: (flags & FLAG_CLOSED) !== 0,
    hasNoProducers: (flags & FLAG_NO_PRODUCERS) !== 0,
    bootId,
    ...numbers,
  }
}

/** The newer of the two sound slots. */
export function decodeCheckpointFile(bytes: Uint8Array): PartitionCheckpoint | undefined {
  const first = decodeCheckpointSlot(bytes.subarray(0, CHECKPOINT_SLOT_SIZE_BYTES))
  const second = decodeCheckpointSlot(bytes.subarray(CHECKPOINT_SLOT_SIZE_BYTES))
  if (first === undefined || second === undefined) return first ?? second
  return first.generation > second.generation ? first : second
}

/** @returns undefined when there is none or it is damaged. Throws `DiskError`. */
export function readPartitionCheckpoint(
  environment: LogEnvironment,
  identity: LogIdentity,
): PartitionCheckpoint | undefined {
  const { disk } = environment
  const path = `${identity.directory}/${PARTITION_CHECKPOINT_FILE}`
  return disk.exists(path) ? decodeCheckpointFile(disk.readFile(path)) : undefined
}

/** Writes the state as it is now into the older slot. Index files and snapshots must have been written before. Throws `DiskError`. */
export function writePartitionCheckpoint(state: LogState, isClosed: boolean): void {
  const { disk } = state.environment
  const active = state.active
  state.checkpointGeneration += 1
  const bytes = encodeCheckpointSlot({
    generation: state.checkpointGeneration,
    isClosed,
    hasNoProducers: state.producers.size === 0,
    bootId: disk.bootId().slice(0, BOOT_ID_SIZE_BYTES),
    logStartOffset: state.logStartOffset,
    highWatermark: state.highWatermark,
    segmentBaseOffset: active.baseOffset,
    offset: state.logEndOffset,
    position: active.sizeBytes,
    syncedSegmentBaseOffset: state.syncedSegmentBaseOffset,
    syncedOffset: state.syncedOffset,
    syncedPosition: state.syncedPosition,
    offsetIndexCount: active.offsetIndex?.writtenCount ?? 0,
    timeIndexCount: active.timeIndex?.writtenCount ?? 0,
    bytesSinceIndexEntry: active.bytesSinceIndexEntry,
    maxTimestampMs: active.maxTimestampMs,
    offsetOfMaxTimestamp: active.offsetOfMaxTimestamp,
    firstTimestampMs: active.firstTimestampMs,
    createdAtMs: active.createdAtMs,
    cleanedOffset: state.cleanedOffset,
  })
  const file = disk.openWrite(`${state.identity.directory}/${PARTITION_CHECKPOINT_FILE}`)
  try {
    disk.writeSync(file, [bytes], (state.checkpointGeneration % 2) * CHECKPOINT_SLOT_SIZE_BYTES)
  } finally {
    disk.close(file)
  }
}
