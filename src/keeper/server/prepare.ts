import type { ACL, Id } from '../../jute/generated/data.ts'
import type {
  CheckVersionRequest,
  CreateTTLRequest,
  DeleteRequest,
  ReconfigRequest,
  SetACLRequest,
  SetDataRequest,
} from '../../jute/generated/proto.ts'
import { CreateFlags, ErrorCode, Operation, Permission } from '../../jute/operations.ts'
import { configPath, isValidPath, parentOf, quotaPath, systemPath } from '../tree/paths.ts'
import { limitsPathOf, parseQuota, usagePathOf } from '../tree/quota.ts'
import type { TxnBody } from '../tree/txn.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import { containerOwner, ownerKind, ttlMaxMs, ttlOwner } from '../tree/owners.ts'
import { fixedAcl, isAllowed } from './access.ts'
import { Change, type PendingChanges } from './pending-changes.ts'

const builtInPaths: ReadonlySet<string> = new Set(['/', systemPath, quotaPath, configPath])
const SEQUENCE_DIGITS = 10

/** What of the configuration decides whether a write is good. */
export interface PrepareRules {
  /** TTL nodes are allowed. */
  readonly extendedTypesEnabled: boolean
  /** A hard quota refuses writes rather than being a log line. */
  readonly enforceQuota: boolean
  /** Access lists are not looked at. */
  readonly skipAcl: boolean
  /** Which schemes access lists may name. */
  readonly auth: { readonly rules: { readonly schemes: ReadonlySet<string> } }
}

/** Who asks, and the transaction that their request will be. */
export interface Preparation {
  readonly sessionId: bigint
  readonly ids: readonly Id[]
  readonly zxid: number
  readonly timeMs: number
}

/** One write as a client asks for it; `create` covers all five kinds of creation. */
export type WriteRequest =
  | { readonly kind: 'create'; readonly type: number; readonly record: CreateTTLRequest }
  | { readonly kind: 'delete'; readonly type: number; readonly record: DeleteRequest }
  | { readonly kind: 'setData'; readonly type: number; readonly record: SetDataRequest }
  | { readonly kind: 'setAcl'; readonly type: number; readonly record: SetACLRequest }
  | { readonly kind: 'check'; readonly type: number; readonly record: CheckVersionRequest }
  | { readonly kind: 'multi'; readonly type: number; readonly parts: readonly WriteRequest[] }
  | { readonly kind: 'reconfig'; readonly type: number; readonly record: ReconfigRequest }

/**
 * Turns requests into transactions, absolute and sure to fit, against the tree as it will be when their turn comes.
 * The order of the checks is ZooKeeper's: it decides which error a client sees.
 */
export class Preparer {
  readonly pending: PendingChanges
  readonly #tree: ZNodeTree
  readonly #rules: PrepareRules

  constructor(tree: ZNodeTree, pending: PendingChanges, rules: PrepareRules) {
    this.#tree = tree
    this.pending = pending
    this.#rules = rules
  }

  /** @returns the transaction, or the code that refuses the request; then nothing has changed */
  prepare(request: WriteRequest, by: Preparation): TxnBody | number {
    switch (request.kind) {
      case 'create':
        return this.#create(request.type, request.record, by)
      case 'delete':
        return this.#delete(request.record, by)
      case 'setData':
        return this.#setData(request.record, by)
      case 'setAcl':
        return this.#setAcl(request.record, by)
      case 'check':
        return this.#check(request.record, by)
      case 'multi':
        return this.#multi(request.parts, by)
      case 'reconfig':
        return ErrorCode.reconfigDisabled
    }
  }

  /**
   * A change of the ensemble, judged by who leads it; what is left is whether the client may ask for one.
   *
   * @param text the new configuration
   */
  reconfig(text: string, by: Preparation): TxnBody | number {
    const node = this.pending.find(configPath)
    if (node === undefined) return ErrorCode.noNode
    if (!this.#may(node.acl, Permission.write, by)) return ErrorCode.noAuth
    const changed = node.copy()
    changed.version = -1
    changed.mtime = by.timeMs
    changed.mzxid = by.zxid
    const data = new TextEncoder().encode(text)
    this.pending.put(changed, by.zxid, data)
    return { type: Operation.reconfig, record: { path: configPath, data, version: -1 } }
  }

  /** The end of a session, with the list of what vanishes with it. */
  closeSession(sessionId: bigint, zxid: number): TxnBody {
    const paths = this.pending.ephemeralsOf(sessionId)
    for (const path of paths) this.#remove(path, zxid)
    return { type: Operation.closeSession, record: { paths2Delete: paths } }
  }

  /** The sweep's removal of a container or an overdue node; undefined when it is in use again. */
  deleteContainer(path: string, zxid: number): TxnBody | undefined {
    const node = this.pending.find(path)
    if (node === undefined || node.childCount > 0) return undefined
    const kind = ownerKind(node.ephemeralOwner)
    if (kind !== 'container' && kind !== 'ttl') return undefined
    this.#remove(path, zxid)
    return { type: Operation.deleteContainer, record: { path } }
  }

  #create(type: number, record: CreateTTLRequest, by: Preparation): TxnBody | number {
    const { flags } = record
    if (flags < CreateFlags.persistent || flags > CreateFlags.ttlSequential) return ErrorCode.badArguments
    const isTtl = flags >= CreateFlags.ttl
    if (type === Operation.createTtl && !this.#rules.extendedTypesEnabled) return ErrorCode.unimplemented
    if (isTtl && !this.#rules.extendedTypesEnabled) return ErrorCode.unimplemented
    if (isTtl ? record.ttl <= 0 || record.ttl > ttlMaxMs : record.ttl >= 0) return ErrorCode.badArguments
    const asked = record.path ?? ''
    if (!asked.includes('/') || asked.includes('\u0000')) return ErrorCode.badArguments
    const acl = fixedAcl(record.acl, by.ids, this.#rules.auth.rules.schemes)
    if (acl === undefined) return ErrorCode.invalidAcl
    const parentPath = parentOf(asked)
    const parent = this.pending.find(parentPath)
    if (parent === undefined) return ErrorCode.noNode
    if (!this.#may(parent.acl, Permission.create, by)) return ErrorCode.noAuth
    const isSequential =
      flags === CreateFlags.persistentSequential ||
      flags === CreateFlags.ephemeralSequential ||
      flags === CreateFlags.ttlSequential
    const path = isSequential ? asked + sequenceSuffix(parent.cversion) : asked
    if (!isValidPath(path)) return ErrorCode.badArguments
    if (this.pending.find(path) !== undefined) return ErrorCode.nodeExists
    if (ownerKind(parent.ephemeralOwner) === 'ephemeral') return ErrorCode.noChildrenForEphemerals
    if (!this.#fitsQuota(path, 1, record.data === null ? 0 : record.data.length)) return ErrorCode.quotaExceeded

    const isEphemeral = flags === CreateFlags.ephemeral || flags === CreateFlags.ephemeralSequential
    const owner = isEphemeral ? by.sessionId : flags === CreateFlags.container ? containerOwner : 0n
    const parentCVersion = (parent.cversion + 1) | 0
    this.#putParent(parent, parentCVersion, 1, by.zxid)
    const data = owned(record.data)
    this.#putCreated(path, acl, isTtl ? ttlOwner(record.ttl) : owner, data, by)
    const created = { path, data, acl, parentCVersion }
    if (isTtl) return { type: Operation.createTtl, record: { ...created, ttl: record.ttl } }
    if (flags === CreateFlags.container) return { type: Operation.createContainer, record: created }
    const txnType = type === Operation.create2 ? Operation.create2 : Operation.create
    return { type: txnType, record: { ...created, ephemeral: isEphemeral } }
  }

  #delete(record: DeleteRequest, by: Preparation): TxnBody | number {
    const path = record.path ?? ''
    if (!path.includes('/') || path.includes('\u0000') || builtInPaths.has(path)) return ErrorCode.badArguments
    const parent = this.pending.find(parentOf(path))
    if (parent === undefined) return ErrorCode.noNode
    if (!this.#may(parent.acl, Permission.delete, by)) return ErrorCode.noAuth
    const node = this.pending.find(path)
    if (node === undefined) return ErrorCode.noNode
    if (!isVersion(record.version, node.version)) return ErrorCode.badVersion
    if (node.childCount > 0) return ErrorCode.notEmpty
    this.#remove(path, by.zxid)
    return { type: Operation.delete, record: { path } }
  }

  #setData(record: SetDataRequest, by: Preparation): TxnBody | number {
    const path = record.path ?? ''
    if (!isValidPath(path)) return ErrorCode.badArguments
    const node = this.pending.find(path)
    if (node === undefined) return ErrorCode.noNode
    if (!this.#may(node.acl, Permission.write, by)) return ErrorCode.noAuth
    const growth = (record.data === null ? 0 : record.data.length) - node.dataLength
    if (!this.#fitsQuota(path, 0, growth)) return ErrorCode.quotaExceeded
    if (!isVersion(record.version, node.version)) return ErrorCode.badVersion
    const changed = node.copy()
    changed.version = nextVersion(node.version)
    changed.mtime = by.timeMs
    changed.mzxid = by.zxid
    const data = owned(record.data)
    this.pending.put(changed, by.zxid, data)
    return { type: Operation.setData, record: { path, data, version: changed.version } }
  }

  #setAcl(record: SetACLRequest, by: Preparation): TxnBody | number {
    const path = record.path ?? ''
    if (!isValidPath(path)) return ErrorCode.badArguments
    const acl = fixedAcl(record.acl, by.ids, this.#rules.auth.rules.schemes)
    if (acl === undefined) return ErrorCode.invalidAcl
    const node = this.pending.find(path)
    if (node === undefined) return ErrorCode.noNode
    if (!this.#may(node.acl, Permission.admin, by)) return ErrorCode.noAuth
    if (!isVersion(record.version, node.aversion)) return ErrorCode.badVersion
    const changed = node.copy()
    changed.aversion = nextVersion(node.aversion)
    changed.acl = acl
    this.pending.put(changed, by.zxid)
    return { type: Operation.setAcl, record: { path, acl, version: changed.aversion } }
  }

  #check(record: CheckVersionRequest, by: Preparation): TxnBody | number {
    const path = record.path ?? ''
    if (!isValidPath(path)) return ErrorCode.badArguments
    const node = this.pending.find(path)
    if (node === undefined) return ErrorCode.noNode
    if (!this.#may(node.acl, Permission.read, by)) return ErrorCode.noAuth
    if (!isVersion(record.version, node.version)) return ErrorCode.badVersion
    return { type: Operation.check, record: { path, version: nextVersion(node.version) } }
  }

  /** Always a transaction: a refused multi is logged too, as what would have been and the reason why not. */
  #multi(parts: readonly WriteRequest[], by: Preparation): TxnBody {
    const bodies: TxnBody[] = []
    let hasFailed = false
    this.pending.begin()
    for (const part of parts) {
      const body = hasFailed ? ErrorCode.runtimeInconsistency : this.prepare(part, by)
      if (typeof body === 'number') {
        hasFailed = true
        bodies.push({ type: Operation.error, record: { err: body } })
      } else bodies.push(body)
    }
    if (hasFailed) this.pending.rollBack()
    else this.pending.keep()
    return { type: Operation.multi, parts: bodies }
  }

  #remove(path: string, zxid: number): void {
    const node = this.pending.find(path)
    const parent = this.pending.find(parentOf(path))
    if (node === undefined || parent === undefined) return
    this.#putParent(parent, parent.cversion, -1, zxid)
    const gone = node.copy()
    gone.exists = false
    this.pending.put(gone, zxid)
  }

  #putParent(parent: Readonly<Change>, cversion: number, childCount: number, zxid: number): void {
    const changed = parent.copy()
    changed.cversion = cversion
    changed.pzxid = zxid
    changed.childCount += childCount
    this.pending.put(changed, zxid)
  }

  #putCreated(path: string, acl: readonly ACL[], owner: bigint, data: Uint8Array | null, by: Preparation): void {
    const node = new Change(path)
    node.czxid = by.zxid
    node.mzxid = by.zxid
    node.pzxid = by.zxid
    node.ctime = by.timeMs
    node.mtime = by.timeMs
    node.ephemeralOwner = owner
    node.acl = acl
    this.pending.put(node, by.zxid, data)
  }

  #may(acl: readonly ACL[], permission: number, by: Preparation): boolean {
    return this.#rules.skipAcl || isAllowed(acl, permission, by.ids)
  }

  /** Hard limits count only when enforced; usage is the applied tree's, as in ZooKeeper. */
  #fitsQuota(path: string, count: number, bytes: number): boolean {
    if (!this.#rules.enforceQuota) return true
    const limited = this.#tree.quotas.nearest(path)
    if (limited === undefined) return true
    const limits = parseQuota(this.#tree.find(limitsPathOf(limited))?.data ?? null)
    const usage = parseQuota(this.#tree.find(usagePathOf(limited))?.data ?? null)
    const fitsCount = count === 0 || limits.countHardLimit < 0 || usage.count + count <= limits.countHardLimit
    const fitsBytes = bytes <= 0 || limits.byteHardLimit < 0 || usage.bytes + bytes <= limits.byteHardLimit
    return fitsCount && fitsBytes
  }
}

/**
 * A request's data lie in the frame, which is gone when the transaction is applied. Small copies share memory: one of its
 * own for each is most of what a small write would leave to the collector.
 */
function owned(data: Uint8Array | null): Uint8Array | null {
  return data === null ? null : Buffer.from(data)
}

function sequenceSuffix(cversion: number): string {
  const digits = Math.abs(cversion)
    .toString()
    .padStart(cversion < 0 ? SEQUENCE_DIGITS - 1 : SEQUENCE_DIGITS, '0')
  return cversion < 0 ? `-${digits}` : digits
}

function isVersion(expected: number, current: number): boolean {
  return expected === -1 || expected === current
}

/** -1 means "any" in a request, so no node ever has it. */
function nextVersion(version: number): number {
  const next = (version + 1) | 0
  return next === -1 ? 0 : next
}
