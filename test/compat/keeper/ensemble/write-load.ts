import { setTimeout as sleep } from 'node:timers/promises'
import { connectTo } from '../../../../src/cli/zk/connection.ts'
import { KeeperError, KeeperErrorCode, type ZooKeeperFullClient } from '../../../../src/zookeeper/contract.ts'
import type { Ensemble } from './ensemble.ts'

const SESSION_MS = 10_000
const PAUSE_MS = 5
/** Every so many writes the writer looks whether it sees its last one, on whichever server it is by then. */
const READ_EVERY = 5

export interface Acknowledged {
  readonly path: string
  readonly zxid: number
}

/** What the writers know: what was acknowledged, in their order, and what may or may not have happened. */
export class Ledger {
  readonly acknowledged: Acknowledged[][] = []
  readonly uncertain: Set<string> = new Set()
  /** What must never be seen. */
  readonly violations: string[] = []

  get count(): number {
    return this.acknowledged.reduce((sum, { length }) => sum + length, 0)
  }
}

/** Sessions that create one node after the other below `/load`, each beginning at another server. */
export class WriteLoad {
  readonly ledger: Ledger
  readonly #ensemble: Ensemble
  readonly #round: number
  readonly #writers: Promise<void>[] = []
  #isStopping = false
  static #rounds = 0

  private constructor(ensemble: Ensemble, ledger: Ledger) {
    this.#ensemble = ensemble
    this.ledger = ledger
    WriteLoad.#rounds += 1
    this.#round = WriteLoad.#rounds
  }

  static async start(ensemble: Ensemble, ledger: Ledger, writers = 3): Promise<WriteLoad> {
    const load = new WriteLoad(ensemble, ledger)
    const client = await connectTo(ensemble.connectText(), SESSION_MS)
    await client.create('/load', null).catch((error: unknown) => {
      if (!(error instanceof KeeperError) || error.code !== KeeperErrorCode.nodeExists) throw error
    })
    await client.close()
    for (let writer = 1; writer <= writers; writer += 1) load.#writers.push(load.#write(writer))
    return load
  }

  /** Waits for so many more acknowledged writes. */
  async progress(count: number, timeoutMs = 20_000): Promise<void> {
    const wanted = this.ledger.count + count
    const deadline = Date.now() + timeoutMs
    while (this.ledger.count < wanted) {
      if (Date.now() > deadline) throw new Error(`fewer than ${count} writes were acknowledged within ${timeoutMs} ms`)
      await sleep(10)
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#writers)
  }

  async #write(writer: number): Promise<void> {
    const done: Acknowledged[] = []
    this.ledger.acknowledged.push(done)
    let client: ZooKeeperFullClient | undefined
    for (let number = 1; !this.#isStopping; number += 1) {
      const path = `/load/${this.#round}-${writer}-${String(number).padStart(6, '0')}`
      try {
        client ??= await connectTo(this.#ensemble.connectText(1 + (writer % this.#ensemble.members.length)), SESSION_MS)
        const { stat } = await client.create(path, new TextEncoder().encode(`${writer}:${number}`))
        const last = done.at(-1)
        if (last !== undefined && last.zxid >= stat.czxid)
          this.ledger.violations.push(`${path} came before ${last.path}`)
        done.push({ path, zxid: stat.czxid })
        if (number % READ_EVERY === 0 && (await client.exists(path)) === undefined) {
          this.ledger.violations.push(`${path} was not seen by the session that made it`)
        }
      } catch (error) {
        if (!(error instanceof KeeperError)) throw error
        if (done.at(-1)?.path !== path) this.ledger.uncertain.add(path)
        if (error.code === KeeperErrorCode.sessionExpired) client = undefined
        else if (error.code !== KeeperErrorCode.connectionLoss) {
          this.ledger.violations.push(`${path} was refused: ${error.message}`)
        }
      }
      await sleep(PAUSE_MS)
    }
    await client?.close().catch(() => undefined)
  }
}
