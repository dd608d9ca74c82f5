/**
 * Which records of a refused batch were at fault. Only ever asked about a batch whose header, or whose walk in the core,
 * has shown that something is wrong: the records are opened for the answer alone.
 */
import type { LogEnvironment } from '../log/environment.ts'
import { ErrorCode } from '../model/error-code.ts'
import { BatchVerdict } from '../wasm/contract.ts'
import { NO_RECORD_ERRORS, type PartitionConfig, type RecordError } from './contract.ts'

/** An answer names at most this many records, about 150 bytes each; a batch may hold a hundred thousand. */
export const RECORD_ERRORS_MAX: number = 1000
const TIMESTAMP_TYPE_CREATE = 0
/** Records that the sentence for the whole batch shows. */
const SHOWN_MAX = 3

export interface RecordRefusal {
  readonly code: ErrorCode
  readonly message: string
  readonly errors: readonly RecordError[]
}

/** The rules for single records: a key on a compacted topic, then a timestamp near enough. */
export interface RecordRules {
  readonly partitionName: string
  readonly config: PartitionConfig
  readonly wallMs: number
}

/**
 * Looks at every record of the batch at `at`.
 *
 * @returns undefined when no single record is at fault
 */
export function findRecordErrors(
  environment: LogEnvironment,
  at: number,
  sizeBytes: number,
  rules: RecordRules,
): RecordRefusal | undefined {
  const errors: RecordError[] = []
  let count = 0
  let hasBadTimestamp = false
  let batchIndex = 0
  const bytes = environment.core.bytes.slice(at, at + sizeBytes)
  const verdict = environment.codec.decodeBatches(bytes, ({ key, timestampMs }) => {
    const isKeyMissing = key === null && rules.config.isCompacted
    const isBadTimestamp = !isKeyMissing && !isTimely(timestampMs, rules)
    if (isKeyMissing || isBadTimestamp) {
      count += 1
      hasBadTimestamp = hasBadTimestamp || isBadTimestamp
      const message = isKeyMissing ? keyMessage(rules) : timestampMessage(timestampMs, batchIndex, rules)
      if (errors.length < RECORD_ERRORS_MAX) errors.push({ batchIndex, message })
    }
    batchIndex += 1
  })
  if (verdict !== BatchVerdict.ok || count === 0) return undefined
  return hasBadTimestamp
    ? { code: ErrorCode.invalidTimestamp, message: BAD_TIMESTAMPS, errors }
    : { code: ErrorCode.invalidRecord, message: summary(count, errors), errors }
}

/** A refusal of the batch as a whole. */
export function refusalOfBatch(code: ErrorCode, message: string): RecordRefusal {
  return { code, message, errors: NO_RECORD_ERRORS }
}

// The sentences are those that Kafka's clients print in their exceptions, and people search for.
const BAD_TIMESTAMPS = 'One or more records have been rejected due to invalid timestamp'

function keyMessage({ partitionName }: RecordRules): string {
  return `Compacted topic cannot accept message without key in topic partition ${partitionName}.`
}

function timestampMessage(timestampMs: number, offset: number, { config, wallMs }: RecordRules): string {
  const oldestMs = Number.isFinite(config.timestampBeforeMaxMs) ? wallMs - config.timestampBeforeMaxMs : 0
  const newestMs = Number.isFinite(config.timestampAfterMaxMs) ? wallMs + config.timestampAfterMaxMs : 'unlimited'
  return (
    `Timestamp ${timestampMs} of message with offset ${offset} is out of range. ` +
    `The timestamp should be within [${oldestMs}, ${newestMs}]`
  )
}

function summary(count: number, errors: readonly RecordError[]): string {
  const shown = errors
    .slice(0, SHOWN_MAX)
    .map(({ batchIndex, message }) => `RecordError(batchIndex=${batchIndex}, message='${message}')`)
  return (
    `One or more records have been rejected due to ${count} record errors in total, ` +
    `and only showing the first three errors at most: [${shown.join(', ')}]`
  )
}

function isTimely(timestampMs: number, { config, wallMs }: RecordRules): boolean {
  if (config.timestampType !== TIMESTAMP_TYPE_CREATE || timestampMs < 0) return true
  return timestampMs - wallMs <= config.timestampAfterMaxMs && wallMs - timestampMs <= config.timestampBeforeMaxMs
}
