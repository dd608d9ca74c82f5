/** A controller on a fake ZooKeeper, with everything it does to shards and views recorded. */
import type { FoundData } from '../../src/cluster/adoption.ts'
import { Controller } from '../../src/cluster/controller.ts'
import type { LocalPartition, ViewUpdate } from '../../src/cluster/contract.ts'
import type { ControllerCalls } from '../../src/cluster/contract-calls.ts'
import type { BrokerLinks } from '../../src/cluster/contract-commands.ts'
import { LocalPlacement } from '../../src/cluster/placement.ts'
import { ClusterView } from '../../src/cluster/view.ts'
import { type BrokerConfig, readBrokerConfig } from '../../src/cluster/config/broker-config.ts'
import { ErrorCode } from '../../src/model/error-code.ts'
import type { Entropy, TimerHandle, Timers } from '../../src/io/ports.ts'
import type { ZooKeeperClient } from '../../src/zookeeper/contract.ts'
import type { FakeZooKeeper } from './fake-zookeeper.ts'

/** Timers that run when a test says so. */
export class ManualTimers implements Timers {
  readonly #due = new Map<TimerHandle, { readonly atMs: number; readonly due: () => void }>()
  nowMs: number = 0

  start(delayMs: number, due: () => void): TimerHandle {
    const handle = { kind: 'timer' } as const
    // What asks for no delay only wants to leave the present turn.
    if (delayMs === 0) queueMicrotask(due)
    else this.#due.set(handle, { atMs: this.nowMs + delayMs, due })
    return handle
  }

  cancel(timer: TimerHandle): void {
    this.#due.delete(timer)
  }

  /** Lets time pass: what is due by then runs, in order. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms
    for (;;) {
      const next = [...this.#due].filter(([, { atMs }]) => atMs <= untilMs).sort(([, a], [, b]) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#due.delete(next[0])
      this.nowMs = next[1].atMs
      next[1].due()
      await settle()
    }
    this.nowMs = untilMs
    await settle()
  }
}

/** Brokers in one thread: commands and calls go straight to the other's control plane. */
export class TestWires {
  readonly nodes: Map<number, TestNode> = new Map()
  /** Brokers that nobody reaches right now: commands to them wait. */
  readonly cut: Set<number> = new Set()
  readonly #goneListeners: ((id: number) => void)[] = []
  #controllerWatches: { readonly id: number; readonly onGone: () => void }[] = []

  /** Everybody sees that connections to a broker broke and that nobody listens there, true or not. */
  seemsGone(id: number): void {
    for (const listener of this.#goneListeners) listener(id)
    const watches = this.#controllerWatches.filter((watch) => watch.id === id)
    this.#controllerWatches = this.#controllerWatches.filter((watch) => watch.id !== id)
    for (const { onGone } of watches) onGone()
  }

  links(): BrokerLinks {
    let known = new Map<number, number>()
    const tails = new Map<number, Promise<unknown>>()
    return {
      onGone: (listener) => {
        this.#goneListeners.push((id) => {
          const epoch = known.get(id)
          if (epoch !== undefined) listener(id, epoch)
        })
      },
      setBrokers: (brokers) => {
        known = new Map(brokers.map(({ id, epoch }) => [id, epoch]))
      },
      send: (id, command) => {
        const deliver = async (): ReturnType<BrokerLinks['send']> => {
          for (let wait = 0; wait < 100_000; wait += 1) {
            if (known.get(id) !== command.brokerEpoch) return undefined
            const node = this.nodes.get(id)
            if (node !== undefined && !this.cut.has(id)) return node.controller.command(structuredClone(command))
            await Promise.resolve()
          }
          return undefined
        }
        const answer = (tails.get(id) ?? Promise.resolve()).then(deliver)
        tails.set(id, answer)
        return answer
      },
    }
  }

  calls(): ControllerCalls {
    const ask = async <Result>(id: number, call: (node: TestNode) => Promise<Result>): Promise<Result | undefined> => {
      await Promise.resolve()
      const node = this.nodes.get(id)
      return node === undefined || this.cut.has(id) ? undefined : call(node)
    }
    let own: { readonly id: number; readonly onGone: () => void } | undefined
    return {
      watchController: (id, onGone) => {
        this.#controllerWatches = this.#controllerWatches.filter((watch) => watch !== own)
        own = { id, onGone }
        this.#controllerWatches.push(own)
      },
      alterPartition: (id, request) => ask(id, (node) => node.controller.alterPartition(request)),
      allocateProducerIds: (id, broker, epoch) =>
        ask(id, (node) => node.controller.allocateProducerIdsFor(broker, epoch)),
      controlledShutdown: (id, broker, epoch) => ask(id, (node) => node.controller.shutDownBroker(broker, epoch)),
      createTopics: (id, topics) => ask(id, (node) => node.controller.createTopics(topics, false)),
    }
  }
}

export interface TestNode {
  readonly timers: ManualTimers
  readonly controller: Controller
  readonly view: ClusterView
  readonly updates: ViewUpdate[]
  /** By `topic-partition`: what a shard would have open. */
  readonly open: Map<string, LocalPartition>
  readonly removed: string[]
  readonly fatal: unknown[]
  /** The session in use. */
  session(): ZooKeeperClient
  /** Awaited before a session is made. */
  beforeConnect: () => Promise<void>
}

export interface TestNodeOptions {
  readonly brokerId?: number
  readonly overrides?: readonly string[]
  readonly shardCount?: number
  readonly logDirectories?: readonly string[]
  readonly existing?: ReadonlyMap<string, string>
  readonly wasStoppedCleanly?: boolean
  readonly port?: number
  readonly directoryIds?: readonly string[]
  readonly findData?: () => FoundData | undefined
  readonly seed?: number
  /** The way to the other nodes of the test; none by default. */
  readonly wires?: TestWires
}

export function testConfig(overrides: readonly string[] = []): BrokerConfig {
  const { config, errors } = readBrokerConfig({ overrides })
  if (config === undefined) throw new Error(errors.join('\n'))
  return config
}

/** Repeatable chance: a multiplicative generator. */
function testEntropy(seed: number = 1): Entropy {
  let state = seed
  const next = (): number => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1
    return state
  }
  return {
    bytes: (sizeBytes) => Uint8Array.from({ length: sizeBytes }, () => next() >>> 8),
    unit: () => (next() % 1_000_000) / 1_000_000,
  }
}

export function testNode(zookeeper: FakeZooKeeper, options: TestNodeOptions = {}): TestNode {
  const brokerId = options.brokerId ?? 1
  const view = new ClusterView()
  const updates: ViewUpdate[] = []
  const open = new Map<string, LocalPartition>()
  const removed: string[] = []
  const fatal: unknown[] = []
  let session: ZooKeeperClient | undefined
  const silent = (): void => undefined
  const timers = new ManualTimers()
  const wires = options.wires ?? new TestWires()
  const controller = new Controller({
    connect: async () => {
      await node.beforeConnect()
      session = zookeeper.connect()
      return session
    },
    brokerId,
    config: testConfig(options.overrides),
    endpoints: [
      {
        listener: 'PLAINTEXT',
        host: '127.0.0.1',
        port: options.port ?? 9092 + brokerId,
        securityProtocol: 'PLAINTEXT',
      },
    ],
    hostName: 'localhost',
    ...(options.directoryIds === undefined ? {} : { directoryIds: options.directoryIds }),
    ...(options.findData === undefined ? {} : { findData: options.findData }),
    placement: new LocalPlacement(
      options.shardCount ?? 2,
      options.logDirectories ?? ['data'],
      options.existing ?? new Map(),
    ),
    wasStoppedCleanly: options.wasStoppedCleanly ?? true,
    effects: {
      publish: async (list) => {
        for (const update of list) {
          updates.push(update)
          view.apply(update)
        }
      },
      assign: async (partitions) => {
        for (const one of partitions) open.set(`${one.topic}-${one.partition}`, one)
      },
      reconfigure: async (partitions) => {
        for (const one of partitions) open.set(`${one.topic}-${one.partition}`, one)
      },
      close: async (partitions) => {
        for (const one of partitions) open.delete(`${one.topic}-${one.partition}`)
      },
      relocate: async (partitions) => {
        for (const one of partitions) open.set(`${one.topic}-${one.partition}`, one)
        return partitions.map(({ handle }) => ({ handle, code: ErrorCode.none }))
      },
      remove: async (partitions) => {
        for (const one of partitions) {
          open.delete(`${one.topic}-${one.partition}`)
          removed.push(`${one.topic}-${one.partition}`)
        }
      },
    },
    links: wires.links(),
    calls: wires.calls(),
    timers,
    clock: { wallMs: () => 1_700_000_000_000, monotonicMs: () => 0 },
    entropy: testEntropy(options.seed ?? brokerId),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    onFatal: (error) => fatal.push(error),
  })
  const node: TestNode = {
    timers,
    controller,
    view,
    updates,
    open,
    removed,
    fatal,
    session: () => {
      if (session === undefined) throw new Error('not started')
      return session
    },
    beforeConnect: () => Promise.resolve(),
  }
  wires.nodes.set(brokerId, node)
  return node
}

/** Lets queued work (watches, their operations) run to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2_000; turn += 1) await Promise.resolve()
}

export function topicSpec(
  name: string,
  more: Partial<Parameters<Controller['createTopics']>[0][number]> = {},
): Parameters<Controller['createTopics']>[0][number] {
  return { name, partitionCount: -1, replicationFactor: -1, assignments: [], config: {}, ...more }
}
