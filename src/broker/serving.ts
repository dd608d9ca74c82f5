import type { Arena, Shards } from '../shard/contract.ts'
import type { Clock, Disk } from '../io/ports.ts'
import type { Writer } from '../protocol/wire/writer.ts'
import type { Api } from './api.ts'
import type { BrokerServices } from './context.ts'
import type { FetchSessions } from './fetch/sessions.ts'
import type { FileBuffers } from './file-buffers.ts'
import type { ReplicationThrottle } from './replication/throttle.ts'
import type { Landing } from './intake.ts'
import type { OutletLinks } from './outlet.ts'
import type { Detached } from './outlet.ts'
import type { PartitionRefs } from './partition-refs.ts'
import type { RequestHead } from './request-head.ts'
import type { RequestMetrics } from './request-metrics.ts'
import type { Slabs } from './slabs.ts'

/** What all connections of one worker share. One thread, one owner: the broker. */
export interface Serving extends OutletLinks {
  readonly services: BrokerServices
  readonly shards: Shards
  readonly arena: Arena
  readonly disk: Disk
  readonly clock: Clock
  readonly slabs: Slabs
  readonly fileBuffers: FileBuffers
  readonly landing: Landing
  readonly refs: PartitionRefs
  /** By api key. */
  readonly table: ReadonlyMap<number, Api<Serving>>
  readonly sessions: FetchSessions
  /** Holds followers back that operators want held back. */
  readonly throttle: ReplicationThrottle
  readonly metrics: RequestMetrics
  /** Scratch of whoever is working right now; nothing in them outlives a call. */
  readonly head: RequestHead
  readonly writer: Writer
  readonly detached: Detached[]
  readonly limits: ServingLimits
  /** Asks for `release` of this connection at the end of the turn. */
  markReady(connection: Releasable, isTurnEnding: boolean): void
  forget(connection: Releasable): void
  /** One log line about a peer; some are held back when there are too many. */
  complain(message: string, fields: Readonly<Record<string, unknown>>): void
}

/** The limits that come from configuration. */
export interface ServingLimits {
  /** `socket.request.max.bytes`, cut to what the arena can hold. */
  readonly requestSizeMaxBytes: number
  /** `fetch.max.bytes` of the broker. */
  readonly fetchSizeMaxBytes: number
  readonly idleConnectionMs: number
}

/** A connection with answers to send. */
export interface Releasable {
  release(nowMs: number): void
}
