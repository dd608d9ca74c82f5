// hot: per piece of a file
import type { Clock, Disk, FileDescriptor } from '../io/ports.ts'
import { DiskError } from '../io/ports.ts'
import type { PartitionRef } from '../shard/contract.ts'
import type { FileBuffers } from './file-buffers.ts'
import { ASIDE_PIECES, SLOW_READ_MS } from './limits.ts'

// What a connection sends of files, piece by piece: one on its way out, the next one read meanwhile.
//
//   from the page cache   read here and now: a hop to another thread would cost more than the copy
//   from the disk         a read that took long says so; the next ones are made off the thread, so that everybody else on
//                         this worker does not wait for the disk too. After ASIDE_PIECES of them one is tried here again

/** Bytes of a segment file, kept open until `Shards.releaseFile`. */
export interface FileRange {
  readonly ref: PartitionRef
  readonly file: FileDescriptor
  readonly segment: number
  position: number
  sizeBytes: number
}

export interface FilePiecesLinks {
  readonly disk: Disk
  readonly fileBuffers: FileBuffers
  readonly clock: Clock
}

export class FilePieces {
  readonly #links: FilePiecesLinks
  readonly #onReady: () => void
  readonly #onBroken: (cause: string) => void
  #next: Uint8Array | undefined
  #nextSizeBytes = 0
  /** Being read off the thread: neither its buffer nor its file may go to others before that ends. */
  #reading: FileRange | undefined
  #asideLeft = 0
  #isClosed = false

  /**
   * @param onReady what was read off the thread is there, or, after `close`, needs its file no more
   * @param onBroken a file did not deliver what was announced
   */
  constructor(links: FilePiecesLinks, onReady: () => void, onBroken: (cause: string) => void) {
    this.#links = links
    this.#onReady = onReady
    this.#onBroken = onBroken
  }

  /** The range that is being read off the thread. */
  get reading(): FileRange | undefined {
    return this.#reading
  }

  /**
   * The next piece of `range`. Its whole memory goes back to the buffers when it was sent.
   *
   * @returns undefined when it is on its way (`onReady` follows) or cannot be had (`onBroken` was called)
   */
  take(range: FileRange): { readonly buffer: Uint8Array; readonly sizeBytes: number } | undefined {
    if (this.#next === undefined && this.#reading === undefined) this.#read(range, true)
    const buffer = this.#next
    if (buffer === undefined) return undefined
    this.#next = undefined
    return { buffer, sizeBytes: this.#nextSizeBytes }
  }

  /** Reads on while something else is being sent, if there is a buffer to spare. */
  readAhead(range: FileRange): void {
    if (this.#next === undefined && this.#reading === undefined) this.#read(range, false)
  }

  /** Gives back what is held. What is being read follows when that ends, and `onReady` says so. */
  close(): void {
    this.#isClosed = true
    if (this.#next !== undefined) this.#links.fileBuffers.give(this.#next)
    this.#next = undefined
  }

  #read(range: FileRange, isNeededNow: boolean): void {
    const buffer = this.#links.fileBuffers.take(isNeededNow)
    if (buffer === undefined) return
    const wantedBytes = Math.min(buffer.length, range.sizeBytes)
    const into = wantedBytes === buffer.length ? buffer : buffer.subarray(0, wantedBytes)
    if (this.#asideLeft > 0) this.#readAside(range, buffer, into)
    else this.#settle(range, buffer, wantedBytes, this.#readHere(range, into))
  }

  /** @returns why not, or undefined */
  #readHere(range: FileRange, into: Uint8Array): string | undefined {
    const { disk, clock } = this.#links
    const startedAtMs = clock.monotonicMs()
    try {
      const sizeBytes = disk.readSync(range.file, into, range.position)
      if (clock.monotonicMs() - startedAtMs > SLOW_READ_MS) this.#asideLeft = ASIDE_PIECES
      return sizeBytes === into.length ? undefined : endedAfter(sizeBytes)
    } catch (error) {
      if (error instanceof DiskError) return error.message
      throw error
    }
  }

  #readAside(range: FileRange, buffer: Uint8Array, into: Uint8Array): void {
    this.#asideLeft -= 1
    this.#reading = range
    this.#links.disk.read(range.file, into, range.position, (error, sizeBytes) => {
      this.#reading = undefined
      const failure = error?.message ?? (sizeBytes === into.length ? undefined : endedAfter(sizeBytes))
      if (this.#isClosed) this.#links.fileBuffers.give(buffer)
      else this.#settle(range, buffer, into.length, failure)
      if (this.#isClosed || failure === undefined) this.#onReady()
    })
  }

  #settle(range: FileRange, buffer: Uint8Array, sizeBytes: number, failure: string | undefined): void {
    if (failure !== undefined) {
      this.#links.fileBuffers.give(buffer)
      const { ref, position } = range
      this.#onBroken(`${ref.topic}-${ref.partition}: ${sizeBytes} bytes at ${position} could not be read: ${failure}`)
      return
    }
    range.position += sizeBytes
    range.sizeBytes -= sizeBytes
    this.#next = buffer
    this.#nextSizeBytes = sizeBytes
  }
}

function endedAfter(sizeBytes: number): string {
  return `the file ended after ${sizeBytes} bytes`
}
