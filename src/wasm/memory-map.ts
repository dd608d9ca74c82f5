import { assert } from '../base/assert.ts'

// The one shared memory, lowest address first. Untouched pages cost nothing.
//
//   0          CORE_END                                                       memory end
//   +----------+---------+---------+-- ... --+---------+---------+-- ... --+
//   | core:    | shard 0: scratch | landing, log window | arena | shard 1: …        |
//   | tables   |                                                           |
//   +----------+---------+---------+-- ... --+---------+---------+-- ... --+

const KIB = 1024
const MIB = 1024 * KIB

/** Static data and tables of the core: written once, by whoever makes the memory. */
export const CORE_SIZE_BYTES: number = 1 * MIB
/** Working space of one shard's core: result structs, decompression windows of small batches. */
export const SCRATCH_SIZE_BYTES: number = 1 * MIB
/** Where a shard's sockets read into when no region is reserved for them. */
export const LANDING_SIZE_BYTES: number = 256 * KIB
/** Where a shard's logs look at batches on disk: what lies between the landing buffer and the next whole mebibyte. */
export const LOG_WINDOW_SIZE_BYTES: number = 1 * MIB - LANDING_SIZE_BYTES
/** Arenas are handed out in chunks; a larger region takes several in a row. */
export const ARENA_CHUNK_SIZE_BYTES: number = 1 * MIB

export const WASM_PAGE_SIZE_BYTES: number = 64 * KIB

export interface ShardMemory {
  readonly scratchAt: number
  readonly landingAt: number
  readonly logWindowAt: number
  readonly arenaAt: number
  readonly arenaSizeBytes: number
}

/** Where shard `index` of `shardCount` finds its parts in a memory of `memorySizeBytes`. */
export function shardMemory(memorySizeBytes: number, shardCount: number, index: number): ShardMemory {
  assert(index >= 0 && index < shardCount, 'a shard index lies below the shard count')
  const perShard = Math.floor((memorySizeBytes - CORE_SIZE_BYTES) / shardCount / MIB) * MIB
  const startsAt = CORE_SIZE_BYTES + perShard * index
  const arenaAt = startsAt + SCRATCH_SIZE_BYTES + MIB
  const arenaSizeBytes = startsAt + perShard - arenaAt
  assert(arenaSizeBytes >= 4 * ARENA_CHUNK_SIZE_BYTES, 'a shard needs an arena of at least four chunks')
  const landingAt = startsAt + SCRATCH_SIZE_BYTES
  return { scratchAt: startsAt, landingAt, logWindowAt: landingAt + LANDING_SIZE_BYTES, arenaAt, arenaSizeBytes }
}
