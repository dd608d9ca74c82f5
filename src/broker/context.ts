/**
 * What a handler is given. One object per connection for who asks, one per worker for what can be asked.
 */
import type { BrokerConfig } from '../cluster/config/broker-config.ts'
import type { ClusterView } from '../cluster/view.ts'
import type { PeerControl } from '../cluster/contract-calls.ts'
import type { ControlPlane } from '../cluster/contract.ts'
import type { Clock, Entropy, Logger, Timers, Volume } from '../io/ports.ts'
import type { Draft } from '../protocol/wire/draft.ts'
import type { Reader } from '../protocol/wire/reader.ts'
import type { Writer } from '../protocol/wire/writer.ts'
import type { Shards } from '../shard/contract.ts'
import type { MessageSetCodec, RecordCodec } from '../wasm/contract.ts'
import type { GroupService } from './groups/contract.ts'
import type { RequestContext } from './request-context.ts'

export type { RequestContext }

/** What a worker's handlers work on. */
export interface BrokerServices {
  readonly brokerId: number
  /** What the node was started with. */
  readonly config: BrokerConfig
  readonly view: ClusterView
  readonly control: ControlPlane & PeerControl
  readonly shards: Shards
  readonly groups: GroupService
  readonly codec: RecordCodec & MessageSetCodec
  /** The file system that holds a log directory; undefined when it does not tell. */
  readonly volumeOf: (directory: string) => Volume | undefined
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly log: Logger
}

/**
 * One API on the cold path: everything but Produce and Fetch, which work on bytes in place (see produce/ and fetch/).
 *
 * `Req` and `Res` are the generated message types. A handler never throws for a peer's mistake: it answers the code.
 */
export interface ApiHandler<Req, Res> {
  readonly apiKey: number
  /** The versions served: what ApiVersions advertises (a table test compares). */
  readonly minVersion: number
  readonly maxVersion: number
  /** First version with compact types and tagged fields, which also decides the header versions; Infinity = never. */
  readonly flexibleVersion: number
  readonly read: (reader: Reader, version: number) => Req
  readonly write: (writer: Writer, response: Draft<Res>, version: number) => void
  handle(request: Req, context: RequestContext, services: BrokerServices): Draft<Res> | Promise<Draft<Res>>
}
