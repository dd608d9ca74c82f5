import { EventType } from '../jute/operations.ts'
import type { WatchEvent, WatchEventType, Watcher } from './contract.ts'

type Table = Map<string, Set<Watcher>>

/** Which one-shot watch a request leaves behind. */
export type WatchKind = 'data' | 'exists' | 'child'

const eventTypes: ReadonlyMap<number, WatchEventType> = new Map([
  [EventType.nodeCreated, 'created'],
  [EventType.nodeDeleted, 'deleted'],
  [EventType.nodeDataChanged, 'dataChanged'],
  [EventType.nodeChildrenChanged, 'childrenChanged'],
])

/** The watches that this client has standing, so that they can be called and, on another server, set again. */
export class WatchRegistry {
  readonly #data: Table = new Map()
  readonly #exists: Table = new Map()
  readonly #child: Table = new Map()

  add(kind: WatchKind, path: string, watcher: Watcher): void {
    const table = this.#table(kind)
    const watchers = table.get(path)
    if (watchers === undefined) table.set(path, new Set([watcher]))
    else watchers.add(watcher)
  }

  paths(kind: WatchKind): string[] {
    return [...this.#table(kind).keys()]
  }

  /** Takes the watchers that an event uses up. @returns the event as told and whom to tell */
  take(type: number, path: string): { readonly event: WatchEvent; readonly watchers: readonly Watcher[] } | undefined {
    const told = eventTypes.get(type)
    if (told === undefined) return undefined
    const tables: Table[] = []
    if (told !== 'childrenChanged') tables.push(this.#data, this.#exists)
    if (told === 'childrenChanged' || told === 'deleted') tables.push(this.#child)
    const watchers = new Set<Watcher>()
    for (const table of tables) {
      for (const watcher of table.get(path) ?? []) watchers.add(watcher)
      table.delete(path)
    }
    return { event: { type: told, path }, watchers: [...watchers] }
  }

  #table(kind: WatchKind): Table {
    if (kind === 'data') return this.#data
    return kind === 'exists' ? this.#exists : this.#child
  }
}
