import type { Clock, Disk, DiskError, Entropy, Hash, Logger, Timers } from '../io/ports.ts'
import type { AdmissionRules } from './server/admission.ts'
import type { AuthRules } from './server/auth-rules.ts'
import type { KeeperChannel, KeeperConnection } from './server/channel.ts'
import type { KeeperServer } from './server/keeper-server.ts'
import type { LocalSessionRules } from './server/local-sessions.ts'
import type { StorageError } from './storage/files.ts'

/** What a keeper needs; everything with a default may be left out. Names and defaults are ZooKeeper's. */
export interface KeeperOptions {
  readonly disk: Disk
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly log: Logger
  /** `dataDir`: snapshots, in `version-2` below it. */
  readonly directory: string
  /** `dataLogDir`: the transaction log; default the same. */
  readonly logDirectory?: string
  readonly tickTimeMs?: number
  readonly minSessionTimeoutMs?: number
  readonly maxSessionTimeoutMs?: number
  readonly serverId?: number
  /** `snapCount`: transactions between snapshots; the real number is drawn from its upper half. */
  readonly snapshotEveryCount?: number
  /** `preAllocSize` in bytes. */
  readonly preallocateBytes?: number
  /** `txnLogSizeLimitInKb` in bytes; 0 = none. */
  readonly logFileBytesMax?: number
  readonly forceSync?: boolean
  readonly juteMaxBufferBytes?: number
  /** `globalOutstandingLimit`. */
  readonly outstandingMax?: number
  /** How many clients come in, and how fast. */
  readonly admission?: Partial<AdmissionRules>
  readonly extendedTypesEnabled?: boolean
  readonly enforceQuota?: boolean
  readonly skipAcl?: boolean
  /** Who may prove to be whom, and who must. */
  readonly auth?: Partial<AuthRules>
  /** Needed for SASL and for `digestAlgorithm`s other than SHA1. */
  readonly hash?: Hash
  readonly containerUnusedMs?: number
  /** Of a member of an ensemble; default: every session is everybody's. */
  readonly localSessions?: LocalSessionRules
  /** `4lw.commands.whitelist`. */
  readonly fourLetterWords?: readonly string[]
  /** `autopurge.snapRetainCount`. */
  readonly snapshotsRetained?: number
  /** `autopurge.purgeInterval`; 0 = never. */
  readonly purgeIntervalHours?: number
  /** Lines of the `conf` command besides what the keeper knows itself. */
  readonly configuration?: readonly string[]
  /** Lines of the `envi` command behind the version: `name=value`. */
  readonly environment?: readonly string[]
  /** Files and sockets of the process; undefined where the system does not tell. */
  readonly fileDescriptors?: () => { readonly openCount: number; readonly maxCount: number } | undefined
  /** The disk refused: nothing is served any more and the process should end. */
  readonly onFailed?: (error: DiskError | StorageError) => void
}

/** A snapshot by its zxid and when it was finished, wall clock. */
export interface SnapshotMark {
  readonly zxid: number
  readonly atMs: number
}

/** A standalone keeper. */
export interface Keeper {
  /**
   * Recovers the tree and begins to serve.
   *
   * @throws StorageError when the data directory cannot be trusted, DiskError when it cannot be read
   */
  start(): void
  /** Takes a client's stream, whatever carries it. */
  accept(channel: KeeperChannel): KeeperConnection
  /** Ends connections, makes the log durable and closes it. Waits for a snapshot that is being written. */
  stop(): Promise<void>
  /** Takes a snapshot now, without stopping service. @returns its path, undefined when one is being written already */
  snapshot(): Promise<string | undefined>
  /**
   * Goes on from a snapshot that somebody brought: connections end, the data until now is put aside in a directory
   * beside. Absent where a server is not alone: its ensemble would bring its own data back.
   *
   * @param path a whole file on the disk of the data directory, which is moved
   * @returns the zxid gone on from
   * @throws StorageError when it is no snapshot; nothing has changed then
   */
  restore?(path: string): Promise<number>
  /** The newest whole snapshot; undefined when there is none. */
  readonly lastSnapshot: SnapshotMark | undefined
  /** The pipeline, for metrics and the admin server; undefined before start. */
  readonly server: KeeperServer | undefined
}
