import type { ACL } from '../jute/generated/data.ts'
import { Operation, Permission } from '../jute/operations.ts'
import type { JuteReader } from '../jute/reader.ts'
import type { JuteWriter } from '../jute/writer.ts'
import {
  type CreateMode,
  KeeperError,
  KeeperErrorCode,
  type MultiOperation,
  type MultiResult,
  type Stat,
  type Watcher,
  type ZooKeeperClient,
} from './contract.ts'
import { createOperation, readMultiResults, readNames, readStatOf, writeCreate, writeMultiRequest } from './requests.ts'
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
export function connectZooKeeper(options: ZooKeeperClientOptions): Promise<ZooKeeperClient> {
  const session = new ZooKeeperSession(options)
  return session.open().then(() => new SessionClient(session, options.chroot ?? '', options.acl ?? openAcl))
}

/**
 * The operations over one session. Methods hand back the session's own promises, untouched: a wrapper that awaits would
 * let a watch event that arrived behind a reply be seen before it.
 */
class SessionClient implements ZooKeeperClient {
  readonly #session: ZooKeeperSession
  readonly #chroot: string
  readonly #acl: readonly ACL[]

  constructor(session: ZooKeeperSession, chroot: string, acl: readonly ACL[]) {
    this.#session = session
    this.#chroot = chroot === '/' ? '' : chroot
    this.#acl = acl
  }

  get sessionId(): string {
    return this.#session.sessionIdHex
  }

  create(
    path: string,
    data: Uint8Array | null,
    mode: CreateMode = 'persistent',
  ): Promise<{ readonly path: string; readonly stat: Stat }> {
    return this.#request(
      createOperation(mode),
      path,
      (writer, serverPath) => writeCreate(writer, serverPath, data, this.#acl, mode),
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
    if (this.#chroot === '') {
      this.#session.watches.add(kind, serverPath, watcher)
      return
    }
    this.#session.watches.add(kind, serverPath, (event) => watcher({ ...event, path: this.#callerPath(event.path) }))
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

/** @returns whether an error is a refusal with this code */
export function isKeeperError(error: unknown, code: number): error is KeeperError {
  return error instanceof KeeperError && error.code === code
}
