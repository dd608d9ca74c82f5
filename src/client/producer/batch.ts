import { NO_SEQUENCE } from '../../model/batch-layout.ts'
import type { RecordDraft } from '../../wasm/contract.ts'

/** Where a record went. */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  /** -1 when the broker did not say: acks 0, or a duplicate whose first answer was lost. */
  readonly offset: number
  readonly timestampMs: number
}

interface Waiter {
  readonly resolve: (metadata: RecordMetadata) => void
  readonly reject: (error: Error) => void
}

/** Records on their way to one partition together. */
export class Batch {
  readonly records: RecordDraft[] = []
  readonly createdAtMs: number
  sizeBytes = 0
  /** Given when it is first sent, and kept until the broker is known not to have it. */
  baseSequence: number = NO_SEQUENCE
  /** Its place among the batches that got a sequence; -1 before. */
  ordinal = -1
  attempts = 0
  /** A retry waits until then. */
  notBeforeMs = 0
  /** What goes on the wire; made again only when the sequence changes. */
  encoded: Uint8Array | undefined
  readonly done: Promise<void>
  readonly #waiters: Waiter[] = []
  #settle: () => void = () => {}

  constructor(createdAtMs: number) {
    this.createdAtMs = createdAtMs
    this.done = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  append(record: RecordDraft, sizeBytes: number): Promise<RecordMetadata> {
    this.records.push(record)
    this.sizeBytes += sizeBytes
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
    })
  }

  /** @param baseOffset -1 when unknown; @param appendTimeMs -1 unless the log's own time counts */
  succeed(topic: string, partition: number, baseOffset: number, appendTimeMs: number): void {
    for (let index = 0; index < this.#waiters.length; index += 1) {
      const offset = baseOffset < 0 ? -1 : baseOffset + index
      const timestampMs = appendTimeMs >= 0 ? appendTimeMs : (this.records[index]?.timestampMs ?? -1)
      this.#waiters[index]?.resolve({ topic, partition, offset, timestampMs })
    }
    this.#settle()
  }

  fail(error: Error): void {
    for (const waiter of this.#waiters) waiter.reject(error)
    this.#settle()
  }
}
