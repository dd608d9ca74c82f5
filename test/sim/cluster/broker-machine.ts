import { BugError } from '../../../src/base/assert.ts'
import type { ClientEnvironment } from '../../../src/client/environment.ts'
import { type BrokerConfig, configNumber, readBrokerConfig } from '../../../src/cluster/config/broker-config.ts'
import { endpointOf } from '../../../src/cluster/contract-commands.ts'
import type { ControllerEffects } from '../../../src/cluster/contract.ts'
import { Controller } from '../../../src/cluster/controller.ts'
import { LocalPlacement } from '../../../src/cluster/placement.ts'
import { RejoinError, randomUuid } from '../../../src/cluster/startup.ts'
import { nodeCompression } from '../../../src/io/node/compression.ts'
import { loadCoreModule } from '../../../src/io/node/core-module.ts'
import { DiskError } from '../../../src/io/ports.ts'
import { BrokerChannels } from '../../../src/main/broker-channels.ts'
import { ControllerChannel } from '../../../src/main/controller-channel.ts'
import { DataPath } from '../../../src/main/data-path.ts'
import { LogDirectories } from '../../../src/main/log-directories.ts'
import { createCoreMemory } from '../../../src/wasm/load.ts'
import { connectZooKeeper } from '../../../src/zookeeper/client.ts'
import { KeeperError } from '../../../src/zookeeper/contract.ts'
import { type Loss, SimDisk } from '../world/disk.ts'
import { type KeeperAddress, keeperTransport } from '../world/keeper-transport.ts'
import { type Place, startProcess } from '../world/machine.ts'
import { evenTemper, type SimProcess, type Temper } from '../world/process.ts'
import { Violation } from '../world/world.ts'
import { ThreadWay } from './threads.ts'

export const BROKER_PORT = 9092
export const LOG_DIRECTORY = '/var/logs'
/** The core, a shard's own two mebibytes, and an arena that is small enough to be short now and then. */
const MEMORY_SIZE_BYTES = 10 << 20
const core = loadCoreModule()
/** By broker id: what a process leaves in its memory the next one finds, which must not matter to it. */
const memories = new Map<number, WebAssembly.Memory>()

export interface BrokerSettings {
  /** `key=value`, besides what makes it a member of this cluster. */
  readonly overrides: readonly string[]
  readonly hotTailSizeBytes: number
}

/** What runs on a machine while it is up. */
export interface RunningBroker {
  readonly process: SimProcess
  readonly path: DataPath
  readonly controller: Controller
  readonly directories: LogDirectories
  readonly stopPeers: () => void
}

/** One machine with a Jackdaw node on it: one shard, the cluster's keepers elsewhere. Wired as `main/node.ts` does it. */
export class BrokerMachine {
  readonly id: number
  readonly address: string
  temper: Temper = evenTemper
  disk: SimDisk = new SimDisk().installed('/var')
  process: SimProcess | undefined
  running: RunningBroker | undefined
  isListening = false
  isStopping = false
  onCrash: (() => void) | undefined
  crashes = 0
  readonly #place: Place
  readonly #keepers: readonly KeeperAddress[]
  readonly #settings: BrokerSettings
  readonly #config: BrokerConfig

  constructor(place: Place, id: number, keepers: readonly KeeperAddress[], settings: BrokerSettings) {
    this.#place = place
    this.id = id
    this.address = `broker${id}`
    this.#keepers = keepers
    this.#settings = settings
    const { config, errors } = readBrokerConfig({
      file: undefined,
      environment: {},
      overrides: [
        `broker.id=${id}`,
        `listeners=PLAINTEXT://${this.address}:${BROKER_PORT}`,
        `log.dirs=${LOG_DIRECTORY}`,
        `zookeeper.connect=${keepers.map(({ host, port }) => `${host}:${port}`).join(',')}`,
        ...settings.overrides,
      ],
    })
    if (config === undefined) throw new Error(errors.join('; '))
    this.#config = config
  }

  start(): void {
    if (this.process !== undefined) return
    const crash = (): void => this.crash('none')
    this.process = startProcess(this.#place, this.address, this.temper, this.disk, crash, (process) => {
      this.#boot(process).catch((error: unknown) => this.#ended(process, error))
    })
  }

  /** The process ends, alone or with its machine. */
  crash(loss: Loss): void {
    const { process } = this
    if (process === undefined) return
    const { world } = this.#place
    world.note(`${this.address} ${loss === 'none' ? 'is killed' : `loses power and ${loss} of what was not synced`}`)
    this.crashes += 1
    process.kill()
    this.disk = this.disk.after(loss, world.random)
    this.#gone(loss === 'none' ? 'killed' : 'powerLost')
  }

  /** An orderly stop, as `RunningNode.stop` does it. The process is gone when it resolves, however it went. */
  async stop(): Promise<void> {
    const { running } = this
    if (running === undefined || this.isStopping || !this.isListening) return
    this.#place.world.note(`${this.address} is told to stop`)
    this.isStopping = true
    const { process } = running
    try {
      await this.#finish(running)
    } catch (error) {
      // A disk that refuses the last words leaves a log directory that was not stopped in order.
      if (!(error instanceof DiskError)) throw error
    }
    if (!process.isAlive) return
    process.kill()
    this.disk = this.disk.after('none', this.#place.world.random)
    this.#gone('killed')
  }

  async #finish({ process, path, controller, directories, stopPeers }: RunningBroker): Promise<void> {
    await within(process, 5_000, controller.leave())
    await path.drain()
    await path.stop()
    await within(process, 2_000, controller.stop())
    stopPeers()
    directories.finishCleanStop()
  }

  async #boot(process: SimProcess): Promise<void> {
    const { clock, timers, entropy, log } = process
    const { disk } = this
    const config = this.#config
    const { ports } = this.#place.network.host(this.address)
    const directories = await LogDirectories.open(disk, log, config.logDirectories, () => randomUuid(entropy))
    const way = new ThreadWay(process)
    const path: DataPath = new DataPath({
      index: 0,
      shardCount: 1,
      brokerId: this.id,
      memory: memoryOf(this.id),
      core,
      config,
      clock,
      timers,
      entropy,
      turns: { atTurnEnd: (turn) => process.postAfter(0, turn) },
      disk,
      network: ports.network,
      connector: ports.connector,
      compression: nodeCompression,
      log,
      neighbours: [undefined],
      groupTransport: { send: () => Promise.reject(new BugError('there is one shard')) },
      control: way.back(() => controller),
      reports: way.back(() => controller),
      hotTailSizeBytes: this.#settings.hotTailSizeBytes,
    })
    const peers = this.#peers(process, () => controller)
    const controller: Controller = new Controller({
      connect: () =>
        connectZooKeeper({
          transport: keeperTransport(ports.connector, this.#keepers, Math.floor(entropy.unit() * this.#keepers.length)),
          clock,
          timers,
          log,
          sessionTimeoutMs: configNumber(config, 'zookeeper.session.timeout.ms'),
          connectTimeoutMs: configNumber(config, 'zookeeper.session.timeout.ms'),
        }),
      brokerId: this.id,
      config,
      endpoints: config.advertisedListeners.map(({ name, host, port, securityProtocol }) => ({
        listener: name,
        host,
        port,
        securityProtocol,
      })),
      hostName: this.address,
      placement: new LocalPlacement(1, config.logDirectories, directories.existingPartitions()),
      directoryIds: directories.ids,
      wasStoppedCleanly: directories.wereClean,
      effects: way.there(() => path as unknown as ControllerEffects),
      ...peers,
      clock,
      timers,
      entropy,
      log,
      onFatal: (error) => this.#ended(process, error),
    })
    const stopPeers = (): void => {
      peers.links.setBrokers([])
      peers.calls.end()
    }
    this.running = { process, path, controller, directories, stopPeers }
    await controller.start()
    directories.claimFor(controller.clusterId, this.id)
    await path.listen(config.listeners)
    if (process.isAlive) this.isListening = true
  }

  #peers(
    process: SimProcess,
    controller: () => Controller,
  ): { readonly links: BrokerChannels; readonly calls: ControllerChannel } {
    const { clock, timers, entropy, log } = process
    const environment: ClientEnvironment = {
      connector: this.#place.network.host(this.address).ports.connector,
      clock,
      timers,
      entropy,
      logger: log,
      recordCodec: () => {
        throw new BugError('nothing between control planes carries records')
      },
    }
    const endpointFor = (id: number): ReturnType<typeof endpointOf> => {
      const broker = controller().agent.brokers.find((one) => one.id === id)
      return broker === undefined ? undefined : endpointOf(broker, this.#config.interBrokerListener)
    }
    return {
      links: new BrokerChannels(environment, this.id),
      calls: new ControllerChannel(environment, this.id, endpointFor),
    }
  }

  #gone(departure: 'killed' | 'powerLost'): void {
    this.process = undefined
    this.running = undefined
    this.isListening = false
    this.isStopping = false
    this.#place.network.host(this.address).leave(departure)
    this.onCrash?.()
  }

  /** The process ends of its own accord, with an error: for reasons that it has, or for a bug. */
  #ended(process: SimProcess, error: unknown): void {
    if (!process.isAlive) return
    const { world } = this.#place
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    world.note(`${this.address} ends: ${text}`)
    const isFor = error instanceof KeeperError || error instanceof RejoinError || error instanceof DiskError
    const isNamed = error instanceof Error && ['StartupError', 'ReplacedError'].includes(error.name)
    if (!isFor && !isNamed) {
      const stack = error instanceof Error ? error.stack : ''
      world.fail(new Violation(`${this.address} ends with ${text} ${stack ?? ''}`))
      return
    }
    this.crash('none')
  }
}

function memoryOf(id: number): WebAssembly.Memory {
  let memory = memories.get(id)
  if (memory === undefined) {
    memory = createCoreMemory(core, MEMORY_SIZE_BYTES)
    memories.set(id, memory)
  }
  return memory
}

/** Waits for `done`, but no longer. */
function within(process: SimProcess, limitMs: number, done: Promise<unknown>): Promise<unknown> {
  return Promise.race([done, new Promise<void>((resolve) => process.timers.start(limitMs, resolve))])
}
