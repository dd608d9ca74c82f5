import { ErrorCode } from '../../src/model/error-code.ts'
import type { ClientWorld, Reply, Message } from './client-world.ts'

/** One partition that checks sequences as a broker must, and remembers every record it took. */
export class FakeLog {
  readonly values: string[] = []
  #epoch = -1
  #next = 0
  /** First sequence and base offset of the last five batches. */
  #known: { readonly sequence: number; readonly offset: number }[] = []

  /** @returns error code and base offset */
  append(world: ClientWorld, bytes: Uint8Array): { readonly errorCode: number; readonly baseOffset: number } {
    const texts: string[] = []
    let batch = { baseSequence: -1, producerEpoch: -1 }
    world.environment.recordCodec().decodeBatches(bytes, (record, summary) => {
      texts.push(new TextDecoder().decode(record.value ?? new Uint8Array(0)))
      batch = summary
    })
    if (batch.producerEpoch < this.#epoch) return { errorCode: ErrorCode.invalidProducerEpoch, baseOffset: -1 }
    if (batch.producerEpoch > this.#epoch) {
      if (batch.baseSequence !== 0) return { errorCode: ErrorCode.outOfOrderSequenceNumber, baseOffset: -1 }
      this.#epoch = batch.producerEpoch
      this.#next = 0
      this.#known = []
    }
    const before = this.#known.find(({ sequence }) => sequence === batch.baseSequence)
    if (before !== undefined) return { errorCode: 0, baseOffset: before.offset }
    if (batch.baseSequence !== this.#next) return { errorCode: ErrorCode.outOfOrderSequenceNumber, baseOffset: -1 }
    const offset = this.values.length
    this.values.push(...texts)
    this.#next += texts.length
    this.#known = [...this.#known, { sequence: batch.baseSequence, offset }].slice(-5)
    return { errorCode: 0, baseOffset: offset }
  }

  /** Answers a Produce request for one partition of one topic. */
  produce(world: ClientWorld, request: Message): Reply {
    const [topic] = request.topicData
    const [partition] = topic.partitionData
    const { bytes, startsAt, sizeBytes } = partition.records
    const result = this.append(world, bytes.subarray(startsAt, startsAt + sizeBytes))
    return produced(topic.name, partition.index, result.errorCode, result.baseOffset)
  }
}

export function produced(name: string, index: number, errorCode: number, baseOffset = -1): Reply {
  return { responses: [{ name, partitionResponses: [{ index, errorCode, baseOffset }] }] }
}
