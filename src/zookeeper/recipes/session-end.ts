import type { ZooKeeperClient } from '../contract.ts'

type Listener = () => void

/** One per client: sessions tell their watchers for ever, recipes come and go. */
const ends = new WeakMap<ZooKeeperClient, SessionEnd>()

/** @returns the place where recipes learn that a client's session is over */
export function sessionEndOf(client: ZooKeeperClient): SessionEnd {
  let end = ends.get(client)
  if (end === undefined) {
    end = new SessionEnd(client)
    ends.set(client, end)
  }
  return end
}

/** Tells, once, that a session is over: its ephemerals are gone or will go, and no watch will fire any more. */
export class SessionEnd {
  readonly #listeners = new Set<Listener>()
  #isOver = false

  constructor(client: ZooKeeperClient) {
    client.onSession(({ state }) => {
      if (state !== 'expired' && state !== 'authFailed' && state !== 'closed') return
      this.#isOver = true
      const listeners = [...this.#listeners]
      this.#listeners.clear()
      for (const listener of listeners) listener()
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** @returns forgets the listener, which the caller owes when it has no more use for it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
