import { type ACL, readACL } from '../../jute/generated/data.ts'
import { readFileHeader } from '../../jute/generated/persistence.ts'
import type { JuteReader } from '../../jute/reader.ts'
import type { Disk } from '../../io/ports.ts'
import { type StoredNode, ZNodeTree } from '../tree/znode-tree.ts'
import { fileVersion, snapshotMagic } from './files.ts'
import { SnapshotFile } from './snapshot-file.ts'

const SLASH = 0x2f

/** What a snapshot holds besides the tree. */
export interface LoadedSnapshot {
  readonly tree: ZNodeTree
  /** The one in the file's name. */
  readonly zxid: number
  /** What the file itself says it was begun at; undefined in snapshots of releases before 3.9. */
  readonly processedZxid: number | undefined
  /** Digest of the tree at a zxid that a replay comes to; undefined in snapshots of old releases. */
  readonly digest: { readonly zxid: number; readonly value: bigint } | undefined
}

/** Nodes between two questions whether to go on. */
const NODES_PER_LOOK = 32
const always = (): boolean => true

/**
 * @param zxid the one in the file's name: replay begins behind it
 * @returns undefined when the file is damaged or unfinished: the next older one is then tried
 */
export function loadSnapshot(disk: Disk, path: string, zxid: number): LoadedSnapshot | undefined {
  const loading = new SnapshotLoading(disk, path, zxid)
  try {
    const loaded = loading.slice(always)
    return loaded === 'damaged' ? undefined : loaded
  } finally {
    loading.close()
  }
}

/** A snapshot that is read into a tree of its own, in one go or in slices. */
export class SnapshotLoading {
  readonly #file: SnapshotFile
  readonly #zxid: number
  readonly #tree: ZNodeTree = new ZNodeTree(true)
  readonly #node = new NodeFields()
  #hasBegun = false

  /** @throws DiskError */
  constructor(disk: Disk, path: string, zxid: number) {
    this.#file = new SnapshotFile(disk, path)
    this.#zxid = zxid
  }

  /** To be called at the end, and when it is not carried there. */
  close(): void {
    this.#file.close()
  }

  /**
   * Reads on.
   *
   * @param mayGoOn asked now and then; false ends the slice
   * @returns undefined when there is more; 'damaged' also for a file that is unfinished
   */
  slice(mayGoOn: () => boolean): LoadedSnapshot | 'damaged' | undefined {
    if (!this.#hasBegun && !this.#begin()) return 'damaged'
    const nodes = this.#readNodes(mayGoOn)
    return nodes === 'read' ? (this.#end() ?? 'damaged') : nodes
  }

  #begin(): boolean {
    this.#hasBegun = true
    const header = this.#file.read(readFileHeader)
    if (header?.magic !== snapshotMagic || header.version !== fileVersion) return false
    return readSessions(this.#file, this.#tree) && readAcls(this.#file, this.#tree)
  }

  #readNodes(mayGoOn: () => boolean): 'read' | 'damaged' | undefined {
    const tree = this.#tree
    const node = this.#node
    const read = (reader: JuteReader): boolean => node.read(reader)
    for (let count = 1; ; count += 1) {
      const isNode = this.#file.read(read)
      if (isNode !== true) return isNode === false ? 'read' : 'damaged'
      tree.acls.addUsage(node.aclIndex)
      if (!tree.attach(node.path, node.data, node)) return 'damaged'
      if (count % NODES_PER_LOOK === 0 && !mayGoOn()) return undefined
    }
  }

  #end(): LoadedSnapshot | undefined {
    const file = this.#file
    const tree = this.#tree
    if (!file.isSealed()) return undefined
    const hasDigest = !file.isAtEnd()
    const digest = hasDigest ? file.read(readDigest) : undefined
    if (hasDigest && (digest === undefined || !file.isSealed())) return undefined
    const hasProcessedZxid = !file.isAtEnd()
    const processedZxid = hasProcessedZxid ? file.read(readLong) : undefined
    if (hasProcessedZxid && (processedZxid === undefined || !file.isSealed())) return undefined
    tree.acls.purgeUnused()
    tree.restoreQuotas()
    tree.lastZxid = this.#zxid
    return { tree, zxid: this.#zxid, processedZxid, digest }
  }
}

const readCount = (reader: JuteReader): number => reader.int32()
const readLong = (reader: JuteReader): number => reader.int64()

function readSession(reader: JuteReader): readonly [bigint, number] {
  const id = reader.id64()
  return [id, reader.int32()]
}

function readAcl(reader: JuteReader): readonly [number, readonly ACL[]] {
  const index = reader.int64()
  const count = reader.vectorCount()
  const list: ACL[] = []
  for (let entry = 0; entry < count && reader.ok; entry += 1) list.push(readACL(reader))
  return [index, list]
}

function readDigest(reader: JuteReader): { readonly zxid: number; readonly value: bigint } {
  const zxid = reader.int64()
  reader.int32()
  return { zxid, value: reader.id64() }
}

function readSessions(file: SnapshotFile, tree: ZNodeTree): boolean {
  const count = file.read(readCount) ?? -1
  for (let index = 0; index < count; index += 1) {
    const session = file.read(readSession)
    if (session === undefined) return false
    tree.sessions.set(session[0], session[1])
  }
  return count >= 0
}

function readAcls(file: SnapshotFile, tree: ZNodeTree): boolean {
  const count = file.read(readCount) ?? -1
  for (let index = 0; index < count; index += 1) {
    const acl = file.read(readAcl)
    if (acl === undefined) return false
    tree.acls.restore(acl[0], acl[1])
  }
  return count >= 0
}

/** One node of the file; read into again and again. Path and data are windows onto the file's bytes. */
class NodeFields implements StoredNode {
  path: Uint8Array = new Uint8Array(0)
  data: Uint8Array | null = null
  aclIndex: number = 0
  czxid: number = 0
  mzxid: number = 0
  ctime: number = 0
  mtime: number = 0
  version: number = 0
  cversion: number = 0
  aversion: number = 0
  ephemeralOwner: bigint = 0n
  pzxid: number = 0

  /** @returns whether it was a node; false at the mark behind the last */
  read(reader: JuteReader): boolean {
    const path = reader.buffer()
    if (path === null) {
      reader.ok = false
      return false
    }
    if (path.length === 1 && path[0] === SLASH) return false
    this.path = path
    this.data = reader.buffer()
    this.aclIndex = reader.int64()
    this.czxid = reader.int64()
    this.mzxid = reader.int64()
    this.ctime = reader.int64()
    this.mtime = reader.int64()
    this.version = reader.int32()
    this.cversion = reader.int32()
    this.aversion = reader.int32()
    this.ephemeralOwner = reader.id64()
    this.pzxid = reader.int64()
    return true
  }
}
