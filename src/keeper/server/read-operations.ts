// hot: per request
import type { ACL, Id } from '../../jute/generated/data.ts'
import { writeACL, writeClientInfo } from '../../jute/generated/data.ts'
import { type SetWatches2, writeMultiHeader } from '../../jute/generated/proto.ts'
import { AddWatchMode, ErrorCode, EventType, Operation, Permission } from '../../jute/operations.ts'
import type { JuteWriter } from '../../jute/writer.ts'
import { writeStat } from '../tree/node-stat.ts'
import { noId } from '../tree/node-table.ts'
import { WatchMode, type WatchReceiver } from '../tree/watches.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import { isAllowed, maskedAcl } from './access.ts'
import type { ReadRequest } from './requests.ts'

const NO_ZXID = -1
const noAcl: readonly ACL[] = []

/** Whoever reads: identity for access, receiver for watches. */
export interface Reader extends WatchReceiver {
  readonly sessionId: bigint
  readonly ids: readonly Id[]
}

/** Answers reads from the applied tree, the moment they are asked. */
export class ReadOperations {
  readonly #tree: ZNodeTree
  readonly #skipAcl: boolean

  constructor(tree: ZNodeTree, skipAcl: boolean) {
    this.#tree = tree
    this.#skipAcl = skipAcl
  }

  /**
   * @param out where the body goes, behind a header that the caller has written
   * @returns ZooKeeper's code; unless ok (or a body was promised for it), nothing was written
   */
  answer(request: ReadRequest, by: Reader, out: JuteWriter): number {
    switch (request.kind) {
      case 'ping':
      case 'closeLocal':
        return ErrorCode.ok
      case 'exists':
        return this.#exists(request.path, request.watch, by, out)
      case 'getData':
        return this.#getData(request.path, request.watch, by, out)
      case 'getChildren':
      case 'getChildren2':
        return this.#getChildren(request.path, request.watch, request.kind === 'getChildren2', by, out)
      case 'getAcl':
        return this.#getAcl(request.path, by, out)
      case 'getAllChildrenNumber':
        return this.#getAllChildrenNumber(request.path, by, out)
      case 'sync':
        out.string(request.path)
        return ErrorCode.ok
      case 'getEphemerals':
        return this.#getEphemerals(request.record.prefixPath, by, out)
      case 'whoAmI':
        return whoAmI(by, out)
      case 'setWatches':
        return this.#setWatches(request.record, by)
      case 'addWatch':
        return this.#addWatch(request.record.path ?? '', request.record.mode, by, out)
      case 'checkWatches':
        return this.#tree.watches.contains(request.record.path ?? '', by, request.record.type)
          ? ErrorCode.ok
          : ErrorCode.noWatcher
      case 'removeWatches':
        return this.#tree.watches.remove(request.record.path ?? '', by, request.record.type)
          ? ErrorCode.ok
          : ErrorCode.noWatcher
      case 'multiRead':
        return this.#multiRead(request.parts, by, out)
      case 'unparsable':
        return ErrorCode.marshallingError
    }
  }

  #may(id: number, permission: number, by: Reader): boolean {
    return this.#skipAcl || isAllowed(this.#tree.aclOfId(id), permission, by.ids)
  }

  #exists(path: string, watch: boolean, by: Reader, out: JuteWriter): number {
    if (path.includes('\u0000')) return ErrorCode.badArguments
    const id = this.#tree.idOf(path)
    if (id !== noId && !this.#may(id, Permission.read, by)) return ErrorCode.noAuth
    if (watch) this.#tree.watches.data.add(path, by, WatchMode.oneShot)
    if (id === noId) return ErrorCode.noNode
    writeStat(this.#tree.nodes, out, id)
    return ErrorCode.ok
  }

  #getData(path: string, watch: boolean, by: Reader, out: JuteWriter): number {
    const id = this.#tree.idOf(path)
    if (id === noId) return ErrorCode.noNode
    if (!this.#may(id, Permission.read, by)) return ErrorCode.noAuth
    if (watch) this.#tree.watches.data.add(path, by, WatchMode.oneShot)
    this.#tree.nodes.writeData(out, id)
    writeStat(this.#tree.nodes, out, id)
    return ErrorCode.ok
  }

  #getChildren(path: string, watch: boolean, withStat: boolean, by: Reader, out: JuteWriter): number {
    const id = this.#tree.idOf(path)
    if (id === noId) return ErrorCode.noNode
    if (!this.#may(id, Permission.read, by)) return ErrorCode.noAuth
    if (watch) this.#tree.watches.child.add(path, by, WatchMode.oneShot)
    this.#writeNames(id, out)
    if (withStat) writeStat(this.#tree.nodes, out, id)
    return ErrorCode.ok
  }

  #getAcl(path: string, by: Reader, out: JuteWriter): number {
    const id = this.#tree.idOf(path)
    if (id === noId) return ErrorCode.noNode
    if (!this.#may(id, Permission.read | Permission.admin, by)) return ErrorCode.noAuth
    const stored = this.#tree.aclOfId(id)
    const acl = this.#skipAcl ? stored : maskedAcl(stored, by.ids)
    out.int32(acl.length)
    for (const entry of acl) writeACL(out, entry)
    writeStat(this.#tree.nodes, out, id)
    return ErrorCode.ok
  }

  #getAllChildrenNumber(path: string, by: Reader, out: JuteWriter): number {
    const id = this.#tree.idOf(path)
    if (id === noId) return ErrorCode.noNode
    if (!this.#may(id, Permission.read, by)) return ErrorCode.noAuth
    out.int32(path === '/' ? this.#tree.nodeCount - 1 : this.#descendantCount(id))
    return ErrorCode.ok
  }

  #getEphemerals(prefixPath: string | null, by: Reader, out: JuteWriter): number {
    const prefix = (prefixPath ?? '').trim()
    const paths: string[] = []
    for (const path of this.#tree.ephemerals.get(by.sessionId) ?? []) if (path.startsWith(prefix)) paths.push(path)
    out.int32(paths.length)
    for (const path of paths) out.string(path)
    return ErrorCode.ok
  }

  #addWatch(path: string, mode: number, by: Reader, out: JuteWriter): number {
    if (mode !== AddWatchMode.persistent && mode !== AddWatchMode.persistentRecursive) return ErrorCode.marshallingError
    this.#tree.watches.addPersistent(path, by, mode === AddWatchMode.persistentRecursive)
    out.int32(ErrorCode.ok)
    return ErrorCode.ok
  }

  /** Puts a reconnecting client's watches back; what changed meanwhile fires at once, before the reply. */
  #setWatches(record: SetWatches2, by: Reader): number {
    const { watches } = this.#tree
    const since = record.relativeZxid
    for (const path of record.dataWatches ?? []) {
      const id = this.#tree.idOf(path ?? '')
      if (id === noId) missed(EventType.nodeDeleted, path ?? '', by)
      else if (this.#tree.nodes.mzxid(id) > since) missed(EventType.nodeDataChanged, path ?? '', by)
      else watches.data.add(path ?? '', by, WatchMode.oneShot)
    }
    for (const path of record.existWatches ?? []) {
      const id = this.#tree.idOf(path ?? '')
      if (id !== noId) missed(EventType.nodeCreated, path ?? '', by)
      else watches.data.add(path ?? '', by, WatchMode.oneShot)
    }
    for (const path of record.childWatches ?? []) {
      const id = this.#tree.idOf(path ?? '')
      if (id === noId) missed(EventType.nodeDeleted, path ?? '', by)
      else if (this.#tree.nodes.pzxid(id) > since) missed(EventType.nodeChildrenChanged, path ?? '', by)
      else watches.child.add(path ?? '', by, WatchMode.oneShot)
    }
    for (const path of record.persistentWatches ?? []) watches.addPersistent(path ?? '', by, false)
    for (const path of record.persistentRecursiveWatches ?? []) watches.addPersistent(path ?? '', by, true)
    return ErrorCode.ok
  }

  #writeNames(id: number, out: JuteWriter): void {
    const { nodes } = this.#tree
    out.int32(nodes.childCount(id))
    for (let child = nodes.firstChild(id); child !== noId; child = nodes.nextSibling(child)) {
      out.int32(nodes.nameBytes(child))
      nodes.writeName(out, child)
    }
  }

  #descendantCount(top: number): number {
    const { nodes } = this.#tree
    let count = 0
    for (let id = nodes.successorWithin(top, top); id !== noId; id = nodes.successorWithin(id, top)) count += 1
    return count
  }

  #multiRead(parts: readonly { readonly type: number; readonly path: string }[], by: Reader, out: JuteWriter): number {
    for (const part of parts) {
      const headerAt = out.at
      writeMultiHeader(out, { type: part.type, done: false, err: ErrorCode.ok })
      const code =
        part.type === Operation.getData
          ? this.#getData(part.path, false, by, out)
          : this.#getChildren(part.path, false, false, by, out)
      if (code === ErrorCode.ok) continue
      out.patchInt32(headerAt, Operation.error)
      out.patchInt32(headerAt + 5, code)
      out.int32(code)
    }
    writeMultiHeader(out, { type: -1, done: true, err: -1 })
    return ErrorCode.ok
  }
}

/**
 * Caught up with rather than seen happening: there is no transaction to name, and like ZooKeeper it is told whatever the
 * node's list says by now.
 */
function missed(type: number, path: string, by: Reader): void {
  by.watchFired(type, path, NO_ZXID, noAcl)
}

function whoAmI(by: Reader, out: JuteWriter): number {
  out.int32(by.ids.length)
  for (const id of by.ids) {
    const user = id.scheme === 'digest' ? (id.id ?? '').split(':')[0] : id.id
    writeClientInfo(out, { authScheme: id.scheme, user: user ?? '' })
  }
  return ErrorCode.ok
}
