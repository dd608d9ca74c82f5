import { writeACL } from '../../jute/generated/data.ts'
import type { JuteWriter } from '../../jute/writer.ts'
import type { Clock } from '../../io/ports.ts'
import { childPath } from '../tree/paths.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import type { ZNode } from '../tree/znode.ts'

/** How long one turn of the loop is given to a snapshot, and how many nodes go by between looks at the clock. */
const SLICE_MS = 1
const NODES_BETWEEN_LOOKS = 32
/** Bytes of one slice: their checksum comes on top of the time, an eighth of a millisecond for so many. */
const SLICE_BYTES = 1 << 17

interface Level {
  readonly path: string
  /** Live: children that come meanwhile may be among them, which a replay tolerates. */
  readonly children: Iterator<[string, ZNode]>
}

/**
 * A tree as a snapshot holds it, sessions, access lists and nodes, in slices of a millisecond while the tree goes on
 * changing. The same bytes go into files and to learners.
 */
export class TreeSerializer {
  readonly #tree: ZNodeTree
  readonly #clock: Clock
  readonly #writer: JuteWriter
  readonly #levels: Level[] = []

  /** @param writer takes the bytes; to be emptied between slices */
  constructor(tree: ZNodeTree, clock: Clock, writer: JuteWriter) {
    this.#tree = tree
    this.#clock = clock
    this.#writer = writer
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
    this.#node('', tree.root)
    this.#descend('/', tree.root)
  }

  /** @returns whether nodes are left; when not, the end of the nodes has been written */
  slice(): boolean {
    const endsAtMs = this.#clock.monotonicMs() + SLICE_MS
    const startsAt = this.#writer.at
    for (let count = 1; ; count += 1) {
      const level = this.#levels.at(-1)
      if (level === undefined) {
        this.#writer.string('/')
        return false
      }
      const next = level.children.next()
      if (next.done === true) {
        this.#levels.pop()
        continue
      }
      const [name, child] = next.value
      const path = childPath(level.path, name)
      this.#node(path, child)
      this.#descend(path, child)
      if (this.#writer.at - startsAt >= SLICE_BYTES) return true
      if (count % NODES_BETWEEN_LOOKS === 0 && this.#clock.monotonicMs() >= endsAtMs) return true
    }
  }

  #descend(path: string, node: ZNode): void {
    if (node.children !== undefined) this.#levels.push({ path, children: node.children.entries() })
  }

  /** The fields of `StatPersisted` one by one: an object for each of a million nodes is work for the collector. */
  #node(path: string, node: ZNode): void {
    const writer = this.#writer
    writer.string(path)
    if (typeof node.data === 'string') writer.latin1Buffer(node.data)
    else writer.buffer(node.data)
    writer.int64(node.aclIndex)
    writer.int64(node.czxid)
    writer.int64(node.mzxid)
    writer.int64(node.ctime)
    writer.int64(node.mtime)
    writer.int32(node.version)
    writer.int32(node.cversion)
    writer.int32(node.aversion)
    writer.id64(node.ephemeralOwner)
    writer.int64(node.pzxid)
  }
}
