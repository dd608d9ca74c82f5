import { assert } from '../base/assert.ts'
import type { ColdCall } from './cold-calls.ts'

// hot: per batch
//
// What one shard has to say to another at the end of a turn, as one flat list of numbers:
//
//   | op | its numbers … | op | its numbers … |      texts (error messages) and cold calls lie beside it
//
// Numbers and no objects: a list of two hundred commands is cloned as one block of memory.

/** Ops and their numbers. Requests first, answers after them. */
export const Op = {
  /** call, handle, at, size, chunk, acks, deadline */
  append: 1,
  /** call, code, base offset, append time, log start, text or -1 */
  appended: 2,
  /**
   * call, handle, offset, size max, flags, current leader epoch, last fetched epoch; with READ_EXTRAS also: replica id, its
   * log start, near count, 1 per near replica
   */
  read: 3,
  /** call, the answered fields, region count, 3 per region, aborted count or -1, 2 per aborted */
  readDone: 4,
  /** chunk token, change */
  lease: 5,
  /** handle, segment */
  releaseFile: 6,
  /** park, step in bytes, watch count, 3 per watch: handle, seen bytes, read level */
  park: 7,
  /** park, bytes that arrived */
  progress: 8,
  /** park */
  unpark: 9,
  /** park: a partition failed, moved or was refused */
  changed: 10,
  /** give back leases that are held as hot tail only */
  reclaim: 11,
} as const

export const READ_COMMITTED_ONLY = 1
export const READ_MAY_EXCEED = 2
export const READ_LEADER_ONLY = 4
/** It comes from a follower, or from a client that would rather read near by. */
export const READ_EXTRAS = 8

const CAPACITY_FIRST = 256

export interface ColdRequest {
  readonly call: number
  readonly question: ColdCall
}

export interface ColdReply {
  readonly call: number
  readonly answer: unknown
}

/** As it crosses. */
export interface HopMessage {
  readonly numbers: Float64Array
  readonly texts: readonly string[]
  readonly requests: readonly ColdRequest[]
  readonly replies: readonly ColdReply[]
}

/** Collects for one target shard during a turn. */
export class HopList {
  #numbers = new Float64Array(CAPACITY_FIRST)
  #size = 0
  #texts: string[] = []
  #requests: ColdRequest[] = []
  #replies: ColdReply[] = []
  /** Where the newest lease change is, to add further ones of the same chunk to it; -1 for none. */
  #leaseAt = -1

  get isEmpty(): boolean {
    return this.#size === 0 && this.#requests.length === 0 && this.#replies.length === 0
  }

  put(number: number): void {
    if (this.#size === this.#numbers.length) this.#grow()
    this.#numbers[this.#size] = number
    this.#size += 1
  }

  put2(op: number, first: number): void {
    this.put(op)
    this.put(first)
  }

  put3(op: number, first: number, second: number): void {
    this.put2(op, first)
    this.put(second)
  }

  /** @returns the text's number, -1 for the empty one */
  text(text: string): number {
    if (text === '') return -1
    return this.#texts.push(text) - 1
  }

  /**
   * A lease more or less. Joining an earlier change of the same chunk moves this one forward in time: harmless for an
   * increase, and a decrease means that whoever made it is done.
   */
  lease(token: number, change: number): void {
    const at = this.#leaseAt
    if (at >= 0 && this.#numbers[at] === token) {
      this.#numbers[at + 1] = (this.#numbers[at + 1] as number) + change
      return
    }
    this.#leaseAt = this.#size + 1
    this.put3(Op.lease, token, change)
  }

  request(request: ColdRequest): void {
    this.#requests.push(request)
  }

  reply(reply: ColdReply): void {
    this.#replies.push(reply)
  }

  /** Everything collected; the list starts anew. */
  take(): HopMessage {
    const message = {
      numbers: this.#numbers.slice(0, this.#size),
      texts: this.#texts,
      requests: this.#requests,
      replies: this.#replies,
    }
    this.#size = 0
    this.#leaseAt = -1
    if (this.#texts.length > 0) this.#texts = []
    if (this.#requests.length > 0) this.#requests = []
    if (this.#replies.length > 0) this.#replies = []
    return message
  }

  #grow(): void {
    const grown = new Float64Array(this.#numbers.length * 2)
    grown.set(this.#numbers)
    this.#numbers = grown
  }
}

/** Reads a list in the order in which it was written. */
export class HopReader {
  readonly #numbers: Float64Array
  #at = 0

  constructor(numbers: Float64Array) {
    this.#numbers = numbers
  }

  get hasMore(): boolean {
    return this.#at < this.#numbers.length
  }

  next(): number {
    const number = this.#numbers[this.#at]
    assert(number !== undefined, 'a list of commands ends with a whole command')
    this.#at += 1
    return number
  }
}
