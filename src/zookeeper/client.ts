import type { ACL } from '../jute/generated/data.ts'
import { readGetACLResponse, readWhoAmIResponse, writeSetACLRequest } from '../jute/generated/proto.ts'
import { Operation, Permission, AddWatchMode as WireWatchMode, WatcherType } from '../jute/operations.ts'
import type { JuteReader } from '../jute/reader.ts'
import type { JuteWriter } from '../jute/writer.ts'
import {
  type AclEntry,
  type AddWatchMode,
  type CreateMode,
  type CreateOptions,
  KeeperError,
  KeeperErrorCode,
  type MultiOperation,
  type MultiResult,
  type ReadOperation,
  type ReadResult,
  type RemovableWatches,
  type SessionIdentity,
  type Stat,
  type WatchEventType,
  type Watcher,
  type ZooKeeperFullClient,
} from './contract.ts'
import {
  aclOf,
  createOperation,
  readMultiReadResults,
  readMultiResults,
  readNames,
  readStatOf,
  statOf,
  wireAcl,
  writeCreate,
  writeMultiReadRequest,
  writeMultiRequest,
} from './requests.ts'
import { errorText } from './error-text.ts'
import { type SessionOptions, ZooKeeperSession } from './session.ts'
import type { WatchKind } from './watch-registry.ts'

const openAcl: readonly ACL[] = [{ perms: Permission.all, id: { scheme: 'world', id: 'anyone' } }]

export interface ZooKeeperClientOptions extends SessionOptions {
  /** Every path of this client lies below it: '/kafka'. Default none. */
  readonly chroot?: string
  /** Access list of the nodes made; default open to everybody. */
  readonly acl?: readonly ACL[]
}

/**
 * Opens a session.
 *
 * @returns the client, once the server has made its session
 * @throws KeeperError connectionLoss (as a rejection) when there is no session within `connectTimeoutMs`
 */
export function connectZooKeeper(options: ZooKeeperClientOptions): Promise<ZooKeeperFullClient> {
  const session = new ZooKeeperSession(options)
  return session.open().then(() => new SessionClient(session, options.chroot ?? '', options.acl ?? openAcl))
}

/**
 * The operations over one session. Methods hand back the session's own promises, untouched: a wrapper that awaits would
 * let a watch event that arrived behind a reply be seen before it.
 */
class SessionClient implements ZooKeeperFullClient {
  readonly #session: ZooKeeperSession
  readonly #chroot: string
  readonly #acl: readonly ACL[]
  /** Under a chroot: the caller's watcher → the one that tells it paths as it knows them. One each, so that it is told once. */
  readonly #translated = new WeakMap<Watcher, Watcher>()

  constructor(session: ZooKeeperSession, chroot: string, acl: readonly ACL[]) {
    this.#session = session
    this.#chroot = chroot === '/' ? '' : chroot
    this.#acl = acl
  }

  get sessionId(): string {
    return this.#session.sessionIdHex
  }

  get state(): 'connecting' | 'connected' | 'closed' {
    return this.#session.state
  }

  get sessionTimeoutMs(): number {
    return this.#session.timeoutMs
  }

  create(
    path: string,
    data: Uint8Array | null,
    mode: CreateMode = 'persistent',
  ): Promise<{ readonly path: string; readonly stat: Stat }> {
    return this.createNode(path, data, { mode })
  }

  createNode(
    path: string,
    data: Uint8Array | null,
    options: CreateOptions,
  ): Promise<{ readonly path: string; readonly stat: Stat }> {
    return this.#request(
      createOperation(options),
      path,
      (writer, serverPath) => writeCreate(writer, serverPath, data, options, this.#acl),
      (reader) => ({ path: this.#callerPath(reader.string() ?? ''), stat: readStatOf(reader) }),
    )
  }

  delete(path: string, version: number = -1): Promise<void> {
    return this.#request(
      Operation.delete,
      path,
      (writer, serverPath) => {
        writer.string(serverPath)
        writer.int32(version)
      },
      () => undefined,
    )
  }

  exists(path: string, watcher?: Watcher): Promise<Stat | undefined> {
    const serverPath = this.#serverPath(path)
    return this.#session.request<Stat | undefined>({
      operation: Operation.exists,
      path,
      write: (writer) => writePathAndWatch(writer, serverPath, watcher !== undefined),
      read: readStatOf,
      onCode: (code) => {
        if (code !== KeeperErrorCode.noNode) return false
        this.#watch('exists', serverPath, watcher)
        return true
      },
      onSuccess: () => this.#watch('data', serverPath, watcher),
    })
  }

  getData(path: string, watcher?: Watcher): Promise<{ readonly data: Uint8Array | null; readonly stat: Stat }> {
    return this.#watched(Operation.getData, 'data', path, watcher, (reader) => {
      const data = reader.buffer()
      return { data: data === null ? null : data.slice(), stat: readStatOf(reader) }
    })
  }

  setData(path: string, data: Uint8Array | null, version: number = -1): Promise<Stat> {
    return this.#request(
      Operation.setData,
      path,
      (writer, serverPath) => {
        writer.string(serverPath)
        writer.buffer(data)
        writer.int32(version)
      },
      readStatOf,
    )
  }

  getChildren(path: string, watcher?: Watcher): Promise<{ readonly children: readonly string[]; readonly stat: Stat }> {
    return this.#watched(Operation.getChildren2, 'child', path, watcher, (reader) => ({
      children: readNames(reader),
      stat: readStatOf(reader),
    }))
  }

  multi(operations: readonly MultiOperation[]): Promise<readonly MultiResult[]> {
    return this.#request<readonly MultiResult[]>(
      Operation.multi,
      '/',
      (writer) => writeMultiRequest(writer, operations, this.#acl, (path) => this.#serverPath(path)),
      (reader) => readMultiResults(reader, (path) => this.#callerPath(path)),
    )
  }

  multiRead(operations: readonly ReadOperation[]): Promise<readonly ReadResult[]> {
    return this.#request<readonly ReadResult[]>(
      Operation.multiRead,
      '/',
      (writer) => writeMultiReadRequest(writer, operations, (path) => this.#serverPath(path)),
      readMultiReadResults,
    )
  }

  getAcl(path: string): Promise<{ readonly acl: readonly AclEntry[]; readonly stat: Stat }> {
    return this.#request(
      Operation.getAcl,
      path,
      (writer, serverPath) => writer.string(serverPath),
      (reader) => {
        const { acl, stat } = readGetACLResponse(reader)
        return { acl: aclOf(acl), stat: statOf(stat) }
      },
    )
  }

  setAcl(path: string, acl: readonly AclEntry[], version: number = -1): Promise<Stat> {
    return this.#request(
      Operation.setAcl,
      path,
      (writer, serverPath) => writeSetACLRequest(writer, { path: serverPath, acl: wireAcl(acl), version }),
      readStatOf,
    )
  }

  addAuth(scheme: string, auth: Uint8Array | null): Promise<void> {
    return this.#session.addAuth(scheme, auth)
  }

  whoAmI(): Promise<readonly SessionIdentity[]> {
    return this.#request<readonly SessionIdentity[]>(
      Operation.whoAmI,
      '/',
      () => {},
      (reader) =>
        (readWhoAmIResponse(reader).clientInfo ?? []).map(({ authScheme, user }) => ({
          scheme: authScheme ?? '',
          user: user ?? '',
        })),
    )
  }

  getEphemerals(path: string = '/'): Promise<readonly string[]> {
    return this.#request<readonly string[]>(
      Operation.getEphemerals,
      path,
      (writer, serverPath) => writer.string(serverPath),
      (reader) => readNames(reader).map((name) => this.#callerPath(name)),
    )
  }

  getAllChildrenNumber(path: string): Promise<number> {
    return this.#request(
      Operation.getAllChildrenNumber,
      path,
      (writer, serverPath) => writer.string(serverPath),
      (reader) => reader.int32(),
    )
  }

  addWatch(path: string, mode: AddWatchMode, watcher: Watcher): Promise<void> {
    const serverPath = this.#serverPath(path)
    return this.#session.request<void>({
      operation: Operation.addWatch,
      path,
      write: (writer) => {
        writer.string(serverPath)
        writer.int32(mode === 'persistent' ? WireWatchMode.persistent : WireWatchMode.persistentRecursive)
      },
      read: (reader) => void reader.int32(),
      onSuccess: () => this.#watch(mode, serverPath, watcher),
    })
  }

  removeWatches(path: string, type: RemovableWatches, isLocalEnough: boolean = false): Promise<void> {
    const serverPath = this.#serverPath(path)
    const { kinds, wireType } = removables[type]
    if (!kinds.some((kind) => this.#session.watches.has(kind, serverPath))) {
      const { noWatcher } = KeeperErrorCode
      return Promise.reject(new KeeperError(noWatcher, path, errorText(noWatcher, path)))
    }
    const forget = (): void => this.#forgetWatches(kinds, serverPath)
    return this.#session.request<void>({
      operation: Operation.removeWatches,
      path,
      write: (writer) => {
        writer.string(serverPath)
        writer.int32(wireType)
      },
      read: () => undefined,
      onCode: (code) => {
        if (!isLocalEnough || code === KeeperErrorCode.noWatcher) return false
        forget()
        return true
      },
      onSuccess: forget,
    })
  }

  sync(path: string): Promise<void> {
    return this.#request(
      Operation.sync,
      path,
      (writer, serverPath) => writer.string(serverPath),
      (reader) => {
        reader.string()
      },
    )
  }

  onSession(watcher: Watcher): void {
    this.#session.onSession(watcher)
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  #request<Result>(
    operation: number,
    path: string,
    write: (writer: JuteWriter, serverPath: string) => void,
    read: (reader: JuteReader) => Result,
  ): Promise<Result> {
    const serverPath = this.#serverPath(path)
    return this.#session.request<Result>({
      operation,
      path,
      write: (writer) => write(writer, serverPath),
      read,
    })
  }

  #watched<Result>(
    operation: number,
    kind: WatchKind,
    path: string,
    watcher: Watcher | undefined,
    read: (reader: JuteReader) => Result,
  ): Promise<Result> {
    const serverPath = this.#serverPath(path)
    return this.#session.request<Result>({
      operation,
      path,
      write: (writer) => writePathAndWatch(writer, serverPath, watcher !== undefined),
      read,
      onSuccess: () => this.#watch(kind, serverPath, watcher),
    })
  }

  #watch(kind: WatchKind, serverPath: string, watcher: Watcher | undefined): void {
    if (watcher === undefined) return
    this.#session.watches.add(kind, serverPath, this.#chroot === '' ? watcher : this.#translating(watcher))
  }

  #translating(watcher: Watcher): Watcher {
    let translating = this.#translated.get(watcher)
    if (translating === undefined) {
      translating = (event) => watcher({ ...event, path: this.#callerPath(event.path) })
      this.#translated.set(watcher, translating)
    }
    return translating
  }

  #forgetWatches(kinds: readonly WatchKind[], serverPath: string): void {
    for (const kind of kinds) {
      const type = removedEvents[kind]
      for (const watcher of this.#session.watches.remove(kind, serverPath)) {
        queueMicrotask(() => watcher({ type, path: serverPath }))
      }
    }
  }

  #serverPath(path: string): string {
    if (this.#chroot === '') return path
    return path === '/' ? this.#chroot : this.#chroot + path
  }

  #callerPath(path: string): string {
    if (this.#chroot === '' || !path.startsWith(this.#chroot)) return path
    return path.length === this.#chroot.length ? '/' : path.slice(this.#chroot.length)
  }
}

function writePathAndWatch(writer: JuteWriter, path: string, watch: boolean): void {
  writer.string(path)
  writer.boolean(watch)
}

const removables: Readonly<
  Record<RemovableWatches, { readonly kinds: readonly WatchKind[]; readonly wireType: number }>
> = {
  children: { kinds: ['child'], wireType: WatcherType.children },
  data: { kinds: ['data', 'exists'], wireType: WatcherType.data },
  any: { kinds: ['data', 'exists', 'child', 'persistent', 'recursive'], wireType: WatcherType.any },
  persistent: { kinds: ['persistent'], wireType: WatcherType.persistent },
  recursive: { kinds: ['recursive'], wireType: WatcherType.persistentRecursive },
}

const removedEvents: Readonly<Record<WatchKind, WatchEventType>> = {
  data: 'dataWatchRemoved',
  exists: 'dataWatchRemoved',
  child: 'childWatchRemoved',
  persistent: 'persistentWatchRemoved',
  recursive: 'persistentWatchRemoved',
}

/** @returns whether an error is a refusal with this code */
export function isKeeperError(error: unknown, code: number): error is KeeperError {
  return error instanceof KeeperError && error.code === code
}
