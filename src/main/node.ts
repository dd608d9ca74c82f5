import { hostname } from 'node:os'
import { configNumber, configText } from '../cluster/config/broker-config.ts'
import type { ListenerConfig } from '../cluster/config/listeners.ts'
import { Controller } from '../cluster/controller.ts'
import { LocalPlacement } from '../cluster/placement.ts'
import { randomUuid } from '../cluster/startup.ts'
import { loadCoreModule } from '../io/node/core-module.ts'
import { NodeClock } from '../io/node/clock.ts'
import { nodeCompression } from '../io/node/compression.ts'
import { NodeDisk } from '../io/node/disk.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { NodeTimers } from '../io/node/timers.ts'
import type { Logger, Timers } from '../io/ports.ts'
import { createCoreMemory } from '../wasm/load.ts'
import { createRecordCodec } from '../wasm/record-codec.ts'
import { DRAIN_MS } from '../broker/limits.ts'
import type { NodeConfig } from './config.ts'
import type { HttpServer } from './http/contract.ts'
import { findData } from './found-data.ts'
import { KeeperHost } from './keeper-host.ts'
import { LogDirectories } from './log-directories.ts'
import { type Patience, whileItMoves, within } from './patience.ts'
import { Peers } from './peers.ts'
import { probePort } from './ports.ts'
import { ShardHost } from './shard-host.ts'

/** The id of a node that nobody gave one. */
const DEFAULT_NODE_ID = 1

/** How long a start waits for the controller's first word. */
const FIRST_METADATA_MS = 5_000
/**
 * How long a stop tries to hand over what is led here: portions are taken from us within milliseconds while there is a controller
 * and a quorum of keepers. Where nothing moves and no quorum agrees on anything, others in sync are elected once we are gone.
 */
const LEAVING: Patience = { stalledMs: 1_500, limitMs: 5_000 }
/** What is left of our followers may still answer what waits for them, in an instant or not at all. */
const DRAIN_ALONE_MS = 800
/** Without a quorum nobody confirms the end of our session: it expires instead. */
const SESSION_END_MS = 2_000
const SESSION_END_ALONE_MS = 300
/** More partitions than a node leads. */
const LED_MAX = 10_000_000
/** What the keeper still has to write is little. */
const KEEPER_STOP_MS = 5_000

export interface NodeAddress {
  readonly what: string
  readonly address: string
}

/** A node that serves clients. */
export interface RunningNode {
  readonly brokerId: number
  readonly dataDirectory: string
  readonly addresses: readonly NodeAddress[]
  /** Finishes what is under way, leaves the cluster, closes everything in order. */
  stop(): Promise<void>
}

/**
 * Starts a node: directories → threads (shards and keeper side by side) → control plane → listeners, which open last:
 * a client that gets through is served.
 *
 * @throws Error with cause and fix when it cannot start; nothing is left running then but the process itself
 */
export async function startNode(config: NodeConfig, log: Logger): Promise<RunningNode> {
  const disk = new NodeDisk()
  const { broker } = config
  const listeners = await freeListeners(broker.listeners)
  const entropy = new NodeEntropy()
  const timers = new NodeTimers()
  const directories = await LogDirectories.open(disk, log, broker.logDirectories, () => randomUuid(entropy))
  const brokerId =
    broker.nodeId >= 0 ? broker.nodeId : directories.knownNodeId >= 0 ? directories.knownNodeId : DEFAULT_NODE_ID
  const keeper = KeeperHost.start(config, log, fatal(log, 'the keeper thread'))
  const core = loadCoreModule()
  const shards = new ShardHost({
    shardCount: config.shardCount,
    brokerId,
    memory: createCoreMemory(core, config.memorySizeBytes),
    core,
    config: broker,
    logLevel: config.logLevel,
    onFailure: (shard, error) => fatal(log, `shard ${shard}`)(error),
  })
  const peers = new Peers({
    brokerId,
    listener: broker.interBrokerListener,
    brokers: () => controller.agent.brokers,
    log,
  })
  const controller: Controller = new Controller({
    connect: () => keeper.connect(),
    brokerId,
    config: broker,
    endpoints: endpointsOf(config, listeners),
    hostName: hostname(),
    placement: new LocalPlacement(
      config.shardCount,
      broker.logDirectories,
      directories.existingPartitions(),
      directories.futurePartitions(),
    ),
    directoryIds: directories.ids,
    // Another ensemble has its own truth; and directories of another node are refused below.
    ...(broker.zookeeperConnect === null && [-1, brokerId].includes(directories.knownNodeId)
      ? { findData: () => findData(disk, directories.all, () => createRecordCodec(core, nodeCompression)) }
      : {}),
    wasStoppedCleanly: directories.wereClean,
    effects: shards,
    links: peers,
    calls: peers.calls,
    clock: new NodeClock(),
    timers,
    entropy,
    log,
    onFatal: fatal(log, 'the control plane'),
  })
  shards.serveControl(controller)
  shards.serveReports(controller)
  await controller.start()
  directories.claimFor(controller.clusterId, brokerId)
  await Promise.all([shards.listen(listeners), keeper.listen()])
  await toldOfTheCluster(controller, timers, log)
  const http = await startHttp(config, shards, controller, log)
  return {
    brokerId,
    dataDirectory: config.dataDirectory,
    addresses: addressesOf(listeners, keeper, http),
    stop: async () => {
      await http?.close()
      const isHandedOver = await whileItMoves(timers, LEAVING, signsOfLife(controller), controller.leave())
      if (!isHandedOver) log.warn('nobody takes over what is led here: is there a quorum of keepers?')
      await shards.stop(isHandedOver ? DRAIN_MS : DRAIN_ALONE_MS)
      await within(timers, isHandedOver ? SESSION_END_MS : SESSION_END_ALONE_MS, controller.stop())
      controller.abandon()
      await peers.close()
      directories.finishCleanStop()
      if (!(await within(timers, KEEPER_STOP_MS, keeper.stop())))
        log.warn('the keeper has not stopped yet, and is left as after a crash: is the disk of its directory slow?')
    },
  }
}

/** A number that changes while a quorum of keepers answers, or others take over what we lead. */
function signsOfLife(controller: Controller): () => number {
  let agreedCount = 0
  let isAsking = false
  return () => {
    if (!isAsking) {
      isAsking = true
      controller
        .agree()
        .then(
          () => {
            agreedCount += 1
          },
          () => undefined,
        )
        .finally(() => {
          isAsking = false
        })
    }
    return agreedCount * LED_MAX + controller.agent.ledCount()
  }
}

/** A thread or part that the node cannot do without has failed: say so and end the process, as after any crash. */
function fatal(log: Logger, what: string): (error: unknown) => void {
  return (error) => {
    log.error(
      `${what} failed, the node ends: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
    process.exit(1)
  }
}

/** A broker that joins learns of topics from the controller, which needs the open listeners for it. */
async function toldOfTheCluster(controller: Controller, timers: Timers, log: Logger): Promise<void> {
  if (controller.agent.hasMetadata) return
  await within(timers, FIRST_METADATA_MS, controller.agent.whenTold())
  if (controller.agent.hasMetadata) return
  log.warn(
    `broker ${controller.controllerId} is controller but has not told us of the cluster yet: can it reach our inter-broker listener?`,
  )
}

async function freeListeners(listeners: readonly ListenerConfig[]): Promise<readonly ListenerConfig[]> {
  const free: ListenerConfig[] = []
  for (const listener of listeners) {
    free.push({ ...listener, port: await probePort(listener.host, listener.port, `listener ${listener.name}`) })
  }
  return free
}

/** What clients are told: as advertised, with the real port where that was left open. */
function endpointsOf(
  config: NodeConfig,
  listeners: readonly ListenerConfig[],
): { listener: string; host: string; port: number; securityProtocol: string }[] {
  return config.broker.advertisedListeners.map((advertised) => {
    const bound = listeners.find((listener) => listener.name === advertised.name)
    const port = advertised.port === 0 ? (bound?.port ?? 0) : advertised.port
    return { listener: advertised.name, host: advertised.host, port, securityProtocol: advertised.securityProtocol }
  })
}

async function startHttp(
  config: NodeConfig,
  shards: ShardHost,
  controller: Controller,
  log: Logger,
): Promise<HttpServer | undefined> {
  const port = configNumber(config.broker, 'jackdaw.http.port')
  if (port < 0) return undefined
  // Loaded when everything else serves: nobody waits for it.
  const { openHttp } = await import('./http/open.ts')
  return openHttp(
    {
      host: configText(config.broker, 'jackdaw.http.host'),
      port,
      backend: configText(config.broker, 'jackdaw.http.backend'),
    },
    shards,
    controller,
    log,
  )
}

function addressesOf(
  listeners: readonly ListenerConfig[],
  keeper: KeeperHost,
  http: HttpServer | undefined,
): readonly NodeAddress[] {
  const rows: NodeAddress[] = listeners.map((listener) => ({
    what: 'Kafka',
    address: `${listener.host || '0.0.0.0'}:${listener.port} (${listener.name})`,
  }))
  if (keeper.address !== '') rows.push({ what: 'ZooKeeper', address: keeper.address })
  if (http !== undefined)
    rows.push({ what: 'HTTP', address: `http://127.0.0.1:${http.port} (/metrics, /healthz, /readyz)` })
  return rows
}
