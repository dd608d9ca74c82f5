import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NodeTimers } from '../../../src/io/node/timers.ts'
import { whileItMoves, within } from '../../../src/main/patience.ts'

const PATIENCE = { stalledMs: 1_000, limitMs: 5_000 }
const timers = new NodeTimers()

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What `waiting` came to, and after how long. */
async function outcome(waiting: Promise<boolean>): Promise<readonly [boolean, number]> {
  const startedAtMs = Date.now()
  const ended = waiting.then((isDone) => [isDone, Date.now() - startedAtMs] as const)
  await vi.advanceTimersByTimeAsync(10_000)
  return ended
}

test('what nobody works on is given up soon', async () => {
  expect(await outcome(whileItMoves(timers, PATIENCE, () => 7, new Promise(() => undefined)))).toEqual([false, 1_000])
})

test('what moves is waited for, but not for ever', async () => {
  let left = 100
  const progress = (): number => {
    left -= 1
    return left
  }
  expect(await outcome(whileItMoves(timers, PATIENCE, progress, new Promise(() => undefined)))).toEqual([false, 5_000])
})

test('what is done is waited for no longer, and leaves no timer', async () => {
  const done = new Promise<void>((resolve) => void setTimeout(resolve, 950))
  expect(await outcome(whileItMoves(timers, PATIENCE, () => 7, done))).toEqual([true, 950])
  expect(vi.getTimerCount()).toBe(0)
})

test('a failure that comes in time is thrown, one that comes late harms nobody', async () => {
  const fails = (afterMs: number): Promise<void> =>
    new Promise((_resolve, reject) => void setTimeout(() => reject(new Error('broken')), afterMs))
  const early = within(timers, 1_000, fails(500))
  const late = within(timers, 1_000, fails(1_500))
  const caught = early.catch((error: unknown) => String(error))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await caught).toBe('Error: broken')
  await late
})
