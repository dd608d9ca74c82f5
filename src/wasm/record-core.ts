// hot: per batch
import { assert } from '../base/assert.ts'
import { BATCH_HEADER_SIZE_BYTES } from '../model/batch-layout.ts'
import type { BatchSummary, BatchVerdict, RecordCore } from './contract.ts'
import {
  SUMMARY_ATTRIBUTES,
  SUMMARY_BASE_OFFSET,
  SUMMARY_BASE_SEQUENCE,
  SUMMARY_BASE_TIMESTAMP,
  SUMMARY_FIELD_COUNT,
  SUMMARY_FOUND_OFFSET,
  SUMMARY_FOUND_TIMESTAMP,
  SUMMARY_LAST_OFFSET_DELTA,
  SUMMARY_LEADER_EPOCH,
  SUMMARY_MAGIC,
  SUMMARY_MAX_TIMESTAMP,
  SUMMARY_PRODUCER_EPOCH,
  SUMMARY_PRODUCER_ID,
  SUMMARY_RECORD_COUNT,
  SUMMARY_SIZE_BYTES,
} from './core-layout.ts'
import type { CoreExports } from './exports.ts'
import { instantiateCore } from './load.ts'
import { SCRATCH_SIZE_BYTES } from './memory-map.ts'

/** A summary with every field in place, so that its shape never changes. */
export function emptySummary(): BatchSummary {
  return {
    baseOffset: 0,
    sizeBytes: 0,
    leaderEpoch: 0,
    magic: 0,
    attributes: 0,
    lastOffsetDelta: 0,
    baseTimestampMs: 0,
    maxTimestampMs: 0,
    producerId: 0,
    producerEpoch: 0,
    baseSequence: 0,
    recordCount: 0,
    foundOffset: 0,
    foundTimestampMs: 0,
  }
}

/**
 * Copies the core's answer into `into`.
 *
 * @param fields the summary at the start of an instance's scratch space
 */
export function fillSummary(into: BatchSummary, fields: Float64Array): void {
  into.baseOffset = fields[SUMMARY_BASE_OFFSET] ?? 0
  into.sizeBytes = fields[SUMMARY_SIZE_BYTES] ?? 0
  into.leaderEpoch = fields[SUMMARY_LEADER_EPOCH] ?? 0
  into.magic = fields[SUMMARY_MAGIC] ?? 0
  into.attributes = fields[SUMMARY_ATTRIBUTES] ?? 0
  into.lastOffsetDelta = fields[SUMMARY_LAST_OFFSET_DELTA] ?? 0
  into.baseTimestampMs = fields[SUMMARY_BASE_TIMESTAMP] ?? 0
  into.maxTimestampMs = fields[SUMMARY_MAX_TIMESTAMP] ?? 0
  into.producerId = fields[SUMMARY_PRODUCER_ID] ?? 0
  into.producerEpoch = fields[SUMMARY_PRODUCER_EPOCH] ?? 0
  into.baseSequence = fields[SUMMARY_BASE_SEQUENCE] ?? 0
  into.recordCount = fields[SUMMARY_RECORD_COUNT] ?? 0
}

class WasmRecordCore implements RecordCore {
  readonly bytes: Uint8Array
  readonly summary: BatchSummary = emptySummary()
  readonly #exports: CoreExports
  readonly #fields: Float64Array
  readonly #endsAt: number

  constructor(exports: CoreExports, memory: WebAssembly.Memory, scratchAt: number) {
    this.bytes = new Uint8Array(memory.buffer)
    this.#exports = exports
    this.#fields = new Float64Array(memory.buffer, scratchAt, SUMMARY_FIELD_COUNT)
    this.#endsAt = this.bytes.length
  }

  crc32c(at: number, sizeBytes: number): number {
    this.#check(at, sizeBytes)
    return this.#exports.crc32c(at, sizeBytes) >>> 0
  }

  readHeader(at: number, availableBytes: number): BatchVerdict {
    this.#check(at, availableBytes)
    const verdict = this.#exports.readHeader(at, availableBytes) as BatchVerdict
    fillSummary(this.summary, this.#fields)
    return verdict
  }

  judgeBatch(at: number, availableBytes: number, rules: number): BatchVerdict {
    this.#check(at, availableBytes)
    const verdict = this.#exports.judgeBatch(at, availableBytes, rules) as BatchVerdict
    fillSummary(this.summary, this.#fields)
    return verdict
  }

  stampOffsets(at: number, baseOffset: number, leaderEpoch: number): void {
    this.#check(at, BATCH_HEADER_SIZE_BYTES)
    assert(Number.isSafeInteger(baseOffset), 'an offset is a whole number')
    this.#exports.stampOffsets(at, baseOffset, leaderEpoch)
  }

  stampAppendTime(at: number, sizeBytes: number, timestampMs: number): void {
    this.#check(at, sizeBytes)
    assert(sizeBytes >= BATCH_HEADER_SIZE_BYTES && Number.isSafeInteger(timestampMs), 'a judged batch and a whole time')
    this.#exports.stampAppendTime(at, sizeBytes, timestampMs)
  }

  wholeBatchesSize(at: number, sizeBytes: number): number {
    this.#check(at, sizeBytes)
    return this.#exports.wholeBatchesSize(at, sizeBytes) >>> 0
  }

  findOffset(at: number, sizeBytes: number, offset: number): number {
    this.#check(at, sizeBytes)
    const position = this.#exports.findOffset(at, sizeBytes, offset)
    if (position >= 0) fillSummary(this.summary, this.#fields)
    return position
  }

  findTimestamp(at: number, sizeBytes: number, timestampMs: number): boolean {
    this.#check(at, sizeBytes)
    if (this.#exports.findTimestamp(at, sizeBytes, timestampMs) === 0) return false
    fillSummary(this.summary, this.#fields)
    this.summary.foundOffset = this.#fields[SUMMARY_FOUND_OFFSET] ?? 0
    this.summary.foundTimestampMs = this.#fields[SUMMARY_FOUND_TIMESTAMP] ?? 0
    return true
  }

  #check(at: number, sizeBytes: number): void {
    assert(at >= 0 && sizeBytes >= 0 && at + sizeBytes <= this.#endsAt, 'the bytes lie in the shared memory')
  }
}

/**
 * The record core of one thread.
 *
 * @param module compiled once, on the main thread
 * @param memory made once by `createCoreMemory`
 * @param scratchAt where this thread's scratch space of SCRATCH_SIZE_BYTES begins; no other thread may use it
 */
export function createRecordCore(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratchAt: number,
): RecordCore {
  assert(
    scratchAt % 16 === 0 && scratchAt + SCRATCH_SIZE_BYTES <= memory.buffer.byteLength,
    'scratch lies in the memory',
  )
  const exports = instantiateCore(module, memory)
  exports.useScratch(scratchAt)
  return new WasmRecordCore(exports, memory, scratchAt)
}
