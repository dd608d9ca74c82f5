import type { Authenticator } from './auth-connection.ts'
import type { LocalSessionRules } from './local-sessions.ts'
import type { PrepareRules } from './prepare.ts'

/** What a server is run with; names of ZooKeeper's own keys are beside `KeeperOptions`. */
export interface KeeperServerOptions extends PrepareRules {
  readonly tickTimeMs: number
  readonly minSessionTimeoutMs: number
  readonly maxSessionTimeoutMs: number
  /** Top byte of session ids; 1 standalone. */
  readonly serverId: number
  /** Longest frame taken from a client, bytes. */
  readonly juteMaxBufferBytes: number
  /** Undecided writes beyond which connections are not read. */
  readonly outstandingMax: number
  /** Connections from one address; 0 = any number. In-process ones (port 0) do not count. */
  readonly maxClientConnections: number
  readonly auth: Authenticator
  /** Containers never used are removed after this; 0 = never. */
  readonly containerUnusedMs: number
  readonly fourLetterWords: ReadonlySet<string>
  readonly localSessions: LocalSessionRules
}
