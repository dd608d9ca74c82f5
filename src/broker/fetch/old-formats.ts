import { DiskError } from '../../io/ports.ts'
import { ErrorCode } from '../../model/error-code.ts'
import type { ByteSlice } from '../../protocol/wire/byte-slice.ts'
import type { Serving } from '../serving.ts'
import type { FetchPartition } from './fetch-partition.ts'

/** Fetch versions below this get message sets of formats 0 and 1; from here on, batches as they are stored. */
export const BATCHES_SINCE: number = 4
/** First version with timestamps, which is format 1. */
const FORMAT_1_SINCE = 2
/**
 * What one answer in an old format is made of at most: a conversion runs between the requests of everybody else, some
 * 20 ms for this much. The client comes back for the rest.
 */
export const CONVERTED_SIZE_BYTES_MAX: number = 2 * 1024 * 1024

/**
 * The records that were read for a partition in the format of an old consumer. What was read is given back; the slot then
 * holds nothing.
 *
 * @param version of the Fetch request, below `BATCHES_SINCE`
 * @returns undefined when there is none, the slot's code then says why: batches packed with zstd have no such form
 */
export function recordsInOldFormat(
  serving: Serving,
  partition: FetchPartition,
  version: number,
): ByteSlice | undefined {
  const { slot } = partition
  let bytes: Uint8Array
  try {
    bytes = takeBytes(serving, partition)
  } catch (error) {
    if (!(error instanceof DiskError)) throw error
    serving.services.log.error(`a read for a Fetch of an old version failed: ${error.message}`, { code: error.code })
    slot.code = ErrorCode.kafkaStorageError
    return undefined
  }
  const magic = version >= FORMAT_1_SINCE ? 1 : 0
  const converted = serving.services.codec.downConvert(bytes, magic, slot.fromOffset)
  if (converted === undefined) {
    slot.code = ErrorCode.unsupportedCompressionType
    return undefined
  }
  return { bytes: converted, startsAt: 0, sizeBytes: converted.length }
}

/** Copies what was read out of memory or the file, which is in the page cache as a rule, and gives both back. */
function takeBytes(serving: Serving, { slot, ref }: FetchPartition): Uint8Array {
  const { arena, disk, shards } = serving
  const bytes = new Uint8Array(slot.sizeBytes)
  let at = 0
  for (const region of slot.regions) {
    bytes.set(arena.bytes.subarray(region.at, region.at + region.sizeBytes), at)
    at += region.sizeBytes
    arena.release(region)
  }
  slot.regions = []
  slot.sizeBytes = 0
  if (slot.file >= 0 && ref !== undefined) {
    try {
      at += disk.readSync(slot.file, bytes, slot.filePosition)
    } finally {
      shards.releaseFile(ref, slot.fileSegment)
      slot.file = -1
    }
  }
  return bytes.subarray(0, at)
}
