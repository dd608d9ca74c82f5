/**
 * How many connections a node has, in all and by address, counted in memory that its workers share: `max.connections` and
 * `max.connections.per.ip` are the node's, and the kernel hands connections to workers unevenly.
 */
import { assert } from '../base/assert.ts'

/** Addresses with open connections at one time; one that finds no place counts as having none, and is let in only without a limit. */
const PLACES = 65_536
/** Places that are looked through for one address. */
const PROBES = 32
const LOCK_AT = 0
const TOTAL_AT = 1
const TABLE_AT = 4
const WORDS_PER_PLACE = 3
/** The lock is held for a microsecond; its holder may have lost the processor. */
const LOCK_WAIT_MS = 1

/** Why a connection does not come in. */
export type ConnectionRefusal = 'all' | 'address'

export interface ConnectionLimits {
  readonly all: number
  /** Of the address that asks. */
  readonly address: number
}

/** Memory for the counts of one node. Untouched it costs nothing. */
export function connectionCountMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer((TABLE_AT + PLACES * WORDS_PER_PLACE) * Int32Array.BYTES_PER_ELEMENT)
}

export class ConnectionCounts {
  readonly #words: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory)
  }

  /** Connections of all workers. */
  get total(): number {
    return Atomics.load(this.#words, TOTAL_AT)
  }

  /** Counts a connection unless a limit forbids it. Each one that came in is given back with `leave`. */
  enter(address: string, limits: ConnectionLimits): ConnectionRefusal | undefined {
    const words = this.#words
    this.#lock()
    try {
      if ((words[TOTAL_AT] ?? 0) >= limits.all) return 'all'
      const place = this.#placeOf(address, true)
      const isLimited = limits.address < Infinity
      if (isLimited && (place < 0 || (words[place + 2] ?? 0) >= limits.address)) return 'address'
      words[TOTAL_AT] = (words[TOTAL_AT] ?? 0) + 1
      if (place >= 0) words[place + 2] = (words[place + 2] ?? 0) + 1
      return undefined
    } finally {
      this.#unlock()
    }
  }

  leave(address: string): void {
    const words = this.#words
    this.#lock()
    try {
      words[TOTAL_AT] = (words[TOTAL_AT] ?? 0) - 1
      assert((words[TOTAL_AT] ?? 0) >= 0, 'a connection leaves once')
      const place = this.#placeOf(address, false)
      // One that came when there was no place for it left no count.
      if (place >= 0 && (words[place + 2] ?? 0) > 0) words[place + 2] = (words[place + 2] ?? 0) - 1
    } finally {
      this.#unlock()
    }
  }

  /** Index of the address's three words: two of its hash, one count. @returns -1 when there is none, and no room for one */
  #placeOf(address: string, mayTake: boolean): number {
    const words = this.#words
    const first = hash(address, 0x811c_9dc5)
    const second = hash(address, 0x2f0b_4c47)
    let free = -1
    for (let probe = 0; probe < PROBES; probe += 1) {
      const at = TABLE_AT + (((first >>> 0) + probe) % PLACES) * WORDS_PER_PLACE
      if (words[at + 2] === 0) {
        if (free < 0) free = at
      } else if (words[at] === first && words[at + 1] === second) return at
    }
    if (!mayTake || free < 0) return -1
    words[free] = first
    words[free + 1] = second
    return free
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#words, LOCK_AT, 0, 1) !== 0)
      Atomics.wait(this.#words, LOCK_AT, 1, LOCK_WAIT_MS)
  }

  #unlock(): void {
    Atomics.store(this.#words, LOCK_AT, 0)
    Atomics.notify(this.#words, LOCK_AT, 1)
  }
}

/** FNV-1a from a start of one's own. */
function hash(text: string, start: number): number {
  let value = start | 0
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x0100_0193)
  return value
}

/**
 * `max.connections.per.ip.overrides`: `address:count`, separated by commas. Names other than localhost are not looked up.
 */
export function parseOverrides(text: string): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const item of text.split(',')) {
    const at = item.lastIndexOf(':')
    const host = item
      .slice(0, Math.max(at, 0))
      .trim()
      .replace(/^\[|\]$/g, '')
    const count = Number(item.slice(at + 1))
    if (host === '' || !Number.isInteger(count)) continue
    for (const address of host === 'localhost' ? ['127.0.0.1', '::1'] : [host]) limits.set(address, count)
  }
  return limits
}
