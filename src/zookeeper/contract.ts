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

export type WatchEventType = 'created' | 'deleted' | 'dataChanged' | 'childrenChanged' | 'session'

export interface WatchEvent {
  readonly type: WatchEventType
  readonly path: string
  /** For `session` events: what became of the session. */
  readonly state?: 'connected' | 'disconnected' | 'expired'
}

export type Watcher = (event: WatchEvent) => void

export type MultiOperation =
  | { readonly kind: 'create'; readonly path: string; readonly data: Uint8Array | null; readonly mode: CreateMode }
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
  /** Ends the session; its ephemerals vanish. */
  close(): Promise<void>
}
