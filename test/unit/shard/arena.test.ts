import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShardArena } from '../../../src/shard/arena.ts'
import type { Region } from '../../../src/shard/contract.ts'
import { shardMemory } from '../../../src/wasm/memory-map.ts'

const MIB = 1024 * 1024

/** Only addresses matter here, so the memory is as short as the arena's checks allow and never written. */
function makeArena(chunks: number, keptBytesMax = 0): { arena: ShardArena; roomCalls: { count: number } } {
  const roomCalls = { count: 0 }
  const sizeBytes = (chunks + 3) * MIB
  const memory = { byteLength: sizeBytes } as Uint8Array
  const arena = new ShardArena(memory, shardMemory(sizeBytes, 1, 0), 256 * 1024, keptBytesMax, {
    leaseElsewhere: () => expect.unreachable('all memory is ours'),
    roomAppeared: () => {
      roomCalls.count += 1
    },
    roomShort: () => undefined,
  })
  return { arena, roomCalls }
}

function reserved(arena: ShardArena, sizeBytes: number): Region {
  const region = arena.reserve(sizeBytes)
  if (region === undefined) throw new Error('the arena is full')
  return region
}

test('small regions lie side by side, large ones take chunks in a row, all as low as possible', () => {
  const { arena } = makeArena(8)
  const first = reserved(arena, 100)
  const second = reserved(arena, 50)
  expect(second.at).toBe(first.at + 100)
  const large = reserved(arena, 3 * MIB)
  expect(large.at).toBe(first.at + MIB)
  arena.release(large)
  expect(reserved(arena, 2 * MIB).at).toBe(first.at + MIB)
})

test('the rest of a large region serves small ones when it has more room than the open chunk', () => {
  const { arena } = makeArena(8)
  reserved(arena, 900_000)
  const large = reserved(arena, MIB + 100)
  expect(reserved(arena, 500_000).at).toBe(large.at + MIB + 100)
})

test('leased bytes are never handed out again, whatever happens in between', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('small' as const), sizeBytes: fc.integer({ min: 1, max: 300_000 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('large' as const),
        sizeBytes: fc.integer({ min: 600_000, max: 4 * MIB }),
      }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('retain' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remember' as const), which: fc.nat() }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.constantFrom(0, 2 * MIB, 64 * MIB), (steps, keptBytesMax) => {
      const { arena } = makeArena(10, keptBytesMax)
      // The dumb twin: every lease by itself.
      const leased: Region[] = []
      const remembered: Region[] = []
      for (const step of steps) {
        if (step.kind === 'small' || step.kind === 'large') {
          const region = arena.reserve(step.sizeBytes)
          if (region === undefined) continue
          for (const other of leased) {
            const isApart = region.at + region.sizeBytes <= other.at || other.at + other.sizeBytes <= region.at
            if (!isApart) throw new Error(`${region.at}+${region.sizeBytes} overlaps ${other.at}+${other.sizeBytes}`)
          }
          // Memory that is handed out is forgotten by whoever remembered something else in it.
          for (const other of remembered) {
            const isApart = region.at + region.sizeBytes <= other.at || other.at + other.sizeBytes <= region.at
            if (!isApart && arena.isAlive(other.chunk)) throw new Error('remembered bytes were overwritten unnoticed')
          }
          leased.push(region)
        } else if (leased.length > 0) {
          const index = step.which % leased.length
          const region = leased[index] as Region
          if (!arena.isAlive(region.chunk)) throw new Error('a leased run died')
          if (step.kind === 'release') {
            leased.splice(index, 1)
            arena.release(region)
          } else if (step.kind === 'retain') {
            arena.retain(region)
            leased.push(region)
          } else {
            arena.remember(region.chunk)
            remembered.push(region)
          }
        }
        expect(arena.keptBytes).toBeLessThanOrEqual(Math.min(keptBytesMax, 5 * MIB))
      }
      for (const region of leased) arena.release(region)
      // With nothing leased even the largest region can be had.
      expect(arena.reserve(arena.sizeBytesMax)).not.toBe(undefined)
    }),
    { numRuns: 300 },
  )
})

test('giving back twice is noticed, also after the memory went to somebody else', () => {
  const { arena } = makeArena(4)
  const region = reserved(arena, 2 * MIB)
  arena.release(region)
  expect(() => arena.release(region)).toThrow('given back once')
  reserved(arena, 2 * MIB)
  expect(() => arena.release(region)).toThrow('given back once')
  expect(() => arena.retain(region)).toThrow('given to others')
})

test('the oldest remembered run is evicted first, a leased one never', () => {
  const { arena } = makeArena(8, 4 * MIB)
  const runs = Array.from({ length: 4 }, () => reserved(arena, MIB))
  for (const run of runs) {
    arena.remember(run.chunk)
    arena.release(run)
  }
  const alive = (): boolean[] => runs.map(({ chunk }) => arena.isAlive(chunk))
  expect(alive()).toEqual([true, true, true, true])
  arena.retain(runs[1] as Region)
  reserved(arena, 6 * MIB - 100)
  expect(alive()).toEqual([false, true, false, false])
  expect(arena.reserve(2 * MIB)).toBe(undefined)
})

test('a run that was read again keeps its place in the order of age', () => {
  const { arena } = makeArena(10, 3 * MIB)
  const runs = Array.from({ length: 4 }, () => reserved(arena, MIB))
  for (const run of runs) arena.remember(run.chunk)
  for (const index of [1, 2, 0]) arena.release(runs[index] as Region)
  arena.release(runs[3] as Region)
  expect(runs.map(({ chunk }) => arena.isAlive(chunk))).toEqual([false, true, true, true])
})

test('when nothing can be freed callers wait, are woken in order, and a large one is not starved by small ones', () => {
  const { arena, roomCalls } = makeArena(4)
  const held = [reserved(arena, 2 * MIB), reserved(arena, 2 * MIB)]
  const order: string[] = []
  const wait = (name: string, sizeBytes: number): void => {
    const attempt = (): void => {
      if (arena.reserve(sizeBytes) === undefined) arena.onRoom(attempt)
      else order.push(name)
    }
    attempt()
  }
  wait('large', 3 * MIB)
  wait('small', 1000)
  wait('tiny', 10)
  expect(roomCalls.count).toBe(0)
  arena.release(held[0] as Region)
  expect(roomCalls.count).toBe(1)
  arena.wakeWaiters()
  expect(order).toEqual([])
  arena.release(held[1] as Region)
  arena.wakeWaiters()
  expect(order).toEqual(['large', 'small', 'tiny'])
})

test('a region larger than the arena is never had', () => {
  const { arena } = makeArena(4)
  expect(arena.sizeBytesMax).toBe(4 * MIB)
  expect(arena.reserve(4 * MIB)).not.toBe(undefined)
  expect(makeArena(4).arena.reserve(4 * MIB + 1)).toBe(undefined)
})

test('memory that only one request at a time uses is used again at once, without leaving the cache', () => {
  const { arena } = makeArena(8, 4 * MIB)
  const first = reserved(arena, 700_000)
  arena.release(first)
  for (let round = 0; round < 20; round += 1) {
    const next = reserved(arena, 700_000)
    expect(next.at).toBe(first.at)
    arena.release(next)
  }
  expect(arena.usedBytes).toBe(MIB)
})
