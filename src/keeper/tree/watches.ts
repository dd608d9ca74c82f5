import type { ACL } from '../../jute/generated/data.ts'
import { EventType, WatcherType } from '../../jute/operations.ts'

const ONE_SHOT = 1
const PERSISTENT = 2
const RECURSIVE = 4

/** How a watch was set; several may stand on one path. */
export const WatchMode: { readonly oneShot: 1; readonly persistent: 2; readonly persistentRecursive: 4 } = {
  oneShot: ONE_SHOT,
  persistent: PERSISTENT,
  persistentRecursive: RECURSIVE,
}

/** Whoever is told. A connection: watches die with it. */
export interface WatchReceiver {
  /** @param acl access list of the node that the event tells of; the receiver may not be allowed to know */
  watchFired(type: number, path: string, zxid: number, acl: readonly ACL[]): void
}

/** Watches of one kind: path → receiver → modes. */
export class WatchTable {
  readonly #byPath = new Map<string, Map<WatchReceiver, number>>()
  readonly #byReceiver = new Map<WatchReceiver, Set<string>>()
  #recursiveCount = 0
  #size = 0

  /** Watches standing now. */
  get size(): number {
    return this.#size
  }

  get pathCount(): number {
    return this.#byPath.size
  }

  get receiverCount(): number {
    return this.#byReceiver.size
  }

  paths(): IterableIterator<[string, Map<WatchReceiver, number>]> {
    return this.#byPath.entries()
  }

  pathsOf(receiver: WatchReceiver): Iterable<string> {
    return this.#byReceiver.get(receiver) ?? []
  }

  add(path: string, receiver: WatchReceiver, mode: number): void {
    let receivers = this.#byPath.get(path)
    if (receivers === undefined) {
      receivers = new Map()
      this.#byPath.set(path, receivers)
    }
    const modes = receivers.get(receiver) ?? 0
    if (modes === 0) {
      this.#size += 1
      let paths = this.#byReceiver.get(receiver)
      if (paths === undefined) {
        paths = new Set()
        this.#byReceiver.set(receiver, paths)
      }
      paths.add(path)
    }
    if (mode === RECURSIVE && (modes & RECURSIVE) === 0) this.#recursiveCount += 1
    receivers.set(receiver, modes | mode)
  }

  /** @returns modes standing for a receiver on a path, 0 for none */
  modes(path: string, receiver: WatchReceiver): number {
    return this.#byPath.get(path)?.get(receiver) ?? 0
  }

  /** Takes away some modes. @returns whether one of them stood */
  remove(path: string, receiver: WatchReceiver, modes: number): boolean {
    const receivers = this.#byPath.get(path)
    const standing = receivers?.get(receiver) ?? 0
    if (receivers === undefined || (standing & modes) === 0) return false
    if (standing & modes & RECURSIVE) this.#recursiveCount -= 1
    const left = standing & ~modes
    if (left === 0) this.#forget(path, receivers, receiver)
    else receivers.set(receiver, left)
    return true
  }

  removeReceiver(receiver: WatchReceiver): void {
    const paths = this.#byReceiver.get(receiver)
    if (paths === undefined) return
    for (const path of paths) {
      const receivers = this.#byPath.get(path)
      if (receivers === undefined) continue
      if ((receivers.get(receiver) ?? 0) & RECURSIVE) this.#recursiveCount -= 1
      receivers.delete(receiver)
      this.#size -= 1
      if (receivers.size === 0) this.#byPath.delete(path)
    }
    this.#byReceiver.delete(receiver)
  }

  /**
   * Tells everybody who watches the path itself, and for recursive watches an ancestor of it.
   *
   * @param told receivers that had this event already
   * @returns those who have it now, undefined when nobody
   */
  trigger(
    type: number,
    path: string,
    zxid: number,
    acl: readonly ACL[],
    told?: ReadonlySet<WatchReceiver>,
  ): Set<WatchReceiver> | undefined {
    if (this.#size === 0) return undefined
    const fired = new Set<WatchReceiver>()
    this.#collect(path, ~0, fired)
    if (this.#recursiveCount > 0 && type !== EventType.nodeChildrenChanged) {
      for (let at = path; at.length > 1; ) {
        at = at.slice(0, at.lastIndexOf('/')) || '/'
        this.#collect(at, RECURSIVE, fired)
      }
    }
    for (const receiver of fired) if (told?.has(receiver) !== true) receiver.watchFired(type, path, zxid, acl)
    return fired.size === 0 ? undefined : fired
  }

  #collect(path: string, wanted: number, fired: Set<WatchReceiver>): void {
    const receivers = this.#byPath.get(path)
    if (receivers === undefined) return
    for (const [receiver, modes] of receivers) {
      if ((modes & wanted) === 0) continue
      fired.add(receiver)
      if ((modes & wanted & ONE_SHOT) === 0) continue
      if (modes === ONE_SHOT) this.#forget(path, receivers, receiver)
      else receivers.set(receiver, modes & ~ONE_SHOT)
    }
  }

  #forget(path: string, receivers: Map<WatchReceiver, number>, receiver: WatchReceiver): void {
    receivers.delete(receiver)
    this.#size -= 1
    if (receivers.size === 0) this.#byPath.delete(path)
    const paths = this.#byReceiver.get(receiver)
    paths?.delete(path)
    if (paths?.size === 0) this.#byReceiver.delete(receiver)
  }
}

/** All watches of one server. */
export class Watches {
  /** Set by getData, exists and addWatch. */
  readonly data: WatchTable = new WatchTable()
  /** Set by getChildren and addWatch in persistent mode. */
  readonly child: WatchTable = new WatchTable()

  get size(): number {
    return this.data.size + this.child.size
  }

  created(path: string, parent: string, zxid: number, acl: readonly ACL[], parentAcl: readonly ACL[]): void {
    this.data.trigger(EventType.nodeCreated, path, zxid, acl)
    this.child.trigger(EventType.nodeChildrenChanged, parent, zxid, parentAcl)
  }

  deleted(path: string, parent: string, zxid: number, acl: readonly ACL[], parentAcl: readonly ACL[]): void {
    const told = this.data.trigger(EventType.nodeDeleted, path, zxid, acl)
    this.child.trigger(EventType.nodeDeleted, path, zxid, acl, told)
    this.child.trigger(EventType.nodeChildrenChanged, parent, zxid, parentAcl)
  }

  dataChanged(path: string, zxid: number, acl: readonly ACL[]): void {
    this.data.trigger(EventType.nodeDataChanged, path, zxid, acl)
  }

  /** addWatch. */
  addPersistent(path: string, receiver: WatchReceiver, isRecursive: boolean): void {
    this.data.add(path, receiver, isRecursive ? RECURSIVE : PERSISTENT)
    if (!isRecursive) this.child.add(path, receiver, PERSISTENT)
  }

  /** checkWatches. @param type one of WatcherType */
  contains(path: string, receiver: WatchReceiver, type: number): boolean {
    const data = this.data.modes(path, receiver)
    const child = this.child.modes(path, receiver)
    switch (type) {
      case WatcherType.children:
        return (child & ONE_SHOT) !== 0
      case WatcherType.data:
        return (data & ONE_SHOT) !== 0
      case WatcherType.persistent:
        return (data & PERSISTENT) !== 0
      case WatcherType.persistentRecursive:
        return (data & RECURSIVE) !== 0
      default:
        return (data | child) !== 0
    }
  }

  /** removeWatches. @returns whether there was one */
  remove(path: string, receiver: WatchReceiver, type: number): boolean {
    let wasThere = false
    const dataModes = modesOfType(type, WatcherType.data)
    const childModes = modesOfType(type, WatcherType.children)
    if (dataModes !== 0 && this.data.remove(path, receiver, dataModes)) wasThere = true
    if (childModes !== 0 && this.child.remove(path, receiver, childModes)) wasThere = true
    return wasThere
  }

  removeReceiver(receiver: WatchReceiver): void {
    this.data.removeReceiver(receiver)
    this.child.removeReceiver(receiver)
  }
}

function modesOfType(type: number, oneShotType: number): number {
  if (type === WatcherType.any) return ONE_SHOT | PERSISTENT | RECURSIVE
  if (type === WatcherType.persistent) return PERSISTENT
  if (type === WatcherType.persistentRecursive) return RECURSIVE
  return type === oneShotType ? ONE_SHOT : 0
}
