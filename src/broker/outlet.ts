// hot: per write
import { assert } from '../base/assert.ts'
import { RingQueue } from '../base/ring-queue.ts'
import type { Socket } from '../io/ports.ts'
import type { Writer } from '../protocol/wire/writer.ts'
import type { Region, Shards } from '../shard/contract.ts'
import { FilePieces, type FilePiecesLinks, type FileRange } from './file-pieces.ts'
import {
  COPIED_RECORDS_SIZE_MAX_BYTES,
  DIRECT_WRITE_SIZE_MAX_BYTES,
  SLAB_ANSWER_SIZE_MAX_BYTES,
  WRITE_PARTS_MAX,
  WRITE_SIZE_MAX_BYTES,
} from './limits.ts'
import type { Slab, Slabs } from './slabs.ts'

// The way out of one connection: what was answered, in order, until the system has taken it.
//
//   spans    [bytes][region][region][bytes][file range ......................][bytes]
//            '------ one write -----------'[ buffer A ][ buffer B ][ buffer A ]
//
// A lone small answer, and most are, goes to the system at once and has left when `flush` returns.
//
// One write is on its way at a time. While it is, the next piece of a file range is read into a second buffer, and
// answers that become ready gather; its callback gives back leases and buffers and starts the next one.
//
// Invariant: the head of a Fetch answer has announced how many bytes its ranges hold; when a file holds fewer, the
// connection is cut, because nothing else can make the stream right again.

/** A span of one answer. Exactly one of `bytes`, `region` and `range` is there. */
interface Span {
  readonly bytes: Uint8Array | undefined
  readonly slab: Slab | undefined
  readonly region: Region | undefined
  readonly range: FileRange | undefined
}

/** What belongs where a writer left out records: the bytes of one partition. */
export interface Detached {
  readonly regions: readonly Region[]
  readonly range: FileRange | undefined
}

/** What all outlets of a worker share. */
export interface OutletLinks extends FilePiecesLinks {
  readonly shards: Shards
  readonly slabs: Slabs
}

/** Spans of one connection: bounded by one fetch answer of as many partitions and regions as a frame can name. */
const SPANS_MAX = 1 << 22

export class Outlet {
  /** Bytes answered and not yet taken by the system. */
  queuedBytes: number = 0
  /** When something last left, or started to leave: monotonic milliseconds. */
  lastProgressMs: number = 0
  /** Spans of the arena that wait in this outlet. */
  leasedRegions: number = 0

  readonly #socket: Socket
  readonly #links: OutletLinks
  readonly #onProgress: () => void
  readonly #spans: RingQueue<Span> = new RingQueue<Span>(SPANS_MAX)
  readonly #written: () => void = () => this.#onWritten()
  readonly #used: { slab: Slab | undefined } = { slab: undefined }

  // The write on its way.
  #isWriting = false
  #parts: Uint8Array[] = []
  #writtenBytes = 0
  readonly #writingSpans: Span[] = []
  #writingBuffer: Uint8Array | undefined

  readonly #pieces: FilePieces
  #isClosed = false
  /** Of a closed connection: its file is still being read. */
  #lastSpan: Span | undefined

  /**
   * @param onProgress a write has left
   * @param onBroken what was announced cannot be delivered: the connection must be cut
   */
  constructor(socket: Socket, links: OutletLinks, onProgress: () => void, onBroken: (cause: string) => void) {
    this.#socket = socket
    this.#links = links
    this.#onProgress = onProgress
    this.#pieces = new FilePieces(links, () => this.#onPieceReady(), onBroken)
  }

  get isIdle(): boolean {
    return !this.#isWriting && this.#spans.size === 0
  }

  /**
   * Takes what `writer` holds, and for each split the bytes that belong there, in order.
   *
   * @param detached one per split of the writer
   */
  take(writer: Writer, detached: readonly Detached[]): void {
    if (writer.sizeBytes === 0) return
    if (writer.splits.length > 0 && this.#copySmall(writer, detached)) return
    const head = this.#keep(writer)
    if (writer.splits.length === 0) {
      this.#push({ bytes: head, slab: this.#used.slab, region: undefined, range: undefined }, head.length)
      return
    }
    let at = 0
    for (let index = 0; index < writer.splits.length; index += 1) {
      const split = writer.splits[index]
      const bytes = detached[index]
      if (split === undefined || bytes === undefined) continue
      if (split.at > at) this.#pushBytes(head.subarray(at, split.at))
      at = split.at
      this.#pushDetached(bytes)
    }
    // The last piece carries the slab: it leaves after all others.
    const rest = head.subarray(at)
    this.#push({ bytes: rest, slab: this.#used.slab, region: undefined, range: undefined }, rest.length)
  }

  /** Starts writing unless a write is on its way already. */
  flush(nowMs: number): void {
    if (this.#isWriting || this.#spans.size === 0 || this.#isClosed) return
    this.lastProgressMs = nowMs
    if (this.#spans.size > 1 || !this.#sendLone()) this.#writeNext()
  }

  /** Gives back everything that is not on its way; the rest follows with its write's callback. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const { reading } = this.#pieces
    for (let span = this.#spans.shift(); span !== undefined; span = this.#spans.shift()) {
      if (reading !== undefined && span.range === reading) this.#lastSpan = span
      else this.#finish(span)
    }
    this.#pieces.close()
    // Gathered for a write that a failing file prevented.
    if (this.#isWriting) return
    for (const span of this.#writingSpans) this.#finish(span)
    this.#writingSpans.length = 0
  }

  /** Few record bytes in memory are copied beside their head: one part instead of three, and no lease to wait for. */
  #copySmall(writer: Writer, detached: readonly Detached[]): boolean {
    if (writer.detachedSizeBytes > COPIED_RECORDS_SIZE_MAX_BYTES) return false
    if (writer.sizeBytes > SLAB_ANSWER_SIZE_MAX_BYTES) return false
    for (const { range } of detached) if (range !== undefined) return false
    const { arena } = this.#links.shards
    const head = writer.finish()
    const sizeBytes = head.length + writer.detachedSizeBytes
    const slab = this.#links.slabs.reserve(sizeBytes)
    const startsAt = slab.at
    let from = 0
    for (let index = 0; index < writer.splits.length; index += 1) {
      const split = writer.splits[index]
      const regions = detached[index]?.regions
      if (split === undefined || regions === undefined) continue
      slab.bytes.set(head.subarray(from, split.at), slab.at)
      slab.at += split.at - from
      from = split.at
      for (const region of regions) {
        slab.bytes.set(arena.bytes.subarray(region.at, region.at + region.sizeBytes), slab.at)
        slab.at += region.sizeBytes
        arena.release(region)
      }
    }
    slab.bytes.set(head.subarray(from), slab.at)
    slab.at += head.length - from
    assert(slab.at - startsAt === sizeBytes, 'an answer is as long as it says')
    const bytes = slab.bytes.subarray(startsAt, slab.at)
    this.#push({ bytes, slab, region: undefined, range: undefined }, sizeBytes)
    return true
  }

  #keep(writer: Writer): Uint8Array {
    this.#used.slab = undefined
    if (writer.sizeBytes > SLAB_ANSWER_SIZE_MAX_BYTES) return writer.finishCopy()
    return this.#links.slabs.copy(writer.finish(), this.#used)
  }

  #pushBytes(bytes: Uint8Array): void {
    this.#push({ bytes, slab: undefined, region: undefined, range: undefined }, bytes.length)
  }

  #pushDetached(detached: Detached): void {
    for (const region of detached.regions) {
      this.leasedRegions += 1
      this.#push({ bytes: undefined, slab: undefined, region, range: undefined }, region.sizeBytes)
    }
    const range = detached.range
    if (range === undefined) return
    this.#push({ bytes: undefined, slab: undefined, region: undefined, range }, range.sizeBytes)
  }

  #push(span: Span, sizeBytes: number): void {
    this.queuedBytes += sizeBytes
    if (this.#isClosed) this.#finish(span)
    else this.#spans.push(span)
  }

  /** @returns whether the only span is on its way or gone */
  #sendLone(): boolean {
    const socket = this.#socket
    const bytes = this.#spans.peek()?.bytes
    if (bytes === undefined || bytes.length > DIRECT_WRITE_SIZE_MAX_BYTES || socket.sendNow === undefined) return false
    const outcome = socket.sendNow(bytes, this.#written)
    if (outcome === 'refused') return false
    if (outcome === 'sent') {
      this.queuedBytes -= bytes.length
      this.#finish(this.#spans.shift() as Span)
      return true
    }
    this.#isWriting = true
    this.#writtenBytes = bytes.length
    this.#moveToWriting()
    return true
  }

  #writeNext(): void {
    const parts = this.#parts
    let sizeBytes = 0
    let span = this.#spans.peek()
    while (span !== undefined && sizeBytes < WRITE_SIZE_MAX_BYTES && parts.length < WRITE_PARTS_MAX) {
      if (span.range !== undefined) {
        const piece = this.#pieces.take(span.range)
        if (piece === undefined) {
          // What stands before it need not wait for the disk. Nothing is sent before a piece that will never come.
          if (parts.length > 0 && this.#pieces.reading !== undefined) break
          return
        }
        this.#writingBuffer = piece.buffer
        parts.push(piece.buffer.subarray(0, piece.sizeBytes))
        sizeBytes += piece.sizeBytes
        if (span.range.sizeBytes === 0) this.#moveToWriting()
        // One piece of a file in each write: its buffer is free again when the write's callback runs.
        break
      }
      const part = this.#memoryOf(span)
      parts.push(part)
      sizeBytes += part.length
      this.#moveToWriting()
      span = this.#spans.peek()
    }
    this.#isWriting = true
    this.#writtenBytes = sizeBytes
    this.#socket.write(parts, this.#written)
    this.#readAhead()
  }

  #memoryOf(span: Span): Uint8Array {
    const region = span.region
    if (region === undefined) return span.bytes as Uint8Array
    return this.#links.shards.arena.bytes.subarray(region.at, region.at + region.sizeBytes)
  }

  #moveToWriting(): void {
    const span = this.#spans.shift()
    if (span !== undefined) this.#writingSpans.push(span)
  }

  /** While one write is on its way the next piece is read. */
  #readAhead(): void {
    const range = this.#isClosed ? undefined : this.#spans.peek()?.range
    if (range !== undefined && range.sizeBytes > 0) this.#pieces.readAhead(range)
  }

  /** What was read off the thread is there, or we were closed meanwhile. */
  #onPieceReady(): void {
    if (this.#lastSpan !== undefined) this.#finish(this.#lastSpan)
    this.#lastSpan = undefined
    if (!this.#isClosed && !this.#isWriting && this.#spans.size > 0) this.#writeNext()
  }

  #onWritten(): void {
    this.#isWriting = false
    this.queuedBytes -= this.#writtenBytes
    this.#parts.length = 0
    for (const span of this.#writingSpans) this.#finish(span)
    this.#writingSpans.length = 0
    if (this.#writingBuffer !== undefined) this.#links.fileBuffers.give(this.#writingBuffer)
    this.#writingBuffer = undefined
    if (this.#isClosed) return
    if (this.#spans.size > 0) this.#writeNext()
    this.#onProgress()
  }

  #finish(span: Span): void {
    if (span.region !== undefined) {
      this.leasedRegions -= 1
      this.#links.shards.arena.release(span.region)
    }
    if (span.range !== undefined) this.#links.shards.releaseFile(span.range.ref, span.range.segment)
    if (span.slab !== undefined) this.#links.slabs.giveBack(span.slab)
  }
}
