/** A controller on a fake ZooKeeper, with everything it does to shards and views recorded. */
import type { FoundData } from '../../src/cluster/adoption.ts'
import { Controller } from '../../src/cluster/controller.ts'
import type { LocalPartition, ViewUpdate } from '../../src/cluster/contract.ts'
import { LocalPlacement } from '../../src/cluster/placement.ts'
import { ClusterView } from '../../src/cluster/view.ts'
import { type BrokerConfig, readBrokerConfig } from '../../src/cluster/config/broker-config.ts'
import type { Entropy } from '../../src/io/ports.ts'
import type { ZooKeeperClient } from '../../src/zookeeper/contract.ts'
import type { FakeZooKeeper } from './fake-zookeeper.ts'

export interface TestNode {
  readonly controller: Controller
  readonly view: ClusterView
  readonly updates: ViewUpdate[]
  /** By `topic-partition`: what a shard would have open. */
  readonly open: Map<string, LocalPartition>
  readonly removed: string[]
  readonly fatal: unknown[]
  /** The session in use. */
  session(): ZooKeeperClient
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
  const controller = new Controller({
    connect: async () => {
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
      remove: async (partitions) => {
        for (const one of partitions) {
          open.delete(`${one.topic}-${one.partition}`)
          removed.push(`${one.topic}-${one.partition}`)
        }
      },
    },
    clock: { wallMs: () => 1_700_000_000_000, monotonicMs: () => 0 },
    entropy: testEntropy(options.seed ?? brokerId),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    onFatal: (error) => fatal.push(error),
  })
  return {
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
  }
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
