import type { MessagePort } from 'node:worker_threads'
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { assert } from '../base/assert.ts'
import { connectionCountMemory } from '../broker/connection-counts.ts'
import type { PeerControl } from '../cluster/contract-calls.ts'
import type {
  ControlPlane,
  ControllerEffects,
  LocalPartition,
  RelocationBegin,
  ShardReports,
  ViewUpdate,
} from '../cluster/contract.ts'
import type { ErrorCode } from '../model/error-code.ts'
import type { InSyncDecision, InSyncProposal } from '../partition/contract.ts'
import type { BrokerConfig } from '../cluster/config/broker-config.ts'
import type { ListenerConfig } from '../cluster/config/listeners.ts'
import type { ShardMetrics } from './metrics/shard-metrics.ts'
import { CONTROL_METHODS } from './remote-control.ts'
import { PortRpc } from './rpc.ts'

/**
 * Of each thread's heap. V8 would let it grow to 48 MB and never give it back when idle. What a request makes is small and
 * dies at once, so a larger one saves next to nothing, and one that stays in the processor's cache costs less CPU per request.
 */
export const YOUNG_GENERATION_SIZE_MB: number = 3

/** What a shard's thread is started with. Structured-clone-able; the ports are transferred. */
export interface ShardSetup {
  readonly index: number
  readonly shardCount: number
  readonly brokerId: number
  readonly memory: WebAssembly.Memory
  readonly core: WebAssembly.Module
  /** Where all shards count their connections. */
  readonly connectionMemory: SharedArrayBuffer
  readonly config: BrokerConfig
  readonly logLevel: string
  /** Calls to and from the main thread. */
  readonly main: MessagePort
  /** By shard index; null at its own place. Record path and group calls travel apart: one must not delay the other. */
  readonly neighbours: readonly (MessagePort | null)[]
  readonly groupNeighbours: readonly (MessagePort | null)[]
}

/** The methods a shard's thread offers to the main thread. */
export interface ShardMethods {
  publish(updates: readonly ViewUpdate[]): void
  /** Resolves when all are open in their roles. */
  assign(partitions: readonly LocalPartition[]): Promise<void>
  reconfigure(partitions: readonly LocalPartition[]): void
  close(partitions: readonly LocalPartition[]): void
  relocate(partitions: readonly LocalPartition[]): readonly RelocationBegin[]
  remove(partitions: readonly LocalPartition[]): void
  /** Opens the listeners; resolves when they accept. */
  listen(listeners: readonly ListenerConfig[]): Promise<void>
  metrics(): ShardMetrics
  /** Stops accepting and answers what is under way, for at most so long. */
  drain(limitMs: number): Promise<void>
  /** Flushes and closes every partition, then ends the thread. */
  stop(): Promise<void>
}

export interface ShardHostOptions {
  readonly shardCount: number
  readonly brokerId: number
  readonly memory: WebAssembly.Memory
  readonly core: WebAssembly.Module
  readonly config: BrokerConfig
  readonly logLevel: string
  /** A shard's thread has ended although nobody asked it to: the node cannot go on. */
  readonly onFailure: (shard: number, error: unknown) => void
}

/** The shards of this node as the main thread sees them: starts their threads, fans commands out to them. */
export class ShardHost implements ControllerEffects {
  readonly #pool: Piscina
  readonly #links: readonly PortRpc[]
  readonly #ended: readonly Promise<void>[]
  #control: (ControlPlane & PeerControl) | undefined
  #reports: ShardReports | undefined
  #isStopping = false

  constructor(options: ShardHostOptions) {
    const { shardCount } = options
    // One task per worker that never ends: the pool is exactly as large as the shards, and idles nothing away.
    // atomics 'disabled': a worker must sit in its event loop, never block waiting for a next task.
    this.#pool = new Piscina({
      filename: new URL(`./shard-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
      minThreads: shardCount,
      maxThreads: shardCount,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_SIZE_MB },
      atomics: 'disabled',
      workerHistogram: false,
      recordTiming: false,
    })
    const data = channels(shardCount)
    const groups = channels(shardCount)
    const connectionMemory = connectionCountMemory()
    const links: PortRpc[] = []
    const ended: Promise<void>[] = []
    for (let index = 0; index < shardCount; index += 1) {
      const { port1, port2 } = new MessageChannel()
      const setup: ShardSetup = {
        index,
        shardCount,
        brokerId: options.brokerId,
        memory: options.memory,
        core: options.core,
        connectionMemory,
        config: options.config,
        logLevel: options.logLevel,
        main: port2,
        neighbours: data[index] ?? [],
        groupNeighbours: groups[index] ?? [],
      }
      const ports = [port2, ...setup.neighbours, ...setup.groupNeighbours].filter((port) => port !== null)
      links.push(new PortRpc(port1, this.#controlMethods()))
      ended.push(this.#run(setup, ports, options.onFailure))
    }
    this.#links = links
    this.#ended = ended
  }

  /** Who answers the shards' control calls. They wait until this is set. */
  serveControl(control: ControlPlane & PeerControl): void {
    this.#control = control
  }

  /** Who hears what the shards report. Only nodes of a cluster of several brokers need it: who is alone proposes nothing. */
  serveReports(reports: ShardReports): void {
    this.#reports = reports
  }

  publish(updates: readonly ViewUpdate[]): Promise<void> {
    return this.#effect(() => this.#all('publish', updates))
  }

  assign(partitions: readonly LocalPartition[]): Promise<void> {
    return this.#effect(() => this.#byShard('assign', partitions))
  }

  reconfigure(partitions: readonly LocalPartition[]): Promise<void> {
    return this.#effect(() => this.#byShard('reconfigure', partitions))
  }

  close(partitions: readonly LocalPartition[]): Promise<void> {
    return this.#effect(() => this.#byShard('close', partitions))
  }

  async relocate(partitions: readonly LocalPartition[]): Promise<readonly RelocationBegin[]> {
    if (this.#isStopping) return []
    const calls: Promise<readonly RelocationBegin[]>[] = []
    for (const [index, link] of this.#links.entries()) {
      const own = partitions.filter((partition) => partition.shard === index)
      if (own.length > 0) calls.push(link.call('relocate', own))
    }
    return (await Promise.all(calls)).flat()
  }

  remove(partitions: readonly LocalPartition[]): Promise<void> {
    return this.#effect(() => this.#byShard('remove', partitions))
  }

  listen(listeners: readonly ListenerConfig[]): Promise<void> {
    return this.#all('listen', listeners)
  }

  metrics(): Promise<readonly ShardMetrics[]> {
    return Promise.all(this.#links.map((link) => link.call<ShardMetrics>('metrics')))
  }

  /**
   * Ends every shard cleanly; their threads are gone when it resolves.
   *
   * @param drainMs how long requests under way may take to be answered
   */
  async stop(drainMs: number): Promise<void> {
    this.#isStopping = true
    // All drain before any closes: a client of one shard may wait for a partition of another.
    await this.#all('drain', drainMs)
    await this.#all('stop')
    await Promise.all(this.#ended)
    for (const link of this.#links) link.close()
    await this.#pool.destroy()
  }

  async #run(
    setup: ShardSetup,
    ports: readonly MessagePort[],
    onFailure: ShardHostOptions['onFailure'],
  ): Promise<void> {
    try {
      await this.#pool.run(setup, { transferList: [...ports] })
      assert(this.#isStopping, 'a shard ends only when it is told to')
    } catch (error) {
      onFailure(setup.index, error)
    }
  }

  /** A shard that has been told to stop answers nothing more: what the control plane still wants of it is void. */
  #effect(call: () => Promise<void>): Promise<void> {
    return this.#isStopping ? Promise.resolve() : call()
  }

  async #all(method: keyof ShardMethods, ...parameters: readonly unknown[]): Promise<void> {
    await Promise.all(this.#links.map((link) => link.call(method, ...parameters)))
  }

  async #byShard(method: keyof ShardMethods, partitions: readonly LocalPartition[]): Promise<void> {
    const calls: Promise<unknown>[] = []
    for (const [index, link] of this.#links.entries()) {
      const own = partitions.filter((partition) => partition.shard === index)
      if (own.length > 0) calls.push(link.call(method, own))
    }
    await Promise.all(calls)
  }

  #controlMethods(): Record<string, (...parameters: never[]) => unknown> {
    const methods: Record<string, (...parameters: never[]) => unknown> = {}
    for (const name of CONTROL_METHODS) {
      methods[name] = (...parameters: never[]) => {
        const control = this.#control
        assert(control !== undefined, 'the control plane serves before the listeners open')
        return (control[name] as (...all: never[]) => unknown)(...parameters)
      }
    }
    methods['proposeInSync'] = (proposal: InSyncProposal): Promise<InSyncDecision> => {
      assert(this.#reports !== undefined, 'a leader with followers has a control plane that hears it')
      return this.#reports.proposeInSync(proposal)
    }
    methods['relocationEnded'] = (topic: string, partition: number, directory: string, isThere: boolean): void =>
      this.#reports?.relocationEnded(topic, partition, directory, isThere)
    methods['partitionFailed'] = (topic: string, partition: number, code: ErrorCode): void =>
      this.#reports?.partitionFailed(topic, partition, code)
    return methods
  }
}

/** A channel between every two shards: row i holds the ports of shard i. */
function channels(shardCount: number): readonly (readonly (MessagePort | null)[])[] {
  const rows = Array.from({ length: shardCount }, () => new Array<MessagePort | null>(shardCount).fill(null))
  for (let left = 0; left < shardCount; left += 1) {
    for (let right = left + 1; right < shardCount; right += 1) {
      const { port1, port2 } = new MessageChannel()
      const leftRow = rows[left]
      const rightRow = rows[right]
      assert(leftRow !== undefined && rightRow !== undefined, 'a row per shard')
      leftRow[right] = port1
      rightRow[left] = port2
    }
  }
  return rows
}
