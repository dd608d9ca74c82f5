import {
  BATCH_BASE_OFFSET_AT,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_SIZE_AT,
} from '../../../src/model/batch-layout.ts'
import { LOG_SUFFIX, parsePartitionDirectoryName, type TopicPartitionName } from '../../../src/log/file-names.ts'
import type { SimDisk } from '../world/disk.ts'
import { LOG_DIRECTORY } from './broker-machine.ts'

/** Partitions of which a broker's disk holds a directory that is not on its way out. */
export function partitionsOn(disk: SimDisk): TopicPartitionName[] {
  const found: TopicPartitionName[] = []
  for (const { name, isDirectory } of disk.list(LOG_DIRECTORY)) {
    const parsed = isDirectory ? parsePartitionDirectoryName(name) : undefined
    if (parsed !== undefined) found.push(parsed)
  }
  return found
}

/** The bytes of all whole batches below an offset, as they lie on the disk, one segment after the other. */
export function batchesBelow(disk: SimDisk, topic: string, partition: number, endOffset: number): Uint8Array {
  const directory = `${LOG_DIRECTORY}/${topic}-${partition}`
  const segments = disk
    .list(directory)
    .filter(({ name }) => name.endsWith(LOG_SUFFIX))
    .map(({ name }) => disk.readFile(`${directory}/${name}`))
    .map((bytes) => bytes.subarray(0, endOf(bytes, endOffset)))
    .sort((left, right) => firstOffset(left) - firstOffset(right))
  const whole = new Uint8Array(segments.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const segment of segments) {
    whole.set(segment, at)
    at += segment.length
  }
  return whole
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function firstOffset(bytes: Uint8Array): number {
  return bytes.length === 0 ? -1 : Number(viewOf(bytes).getBigInt64(BATCH_BASE_OFFSET_AT))
}

/** Where the first batch begins that reaches to `endOffset`, or is not whole. */
function endOf(bytes: Uint8Array, endOffset: number): number {
  const view = viewOf(bytes)
  let at = 0
  while (at + BATCH_PREFIX_SIZE_BYTES <= bytes.length) {
    const sizeBytes = BATCH_PREFIX_SIZE_BYTES + view.getInt32(at + BATCH_SIZE_AT)
    // A preallocated file ends in zeros.
    if (sizeBytes <= BATCH_PREFIX_SIZE_BYTES || at + sizeBytes > bytes.length) return at
    const base = Number(view.getBigInt64(at + BATCH_BASE_OFFSET_AT))
    if (base + view.getInt32(at + BATCH_LAST_OFFSET_DELTA_AT) >= endOffset) return at
    at += sizeBytes
  }
  return at
}
