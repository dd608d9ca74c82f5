import { expect, test } from 'vitest'
import { JuteWriter } from '../../../src/jute/writer.ts'

test('what was written is shown also when as much was written before, in the same memory or in other', () => {
  const writer = new JuteWriter(8)
  const shown = (value: number): number[] => {
    writer.int32(value)
    return [...writer.written()]
  }
  expect(shown(1)).toEqual([0, 0, 0, 1])
  writer.clear()
  expect(shown(2)).toEqual([0, 0, 0, 2])
  writer.giveAway()
  expect(shown(3)).toEqual([0, 0, 0, 3])
  // Grown for one large answer, and let go with it.
  writer.raw(new Uint8Array(2 << 20))
  writer.clear()
  expect(shown(4)).toEqual([0, 0, 0, 4])
  writer.clear()
  writer.raw(new Uint8Array(5000))
  writer.clear()
  expect(shown(5)).toEqual([0, 0, 0, 5])
})

test('a window that was given away is not written to', () => {
  const writer = new JuteWriter(8)
  writer.int32(1)
  const given = writer.written()
  writer.giveAway()
  writer.int32(2)
  expect([...given]).toEqual([0, 0, 0, 1])
})
