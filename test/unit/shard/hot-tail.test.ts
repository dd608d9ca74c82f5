import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOT_ROWS_MAX, HotTail } from '../../../src/shard/hot-tail.ts'

test('finds every offset that a plain list of batches finds, and no other', () => {
  const batch = fc.record({
    records: fc.integer({ min: 1, max: 20 }),
    sizeBytes: fc.integer({ min: 61, max: 20_000 }),
    isNeighbour: fc.boolean(),
    gap: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 5),
  })
  const drop = fc.nat({ max: 30 })
  fc.assert(
    fc.property(fc.array(fc.tuple(batch, drop), { maxLength: 120 }), (steps) => {
      const hot = new HotTail()
      let plain: { baseOffset: number; nextOffset: number; at: number; end: number }[] = []
      let offset = 100
      let at = 0
      for (const [{ records, sizeBytes, isNeighbour, gap }, dropRow] of steps) {
        if (gap > 0) plain = []
        offset += gap
        if (!isNeighbour) at += 7
        hot.add(offset, offset + records, at, sizeBytes, 1)
        plain.push({ baseOffset: offset, nextOffset: offset + records, at, end: at + sizeBytes })
        offset += records
        at += sizeBytes
        if (dropRow === 0 && hot.rowCount > 1) {
          const until = hot.nextOffset(0)
          hot.dropThrough(0)
          plain = plain.filter(({ baseOffset }) => baseOffset >= until)
        }
      }
      for (let probe = 90; probe < offset + 10; probe += 1) {
        const expected = plain.find(({ baseOffset, nextOffset }) => baseOffset <= probe && probe < nextOffset)
        const row = hot.find(probe)
        if (expected === undefined) {
          expect(row).toBe(-1)
        } else {
          expect(hot.baseOffset(row)).toBeLessThanOrEqual(expected.baseOffset)
          expect(hot.nextOffset(row)).toBeGreaterThanOrEqual(expected.nextOffset)
          expect(hot.address(row)).toBeLessThanOrEqual(expected.at)
          expect(hot.address(row) + hot.sizeBytes(row)).toBeGreaterThanOrEqual(expected.end)
          const known = hot.addressOf(row, probe)
          if (known !== -1) expect([probe, known]).toEqual([expected.baseOffset, expected.at])
        }
      }
    }),
    { numRuns: 200 },
  )
})

test('tiny batches side by side take few rows; a row never grows beyond what is quick to walk', () => {
  const hot = new HotTail()
  for (let index = 0; index < 1000; index += 1) hot.add(index, index + 1, index * 100, 100, 1)
  expect(hot.rowCount).toBe(Math.ceil(100_000 / 16_300))
  for (let row = 0; row < hot.rowCount; row += 1) expect(hot.sizeBytes(row)).toBeLessThanOrEqual(16 * 1024)
})

test('batches of different runs stay apart although their addresses touch', () => {
  const hot = new HotTail()
  hot.add(0, 1, 0, 100, 1)
  hot.add(1, 2, 100, 100, 2)
  expect([hot.rowCount, hot.token(0), hot.token(1)]).toEqual([2, 1, 2])
})

test('the newest batch, and the first of each row, are found without looking at batches', () => {
  const hot = new HotTail()
  for (let index = 0; index < 10; index += 1) hot.add(index * 2, index * 2 + 2, index * 100, 100, 1)
  expect([hot.addressOf(0, 18), hot.addressOf(0, 0), hot.addressOf(0, 19), hot.addressOf(0, 4)]).toEqual([
    900, 0, -1, -1,
  ])
})

test('when it is full the oldest rows go', () => {
  const hot = new HotTail()
  for (let index = 0; index < HOT_ROWS_MAX + 500; index += 1) hot.add(index, index + 1, index * 1000, 100, 1)
  expect(hot.rowCount).toBe(HOT_ROWS_MAX)
  expect(hot.find(499)).toBe(-1)
  expect(hot.baseOffset(hot.find(500))).toBe(500)
})
