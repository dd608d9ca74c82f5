import type { ACL } from '../../jute/generated/data.ts'
import { contentState, DigestSum, isDigested, nodeDigest } from '../tree/digest.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import type { ZNode } from '../tree/znode.ts'

/** A node as it will be once everything prepared so far is applied. */
export class Change {
  readonly path: string
  zxid: number = 0
  /** False once deleted. */
  exists: boolean = true
  czxid: number = 0
  mzxid: number = 0
  pzxid: number = 0
  ctime: number = 0
  mtime: number = 0
  version: number = 0
  cversion: number = 0
  aversion: number = 0
  ephemeralOwner: bigint = 0n
  childCount: number = 0
  dataLength: number = 0
  acl: readonly ACL[] = []
  contentState: number = 0
  digest: number = 0

  constructor(path: string) {
    this.path = path
  }

  /** @returns a copy to change and hand to {@link PendingChanges.put}: kept changes must stay as they are */
  copy(): Change {
    const copy = new Change(this.path)
    copy.zxid = this.zxid
    copy.exists = this.exists
    copy.czxid = this.czxid
    copy.mzxid = this.mzxid
    copy.pzxid = this.pzxid
    copy.ctime = this.ctime
    copy.mtime = this.mtime
    copy.version = this.version
    copy.cversion = this.cversion
    copy.aversion = this.aversion
    copy.ephemeralOwner = this.ephemeralOwner
    copy.childCount = this.childCount
    copy.dataLength = this.dataLength
    copy.acl = this.acl
    copy.contentState = this.contentState
    copy.digest = this.digest
    return copy
  }
}

/**
 * What prepared but not yet applied transactions will have done. Preparing against the tree alone would let two requests
 * in flight take the same sequence number or both pass the same version check.
 */
export class PendingChanges {
  readonly #tree: ZNodeTree
  readonly #changes = new Map<string, Change>()
  /** In the order made, with the zxid that applies them, to know when they may be forgotten. */
  #order: Change[] = []
  #forgotten = 0
  /** Digest of the tree after all prepared transactions. */
  readonly digest: DigestSum = new DigestSum()
  #undo: { readonly path: string; readonly before: Change | undefined }[] | undefined
  readonly #digestBefore = new DigestSum()
  #orderBefore = 0

  constructor(tree: ZNodeTree) {
    this.#tree = tree
    this.digest.copyFrom(tree.digest)
  }

  /** @returns the node as it will be, undefined when it will not exist */
  find(path: string): Readonly<Change> | undefined {
    const change = this.#changes.get(path)
    if (change !== undefined) return change.exists ? change : undefined
    const node = this.#tree.find(path)
    return node === undefined ? undefined : changeOf(path, node, this.#tree.aclOf(node))
  }

  /** @returns ephemerals that a session will own */
  ephemeralsOf(sessionId: bigint): string[] {
    const paths = new Set(this.#tree.ephemerals.get(sessionId))
    for (const change of this.#changes.values()) {
      // The path may be somebody else's by then: deleted and created again.
      if (change.exists && change.ephemeralOwner === sessionId) paths.add(change.path)
      else paths.delete(change.path)
    }
    return [...paths]
  }

  /**
   * Takes what transaction `zxid` makes of a path.
   *
   * @param kept a new change or a copy of a found one; belongs to this object from here on
   * @param data the node's data where the transaction sets it
   */
  put(kept: Change, zxid: number, data?: Uint8Array | null): void {
    this.#undo?.push({ path: kept.path, before: this.#changes.get(kept.path) })
    kept.zxid = zxid
    if (data !== undefined) {
      kept.contentState = contentState(kept.path, data)
      kept.dataLength = data === null ? 0 : data.length
    }
    if (isDigested(kept.path)) {
      this.digest.subtract(kept.digest)
      kept.digest = kept.exists ? nodeDigest(kept.contentState, kept) : 0
      this.digest.add(kept.digest)
    }
    this.#changes.set(kept.path, kept)
    this.#order.push(kept)
  }

  /** Everything up to this transaction is in the tree now. */
  forget(zxid: number): void {
    while (this.#forgotten < this.#order.length) {
      const change = this.#order[this.#forgotten]
      if (change === undefined || change.zxid > zxid) break
      if (this.#changes.get(change.path) === change) this.#changes.delete(change.path)
      this.#forgotten += 1
    }
    if (this.#forgotten === this.#order.length) {
      this.#order = []
      this.#forgotten = 0
    } else if (this.#forgotten > 1024) {
      this.#order = this.#order.slice(this.#forgotten)
      this.#forgotten = 0
    }
  }

  /** From here on changes can be taken back: for the parts of a multi. */
  begin(): void {
    this.#undo = []
    this.#digestBefore.copyFrom(this.digest)
    this.#orderBefore = this.#order.length
  }

  keep(): void {
    this.#undo = undefined
  }

  /** Takes back everything since {@link PendingChanges.begin}, the parents' counters included. */
  rollBack(): void {
    for (const { path, before } of (this.#undo ?? []).reverse()) {
      if (before === undefined) this.#changes.delete(path)
      else this.#changes.set(path, before)
    }
    this.#undo = undefined
    this.digest.copyFrom(this.#digestBefore)
    this.#order.length = this.#orderBefore
  }
}

function changeOf(path: string, node: ZNode, acl: readonly ACL[]): Change {
  const change = new Change(path)
  change.czxid = node.czxid
  change.mzxid = node.mzxid
  change.pzxid = node.pzxid
  change.ctime = node.ctime
  change.mtime = node.mtime
  change.version = node.version
  change.cversion = node.cversion
  change.aversion = node.aversion
  change.ephemeralOwner = node.ephemeralOwner
  change.childCount = node.childCount
  change.dataLength = node.dataLength
  change.acl = acl
  change.contentState = node.contentState
  change.digest = node.digest
  return change
}
