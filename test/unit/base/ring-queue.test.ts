import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RingQueue } from '../../../src/base/ring-queue.ts'

test('does what an array does, at any size', () => {
  const step = fc.constantFrom('push', 'push', 'push', 'shift', 'shift', 'putBack')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const queue = new RingQueue<number>(50)
      const plain: number[] = []
      for (const [index, kind] of steps.entries()) {
        if (kind === 'shift') {
          expect(queue.shift()).toBe(plain.shift())
        } else if (plain.length < 50) {
          if (kind === 'push') {
            queue.push(index)
            plain.push(index)
          } else {
            queue.putBack(index)
            plain.unshift(index)
          }
        }
        expect(queue.size).toBe(plain.length)
        expect(queue.peek()).toBe(plain[0])
        expect(queue.isFull).toBe(plain.length === 50)
      }
    }),
  )
})

test('passing the bound is our bug', () => {
  const queue = new RingQueue<number>(1)
  queue.push(1)
  expect(() => queue.push(2)).toThrow('full queue')
  expect(() => queue.putBack(2)).toThrow('full queue')
})
