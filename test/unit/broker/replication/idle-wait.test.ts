import { expect, test } from 'vitest'
import { IdleWait } from '../../../../src/broker/replication/idle-wait.ts'

const SETTLED = true

function afterEmpty(wait: IdleWait, count: number): IdleWait {
  for (let answer = 0; answer < count; answer += 1) wait.answered(true)
  return wait
}

test('a leader that has had nothing to say for a while may hold a fetch for two seconds', () => {
  const wait = new IdleWait(500, 30_000)
  expect(wait.ms(SETTLED)).toBe(500)
  expect(afterEmpty(wait, 3).ms(SETTLED)).toBe(500)
  expect(afterEmpty(wait, 1).ms(SETTLED)).toBe(2_000)
})

test('news bring the short wait back: what follows from them is to be heard soon', () => {
  const wait = afterEmpty(new IdleWait(500, 30_000), 10)
  wait.answered(false)
  expect(wait.ms(SETTLED)).toBe(500)
  expect(afterEmpty(wait, 4).ms(SETTLED)).toBe(2_000)
})

test('who lags, or leaves a partition out for a while, asks as often as ever', () => {
  expect(afterEmpty(new IdleWait(500, 30_000), 10).ms(!SETTLED)).toBe(500)
})

test('a follower is never silent for more than a quarter of what makes it lag, and a longer wait that was set stays', () => {
  expect(afterEmpty(new IdleWait(500, 4_000), 10).ms(SETTLED)).toBe(1_000)
  expect(afterEmpty(new IdleWait(500, 1_000), 10).ms(SETTLED)).toBe(500)
  expect(afterEmpty(new IdleWait(5_000, 30_000), 10).ms(SETTLED)).toBe(5_000)
})
