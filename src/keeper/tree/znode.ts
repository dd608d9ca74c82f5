import type { Stat } from '../../jute/generated/data.ts'
import { shownOwner } from './node-stat.ts'
import type { NodeTable } from './node-table.ts'

/**
 * A look at one node of the tree: fields are those of the moment they are asked. Not to be kept beyond the turn: the node may
 * be gone by then, and its number another's.
 */
export class ZNode {
  readonly #nodes: NodeTable
  readonly id: number

  constructor(nodes: NodeTable, id: number) {
    this.#nodes = nodes
    this.id = id
  }

  /** A copy. */
  get data(): Uint8Array | null {
    return this.#nodes.data(this.id)
  }

  get dataLength(): number {
    return this.#nodes.dataLength(this.id)
  }

  get aclIndex(): number {
    return this.#nodes.aclIndex(this.id)
  }

  get czxid(): number {
    return this.#nodes.czxid(this.id)
  }

  get mzxid(): number {
    return this.#nodes.mzxid(this.id)
  }

  get pzxid(): number {
    return this.#nodes.pzxid(this.id)
  }

  get ctime(): number {
    return this.#nodes.ctime(this.id)
  }

  get mtime(): number {
    return this.#nodes.mtime(this.id)
  }

  get version(): number {
    return this.#nodes.version(this.id)
  }

  /** Creations of children; what clients see also counts deletions. */
  get cversion(): number {
    return this.#nodes.cversion(this.id)
  }

  get aversion(): number {
    return this.#nodes.aversion(this.id)
  }

  get ephemeralOwner(): bigint {
    return this.#nodes.owner(this.id)
  }

  get childCount(): number {
    return this.#nodes.childCount(this.id)
  }

  /** See `contentState` in digest.ts. */
  get contentState(): number {
    return this.#nodes.contentState(this.id)
  }

  get digest(): number {
    return this.#nodes.digest(this.id)
  }

  /** Names and nodes in the order of creation. */
  *children(): IterableIterator<[string, ZNode]> {
    const nodes = this.#nodes
    for (let id = nodes.firstChild(this.id); id >= 0; id = nodes.nextSibling(id)) {
      yield [nodes.name(id), new ZNode(nodes, id)]
    }
  }

  /** What clients see of the node now. */
  stat(): Stat {
    const { id } = this
    const nodes = this.#nodes
    const numChildren = nodes.childCount(id)
    return {
      czxid: nodes.czxid(id),
      mzxid: nodes.mzxid(id),
      ctime: nodes.ctime(id),
      mtime: nodes.mtime(id),
      version: nodes.version(id),
      cversion: (nodes.cversion(id) * 2 - numChildren) | 0,
      aversion: nodes.aversion(id),
      ephemeralOwner: shownOwner(nodes, id),
      dataLength: nodes.dataLength(id),
      numChildren,
      pzxid: nodes.pzxid(id),
    }
  }
}
