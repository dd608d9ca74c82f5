import type { Watcher } from '../zookeeper/contract.ts'

/**
 * The watchers of one session. ZooKeeper fires a watcher once however often it was given, so each purpose has one function,
 * and every reading gives the same one again.
 */
export class NodeWatchers {
  readonly #later: (work: () => Promise<void>) => void
  readonly #watchers = new Map<string, Watcher>()
  readonly #work = new Map<string, () => Promise<void>>()

  /** @param later runs work in its turn, as long as the session lasts */
  constructor(later: (work: () => Promise<void>) => void) {
    this.#later = later
  }

  /** The watcher for a purpose; from now on it does this work. */
  once(purpose: string, work: () => Promise<void>): Watcher {
    this.#work.set(purpose, work)
    const known = this.#watchers.get(purpose)
    if (known !== undefined) return known
    const watcher: Watcher = (event) => {
      if (event.type !== 'session') this.#later(() => this.#work.get(purpose)?.() ?? Promise.resolve())
    }
    this.#watchers.set(purpose, watcher)
    return watcher
  }
}
