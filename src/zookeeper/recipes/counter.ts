import type { Entropy } from '../../io/ports.ts'
import { KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../contract.ts'
import { errorText } from '../error-text.ts'
import { ensurePath, once, remove, repeating, uniquePrefix } from './protected.ts'

/** Others may be faster so often before `add` gives up; every lost race is somebody else's success. */
const RACES_MAX = 10_000

const CLAIM_LABEL = 'claim'

/** A number in a node, as decimal text. Each `add` counts once, also when its answer is lost with the connection. */
export class Counter {
  readonly #client: ZooKeeperClient
  readonly #path: string
  readonly #entropy: Entropy

  constructor(client: ZooKeeperClient, path: string, entropy: Entropy) {
    this.#client = client
    this.#path = path
    this.#entropy = entropy
  }

  /** @returns the number; 0 when nobody has counted */
  async value(): Promise<number> {
    await ensurePath(this.#client, this.#path)
    return (await this.#read()).value
  }

  /**
   * @param difference a whole number, negative to count down
   * @returns the number after it
   * @throws RangeError when node or sum is no whole number within ±(2^53 - 1)
   */
  async add(difference: number): Promise<number> {
    await ensurePath(this.#client, this.#path)
    for (let races = 0; races < RACES_MAX; races += 1) {
      const { value, version } = await this.#read()
      const sum = value + difference
      if (!Number.isSafeInteger(sum)) throw new RangeError(`${this.#path}: ${value} + ${difference} is out of range`)
      if (await this.#set(sum, version)) return sum
    }
    throw new KeeperError(KeeperErrorCode.badVersion, this.#path, errorText(KeeperErrorCode.badVersion, this.#path))
  }

  async #read(): Promise<{ readonly value: number; readonly version: number }> {
    const { data, stat } = await repeating(() => this.#client.getData(this.#path))
    const text = new TextDecoder().decode(data ?? new Uint8Array(0)).trim()
    const value = text === '' ? 0 : Number(text)
    if (!Number.isSafeInteger(value)) throw new RangeError(`${this.#path} holds no whole number: ${text}`)
    return { value, version: stat.version }
  }

  /** @returns false when somebody else was faster */
  async #set(value: number, version: number): Promise<boolean> {
    const path = this.#path
    const mark = `${path}/${uniquePrefix(this.#entropy)}${CLAIM_LABEL}`
    const isSet = await once(
      async () => {
        const results = await this.#client.multi([
          { kind: 'set', path, data: new TextEncoder().encode(String(value)), version },
          { kind: 'create', path: mark, data: null, mode: 'ephemeral' },
        ])
        const failure = results.find((result) => result.kind === 'error' && result.code !== KeeperErrorCode.ok)
        if (failure?.kind !== 'error') return true
        if (failure.code === KeeperErrorCode.badVersion) return false
        throw new KeeperError(failure.code, path, errorText(failure.code, path))
      },
      async () => {
        await this.#client.sync(path)
        return (await this.#client.exists(mark)) === undefined ? undefined : true
      },
    )
    if (isSet) await remove(this.#client, mark)
    return isSet
  }
}
