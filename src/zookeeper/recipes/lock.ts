import type { Entropy } from '../../io/ports.ts'
import type { ZooKeeperClient } from '../contract.ts'
import { exclusively, type LineRules, Place } from './place.ts'

/**
 * A fair lock between sessions. Each acquisition is a place of its own: the lock is not re-entrant.
 *
 * A holder whose session is lost without its knowledge may still be at work when the next one starts; `fencingToken` and
 * `onLost` of the place are there for that.
 */
export class Lock {
  readonly #client: ZooKeeperClient
  readonly #entropy: Entropy
  readonly #rules: LineRules

  /** @param path the node under which contenders stand in line */
  constructor(client: ZooKeeperClient, path: string, entropy: Entropy) {
    this.#client = client
    this.#entropy = entropy
    this.#rules = { parent: path, label: 'lock-', labels: ['lock-'], blocker: exclusively }
  }

  /** Stands in line: for callers that may want to leave before they are granted. */
  enter(): Place {
    return new Place(this.#client, this.#rules, this.#entropy)
  }

  /** Waits for the lock. `leave` of the place releases it. @throws KeeperError as a rejection */
  async acquire(): Promise<Place> {
    const place = this.enter()
    await place.granted
    return place
  }

  /** @returns undefined when somebody holds it or waits for it */
  async tryAcquire(): Promise<Place | undefined> {
    const place = this.enter()
    if (await place.isFirst()) {
      await place.granted
      return place
    }
    await place.leave()
    return undefined
  }
}

/** Many readers or one writer, first come first served: a reader waits only for writers that came before it. */
export class ReadWriteLock {
  readonly #client: ZooKeeperClient
  readonly #entropy: Entropy
  readonly #path: string

  constructor(client: ZooKeeperClient, path: string, entropy: Entropy) {
    this.#client = client
    this.#entropy = entropy
    this.#path = path
  }

  enterToRead(): Place {
    return this.#enter('read-', (line, own) => line.slice(0, own).findLast((name) => isWriter(name)))
  }

  enterToWrite(): Place {
    return this.#enter('write-', exclusively)
  }

  /** @throws KeeperError as a rejection */
  async acquireToRead(): Promise<Place> {
    const place = this.enterToRead()
    await place.granted
    return place
  }

  /** @throws KeeperError as a rejection */
  async acquireToWrite(): Promise<Place> {
    const place = this.enterToWrite()
    await place.granted
    return place
  }

  #enter(label: string, blocker: LineRules['blocker']): Place {
    const rules = { parent: this.#path, label, labels: ['read-', 'write-'], blocker }
    return new Place(this.#client, rules, this.#entropy)
  }
}

function isWriter(name: string): boolean {
  return /write-\d{10}$/.test(name)
}
