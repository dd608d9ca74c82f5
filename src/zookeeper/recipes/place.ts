import type { Entropy } from '../../io/ports.ts'
import type { ZooKeeperClient } from '../contract.ts'
import { createProtected, inLine, remove, repeating, sessionOver, untilTouched } from './protected.ts'
import { sessionEndOf } from './session-end.ts'

/** How a kind of contender stands in line. */
export interface LineRules {
  /** The contenders' nodes are its children; made when missing. */
  readonly parent: string
  /** Of this contender's node. */
  readonly label: string
  /** Of all nodes that count as contenders. */
  readonly labels: readonly string[]
  /**
   * Whom to wait for: the one just ahead that matters, never more than one, so that a departure wakes one contender.
   *
   * @param line all names in order @param own this contender's place in it
   */
  blocker(line: readonly string[], own: number): string | undefined
}

/** A lock: everyone ahead matters, the nearest is enough to watch. */
export const exclusively: LineRules['blocker'] = (line, own) => line[own - 1]

/**
 * A place in a fair line of ephemeral sequential nodes. It is lost with the session; a contender that leaves or dies
 * wakes the one behind it.
 */
export class Place {
  /** Rejects with KeeperError when the place is lost first. After `leave` it may stay open for ever. */
  readonly granted: Promise<void>
  readonly #client: ZooKeeperClient
  readonly #rules: LineRules
  readonly #made: Promise<string>
  readonly #lostListeners: (() => void)[] = []
  readonly #forgetEnd: () => void
  #state: 'waiting' | 'granted' | 'lost' | 'left' = 'waiting'

  constructor(client: ZooKeeperClient, rules: LineRules, entropy: Entropy, data: Uint8Array | null = null) {
    this.#client = client
    this.#rules = rules
    this.#forgetEnd = sessionEndOf(client).listen(() => this.#lose())
    this.#made = createProtected(client, rules.parent, rules.label, data, 'ephemeral-sequential', entropy)
    this.granted = this.#wait()
    // Whoever only ever leaves need not look at it.
    this.granted.catch(() => {})
  }

  /** True from the grant until the place is left or this client knows it to be lost. */
  get isGranted(): boolean {
    return this.#state === 'granted'
  }

  /**
   * The transaction that made the node: it only grows from holder to holder, so a resource that remembers the highest it
   * has seen can refuse a holder that was lost without knowing it.
   */
  async fencingToken(): Promise<number> {
    const path = await this.#made
    const stat = await repeating(() => this.#client.exists(path))
    if (stat === undefined) throw sessionOver(path)
    return stat.czxid
  }

  /** @returns the path of this contender's node, once it is made */
  path(): Promise<string> {
    return this.#made
  }

  /** Runs when the session ends; at once when it has. While disconnected nobody can know: see `onSession`. */
  onLost(listener: () => void): void {
    if (this.#state === 'lost') listener()
    else this.#lostListeners.push(listener)
  }

  /** Gives the place up, waiting or granted. Resolves when the next in line may go. */
  async leave(): Promise<void> {
    if (this.#state === 'lost' || this.#state === 'left') return
    this.#state = 'left'
    this.#forgetEnd()
    let path: string
    try {
      path = await this.#made
    } catch {
      // Never made, so nobody waits for it; `granted` has told why.
      return
    }
    await remove(this.#client, path)
  }

  /** @returns whether nobody is ahead now, without waiting */
  async isFirst(): Promise<boolean> {
    return (await this.#blocker()) === undefined
  }

  async #wait(): Promise<void> {
    for (;;) {
      const blocker = await this.#blocker()
      if (this.#state === 'lost') throw sessionOver()
      if (this.#state === 'left') return new Promise(() => {})
      if (blocker === undefined) {
        this.#state = 'granted'
        return
      }
      await untilTouched(this.#client, `${this.#rules.parent}/${blocker}`)
    }
  }

  async #blocker(): Promise<string | undefined> {
    const { parent, labels } = this.#rules
    const name = (await this.#made).slice(parent.length + 1)
    const { children } = await repeating(() => this.#client.getChildren(parent))
    const line = inLine(children, labels)
    const own = line.indexOf(name)
    if (own >= 0) return this.#rules.blocker(line, own)
    // Left by ourselves while this was on its way, or deleted by somebody: no longer in line either way.
    if (this.#state !== 'left') this.#lose()
    return undefined
  }

  #lose(): void {
    if (this.#state === 'lost' || this.#state === 'left') return
    this.#state = 'lost'
    this.#forgetEnd()
    for (const listener of this.#lostListeners.splice(0)) listener()
  }
}
