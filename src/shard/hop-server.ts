import { BugError } from '../base/assert.ts'
import { NO_RECORD_ERRORS, type RecordError } from '../partition/contract.ts'
import type { RecordCore } from '../wasm/contract.ts'
import type { Appends } from './appends.ts'
import type { BorrowedRuns } from './borrowed-runs.ts'
import type { ColdCall } from './cold-calls.ts'
import {
  type AppendResult,
  type AppendSink,
  type FetchWaiter,
  newReadSlot,
  type ReadSlot,
  type ShardCounters,
} from './contract.ts'
import { type ColdRequest, type HopList, type HopReader, Op } from './hop-list.ts'
import type { Parked } from './owned-partition.ts'
import type { Ownership } from './ownership.ts'
import { readQuestion, writeAnswer } from './read-hops.ts'
import type { ReadLevel } from './read-level.ts'
import { type HotMemory, type LeaderLessons, readPartition } from './reads.ts'
import type { Waiters } from './waiters.ts'

// hot: per batch

/** What other shards ask of ours. */
export interface HopServerParts {
  readonly ownership: Ownership
  readonly appends: Appends
  readonly waiters: Waiters
  readonly core: RecordCore
  readonly counters: ShardCounters
  readonly borrowed: BorrowedRuns
  readonly lessons: LeaderLessons
  /** Memory as far as it may be lent to `shard`. */
  memoryFor(shard: number): HotMemory
  /** @returns the answer, or a promise of it */
  answer(question: ColdCall): unknown
  scheduleTurn(): void
}

/** Answers appends of one neighbour into the list for it. */
class RemoteSink implements AppendSink {
  readonly #list: HopList

  constructor(list: HopList) {
    this.#list = list
  }

  onAppended(call: number, result: AppendResult): void {
    const list = this.#list
    list.put3(Op.appended, call, result.code)
    list.put3(result.baseOffset, result.appendTimeMs, result.logStartOffset)
    list.put(list.text(result.errorMessage))
    const errors = result.recordErrors ?? NO_RECORD_ERRORS
    list.put(errors.length)
    for (let index = 0; index < errors.length; index += 1) {
      const error = errors[index] as RecordError
      list.put2(error.batchIndex, list.text(error.message))
    }
  }
}

/** A fetch of another shard that waits for partitions of ours. Reports bytes until it is withdrawn. */
class RemoteWaiter implements FetchWaiter {
  readonly #list: HopList
  readonly #park: number
  readonly #forget: () => void

  constructor(list: HopList, park: number, forget: () => void) {
    this.#list = list
    this.#park = park
    this.#forget = forget
  }

  onProgress(sizeBytes: number): void {
    this.#list.put3(Op.progress, this.#park, sizeBytes)
  }

  onFetchReady(): void {
    this.#forget()
    this.#list.put2(Op.changed, this.#park)
  }
}

/** Does for other shards what `Shard` does for its own broker. */
export class HopServer {
  readonly #parts: HopServerParts
  /** By origin. */
  readonly #sinks = new Map<number, RemoteSink>()
  readonly #memories = new Map<number, HotMemory>()
  readonly #waiters = new Map<number, Map<number, RemoteWaiter>>()
  readonly #slot: ReadSlot = newReadSlot()

  constructor(parts: HopServerParts) {
    this.#parts = parts
  }

  /** One command of shard `from`. */
  serve(op: number, from: number, list: HopList, reader: HopReader): void {
    if (op === Op.append) this.#append(from, list, reader)
    else if (op === Op.read) this.#read(from, list, reader)
    else if (op === Op.releaseFile) this.#parts.ownership.releaseFile(reader.next(), reader.next())
    else if (op === Op.park) this.#park(from, list, reader)
    else if (op === Op.unpark) this.#unpark(from, reader.next())
    else if (op === Op.reclaim) this.#parts.borrowed.giveBackAll(from)
    else throw new BugError(`shard ${from} sent the unknown command ${op}`)
  }

  answer(list: HopList, request: ColdRequest): void {
    const { call, question } = request
    const answer = this.#parts.answer(question)
    if (!(answer instanceof Promise)) {
      list.reply({ call, answer })
      return
    }
    void answer.then((late: unknown) => {
      list.reply({ call, answer: late })
      // The list leaves with a turn, and this is none.
      this.#parts.scheduleTurn()
    })
  }

  #append(from: number, list: HopList, reader: HopReader): void {
    const call = reader.next()
    const partition = this.#parts.ownership.find(reader.next())
    const region = { at: reader.next(), sizeBytes: reader.next(), chunk: reader.next() }
    const acks = reader.next()
    const deadlineMs = reader.next()
    let sink = this.#sinks.get(from)
    if (sink === undefined) {
      sink = new RemoteSink(list)
      this.#sinks.set(from, sink)
    }
    this.#parts.appends.append(partition, region, acks, deadlineMs, sink, call, 'client')
  }

  #read(from: number, list: HopList, reader: HopReader): void {
    const call = reader.next()
    const handle = reader.next()
    const slot = this.#slot
    readQuestion(reader, handle, slot)
    let memory = this.#memories.get(from)
    if (memory === undefined) {
      memory = this.#parts.memoryFor(from)
      this.#memories.set(from, memory)
    }
    readPartition(
      this.#parts.ownership.find(handle),
      slot,
      this.#parts.core,
      memory,
      this.#parts.counters,
      this.#parts.lessons,
    )
    writeAnswer(list, call, slot)
  }

  #park(from: number, list: HopList, reader: HopReader): void {
    const park = reader.next()
    const stepBytes = reader.next()
    let ofOrigin = this.#waiters.get(from)
    if (ofOrigin === undefined) {
      ofOrigin = new Map()
      this.#waiters.set(from, ofOrigin)
    }
    const waiters = ofOrigin
    const waiter = new RemoteWaiter(list, park, () => waiters.delete(park))
    waiters.set(park, waiter)
    // The deadline is kept where the fetch came from.
    const parked = this.#parts.waiters.park(waiter, stepBytes, Infinity)
    parked.progressStepBytes = stepBytes
    parked.onProgress = waiter
    for (let left = reader.next(); left > 0; left -= 1) {
      this.#watch(parked, reader.next(), reader.next(), reader.next() as ReadLevel)
    }
  }

  #watch(parked: Parked, handle: number, seenBytes: number, level: ReadLevel): void {
    const partition = this.#parts.ownership.find(handle)
    if (partition === undefined || partition.isOffline) this.#parts.waiters.wake(parked)
    else this.#parts.waiters.watch(parked, partition, level, seenBytes)
  }

  #unpark(from: number, park: number): void {
    const waiter = this.#waiters.get(from)?.get(park)
    if (waiter === undefined) return
    this.#waiters.get(from)?.delete(park)
    this.#parts.waiters.unpark(waiter)
  }
}
