import type { Stat } from '../../../src/jute/generated/data.ts'
import { ErrorCode, EventType } from '../../../src/jute/operations.ts'
import { ADMIN, CREATE, DELETE, may, OPEN, READ, shownTo, stored, WRITE } from './access.ts'
import {
  type NodeKind,
  type ReadIntent,
  type Right,
  showNames,
  showRights,
  showStat,
  type WriteIntent,
} from './wire.ts'

const SEQUENCE_DIGITS = 10

/** What a watcher of `path` would be told. */
export interface Change {
  readonly type: number
  readonly path: string
  /** Who may read the node is told. */
  readonly acl: readonly Right[]
}

/** What a write must come to. */
export interface Outcome {
  readonly code: number
  /** The body of the answer as `showReply` puts it. */
  readonly shown: string
  readonly changes: readonly Change[]
}

interface ModelNode {
  data: string | null
  kind: NodeKind
  owner: bigint
  ttlMs: number
  acl: readonly Right[]
  czxid: number
  mzxid: number
  pzxid: number
  ctime: number
  mtime: number
  version: number
  aversion: number
  /** Children created and removed, ever. */
  created: number
  removed: number
  readonly children: Set<string>
}

/** Who writes, when, in which transaction. */
export interface Moment {
  readonly zxid: number
  readonly timeMs: number
  readonly sessionId: bigint
  /** Who the client has proved to be. */
  readonly ids: readonly string[]
}

/**
 * ZooKeeper's tree, written down as plainly as its documentation says it: requests go in one at a time, in the order in
 * which they were decided. It knows nothing of transactions, logs or pending changes.
 */
export class ModelTree {
  readonly nodes: Map<string, ModelNode> = new Map()
  readonly sessions: Map<bigint, number> = new Map()
  /** Sessions that everybody knew and that are over. */
  readonly ended: Set<bigint> = new Set()
  readonly #skipsAcl: boolean
  #undo: (() => void)[] | undefined

  /** @param skipsAcl lists are kept and nobody looks at them */
  constructor(skipsAcl: boolean) {
    this.#skipsAcl = skipsAcl
    for (const path of ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) {
      this.nodes.set(path, newNode('', 'persistent', 0n, 0, OPEN, 0, 0))
      if (path !== '/') this.nodes.get(parentOf(path))?.children.add(nameOf(path))
    }
    // Its list of access rights is the server's own.
    Object.assign(this.nodes.get('/zookeeper/config') ?? {}, { aversion: -1 })
  }

  apply(intent: WriteIntent, moment: Moment): Outcome {
    switch (intent.kind) {
      case 'create':
        return this.#create(intent, moment)
      case 'delete':
        return this.#delete(intent.path, intent.version, moment)
      case 'set':
        return this.#set(intent.path, intent.data, intent.version, moment)
      case 'setAcl':
        return this.#setAcl(intent, moment)
      case 'check':
        return this.#check(intent.path, intent.version, moment)
      case 'multi':
        return this.#multi(intent.parts, moment)
      case 'closeSession':
        return this.closeSession(moment)
      case 'reconfig':
        return refused(ErrorCode.reconfigDisabled)
    }
  }

  createSession(sessionId: bigint, timeoutMs: number): void {
    this.sessions.set(sessionId, timeoutMs)
  }

  closeSession(moment: Moment): Outcome {
    if (this.sessions.delete(moment.sessionId)) this.ended.add(moment.sessionId)
    const changes: Change[] = []
    for (const [path, node] of [...this.nodes]) {
      if (node.kind === 'ephemeral' && node.owner === moment.sessionId) changes.push(...this.#remove(path, moment))
    }
    return { code: ErrorCode.ok, shown: '', changes }
  }

  /** The server's own removal of a container or an overdue node. @returns why it had no right to, or the changes */
  sweep(path: string, moment: Moment): string | readonly Change[] {
    const node = this.nodes.get(path)
    if (node === undefined) return 'there is no such node'
    if (node.children.size > 0) return 'it has children'
    if (node.kind === 'container' && node.created === 0) return 'the container was never used'
    if (node.kind === 'ttl' && moment.timeMs - node.mtime <= node.ttlMs) return 'its time is not over'
    if (node.kind !== 'container' && node.kind !== 'ttl') return 'it is neither container nor node with a time to live'
    return this.#remove(path, moment)
  }

  /** The dynamic configuration, written by a reconfiguration. */
  setConfig(text: string, version: number, moment: Moment): readonly Change[] {
    const node = this.nodes.get('/zookeeper/config')
    if (node === undefined) return []
    node.data = text
    node.version = version
    node.mzxid = moment.zxid
    node.mtime = moment.timeMs
    return [{ type: EventType.nodeDataChanged, path: '/zookeeper/config', acl: node.acl }]
  }

  #may(node: ModelNode, perm: number, ids: readonly string[]): boolean {
    return this.#skipsAcl || may(node.acl, perm, ids)
  }

  /** @returns whether somebody who is all of `ids` is told of a change */
  isTold({ acl }: Change, ids: readonly string[]): boolean {
    return this.#skipsAcl || may(acl, READ, ids)
  }

  /** @returns what a read must be answered at this moment to somebody who has proved to be all of `ids` */
  read(intent: ReadIntent, ids: readonly string[]): { readonly code: number; readonly shown: string } {
    switch (intent.kind) {
      case 'multiRead':
        return { code: ErrorCode.ok, shown: intent.parts.map((part) => this.#readPart(part, ids)).join('; ') }
      case 'count':
        return { code: ErrorCode.ok, shown: String(this.nodes.size - 1) }
      case 'sync':
        return { code: ErrorCode.ok, shown: intent.path }
      case 'getAcl': {
        const node = this.nodes.get(intent.path)
        if (node === undefined) return { code: ErrorCode.noNode, shown: '' }
        if (!this.#may(node, READ | ADMIN, ids)) return { code: ErrorCode.noAuth, shown: '' }
        const list = this.#skipsAcl ? node.acl : shownTo(node.acl, ids)
        return { code: ErrorCode.ok, shown: `${showRights(list)} ${showStat(statOf(node))}` }
      }
      case 'exists':
      case 'getData':
      case 'getChildren': {
        const node = this.nodes.get(intent.path)
        if (node === undefined) return { code: ErrorCode.noNode, shown: '' }
        if (!this.#may(node, READ, ids)) return { code: ErrorCode.noAuth, shown: '' }
        const stat = showStat(statOf(node))
        if (intent.kind === 'exists') return { code: ErrorCode.ok, shown: stat }
        if (intent.kind === 'getData') return { code: ErrorCode.ok, shown: `${node.data} ${stat}` }
        return { code: ErrorCode.ok, shown: `${showNames([...node.children])} ${stat}` }
      }
      default:
        return { code: ErrorCode.ok, shown: '' }
    }
  }

  #readPart(part: ReadIntent, ids: readonly string[]): string {
    const { code, shown } = this.read(part, ids)
    if (code !== ErrorCode.ok) return `error ${code}`
    return part.kind === 'getChildren' ? shown.slice(0, shown.indexOf(']') + 1) : shown
  }

  #create(intent: WriteIntent & { readonly kind: 'create' }, moment: Moment): Outcome {
    const acl = stored(intent.acl, moment.ids)
    if (acl === undefined) return refused(ErrorCode.invalidAcl)
    const parentPath = parentOf(intent.path)
    const parent = this.nodes.get(parentPath)
    if (parent === undefined) return refused(ErrorCode.noNode)
    if (!this.#may(parent, CREATE, moment.ids)) return refused(ErrorCode.noAuth)
    const path = intent.isSequential ? intent.path + String(parent.created).padStart(SEQUENCE_DIGITS, '0') : intent.path
    if (this.nodes.has(path)) return refused(ErrorCode.nodeExists)
    if (parent.kind === 'ephemeral') return refused(ErrorCode.noChildrenForEphemerals)
    const owner = intent.node === 'ephemeral' ? moment.sessionId : 0n
    const node = newNode(intent.data, intent.node, owner, intent.ttlMs, acl, moment.zxid, moment.timeMs)
    this.#keepParent(parent)
    parent.created += 1
    parent.pzxid = moment.zxid
    parent.children.add(nameOf(path))
    this.nodes.set(path, node)
    this.#undo?.push(() => {
      parent.children.delete(nameOf(path))
      this.nodes.delete(path)
    })
    return {
      code: ErrorCode.ok,
      shown: intent.withStat ? `${path} ${showStat(statOf(node))}` : path,
      changes: [
        { type: EventType.nodeCreated, path, acl },
        { type: EventType.nodeChildrenChanged, path: parentPath, acl: parent.acl },
      ],
    }
  }

  #delete(path: string, version: number, moment: Moment): Outcome {
    const parent = this.nodes.get(parentOf(path))
    if (parent === undefined) return refused(ErrorCode.noNode)
    if (!this.#may(parent, DELETE, moment.ids)) return refused(ErrorCode.noAuth)
    const node = this.nodes.get(path)
    if (node === undefined) return refused(ErrorCode.noNode)
    if (version !== -1 && version !== node.version) return refused(ErrorCode.badVersion)
    if (node.children.size > 0) return refused(ErrorCode.notEmpty)
    return { code: ErrorCode.ok, shown: 'ok', changes: this.#remove(path, moment) }
  }

  #remove(path: string, moment: Moment): Change[] {
    const parentPath = parentOf(path)
    const parent = this.nodes.get(parentPath)
    const node = this.nodes.get(path)
    if (parent === undefined || node === undefined) return []
    this.#keepParent(parent)
    parent.removed += 1
    parent.pzxid = moment.zxid
    parent.children.delete(nameOf(path))
    this.nodes.delete(path)
    this.#undo?.push(() => {
      parent.children.add(nameOf(path))
      this.nodes.set(path, node)
    })
    return [
      { type: EventType.nodeDeleted, path, acl: node.acl },
      { type: EventType.nodeChildrenChanged, path: parentPath, acl: parent.acl },
    ]
  }

  #set(path: string, data: string | null, version: number, moment: Moment): Outcome {
    const node = this.nodes.get(path)
    if (node === undefined) return refused(ErrorCode.noNode)
    if (!this.#may(node, WRITE, moment.ids)) return refused(ErrorCode.noAuth)
    if (version !== -1 && version !== node.version) return refused(ErrorCode.badVersion)
    const before = { ...node }
    this.#undo?.push(() => Object.assign(node, before))
    node.data = data
    node.version = nextVersion(node.version)
    node.mzxid = moment.zxid
    node.mtime = moment.timeMs
    return {
      code: ErrorCode.ok,
      shown: showStat(statOf(node)),
      changes: [{ type: EventType.nodeDataChanged, path, acl: node.acl }],
    }
  }

  /** Who changes a list is told how the node stands; nobody else is told anything. */
  #setAcl(intent: WriteIntent & { readonly kind: 'setAcl' }, { ids }: Moment): Outcome {
    const acl = stored(intent.acl, ids)
    if (acl === undefined) return refused(ErrorCode.invalidAcl)
    const node = this.nodes.get(intent.path)
    if (node === undefined) return refused(ErrorCode.noNode)
    if (!this.#may(node, ADMIN, ids)) return refused(ErrorCode.noAuth)
    if (intent.version !== -1 && intent.version !== node.aversion) return refused(ErrorCode.badVersion)
    node.acl = acl
    node.aversion = nextVersion(node.aversion)
    return { code: ErrorCode.ok, shown: showStat(statOf(node)), changes: [] }
  }

  #check(path: string, version: number, { ids }: Moment): Outcome {
    const node = this.nodes.get(path)
    if (node === undefined) return refused(ErrorCode.noNode)
    if (!this.#may(node, READ, ids)) return refused(ErrorCode.noAuth)
    if (version !== -1 && version !== node.version) return refused(ErrorCode.badVersion)
    return { code: ErrorCode.ok, shown: 'ok', changes: [] }
  }

  #multi(parts: readonly WriteIntent[], moment: Moment): Outcome {
    const undo: (() => void)[] = []
    this.#undo = undo
    const outcomes: Outcome[] = []
    for (const part of parts) {
      const outcome = this.apply(part, moment)
      outcomes.push(outcome)
      if (outcome.code !== ErrorCode.ok) break
    }
    this.#undo = undefined
    const failedAt = outcomes.findIndex(({ code }) => code !== ErrorCode.ok)
    if (failedAt < 0) {
      return {
        code: ErrorCode.ok,
        shown: outcomes.map(({ shown }) => shown).join('; '),
        changes: outcomes.flatMap(({ changes }) => changes),
      }
    }
    for (const step of undo.toReversed()) step()
    const codes = parts.map((_, index) => {
      if (index < failedAt) return ErrorCode.ok
      return index === failedAt ? outcomes[failedAt]?.code : ErrorCode.runtimeInconsistency
    })
    return { code: ErrorCode.ok, shown: codes.map((code) => `error ${code}`).join('; '), changes: [] }
  }

  #keepParent(parent: ModelNode): void {
    const { created, removed, pzxid } = parent
    this.#undo?.push(() => Object.assign(parent, { created, removed, pzxid }))
  }
}

function newNode(
  data: string | null,
  kind: NodeKind,
  owner: bigint,
  ttlMs: number,
  acl: readonly Right[],
  zxid: number,
  timeMs: number,
): ModelNode {
  return {
    data,
    kind,
    owner,
    ttlMs,
    acl,
    czxid: zxid,
    mzxid: zxid,
    pzxid: zxid,
    ctime: timeMs,
    mtime: timeMs,
    version: 0,
    aversion: 0,
    created: 0,
    removed: 0,
    children: new Set(),
  }
}

/** Children that were there from the beginning were never created, so a list of them starts below zero. */
function statOf(node: ModelNode): Stat {
  const numChildren = node.children.size
  const born = numChildren - node.created + node.removed
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    ctime: node.ctime,
    mtime: node.mtime,
    version: node.version,
    cversion: node.created + node.removed - born,
    aversion: node.aversion,
    ephemeralOwner: node.owner,
    dataLength: node.data?.length ?? 0,
    numChildren,
    pzxid: node.pzxid,
  }
}

function refused(code: number): Outcome {
  return { code, shown: '', changes: [] }
}

/** -1 asks for no version in particular, so no node has it. */
function nextVersion(version: number): number {
  const next = (version + 1) | 0
  return next === -1 ? 0 : next
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
