import type { Entry, ServerId } from '../../../src/zab/contract.ts'
import { counterOf, epochOf, formatZxid } from '../../../src/zab/zxid.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { readTxnHeader } from '../../../src/jute/generated/txn.ts'
import { type Tree, treeAt } from './disk.ts'

/** A promise that was broken. */
export class Violation extends Error {
  override readonly name: string = 'Violation'
}

/**
 * Knows outcomes only: what replicas showed while they served and what clients were told. Nothing in here looks at the
 * state of the protocol.
 */
export class Checker {
  /** The one history: hash over everything up to each zxid, as the first replica to show it had it. */
  readonly #history = new Map<number, number>()
  readonly #leaders = new Map<number, ServerId>()
  readonly #sessions = new Map<bigint, number>()
  readonly #firstCounter: number
  #lastShown = 0
  /** Newest acknowledged write of each epoch that has one. */
  readonly #acked = new Map<number, { readonly zxid: number; readonly hash: number }>()
  ackedCount = 0

  constructor(firstCounter: number) {
    this.#firstCounter = firstCounter
  }

  /** A replica begins to serve: everything in its tree is now said to be committed. */
  serves(server: ServerId, role: string, epoch: number, tree: Tree): void {
    if (role === 'leading') {
      const other = this.#leaders.get(epoch)
      if (other !== undefined) throw new Violation(`epoch ${epoch} is led by ${other} and by ${server}`)
      this.#leaders.set(epoch, server)
    }
    const unknown: Tree[] = []
    for (let at = tree; at.previous !== null && !this.#history.has(at.zxid); at = at.previous) unknown.push(at)
    const known = unknown.at(-1)?.previous ?? tree
    if (known.zxid !== 0) this.#compare(server, known)
    for (const node of unknown.toReversed()) this.#show(server, node)
    // A leader that slept through its successor's election may still come on: it owes only what was promised before it.
    if (role === 'leading') this.#holdsAcknowledged(server, tree, epoch)
  }

  /** A serving replica applied one more. */
  applied(server: ServerId, tree: Tree): void {
    if (this.#history.has(tree.zxid)) this.#compare(server, tree)
    else this.#show(server, tree)
  }

  /** A client was told that its write is done. */
  acknowledged(tree: Tree): void {
    this.ackedCount += 1
    const epoch = epochOf(tree.zxid)
    if (tree.zxid > (this.#acked.get(epoch)?.zxid ?? 0)) this.#acked.set(epoch, { zxid: tree.zxid, hash: tree.hash })
  }

  /** All is healed and quiet: every replica has every acknowledged write and the same history. */
  finished(trees: ReadonlyMap<ServerId, Tree>): void {
    const [first] = trees.values()
    for (const [server, tree] of trees) {
      this.#holdsAcknowledged(server, tree, Number.POSITIVE_INFINITY)
      if (tree.hash !== first?.hash) throw new Violation(`server ${server} ends with another history`)
    }
  }

  #show(server: ServerId, node: Tree): void {
    const before = node.previous?.zxid ?? 0
    if (node.zxid <= this.#lastShown) {
      throw new Violation(
        `server ${server} shows ${formatZxid(node.zxid)}, which nobody had when ${formatZxid(this.#lastShown)} was shown`,
      )
    }
    const isNext =
      node.zxid === before + 1 || (epochOf(node.zxid) > epochOf(before) && counterOf(node.zxid) === this.#firstCounter)
    if (!isNext) throw new Violation(`server ${server} goes from ${formatZxid(before)} to ${formatZxid(node.zxid)}`)
    this.#lastShown = node.zxid
    this.#history.set(node.zxid, node.hash)
    if (node.entry !== null) this.#inSessionOrder(node.entry)
  }

  #compare(server: ServerId, node: Tree): void {
    if (this.#history.get(node.zxid) !== node.hash) {
      throw new Violation(`server ${server} has another history up to ${formatZxid(node.zxid)}`)
    }
  }

  #holdsAcknowledged(server: ServerId, tree: Tree, beforeEpoch: number): void {
    for (const [epoch, { zxid, hash }] of this.#acked) {
      if (epoch >= beforeEpoch) continue
      const at = treeAt(tree, zxid)
      if (at.zxid !== zxid || at.hash !== hash) {
        throw new Violation(`server ${server} lost the acknowledged ${formatZxid(zxid)}: it has ${formatZxid(at.zxid)}`)
      }
    }
  }

  /** Writes of one session take effect in the order they were sent, without a gap. */
  #inSessionOrder(entry: Entry): void {
    const { clientId, cxid } = readTxnHeader(new JuteReader(entry.bytes))
    if (clientId === 0n) return
    const last = this.#sessions.get(clientId) ?? 0
    if (cxid !== last + 1) throw new Violation(`session ${clientId} has write ${cxid} behind write ${last}`)
    this.#sessions.set(clientId, cxid)
  }
}
