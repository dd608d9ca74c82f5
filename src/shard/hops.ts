import { assert } from '../base/assert.ts'
import { NO_RECORD_ERRORS, type RecordError } from '../partition/contract.ts'
import type { Mailbox } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { ColdCall } from './cold-calls.ts'
import type { AppendResult, AppendSink, PartitionRef, ReadSlot, Region, ShardCounters } from './contract.ts'
import { HopList, type HopMessage, HopReader, Op } from './hop-list.ts'
import type { HopServer } from './hop-server.ts'
import { levelOf } from './read-level.ts'
import { readAnswer, writeQuestion } from './read-hops.ts'
import { clearAnswer } from './reads.ts'
import type { Parked } from './owned-partition.ts'

// hot: per batch
//
//   here                                          there (hop-server.ts)
//   append ── call n ──> list ──┐                 ┌──> stage, flush, …
//   read   ── call m ──> list ──┤ one message per ┤
//   lease, park, …   ──> list ──┘ turn and target └──> list of answers, one message at the end of its turn
//
// Bytes never cross: descriptors do, and with them the leases.

/**
 * Appends on their way to one shard. Beyond either limit our arena refuses reservations, so that connections stop
 * reading until that shard has caught up. Bytes: a fraction of a second of its work. Commands: its turn stays short.
 */
const OUTSTANDING_BYTES_MAX = 64 * 1024 * 1024
const OUTSTANDING_COMMANDS_MAX = 8192

/** What the origin's side needs from its shard. */
export interface HopHost {
  readonly index: number
  readonly counters: ShardCounters
  scheduleTurn(): void
  /** Reservations are refused while it is true. */
  holdBack(isHeldBack: boolean): void
  ownerOf(at: number): number
  /** Another shard gives back, or takes, leases on memory of ours. */
  changeLeases(token: number, change: number): void
  /** A fetch parked elsewhere too: so much has arrived there, or something changed. */
  progressed(park: number, sizeBytes: number): void
  changed(park: number): void
}

interface AppendCall {
  readonly sink: AppendSink
  readonly slot: number
  readonly sizeBytes: number
}

interface ReadGroup {
  left: number
  readonly done: () => void
}

interface ReadCall {
  readonly slot: ReadSlot
  readonly group: ReadGroup
}

/** One neighbour: its mailbox, the list being written for it, and what it owes us. */
interface Neighbour {
  readonly mailbox: Mailbox
  readonly list: HopList
  readonly appends: Map<number, AppendCall>
  readonly reads: Map<number, ReadCall>
  readonly colds: Map<number, (answer: unknown) => void>
  outstandingBytes: number
  isReclaiming: boolean
}

/** Our requests to other shards, their answers, and the door through which theirs come in. */
export class Hops {
  readonly #host: HopHost
  readonly #server: HopServer
  readonly #neighbours: (Neighbour | undefined)[]
  readonly #result: AppendResult = {
    code: ErrorCode.none,
    baseOffset: -1,
    appendTimeMs: -1,
    logStartOffset: -1,
    errorMessage: '',
    recordErrors: NO_RECORD_ERRORS,
  }
  /** Never reused: an answer that comes late must not find somebody else's call. */
  #nextCall = 1
  #isHeldBack = false
  readonly #finished: (() => void)[] = []

  constructor(host: HopHost, server: HopServer, mailboxes: readonly (Mailbox | undefined)[]) {
    this.#host = host
    this.#server = server
    this.#neighbours = mailboxes.map((mailbox, index) => {
      if (mailbox === undefined || index === host.index) return undefined
      mailbox.receive((message) => this.#receive(index, message as HopMessage))
      return {
        mailbox,
        list: new HopList(),
        appends: new Map(),
        reads: new Map(),
        colds: new Map(),
        outstandingBytes: 0,
        isReclaiming: false,
      }
    })
  }

  /** Whether there is such a shard besides ours. */
  has(shard: number): boolean {
    return this.#neighbours[shard] !== undefined
  }

  append(ref: PartitionRef, region: Region, acks: number, deadlineMs: number, sink: AppendSink, slot: number): void {
    const neighbour = this.#to(ref.shard)
    const call = this.#call()
    neighbour.appends.set(call, { sink, slot, sizeBytes: region.sizeBytes })
    neighbour.outstandingBytes += region.sizeBytes
    const { list } = neighbour
    list.put3(Op.append, call, ref.handle)
    list.put3(region.at, region.sizeBytes, region.chunk)
    list.put2(acks, deadlineMs)
    if (!this.#isHeldBack && isBehind(neighbour)) this.#holdBack(true)
  }

  /** Reads the slots whose partitions belong to others. */
  read(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number, done: () => void): void {
    const group: ReadGroup = { left: 0, done }
    for (let index = 0; index < count; index += 1) {
      const ref = refs[index] as PartitionRef
      if (ref.shard === this.#host.index) continue
      const slot = slots[index] as ReadSlot
      if (!this.has(ref.shard)) {
        clearAnswer(slot)
        slot.code = ErrorCode.notLeaderOrFollower
        continue
      }
      const neighbour = this.#to(ref.shard)
      const call = this.#call()
      group.left += 1
      neighbour.reads.set(call, { slot, group })
      writeQuestion(neighbour.list, call, ref.handle, slot)
    }
    if (group.left > 0) return
    this.#finished.push(done)
    this.#host.scheduleTurn()
  }

  /** Whether reads wait for `finish`. */
  get hasFinished(): boolean {
    return this.#finished.length > 0
  }

  /** Ends reads that had nobody to ask. Part of the turn. */
  finish(): void {
    if (this.#finished.length === 0) return
    for (const done of this.#finished.splice(0)) done()
  }

  /** Parks one fetch on every other shard that owns some of its partitions. */
  park(parked: Parked, refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number): void {
    const { remotes, remotePark: park } = parked
    // Together they see the whole; each reports its share, so that nobody has to report every byte.
    const step = Math.max(1, Math.floor(parked.missingBytes / (remotes.length + 1)))
    for (let remote = 0; remote < remotes.length; remote += 1) {
      const shard = remotes[remote] as number
      let watches = 0
      for (let index = 0; index < count; index += 1) if ((refs[index] as PartitionRef).shard === shard) watches += 1
      const { list } = this.#to(shard)
      list.put3(Op.park, park, step)
      list.put(watches)
      for (let index = 0; index < count; index += 1) {
        const ref = refs[index] as PartitionRef
        if (ref.shard !== shard) continue
        const slot = slots[index] as ReadSlot
        list.put3(ref.handle, slot.arrivedBytes, levelOf(slot))
      }
    }
  }

  unpark(shard: number, park: number): void {
    this.#to(shard).list.put2(Op.unpark, park)
  }

  releaseFile(ref: PartitionRef, segment: number): void {
    this.#to(ref.shard).list.put3(Op.releaseFile, ref.handle, segment)
  }

  leaseElsewhere(region: Region, change: number): void {
    this.#to(this.#host.ownerOf(region.at)).list.lease(region.chunk, change)
  }

  /** We are short of memory: whoever holds ours as hot tail only should let go. */
  reclaim(): void {
    for (const neighbour of this.#neighbours) {
      if (neighbour === undefined || neighbour.isReclaiming) continue
      neighbour.isReclaiming = true
      neighbour.list.put(Op.reclaim)
      this.#host.scheduleTurn()
    }
  }

  ask(shard: number, question: ColdCall): Promise<unknown> {
    const neighbour = this.#to(shard)
    const call = this.#call()
    neighbour.list.request({ call, question })
    return new Promise((resolve) => neighbour.colds.set(call, resolve))
  }

  /** Sends every list that holds something. */
  post(): void {
    for (let shard = 0; shard < this.#neighbours.length; shard += 1) {
      const neighbour = this.#neighbours[shard]
      if (neighbour === undefined || neighbour.list.isEmpty) continue
      neighbour.isReclaiming = false
      this.#host.counters.hopMessages += 1
      neighbour.mailbox.post(neighbour.list.take())
    }
  }

  close(): void {
    for (const neighbour of this.#neighbours) neighbour?.mailbox.close()
  }

  #to(shard: number): Neighbour {
    const neighbour = this.#neighbours[shard]
    assert(neighbour !== undefined, 'a hop leads to another shard of this process')
    this.#host.scheduleTurn()
    return neighbour
  }

  #call(): number {
    const call = this.#nextCall
    this.#nextCall += 1
    this.#host.counters.hops += 1
    return call
  }

  #receive(from: number, message: HopMessage): void {
    const neighbour = this.#to(from)
    const reader = new HopReader(message.numbers)
    while (reader.hasMore) {
      const op = reader.next()
      if (op === Op.appended) this.#appended(neighbour, reader, message.texts)
      else if (op === Op.readDone) this.#readDone(neighbour, reader)
      else if (op === Op.lease) this.#host.changeLeases(reader.next(), reader.next())
      else if (op === Op.progress) this.#host.progressed(reader.next(), reader.next())
      else if (op === Op.changed) this.#host.changed(reader.next())
      else this.#server.serve(op, from, neighbour.list, reader)
    }
    for (const request of message.requests) this.#server.answer(neighbour.list, request)
    for (const { call, answer } of message.replies) {
      neighbour.colds.get(call)?.(answer)
      neighbour.colds.delete(call)
    }
  }

  #appended(neighbour: Neighbour, reader: HopReader, texts: readonly string[]): void {
    const call = reader.next()
    const append = neighbour.appends.get(call)
    assert(append !== undefined, 'an append is answered once')
    neighbour.appends.delete(call)
    neighbour.outstandingBytes -= append.sizeBytes
    if (this.#isHeldBack) this.#holdBack(this.#neighbours.some((other) => other !== undefined && isBehind(other)))
    const result = this.#result
    result.code = reader.next() as ErrorCode
    result.baseOffset = reader.next()
    result.appendTimeMs = reader.next()
    result.logStartOffset = reader.next()
    result.errorMessage = texts[reader.next()] ?? ''
    result.recordErrors = readRecordErrors(reader, texts)
    append.sink.onAppended(append.slot, result)
  }

  #readDone(neighbour: Neighbour, reader: HopReader): void {
    const call = reader.next()
    const read = neighbour.reads.get(call)
    assert(read !== undefined, 'a read is answered once')
    neighbour.reads.delete(call)
    readAnswer(reader, read.slot)
    read.group.left -= 1
    if (read.group.left === 0) read.group.done()
  }

  #holdBack(isHeldBack: boolean): void {
    this.#isHeldBack = isHeldBack
    this.#host.holdBack(isHeldBack)
  }
}

function isBehind(neighbour: Neighbour): boolean {
  return neighbour.outstandingBytes > OUTSTANDING_BYTES_MAX || neighbour.appends.size > OUTSTANDING_COMMANDS_MAX
}

function readRecordErrors(reader: HopReader, texts: readonly string[]): readonly RecordError[] {
  const count = reader.next()
  if (count === 0) return NO_RECORD_ERRORS
  const errors: RecordError[] = []
  for (let index = 0; index < count; index += 1) {
    errors.push({ batchIndex: reader.next(), message: texts[reader.next()] ?? '' })
  }
  return errors
}
