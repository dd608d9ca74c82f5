// hot: per request
import { ErrorCode, errorName } from '../../model/error-code.ts'
import { type ProduceResponse, writeProduceResponse } from '../../protocol/generated/00-produce.ts'
import { beginResponse, endFrame } from '../../protocol/wire/header.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { Writer } from '../../protocol/wire/writer.ts'
import type { AppendResult, AppendSink, PartitionRef } from '../../shard/contract.ts'
import type { Answering, InFlight } from '../in-flight.ts'
import { addEndpoint, leaderOf, type NodeEndpoint } from '../leader-hints.ts'
import type { ClusterView } from '../../cluster/view.ts'

type RecordErrorDrafts = NonNullable<
  Draft<ProduceResponse['responses'][number]['partitionResponses'][number]>['recordErrors']
>

const PRODUCE_KEY = 0
const NO_RECORD_ERRORS: RecordErrorDrafts = []
const NO_ENDPOINTS: NodeEndpoint[] = []
const LEADER_HINTS_SINCE = 10

/** One partition of the request and its part of the answer: the generated writer takes it as it is. */
export class ProduceRow {
  readonly index: number
  errorCode: ErrorCode = ErrorCode.none
  baseOffset: number = -1
  logAppendTimeMs: number = -1
  logStartOffset: number = -1
  recordErrors: RecordErrorDrafts = NO_RECORD_ERRORS
  errorMessage: string | null = null
  currentLeader: { readonly leaderId: number; readonly leaderEpoch: number } | undefined = undefined

  /** Whose records are to be appended; undefined when they are refused already. */
  ref: PartitionRef | undefined = undefined
  recordsAt: number = 0
  sizeBytes: number = 0
  /** The batch made of an old producer's message set. */
  converted: Uint8Array | undefined = undefined

  constructor(index: number) {
    this.index = index
  }
}

export interface ProduceTopic {
  readonly name: string
  readonly topicId: string
  readonly partitionResponses: ProduceRow[]
}

/** A Produce request between its start and its answer: the sink of its appends. `slot` is the row's place in `rows`. */
export class ProduceInFlight implements InFlight, AppendSink {
  readonly apiKey: number = PRODUCE_KEY
  readonly startedAtMs: number
  isAnswered: boolean = false
  isFailed: boolean = false
  readonly responses: ProduceTopic[] = []
  readonly rows: ProduceRow[] = []
  nodeEndpoints: NodeEndpoint[] = NO_ENDPOINTS
  /** Appends that have not answered. */
  pendingCount: number = 0
  /** Whether all its partitions belong to this shard, which answers inside a turn. */
  isAllHere: boolean = true
  readonly #answering: Answering
  readonly #version: number
  readonly #correlationId: number
  readonly #acks: number
  readonly #view: ClusterView

  constructor(
    answering: Answering,
    view: ClusterView,
    version: number,
    correlationId: number,
    acks: number,
    startedAtMs: number,
  ) {
    this.#answering = answering
    this.#view = view
    this.#version = version
    this.#correlationId = correlationId
    this.#acks = acks
    this.startedAtMs = startedAtMs
  }

  onAppended(slot: number, result: AppendResult): void {
    const row = this.rows[slot] as ProduceRow
    row.errorCode = result.code
    row.baseOffset = result.baseOffset
    row.logAppendTimeMs = result.appendTimeMs
    row.logStartOffset = result.logStartOffset
    if (result.errorMessage !== '') row.errorMessage = result.errorMessage
    const errors = result.recordErrors
    if (errors !== undefined && errors.length > 0) {
      row.recordErrors = errors.map(({ batchIndex, message }) => ({ batchIndex, batchIndexErrorMessage: message }))
    }
    this.pendingCount -= 1
    if (this.pendingCount > 0) return
    this.isAnswered = true
    this.#answering.answered(this, this.isAllHere)
  }

  emit(writer: Writer): string | undefined {
    for (const row of this.rows) if (row.errorCode !== ErrorCode.none) this.isFailed = true
    if (this.#acks === 0) return this.isFailed ? this.#whyClosed() : undefined
    if (this.isFailed && this.#version >= LEADER_HINTS_SINCE) this.#addHints()
    const startsAt = beginResponse(writer, PRODUCE_KEY, this.#version, this.#correlationId)
    writeProduceResponse(writer, this, this.#version)
    endFrame(writer, startsAt, writer.detachedSizeBytes)
    return undefined
  }

  abandon(): void {
    // The batches are staged or refused; their regions belong to the shard.
  }

  /** KIP-951: who was refused because the partition has moved is told where to. */
  #addHints(): void {
    for (const topic of this.responses) {
      for (const row of topic.partitionResponses) {
        if (row.errorCode !== ErrorCode.notLeaderOrFollower) continue
        const partition = this.#view.partition(topic.name, row.index)
        if (partition === undefined) continue
        row.currentLeader = leaderOf(partition)
        if (this.nodeEndpoints === NO_ENDPOINTS) this.nodeEndpoints = []
        addEndpoint(this.nodeEndpoints, this.#view, partition.leader, this.#answering.peer.listener)
      }
    }
  }

  /** Without acks there is no answer: closing is how a producer learns that it must look for the leader again. */
  #whyClosed(): string {
    const failed = this.responses.flatMap((topic) =>
      topic.partitionResponses
        .filter((row) => row.errorCode !== ErrorCode.none)
        .map((row) => `${topic.name}-${row.index}: ${errorName(row.errorCode)}`),
    )
    return `a Produce request with acks=0 failed (${failed.slice(0, 5).join(', ')}), and there is no answer to say so in`
  }
}
