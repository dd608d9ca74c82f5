import type { Entropy } from '../../io/ports.ts'
import { isKeeperError } from '../client.ts'
import { KeeperErrorCode, type ZooKeeperClient } from '../contract.ts'
import { ensurePath, remove, repeating, uniquePrefix, untilTold, untilTouched } from './protected.ts'

/** A gate: while its node is there, everybody waits. */
export class Barrier {
  readonly #client: ZooKeeperClient
  readonly #path: string

  constructor(client: ZooKeeperClient, path: string) {
    this.#client = client
    this.#path = path
  }

  /** Closes the gate; closed already is fine. */
  close(): Promise<void> {
    return ensurePath(this.#client, this.#path)
  }

  /** Opens the gate; open already is fine. */
  open(): Promise<void> {
    return remove(this.#client, this.#path)
  }

  /** Resolves when the gate is open. @throws KeeperError sessionExpired when the session ends meanwhile */
  async wait(): Promise<void> {
    while ((await repeating(() => this.#client.exists(this.#path))) !== undefined) {
      await untilTouched(this.#client, this.#path)
    }
  }
}

const READY = 'ready'

/**
 * Members start together when there are enough of them and end together. One round: the next takes another path,
 * otherwise a member of it could slip in before the last of this round is out.
 */
export class DoubleBarrier {
  readonly #client: ZooKeeperClient
  readonly #path: string
  readonly #memberCount: number
  readonly #name: string

  /** @param memberCount how many must have entered before anybody goes on */
  constructor(client: ZooKeeperClient, path: string, memberCount: number, entropy: Entropy) {
    this.#client = client
    this.#path = path
    this.#memberCount = memberCount
    this.#name = `${uniquePrefix(entropy)}member`
  }

  /** Resolves when enough members are in. @throws KeeperError sessionExpired when the session ends meanwhile */
  async enter(): Promise<void> {
    const own = `${this.#path}/${this.#name}`
    await ensurePath(this.#client, this.#path)
    try {
      await repeating(() => this.#client.create(own, null, 'ephemeral'))
    } catch (error) {
      // The name is ours alone: it is from an attempt whose answer was lost.
      if (!isKeeperError(error, KeeperErrorCode.nodeExists)) throw error
    }
    if ((await this.#members()).length >= this.#memberCount) {
      await ensurePath(this.#client, `${this.#path}/${READY}`)
      return
    }
    const ready = `${this.#path}/${READY}`
    await untilTold(this.#client, async (told) => (await this.#client.exists(ready, told)) === undefined)
  }

  /** Resolves when all members are out. @throws KeeperError sessionExpired when the session ends meanwhile */
  async leave(): Promise<void> {
    const own = `${this.#path}/${this.#name}`
    for (;;) {
      const members = await this.#members()
      const [lowest] = members
      const highest = members.at(-1)
      if (lowest === undefined || highest === undefined) break
      if (members.length === 1 && lowest === this.#name) {
        await remove(this.#client, own)
        break
      }
      // The lowest keeps its node to the end, so the others need to watch but one node and it another.
      if (lowest === this.#name) {
        await untilTouched(this.#client, `${this.#path}/${highest}`)
        continue
      }
      if (members.includes(this.#name)) await remove(this.#client, own)
      await untilTouched(this.#client, `${this.#path}/${lowest}`)
    }
    await remove(this.#client, `${this.#path}/${READY}`)
  }

  async #members(): Promise<string[]> {
    const { children } = await repeating(() => this.#client.getChildren(this.#path))
    return children.filter((name) => name !== READY).sort()
  }
}
