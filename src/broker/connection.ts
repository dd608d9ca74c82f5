// hot: per request
import { RingQueue } from '../base/ring-queue.ts'
import type { Socket, SocketReader } from '../io/ports.ts'
import { dispatch } from './dispatch.ts'
import type { Answering, InFlight, Peer } from './in-flight.ts'
import { FRAME_GARBAGE, FRAME_NONE, Intake } from './intake.ts'
import {
  ANSWER_BYTES_QUEUED_MAX,
  PREDICTED_REGION_IDLE_MS,
  REQUESTS_IN_FLIGHT_MAX,
  RESUMED_REQUEST_MS,
  STALLED_LEASE_MS,
  STALLED_REQUEST_MS,
} from './limits.ts'
import { Outlet } from './outlet.ts'
import { newClientIdMemo } from './request-head.ts'
import type { Releasable, Serving } from './serving.ts'
import { whatIsThis, whyZooKeeper } from './wrong-protocol.ts'

// One connection: requests start in the order in which they came, answers leave in that order.
//
//   Kafka handles one request of a connection at a time. Here Produce requests overlap each other, because each of them
//   has fixed its place in its partitions before the next one starts; every other request starts when all before it are
//   answered, and nothing starts while it is not. Thus a pipelined ListOffsets sees the Produce before it. Frames
//   that must wait stay where they are, and the socket is not read meanwhile: that is the back-pressure.

const PRODUCE_KEY = 0
const FETCH_KEY = 1
const JOIN_GROUP_KEY = 11
const SYNC_GROUP_KEY = 14

export class Connection implements SocketReader, Answering, Releasable {
  readonly peer: Peer
  /** When something was read or written last: monotonic milliseconds. */
  lastActiveMs: number

  readonly #serving: Serving
  readonly #socket: Socket
  readonly #intake: Intake
  readonly #outlet: Outlet
  readonly #inFlight: RingQueue<InFlight> = new RingQueue<InFlight>(REQUESTS_IN_FLIGHT_MAX)
  readonly #clientId: ReturnType<typeof newClientIdMemo> = newClientIdMemo()
  /** Started and not answered: Produce requests, and others (at most one, and then it is alone). */
  #unansweredProduces = 0
  #unansweredOthers = 0
  #isReading = true
  #resumedAtMs = 0
  #isWaitingForRoom = false
  /** On the worker's list of connections with answers to send. */
  #isReady = false
  #isAdvancing = false
  #isFirstFrame = true
  /** The peer sends no more, or we are stopping: close when what was started has been answered. */
  #isEnding = false
  /** We have given up on it; its end is on the way. */
  #isBroken = false
  #isClosed = false

  constructor(serving: Serving, socket: Socket, listener: string, nowMs: number) {
    this.#serving = serving
    this.#socket = socket
    this.lastActiveMs = nowMs
    this.peer = {
      clientHost: socket.remoteHost,
      localHost: socket.localHost,
      principal: 'User:ANONYMOUS',
      listener,
    }
    this.#intake = new Intake(serving.arena, serving.landing, serving.limits.requestSizeMaxBytes)
    this.#outlet = new Outlet(
      socket,
      serving,
      () => this.#onProgress(),
      (cause) => this.#fail(cause),
    )
  }

  // --- the socket's side

  target(): Uint8Array {
    return this.#intake.target(this.#isReading)
  }

  onRead(sizeBytes: number): void {
    // What comes after the end is not looked at.
    if (this.#isClosed || this.#isEnding || this.#isBroken) return
    this.#intake.received(sizeBytes)
    const nowMs = this.#serving.services.clock.monotonicMs()
    this.lastActiveMs = nowMs
    this.#advance(nowMs)
  }

  onPeerEnd(): void {
    // Nobody waits for a long poll or a cold answer any more; batches already staged are still acknowledged.
    if (this.#unansweredOthers > 0) this.#socket.destroy()
    else this.end()
  }

  onClosed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (let request = this.#inFlight.shift(); request !== undefined; request = this.#inFlight.shift())
      request.abandon()
    this.#outlet.close()
    this.#intake.close()
    this.#serving.forget(this)
  }

  // --- the requests' side

  answered(request: InFlight, isTurnEnding: boolean): void {
    if (request.apiKey === PRODUCE_KEY) this.#unansweredProduces -= 1
    else this.#unansweredOthers -= 1
    if (!this.#isClosed) this.#markReady(isTurnEnding)
  }

  /** At the end of a turn: everything that is answered and in order leaves in one write. */
  release(nowMs: number): void {
    this.#isReady = false
    if (this.#isClosed || this.#isBroken) return
    const { writer, detached, metrics } = this.#serving
    writer.reset()
    detached.length = 0
    let request = this.#inFlight.peek()
    while (request?.isAnswered) {
      this.#inFlight.shift()
      const broken = request.emit(writer, detached)
      metrics.count(request.apiKey, nowMs - request.startedAtMs, request.isFailed)
      if (broken !== undefined) {
        this.#fail(broken)
        return
      }
      request = this.#inFlight.peek()
    }
    this.#outlet.take(writer, detached)
    this.#outlet.flush(nowMs)
    // What went past the socket's buffers is not called back, and counts as activity all the same.
    this.lastActiveMs = nowMs
    if (this.#isEnding) this.#finishWhenDone()
    else if (!this.#isReading) this.#advance(nowMs)
  }

  // --- the worker's side

  /** Starts nothing more and closes when everything started has been answered. */
  end(): void {
    this.#isEnding = true
    this.#finishWhenDone()
  }

  /**
   * The node stops: as `end`, and nobody's long poll is waited for. It is the oldest request if there is one: nothing
   * starts beside it. Nor are the other members of a group, who are being sent away as well: as after any lost
   * connection, the member joins again elsewhere.
   */
  drain(): void {
    this.#isEnding = true
    const oldest = this.#inFlight.peek()
    const isWaitingForMembers = oldest?.apiKey === JOIN_GROUP_KEY || oldest?.apiKey === SYNC_GROUP_KEY
    if (isWaitingForMembers && oldest?.isAnswered === false) {
      this.#socket.destroy()
      return
    }
    oldest?.hurry?.()
    this.#finishWhenDone()
  }

  close(): void {
    this.#socket.destroy()
  }

  /**
   * Looks at what time has done. Called about every second.
   *
   * @returns whether the connection was closed because nothing happened on it
   */
  sweep(nowMs: number, isArenaShort: boolean): boolean {
    const outlet = this.#outlet
    if (isArenaShort && outlet.leasedRegions > 0 && nowMs - outlet.lastProgressMs > STALLED_LEASE_MS) {
      this.#fail('it has not taken its answer for a while, and producers wait for the memory: it may fetch again')
      return false
    }
    const quietMs = nowMs - this.lastActiveMs
    if (isArenaShort && this.#hasStalledRequest(nowMs, quietMs)) {
      this.#fail('it announced a request and sends no more of it, and others wait for the memory: it may send it again')
      return false
    }
    if (quietMs > PREDICTED_REGION_IDLE_MS && this.#isReading && this.#intake.isReservedAhead) {
      this.#intake.forgetPrediction()
      this.#socket.retarget()
    }
    const isWaitingForUs = this.#unansweredOthers + this.#unansweredProduces > 0
    const isIdle = quietMs > this.#serving.limits.idleConnectionMs && !isWaitingForUs
    if (isIdle) this.#socket.destroy()
    return isIdle
  }

  // --- inside

  #hasStalledRequest(nowMs: number, quietMs: number): boolean {
    if (!this.#isReading || !this.#intake.isReceivingInRegion) return false
    return quietMs > STALLED_REQUEST_MS && nowMs - this.#resumedAtMs > RESUMED_REQUEST_MS
  }

  #advance(nowMs: number): void {
    if (this.#isAdvancing || this.#isClosed || this.#isEnding || this.#isBroken) return
    this.#isAdvancing = true
    const mayRead = this.#startAll(nowMs)
    this.#isAdvancing = false
    if (this.#isClosed || this.#isBroken) return
    const hasRoom = this.#intake.settle()
    if (this.#intake.copiedBytes > 0) {
      this.#serving.shards.counters.copiedBytes += this.#intake.copiedBytes
      this.#intake.copiedBytes = 0
    }
    if (!hasRoom) this.#waitForRoom()
    this.#setReading(mayRead && hasRoom)
  }

  /** @returns whether more should be read */
  #startAll(nowMs: number): boolean {
    const intake = this.#intake
    for (;;) {
      const status = intake.next()
      if (status === FRAME_NONE) return true
      if (status === FRAME_GARBAGE) return this.#refuseGarbage()
      if (this.#isFirstFrame && !this.#isKafka()) return false
      if (!this.#mayStart()) return false
      const started = dispatch(this.#serving, this, intake, this.#clientId, nowMs)
      if (started === 'noRoom') {
        this.#waitForRoom()
        return false
      }
      if ('closeBecause' in started) {
        this.#fail(started.closeBecause)
        return false
      }
      intake.take()
      this.#inFlight.push(started)
      if (started.isAnswered) this.#markReady(false)
      else if (started.apiKey === PRODUCE_KEY) this.#unansweredProduces += 1
      else this.#unansweredOthers += 1
    }
  }

  #mayStart(): boolean {
    if (this.#unansweredOthers > 0 || this.#inFlight.isFull) return false
    if (this.#outlet.queuedBytes > ANSWER_BYTES_QUEUED_MAX) return false
    const { bytes, frameAt } = this.#intake
    const apiKey = ((bytes[frameAt] as number) << 8) | (bytes[frameAt + 1] as number)
    if (apiKey === PRODUCE_KEY) return true
    // A fetch may answer with megabytes: those before it must have left.
    if (apiKey === FETCH_KEY) return this.#inFlight.size === 0
    return this.#unansweredProduces === 0
  }

  #markReady(isTurnEnding: boolean): void {
    if (this.#isReady) return
    this.#isReady = true
    this.#serving.markReady(this, isTurnEnding)
  }

  #onProgress(): void {
    if (this.#isClosed) return
    const nowMs = this.#serving.services.clock.monotonicMs()
    this.lastActiveMs = nowMs
    this.#outlet.lastProgressMs = nowMs
    if (this.#isEnding) this.#finishWhenDone()
    else if (!this.#isReading) this.#advance(nowMs)
  }

  #waitForRoom(): void {
    if (this.#isWaitingForRoom) return
    this.#isWaitingForRoom = true
    this.#serving.arena.onRoom(() => {
      this.#isWaitingForRoom = false
      if (!this.#isClosed) this.#advance(this.#serving.services.clock.monotonicMs())
    })
  }

  #setReading(isReading: boolean): void {
    if (this.#isReading === isReading) return
    this.#isReading = isReading
    if (isReading) this.#resumedAtMs = this.#serving.services.clock.monotonicMs()
    if (isReading) this.#socket.resumeReading()
    else this.#socket.pauseReading()
  }

  #finishWhenDone(): void {
    if (this.#inFlight.size === 0 && this.#outlet.isIdle) this.#socket.finish()
  }

  #isKafka(): boolean {
    this.#isFirstFrame = false
    const { bytes, frameAt, frameEnd } = this.#intake
    const why = whyZooKeeper(bytes, frameAt, frameEnd)
    if (why !== undefined) this.#fail(why)
    return why === undefined
  }

  #refuseGarbage(): boolean {
    const { bytes, frameAt, frameEnd } = this.#intake
    const word = new DataView(bytes.buffer, bytes.byteOffset).getInt32(frameAt)
    const max = this.#serving.limits.requestSizeMaxBytes
    const known = this.#isFirstFrame ? whatIsThis(bytes, frameAt, frameEnd - frameAt) : undefined
    this.#fail(
      known ??
        `a request of ${word} bytes was announced, and a request has between 10 and ${max}: either this is no Kafka client, or socket.request.max.bytes or jackdaw.memory.bytes is too small`,
    )
    return false
  }

  #fail(cause: string): void {
    this.#isBroken = true
    const { clientHost, listener } = this.peer
    const clientId = this.#clientId.text
    this.#serving.complain(`closing the connection from ${clientHost}: ${cause}`, { clientHost, listener, clientId })
    this.#socket.destroy()
  }
}
