// hot: per batch
/** What a client is told about a batch that the record core refused. No default branch: a new verdict must be decided here. */
import { assertNever } from '../base/assert.ts'
import { ErrorCode } from '../model/error-code.ts'
import { BatchVerdict } from '../wasm/contract.ts'

export function errorCodeOf(verdict: BatchVerdict): ErrorCode {
  switch (verdict) {
    case BatchVerdict.ok:
      return ErrorCode.none
    case BatchVerdict.truncated:
    case BatchVerdict.badSize:
    case BatchVerdict.checksumMismatch:
    case BatchVerdict.unknownMagic:
      return ErrorCode.corruptMessage
    case BatchVerdict.malformedRecords:
    case BatchVerdict.keyMissing:
    case BatchVerdict.legacy:
      return ErrorCode.invalidRecord
    case BatchVerdict.unknownCodec:
      return ErrorCode.unsupportedCompressionType
    default:
      return assertNever(verdict, 'errorCodeOf')
  }
}

export function messageOf(verdict: BatchVerdict): string {
  switch (verdict) {
    case BatchVerdict.ok:
      return ''
    case BatchVerdict.truncated:
    case BatchVerdict.badSize:
      return 'The size of the record batch does not agree with the bytes that were sent.'
    case BatchVerdict.checksumMismatch:
      return 'The checksum of the record batch does not match its content.'
    case BatchVerdict.unknownMagic:
      return 'The format number of the record batch is unknown.'
    case BatchVerdict.malformedRecords:
      return 'The records of the batch do not agree with its header (count, offsets or lengths).'
    case BatchVerdict.keyMissing:
      return 'Compacted topic cannot accept message without key.'
    case BatchVerdict.legacy:
      return 'Produce requests may only contain record batches of format 2.'
    case BatchVerdict.unknownCodec:
      return 'The compression codec of the record batch is unknown.'
    default:
      return assertNever(verdict, 'messageOf')
  }
}
