// hot: per request
import type { JuteWriter } from '../../jute/writer.ts'
import { BytePool } from './byte-pool.ts'
import { statDigest } from './digest.ts'
import { type IndexedEntries, NameIndex } from './name-index.ts'
import { RecordPages } from './record-pages.ts'

/** Names no node. */
export const noId = -1
export const rootId = 0

const NONE = -1
const NULL_DATA = -1

/** Every node: 64 bytes, one line of the processor's cache. */
const NODE_DOUBLES = 8
const CZXID = 0
const CTIME = 1
const PARENT = 4
const NEXT = 5
const PREVIOUS = 6
const HASH = 7
const LINK = 8
const PIECE = 9
const NAME_BYTES = 10
const DATA_BYTES = 11
const ACL_INDEX = 12
const CONTENT_STATE = 13
const DIGEST = 14
const DETAIL = 15

/** What only nodes have that were changed since their creation, have children or belong to somebody. */
const DETAIL_DOUBLES = 7
const MZXID = 0
const PZXID = 1
const MTIME = 2
const OWNER = 3
const OWNER_LOW = 6
const OWNER_HIGH = 7
const VERSION = 8
const CVERSION = 9
const AVERSION = 10
const FIRST_CHILD = 11
const CHILD_COUNT = 12

const decoder = new TextDecoder()

/** Follows the nodes in an order in which parents come before their children, while the tree changes. */
export interface NodeCursor {
  /** The node that comes next; {@link noId} at the end. */
  next: number
}

/**
 * The nodes as records and bytes outside the heap: 64 bytes each, 56 more for those that were touched, and name and data in
 * one piece. Children form a ring through their `next` and `previous`, in the order of creation; names are found through
 * one hash table over all parents.
 */
export class NodeTable implements IndexedEntries {
  readonly #nodes = new RecordPages(NODE_DOUBLES)
  readonly #details = new RecordPages(DETAIL_DOUBLES)
  readonly #bytes = new BytePool()
  readonly #index: NameIndex = new NameIndex(this)
  readonly #cursors = new Set<NodeCursor>()

  constructor() {
    this.#create(NONE, 0, new Uint8Array(0), 0, 0, new Uint8Array(0), NONE, 0, 0)
  }

  get count(): number {
    return this.#nodes.count
  }

  /** @returns the child of that name, {@link noId} when there is none */
  find(parent: number, bytes: Uint8Array, startsAt: number, endsAt: number): number {
    const hash = hashOf(parent, bytes, startsAt, endsAt)
    let id = this.#index.first(hash)
    while (id !== NONE) {
      if (this.#nodes.int(id, HASH) === hash && this.#isNamed(id, parent, bytes, startsAt, endsAt)) return id
      id = this.#nodes.int(id, LINK)
    }
    return NONE
  }

  /** Hangs a new node under a parent that has no child of this name; every version is 0. @returns its number */
  add(
    parent: number,
    bytes: Uint8Array,
    startsAt: number,
    endsAt: number,
    data: Uint8Array | null,
    aclIndex: number,
    zxid: number,
    timeMs: number,
  ): number {
    const hash = hashOf(parent, bytes, startsAt, endsAt)
    const id = this.#create(parent, hash, bytes, startsAt, endsAt, data, aclIndex, zxid, timeMs)
    this.#index.add(id)
    this.#link(parent, id)
    return id
  }

  /** Takes a leaf away. Cursors that stood before it go on to the next. */
  remove(id: number): void {
    for (const cursor of this.#cursors) if (cursor.next === id) cursor.next = this.successorWithin(id, rootId)
    const nodes = this.#nodes
    this.#index.remove(id)
    this.#unlink(nodes.int(id, PARENT), id)
    this.#bytes.free(nodes.int(id, PIECE))
    const detail = nodes.int(id, DETAIL)
    if (detail !== NONE) this.#details.free(detail)
    nodes.free(id)
  }

  hashOf(id: number): number {
    return this.#nodes.int(id, HASH)
  }

  linkOf(id: number): number {
    return this.#nodes.int(id, LINK)
  }

  setLink(id: number, next: number): void {
    this.#nodes.setInt(id, LINK, next)
  }

  parent(id: number): number {
    return this.#nodes.int(id, PARENT)
  }

  firstChild(id: number): number {
    return this.#detailInt(id, FIRST_CHILD, NONE)
  }

  /** @returns the sibling created after this one, {@link noId} behind the last */
  nextSibling(id: number): number {
    return this.#nodes.int(id, NEXT)
  }

  childCount(id: number): number {
    return this.#detailInt(id, CHILD_COUNT, 0)
  }

  czxid(id: number): number {
    return this.#nodes.double(id, CZXID)
  }

  ctime(id: number): number {
    return this.#nodes.double(id, CTIME)
  }

  mzxid(id: number): number {
    return this.#detailDouble(id, MZXID, CZXID)
  }

  pzxid(id: number): number {
    return this.#detailDouble(id, PZXID, CZXID)
  }

  mtime(id: number): number {
    return this.#detailDouble(id, MTIME, CTIME)
  }

  version(id: number): number {
    return this.#detailInt(id, VERSION, 0)
  }

  /** Creations of children; what clients see also counts deletions. */
  cversion(id: number): number {
    return this.#detailInt(id, CVERSION, 0)
  }

  aversion(id: number): number {
    return this.#detailInt(id, AVERSION, 0)
  }

  owner(id: number): bigint {
    const detail = this.#nodes.int(id, DETAIL)
    if (detail === NONE) return 0n
    const isZero = this.#details.int(detail, OWNER_LOW) === 0 && this.#details.int(detail, OWNER_HIGH) === 0
    return isZero ? 0n : this.#details.long(detail, OWNER)
  }

  aclIndex(id: number): number {
    return this.#nodes.int(id, ACL_INDEX)
  }

  /** See `contentState` in digest.ts. */
  contentState(id: number): number {
    return this.#nodes.int(id, CONTENT_STATE)
  }

  /** Unsigned; 0 when the node counts nothing. */
  digest(id: number): number {
    return this.#nodes.int(id, DIGEST) >>> 0
  }

  dataLength(id: number): number {
    return Math.max(0, this.#nodes.int(id, DATA_BYTES))
  }

  setMzxid(id: number, zxid: number): void {
    if (zxid !== this.mzxid(id)) this.#details.setDouble(this.#detailOf(id), MZXID, zxid)
  }

  setPzxid(id: number, zxid: number): void {
    if (zxid !== this.pzxid(id)) this.#details.setDouble(this.#detailOf(id), PZXID, zxid)
  }

  setMtime(id: number, timeMs: number): void {
    if (timeMs !== this.mtime(id)) this.#details.setDouble(this.#detailOf(id), MTIME, timeMs)
  }

  setVersion(id: number, version: number): void {
    this.#setDetailInt(id, VERSION, version)
  }

  setCversion(id: number, cversion: number): void {
    this.#setDetailInt(id, CVERSION, cversion)
  }

  setAversion(id: number, aversion: number): void {
    this.#setDetailInt(id, AVERSION, aversion)
  }

  setOwner(id: number, owner: bigint): void {
    if (owner !== this.owner(id)) this.#details.setLong(this.#detailOf(id), OWNER, owner)
  }

  setCreation(id: number, czxid: number, ctime: number): void {
    this.#nodes.setDouble(id, CZXID, czxid)
    this.#nodes.setDouble(id, CTIME, ctime)
  }

  setAclIndex(id: number, aclIndex: number): void {
    this.#nodes.setInt(id, ACL_INDEX, aclIndex)
  }

  setContentState(id: number, state: number): void {
    this.#nodes.setInt(id, CONTENT_STATE, state)
  }

  setDigest(id: number, digest: number): void {
    this.#nodes.setInt(id, DIGEST, digest | 0)
  }

  /** @returns the digest that the node's fields make now, unsigned */
  digestNow(id: number): number {
    const detail = this.#nodes.int(id, DETAIL)
    return statDigest(
      this.contentState(id),
      this.czxid(id),
      this.mzxid(id),
      this.pzxid(id),
      this.ctime(id),
      this.mtime(id),
      this.version(id),
      this.cversion(id),
      this.aversion(id),
      detail === NONE ? 0 : this.#details.int(detail, OWNER_HIGH),
      detail === NONE ? 0 : this.#details.int(detail, OWNER_LOW),
    )
  }

  setData(id: number, data: Uint8Array | null): void {
    const nodes = this.#nodes
    const nameBytes = nodes.int(id, NAME_BYTES)
    const before = nameBytes + this.dataLength(id)
    const wanted = nameBytes + (data === null ? 0 : data.length)
    let piece = nodes.int(id, PIECE)
    if (!this.#bytes.fits(before, wanted)) {
      const old = piece
      piece = this.#bytes.allocate(wanted)
      const from = this.#bytes.startOf(old)
      copy(this.#bytes.bytesOf(piece), this.#bytes.startOf(piece), this.#bytes.bytesOf(old), from, from + nameBytes)
      this.#bytes.free(old)
      nodes.setInt(id, PIECE, piece)
    }
    nodes.setInt(id, DATA_BYTES, data === null ? NULL_DATA : data.length)
    if (data !== null) this.#bytes.bytesOf(piece).set(data, this.#bytes.startOf(piece) + nameBytes)
  }

  /** @returns a copy of the data */
  data(id: number): Uint8Array | null {
    const sizeBytes = this.#nodes.int(id, DATA_BYTES)
    if (sizeBytes === NULL_DATA) return null
    const piece = this.#nodes.int(id, PIECE)
    const startsAt = this.#bytes.startOf(piece) + this.#nodes.int(id, NAME_BYTES)
    return this.#bytes.bytesOf(piece).slice(startsAt, startsAt + sizeBytes)
  }

  name(id: number): string {
    const piece = this.#nodes.int(id, PIECE)
    const startsAt = this.#bytes.startOf(piece)
    return decoder.decode(this.#bytes.bytesOf(piece).subarray(startsAt, startsAt + this.#nodes.int(id, NAME_BYTES)))
  }

  nameBytes(id: number): number {
    return this.#nodes.int(id, NAME_BYTES)
  }

  /** Writes the name without a length. */
  writeName(out: JuteWriter, id: number): void {
    const piece = this.#nodes.int(id, PIECE)
    const startsAt = this.#bytes.startOf(piece)
    out.window(this.#bytes.bytesOf(piece), startsAt, startsAt + this.#nodes.int(id, NAME_BYTES))
  }

  /** Writes the data as a buffer, length first. */
  writeData(out: JuteWriter, id: number): void {
    const sizeBytes = this.#nodes.int(id, DATA_BYTES)
    out.int32(sizeBytes)
    if (sizeBytes <= 0) return
    const piece = this.#nodes.int(id, PIECE)
    const startsAt = this.#bytes.startOf(piece) + this.#nodes.int(id, NAME_BYTES)
    out.window(this.#bytes.bytesOf(piece), startsAt, startsAt + sizeBytes)
  }

  /** @returns a cursor before the root's first child; to be handed to {@link NodeTable.closeCursor} */
  openCursor(): NodeCursor {
    const cursor = { next: this.firstChild(rootId) }
    this.#cursors.add(cursor)
    return cursor
  }

  advance(cursor: NodeCursor): void {
    cursor.next = this.successorWithin(cursor.next, rootId)
  }

  closeCursor(cursor: NodeCursor): void {
    this.#cursors.delete(cursor)
  }

  /** @returns the node behind `id` in a walk of the subtree of `top` that visits parents first, {@link noId} at the end */
  successorWithin(id: number, top: number): number {
    const child = this.firstChild(id)
    if (child !== NONE) return child
    for (let at = id; at !== top; at = this.#nodes.int(at, PARENT)) {
      const next = this.#nodes.int(at, NEXT)
      if (next !== NONE) return next
    }
    return NONE
  }

  #create(
    parent: number,
    hash: number,
    name: Uint8Array,
    startsAt: number,
    endsAt: number,
    data: Uint8Array | null,
    aclIndex: number,
    zxid: number,
    timeMs: number,
  ): number {
    const nodes = this.#nodes
    const id = nodes.allocate()
    const nameBytes = endsAt - startsAt
    const piece = this.#bytes.allocate(nameBytes + (data === null ? 0 : data.length))
    const bytes = this.#bytes.bytesOf(piece)
    const at = this.#bytes.startOf(piece)
    copy(bytes, at, name, startsAt, endsAt)
    if (data !== null) bytes.set(data, at + nameBytes)
    nodes.setDouble(id, CZXID, zxid)
    nodes.setDouble(id, CTIME, timeMs)
    nodes.setInt(id, PARENT, parent)
    nodes.setInt(id, NEXT, NONE)
    nodes.setInt(id, PREVIOUS, NONE)
    nodes.setInt(id, HASH, hash)
    nodes.setInt(id, LINK, NONE)
    nodes.setInt(id, PIECE, piece)
    nodes.setInt(id, NAME_BYTES, nameBytes)
    nodes.setInt(id, DATA_BYTES, data === null ? NULL_DATA : data.length)
    nodes.setInt(id, ACL_INDEX, aclIndex)
    nodes.setInt(id, CONTENT_STATE, 0)
    nodes.setInt(id, DIGEST, 0)
    nodes.setInt(id, DETAIL, NONE)
    return id
  }

  #isNamed(id: number, parent: number, bytes: Uint8Array, startsAt: number, endsAt: number): boolean {
    const nodes = this.#nodes
    const sizeBytes = endsAt - startsAt
    if (nodes.int(id, PARENT) !== parent || nodes.int(id, NAME_BYTES) !== sizeBytes) return false
    const piece = nodes.int(id, PIECE)
    const own = this.#bytes.bytesOf(piece)
    const ownAt = this.#bytes.startOf(piece)
    for (let offset = 0; offset < sizeBytes; offset += 1) {
      if (own[ownAt + offset] !== bytes[startsAt + offset]) return false
    }
    return true
  }

  /** The first child's `previous` is the last: the ring is open only forwards. */
  #link(parent: number, id: number): void {
    const nodes = this.#nodes
    const detail = this.#detailOf(parent)
    const details = this.#details
    const first = details.int(detail, FIRST_CHILD)
    if (first === NONE) {
      details.setInt(detail, FIRST_CHILD, id)
      nodes.setInt(id, PREVIOUS, id)
    } else {
      const last = nodes.int(first, PREVIOUS)
      nodes.setInt(last, NEXT, id)
      nodes.setInt(id, PREVIOUS, last)
      nodes.setInt(first, PREVIOUS, id)
    }
    details.setInt(detail, CHILD_COUNT, details.int(detail, CHILD_COUNT) + 1)
  }

  #unlink(parent: number, id: number): void {
    const nodes = this.#nodes
    const details = this.#details
    const detail = nodes.int(parent, DETAIL)
    const next = nodes.int(id, NEXT)
    const previous = nodes.int(id, PREVIOUS)
    const first = details.int(detail, FIRST_CHILD)
    if (first === id) {
      details.setInt(detail, FIRST_CHILD, next)
      if (next !== NONE) nodes.setInt(next, PREVIOUS, previous)
    } else {
      nodes.setInt(previous, NEXT, next)
      nodes.setInt(next === NONE ? first : next, PREVIOUS, previous)
    }
    details.setInt(detail, CHILD_COUNT, details.int(detail, CHILD_COUNT) - 1)
  }

  #detailOf(id: number): number {
    const known = this.#nodes.int(id, DETAIL)
    if (known !== NONE) return known
    const details = this.#details
    const detail = details.allocate()
    const czxid = this.#nodes.double(id, CZXID)
    details.setDouble(detail, MZXID, czxid)
    details.setDouble(detail, PZXID, czxid)
    details.setDouble(detail, MTIME, this.#nodes.double(id, CTIME))
    details.setInt(detail, OWNER_LOW, 0)
    details.setInt(detail, OWNER_HIGH, 0)
    details.setInt(detail, VERSION, 0)
    details.setInt(detail, CVERSION, 0)
    details.setInt(detail, AVERSION, 0)
    details.setInt(detail, FIRST_CHILD, NONE)
    details.setInt(detail, CHILD_COUNT, 0)
    this.#nodes.setInt(id, DETAIL, detail)
    return detail
  }

  #detailInt(id: number, field: number, without: number): number {
    const detail = this.#nodes.int(id, DETAIL)
    return detail === NONE ? without : this.#details.int(detail, field)
  }

  #detailDouble(id: number, field: number, withoutField: number): number {
    const detail = this.#nodes.int(id, DETAIL)
    return detail === NONE ? this.#nodes.double(id, withoutField) : this.#details.double(detail, field)
  }

  /** Zero is what a node without the record has anyway. */
  #setDetailInt(id: number, field: number, value: number): void {
    if (value !== 0 || this.#nodes.int(id, DETAIL) !== NONE) this.#details.setInt(this.#detailOf(id), field, value)
  }
}

/** Short pieces are copied quicker here than by a call. */
function copy(to: Uint8Array, toAt: number, from: Uint8Array, startsAt: number, endsAt: number): void {
  if (endsAt - startsAt > 64) {
    to.set(from.subarray(startsAt, endsAt), toAt)
    return
  }
  for (let offset = 0; offset < endsAt - startsAt; offset += 1) to[toAt + offset] = from[startsAt + offset] as number
}

function hashOf(parent: number, bytes: Uint8Array, startsAt: number, endsAt: number): number {
  let hash = Math.imul(parent, 0x9e3779b1) ^ 0x811c9dc5
  for (let at = startsAt; at < endsAt; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 12)
}
