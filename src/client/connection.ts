import { RingQueue } from '../base/ring-queue.ts'
import { ConnectError, type Socket, type SocketReader, type TimerHandle } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import {
  type ApiVersionsResponse,
  apiVersionsApi,
  readApiVersionsResponse,
  writeApiVersionsRequest,
} from '../protocol/generated/18-api-versions.ts'
import type { Draft } from '../protocol/wire/draft.ts'
import { beginRequest, endFrame, readResponseHeader } from '../protocol/wire/header.ts'
import { Reader } from '../protocol/wire/reader.ts'
import { Writer } from '../protocol/wire/writer.ts'
import { type ApiCall, apiCall, commonVersion, type VersionRange } from './api-call.ts'
import type { ClientEnvironment } from './environment.ts'
import {
  BrokerError,
  ClientError,
  ConnectionError,
  LimitError,
  TimeoutError,
  UnsupportedVersionError,
} from './errors.ts'
import { FrameReader } from './frame-reader.ts'
import { IN_FLIGHT_MAX, UNSENT_MAX } from './limits.ts'

/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

export interface ConnectionOptions {
  readonly clientId: string
  readonly connectTimeoutMs: number
  readonly requestTimeoutMs: number
}

const SOFTWARE_NAME = 'jackdaw'
const SOFTWARE_VERSION = '0.1.0'
const CORRELATION_ID_MAX = 0x7fff_ffff

/** A request from the moment it was asked for until its answer was read. */
interface Exchange {
  readonly layout: { readonly key: number; readonly name: string }
  readonly version: number
  readonly write: (writer: Writer) => void
  readonly settle: (reader: Reader) => void
  readonly fail: (error: Error) => void
  readonly timeoutMs: number
  readonly expectsAnswer: boolean
  correlationId: number
  timer: TimerHandle | undefined
}

/**
 * One connection to one broker. Requests leave in the order in which they were asked for, pipelined; answers come in the
 * same order. Each request is given up after its timeout, and the connection with it: the answers behind a lost one cannot
 * be told from each other's delay.
 */
export class Connection implements SocketReader {
  readonly address: BrokerAddress
  readonly #environment: ClientEnvironment
  readonly #options: ConnectionOptions
  readonly #frames: FrameReader
  readonly #inFlight: RingQueue<Exchange> = new RingQueue<Exchange>(IN_FLIGHT_MAX)
  readonly #unsent: RingQueue<Exchange> = new RingQueue<Exchange>(UNSENT_MAX)
  readonly #versions: Map<number, VersionRange> = new Map()
  readonly #onClosed: (() => void)[] = []
  #socket: Socket | undefined
  #closedWith: Error | undefined
  #correlationId = 0
  #throttledUntilMs = 0
  #hasTimedOut = false

  private constructor(environment: ClientEnvironment, address: BrokerAddress, options: ConnectionOptions) {
    this.#environment = environment
    this.address = address
    this.#options = options
    this.#frames = new FrameReader((frame) => this.#onFrame(frame))
  }

  /**
   * Reaches a broker and learns which versions it serves.
   *
   * @throws ConnectionError, TimeoutError, UnsupportedVersionError
   */
  static async open(
    environment: ClientEnvironment,
    address: BrokerAddress,
    options: ConnectionOptions,
  ): Promise<Connection> {
    const connection = new Connection(environment, address, options)
    const { host, port } = address
    try {
      await environment.connector.connect({ host, port, timeoutMs: options.connectTimeoutMs }, (socket) => {
        connection.#socket = socket
        return connection
      })
    } catch (error) {
      if (error instanceof ConnectError) throw new ConnectionError(error.code, error.message)
      throw error
    }
    try {
      await connection.#negotiate()
    } catch (error) {
      connection.close()
      throw error
    }
    return connection
  }

  get isClosed(): boolean {
    return this.#closedWith !== undefined
  }

  /** It was given up because an answer did not come. */
  get hasTimedOut(): boolean {
    return this.#hasTimedOut
  }

  /** Requests sent and not answered. */
  get inFlightCount(): number {
    return this.#inFlight.size
  }

  /** Runs `listener` when the connection is gone, whatever the reason; at once when it already is. */
  whenClosed(listener: () => void): void {
    if (this.isClosed) listener()
    else this.#onClosed.push(listener)
  }

  /** Newest version of an API that both sides master; undefined when there is none. */
  versionOf(call: ApiCall<never, unknown>): number | undefined {
    return commonVersion(call, this.#versions.get(call.layout.key))
  }

  /**
   * Sends a request in the newest version that both sides master.
   *
   * @param timeoutMs how long to wait for the answer; it should exceed what the request asks the broker to wait
   * @throws (rejects with) ConnectionError or TimeoutError, after which nobody knows whether the broker did it;
   *   UnsupportedVersionError, LimitError when it was not sent
   */
  request<Request, Response>(
    call: ApiCall<Request, Response>,
    message: Draft<Request>,
    timeoutMs: number = this.#options.requestTimeoutMs,
  ): Promise<Response> {
    const version = this.versionOf(call as ApiCall<never, unknown>)
    if (version === undefined) return Promise.reject(this.#unsupported(call))
    return this.#exchange(call, message, version, timeoutMs)
  }

  /**
   * Sends a request that has no answer (a produce with acks 0). Resolves when the system has taken its bytes.
   *
   * @throws (rejects with) as `request`
   */
  sendOnly<Request>(call: ApiCall<Request, unknown>, message: Draft<Request>): Promise<void> {
    const version = this.versionOf(call as ApiCall<never, unknown>)
    if (version === undefined) return Promise.reject(this.#unsupported(call))
    return new Promise((resolve, reject) => {
      this.#ask({
        layout: call.layout,
        version,
        write: (writer) => call.write(writer, message, version),
        settle: () => resolve(),
        fail: reject,
        timeoutMs: this.#options.requestTimeoutMs,
        expectsAnswer: false,
        correlationId: 0,
        timer: undefined,
      })
    })
  }

  /** Ends the connection; what is in flight fails. */
  close(): void {
    this.#end(new ConnectionError('', `the connection to ${this.#name()} was closed by this client`))
  }

  target(): Uint8Array {
    return this.#frames.target()
  }

  onRead(sizeBytes: number): void {
    if (this.isClosed) return
    const problem = this.#frames.onRead(sizeBytes)
    if (problem !== undefined) this.#end(new ConnectionError('', `${this.#name()}: ${problem}`))
  }

  onPeerEnd(): void {
    this.#end(new ConnectionError('', `${this.#name()} closed the connection`))
  }

  onClosed(cause: string): void {
    const why = cause === '' ? 'closed the connection' : `the connection broke: ${cause}`
    this.#end(new ConnectionError('', `${this.#name()} ${why}`))
  }

  async #negotiate(): Promise<void> {
    const first = await this.#askVersions(Math.min(apiVersionsApi.maxVersion, API_VERSIONS_FIRST))
    let answer = first
    if (first.errorCode === ErrorCode.unsupportedVersion) {
      // The broker is older: its answer has the layout of version 0 and may say what it does serve.
      const served = first.apiKeys.find((api) => api.apiKey === apiVersionsApi.key)
      answer = await this.#askVersions(Math.min(served?.maxVersion ?? 0, API_VERSIONS_FIRST))
    }
    if (answer.errorCode !== 0) throw new BrokerError(answer.errorCode, `ApiVersions of ${this.#name()}`)
    for (const { apiKey, minVersion, maxVersion } of answer.apiKeys) {
      this.#versions.set(apiKey, { min: minVersion, max: maxVersion })
    }
  }

  #askVersions(version: number): Promise<ApiVersionsResponse> {
    const message = { clientSoftwareName: SOFTWARE_NAME, clientSoftwareVersion: SOFTWARE_VERSION }
    return this.#exchange(API_VERSIONS, message, version, this.#options.requestTimeoutMs)
  }

  #exchange<Request, Response>(
    call: ApiCall<Request, Response>,
    message: Draft<Request>,
    version: number,
    timeoutMs: number,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#ask({
        layout: call.layout,
        version,
        write: (writer) => call.write(writer, message, version),
        settle: (reader) => {
          const response = call.read(reader, version)
          if (!reader.ok) {
            const error = new ClientError(
              `${this.#name()} answered ${call.layout.name} ${version} unreadably: ${reader.reason}`,
            )
            reject(error)
            this.#end(error)
            return
          }
          this.#heedThrottle(response)
          resolve(response)
        },
        fail: reject,
        timeoutMs,
        expectsAnswer: true,
        correlationId: 0,
        timer: undefined,
      })
    })
  }

  #ask(exchange: Exchange): void {
    if (this.#closedWith !== undefined) {
      exchange.fail(this.#closedWith)
      return
    }
    if (this.#unsent.isFull) {
      exchange.fail(
        new LimitError(`${UNSENT_MAX} requests already wait for ${this.#name()}: wait for answers before asking more`),
      )
      return
    }
    exchange.timer = this.#environment.timers.start(exchange.timeoutMs, () => this.#onTimeout(exchange))
    this.#unsent.push(exchange)
    this.#pump()
  }

  /** Sends what waits, as far as the bound on requests in flight and the broker's throttling allow. */
  #pump(): void {
    const socket = this.#socket
    if (socket === undefined || this.isClosed) return
    if (this.#environment.clock.monotonicMs() < this.#throttledUntilMs) return
    while (this.#unsent.size > 0 && !this.#inFlight.isFull) {
      const exchange = this.#unsent.shift() as Exchange
      const writer = new Writer()
      exchange.correlationId = this.#correlationId
      this.#correlationId = this.#correlationId === CORRELATION_ID_MAX ? 0 : this.#correlationId + 1
      const startsAt = beginRequest(
        writer,
        exchange.layout.key,
        exchange.version,
        exchange.correlationId,
        this.#options.clientId,
      )
      exchange.write(writer)
      endFrame(writer, startsAt)
      if (!writer.ok) {
        this.#cancelTimer(exchange)
        exchange.fail(
          new UnsupportedVersionError(
            `${exchange.layout.name} ${exchange.version} cannot say this to ${this.#name()}: ${writer.reason}`,
          ),
        )
        continue
      }
      if (exchange.expectsAnswer) this.#inFlight.push(exchange)
      socket.write([writer.finish()], () => {
        if (!exchange.expectsAnswer) this.#finishUnanswered(exchange)
      })
    }
  }

  #finishUnanswered(exchange: Exchange): void {
    this.#cancelTimer(exchange)
    if (this.#closedWith === undefined) exchange.settle(new Reader(new Uint8Array(0)))
    else exchange.fail(this.#closedWith)
  }

  #onFrame(frame: Uint8Array): void {
    if (this.isClosed) return
    const exchange = this.#inFlight.shift()
    if (exchange === undefined) {
      this.#end(new ClientError(`${this.#name()} sent an answer nobody asked for`))
      return
    }
    this.#cancelTimer(exchange)
    const reader = new Reader(frame)
    const header = readResponseHeader(reader, exchange.layout.key, exchange.version)
    if (!reader.ok || header.correlationId !== exchange.correlationId) {
      const error = new ClientError(
        `${this.#name()} answered request ${header.correlationId} where ${exchange.correlationId} (${exchange.layout.name}) was due`,
      )
      exchange.fail(error)
      this.#end(error)
      return
    }
    exchange.settle(reader)
    this.#pump()
  }

  #onTimeout(exchange: Exchange): void {
    exchange.timer = undefined
    const error = new TimeoutError(
      `${this.#name()} did not answer ${exchange.layout.name} within ${exchange.timeoutMs} ms`,
    )
    exchange.fail(error)
    this.#hasTimedOut = true
    this.#end(new ConnectionError('', `given up: ${error.message}`))
  }

  /** A broker that throttles expects the client to keep quiet; asking on would only be delayed by it. */
  #heedThrottle(response: unknown): void {
    const throttleTimeMs = (response as { readonly throttleTimeMs?: number }).throttleTimeMs ?? 0
    if (throttleTimeMs <= 0) return
    this.#throttledUntilMs = this.#environment.clock.monotonicMs() + throttleTimeMs
    this.#environment.timers.start(throttleTimeMs, () => {
      this.#throttledUntilMs = 0
      this.#pump()
    })
  }

  #end(error: Error): void {
    if (this.#closedWith !== undefined) return
    this.#closedWith = error
    this.#socket?.destroy()
    for (const queue of [this.#inFlight, this.#unsent]) {
      for (let exchange = queue.shift(); exchange !== undefined; exchange = queue.shift()) {
        this.#cancelTimer(exchange)
        exchange.fail(error)
      }
    }
    for (const listener of this.#onClosed.splice(0)) listener()
  }

  #cancelTimer(exchange: Exchange): void {
    if (exchange.timer !== undefined) this.#environment.timers.cancel(exchange.timer)
    exchange.timer = undefined
  }

  #unsupported<Request>(call: ApiCall<Request, unknown>): Error {
    const served = this.#versions.get(call.layout.key)
    const theirs = served === undefined ? 'does not serve it' : `serves versions ${served.min} to ${served.max}`
    return new UnsupportedVersionError(
      `${call.layout.name}: this client needs version ${call.minVersion} to ${call.maxVersion}, ${this.#name()} ${theirs}`,
    )
  }

  #name(): string {
    return `${this.address.host}:${this.address.port}`
  }
}

/** Newest version this client asks in: the ones after it only add fields for a client that knows the node it wants. */
const API_VERSIONS_FIRST = 4

const API_VERSIONS: ApiCall<Parameters<typeof writeApiVersionsRequest>[1], ApiVersionsResponse> = apiCall(
  apiVersionsApi,
  writeApiVersionsRequest,
  readVersionsAnswer,
)

/** An answer of UNSUPPORTED_VERSION has the layout of version 0, whatever was asked. */
function readVersionsAnswer(reader: Reader, version: number): ApiVersionsResponse {
  const startsAt = reader.at
  const errorCode = reader.int16()
  reader.at = startsAt
  return readApiVersionsResponse(reader, errorCode === ErrorCode.unsupportedVersion ? 0 : version)
}
