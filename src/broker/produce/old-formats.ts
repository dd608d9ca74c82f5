import {
  ATTRIBUTE_CODEC_MASK,
  BATCH_MAGIC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  CODEC_ZSTD,
  LEGACY_ATTRIBUTES_AT,
} from '../../model/batch-layout.ts'
import { ErrorCode } from '../../model/error-code.ts'
import type { ByteSlice } from '../../protocol/wire/byte-slice.ts'
import type { MessageSetCodec } from '../../wasm/contract.ts'

/** Produce versions below this carry message sets of formats 0 and 1; from here on, batches. */
export const BATCHES_SINCE: number = 3
/** The codec's own level. */
const LEVEL = -1

/**
 * A message set of an old producer as the batch that is stored: clients from before Kafka 0.11, and nobody else, pay for
 * the conversion.
 *
 * @returns the batch, or the code to refuse the partition with
 */
export function batchOfMessageSet(codec: MessageSetCodec, records: ByteSlice): Uint8Array | ErrorCode {
  const { bytes, startsAt, sizeBytes } = records
  if (sizeBytes < BATCH_PREFIX_SIZE_BYTES + 6) return ErrorCode.corruptMessage
  const magic = bytes[startsAt + BATCH_MAGIC_AT] as number
  const attributes = bytes[startsAt + LEGACY_ATTRIBUTES_AT] as number
  if (magic < 2 && (attributes & ATTRIBUTE_CODEC_MASK) === CODEC_ZSTD) return ErrorCode.unsupportedCompressionType
  return codec.upConvert(bytes.slice(startsAt, startsAt + sizeBytes), LEVEL) ?? ErrorCode.corruptMessage
}
