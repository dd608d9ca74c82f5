/**
 * `<offset>.snapshot`: what is remembered of producers after all batches below the offset in its name. Kafka's version 1:
 *
 *   version int16 = 1 | crc32c uint32 of the rest | count int32 | count × 46 bytes:
 *   producer id int64, epoch int16, last sequence int32, last offset int64, offset delta int32, timestamp int64,
 *   coordinator epoch int32, first offset of the open transaction int64
 *
 * Behind that, ours, covered by the checksum and read over by Kafka: the batches before each producer's last one, so that a
 * client that sends again what it sent before our restart is recognised. In the order of the entries, oldest batch first:
 *
 *   count int8 × (last sequence int32, last offset int64, offset delta int32, timestamp int64)
 *
 * Left out where there are none. Without it (Kafka's own snapshots) they are rebuilt as far as batches are replayed.
 */
import { assert } from '../base/assert.ts'
import { int64At, setInt64 } from './batch-header.ts'
import { CRC32C_START, crc32cContinue } from './crc32c.ts'
import { offsetFileName, offsetOfFileName, SNAPSHOT_SUFFIX } from './file-names.ts'
import { writeSmallFile } from './small-file.ts'
import type { LogState } from './log-state.ts'
import { ProducerEntry, type ProducerStates, REMEMBERED_BATCHES_MAX } from './producer-state.ts'

const VERSION = 1
const CRC_AT = 2
const COUNT_AT = 6
const ENTRIES_AT = 10
const ENTRY_SIZE_BYTES = 46
const EARLIER_SIZE_BYTES = 24

/** File content for `states`. */
export function encodeProducerSnapshot(states: ProducerStates): Uint8Array {
  let earlierCount = 0
  for (const entry of states.entries()) earlierCount += earlierOf(entry)
  const earlierAt = ENTRIES_AT + states.size * ENTRY_SIZE_BYTES
  const earlierSizeBytes = earlierCount === 0 ? 0 : states.size + earlierCount * EARLIER_SIZE_BYTES
  const bytes = new Uint8Array(earlierAt + earlierSizeBytes)
  const view = new DataView(bytes.buffer)
  view.setInt16(0, VERSION)
  view.setInt32(COUNT_AT, states.size)
  let at = ENTRIES_AT
  for (const entry of states.entries()) {
    setInt64(view, at, entry.producerId)
    view.setInt16(at + 8, entry.epoch)
    view.setInt32(at + 10, entry.lastSequence)
    setInt64(view, at + 14, entry.lastOffset)
    view.setInt32(at + 22, entry.lastOffsetDelta)
    setInt64(view, at + 26, entry.lastTimestampMs)
    view.setInt32(at + 34, entry.coordinatorEpoch)
    setInt64(view, at + 38, entry.transactionFirstOffset)
    at += ENTRY_SIZE_BYTES
  }
  assert(at === earlierAt, 'a snapshot holds one entry per producer')
  if (earlierCount > 0) for (const entry of states.entries()) at = writeEarlier(view, at, entry)
  assert(at === bytes.length, 'and what came before its last batch')
  view.setUint32(CRC_AT, crc32cContinue(CRC32C_START, bytes, COUNT_AT, bytes.length))
  return bytes
}

/** Batches before the last one. */
function earlierOf(entry: ProducerEntry): number {
  return Math.max(0, entry.batchCount - 1)
}

function writeEarlier(view: DataView, startsAt: number, entry: ProducerEntry): number {
  const count = earlierOf(entry)
  view.setInt8(startsAt, count)
  let at = startsAt + 1
  for (let row = 0; row < count; row += 1) {
    view.setInt32(at, entry.lastSequenceAt(row))
    setInt64(view, at + 4, entry.lastOffsetAt(row))
    view.setInt32(at + 12, entry.offsetDeltaAt(row))
    setInt64(view, at + 16, entry.timestampAt(row))
    at += EARLIER_SIZE_BYTES
  }
  return at
}

/** Where the earlier batches of each entry lie; undefined when there are none, or something else. */
function findEarlier(view: DataView, startsAt: number, count: number): readonly number[] | undefined {
  const found: number[] = []
  let at = startsAt
  for (let index = 0; index < count; index += 1) {
    if (at >= view.byteLength) return undefined
    const earlierCount = view.getInt8(at)
    if (earlierCount < 0 || earlierCount >= REMEMBERED_BATCHES_MAX) return undefined
    found.push(at)
    at += 1 + earlierCount * EARLIER_SIZE_BYTES
  }
  return at === view.byteLength ? found : undefined
}

function readEarlier(view: DataView, startsAt: number, entry: ProducerEntry): void {
  const count = view.getInt8(startsAt)
  for (let row = 0, at = startsAt + 1; row < count; row += 1, at += EARLIER_SIZE_BYTES) {
    entry.addBatch(view.getInt32(at), int64At(view, at + 4), view.getInt32(at + 12), int64At(view, at + 16))
  }
}

/** Reads a snapshot's content. @returns undefined when it is damaged or of another version */
export function decodeProducerSnapshot(bytes: Uint8Array): ProducerEntry[] | undefined {
  if (bytes.length < ENTRIES_AT) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const count = view.getInt32(COUNT_AT)
  const earlierAt = ENTRIES_AT + count * ENTRY_SIZE_BYTES
  if (view.getInt16(0) !== VERSION || count < 0 || bytes.length < earlierAt) return undefined
  if (view.getUint32(CRC_AT) !== crc32cContinue(CRC32C_START, bytes, COUNT_AT, bytes.length)) return undefined
  const earlier = findEarlier(view, earlierAt, count)
  const entries: ProducerEntry[] = []
  for (let at = ENTRIES_AT; at < earlierAt; at += ENTRY_SIZE_BYTES) {
    const entry = new ProducerEntry(int64At(view, at))
    entry.epoch = view.getInt16(at + 8)
    const place = earlier?.[entries.length]
    if (place !== undefined) readEarlier(view, place, entry)
    const lastOffset = int64At(view, at + 14)
    const timestampMs = int64At(view, at + 26)
    if (lastOffset >= 0) entry.addBatch(view.getInt32(at + 10), lastOffset, view.getInt32(at + 22), timestampMs)
    entry.lastTimestampMs = timestampMs
    entry.coordinatorEpoch = view.getInt32(at + 34)
    entry.transactionFirstOffset = int64At(view, at + 38)
    entries.push(entry)
  }
  return entries
}

/** Writes the state as of `offset`, which must be the end of everything that was appended. Throws `DiskError`. */
export function writeProducerSnapshot(state: LogState, offset: number): void {
  const path = `${state.identity.directory}/${offsetFileName(offset, SNAPSHOT_SUFFIX)}`
  // The name is new and the content has a checksum: no detour over a temporary file.
  writeSmallFile(state.environment.disk, path, encodeProducerSnapshot(state.producers))
  state.snapshotOffset = offset
  state.bytesSinceSnapshot = 0
}

/**
 * Loads the newest sound snapshot at or below `offset` and removes damaged ones.
 *
 * @returns the offset up to which the producers are known now; `fallbackOffset` when there is no snapshot
 */
export function loadProducerSnapshot(state: LogState, offset: number, fallbackOffset: number): number {
  const { disk, logger } = state.environment
  state.producers.clear()
  const offsets: number[] = []
  for (const entry of disk.list(state.identity.directory)) {
    const at = offsetOfFileName(entry.name, SNAPSHOT_SUFFIX)
    if (at >= 0 && at <= offset) offsets.push(at)
  }
  offsets.sort((left, right) => right - left)
  for (const candidate of offsets) {
    const path = `${state.identity.directory}/${offsetFileName(candidate, SNAPSHOT_SUFFIX)}`
    const entries = decodeProducerSnapshot(disk.readFile(path))
    if (entries !== undefined) {
      for (const entry of entries) state.producers.restore(entry)
      state.producers.finishRestore()
      state.snapshotOffset = candidate
      return candidate
    }
    logger.warn(`Producer snapshot ${candidate} of ${state.name} is damaged: using an older one`, { path })
    disk.remove(path)
  }
  return fallbackOffset
}
