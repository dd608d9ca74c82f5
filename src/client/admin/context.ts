import { isInvalidMetadata } from '../../model/error-code.ts'
import { retrying } from '../backoff.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { BrokerError } from '../errors.ts'
import { API_TIMEOUT_MS } from '../limits.ts'

/** What every part of the admin client needs: the cluster, and the way calls are tried again. */
export class AdminContext {
  readonly cluster: Cluster
  readonly timeoutMs: number

  /** @param timeoutMs how long one call goes on trying */
  constructor(cluster: Cluster, timeoutMs: number = API_TIMEOUT_MS) {
    this.cluster = cluster
    this.timeoutMs = timeoutMs
  }

  /** Asks the controller, and again when it is another by now. */
  atController<T>(what: string, attempt: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#trying(what, async () => attempt(await this.cluster.controllerConnection()))
  }

  /** Asks whoever can be reached. */
  atAny<T>(what: string, attempt: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#trying(what, async () => attempt(await this.cluster.anyConnection()))
  }

  /** Asks one broker. */
  atBroker<T>(nodeId: number, what: string, attempt: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#trying(what, async () => attempt(await this.cluster.connection(nodeId)))
  }

  /** Tries a call that finds its broker itself. */
  trying<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    return this.#trying(what, attempt)
  }

  /** Splits partitions by the broker that leads them. */
  async byLeader<T extends { readonly topic: string; readonly partition: number }>(
    partitions: readonly T[],
  ): Promise<ReadonlyMap<number, readonly T[]>> {
    const byNode = new Map<number, T[]>()
    for (const partition of partitions) {
      const leaderId = await this.cluster.leaderOf(partition.topic, partition.partition)
      const list = byNode.get(leaderId)
      if (list === undefined) byNode.set(leaderId, [partition])
      else list.push(partition)
    }
    return byNode
  }

  #trying<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const onFailure = (error: unknown): void => {
      if (!(error instanceof BrokerError) || isInvalidMetadata(error.code) || error.codeName === 'NOT_CONTROLLER') {
        this.cluster.invalidate()
      }
    }
    return retrying(
      this.cluster.environment,
      { what, timeoutMs: this.timeoutMs, onFailure, isRetriable: (error) => this.#isRetriable(error) },
      attempt,
    )
  }

  /** A topic that is not there is an answer to an administrator, not a moment to wait out. */
  #isRetriable(error: unknown): boolean {
    if (error instanceof BrokerError && error.codeName === 'UNKNOWN_TOPIC_OR_PARTITION') return false
    return this.cluster.isWorthRetrying(error)
  }
}

/** Groups things that have a topic by it, keeping the order of first appearance. */
export function byTopic<T extends { readonly topic: string }>(
  things: readonly T[],
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const list = groups.get(thing.topic)
    if (list === undefined) groups.set(thing.topic, [thing])
    else list.push(thing)
  }
  return [...groups]
}
