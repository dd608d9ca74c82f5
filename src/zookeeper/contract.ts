/**
 * What Jackdaw needs of ZooKeeper, whichever server is behind it: the embedded keeper through a message port, a keeper
 * elsewhere or a real ZooKeeper through TCP. The shape follows ZooKeeper's own client: one session, ordered replies,
 * one-shot watches.
 */

export interface Stat {
  readonly czxid: number
  readonly mzxid: number
  readonly ctimeMs: number
  readonly mtimeMs: number
  readonly version: number
  readonly cversion: number
  readonly aversion: number
  /** Session id in hexadecimal; '0' for a node that no session owns. */
  readonly ephemeralOwner: string
  readonly dataLength: number
  readonly numChildren: number
  readonly pzxid: number
}

/** ZooKeeper's error codes that callers decide on. */
export const KeeperErrorCode = {
  ok: 0,
  connectionLoss: -4,
  marshallingError: -5,
  unimplemented: -6,
  badArguments: -8,
  noNode: -101,
  noAuth: -102,
  badVersion: -103,
  noChildrenForEphemerals: -108,
  nodeExists: -110,
  notEmpty: -111,
  sessionExpired: -112,
  invalidAcl: -114,
  authFailed: -115,
  sessionMoved: -118,
  noWatcher: -121,
  quotaExceeded: -125,
} as const

/** A refused operation. `code` is ZooKeeper's. */
export class KeeperError extends Error {
  override readonly name: string = 'KeeperError'
  readonly code: number
  readonly path: string

  constructor(code: number, path: string, message: string) {
    super(message)
    this.code = code
    this.path = path
  }
}

export type CreateMode = 'persistent' | 'ephemeral' | 'persistent-sequential' | 'ephemeral-sequential' | 'container'

/** The `…WatchRemoved` types are made by the client itself, for whom `removeWatches` takes a watch away. */
export type WatchEventType =
  | 'created'
  | 'deleted'
  | 'dataChanged'
  | 'childrenChanged'
  | 'session'
  | 'dataWatchRemoved'
  | 'childWatchRemoved'
  | 'persistentWatchRemoved'

export interface WatchEvent {
  readonly type: WatchEventType
  readonly path: string
  /** For `session` events: what became of the session. */
  readonly state?: 'connected' | 'disconnected' | 'expired' | 'authFailed' | 'closed'
  /** The transaction that caused it; -1 from servers before 3.9, absent where the client made the event. */
  readonly zxid?: number
}

export type Watcher = (event: WatchEvent) => void

/** Who may do what: permission bits (read 1, write 2, create 4, delete 8, admin 16) for an id of a scheme. */
export interface AclEntry {
  readonly permissions: number
  /** world, auth, digest, ip, x509, sasl … */
  readonly scheme: string
  readonly id: string
}

export interface CreateOptions {
  /** Default persistent. */
  readonly mode?: CreateMode
  /** The node goes when it is empty and unchanged for so long. For the two persistent modes only; the server must allow it. */
  readonly ttlMs?: number
  /** Default the client's own. */
  readonly acl?: readonly AclEntry[]
}

export type MultiOperation =
  | {
      readonly kind: 'create'
      readonly path: string
      readonly data: Uint8Array | null
      readonly mode: CreateMode
      /** As in `CreateOptions`. */
      readonly ttlMs?: number
      readonly acl?: readonly AclEntry[]
    }
  | { readonly kind: 'set'; readonly path: string; readonly data: Uint8Array | null; readonly version: number }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | { readonly kind: 'check'; readonly path: string; readonly version: number }

export type MultiResult =
  | { readonly kind: 'create'; readonly path: string; readonly stat: Stat | undefined }
  | { readonly kind: 'set'; readonly stat: Stat }
  | { readonly kind: 'delete' }
  | { readonly kind: 'check' }
  | { readonly kind: 'error'; readonly code: number }

/** One session. Requests are answered in order; a watch fires before the reply that could reveal its change. */
export interface ZooKeeperClient {
  /** Session id in hexadecimal. */
  readonly sessionId: string
  /** @returns the path made, with its number when sequential @throws KeeperError */
  create(
    path: string,
    data: Uint8Array | null,
    mode?: CreateMode,
  ): Promise<{ readonly path: string; readonly stat: Stat }>
  delete(path: string, version?: number): Promise<void>
  /** @returns undefined when there is no such node */
  exists(path: string, watcher?: Watcher): Promise<Stat | undefined>
  getData(path: string, watcher?: Watcher): Promise<{ readonly data: Uint8Array | null; readonly stat: Stat }>
  setData(path: string, data: Uint8Array | null, version?: number): Promise<Stat>
  getChildren(path: string, watcher?: Watcher): Promise<{ readonly children: readonly string[]; readonly stat: Stat }>
  /** All or nothing. On refusal resolves with one `error` result per operation rather than throwing. */
  multi(operations: readonly MultiOperation[]): Promise<readonly MultiResult[]>
  /** Waits until the server has caught up with the leader. */
  sync(path: string): Promise<void>
  /** Session events (disconnected, connected, expired). */
  onSession(watcher: Watcher): void
  /** Ends the session; its ephemerals vanish. A second call leaves at once: whether the server has ended it is unknown then. */
  close(): Promise<void>
}

/** `persistent`: all events of the node and its list of children. `recursive`: events of it and of all below, no lists. */
export type AddWatchMode = 'persistent' | 'recursive'

/** Which watches to take away. */
export type RemovableWatches = 'children' | 'data' | 'any' | 'persistent' | 'recursive'

export type ReadOperation =
  | { readonly kind: 'getData'; readonly path: string }
  | { readonly kind: 'getChildren'; readonly path: string }

export type ReadResult =
  | { readonly kind: 'getData'; readonly data: Uint8Array | null; readonly stat: Stat }
  | { readonly kind: 'getChildren'; readonly children: readonly string[] }
  | { readonly kind: 'error'; readonly code: number }

/** One identity that a session has on the server. */
export interface SessionIdentity {
  readonly scheme: string
  readonly user: string
}

/** Everything ZooKeeper's protocol offers a client, for the shell and for programs; Jackdaw's own needs are above. */
export interface ZooKeeperFullClient extends ZooKeeperClient {
  readonly state: 'connecting' | 'connected' | 'closed'
  /** Milliseconds; what the server granted. */
  readonly sessionTimeoutMs: number
  createNode(
    path: string,
    data: Uint8Array | null,
    options: CreateOptions,
  ): Promise<{ readonly path: string; readonly stat: Stat }>
  /** Digest ids come back without their hash unless the session may administer the node. */
  getAcl(path: string): Promise<{ readonly acl: readonly AclEntry[]; readonly stat: Stat }>
  /** @param version of the access list (`aversion`), -1 = any */
  setAcl(path: string, acl: readonly AclEntry[], version?: number): Promise<Stat>
  /**
   * Gives the session an identity, here and on every server it moves to. Requests made afterwards have it.
   *
   * @throws KeeperError authFailed (as a rejection); the session is over then
   */
  addAuth(scheme: string, auth: Uint8Array | null): Promise<void>
  /** A watch that stays. */
  addWatch(path: string, mode: AddWatchMode, watcher: Watcher): Promise<void>
  /**
   * Takes away all of this client's watches of one type on a path and tells them so.
   *
   * @param isLocalEnough forget them also when the server cannot be told
   * @throws KeeperError noWatcher (as a rejection) when there are none
   */
  removeWatches(path: string, type: RemovableWatches, isLocalEnough?: boolean): Promise<void>
  /** Ephemerals of this session at and below a path; default all. */
  getEphemerals(path?: string): Promise<readonly string[]>
  /** @returns how many nodes are below a path */
  getAllChildrenNumber(path: string): Promise<number>
  /** Each read fails or succeeds alone. Not one moment in time: other sessions' writes may come between. */
  multiRead(operations: readonly ReadOperation[]): Promise<readonly ReadResult[]>
  whoAmI(): Promise<readonly SessionIdentity[]>
}
