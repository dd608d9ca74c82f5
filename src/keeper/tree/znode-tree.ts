import { assert, BugError } from '../../base/assert.ts'
import type { ACL, Stat } from '../../jute/generated/data.ts'
import type { TxnHeader } from '../../jute/generated/txn.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import { AclMap, openAclIndex, readOnlyAcl } from './acl-map.ts'
import { contentState, DigestSum, isDigested, nodeDigest } from './digest.ts'
import { packData, unpackData } from './node-data.ts'
import { childPath, configPath, nameOf, parentOf, quotaPath, systemPath } from './paths.ts'
import { limitsName, parseQuota, QuotaPaths, usageName, usagePathOf, usageText } from './quota.ts'
import type { TxnBody } from './txn.ts'
import { Watches } from './watches.ts'
import { containerOwner, ownerKind, statOf, ttlOwner, ZNode } from './znode.ts'

/** What one operation of a transaction came to. */
export interface Applied {
  readonly type: number
  readonly code: number
  readonly path: string
  readonly stat: Stat | undefined
  readonly parts: readonly Applied[] | undefined
}

const noData = ''

/**
 * The replicated state: nodes, access lists, who owns which ephemeral, the digest over it all, and (not replicated) the
 * watches. It changes only through {@link ZNodeTree.apply}, in the order of zxids.
 */
export class ZNodeTree {
  readonly root: ZNode = new ZNode(noData, openAclIndex, 0, 0, 0n)
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
  #nodeCount = 1
  #dataBytes = 0
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
    this.#redigest('/', this.root)
    for (const path of [systemPath, quotaPath, configPath]) {
      const node = new ZNode(noData, openAclIndex, 0, 0, 0n)
      if (path === configPath) {
        node.aclIndex = this.acls.acquire(readOnlyAcl)
        node.aversion = -1
      }
      this.attach(path, node)
    }
  }

  get nodeCount(): number {
    return this.#nodeCount
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

  find(path: string): ZNode | undefined {
    let node: ZNode | undefined = this.root
    if (path === '/') return node
    for (let at = 1; node !== undefined && at <= path.length; ) {
      const slash = path.indexOf('/', at)
      const end = slash < 0 ? path.length : slash
      node = node.children?.get(path.slice(at, end))
      at = end + 1
    }
    return node
  }

  aclOf(node: ZNode): readonly ACL[] {
    return this.acls.list(node.aclIndex)
  }

  /** Replays of the log tolerate what a snapshot taken amid changes already shows. */
  beginReplay(): void {
    this.#isReplaying = true
  }

  endReplay(): void {
    this.#isReplaying = false
  }

  /** Hangs a complete node into its place. For snapshots; the path's parent must be there. */
  attach(path: string, node: ZNode): void {
    const parent = this.find(parentOf(path))
    if (parent === undefined) throw new BugError(`node ${path} comes before its parent`)
    parent.children ??= new Map()
    parent.children.set(nameOf(path), node)
    this.#nodeCount += 1
    this.#dataBytes += path.length + node.dataLength
    this.#index(path, node)
    this.#redigest(path, node)
  }

  /** Takes the root of a snapshot. */
  restoreRoot(stored: ZNode): void {
    Object.assign(this.root, stored)
    this.digest.subtract(this.root.digest >>> 0)
    this.root.digest = 0
    this.#redigest('/', this.root)
  }

  /** After a snapshot is in: which paths have quotas, and their usage as the nodes say now. */
  restoreQuotas(): void {
    const quotaRoot = this.find(quotaPath)
    if (quotaRoot !== undefined) this.#restoreQuotasUnder(quotaRoot, '')
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
    const parent = this.find(parentPath)
    // Before anything can refuse: a replay must give access lists the numbers they had the first time.
    const aclIndex = this.acls.acquire(record.acl)
    if (parent === undefined) {
      this.acls.removeUsage(aclIndex)
      return this.#tolerated(type, ErrorCode.noNode, path)
    }
    const cversion = record.parentCVersion === -1 ? parent.cversion + 1 : record.parentCVersion
    this.#touchParent(parentPath, parent, Math.max(parent.cversion, cversion), header.zxid)
    const existing = parent.children?.get(nameOf(path))
    if (existing !== undefined) {
      // The snapshot may have caught the node before later changes of its list: those follow in the log.
      this.acls.removeUsage(existing.aclIndex)
      existing.aclIndex = aclIndex
      return this.#tolerated(type, ErrorCode.nodeExists, path)
    }
    const node = new ZNode(packData(record.data), aclIndex, header.zxid, header.time, owner)
    parent.children ??= new Map()
    parent.children.set(nameOf(path), node)
    this.#nodeCount += 1
    this.#dataBytes += path.length + node.dataLength
    this.#index(path, node)
    this.#redigest(path, node)
    if (parentPath.startsWith(quotaPath)) this.#quotaNodeCreated(path, parentPath)
    this.#countUsage(path, 1, node.dataLength)
    if (!this.#isReplaying) {
      this.watches.created(path, parentPath, header.zxid, this.aclOf(node), this.aclOf(parent))
    }
    return { type, code: ErrorCode.ok, path, stat: statOf(node), parts: undefined }
  }

  #delete(header: TxnHeader, type: number, path: string): Applied {
    const parentPath = parentOf(path)
    const parent = this.find(parentPath)
    if (parent === undefined) return this.#tolerated(type, ErrorCode.noNode, path)
    const name = nameOf(path)
    const node = parent.children?.get(name)
    this.#touchParent(parentPath, parent, parent.cversion, header.zxid)
    if (node === undefined) return this.#tolerated(type, ErrorCode.noNode, path)
    parent.children?.delete(name)
    if (parent.children?.size === 0) parent.children = undefined
    this.#nodeCount -= 1
    this.#dataBytes -= path.length + node.dataLength
    this.digest.subtract(node.digest >>> 0)
    this.#unindex(path, node)
    this.acls.removeUsage(node.aclIndex)
    if (name === limitsName && parentPath.startsWith(quotaPath)) this.quotas.delete(parentPath.slice(quotaPath.length))
    this.#countUsage(path, -1, -node.dataLength)
    if (!this.#isReplaying) {
      this.watches.deleted(path, parentPath, header.zxid, this.aclOf(node), this.aclOf(parent))
    }
    return outcome(type, ErrorCode.ok, path)
  }

  #setData(header: TxnHeader, type: number, path: string, data: Uint8Array | null, version: number): Applied {
    const node = this.find(path)
    if (node === undefined) return this.#tolerated(type, ErrorCode.noNode, path)
    const lengthBefore = node.dataLength
    node.data = packData(data)
    node.mtime = header.time
    node.mzxid = header.zxid
    node.version = version
    node.contentState = contentState(path, node.data)
    this.#redigestStat(path, node)
    this.#dataBytes += node.dataLength - lengthBefore
    this.#countUsage(path, 0, node.dataLength - lengthBefore)
    if (!this.#isReplaying) this.watches.dataChanged(path, header.zxid, this.aclOf(node))
    return { type, code: ErrorCode.ok, path, stat: statOf(node), parts: undefined }
  }

  #setAcl(type: number, path: string, acl: readonly ACL[] | null, version: number): Applied {
    const node = this.find(path)
    const aclIndex = this.acls.acquire(acl)
    if (node === undefined) {
      this.acls.removeUsage(aclIndex)
      return this.#tolerated(type, ErrorCode.noNode, path)
    }
    this.acls.removeUsage(node.aclIndex)
    node.aclIndex = aclIndex
    node.aversion = version
    this.#redigestStat(path, node)
    return { type, code: ErrorCode.ok, path, stat: statOf(node), parts: undefined }
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

  #touchParent(path: string, parent: ZNode, cversion: number, zxid: number): void {
    parent.cversion = cversion
    if (zxid > parent.pzxid) parent.pzxid = zxid
    this.#redigestStat(path, parent)
  }

  #redigest(path: string, node: ZNode): void {
    node.contentState = contentState(path, node.data)
    this.#redigestStat(path, node)
  }

  #redigestStat(path: string, node: ZNode): void {
    if (!isDigested(path)) return
    this.digest.subtract(node.digest >>> 0)
    node.digest = nodeDigest(node.contentState, node) | 0
    this.digest.add(node.digest >>> 0)
  }

  #index(path: string, node: ZNode): void {
    if (node.ephemeralOwner === 0n) return
    const kind = ownerKind(node.ephemeralOwner)
    if (kind === 'container') this.containers.add(path)
    else if (kind === 'ttl') this.ttls.add(path)
    else {
      const paths = this.ephemerals.get(node.ephemeralOwner)
      if (paths === undefined) this.ephemerals.set(node.ephemeralOwner, new Set([path]))
      else paths.add(path)
    }
  }

  #unindex(path: string, node: ZNode): void {
    if (node.ephemeralOwner === 0n) return
    this.containers.delete(path)
    this.ttls.delete(path)
    const paths = this.ephemerals.get(node.ephemeralOwner)
    paths?.delete(path)
    if (paths?.size === 0) this.ephemerals.delete(node.ephemeralOwner)
  }

  #quotaNodeCreated(path: string, parentPath: string): void {
    const limited = parentPath.slice(quotaPath.length)
    if (nameOf(path) === limitsName) this.quotas.add(limited)
    if (nameOf(path) === usageName) this.#recountUsage(limited)
  }

  #restoreQuotasUnder(node: ZNode, limited: string): void {
    for (const [name, child] of node.children ?? []) {
      if (name === limitsName) this.quotas.add(limited)
      else if (name === usageName) this.#recountUsage(limited)
      else this.#restoreQuotasUnder(child, childPath(limited === '' ? '/' : limited, name))
    }
  }

  /** Counts a whole subtree anew. Cold: when a quota is set and at start. */
  #recountUsage(limited: string): void {
    const top = this.find(limited)
    const usage = this.find(usagePathOf(limited))
    if (top === undefined || usage === undefined) return
    let count = 0
    let bytes = 0
    const pending = [top]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      count += 1
      bytes += node.dataLength
      for (const child of node.children?.values() ?? []) pending.push(child)
    }
    usage.data = packData(usageText(count, bytes))
  }

  /** Usage is bookkeeping outside the transactions: it moves no version and no digest. */
  #countUsage(path: string, count: number, bytes: number): void {
    const limited = this.quotas.nearest(path)
    if (limited === undefined) return
    const usage = this.find(usagePathOf(limited))
    if (usage === undefined) return
    const before = parseQuota(unpackData(usage.data))
    usage.data = packData(usageText(before.count + count, before.bytes + bytes))
  }
}

function outcome(type: number, code: number, path: string): Applied {
  return { type, code, path, stat: undefined, parts: undefined }
}
