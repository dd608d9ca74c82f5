import { type BrokerAddress, Connection, type ConnectionOptions } from './connection.ts'
import type { ClientEnvironment } from './environment.ts'
import { ClientError, ClosedError, ConnectionError, TimeoutError } from './errors.ts'
import { SILENT_MS } from './limits.ts'

export interface Broker {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/**
 * Why a connection is used. Answers come in order, so what waits on purpose (a fetch, a join) must not stand before what
 * is in a hurry (a heartbeat, a produce).
 */
export type Purpose = 'general' | 'produce' | 'fetch' | 'coordinator' | 'join'

/** Connections by broker and purpose, opened when first used and again after they broke. */
export class BrokerPool {
  readonly #environment: ClientEnvironment
  readonly #options: ConnectionOptions
  readonly #bootstrap: readonly BrokerAddress[]
  readonly #brokers: Map<number, Broker> = new Map()
  readonly #connections: Map<string, Promise<Connection>> = new Map()
  readonly #open: Set<Connection> = new Set()
  /** By address, until when a broker that has left a request unanswered is asked last. As many as there were addresses. */
  readonly #silentUntilMs: Map<string, number> = new Map()
  #isClosed = false

  constructor(environment: ClientEnvironment, options: ConnectionOptions, bootstrap: readonly BrokerAddress[]) {
    this.#environment = environment
    this.#options = options
    this.#bootstrap = bootstrap
  }

  get brokers(): readonly Broker[] {
    return [...this.#brokers.values()].sort((left, right) => left.nodeId - right.nodeId)
  }

  knows(nodeId: number): boolean {
    return this.#brokers.has(nodeId)
  }

  /** Adds a broker that something else than metadata told of. */
  learn(broker: Broker): void {
    if (!this.#brokers.has(broker.nodeId)) this.#brokers.set(broker.nodeId, broker)
  }

  /** Takes the brokers of a metadata answer for all there are; connections of those that moved are left to break. */
  replaceBrokers(brokers: readonly Broker[]): void {
    // An answer without any comes from a node that is still starting: what is known is more likely to help.
    if (brokers.length === 0) return
    this.#brokers.clear()
    for (const { nodeId, host, port, rack } of brokers) this.#brokers.set(nodeId, { nodeId, host, port, rack })
  }

  /** @throws (rejects with) ConnectionError, TimeoutError */
  connection(nodeId: number, purpose: Purpose): Promise<Connection> {
    const broker = this.#brokers.get(nodeId)
    if (broker === undefined) {
      return Promise.reject(new ConnectionError('', `broker ${nodeId} is not among those that the cluster tells of`))
    }
    return this.#connect(`${broker.nodeId}@${broker.host}:${broker.port}/${purpose}`, broker)
  }

  /**
   * One that is open already, else the first broker that answers: those known, then those the client was started with. A broker
   * that has just left a request unanswered comes last: it may be frozen or cut off, with connections that seem to stand.
   *
   * @throws (rejects with) the first address's error when nobody can be reached
   */
  async anyConnection(): Promise<Connection> {
    for (const connection of this.#open) {
      if (connection.inFlightCount === 0 && !this.#isSilent(connection.address)) return connection
    }
    const attempts: { readonly key: string; readonly address: BrokerAddress }[] = []
    for (const broker of this.brokers) {
      attempts.push({ key: `${broker.nodeId}@${broker.host}:${broker.port}/general`, address: broker })
    }
    for (const address of this.#bootstrap) attempts.push({ key: `${address.host}:${address.port}`, address })
    attempts.sort((left, right) => Number(this.#isSilent(left.address)) - Number(this.#isSilent(right.address)))
    let firstError: unknown
    for (const { key, address } of attempts) {
      try {
        return await this.#connect(key, address)
      } catch (error) {
        firstError ??= error
      }
    }
    throw firstError ?? new ClientError('no broker is known')
  }

  /** A request to this broker is overdue: others are asked about the cluster first. */
  isOverdue(nodeId: number): void {
    const broker = this.#brokers.get(nodeId)
    if (broker !== undefined) this.#fellSilent(broker)
  }

  close(): void {
    this.#isClosed = true
    for (const connection of [...this.#open]) connection.close()
    this.#connections.clear()
  }

  #connect(key: string, address: BrokerAddress): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(new ClosedError('this client is closed'))
    const existing = this.#connections.get(key)
    if (existing !== undefined) return existing
    const opening = this.#openOne(key, address)
    this.#connections.set(key, opening)
    opening.catch(() => this.#forget(key, opening))
    return opening
  }

  async #openOne(key: string, { host, port }: BrokerAddress): Promise<Connection> {
    const connection = await this.#opened({ host, port })
    if (this.#isClosed) {
      connection.close()
      throw new ClosedError('this client is closed')
    }
    this.#open.add(connection)
    connection.whenClosed(() => {
      this.#open.delete(connection)
      this.#connections.delete(key)
      if (connection.hasTimedOut) this.#fellSilent({ host, port })
    })
    return connection
  }

  async #opened(address: BrokerAddress): Promise<Connection> {
    try {
      return await Connection.open(this.#environment, address, this.#options)
    } catch (error) {
      if (error instanceof TimeoutError) this.#fellSilent(address)
      throw error
    }
  }

  #fellSilent({ host, port }: BrokerAddress): void {
    this.#silentUntilMs.set(`${host}:${port}`, this.#environment.clock.monotonicMs() + SILENT_MS)
  }

  #isSilent({ host, port }: BrokerAddress): boolean {
    return this.#environment.clock.monotonicMs() < (this.#silentUntilMs.get(`${host}:${port}`) ?? 0)
  }

  #forget(key: string, opening: Promise<Connection>): void {
    if (this.#connections.get(key) === opening) this.#connections.delete(key)
  }
}
