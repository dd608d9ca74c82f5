import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FRAME_GARBAGE, FRAME_NONE, FRAME_WHOLE, Intake, Landing } from '../../../src/broker/intake.ts'
import { PREDICTED_FRAME_SIZE_MIN_BYTES } from '../../../src/broker/limits.ts'
import type { Arena, Region } from '../../../src/shard/contract.ts'

const KIB = 1024
const LANDING_SIZE_BYTES = 256 * KIB
const FRAME_SIZE_MAX = 512 * KIB

/** An arena that knows every lease, and refuses when told to. */
class StrictArena implements Arena {
  readonly bytes = new Uint8Array(8 * KIB * KIB)
  readonly landingAt = 64
  readonly landingSizeBytes = LANDING_SIZE_BYTES
  readonly sizeBytesMax = 7 * KIB * KIB
  isFull = false
  usedBytes = 0
  readonly leases = new Map<number, number>()
  reserveCount = 0
  #at = 512 * KIB
  #chunk = 0

  reserve(sizeBytes: number): Region | undefined {
    if (this.isFull) return undefined
    this.reserveCount += 1
    if (this.#at + sizeBytes > this.bytes.length) this.#at = 512 * KIB
    const region = { at: this.#at, sizeBytes, chunk: this.#chunk }
    this.#at += sizeBytes
    this.#chunk += 1
    this.leases.set(region.chunk, 1)
    return region
  }

  retain(region: Region): void {
    this.leases.set(region.chunk, (this.leases.get(region.chunk) ?? 0) + 1)
  }

  release(region: Region): void {
    const leases = this.leases.get(region.chunk) ?? 0
    if (leases === 0) throw new Error('a lease was given back twice')
    if (leases === 1) this.leases.delete(region.chunk)
    else this.leases.set(region.chunk, leases - 1)
  }

  readonly hasWaiters: boolean = false
  onRoom(): void {}
}

/** A frame whose body says where it belongs. */
function frameOf(bodySizeBytes: number, seed: number): Uint8Array {
  const frame = new Uint8Array(4 + bodySizeBytes)
  new DataView(frame.buffer).setInt32(0, bodySizeBytes)
  for (let index = 4; index < frame.length; index += 1) frame[index] = (seed * 31 + index * 7) & 0xff
  return frame
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0))
  let at = 0
  for (const frame of frames) {
    bytes.set(frame, at)
    at += frame.length
  }
  return bytes
}

/** Feeds a stream in pieces as sockets do: never more than the target, garbage from others in the landing buffer between. */
class Feeder {
  readonly arena = new StrictArena()
  readonly landing = new Landing(this.arena)
  readonly intake = new Intake(this.arena, this.landing, FRAME_SIZE_MAX)
  readonly bodies: Uint8Array[] = []
  isReading = true
  #target: Uint8Array = this.intake.target(true)

  /** @param takesMax frames that may be taken now; the rest waits, as behind a request in flight */
  feed(bytes: Uint8Array, takesMax: number = Infinity): void {
    let at = 0
    while (at < bytes.length) {
      const sizeBytes = Math.min(this.#target.length, bytes.length - at)
      this.#target.set(bytes.subarray(at, at + sizeBytes))
      at += sizeBytes
      this.intake.received(sizeBytes)
      this.turn(takesMax)
      this.#target = this.intake.target(this.isReading)
      expect(this.#target.length).toBeGreaterThan(0)
      // Another socket reads into the shared landing buffer.
      this.landing.view.fill(0xee, 0, 4096)
    }
  }

  turn(takesMax: number = Infinity): void {
    let takes = 0
    while (takes < takesMax && this.intake.next() === FRAME_WHOLE) {
      this.bodies.push(this.intake.bytes.slice(this.intake.frameAt, this.intake.frameEnd))
      this.intake.take()
      takes += 1
    }
    const hasRoom = this.intake.settle()
    this.isReading = hasRoom && this.intake.next() !== FRAME_WHOLE
  }
}

test('frames cut at every byte come out as they went in', () => {
  const frames = [frameOf(10, 1), frameOf(25, 2), frameOf(11, 3)]
  const stream = joined(frames)
  for (let first = 1; first < stream.length; first += 1) {
    for (const second of [first + 1, first + 3, stream.length]) {
      const feeder = new Feeder()
      feeder.feed(stream.slice(0, first))
      feeder.feed(stream.slice(first, second))
      feeder.feed(stream.slice(second))
      expect(feeder.bodies).toEqual(frames.map((frame) => frame.slice(4)))
      feeder.intake.close()
      expect(feeder.arena.leases.size).toBe(0)
    }
  }
})

test('whatever the sizes, the cuts, the room and the waiting: the frames are those of a dumb twin', () => {
  const size = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 10, max: 300 }) },
    { weight: 2, arbitrary: fc.integer({ min: 10, max: 90 * KIB }) },
    { weight: 1, arbitrary: fc.integer({ min: 60 * KIB, max: 400 * KIB }) },
  )
  const step = fc.record({
    pieceBytes: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 * KIB })),
    isFull: fc.boolean(),
    takesMax: fc.constantFrom(0, 1, 2, Infinity),
  })
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 12 }),
      fc.array(step, { minLength: 1, maxLength: 30 }),
      (sizes, steps) => {
        const frames = sizes.map((sizeBytes, index) => frameOf(sizeBytes, index + 1))
        const stream = joined(frames)
        const feeder = new Feeder()
        let at = 0
        for (let index = 0; at < stream.length; index += 1) {
          const { pieceBytes, isFull, takesMax } = steps[index % steps.length] as {
            pieceBytes: number
            isFull: boolean
            takesMax: number
          }
          // Every third round there is room and everything is taken, so that the stream always comes to its end.
          const isEasy = index % 3 === 2
          feeder.arena.isFull = isFull && !isEasy
          feeder.turn(isEasy ? Infinity : takesMax)
          if (!feeder.isReading) continue
          const piece = stream.slice(at, at + (isEasy ? pieceBytes + 5_000 : pieceBytes))
          // A socket that stops being read keeps the rest of the piece.
          const sizeBytes = feedWhileReading(feeder, piece, isEasy ? Infinity : takesMax)
          at += sizeBytes
        }
        feeder.arena.isFull = false
        feeder.turn()
        feeder.turn()
        expect(feeder.bodies.length).toBe(frames.length)
        for (const [index, body] of feeder.bodies.entries()) {
          expect(Buffer.compare(body, (frames[index] as Uint8Array).subarray(4))).toBe(0)
        }
        feeder.intake.close()
        expect(feeder.arena.leases.size).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})

function feedWhileReading(feeder: Feeder, piece: Uint8Array, takesMax: number): number {
  let at = 0
  while (at < piece.length && feeder.isReading) {
    const part = piece.subarray(at, at + 50_000)
    feeder.feed(part, takesMax)
    at += part.length
    if (!feeder.isReading) break
  }
  return at
}

test('a connection that sends large frames reads them straight into regions, without a copy', () => {
  const feeder = new Feeder()
  const frame = frameOf(PREDICTED_FRAME_SIZE_MIN_BYTES * 3, 5)
  feeder.feed(frame)
  const afterFirst = feeder.intake.copiedBytes
  expect(feeder.intake.isReservedAhead).toBe(true)
  for (let index = 0; index < 5; index += 1) feeder.feed(frame)
  expect(feeder.intake.copiedBytes).toBe(afterFirst)
  expect(feeder.bodies.length).toBe(6)
})

test('small frames reserve nothing, and an idle connection holds no memory', () => {
  const feeder = new Feeder()
  for (let index = 0; index < 20; index += 1) feeder.feed(frameOf(100, index))
  expect(feeder.arena.reserveCount).toBe(0)
  feeder.feed(frameOf(PREDICTED_FRAME_SIZE_MIN_BYTES, 1))
  feeder.intake.forgetPrediction()
  expect(feeder.arena.leases.size).toBe(0)
})

test('a size that no request has is garbage at once, whatever follows', () => {
  for (const size of [-1, 0, 9, FRAME_SIZE_MAX + 1, 0x7fff_ffff]) {
    const intake = new Feeder().intake
    const header = new Uint8Array(4)
    new DataView(header.buffer).setInt32(0, size)
    const target = intake.target(true)
    target.set(header)
    intake.received(4)
    expect(intake.next()).toBe(FRAME_GARBAGE)
  }
})

test('without room nothing is lost and nothing more is asked for; with room it goes on', () => {
  const feeder = new Feeder()
  const frame = frameOf(1000, 9)
  feeder.arena.isFull = true
  feeder.feed(frame.slice(0, 500))
  expect(feeder.isReading).toBe(false)
  expect(feeder.intake.next()).toBe(FRAME_NONE)
  feeder.arena.isFull = false
  feeder.turn()
  expect(feeder.isReading).toBe(true)
  feeder.feed(frame.slice(500))
  expect(feeder.bodies).toEqual([frame.slice(4)])
})
