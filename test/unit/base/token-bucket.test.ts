import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from '../../../src/base/token-bucket.ts'

test('without a rate nothing waits, whatever is spent', () => {
  const bucket = new TokenBucket(1000)
  bucket.take(1e12, 0)
  expect(bucket.waitMs(0)).toBe(0)
})

test('over any time no more is spent than the rate allows, a burst and one overdraft aside; and whoever waits gets on', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 50 }),
      (perMs, sizes) => {
        const bucket = new TokenBucket(1000)
        bucket.setRate(perMs, 0)
        let nowMs = 0
        let spent = 0
        for (const size of sizes) {
          const waitMs = bucket.waitMs(nowMs)
          nowMs += waitMs
          expect(bucket.waitMs(nowMs)).toBe(0)
          expect(spent).toBeLessThanOrEqual(perMs * (1000 + nowMs))
          bucket.take(size, nowMs)
          spent += size
        }
      },
    ),
  )
})

test('the same rate again changes nothing, another begins with a full bucket', () => {
  const bucket = new TokenBucket(1000)
  bucket.setRate(10, 0)
  bucket.take(30_000, 0)
  bucket.setRate(10, 100)
  expect(bucket.waitMs(100)).toBeGreaterThan(1800)
  bucket.setRate(20, 100)
  expect(bucket.waitMs(100)).toBe(0)
})
