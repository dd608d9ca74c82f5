import { connect, type Socket } from 'node:net'
import type { Draft } from '../../src/protocol/wire/draft.ts'
import { beginRequest, endFrame, readResponseHeader } from '../../src/protocol/wire/header.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'

/** One request and how to read its answer, as the generated codecs have them. */
export interface Exchange<Request, Response> {
  readonly apiKey: number
  readonly version: number
  readonly write: (writer: Writer, message: Draft<Request>, version: number) => void
  readonly read: (reader: Reader, version: number) => Response
}

/** A plain connection that speaks whatever it is told to: for tests that must see the answers themselves. */
export class RawKafka {
  readonly #socket: Socket
  #chunks: Buffer[] = []
  #heldBytes = 0
  /** Bytes that the next frame needs. */
  #wantedBytes = 4
  readonly #frames: Buffer[] = []
  readonly #waiting: { readonly resolve: (frame: Buffer | undefined) => void }[] = []
  #isClosed = false
  #correlationId = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#onData(chunk))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#isClosed = true
      for (const { resolve } of this.#waiting.splice(0)) resolve(undefined)
    })
  }

  static open(port: number): Promise<RawKafka> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => {
        socket.off('error', reject)
        resolve(new RawKafka(socket))
      })
      socket.once('error', reject)
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Sends and waits for the answer. Rejects when the connection ends first. */
  async ask<Request, Response>(exchange: Exchange<Request, Response>, message: Draft<Request>): Promise<Response> {
    this.send(exchange, message)
    const frame = await this.nextFrame()
    if (frame === undefined) throw new Error('the broker closed the connection')
    return RawKafka.parse(exchange, frame)
  }

  send<Request, Response>(exchange: Exchange<Request, Response>, message: Draft<Request>): number {
    this.#correlationId += 1
    this.write(RawKafka.frame(exchange, message, this.#correlationId))
    return this.#correlationId
  }

  static frame<Request, Response>(
    exchange: Exchange<Request, Response>,
    message: Draft<Request>,
    correlationId: number,
  ): Uint8Array {
    const writer = new Writer()
    const startsAt = beginRequest(writer, exchange.apiKey, exchange.version, correlationId, 'raw')
    exchange.write(writer, message, exchange.version)
    endFrame(writer, startsAt)
    return writer.finish().slice()
  }

  static parse<Request, Response>(exchange: Exchange<Request, Response>, frame: Uint8Array): Response {
    const reader = new Reader(frame)
    readResponseHeader(reader, exchange.apiKey, exchange.version)
    const response = exchange.read(reader, exchange.version)
    if (!reader.ok)
      throw new Error(
        `an answer of api ${exchange.apiKey} version ${exchange.version} cannot be read: ${reader.reason}`,
      )
    return response
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** The next answer without its size; undefined when the connection has ended. */
  nextFrame(): Promise<Buffer | undefined> {
    const frame = this.#frames.shift()
    if (frame !== undefined) return Promise.resolve(frame)
    if (this.#isClosed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#waiting.push({ resolve })
    })
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }

  #onData(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#heldBytes += chunk.length
    // Joined once per frame, not once per chunk: answers have tens of megabytes.
    if (this.#heldBytes < this.#wantedBytes) return
    let input = Buffer.concat(this.#chunks)
    this.#wantedBytes = 4
    while (input.length >= 4) {
      const sizeBytes = input.readInt32BE(0)
      this.#wantedBytes = sizeBytes + 4
      if (input.length < sizeBytes + 4) break
      const frame = input.subarray(4, sizeBytes + 4)
      input = input.subarray(sizeBytes + 4)
      this.#wantedBytes = 4
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#frames.push(frame)
      else waiting.resolve(frame)
    }
    this.#chunks = [input]
    this.#heldBytes = input.length
  }
}
