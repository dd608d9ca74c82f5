import { assert } from '../../base/assert.ts'
import { type ACL, writeACL } from '../../jute/generated/data.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Clock } from '../../io/ports.ts'
import { type NodeCursor, type NodeTable, noId, rootId } from '../tree/node-table.ts'
import { writeStored } from '../tree/node-stat.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'

/**
 * What one turn of the loop is given to a snapshot: so many sessions, lists and nodes, so many bytes and so much time,
 * whichever is used up first. The same turn may apply a group of transactions and collect the heap, a millisecond or two
 * each. Numbers bound the work also where the clock stands; the clock bounds it where the machine is slow.
 */
const SLICE_ENTRIES = 1024
/** Their checksum comes on top of the time, an eighth of a millisecond for so many. One entry may go beyond. */
const SLICE_BYTES = 1 << 17
const SLICE_MS = 0.5
const ENTRIES_BETWEEN_LOOKS = 32

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
  #phase: 'sessions' | 'purge' | 'lists' | 'nodes' | 'over' = 'over'
  /** Of the present slice. */
  #endsAtMs = 0
  #startsAt = 0
  #entries = 0
  /** As they were in the beginning, and how many of them are written. */
  #sessionIds: bigint[] = []
  #sessionTimeoutsMs: number[] = []
  #sessionsWritten = 0
  #lists: IterableIterator<[number, readonly ACL[]]> | undefined
  #listsLeft = 0
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

  /** The sessions are those of now; lists and nodes are written as they are when their turn comes. */
  begin(): void {
    const { sessions } = this.#tree
    this.#writer.int32(sessions.size)
    this.#sessionIds = [...sessions.keys()]
    this.#sessionTimeoutsMs = [...sessions.values()]
    this.#phase = 'sessions'
  }

  /**
   * The tree's changes move a cursor with them, so that nothing is listed beforehand: a copy of a million names is a stop of
   * its own. Nodes that come meanwhile may be among those written or not, which a replay tolerates.
   *
   * @returns whether something is left; when not, the end of the nodes has been written
   */
  slice(): boolean {
    this.#endsAtMs = this.#clock.monotonicMs() + SLICE_MS
    this.#startsAt = this.#writer.at
    this.#entries = 0
    if (this.#phase === 'sessions' && !this.#writeSessions()) return true
    if (this.#phase === 'purge' && !this.#purgeLists()) return true
    if (this.#phase === 'lists' && !this.#writeLists()) return true
    if (this.#phase === 'nodes' && !this.#writeNodes()) return true
    return false
  }

  /** One entry more. @returns whether the slice is used up */
  #isUsedUp(): boolean {
    this.#entries += 1
    if (this.#entries >= SLICE_ENTRIES || this.#writer.at - this.#startsAt >= SLICE_BYTES) return true
    return this.#entries % ENTRIES_BETWEEN_LOOKS === 0 && this.#clock.monotonicMs() >= this.#endsAtMs
  }

  /** @returns whether all are written */
  #writeSessions(): boolean {
    const ids = this.#sessionIds
    while (this.#sessionsWritten < ids.length) {
      this.#writer.id64(ids[this.#sessionsWritten] as bigint)
      this.#writer.int32(this.#sessionTimeoutsMs[this.#sessionsWritten] as number)
      this.#sessionsWritten += 1
      if (this.#isUsedUp()) return false
    }
    this.#sessionIds = []
    this.#sessionTimeoutsMs = []
    this.#lists = this.#tree.acls.entries()
    this.#phase = 'purge'
    return true
  }

  /** Lists without users go before they are counted. @returns whether all were looked at */
  #purgeLists(): boolean {
    const { acls } = this.#tree
    for (let next = this.#lists?.next(); next !== undefined && next.done !== true; next = this.#lists?.next()) {
      acls.dropIfUnused(next.value[0])
      if (this.#isUsedUp()) return false
    }
    // From here on none of those counted may go; those that come stand behind them and are not written.
    acls.hold()
    this.#listsLeft = acls.size
    this.#writer.int32(acls.size)
    this.#lists = acls.entries()
    this.#phase = 'lists'
    return true
  }

  /** @returns whether all are written, and the root behind them */
  #writeLists(): boolean {
    const writer = this.#writer
    while (this.#listsLeft > 0) {
      const next = this.#lists?.next()
      assert(next !== undefined && next.done !== true, 'lists that were counted stay')
      const [index, list] = next.value
      writer.int64(index)
      writer.int32(list.length)
      for (const entry of list) writeACL(writer, entry)
      this.#listsLeft -= 1
      if (this.#isUsedUp()) return false
    }
    this.#tree.acls.release()
    this.#lists = undefined
    writer.int32(0)
    this.#fields(rootId)
    this.#cursor = this.#nodes.openCursor()
    this.#phase = 'nodes'
    return true
  }

  /** @returns whether all are written, and their end */
  #writeNodes(): boolean {
    const cursor = this.#cursor
    assert(cursor !== undefined, 'nodes are written with a cursor')
    // Between slices the parent may have gone and its number may be another's.
    this.#prefixOf = noId
    while (cursor.next !== noId) {
      this.#node(cursor.next)
      this.#nodes.advance(cursor)
      if (this.#isUsedUp()) return false
    }
    this.close()
    this.#writer.string('/')
    return true
  }

  /** To be called when it is not carried to its end. */
  close(): void {
    if (this.#phase === 'lists') this.#tree.acls.release()
    if (this.#cursor !== undefined) this.#nodes.closeCursor(this.#cursor)
    this.#cursor = undefined
    this.#lists = undefined
    this.#phase = 'over'
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
