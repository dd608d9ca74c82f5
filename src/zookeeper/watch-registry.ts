import { EventType } from '../jute/operations.ts'
import type { WatchEvent, WatchEventType, Watcher } from './contract.ts'

type Table = Map<string, Set<Watcher>>

/** Which watch a request leaves behind: the first three are used up by one event, the others stay. */
export type WatchKind = 'data' | 'exists' | 'child' | 'persistent' | 'recursive'

const eventTypes: ReadonlyMap<number, WatchEventType> = new Map([
  [EventType.nodeCreated, 'created'],
  [EventType.nodeDeleted, 'deleted'],
  [EventType.nodeDataChanged, 'dataChanged'],
  [EventType.nodeChildrenChanged, 'childrenChanged'],
])

/** The watches that this client has standing, so that they can be called and, on another server, set again. */
export class WatchRegistry {
  readonly #tables: Readonly<Record<WatchKind, Table>> = {
    data: new Map(),
    exists: new Map(),
    child: new Map(),
    persistent: new Map(),
    recursive: new Map(),
  }

  add(kind: WatchKind, path: string, watcher: Watcher): void {
    const table = this.#tables[kind]
    const watchers = table.get(path)
    if (watchers === undefined) table.set(path, new Set([watcher]))
    else watchers.add(watcher)
  }

  has(kind: WatchKind, path: string): boolean {
    return this.#tables[kind].has(path)
  }

  /** Forgets every watch of one kind on a path. @returns whom it would have told */
  remove(kind: WatchKind, path: string): readonly Watcher[] {
    const watchers = [...(this.#tables[kind].get(path) ?? [])]
    this.#tables[kind].delete(path)
    return watchers
  }

  paths(kind: WatchKind): string[] {
    return [...this.#tables[kind].keys()]
  }

  /** Takes the watchers that an event is for, and forgets those it uses up. @returns the event as told and whom to tell */
  take(
    type: number,
    path: string,
    zxid: number,
  ): { readonly event: WatchEvent; readonly watchers: readonly Watcher[] } | undefined {
    const told = eventTypes.get(type)
    if (told === undefined) return undefined
    const { data, exists, child, persistent, recursive } = this.#tables
    const watchers = new Set<Watcher>()
    const collect = (table: Table, at: string): void => {
      for (const watcher of table.get(at) ?? []) watchers.add(watcher)
    }
    const used: Table[] = []
    if (told !== 'childrenChanged') used.push(data, exists)
    if (told === 'childrenChanged' || told === 'deleted') used.push(child)
    for (const table of used) {
      collect(table, path)
      table.delete(path)
    }
    collect(persistent, path)
    if (told !== 'childrenChanged' && recursive.size > 0) {
      for (const at of withAncestors(path)) collect(recursive, at)
    }
    return { event: { type: told, path, zxid }, watchers: [...watchers] }
  }
}

/** `/a/b` → `/a/b`, `/a`, `/` */
function withAncestors(path: string): string[] {
  const paths = [path]
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    paths.push(path.slice(0, slash))
  }
  if (path !== '/') paths.push('/')
  return paths
}
