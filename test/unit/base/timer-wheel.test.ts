import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimerWheel, type WheelEntry } from '../../../src/base/timer-wheel.ts'

interface Entry extends WheelEntry {
  readonly name: number
  readonly dueMs: number
}

function entry(name: number, dueMs: number): Entry {
  return { name, dueMs, wheelTick: -1, wheelNext: null, wheelPrevious: null }
}

const TICK_MS = 4

test('does what a list of deadlines does: never early, at most a tick late, each once', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), inMs: fc.integer({ min: -20, max: 600 }) }),
    fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(1000)) }),
    fc.record({ kind: fc.constant('sleep' as const), ms: fc.integer({ min: 0, max: 300 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      let nowMs = 5000.5
      const wheel = new TimerWheel(TICK_MS, 16, nowMs)
      let waiting: Entry[] = []
      const advance = (): void => {
        const told: Entry[] = []
        wheel.advance(nowMs, (due) => told.push(due as Entry))
        for (const due of told) expect(due.dueMs).toBeLessThanOrEqual(nowMs)
        const toldNames = new Set(told.map(({ name }) => name))
        expect(toldNames.size).toBe(told.length)
        const overdue = waiting.filter(({ dueMs }) => Math.ceil(dueMs / TICK_MS) * TICK_MS + TICK_MS <= nowMs)
        for (const { name } of overdue) expect(toldNames.has(name)).toBe(true)
        waiting = waiting.filter(({ name }) => !toldNames.has(name))
      }
      for (const [name, step] of steps.entries()) {
        if (step.kind === 'add') {
          if (wheel.size === 0) advance()
          // A moment that has passed is due as soon as the wheel turns.
          const added = entry(name, Math.max(nowMs, nowMs + step.inMs))
          waiting.push(added)
          wheel.add(added, nowMs + step.inMs)
        } else if (step.kind === 'remove') {
          const removed = waiting[step.which % Math.max(1, waiting.length)]
          if (removed !== undefined) wheel.remove(removed)
          waiting = waiting.filter((other) => other !== removed)
        } else if (step.kind === 'wait') {
          nowMs += step.ms
          advance()
        } else {
          // As the loop's timer does: sleep no longer than it says.
          const untilMs = nowMs + step.ms
          for (let dueMs = wheel.nextDueMs(); dueMs <= untilMs; dueMs = wheel.nextDueMs()) {
            nowMs = Math.max(nowMs, dueMs)
            advance()
            for (const { dueMs: stillDueMs } of waiting) expect(stillDueMs + TICK_MS * 2).toBeGreaterThan(nowMs)
          }
          nowMs = untilMs
        }
        expect(wheel.size).toBe(waiting.length)
      }
    }),
    { numRuns: 500 },
  )
})

test('an entry may be removed and added again from within its own call', () => {
  const wheel = new TimerWheel(1, 8, 0)
  const again = entry(1, 3)
  const gone = entry(2, 3)
  let toldCount = 0
  wheel.add(gone, 3)
  wheel.add(again, 3)
  const due = (told: WheelEntry): void => {
    toldCount += 1
    wheel.remove(gone)
    if (toldCount < 3) wheel.add(told, 5 + toldCount)
  }
  for (let nowMs = 1; nowMs < 20; nowMs += 1) wheel.advance(nowMs, due)
  expect(toldCount).toBe(3)
  expect(wheel.size).toBe(0)
})

test('waiting twice is our bug', () => {
  const wheel = new TimerWheel(1, 8, 0)
  const once = entry(1, 3)
  wheel.add(once, 3)
  expect(() => wheel.add(once, 4)).toThrow('waits once')
})

test('an empty wheel has no next moment; far entries are looked at once a turn', () => {
  const wheel = new TimerWheel(1, 8, 0)
  expect(wheel.nextDueMs()).toBe(Infinity)
  wheel.add(entry(1, 100), 100)
  expect(wheel.nextDueMs()).toBe(8)
})
