import type { Disk, Listener, Network, Socket, SocketReader, TimerHandle } from '../io/ports.ts'
import { Writer } from '../protocol/wire/writer.ts'
import { Connection } from './connection.ts'
import { ConnectionCounts, connectionCountMemory, type ConnectionLimits } from './connection-counts.ts'
import type { BrokerServices } from './context.ts'
import { FetchSessions } from './fetch/sessions.ts'
import { FileBuffers } from './file-buffers.ts'
import { handlerTable } from './handlers/table.ts'
import { Landing } from './intake.ts'
import {
  CONNECTIONS_MAX,
  DRAIN_MS,
  FETCH_SESSIONS_MAX,
  IDLE_CONNECTION_MS,
  PEER_COMPLAINTS_PER_SWEEP_MAX,
  REQUEST_SIZE_MAX_BYTES,
  SHORT_ARENA_SHARE,
  SWEEP_INTERVAL_MS,
} from './limits.ts'
import { PartitionRefs } from './partition-refs.ts'
import { LEADER_THROTTLE, ReplicationThrottle } from './replication/throttle.ts'
import { RequestHead } from './request-head.ts'
import { RequestMetrics } from './request-metrics.ts'
import type { Releasable, Serving } from './serving.ts'
import { Slabs } from './slabs.ts'

/** Kafka's `fetch.max.bytes` of a broker. */
const FETCH_SIZE_MAX_BYTES = 55 * 1024 * 1024
/** A region must be possible while others are in use. */
const REQUEST_ARENA_SHARE_MAX = 0.5
/** Rounds of answers in one turn's end: an answer that left may let the next request start and be answered at once. */
const RELEASE_ROUNDS_MAX = 64
const DRAIN_POLL_MS = 10
const UNLIMITED: ConnectionLimits = { all: Infinity, address: Infinity }

export interface BrokerOptions {
  readonly services: BrokerServices
  readonly network: Network
  readonly disk: Disk
  /** `socket.request.max.bytes` */
  readonly requestSizeMaxBytes?: number
  /** `fetch.max.bytes` */
  readonly fetchSizeMaxBytes?: number
  /** `connections.max.idle.ms`; negative = never. */
  readonly idleConnectionMs?: number
  /** Where the node's workers count their connections together; a worker that is alone counts for itself. */
  readonly connectionMemory?: SharedArrayBuffer
  /** `max.connections` and its kin. Asked at every connection, for they may change while running. */
  readonly connectionLimits?: (address: string, listener: string) => ConnectionLimits
  /** Workers of the node: each has its share of the rates that are set for the whole. Default 1. */
  readonly shardCount?: number
  /** This worker's share of `max.incremental.fetch.session.cache.slots`. */
  readonly fetchSessionsMax?: number
}

/** What `listen` needs to know about one listener. */
export interface BrokerListen {
  /** Its name, as in `listeners`. */
  readonly listener: string
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Several workers on one port. */
  readonly isPortShared: boolean
}

/** Numbers of one worker at this moment. */
export interface BrokerCounters {
  readonly connections: number
  readonly connectionsAccepted: number
  readonly connectionsRefused: number
  readonly connectionsIdled: number
  readonly fetchSessions: number
  readonly fileBuffersInUse: number
}

/** The serving half of one worker. */
export interface Broker {
  /** @returns where it listens now */
  listen(options: BrokerListen): Promise<{ readonly host: string; readonly port: number }>
  /** Accepts no more, lets requests in flight be answered for `drainMs` (long polls at once), then closes all connections. */
  stop(drainMs?: number): Promise<void>
  readonly counters: BrokerCounters
  /** Counted in shared memory: `memory` may be handed to another thread and read there. */
  readonly metrics: RequestMetrics
}

/** Wires the serving half of one worker. Registers itself at `services.shards.onTurnEnd`. */
export function createBroker(options: BrokerOptions): Broker {
  return new WorkerBroker(options)
}

class WorkerBroker implements Broker {
  readonly metrics: RequestMetrics = new RequestMetrics()
  readonly #serving: Serving
  readonly #network: Network
  readonly #options: BrokerOptions
  /** With the addresses that they come from. */
  readonly #connections = new Map<Connection, string>()
  readonly #counts: ConnectionCounts
  readonly #listeners: Listener[] = []
  #ready: Releasable[] = []
  #releasing: Releasable[] = []
  #accepted = 0
  #refused = 0
  #idled = 0
  #complaints = 0
  #isStopping = false
  #sweepTimer: TimerHandle | undefined

  constructor(options: BrokerOptions) {
    const { services, disk, network } = options
    const { shards } = services
    const { arena } = shards
    this.#network = network
    this.#options = options
    this.#counts = new ConnectionCounts(options.connectionMemory ?? connectionCountMemory())
    const idleConnectionMs = options.idleConnectionMs ?? IDLE_CONNECTION_MS
    const requestSizeMaxBytes = options.requestSizeMaxBytes ?? REQUEST_SIZE_MAX_BYTES
    this.#serving = {
      services,
      shards,
      arena,
      disk,
      clock: services.clock,
      slabs: new Slabs(),
      fileBuffers: new FileBuffers(),
      landing: new Landing(arena),
      refs: new PartitionRefs(),
      table: handlerTable(),
      throttle: new ReplicationThrottle(
        services.view,
        services.clock,
        services.brokerId,
        options.shardCount ?? 1,
        LEADER_THROTTLE,
      ),
      sessions: new FetchSessions(services.entropy, options.fetchSessionsMax ?? FETCH_SESSIONS_MAX),
      metrics: this.metrics,
      head: new RequestHead(),
      writer: new Writer(),
      detached: [],
      limits: {
        requestSizeMaxBytes: Math.min(requestSizeMaxBytes, Math.floor(arena.sizeBytesMax * REQUEST_ARENA_SHARE_MAX)),
        fetchSizeMaxBytes: options.fetchSizeMaxBytes ?? FETCH_SIZE_MAX_BYTES,
        idleConnectionMs: idleConnectionMs < 0 ? Infinity : idleConnectionMs,
      },
      markReady: (connection, isTurnEnding) => this.#markReady(connection, isTurnEnding),
      forget: (connection) => this.#forget(connection as Connection),
      complain: (message, fields) => this.#complain(message, fields),
    }
    shards.onTurnEnd(() => this.#releaseReady())
  }

  get counters(): BrokerCounters {
    return {
      connections: this.#connections.size,
      connectionsAccepted: this.#accepted,
      connectionsRefused: this.#refused,
      connectionsIdled: this.#idled,
      fetchSessions: this.#serving.sessions.size,
      fileBuffersInUse: this.#serving.fileBuffers.inUse,
    }
  }

  async listen(options: BrokerListen): Promise<{ readonly host: string; readonly port: number }> {
    const { host, port, isPortShared, listener } = options
    const accept = (socket: Socket) => this.#accept(socket, listener)
    const listening = await this.#network.listen({ host, port, isPortShared, backlog: 511 }, accept)
    this.#listeners.push(listening)
    this.#startSweeping()
    return { host: listening.host, port: listening.port }
  }

  async stop(drainMs: number = DRAIN_MS): Promise<void> {
    this.#isStopping = true
    const { timers, clock } = this.#serving.services
    await Promise.all(this.#listeners.map((listener) => listener.close()))
    for (const connection of [...this.#connections.keys()]) connection.drain()
    const deadlineMs = clock.monotonicMs() + drainMs
    while (this.#connections.size > 0 && clock.monotonicMs() < deadlineMs) {
      await new Promise<void>((resolve) => timers.start(DRAIN_POLL_MS, resolve))
    }
    for (const connection of [...this.#connections.keys()]) connection.close()
    if (this.#sweepTimer !== undefined) timers.cancel(this.#sweepTimer)
  }

  #accept(socket: Socket, listener: string): SocketReader | undefined {
    const address = socket.remoteHost
    const refusal = this.#whyRefused(address, listener)
    if (refusal !== undefined) {
      this.#refused += 1
      this.#serving.complain(`refusing a connection from ${address}: ${refusal}`, { listener })
      return undefined
    }
    this.#accepted += 1
    const connection = new Connection(this.#serving, socket, listener, this.#serving.services.clock.monotonicMs())
    this.#connections.set(connection, address)
    return connection
  }

  /** Counts it when there is no reason. */
  #whyRefused(address: string, listener: string): string | undefined {
    if (this.#isStopping) return 'the node stops'
    if (this.#connections.size >= CONNECTIONS_MAX)
      return `there are ${this.#connections.size}, and a worker takes no more`
    const limits = this.#options.connectionLimits?.(address, listener) ?? UNLIMITED
    switch (this.#counts.enter(address, limits)) {
      case 'all':
        return `there are ${this.#counts.total}, and max.connections allows no more`
      case 'address':
        return `it has ${limits.address}, and max.connections.per.ip allows no more`
      case undefined:
        return undefined
    }
  }

  #forget(connection: Connection): void {
    const address = this.#connections.get(connection)
    if (address === undefined) return
    this.#connections.delete(connection)
    this.#counts.leave(address)
  }

  #markReady(connection: Releasable, isTurnEnding: boolean): void {
    this.#ready.push(connection)
    if (!isTurnEnding) this.#serving.shards.scheduleTurn()
  }

  /** hot: per turn. Answers of one turn leave in one write per connection. */
  #releaseReady(): void {
    if (this.#ready.length === 0) return
    const nowMs = this.#serving.services.clock.monotonicMs()
    for (let round = 0; round < RELEASE_ROUNDS_MAX && this.#ready.length > 0; round += 1) {
      const releasing = this.#ready
      this.#ready = this.#releasing
      for (let index = 0; index < releasing.length; index += 1) (releasing[index] as Releasable).release(nowMs)
      releasing.length = 0
      this.#releasing = releasing
    }
    if (this.#ready.length > 0) this.#serving.shards.scheduleTurn()
  }

  #startSweeping(): void {
    if (this.#sweepTimer !== undefined) return
    const { timers } = this.#serving.services
    this.#sweepTimer = timers.start(SWEEP_INTERVAL_MS, () => {
      this.#sweepTimer = undefined
      this.#sweep()
      if (!this.#isStopping) this.#startSweeping()
    })
  }

  #sweep(): void {
    const { services, arena, fileBuffers } = this.#serving
    const nowMs = services.clock.monotonicMs()
    const isArenaShort = arena.hasWaiters || arena.usedBytes > arena.sizeBytesMax * SHORT_ARENA_SHARE
    for (const connection of this.#connections.keys()) if (connection.sweep(nowMs, isArenaShort)) this.#idled += 1
    fileBuffers.trim()
    if (this.#complaints > PEER_COMPLAINTS_PER_SWEEP_MAX) {
      const heldBack = this.#complaints - PEER_COMPLAINTS_PER_SWEEP_MAX
      services.log.warn(`${heldBack} more connections were closed or refused in the last second`)
    }
    this.#complaints = 0
  }

  #complain(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.#complaints += 1
    if (this.#complaints <= PEER_COMPLAINTS_PER_SWEEP_MAX) this.#serving.services.log.warn(message, fields)
  }
}
