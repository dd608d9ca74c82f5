/**
 * ZooKeeper in a map: one tree, many sessions, versions, ephemerals, one-shot watches, multis. No network, no disk.
 * Replies come a microtask later, in order; a watch fires before the reply that could reveal its change.
 */
import {
  type CreateMode,
  KeeperError,
  KeeperErrorCode,
  type MultiOperation,
  type MultiResult,
  type Stat,
  type WatchEventType,
  type Watcher,
  type ZooKeeperClient,
} from '../../src/zookeeper/contract.ts'

interface Node {
  data: Uint8Array | null
  stat: Stat
  sequence: number
}

const NOT_TRIED = -2

export class FakeZooKeeper {
  readonly nodes: Map<string, Node> = new Map()
  readonly children: Map<string, Set<string>> = new Map([['/', new Set()]])
  /** Every multi that was asked for, for tests that count round trips. */
  readonly multis: (readonly MultiOperation[])[] = []
  readonly #watches = new Map<string, Set<Watcher>>()
  readonly #sessions = new Map<string, Set<Watcher>>()
  readonly #disconnected = new Set<string>()
  #zxid: number = 0
  #nextSession: number = 1
  requestCount: number = 0
  /** May throw in place of an answer. */
  onRequest: () => void = () => undefined

  connect(): ZooKeeperClient {
    const sessionId = (this.#nextSession++).toString(16)
    this.#sessions.set(sessionId, new Set())
    const reply = async <Result>(work: () => Result): Promise<Result> => {
      await Promise.resolve()
      this.requestCount += 1
      this.onRequest()
      if (!this.#sessions.has(sessionId)) throw new KeeperError(KeeperErrorCode.sessionExpired, '', 'session expired')
      if (this.#disconnected.has(sessionId)) throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'no server')
      return work()
    }
    return {
      sessionId,
      create: (path, data, mode = 'persistent') => reply(() => this.#create(path, data, mode, sessionId)),
      delete: (path, version = -1) => reply(() => this.#delete(path, version)),
      exists: (path, watcher) =>
        reply(() => {
          if (watcher) this.#watch(`data ${path}`, watcher)
          return this.nodes.get(path)?.stat
        }),
      getData: (path, watcher) =>
        reply(() => {
          const node = this.#need(path)
          if (watcher) this.#watch(`data ${path}`, watcher)
          return { data: node.data, stat: node.stat }
        }),
      setData: (path, data, version = -1) => reply(() => this.#set(path, data, version)),
      getChildren: (path, watcher) =>
        reply(() => {
          const children = this.children.get(path)
          if (children === undefined) throw noNode(path)
          if (watcher) this.#watch(`children ${path}`, watcher)
          return { children: [...children], stat: this.nodes.get(path)?.stat ?? this.#stat('0', 0) }
        }),
      multi: (operations) => reply(() => this.#multi(operations, sessionId)),
      sync: () => reply(() => undefined),
      onSession: (watcher) => void this.#sessions.get(sessionId)?.add(watcher),
      close: () => reply(() => this.#end(sessionId)),
    }
  }

  get sessionCount(): number {
    return this.#sessions.size
  }

  /** The server of a session is gone: nothing is answered until another is found. */
  disconnect(sessionId: string): void {
    this.#disconnected.add(sessionId)
  }

  reconnect(sessionId: string): void {
    this.#disconnected.delete(sessionId)
    const watchers = [...(this.#sessions.get(sessionId) ?? [])]
    for (const watcher of watchers) watcher({ type: 'session', path: '', state: 'connected' })
  }

  /** Ends a session as a server does when it has not heard from the client. */
  expire(sessionId: string): void {
    const watchers = [...(this.#sessions.get(sessionId) ?? [])]
    this.#end(sessionId)
    for (const watcher of watchers) watcher({ type: 'session', path: '', state: 'expired' })
  }

  /** The same for a client that is no more: nobody hears of it but through what the session leaves behind. */
  vanish(sessionId: string): void {
    this.#sessions.get(sessionId)?.clear()
    this.#end(sessionId)
  }

  /** What lies at a path, as text. */
  text(path: string): string | undefined {
    const node = this.nodes.get(path)
    return node === undefined ? undefined : new TextDecoder().decode(node.data ?? new Uint8Array(0))
  }

  #end(sessionId: string): void {
    this.#sessions.delete(sessionId)
    for (const [path, node] of [...this.nodes]) {
      if (node.stat.ephemeralOwner === sessionId) this.#delete(path, -1)
    }
  }

  #multi(operations: readonly MultiOperation[], sessionId: string): readonly MultiResult[] {
    this.multis.push(operations)
    const failure = this.#firstRefusal(operations)
    if (failure !== undefined) {
      return operations.map((_, index) => ({
        kind: 'error',
        code: index < failure.at ? KeeperErrorCode.ok : index === failure.at ? failure.code : NOT_TRIED,
      }))
    }
    return operations.map((operation) => this.#carryOut(operation, sessionId))
  }

  #carryOut(operation: MultiOperation, sessionId: string): MultiResult {
    if (operation.kind === 'create') {
      const { path, stat } = this.#create(operation.path, operation.data, operation.mode, sessionId)
      return { kind: 'create', path, stat }
    }
    if (operation.kind === 'set') {
      return { kind: 'set', stat: this.#set(operation.path, operation.data, operation.version) }
    }
    if (operation.kind === 'delete') this.#delete(operation.path, operation.version)
    return { kind: operation.kind }
  }

  /** Plays the operations on a shadow of versions: nothing is changed unless all succeed. */
  #firstRefusal(operations: readonly MultiOperation[]): { at: number; code: number } | undefined {
    const versions = new Map<string, number | undefined>()
    const added = new Map<string, number>()
    const versionOf = (path: string): number | undefined =>
      versions.has(path) ? versions.get(path) : this.nodes.get(path)?.stat.version
    for (const [at, operation] of operations.entries()) {
      const { path } = operation
      const current = versionOf(path)
      if (operation.kind === 'create') {
        if (operation.mode.endsWith('sequential')) continue
        if (current !== undefined) return { at, code: KeeperErrorCode.nodeExists }
        const parent = parentOf(path)
        if (parent !== '/' && versionOf(parent) === undefined) return { at, code: KeeperErrorCode.noNode }
        versions.set(path, 0)
        added.set(parent, (added.get(parent) ?? 0) + 1)
        continue
      }
      if (current === undefined) return { at, code: KeeperErrorCode.noNode }
      if (operation.version !== -1 && operation.version !== current) return { at, code: KeeperErrorCode.badVersion }
      if (operation.kind === 'set') versions.set(path, current + 1)
      if (operation.kind === 'delete') {
        if ((this.children.get(path)?.size ?? 0) + (added.get(path) ?? 0) > 0)
          return { at, code: KeeperErrorCode.notEmpty }
        versions.set(path, undefined)
        added.set(parentOf(path), (added.get(parentOf(path)) ?? 0) - 1)
      }
    }
    return undefined
  }

  #create(path: string, data: Uint8Array | null, mode: CreateMode, sessionId: string): { path: string; stat: Stat } {
    const parent = parentOf(path)
    const siblings = this.children.get(parent)
    if (siblings === undefined) throw noNode(path)
    const parentNode = this.nodes.get(parent)
    let name = path
    if (mode.endsWith('sequential')) {
      const sequence = parentNode?.sequence ?? 0
      if (parentNode) parentNode.sequence += 1
      name = path + String(sequence).padStart(10, '0')
    }
    if (this.nodes.has(name)) throw new KeeperError(KeeperErrorCode.nodeExists, name, `${name} exists`)
    const owner = mode.startsWith('ephemeral') ? sessionId : '0'
    const stat = this.#stat(owner, data?.length ?? 0)
    this.nodes.set(name, { data, stat, sequence: 0 })
    this.children.set(name, new Set())
    siblings.add(name.slice(parent === '/' ? 1 : parent.length + 1))
    this.#fire(`data ${name}`, 'created', name)
    this.#fire(`children ${parent}`, 'childrenChanged', parent)
    return { path: name, stat }
  }

  #set(path: string, data: Uint8Array | null, version: number): Stat {
    const node = this.#need(path)
    if (version !== -1 && version !== node.stat.version) {
      throw new KeeperError(KeeperErrorCode.badVersion, path, `${path} has version ${node.stat.version}`)
    }
    this.#zxid += 1
    node.data = data
    node.stat = { ...node.stat, version: node.stat.version + 1, mzxid: this.#zxid, dataLength: data?.length ?? 0 }
    this.#fire(`data ${path}`, 'dataChanged', path)
    return node.stat
  }

  #delete(path: string, version: number): void {
    const node = this.#need(path)
    if (version !== -1 && version !== node.stat.version) {
      throw new KeeperError(KeeperErrorCode.badVersion, path, `${path} has version ${node.stat.version}`)
    }
    if ((this.children.get(path)?.size ?? 0) > 0)
      throw new KeeperError(KeeperErrorCode.notEmpty, path, `${path} has children`)
    const parent = parentOf(path)
    this.nodes.delete(path)
    this.children.delete(path)
    this.children.get(parent)?.delete(path.slice(parent === '/' ? 1 : parent.length + 1))
    this.#fire(`data ${path}`, 'deleted', path)
    this.#fire(`children ${parent}`, 'childrenChanged', parent)
  }

  #need(path: string): Node {
    const node = this.nodes.get(path)
    if (node === undefined) throw noNode(path)
    return node
  }

  #stat(ephemeralOwner: string, dataLength: number): Stat {
    this.#zxid += 1
    const zxid = this.#zxid
    return {
      czxid: zxid,
      mzxid: zxid,
      pzxid: zxid,
      ctimeMs: 0,
      mtimeMs: 0,
      version: 0,
      cversion: 0,
      aversion: 0,
      ephemeralOwner,
      dataLength,
      numChildren: 0,
    }
  }

  #watch(key: string, watcher: Watcher): void {
    const set = this.#watches.get(key) ?? new Set()
    this.#watches.set(key, set.add(watcher))
  }

  #fire(key: string, type: WatchEventType, path: string): void {
    const watchers = this.#watches.get(key)
    if (watchers === undefined) return
    this.#watches.delete(key)
    for (const watcher of watchers) watcher({ type, path })
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

function noNode(path: string): KeeperError {
  return new KeeperError(KeeperErrorCode.noNode, path, `no node ${path}`)
}
