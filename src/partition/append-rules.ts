// hot: per batch
/**
 * Judges a batch, gives it offsets and stages it. The order of the checks is Kafka's: size, checksum and shape, rules of
 * the topic, then the producer.
 */
import type { LogEnvironment } from '../log/environment.ts'
import { MARKER_ABORT, readMarker, replayBatch } from '../log/log-replay.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { sequenceAfter } from '../log/producer-state.ts'
import { ATTRIBUTE_CONTROL, ATTRIBUTE_LOG_APPEND_TIME, ATTRIBUTE_TRANSACTIONAL } from '../model/batch-layout.ts'
import { ErrorCode } from '../model/error-code.ts'
import { BatchVerdict, RULE_KEYS_REQUIRED, RULE_NONE, RULE_WALK_RECORDS } from '../wasm/contract.ts'
import type { AppendOrigin, PartitionConfig, StageOutcome } from './contract.ts'
import { convertBatch, mustConvert, mustLookInside, openBatch } from './batch-conversion.ts'
import { findRecordErrors, type RecordRefusal, refusalOfBatch } from './record-errors.ts'
import { errorCodeOf, messageOf } from './verdict-code.ts'

const TIMESTAMP_TYPE_APPEND = 1
const MISSING_KEY = refusalOfBatch(ErrorCode.invalidRecord, messageOf(BatchVerdict.keyMissing))
const BAD_TIMESTAMP = refusalOfBatch(
  ErrorCode.invalidTimestamp,
  'A timestamp of the batch is out of the range that the topic allows.',
)

export class AppendRules {
  readonly #environment: LogEnvironment
  readonly #log: PartitionLog
  constructor(environment: LogEnvironment, log: PartitionLog) {
    this.#environment = environment
    this.#log = log
  }

  stage(
    at: number,
    sizeBytes: number,
    origin: AppendOrigin,
    wallMs: number,
    config: PartitionConfig,
    leaderEpoch: number,
    outcome: StageOutcome,
  ): ErrorCode {
    if (origin === 'replica') return this.#stageReplicated(at, sizeBytes, wallMs, outcome)
    return this.#stageOne(at, sizeBytes, origin === 'client', wallMs, config, leaderEpoch, outcome)
  }

  #stageOne(
    at: number,
    sizeBytes: number,
    isClient: boolean,
    wallMs: number,
    config: PartitionConfig,
    leaderEpoch: number,
    outcome: StageOutcome,
  ): ErrorCode {
    const { core } = this.#environment
    const summary = core.summary
    if (sizeBytes === 0) return refuse(outcome, ErrorCode.invalidRecord, 'The request holds no record batch.')
    const rules = config.isCompacted && isClient ? RULE_KEYS_REQUIRED : RULE_WALK_RECORDS
    const verdict = core.judgeBatch(at, sizeBytes, rules)
    if (verdict === BatchVerdict.keyMissing)
      return this.#refuseRecords(at, sizeBytes, wallMs, config, outcome, MISSING_KEY)
    if (verdict !== BatchVerdict.ok) return refuse(outcome, errorCodeOf(verdict), messageOf(verdict))
    if (summary.sizeBytes !== sizeBytes) {
      return refuse(outcome, ErrorCode.invalidRecord, 'A produce request holds exactly one record batch per partition.')
    }
    if (sizeBytes > config.maxMessageBytes) {
      return refuse(outcome, ErrorCode.messageTooLarge, 'The record batch is larger than max.message.bytes allows.')
    }
    if (sizeBytes > config.segmentBytes) {
      return refuse(outcome, ErrorCode.recordListTooLarge, 'The record batch is larger than segment.bytes allows.')
    }
    const attributes = summary.attributes
    const isControl = (attributes & ATTRIBUTE_CONTROL) !== 0
    if (isClient) {
      const code = this.#whyClientRefused(at, isControl, attributes, wallMs, config, outcome)
      if (code !== ErrorCode.none) return code
      if (mustLookInside(attributes, config)) {
        return this.#admitOpened(at, sizeBytes, wallMs, config, leaderEpoch, outcome)
      }
    }
    return this.#admit(at, sizeBytes, isClient, isControl, wallMs, config, leaderEpoch, outcome)
  }

  #whyClientRefused(
    at: number,
    isControl: boolean,
    attributes: number,
    wallMs: number,
    config: PartitionConfig,
    outcome: StageOutcome,
  ): ErrorCode {
    const summary = this.#environment.core.summary
    if (isControl) {
      return refuse(outcome, ErrorCode.invalidRecord, 'Clients are not allowed to write control records.')
    }
    if (summary.recordCount < 1 || summary.lastOffsetDelta !== summary.recordCount - 1) {
      return refuse(outcome, ErrorCode.invalidRecord, 'The record count of the batch does not agree with its offsets.')
    }
    if (summary.producerId >= 0 && summary.baseSequence < 0) {
      return refuse(outcome, ErrorCode.invalidRecord, 'A batch with a producer id needs a sequence number.')
    }
    if (config.timestampType === TIMESTAMP_TYPE_APPEND) return ErrorCode.none
    if ((attributes & ATTRIBUTE_LOG_APPEND_TIME) !== 0) {
      return refuse(outcome, ErrorCode.invalidTimestamp, 'Producers must not set the timestamp type to LogAppendTime.')
    }
    const newest = summary.maxTimestampMs
    const oldest = Math.min(summary.baseTimestampMs, newest)
    if (
      newest - wallMs > config.timestampAfterMaxMs ||
      (oldest >= 0 && wallMs - oldest > config.timestampBeforeMaxMs)
    ) {
      return this.#refuseRecords(at, summary.sizeBytes, wallMs, config, outcome, BAD_TIMESTAMP)
    }
    return ErrorCode.none
  }

  /** Something is wrong with single records: the answer says with which. `otherwise` is for a header that says more than its records. */
  #refuseRecords(
    at: number,
    sizeBytes: number,
    wallMs: number,
    config: PartitionConfig,
    outcome: StageOutcome,
    otherwise: RecordRefusal,
  ): ErrorCode {
    const rules = { partitionName: this.#log.state.name, config, wallMs }
    const refusal = findRecordErrors(this.#environment, at, sizeBytes, rules) ?? otherwise
    outcome.recordErrors = refusal.errors
    return refuse(outcome, refusal.code, refusal.message)
  }

  /** Asks the producer's state, then gives offsets and stages. `core.summary` is of this batch. */
  #admit(
    at: number,
    sizeBytes: number,
    isClient: boolean,
    isControl: boolean,
    wallMs: number,
    config: PartitionConfig,
    leaderEpoch: number,
    outcome: StageOutcome,
  ): ErrorCode {
    const { core } = this.#environment
    const summary = core.summary
    const producers = this.#log.state.producers
    const producerId = summary.producerId
    const isTransactional = (summary.attributes & ATTRIBUTE_TRANSACTIONAL) !== 0
    if (producerId >= 0 && !isControl) {
      const code = this.#askProducer(isClient, isTransactional, config, outcome)
      if (code !== ErrorCode.none || outcome.isDuplicate) return code
    }
    if (isControl && producerId >= 0) return this.#admitMarker(at, sizeBytes, wallMs, leaderEpoch, outcome)

    const isAppendTime = config.timestampType === TIMESTAMP_TYPE_APPEND
    const maxTimestampMs = isAppendTime ? wallMs : summary.maxTimestampMs
    const delta = summary.lastOffsetDelta
    if (!this.#log.makeRoom(sizeBytes, this.#log.nextOffset + delta, maxTimestampMs, wallMs)) {
      return ErrorCode.kafkaStorageError
    }
    const baseOffset = this.#log.nextOffset
    const lastOffset = baseOffset + delta
    if (isAppendTime) core.stampAppendTime(at, sizeBytes, wallMs)
    core.stampOffsets(at, baseOffset, leaderEpoch)
    if (producerId >= 0) {
      const epoch = summary.producerEpoch
      const sequence = summary.baseSequence
      producers.appendData(producerId, epoch, sequence, baseOffset, lastOffset, maxTimestampMs, isTransactional)
    }
    this.#log.stage(at, sizeBytes, baseOffset, lastOffset, maxTimestampMs, leaderEpoch)
    outcome.baseOffset = baseOffset
    outcome.lastOffset = lastOffset
    outcome.appendTimeMs = isAppendTime ? wallMs : -1
    return ErrorCode.none
  }

  /** Whether the producer's state lets the batch in; fills `outcome` when it had been sent before. */
  #askProducer(isClient: boolean, isTransactional: boolean, config: PartitionConfig, outcome: StageOutcome): ErrorCode {
    const summary = this.#environment.core.summary
    const producers = this.#log.state.producers
    const entry = producers.entry(summary.producerId)
    if (isClient && entry !== undefined) {
      const lastSequence = sequenceAfter(summary.baseSequence, summary.lastOffsetDelta)
      const row = producers.findDuplicate(entry, summary.producerEpoch, summary.baseSequence, lastSequence)
      if (row >= 0) {
        outcome.isDuplicate = true
        outcome.baseOffset = entry.firstOffsetAt(row)
        outcome.lastOffset = entry.lastOffsetAt(row)
        outcome.appendTimeMs = config.timestampType === TIMESTAMP_TYPE_APPEND ? entry.timestampAt(row) : -1
        return ErrorCode.none
      }
    }
    const code = producers.whyRefused(entry, summary.producerEpoch, summary.baseSequence, isTransactional, isClient)
    return code === ErrorCode.none ? code : refuse(outcome, code, producerMessage(code))
  }

  /**
   * A batch that has to be opened: a compacted topic must see the keys inside a compressed batch, and a topic with a
   * codec of its own stores no other. Dear, and therefore only where the topic's settings demand it.
   */
  #admitOpened(
    at: number,
    sizeBytes: number,
    wallMs: number,
    config: PartitionConfig,
    leaderEpoch: number,
    outcome: StageOutcome,
  ): ErrorCode {
    const summary = this.#environment.core.summary
    const opened = openBatch(this.#environment, at, sizeBytes)
    if (opened.verdict !== BatchVerdict.ok)
      return refuse(outcome, errorCodeOf(opened.verdict), messageOf(opened.verdict))
    if (opened.records.length !== summary.recordCount) {
      return refuse(outcome, ErrorCode.invalidRecord, messageOf(BatchVerdict.malformedRecords))
    }
    if (config.isCompacted && opened.records.some((record) => record.key === null)) {
      return this.#refuseRecords(at, sizeBytes, wallMs, config, outcome, MISSING_KEY)
    }
    if (!mustConvert(summary.attributes, config)) {
      return this.#admit(at, sizeBytes, true, false, wallMs, config, leaderEpoch, outcome)
    }
    const isTransactional = (summary.attributes & ATTRIBUTE_TRANSACTIONAL) !== 0
    if (summary.producerId >= 0) {
      const code = this.#askProducer(true, isTransactional, config, outcome)
      if (code !== ErrorCode.none || outcome.isDuplicate) return code
    }
    const isAppendTime = config.timestampType === TIMESTAMP_TYPE_APPEND
    const maxTimestampMs = isAppendTime ? wallMs : summary.maxTimestampMs
    const delta = summary.lastOffsetDelta
    if (!this.#log.makeRoom(sizeBytes, this.#log.nextOffset + delta, maxTimestampMs, wallMs)) {
      return ErrorCode.kafkaStorageError
    }
    const baseOffset = this.#log.nextOffset
    const { producerId, producerEpoch, baseSequence } = summary
    const stampedMs = isAppendTime ? wallMs : -1
    const bytes = convertBatch(this.#environment, opened.records, summary, config, baseOffset, leaderEpoch, stampedMs)
    if (bytes.length > config.maxMessageBytes) {
      return refuse(
        outcome,
        ErrorCode.messageTooLarge,
        'The converted record batch is larger than max.message.bytes allows.',
      )
    }
    if (producerId >= 0) {
      const lastOffset = baseOffset + delta
      const producers = this.#log.state.producers
      producers.appendData(
        producerId,
        producerEpoch,
        baseSequence,
        baseOffset,
        lastOffset,
        maxTimestampMs,
        isTransactional,
      )
    }
    this.#log.stageOwn(bytes, baseOffset, baseOffset + delta, maxTimestampMs, leaderEpoch)
    outcome.baseOffset = baseOffset
    outcome.lastOffset = baseOffset + delta
    outcome.appendTimeMs = stampedMs
    return ErrorCode.none
  }

  /** Batches from a leader: several in a row, offsets and epochs as they are, no producer checks. */
  #stageReplicated(at: number, sizeBytes: number, wallMs: number, outcome: StageOutcome): ErrorCode {
    const { core } = this.#environment
    const summary = core.summary
    const producers = this.#log.state.producers
    for (let position = at; position < at + sizeBytes; ) {
      const verdict = core.judgeBatch(position, at + sizeBytes - position, RULE_NONE)
      // Messages of formats 0 and 1 are kept as they are. The offset of a compressed set is that of its last record.
      if (verdict !== BatchVerdict.ok && verdict !== BatchVerdict.legacy)
        return refuse(outcome, errorCodeOf(verdict), messageOf(verdict))
      const { baseOffset, lastOffsetDelta, maxTimestampMs, leaderEpoch } = summary
      const batchSizeBytes = summary.sizeBytes
      if (baseOffset < this.#log.nextOffset) {
        return refuse(outcome, ErrorCode.invalidRecord, 'A batch from the leader lies below the log end.')
      }
      const lastOffset = baseOffset + lastOffsetDelta
      if (!this.#log.makeRoom(batchSizeBytes, lastOffset, maxTimestampMs, wallMs)) return ErrorCode.kafkaStorageError
      const aborted = replayBatch(producers, this.#environment.view, position, batchSizeBytes)
      this.#log.stage(position, batchSizeBytes, baseOffset, lastOffset, maxTimestampMs, leaderEpoch)
      if (aborted !== undefined) {
        this.#log.markAborted(aborted.producerId, aborted.firstOffset, aborted.lastStableOffset)
      }
      if (outcome.baseOffset < 0) outcome.baseOffset = baseOffset
      outcome.lastOffset = lastOffset
      position += batchSizeBytes
    }
    return ErrorCode.none
  }

  /** A transaction ends: the marker is a control batch that the transaction coordinator sends. */
  #admitMarker(at: number, sizeBytes: number, wallMs: number, leaderEpoch: number, outcome: StageOutcome): ErrorCode {
    const { core } = this.#environment
    const summary = core.summary
    const producers = this.#log.state.producers
    const marker = readMarker(this.#environment.view, at, sizeBytes)
    if (marker === undefined)
      return refuse(outcome, ErrorCode.invalidRecord, 'The control record is no transaction marker.')
    const code = producers.whyMarkerRefused(summary.producerId, summary.producerEpoch, marker.coordinatorEpoch)
    if (code !== ErrorCode.none) return refuse(outcome, code, producerMessage(code))
    const { producerId, producerEpoch, maxTimestampMs } = summary
    if (!this.#log.makeRoom(sizeBytes, this.#log.nextOffset, maxTimestampMs, wallMs)) return ErrorCode.kafkaStorageError
    const offset = this.#log.nextOffset
    core.stampOffsets(at, offset, leaderEpoch)
    const firstOffset = producers.appendMarker(
      producerId,
      producerEpoch,
      marker.coordinatorEpoch,
      offset,
      marker.timestampMs,
    )
    this.#log.stage(at, sizeBytes, offset, offset, maxTimestampMs, leaderEpoch)
    if (firstOffset >= 0 && marker.type === MARKER_ABORT) {
      this.#log.markAborted(producerId, firstOffset, producers.lastStableOffsetAfter(producerId, offset))
    }
    outcome.baseOffset = offset
    outcome.lastOffset = offset
    return ErrorCode.none
  }
}

function refuse(outcome: StageOutcome, code: ErrorCode, message: string): ErrorCode {
  outcome.errorMessage = message
  return code
}

const PRODUCER_MESSAGES: ReadonlyMap<ErrorCode, string> = new Map([
  [ErrorCode.outOfOrderSequenceNumber, 'The sequence number does not follow the last one of this producer.'],
  [ErrorCode.invalidProducerEpoch, 'The producer epoch is older than the last one seen.'],
  [
    ErrorCode.invalidTxnState,
    'A transaction of this producer is open: only transactional records are accepted from it.',
  ],
  [ErrorCode.transactionCoordinatorFenced, 'The coordinator epoch is older than the last one seen.'],
])

function producerMessage(code: ErrorCode): string {
  return PRODUCER_MESSAGES.get(code) ?? 'The producer state refuses the batch.'
}
