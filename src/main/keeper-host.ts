import { MessageChannel, Worker } from 'node:worker_threads'
import { assert } from '../base/assert.ts'
import { type BrokerConfig, configNumber, configText, isConfigured } from '../cluster/config/broker-config.ts'
import { createChroot } from '../cluster/startup.ts'
import { NodeClock } from '../io/node/clock.ts'
import { NodeTimers } from '../io/node/timers.ts'
import type { Logger } from '../io/ports.ts'
import { connectZooKeeper } from '../zookeeper/client.ts'
import type { ZooKeeperClient } from '../zookeeper/contract.ts'
import type { Transport } from '../zookeeper/transport.ts'
import type { NodeConfig } from './config.ts'
import { type KeeperEnsemble, keeperEnsembleOf, otherServers } from './keeper-ensemble.ts'
import { probePort } from './ports.ts'
import { PortRpc } from './rpc.ts'
import { brokerSecurity } from './broker-zookeeper.ts'
import { parseServers, socketTransport } from './zookeeper-transport.ts'
import { YOUNG_GENERATION_SIZE_MB } from './shard-host.ts'

/** What the keeper's thread is started with. */
export interface KeeperSetup {
  readonly directory: string
  readonly tickTimeMs: number
  readonly logLevel: string
  /** Its place among the keepers of other nodes; undefined: it is on its own. */
  readonly ensemble: KeeperEnsemble | undefined
}

/** Where this node's metadata lives: the embedded keeper on a thread of its own, or the ensemble of `zookeeper.connect`. */
export class KeeperHost {
  readonly #config: NodeConfig
  readonly #log: Logger
  readonly #transport: Transport
  readonly #chroot: string
  readonly #worker: Worker | undefined
  readonly #link: PortRpc | undefined
  /** An ensemble without chroot always has its root. */
  #isChrootThere: boolean
  #port: number = -1
  #isStopping = false

  private constructor(config: NodeConfig, log: Logger, onFailure: (error: unknown) => void) {
    this.#config = config
    this.#log = log
    const external = config.broker.zookeeperConnect
    if (external !== null) {
      const { servers, chroot } = parseServers(external)
      this.#transport = socketTransport(servers)
      this.#chroot = chroot
      this.#isChrootThere = chroot === ''
      return
    }
    const ensemble = keeperEnsembleOf(config.broker)
    const setup: KeeperSetup = {
      directory: config.keeperDirectory,
      tickTimeMs: configNumber(config.broker, 'jackdaw.keeper.tick.ms'),
      logLevel: config.logLevel,
      ensemble,
    }
    const file = new URL(`./keeper-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
    this.#worker = new Worker(file, {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_SIZE_MB },
    })
    this.#worker.on('error', onFailure)
    this.#worker.on('exit', () => {
      if (!this.#isStopping) onFailure(new Error('the thread has ended'))
    })
    // A worker speaks to its parent like any message port.
    this.#link = new PortRpc(this.#worker as unknown as ConstructorParameters<typeof PortRpc>[0], {})
    // While our own keeper has no quorum to serve with, another's may.
    this.#transport = inTurn([
      portTransport(this.#link),
      ...otherServers(ensemble).map((server) => socketTransport([server])),
    ])
    this.#chroot = ''
    this.#isChrootThere = true
  }

  /** Starts the keeper's thread, or nothing where an ensemble is named. */
  static start(config: NodeConfig, log: Logger, onFailure: (error: unknown) => void): KeeperHost {
    return new KeeperHost(config, log, onFailure)
  }

  /** Where ZooKeeper clients reach the embedded keeper; '' when they cannot. */
  get address(): string {
    return this.#port < 0 ? '' : `${configText(this.#config.broker, 'jackdaw.keeper.client.host')}:${this.#port}`
  }

  /** A session of our own, in the chroot of `zookeeper.connect`, which is made when it is missing. @throws KeeperError when no server answers in time */
  async connect(): Promise<ZooKeeperClient> {
    const zookeeper = await this.#open(this.#chroot)
    try {
      if (!this.#isChrootThere) await this.#makeChroot(zookeeper)
    } catch (error) {
      // Nobody else knows of this session.
      zookeeper.close().catch(() => undefined)
      throw error
    }
    return zookeeper
  }

  async #makeChroot(zookeeper: ZooKeeperClient): Promise<void> {
    if ((await zookeeper.exists('/')) === undefined) {
      const whole = await this.#open('')
      try {
        await createChroot(whole, this.#chroot)
      } finally {
        await whole.close()
      }
      this.#log.info(`created ${this.#chroot} in ZooKeeper, which zookeeper.connect names`)
    }
    this.#isChrootThere = true
  }

  async #open(chroot: string): Promise<ZooKeeperClient> {
    const { broker } = this.#config
    const external = broker.zookeeperConnect
    const security = external === null ? undefined : await brokerSecurity(broker, process.env['KAFKA_OPTS'])
    return connectZooKeeper({
      transport:
        external === null || security?.openTls === undefined
          ? this.#transport
          : socketTransport(parseServers(external).servers, security.openTls),
      ...(security?.sasl === undefined ? {} : { sasl: security.sasl }),
      clock: new NodeClock(),
      timers: new NodeTimers(),
      log: this.#log,
      sessionTimeoutMs: sessionTimeoutMs(broker),
      connectTimeoutMs:
        configNumber(broker, 'zookeeper.connection.timeout.ms') || configNumber(broker, 'zookeeper.session.timeout.ms'),
      chroot,
    })
  }

  /** Opens the ZooKeeper port of the embedded keeper. A taken port is worth a warning, not the node: Kafka does not need it. */
  async listen(): Promise<void> {
    const wanted = configNumber(this.#config.broker, 'jackdaw.keeper.client.port')
    if (this.#link === undefined || wanted < 0) return
    const host = configText(this.#config.broker, 'jackdaw.keeper.client.host')
    try {
      const port = await probePort(host, wanted, 'the ZooKeeper port')
      this.#port = await this.#link.call<number>('listen', host, port)
    } catch (error) {
      this.#log.warn(
        `${error instanceof Error ? error.message : String(error)}; set jackdaw.keeper.client.port (-1 switches it off)`,
      )
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#link?.call('stop')
    await this.#worker?.terminate()
  }
}

/**
 * How long this broker may be silent before it counts as gone. Kafka's default for sessions with a ZooKeeper is 18 s; with keepers of
 * our own there is none between us, as in KRaft, and the key and default of KRaft's brokers hold, unless the other one was set.
 */
function sessionTimeoutMs(broker: BrokerConfig): number {
  const isOfZooKeeper = broker.zookeeperConnect !== null || isConfigured(broker, 'zookeeper.session.timeout.ms')
  return configNumber(broker, isOfZooKeeper ? 'zookeeper.session.timeout.ms' : 'broker.session.timeout.ms')
}

/** A stream over each transport in its turn, beginning with the first. */
function inTurn(transports: readonly Transport[]): Transport {
  let next = 0
  return {
    serverCount: transports.length,
    connect: (handlers) => {
      const transport = transports[next % transports.length]
      next += 1
      assert(transport !== undefined, 'there is a transport')
      return transport.connect(handlers)
    },
  }
}

/** Streams to the keeper's thread: one message channel each. */
function portTransport(keeper: PortRpc): Transport {
  return {
    connect: (handlers) => {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', (bytes: Uint8Array) => handlers.received(bytes))
      port1.on('close', () => handlers.closed('the keeper closed the stream'))
      keeper.transferTo('accept', port2).then(
        () => handlers.opened(),
        (error: unknown) => handlers.closed(String(error)),
      )
      return { send: (bytes) => port1.postMessage(bytes), close: () => port1.close() }
    },
  }
}
