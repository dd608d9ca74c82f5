import type { ClientEnvironment } from '../../src/client/environment.ts'
import { FrameReader } from '../../src/client/frame-reader.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { ConnectError, type Socket, type SocketReader, type TimerHandle } from '../../src/io/ports.ts'
import { API_TABLE } from '../../src/protocol/generated/api-table.ts'
import { REGISTRY } from '../../src/protocol/generated/registry.ts'
import { beginResponse, endFrame, readRequestHeader } from '../../src/protocol/wire/header.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'
import type { RecordCodec } from '../../src/wasm/contract.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'

interface DueTimer extends TimerHandle {
  readonly atMs: number
  readonly due: () => void
}

/** What a scripted broker does with a request: answer, never answer, hang up after doing it, or refuse the connection. */
export type Reply = object | 'silence' | 'hang up' | Late

/** An answer that takes its time, as a fetch without data does. */
export class Late {
  readonly afterMs: number
  readonly reply: object

  constructor(afterMs: number, reply: object) {
    this.afterMs = afterMs
    this.reply = reply
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a request is of every type there is; a test knows which it looks at
export type Message = any

/** Answers by API name. A function may look at the request; `call` counts from 1 per API. */
export type Script = Record<string, (request: Message, call: number, nodeId: number) => Reply | undefined>

export interface Seen {
  readonly api: string
  readonly version: number
  readonly nodeId: number
  readonly atMs: number
  readonly request: Message
}

const UNSUPPORTED_VERSION = 35

let codec: RecordCodec | undefined

/**
 * Brokers on a simulated clock and network, which do what a script says. Broker n listens on host `n`, port 9092. Time
 * moves only by `run`.
 */
export class ClientWorld {
  nowMs = 0
  readonly script: Script
  readonly seen: Seen[] = []
  readonly logged: string[] = []
  readonly unreachable: Set<number> = new Set()
  readonly environment: ClientEnvironment
  /** Newest version offered by API name; what is not here is offered in full. */
  readonly versions: Record<string, number> = {}
  #timers: DueTimer[] = []
  /** Frames sent and answers delivered so far. */
  #deliveries = 0
  readonly #calls: Map<string, number> = new Map()

  constructor(script: Script) {
    this.script = script
    this.environment = {
      connector: { connect: ({ host }, opened) => this.#connect(Number(host), opened) },
      clock: { wallMs: () => 1_700_000_000_000 + this.nowMs, monotonicMs: () => this.nowMs },
      timers: {
        start: (delayMs, due) => {
          const timer: DueTimer = { kind: 'timer', atMs: this.nowMs + Math.max(0, delayMs), due }
          this.#timers.push(timer)
          return timer
        },
        cancel: (timer) => {
          this.#timers = this.#timers.filter((other) => other !== timer)
        },
      },
      entropy: { bytes: (size) => new Uint8Array(size), unit: () => 0.5 },
      logger: {
        debug: (message) => void this.logged.push(message),
        info: (message) => void this.logged.push(message),
        warn: (message) => void this.logged.push(message),
        error: (message) => void this.logged.push(message),
      },
      recordCodec: () => (codec ??= createRecordCodec(loadCoreModule(), nodeCompression)),
    }
  }

  /** Requests of one API, in the order in which they came. */
  of(api: string): readonly Seen[] {
    return this.seen.filter((seen) => seen.api === api)
  }

  /** Lets everything happen that is due within so much simulated time, or until `promise` settles. */
  async run<T>(promise: Promise<T>, withinMs = 600_000): Promise<T> {
    let isSettled = false
    const watched = promise.finally(() => {
      isSettled = true
    })
    watched.catch(() => {})
    const endsAtMs = this.nowMs + withinMs
    for (;;) {
      await this.#settle()
      if (isSettled) return watched
      const next = this.#timers.reduce<DueTimer | undefined>(
        (first, timer) => (first === undefined || timer.atMs < first.atMs ? timer : first),
        undefined,
      )
      if (next === undefined || next.atMs > endsAtMs)
        throw new Error(`nothing settled within ${withinMs} ms of simulated time`)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      this.#timers = this.#timers.filter((timer) => timer !== next)
      next.due()
    }
  }

  /** Moves time on. */
  async advance(byMs: number): Promise<void> {
    await this.run(new Promise<void>((resolve) => void this.environment.timers.start(byMs, resolve)))
  }

  /** Lets the network and all promises come to rest: only then may time move. */
  async #settle(): Promise<void> {
    for (let quietRounds = 0; quietRounds < 3; quietRounds += 1) {
      const before = this.#deliveries
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (this.#deliveries !== before) quietRounds = 0
    }
  }

  async #connect(nodeId: number, opened: (socket: Socket) => SocketReader): Promise<void> {
    if (this.unreachable.has(nodeId)) throw new ConnectError('ECONNREFUSED', `no connection to ${nodeId}:9092: refused`)
    let isOpen = true
    let reader: SocketReader | undefined
    // Answers leave a connection in the order of the requests: one that takes its time holds up those behind it.
    const held: Uint8Array[] = []
    let heldUntilMs = 0
    const close = (): void => {
      if (!isOpen) return
      isOpen = false
      queueMicrotask(() => reader?.onClosed(''))
    }
    const frames = new FrameReader((frame) => {
      const answer = isOpen ? this.#answer(nodeId, frame) : undefined
      if (answer === 'hang up') close()
      else if (answer !== undefined) {
        const isNext = held.push(answer.bytes) === 1
        heldUntilMs = Math.max(heldUntilMs, this.nowMs + answer.afterMs)
        const send = (): void => {
          const bytes = held.shift()
          this.#deliveries += 1
          if (isOpen && bytes !== undefined) deliver(reader, bytes)
        }
        if (heldUntilMs > this.nowMs || !isNext) this.environment.timers.start(heldUntilMs - this.nowMs, send)
        else setImmediate(send)
      }
    })
    const socket: Socket = {
      remoteHost: String(nodeId),
      remotePort: 9092,
      localHost: 'client',
      localPort: 1,
      write: (parts, done) => {
        if (isOpen) for (const part of parts) feed(frames, part)
        setImmediate(done)
      },
      pauseReading: () => {},
      resumeReading: () => {},
      retarget: () => {},
      finish: close,
      destroy: close,
    }
    reader = opened(socket)
  }

  #answer(
    nodeId: number,
    frame: Uint8Array,
  ): { readonly bytes: Uint8Array; readonly afterMs: number } | 'hang up' | undefined {
    this.#deliveries += 1
    const reader = new Reader(frame)
    const { requestApiKey, requestApiVersion: version, correlationId } = readRequestHeader(reader)
    const api = API_TABLE.find(({ key }) => key === requestApiKey)
    if (api === undefined) throw new Error(`no API ${requestApiKey}`)
    const request = entry(`${api.name}Request`).read(reader, version)
    const call = (this.#calls.get(api.name) ?? 0) + 1
    this.#calls.set(api.name, call)
    this.seen.push({ api: api.name, version, nodeId, atMs: this.nowMs, request })
    const scripted =
      this.script[api.name]?.(request, call, nodeId) ?? (api.name === 'ApiVersions' ? this.#served() : undefined)
    if (scripted === undefined) throw new Error(`the script says nothing about ${api.name}`)
    if (scripted === 'silence') return undefined
    if (scripted === 'hang up') return scripted
    const reply = scripted instanceof Late ? scripted.reply : scripted
    const writer = new Writer()
    const startsAt = beginResponse(writer, requestApiKey, version, correlationId)
    // Who refuses a version of ApiVersions answers in the layout of version 0.
    const isRefused = api.name === 'ApiVersions' && (reply as Message).errorCode === UNSUPPORTED_VERSION
    entry(`${api.name}Response`).write(writer, reply, isRefused ? 0 : version)
    endFrame(writer, startsAt)
    if (!writer.ok) throw new Error(`the script's ${api.name} cannot be written: ${writer.reason}`)
    return { bytes: writer.finishCopy(), afterMs: scripted instanceof Late ? scripted.afterMs : 0 }
  }

  #served(): object {
    return {
      apiKeys: API_TABLE.map(({ key, name, minVersion, maxVersion }) => ({
        apiKey: key,
        minVersion,
        maxVersion: this.versions[name] ?? maxVersion,
      })),
    }
  }
}

function entry(name: string): (typeof REGISTRY)[number] {
  const found = REGISTRY.find((other) => other.name === name)
  if (found === undefined) throw new Error(`no message ${name}`)
  return found
}

function feed(frames: FrameReader, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const target = frames.target()
    const size = Math.min(target.length, bytes.length - at)
    target.set(bytes.subarray(at, at + size))
    at += size
    frames.onRead(size)
  }
}

function deliver(reader: SocketReader | undefined, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length && reader !== undefined; ) {
    const target = reader.target()
    const size = Math.min(target.length, bytes.length - at)
    target.set(bytes.subarray(at, at + size))
    at += size
    reader.onRead(size)
  }
}

/** A Metadata answer: brokers 1…n, and topics with a leader for each partition. */
export function metadata(brokerCount: number, topics: Record<string, readonly number[]>): object {
  return {
    brokers: Array.from({ length: brokerCount }, (_, index) => ({
      nodeId: index + 1,
      host: String(index + 1),
      port: 9092,
    })),
    clusterId: 'cluster',
    controllerId: 1,
    topics: Object.entries(topics).map(([name, leaders]) => ({
      name,
      partitions: leaders.map((leaderId, partitionIndex) => ({
        partitionIndex,
        leaderId,
        leaderEpoch: 1,
        replicaNodes: [1],
        isrNodes: [1],
        errorCode: leaderId < 0 ? 5 : 0,
      })),
    })),
  }
}
