import { assert, BugError } from '../../base/assert.ts'
import type { ACL, Stat, StatPersisted } from '../../jute/generated/data.ts'
import type { TxnHeader } from '../../jute/generated/txn.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import { AclMap, openAclIndex, readOnlyAcl } from './acl-map.ts'
import { contentStateOf, DigestSum, isDigested } from './digest.ts'
import { NodeTable, noId, rootId } from './node-table.ts'
import { containerOwner, ownerKind, ttlOwner } from './owners.ts'
import { PathBytes } from './path-bytes.ts'
import { childPath, configPath, nameOf, parentOf, quotaPath, systemPath } from './paths.ts'
import { limitsName, parseQuota, QuotaPaths, usageName, usagePathOf, usageText } from './quota.ts'
import type { TxnBody } from './txn.ts'
import { Watches } from './watches.ts'
import { ZNode } from './znode.ts'

/** What one operation of a transaction came to. */
export interface Applied {
  readonly type: number
  readonly code: number
  readonly path: string
  readonly stat: Stat | undefined
  readonly parts: readonly Applied[] | undefined
}

const noData = new Uint8Array(0)
const SLASH = 0x2f
const pathDecoder = new TextDecoder()

/** The stored fields of a node besides its data. */
export interface StoredNode extends StatPersisted {
  readonly aclIndex: number
}

/**
 * The replicated state: nodes, access lists, who owns which ephemeral, the digest over it all, and (not replicated) the
 * watches. It changes only through {@link ZNodeTree.apply}, in the order of zxids.
 */
export class ZNodeTree {
  readonly nodes: NodeTable = new NodeTable()
  readonly acls: AclMap = new AclMap()
  readonly watches: Watches = new Watches()
  readonly digest: DigestSum = new DigestSum()
  readonly quotas: QuotaPaths = new QuotaPaths()
  /** Session → its ephemerals. */
  readonly ephemerals: Map<bigint, Set<string>> = new Map()
  readonly containers: Set<string> = new Set()
  readonly ttls: Set<string> = new Set()
  /** Session → negotiated timeout in milliseconds; part of the state, since any server may have to expire them. */
  readonly sessions: Map<bigint, number> = new Map()
  /** Zxid of the last transaction applied. */
  lastZxid: number = 0
  #dataBytes = 0
  readonly #path = new PathBytes()
  /**
   * A learner's tree may come from a snapshot that its leader took amid changes, which then arrive once more: they are
   * taken as a replay takes them. Off, such a thing is our own mistake.
   */
  isRepetitionAllowed: boolean = false
  /** True while the log is replayed over a snapshot that may already show part of it. */
  #isReplaying = false

  /** @param isEmpty true leaves out the built-in nodes, for loading a snapshot */
  constructor(isEmpty: boolean = false) {
    if (isEmpty) return
    this.#redigest('/', rootId, noData)
    for (const path of [systemPath, quotaPath, configPath]) {
      const isConfig = path === configPath
      const aclIndex = isConfig ? this.acls.acquire(readOnlyAcl) : openAclIndex
      this.#path.set(path)
      const id = this.#add(this.#parentOnPath(), path, noData, aclIndex, 0, 0)
      if (isConfig) this.nodes.setAversion(id, -1)
      this.#redigest(path, id, noData)
    }
  }

  get nodeCount(): number {
    return this.nodes.count
  }

  /** Rough size of paths' last elements and data, as the metric `approximate_data_size` wants it. */
  get dataBytes(): number {
    return this.#dataBytes
  }

  get ephemeralCount(): number {
    let count = 0
    for (const paths of this.ephemerals.values()) count += paths.size
    return count
  }

  /** @returns a look at a node, valid for this turn; '' is another name of the root */
  find(path: string): ZNode | undefined {
    const id = this.idOf(path)
    return id === noId ? undefined : new ZNode(this.nodes, id)
  }

  /** @returns the node's number in {@link ZNodeTree.nodes}, `noId` when there is none */
  idOf(path: string): number {
    this.#path.set(path)
    return this.#onPath(this.#path.length)
  }

  aclOf(node: ZNode): readonly ACL[] {
    return this.acls.list(node.aclIndex)
  }

  aclOfId(id: number): readonly ACL[] {
    return this.acls.list(this.nodes.aclIndex(id))
  }

  /** Walks the names of the path in hand. @param length where to stop @returns the node's number */
  #onPath(length: number): number {
    const { bytes } = this.#path
    if (length === 0 || (length === 1 && bytes[0] === SLASH)) return rootId
    if (bytes[0] !== SLASH) return noId
    let id = rootId
    for (let at = 1; id !== noId && at <= length; ) {
      let end = at
      while (end < length && bytes[end] !== SLASH) end += 1
      id = this.nodes.find(id, bytes, at, end)
      at = end + 1
    }
    return id
  }

  #parentOnPath(): number {
    return this.#onPath(this.#path.parentLength)
  }

  /** @returns the child of `parent` that the last name of the path in hand names */
  #childOnPath(parent: number): number {
    const { bytes, nameAt, length } = this.#path
    return this.nodes.find(parent, bytes, nameAt, length)
  }

  /** Hangs a new node where the path in hand says. */
  #add(parent: number, path: string, data: Uint8Array | null, aclIndex: number, zxid: number, timeMs: number): number {
    if (parent === noId) throw new BugError(`node ${path} comes before its parent`)
    const { bytes, nameAt, length } = this.#path
    const id = this.nodes.add(parent, bytes, nameAt, length, data, aclIndex, zxid, timeMs)
    this.#dataBytes += length + (data === null ? 0 : data.length)
    return id
  }

  /** Replays of the log tolerate what a snapshot taken amid changes already shows. */
  beginReplay(): void {
    this.#isReplaying = true
  }

  endReplay(): void {
    this.#isReplaying = false
  }

  /**
   * Takes a node of a snapshot. Its bytes are copied.
   *
   * @param path UTF-8; empty for the root
   * @returns false when the node has no parent: the snapshot is not whole
   */
  attach(path: Uint8Array, data: Uint8Array | null, stored: StoredNode): boolean {
    this.#path.setBytes(path)
    if (path.length === 0) {
      this.#restoreRoot(data, stored)
      return true
    }
    const parent = this.#parentOnPath()
    if (parent === noId || this.#childOnPath(parent) !== noId) return false
    const { nodes } = this
    const id = this.#add(parent, '', data, stored.aclIndex, stored.czxid, stored.ctime)
    this.#restoreFields(id, stored)
    nodes.setContentState(id, contentStateOf(this.#path, data))
    const mustIndex = stored.ephemeralOwner !== 0n
    const text = mustIndex || isSystemPath(path) ? pathDecoder.decode(path) : ''
    if (mustIndex) this.#index(text, stored.ephemeralOwner)
    this.#redigestStat(text, id)
    return true
  }

  #restoreRoot(data: Uint8Array | null, stored: StoredNode): void {
    this.nodes.setCreation(rootId, stored.czxid, stored.ctime)
    this.nodes.setAclIndex(rootId, stored.aclIndex)
    this.nodes.setData(rootId, data)
    this.#restoreFields(rootId, stored)
    this.#redigest('/', rootId, data)
  }

  #restoreFields(id: number, stored: StoredNode): void {
    const { nodes } = this
    nodes.setMzxid(id, stored.mzxid)
    nodes.setPzxid(id, stored.pzxid)
    nodes.setMtime(id, stored.mtime)
    nodes.setVersion(id, stored.version)
    nodes.setCversion(id, stored.cversion)
    nodes.setAversion(id, stored.aversion)
    nodes.setOwner(id, stored.ephemeralOwner)
  }

  /** After a snapshot is in: which paths have quotas, and their usage as the nodes say now. */
  restoreQuotas(): void {
    const quotaRoot = this.idOf(quotaPath)
    if (quotaRoot !== noId) this.#restoreQuotasUnder(quotaRoot, '')
  }

  /**
   * Shows the ensemble's configuration where clients look for it. It is known before any transaction brings it, and the
   * digest does not count it.
   *
   * @param version the zxid that it is shown under
   */
  showConfig(text: Uint8Array, version: number, timeMs: number): void {
    const node = this.find(configPath)
    const shown = node?.data ?? null
    const isShown = shown?.length === text.length && shown.every((byte, index) => byte === text[index])
    if (node?.mzxid === version && isShown) return
    const type = Operation.setData
    this.#setData({ clientId: 0n, cxid: 0, zxid: version, time: timeMs, type }, type, configPath, text, -1)
  }

  /** @returns what came of it; codes other than ok only for error transactions and replays */
  apply(header: TxnHeader, body: TxnBody): Applied {
    const applied = this.#applyBody(header, body)
    assert(header.zxid > this.lastZxid || this.#isReplaying, 'transactions are applied in order')
    if (header.zxid > this.lastZxid) this.lastZxid = header.zxid
    return applied
  }

  #applyBody(header: TxnHeader, body: TxnBody): Applied {
    const { type } = body
    switch (type) {
      case Operation.create:
      case Operation.create2: {
        const owner = body.record.ephemeral ? header.clientId : 0n
        return this.#create(header, type, body.record, owner)
      }
      case Operation.createContainer:
        return this.#create(header, type, body.record, containerOwner)
      case Operation.createTtl:
        return this.#create(header, type, body.record, ttlOwner(body.record.ttl))
      case Operation.delete:
      case Operation.deleteContainer:
        return this.#delete(header, type, body.record.path ?? '')
      case Operation.setData:
      case Operation.reconfig:
        return this.#setData(header, type, body.record.path ?? '', body.record.data, body.record.version)
      case Operation.setAcl:
        return this.#setAcl(type, body.record.path ?? '', body.record.acl, body.record.version)
      case Operation.check:
        return outcome(type, ErrorCode.ok, body.record.path ?? '')
      case Operation.createSession:
        this.sessions.set(header.clientId, body.record.timeOut)
        return outcome(type, ErrorCode.ok, '')
      case Operation.closeSession:
        return this.#closeSession(header, body.record.paths2Delete)
      case Operation.error:
        return outcome(type, body.record.err, '')
      case Operation.multi:
        return this.#multi(header, body.parts)
    }
  }

  #multi(header: TxnHeader, parts: readonly TxnBody[]): Applied {
    const failedAt = parts.findIndex((part) => part.type === Operation.error)
    if (failedAt < 0) {
      const applied = parts.map((part) => this.#applyBody(header, part))
      return { type: Operation.multi, code: ErrorCode.ok, path: '', stat: undefined, parts: applied }
    }
    const refused = parts.map((part, index) => {
      if (index < failedAt) return outcome(Operation.error, ErrorCode.ok, '')
      if (index > failedAt) return outcome(Operation.error, ErrorCode.runtimeInconsistency, '')
      return outcome(Operation.error, part.type === Operation.error ? part.record.err : ErrorCode.systemError, '')
    })
    return { type: Operation.multi, code: ErrorCode.ok, path: '', stat: undefined, parts: refused }
  }

  #create(
    header: TxnHeader,
    type: number,
    record: {
      readonly path: string | null
      readonly data: Uint8Array | null
      readonly acl: readonly ACL[] | null
      readonly parentCVersion: number
    },
    owner: bigint,
  ): Applied {
    const path = record.path ?? ''
    const parentPath = parentOf(path)
    this.#path.set(path)
    const parent = this.#parentOnPath()
    // Before anything can refuse: a replay must give access lists the numbers they had the first time.
    const aclIndex = this.acls.acquire(record.acl)
    if (parent === noId) {
      this.acls.removeUsage(aclIndex)
      return this.#tolerated(type, ErrorCode.noNode, path)
    }
    const { nodes } = this
    const cversion = nodes.cversion(parent)
    const wanted = record.parentCVersion === -1 ? cversion + 1 : record.parentCVersion
    this.#touchParent(parentPath, parent, Math.max(cversion, wanted), header.zxid)
    const existing = this.#childOnPath(parent)
    if (existing !== noId) {
      // The snapshot may have caught the node before later changes of its list: those follow in the log.
      this.acls.removeUsage(nodes.aclIndex(existing))
      nodes.setAclIndex(existing, aclIndex)
      return this.#tolerated(type, ErrorCode.nodeExists, path)
    }
    const { data } = record
    const dataLength = data === null ? 0 : data.length
    const id = this.#add(parent, path, data, aclIndex, header.zxid, header.time)
    nodes.setOwner(id, owner)
    if (owner !== 0n) this.#index(path, owner)
    this.#redigest(path, id, data)
    if (parentPath.startsWith(quotaPath)) this.#quotaNodeCreated(path, parentPath)
    this.#countUsage(path, 1, dataLength)
    if (!this.#isReplaying) {
      this.watches.created(path, parentPath, header.zxid, this.acls.list(aclIndex), this.aclOfId(parent))
    }
    return { type, code: ErrorCode.ok, path, stat: this.#statOf(id), parts: undefined }
  }

  #delete(header: TxnHeader, type: number, path: string): Applied {
    const parentPath = parentOf(path)
    this.#path.set(path)
    const parent = this.#parentOnPath()
    if (parent === noId) return this.#tolerated(type, ErrorCode.noNode, path)
    const { nodes } = this
    const id = this.#childOnPath(parent)
    this.#touchParent(parentPath, parent, nodes.cversion(parent), header.zxid)
    if (id === noId) return this.#tolerated(type, ErrorCode.noNode, path)
    const acl = this.aclOfId(id)
    const dataLength = nodes.dataLength(id)
    const owner = nodes.owner(id)
    this.#dataBytes -= this.#path.length + dataLength
    this.digest.subtract(nodes.digest(id))
    if (owner !== 0n) this.#unindex(path, owner)
    this.acls.removeUsage(nodes.aclIndex(id))
    nodes.remove(id)
    if (nameOf(path) === limitsName && parentPath.startsWith(quotaPath)) {
      this.quotas.delete(parentPath.slice(quotaPath.length))
    }
    this.#countUsage(path, -1, -dataLength)
    if (!this.#isReplaying) this.watches.deleted(path, parentPath, header.zxid, acl, this.aclOfId(parent))
    return outcome(type, ErrorCode.ok, path)
  }

  #setData(header: TxnHeader, type: number, path: string, data: Uint8Array | null, version: number): Applied {
    const id = this.idOf(path)
    if (id === noId) return this.#tolerated(type, ErrorCode.noNode, path)
    const { nodes } = this
    const growth = (data === null ? 0 : data.length) - nodes.dataLength(id)
    nodes.setData(id, data)
    nodes.setMtime(id, header.time)
    nodes.setMzxid(id, header.zxid)
    nodes.setVersion(id, version)
    nodes.setContentState(id, contentStateOf(this.#path, data))
    this.#redigestStat(path, id)
    this.#dataBytes += growth
    this.#countUsage(path, 0, growth)
    if (!this.#isReplaying) this.watches.dataChanged(path, header.zxid, this.aclOfId(id))
    return { type, code: ErrorCode.ok, path, stat: this.#statOf(id), parts: undefined }
  }

  #setAcl(type: number, path: string, acl: readonly ACL[] | null, version: number): Applied {
    const id = this.idOf(path)
    const aclIndex = this.acls.acquire(acl)
    if (id === noId) {
      this.acls.removeUsage(aclIndex)
      return this.#tolerated(type, ErrorCode.noNode, path)
    }
    this.acls.removeUsage(this.nodes.aclIndex(id))
    this.nodes.setAclIndex(id, aclIndex)
    this.nodes.setAversion(id, version)
    this.#redigestStat(path, id)
    return { type, code: ErrorCode.ok, path, stat: this.#statOf(id), parts: undefined }
  }

  #closeSession(header: TxnHeader, paths: readonly (string | null)[] | null): Applied {
    const doomed = new Set<string>()
    for (const path of paths ?? []) if (path !== null) doomed.add(path)
    for (const path of this.ephemerals.get(header.clientId) ?? []) doomed.add(path)
    for (const path of doomed) this.#delete(header, Operation.delete, path)
    this.sessions.delete(header.clientId)
    return outcome(Operation.closeSession, ErrorCode.ok, '')
  }

  /** A refusal at this point means that the preparation and the tree disagree, unless a fuzzy snapshot is replayed. */
  #tolerated(type: number, code: number, path: string): Applied {
    assert(
      this.#isReplaying || this.isRepetitionAllowed,
      `a prepared transaction does not fit the tree: code ${code} at ${path}`,
    )
    return outcome(type, code, path)
  }

  #statOf(id: number): Stat {
    return new ZNode(this.nodes, id).stat()
  }

  #touchParent(path: string, parent: number, cversion: number, zxid: number): void {
    this.nodes.setCversion(parent, cversion)
    if (zxid > this.nodes.pzxid(parent)) this.nodes.setPzxid(parent, zxid)
    this.#redigestStat(path, parent)
  }

  /** The path in hand must be this one. */
  #redigest(path: string, id: number, data: Uint8Array | null): void {
    this.nodes.setContentState(id, contentStateOf(this.#path, data))
    this.#redigestStat(path, id)
  }

  #redigestStat(path: string, id: number): void {
    if (!isDigested(path)) return
    this.digest.subtract(this.nodes.digest(id))
    const digest = this.nodes.digestNow(id)
    this.nodes.setDigest(id, digest)
    this.digest.add(digest)
  }

  #index(path: string, owner: bigint): void {
    const kind = ownerKind(owner)
    if (kind === 'container') this.containers.add(path)
    else if (kind === 'ttl') this.ttls.add(path)
    else {
      const paths = this.ephemerals.get(owner)
      if (paths === undefined) this.ephemerals.set(owner, new Set([path]))
      else paths.add(path)
    }
  }

  #unindex(path: string, owner: bigint): void {
    this.containers.delete(path)
    this.ttls.delete(path)
    const paths = this.ephemerals.get(owner)
    paths?.delete(path)
    if (paths?.size === 0) this.ephemerals.delete(owner)
  }

  #quotaNodeCreated(path: string, parentPath: string): void {
    const limited = parentPath.slice(quotaPath.length)
    if (nameOf(path) === limitsName) this.quotas.add(limited)
    if (nameOf(path) === usageName) this.#recountUsage(limited)
  }

  #restoreQuotasUnder(id: number, limited: string): void {
    const { nodes } = this
    for (let child = nodes.firstChild(id); child !== noId; child = nodes.nextSibling(child)) {
      const name = nodes.name(child)
      if (name === limitsName) this.quotas.add(limited)
      else if (name === usageName) this.#recountUsage(limited)
      else this.#restoreQuotasUnder(child, childPath(limited === '' ? '/' : limited, name))
    }
  }

  /** Counts a whole subtree anew. Cold: when a quota is set and at start. */
  #recountUsage(limited: string): void {
    const top = this.idOf(limited)
    const usage = this.idOf(usagePathOf(limited))
    if (top === noId || usage === noId) return
    const { nodes } = this
    let count = 0
    let bytes = 0
    for (let id = top; id !== noId; id = nodes.successorWithin(id, top)) {
      count += 1
      bytes += nodes.dataLength(id)
    }
    nodes.setData(usage, usageText(count, bytes))
  }

  /** Usage is bookkeeping outside the transactions: it moves no version and no digest. */
  #countUsage(path: string, count: number, bytes: number): void {
    const limited = this.quotas.nearest(path)
    if (limited === undefined) return
    const usage = this.idOf(usagePathOf(limited))
    if (usage === noId) return
    const before = parseQuota(this.nodes.data(usage))
    this.nodes.setData(usage, usageText(before.count + count, before.bytes + bytes))
  }
}

const systemPrefix = new TextEncoder().encode(`${systemPath}/`)

function isSystemPath(path: Uint8Array): boolean {
  return systemPrefix.every((byte, index) => path[index] === byte)
}

function outcome(type: number, code: number, path: string): Applied {
  return { type, code, path, stat: undefined, parts: undefined }
}
