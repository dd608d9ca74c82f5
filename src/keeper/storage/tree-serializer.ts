import { writeACL } from '../../jute/generated/data.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Clock } from '../../io/ports.ts'
import { type NodeCursor, type NodeTable, noId, rootId } from '../tree/node-table.ts'
import { writeStored } from '../tree/node-stat.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'

/**
 * How long one turn of the loop is given to a snapshot, and how many nodes go by between looks at the clock. The same turn
 * may apply a group of transactions and collect the heap, a millisecond or two each.
 */
const SLICE_MS = 0.5
const NODES_BETWEEN_LOOKS = 32
/** Bytes of one slice: their checksum comes on top of the time, an eighth of a millisecond for so many. */
const SLICE_BYTES = 1 << 17

const SLASH = 0x2f

/**
 * A tree as a snapshot holds it, sessions, access lists and nodes, in slices of half a millisecond while the tree goes on
 * changing. The same bytes go into files and to learners.
 */
export class TreeSerializer {
  readonly #tree: ZNodeTree
  readonly #clock: Clock
  readonly #writer: JuteWriter
  readonly #nodes: NodeTable
  #cursor: NodeCursor | undefined
  /** Path of the parent whose children are being written, ending in a slash. */
  readonly #prefix: JuteWriter = new JuteWriter(256)
  #prefixOf = noId

  /** @param writer takes the bytes; to be emptied between slices */
  constructor(tree: ZNodeTree, clock: Clock, writer: JuteWriter) {
    this.#tree = tree
    this.#clock = clock
    this.#writer = writer
    this.#nodes = tree.nodes
  }

  /** Sessions, access lists and the root, as they are now. */
  begin(): void {
    const writer = this.#writer
    const tree = this.#tree
    writer.int32(tree.sessions.size)
    for (const [id, timeoutMs] of tree.sessions) {
      writer.id64(id)
      writer.int32(timeoutMs)
    }
    tree.acls.purgeUnused()
    writer.int32(tree.acls.size)
    for (const [index, list] of tree.acls.entries()) {
      writer.int64(index)
      writer.int32(list.length)
      for (const entry of list) writeACL(writer, entry)
    }
    writer.int32(0)
    this.#fields(rootId)
    this.#cursor = this.#nodes.openCursor()
  }

  /**
   * The tree's changes move a cursor with them, so that nothing is listed beforehand: a copy of a million names is a stop of
   * its own. Nodes that come meanwhile may be among those written or not, which a replay tolerates.
   *
   * @returns whether nodes are left; when not, the end of the nodes has been written
   */
  slice(): boolean {
    const cursor = this.#cursor
    if (cursor === undefined) return false
    const endsAtMs = this.#clock.monotonicMs() + SLICE_MS
    const startsAt = this.#writer.at
    // Between slices the parent may have gone and its number may be another's.
    this.#prefixOf = noId
    for (let count = 1; cursor.next !== noId; count += 1) {
      this.#node(cursor.next)
      this.#nodes.advance(cursor)
      if (this.#writer.at - startsAt >= SLICE_BYTES) return true
      if (count % NODES_BETWEEN_LOOKS === 0 && this.#clock.monotonicMs() >= endsAtMs) return true
    }
    this.close()
    this.#writer.string('/')
    return false
  }

  /** To be called when it is not carried to its end. */
  close(): void {
    if (this.#cursor !== undefined) this.#nodes.closeCursor(this.#cursor)
    this.#cursor = undefined
  }

  #node(id: number): void {
    const nodes = this.#nodes
    const parent = nodes.parent(id)
    if (parent !== this.#prefixOf) {
      this.#prefix.clear()
      this.#writePrefix(parent)
      this.#prefixOf = parent
    }
    const prefix = this.#prefix
    this.#writer.int32(prefix.at + nodes.nameBytes(id))
    this.#writer.raw(prefix.written())
    nodes.writeName(this.#writer, id)
    this.#fields(id)
  }

  #writePrefix(id: number): void {
    if (id !== rootId) {
      this.#writePrefix(this.#nodes.parent(id))
      this.#nodes.writeName(this.#prefix, id)
    }
    this.#prefix.byte(SLASH)
  }

  #fields(id: number): void {
    const nodes = this.#nodes
    nodes.writeData(this.#writer, id)
    this.#writer.int64(nodes.aclIndex(id))
    writeStored(nodes, this.#writer, id)
  }
}
