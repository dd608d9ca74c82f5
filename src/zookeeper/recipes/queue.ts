import type { Entropy } from '../../io/ports.ts'
import { isKeeperError } from '../client.ts'
import { KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../contract.ts'
import { errorText } from '../error-text.ts'
import { createProtected, ensurePath, inLine, once, remove, repeating, uniquePrefix, untilTold } from './protected.ts'

const LABEL = 'queue-'
const CLAIM_LABEL = 'claim'

/**
 * First in, first out, between any number of producers and consumers. Each item is put in once and taken once, also when
 * the connection breaks between the request and its answer.
 */
export class Queue {
  readonly #client: ZooKeeperClient
  readonly #path: string
  readonly #entropy: Entropy

  constructor(client: ZooKeeperClient, path: string, entropy: Entropy) {
    this.#client = client
    this.#path = path
    this.#entropy = entropy
  }

  /** Puts an item at the end. @throws KeeperError as a rejection */
  async offer(data: Uint8Array | null): Promise<void> {
    await createProtected(this.#client, this.#path, LABEL, data, 'persistent-sequential', this.#entropy)
  }

  /** Takes the first item. @returns undefined when there is none */
  async poll(): Promise<{ readonly data: Uint8Array | null } | undefined> {
    for (;;) {
      const items = await this.#items()
      if (items.length === 0) return undefined
      const item = await this.#takeOne(items)
      if (item !== undefined) return item
    }
  }

  /** Waits for an item. @throws KeeperError sessionExpired when the session ends meanwhile */
  async take(): Promise<{ readonly data: Uint8Array | null }> {
    await ensurePath(this.#client, this.#path)
    for (;;) {
      const item = await this.poll()
      if (item !== undefined) return item
      await untilTold(
        this.#client,
        async (told) => inLine((await this.#client.getChildren(this.#path, told)).children, [LABEL]).length === 0,
      )
    }
  }

  async #items(): Promise<string[]> {
    try {
      return inLine((await repeating(() => this.#client.getChildren(this.#path))).children, [LABEL])
    } catch (error) {
      if (isKeeperError(error, KeeperErrorCode.noNode)) return []
      throw error
    }
  }

  /** Works up one list from its start; others may be faster at some or all of it. */
  async #takeOne(items: readonly string[]): Promise<{ readonly data: Uint8Array | null } | undefined> {
    for (const name of items) {
      const path = `${this.#path}/${name}`
      try {
        const { data } = await repeating(() => this.#client.getData(path))
        if (await this.#claim(path)) return { data }
      } catch (error) {
        if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
      }
    }
    return undefined
  }

  /**
   * Deletes the item and, in the same transaction, leaves a mark: if the answer is lost, the mark tells who deleted it.
   *
   * @returns whether it was us
   */
  async #claim(item: string): Promise<boolean> {
    const mark = `${this.#path}/${uniquePrefix(this.#entropy)}${CLAIM_LABEL}`
    const isOurs = await once(
      async () => {
        const results = await this.#client.multi([
          { kind: 'delete', path: item, version: -1 },
          { kind: 'create', path: mark, data: null, mode: 'ephemeral' },
        ])
        const [first] = results
        if (first?.kind !== 'error') return true
        if (first.code === KeeperErrorCode.noNode) return false
        const code = results.find((result) => result.kind === 'error' && result.code !== 0)
        const reason = code?.kind === 'error' ? code.code : first.code
        throw new KeeperError(reason, item, errorText(reason, item))
      },
      async () => {
        await this.#client.sync(mark)
        return (await this.#client.exists(mark)) === undefined ? undefined : true
      },
    )
    if (isOurs) await remove(this.#client, mark)
    return isOurs
  }
}
