import { expect, test } from 'vitest'
import { IdleMemory, type ThreadHeap } from '../../../src/io/node/idle-memory.ts'

const MIB = 1024 * 1024

class FakeHeap implements ThreadHeap {
  share = 0
  size = 12 * MIB
  live = 10 * MIB
  collections = 0

  busyShare(): number {
    return this.share
  }

  sizeBytes(): number {
    return this.size
  }

  collect(): void {
    this.collections += 1
    this.size = this.live
  }
}

test('an idle thread collects once after a burst, and not again before there is garbage worth it', () => {
  const heap = new FakeHeap()
  const memory = new IdleMemory(heap)
  for (let look = 0; look < 5; look += 1) memory.look()
  expect(heap.collections).toBe(1)
  heap.size = 12 * MIB
  memory.look()
  expect(heap.collections).toBe(1)
  heap.size = 20 * MIB
  memory.look()
  memory.look()
  expect(heap.collections).toBe(2)
  // Swings by itself: not a pause at every look.
  for (let look = 0; look < 4; look += 1) {
    heap.size = 20 * MIB
    memory.look()
  }
  expect(heap.collections).toBe(2)
  memory.look()
  expect(heap.collections).toBe(3)
})

test('a thread with work to do is never paused, whatever it holds', () => {
  const heap = new FakeHeap()
  const memory = new IdleMemory(heap)
  heap.share = 0.02
  heap.size = 500 * MIB
  for (let look = 0; look < 5; look += 1) memory.look()
  expect(heap.collections).toBe(0)
})

test('what the engine gives back by itself counts as the floor from then on', () => {
  const heap = new FakeHeap()
  const memory = new IdleMemory(heap)
  memory.look()
  heap.size = 6 * MIB
  memory.look()
  heap.size = 9 * MIB
  for (let look = 0; look < 6; look += 1) memory.look()
  expect(heap.collections).toBe(2)
})
