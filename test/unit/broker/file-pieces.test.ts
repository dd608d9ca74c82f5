import { expect, test } from 'vitest'
import { FileBuffers } from '../../../src/broker/file-buffers.ts'
import { FilePieces, type FileRange } from '../../../src/broker/file-pieces.ts'
import { ASIDE_PIECES, FILE_BUFFER_SIZE_BYTES, SLOW_READ_MS } from '../../../src/broker/limits.ts'
import { DiskError, type Disk, type FileDescriptor } from '../../../src/io/ports.ts'

const ref = { topic: 'events', partition: 0, handle: 1, shard: 0 }
const rangeOf = (sizeBytes: number): FileRange => ({ ref, file: 7, segment: 0, position: 100, sizeBytes })

/** A disk whose reads take as long as it is told, and whose reads off the thread end when it is told. */
class SlowDisk {
  nowMs = 0
  tookMs = 0
  here = 0
  readonly aside: { readonly position: number; readonly end: (error?: DiskError) => void }[] = []

  readSync(_file: FileDescriptor, into: Uint8Array, position: number): number {
    this.here += 1
    this.nowMs += this.tookMs
    into.fill(position & 0xff)
    return into.length
  }

  read(
    _file: FileDescriptor,
    into: Uint8Array,
    position: number,
    done: (error: DiskError | undefined, sizeBytes: number) => void,
  ): void {
    this.aside.push({ position, end: (error) => done(error, error === undefined ? into.length : 0) })
  }
}

function piecesOn(disk: SlowDisk): {
  readonly pieces: FilePieces
  readonly buffers: FileBuffers
  readonly told: string[]
} {
  const buffers = new FileBuffers()
  const told: string[] = []
  const clock = { monotonicMs: () => disk.nowMs, wallMs: () => disk.nowMs }
  const pieces = new FilePieces(
    { disk: disk as unknown as Disk, fileBuffers: buffers, clock },
    () => told.push('ready'),
    (cause) => told.push(cause),
  )
  return { pieces, buffers, told }
}

test('what the page cache has is read on the thread, piece by piece', () => {
  const disk = new SlowDisk()
  const { pieces, buffers, told } = piecesOn(disk)
  const range = rangeOf(2 * FILE_BUFFER_SIZE_BYTES + 5)
  const sizes: number[] = []
  while (range.sizeBytes > 0) {
    const piece = pieces.take(range)
    if (piece === undefined) throw new Error('nothing was read')
    sizes.push(piece.sizeBytes)
    buffers.give(piece.buffer)
  }
  expect(sizes).toEqual([FILE_BUFFER_SIZE_BYTES, FILE_BUFFER_SIZE_BYTES, 5])
  expect(range.position).toBe(100 + 2 * FILE_BUFFER_SIZE_BYTES + 5)
  expect([disk.here, disk.aside.length, told.length]).toEqual([3, 0, 0])
})

test('after a read that took long the next ones leave the thread, until one is tried there again', () => {
  const disk = new SlowDisk()
  const { pieces, buffers, told } = piecesOn(disk)
  const range = rangeOf((ASIDE_PIECES + 3) * FILE_BUFFER_SIZE_BYTES)
  disk.tookMs = SLOW_READ_MS + 1
  const first = pieces.take(range)
  if (first === undefined) throw new Error('nothing was read')
  buffers.give(first.buffer)
  disk.tookMs = 0
  for (let count = 0; count < ASIDE_PIECES; count += 1) {
    expect(pieces.take(range)).toBeUndefined()
    expect(pieces.take(range), 'asking again starts no second read').toBeUndefined()
    disk.aside.at(-1)?.end()
    const piece = pieces.take(range)
    if (piece === undefined) throw new Error('what was read is not there')
    buffers.give(piece.buffer)
  }
  expect([disk.here, disk.aside.length, told.length]).toEqual([1, ASIDE_PIECES, ASIDE_PIECES])
  expect(disk.aside.map(({ position }) => position)).toEqual(
    Array.from({ length: ASIDE_PIECES }, (_, index) => 100 + (index + 1) * FILE_BUFFER_SIZE_BYTES),
  )
  expect(pieces.take(range)?.sizeBytes).toBe(FILE_BUFFER_SIZE_BYTES)
  expect(disk.here).toBe(2)
})

test('a read off the thread that fails is told once, and its buffer is free again', () => {
  const disk = new SlowDisk()
  const { pieces, buffers, told } = piecesOn(disk)
  const range = rangeOf(3 * FILE_BUFFER_SIZE_BYTES)
  disk.tookMs = SLOW_READ_MS + 1
  const first = pieces.take(range)
  if (first !== undefined) buffers.give(first.buffer)
  pieces.readAhead(range)
  disk.aside[0]?.end(new DiskError('EIO', '/data/x', 'the disk cannot read'))
  expect(told).toEqual([
    `events-0: ${FILE_BUFFER_SIZE_BYTES} bytes at ${100 + FILE_BUFFER_SIZE_BYTES} could not be read: the disk cannot read`,
  ])
  expect(buffers.inUse).toBe(0)
})
