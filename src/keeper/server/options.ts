import type { Admission } from './admission.ts'
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
  /** `maxClientCnxns`, for the `conf` command. */
  readonly maxClientConnections: number
  /** Who comes in; it remembers, and outlives a reign. */
  readonly admission: Admission
  readonly auth: Authenticator
  /** Containers never used are removed after this; 0 = never. */
  readonly containerUnusedMs: number
  readonly fourLetterWords: ReadonlySet<string>
  readonly localSessions: LocalSessionRules
}
