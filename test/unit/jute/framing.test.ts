import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameSplitter } from '../../../src/jute/framing.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'

function stream(payloads: readonly Uint8Array[]): Uint8Array {
  const writer = new JuteWriter(8)
  for (const payload of payloads) writer.buffer(payload)
  return writer.finish()
}

test('frames come out whole and in order however the stream is cut', () => {
  const payload = fc.uint8Array({ maxLength: 40 })
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 30 }), (payloads, cuts) => {
      const bytes = stream(payloads)
      const splitter = new FrameSplitter(1000)
      const got: Uint8Array[] = []
      let at = 0
      for (const cut of [...cuts, bytes.length]) {
        const chunk = bytes.slice(at, at + cut)
        splitter.feed(
          chunk,
          (frame, startsAt, endsAt) => got.push(frame.slice(startsAt, endsAt)),
          () => false,
        )
        at += chunk.length
      }
      expect(got).toEqual(payloads.map((each) => new Uint8Array(each)))
    }),
  )
})

test('a length that is negative or too long is refused and nothing behind it is read', () => {
  for (const size of [-1, 1001, 0x47455420]) {
    const writer = new JuteWriter()
    writer.int32(size)
    writer.raw(new Uint8Array(64))
    const splitter = new FrameSplitter(1000)
    const frames: number[] = []
    splitter.feed(
      writer.finish(),
      () => frames.push(1),
      () => false,
    )
    expect(splitter.refusedSizeBytes).toBe(size)
    expect(frames).toEqual([])
  }
})

test('a stopped splitter leaves the rest to the caller', () => {
  const bytes = stream([new Uint8Array(3), new Uint8Array(4)])
  const splitter = new FrameSplitter()
  let count = 0
  const taken = splitter.feed(
    bytes,
    () => {
      count += 1
    },
    () => count > 0,
  )
  expect([count, taken]).toEqual([1, 7])
})

test('longs beyond 2^53 are refused as numbers and kept as ids', () => {
  const writer = new JuteWriter()
  writer.id64(-0x7fff_ffff_ffff_fffen)
  const bytes = writer.finish()
  const asNumber = new JuteReader(bytes)
  asNumber.int64()
  expect(asNumber.ok).toBe(false)
  expect(new JuteReader(bytes).id64()).toBe(-0x7fff_ffff_ffff_fffen)
})

test('negative numbers and text beyond ASCII survive', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), (long, text) => {
      const writer = new JuteWriter(1)
      writer.int64(long)
      writer.string(text)
      const reader = new JuteReader(writer.finish())
      expect(reader.int64()).toBe(long)
      expect(reader.string()).toBe(text)
      expect(reader.ok && reader.remaining === 0).toBe(true)
    }),
  )
})
