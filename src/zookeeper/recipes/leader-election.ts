import type { Entropy } from '../../io/ports.ts'
import { isKeeperError } from '../client.ts'
import { KeeperErrorCode, type ZooKeeperClient } from '../contract.ts'
import { exclusively, type LineRules, Place } from './place.ts'
import { inLine, repeating } from './protected.ts'

const LABEL = 'n_'

/** Who leads, as everybody sees it. */
export interface Leader {
  readonly path: string
  /** What the leader said about itself. */
  readonly data: Uint8Array | null
}

/** The candidate that has been there longest leads; when it goes, only the next one is woken. */
export class LeaderElection {
  readonly #client: ZooKeeperClient
  readonly #entropy: Entropy
  readonly #rules: LineRules

  constructor(client: ZooKeeperClient, path: string, entropy: Entropy) {
    this.#client = client
    this.#entropy = entropy
    this.#rules = { parent: path, label: LABEL, labels: [LABEL], blocker: exclusively }
  }

  /**
   * Stands for election. The place's `granted` resolves when it leads, `leave` resigns, `onLost` tells that it leads no
   * longer.
   *
   * @param about what others read in `leader`
   */
  stand(about: Uint8Array | null): Place {
    return new Place(this.#client, this.#rules, this.#entropy, about)
  }

  /** @returns undefined when nobody stands */
  async leader(): Promise<Leader | undefined> {
    const { parent } = this.#rules
    let names: readonly string[]
    try {
      names = (await repeating(() => this.#client.getChildren(parent))).children
    } catch (error) {
      if (isKeeperError(error, KeeperErrorCode.noNode)) return undefined
      throw error
    }
    for (const name of inLine(names, [LABEL])) {
      const path = `${parent}/${name}`
      try {
        return { path, data: (await repeating(() => this.#client.getData(path))).data }
      } catch (error) {
        // Gone since the list was read: the next one leads.
        if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
      }
    }
    return undefined
  }
}
