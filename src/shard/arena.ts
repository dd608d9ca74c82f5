import { assert } from '../base/assert.ts'
import { RingQueue } from '../base/ring-queue.ts'
import { ARENA_CHUNK_SIZE_BYTES, type ShardMemory } from '../wasm/memory-map.ts'
import type { Arena, Region } from './contract.ts'

// hot: per batch
//
//   chunk   0        1        2        3        4        5        6
//         +--------+--------+--------+--------+--------+--------+--------+--
//         | leased | run of three, one lease count     | kept   | free   |
//         +--------+-----------------------------------+--------+--------+--
//
// A run is one or more chunks in a row, known by its first chunk (its head); leases are counted per run. A run is
//   leased  somebody may read or write it; its bytes do not move and are not reused
//   kept    nobody leases it, but partitions remember batches in it (the hot tail); it may be taken when room is needed
//   free    nobody knows it
// Leaving `leased` or `kept` for `free` raises the head's generation, so that whoever remembers an older one finds out.

/** A token is `generation * TOKEN_CHUNKS + head chunk`: more chunks than any arena has. */
const TOKEN_CHUNKS = 4096
const NONE = -1
/** Callers waiting for memory: connections that stopped reading, so as many as there can be connections. */
const ROOM_WAITERS_MAX = 1 << 20

const FREE = 0
const TAKEN = 1

/** What the arena needs from its surroundings. */
export interface ArenaLinks {
  /** A lease on another shard's memory changed by `delta`: tell that shard. */
  leaseElsewhere(region: Region, delta: number): void
  /** Somebody waits for room and there is some now: call `wakeWaiters` in a later turn. */
  roomAppeared(): void
  /** Room is short: other shards may hold runs of ours only as their hot tail. */
  roomShort(): void
}

/** The arena of one shard. Only the thread that owns it may touch it; others return leases through messages. */
export class ShardArena implements Arena {
  readonly bytes: Uint8Array
  readonly landingAt: number
  readonly landingSizeBytes: number
  readonly #startsAt: number
  readonly #endsAt: number
  readonly #chunkCount: number
  readonly #keptChunksMax: number
  readonly #links: ArenaLinks

  readonly #taken: Uint8Array
  // By head chunk.
  readonly #leases: Int32Array
  readonly #lengths: Int32Array
  readonly #isHot: Uint8Array
  readonly #generations: Float64Array
  readonly #ages: Float64Array
  readonly #keptPrevious: Int32Array
  readonly #keptNext: Int32Array

  #oldestKept: number = NONE
  #newestKept: number = NONE
  #keptChunks = 0
  #takenChunks = 0
  #age = 0

  /** The run that small regions are cut from; it holds one lease of its own while it is open. */
  #open: number = NONE
  #cursor = 0
  #limit = 0

  readonly #waiters = new RingQueue<() => void>(ROOM_WAITERS_MAX)
  #isWaking = false
  #isWakeAsked = false
  #wasRefused = false
  #isHeldBack = false

  /**
   * @param memory the whole shared memory
   * @param map where this shard's part lies
   * @param landingSizeBytes size of the landing buffer
   * @param keptBytesMax most bytes of unleased memory that are kept as hot tail; at most half the arena is
   */
  constructor(memory: Uint8Array, map: ShardMemory, landingSizeBytes: number, keptBytesMax: number, links: ArenaLinks) {
    const chunkCount = Math.floor(map.arenaSizeBytes / ARENA_CHUNK_SIZE_BYTES)
    assert(chunkCount > 0 && chunkCount <= TOKEN_CHUNKS, 'an arena has between one and TOKEN_CHUNKS chunks')
    assert(map.arenaAt + map.arenaSizeBytes <= memory.byteLength, 'an arena lies in the memory')
    this.bytes = memory
    this.landingAt = map.landingAt
    this.landingSizeBytes = landingSizeBytes
    this.#startsAt = map.arenaAt
    this.#endsAt = map.arenaAt + chunkCount * ARENA_CHUNK_SIZE_BYTES
    this.#chunkCount = chunkCount
    // Half: a request of half the arena must be possible by evicting nothing but what nobody reads.
    this.#keptChunksMax = Math.min(Math.floor(keptBytesMax / ARENA_CHUNK_SIZE_BYTES), chunkCount >> 1)
    this.#links = links
    this.#taken = new Uint8Array(chunkCount)
    this.#leases = new Int32Array(chunkCount)
    this.#lengths = new Int32Array(chunkCount)
    this.#isHot = new Uint8Array(chunkCount)
    this.#generations = new Float64Array(chunkCount)
    this.#ages = new Float64Array(chunkCount)
    this.#keptPrevious = new Int32Array(chunkCount)
    this.#keptNext = new Int32Array(chunkCount)
  }

  /** Bytes of runs that somebody leases. */
  get usedBytes(): number {
    return (this.#takenChunks - this.#keptChunks) * ARENA_CHUNK_SIZE_BYTES
  }

  /** Bytes of runs that are only remembered. */
  get keptBytes(): number {
    return this.#keptChunks * ARENA_CHUNK_SIZE_BYTES
  }

  get sizeBytesMax(): number {
    return this.#chunkCount * ARENA_CHUNK_SIZE_BYTES
  }

  /** Whether somebody was refused and waits. */
  get hasWaiters(): boolean {
    return this.#waiters.size > 0
  }

  /** Whether the byte at this address belongs to this arena. */
  owns(at: number): boolean {
    return at >= this.#startsAt && at < this.#endsAt
  }

  reserve(sizeBytes: number): Region | undefined {
    assert(sizeBytes > 0, 'a region has a size')
    if (sizeBytes <= this.#limit - this.#cursor) return this.#cut(sizeBytes)
    return this.#reserveRun(sizeBytes)
  }

  retain(region: Region): void {
    if (this.owns(region.at)) this.lease(region.chunk)
    else this.#links.leaseElsewhere(region, 1)
  }

  release(region: Region): void {
    if (this.owns(region.at)) this.unlease(region.chunk)
    else this.#links.leaseElsewhere(region, -1)
  }

  onRoom(again: () => void): void {
    // Refused once more while being woken: it keeps its place.
    if (this.#isWaking) {
      this.#waiters.putBack(again)
      return
    }
    this.#waiters.push(again)
    // Room may have appeared since the refusal, when there was nobody to tell. At worst it is refused once more.
    const mayHaveRoom = this.#keptChunks > 0 || this.#takenChunks < this.#chunkCount
    if (mayHaveRoom && !this.#isHeldBack) this.#tellRoom()
  }

  /** Whether the run that `token` names is still as it was when the token was made. */
  isAlive(token: number): boolean {
    const head = token % TOKEN_CHUNKS
    return this.#generations[head] === (token - head) / TOKEN_CHUNKS && this.#lengths[head] !== 0
  }

  /** One more lease on a live run, kept ones included. */
  lease(token: number): void {
    assert(this.isAlive(token), 'a lease is taken on memory that was not given to others')
    const head = token % TOKEN_CHUNKS
    const leases = this.#leases[head] as number
    if (leases === 0) this.#unkeep(head)
    this.#leases[head] = leases + 1
  }

  /** One lease less. The last one makes the run free, or kept if partitions remember batches in it. */
  unlease(token: number): void {
    assert(this.isAlive(token), 'a lease is given back once, and never outlives its memory')
    const head = token % TOKEN_CHUNKS
    const leases = (this.#leases[head] as number) - 1
    assert(leases >= 0, 'more leases were given back than taken')
    this.#leases[head] = leases
    if (leases > 0) return
    if (this.#isHot[head] === 1 && this.#keptChunksMax > 0) this.#keep(head)
    else this.#free(head)
    if (this.#waiters.size > 0) this.#tellRoom()
  }

  /** A partition remembers a batch in this run: keep it, when nobody leases it, as long as the budget allows. */
  remember(token: number): void {
    assert(this.isAlive(token), 'only leased memory can be remembered')
    this.#isHot[token % TOKEN_CHUNKS] = 1
  }

  /** While it lasts every reservation is refused: the way in which a target shard that is behind stops connections. */
  holdBack(isHeldBack: boolean): void {
    if (this.#isHeldBack === isHeldBack) return
    this.#isHeldBack = isHeldBack
    if (!isHeldBack && this.#waiters.size > 0) this.#tellRoom()
  }

  /** Lets those who wait for room try again, oldest first, until one is refused. */
  wakeWaiters(): void {
    this.#isWakeAsked = false
    this.#wasRefused = false
    this.#isWaking = true
    // Those who queue up anew while this runs are not asked twice.
    for (let left = this.#waiters.size; left > 0 && !this.#wasRefused; left -= 1) this.#waiters.shift()?.()
    this.#isWaking = false
  }

  #cut(sizeBytes: number): Region {
    const head = this.#open
    const at = this.#cursor
    this.#cursor = at + sizeBytes
    this.#leases[head] = (this.#leases[head] as number) + 1
    return { at, sizeBytes, chunk: this.#token(head) }
  }

  #reserveRun(sizeBytes: number): Region | undefined {
    const length = Math.ceil(sizeBytes / ARENA_CHUNK_SIZE_BYTES)
    // First come, first served: a small request must not take for ever what a large one waits for.
    if (this.#isHeldBack || (this.#waiters.size > 0 && !this.#isWaking)) return this.#refuse()
    if (this.#rewindOpen(sizeBytes)) return this.#cut(sizeBytes)
    let head = this.#findEvicting(length)
    if (head === NONE && this.#open !== NONE) {
      this.#closeOpen()
      head = this.#findEvicting(length)
    }
    if (head === NONE) return this.#refuse()
    this.#take(head, length)
    const at = this.#startsAt + head * ARENA_CHUNK_SIZE_BYTES
    this.#leases[head] = 1
    const rest = length * ARENA_CHUNK_SIZE_BYTES - sizeBytes
    if (rest > this.#limit - this.#cursor) {
      if (this.#open !== NONE) this.#closeOpen()
      this.#open = head
      this.#leases[head] = 2
      this.#cursor = at + sizeBytes
      this.#limit = this.#cursor + rest
    }
    return { at, sizeBytes, chunk: this.#token(head) }
  }

  #refuse(): undefined {
    this.#wasRefused = true
    this.#links.roomShort()
    return undefined
  }

  /** Starts the open run again when nobody but itself knows it: memory that is warm in the cache is the best memory. */
  #rewindOpen(sizeBytes: number): boolean {
    const head = this.#open
    if (head === NONE || this.#leases[head] !== 1 || this.#isHot[head] === 1) return false
    const length = this.#lengths[head] as number
    if (sizeBytes > length * ARENA_CHUNK_SIZE_BYTES) return false
    this.#generations[head] = (this.#generations[head] as number) + 1
    this.#cursor = this.#startsAt + head * ARENA_CHUNK_SIZE_BYTES
    this.#limit = this.#cursor + length * ARENA_CHUNK_SIZE_BYTES
    return true
  }

  #closeOpen(): void {
    const head = this.#open
    this.#open = NONE
    this.#cursor = 0
    this.#limit = 0
    this.unlease(this.#token(head))
  }

  #findEvicting(length: number): number {
    let head = this.#find(length)
    while (head === NONE && this.#oldestKept !== NONE) {
      this.#evictOldest()
      head = this.#find(length)
    }
    return head
  }

  /** Lowest address first: pages that were never touched stay untouched. */
  #find(length: number): number {
    if (this.#chunkCount - this.#takenChunks < length) return NONE
    let start = this.#taken.indexOf(FREE)
    while (start !== -1 && start + length <= this.#chunkCount) {
      const obstacle = this.#taken.subarray(start, start + length).indexOf(TAKEN)
      if (obstacle === -1) return start
      start = this.#taken.indexOf(FREE, start + obstacle + 1)
    }
    return NONE
  }

  #take(head: number, length: number): void {
    assert(this.#leases[head] === 0 && this.#lengths[head] === 0, 'only free memory is taken')
    this.#taken.fill(TAKEN, head, head + length)
    this.#takenChunks += length
    this.#lengths[head] = length
    this.#isHot[head] = 0
    this.#age += 1
    this.#ages[head] = this.#age
  }

  #free(head: number): void {
    assert(this.#leases[head] === 0, 'leased memory is not freed')
    const length = this.#lengths[head] as number
    assert(length > 0, 'memory is freed once')
    this.#taken.fill(FREE, head, head + length)
    this.#takenChunks -= length
    this.#lengths[head] = 0
    this.#generations[head] = (this.#generations[head] as number) + 1
  }

  /** Into the list of kept runs, oldest first. A run is mostly the youngest, so the walk from the young end is short. */
  #keep(head: number): void {
    const age = this.#ages[head] as number
    let previous = this.#newestKept
    while (previous !== NONE && (this.#ages[previous] as number) > age)
      previous = this.#keptPrevious[previous] as number
    const next = previous === NONE ? this.#oldestKept : (this.#keptNext[previous] as number)
    this.#keptPrevious[head] = previous
    this.#keptNext[head] = next
    if (previous === NONE) this.#oldestKept = head
    else this.#keptNext[previous] = head
    if (next === NONE) this.#newestKept = head
    else this.#keptPrevious[next] = head
    this.#keptChunks += this.#lengths[head] as number
    while (this.#keptChunks > this.#keptChunksMax) this.#evictOldest()
  }

  #unkeep(head: number): void {
    const previous = this.#keptPrevious[head] as number
    const next = this.#keptNext[head] as number
    if (previous === NONE) this.#oldestKept = next
    else this.#keptNext[previous] = next
    if (next === NONE) this.#newestKept = previous
    else this.#keptPrevious[next] = previous
    this.#keptChunks -= this.#lengths[head] as number
  }

  #evictOldest(): void {
    const head = this.#oldestKept
    this.#unkeep(head)
    this.#free(head)
  }

  #token(head: number): number {
    return (this.#generations[head] as number) * TOKEN_CHUNKS + head
  }

  #tellRoom(): void {
    if (this.#isWakeAsked) return
    this.#isWakeAsked = true
    this.#links.roomAppeared()
  }
}
