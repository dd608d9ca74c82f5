import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../src/client/cluster.ts'
import { createCluster } from '../../src/client/client.ts'
import { NodeClock } from '../../src/io/node/clock.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { nodeConnector } from '../../src/io/node/connect.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { NodeEntropy } from '../../src/io/node/entropy.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { endProcess, freePort, type NodeProcess, startNodeProcess } from './node-process.ts'

/** Sessions end after this: brokers that are killed are noticed then. */
const SESSION_TIMEOUT_MS = 3000

export interface ClusterShape {
  /** Each broker's log directories, by their names in its data directory. */
  readonly logDirectories?: readonly string[]
  /** Of `zookeeper.connect`: begins with a slash. */
  readonly chroot?: string
}

/** A keeper and several brokers, each a process of its own, as somebody would run them on one machine. */
export class ClusterProcess {
  readonly root: string = mkdtempSync(join(tmpdir(), 'jackdaw-cluster-'))
  readonly ports: readonly number[]
  readonly brokers = new Map<number, NodeProcess>()
  /** What brokers that have ended had printed. */
  readonly #printed = new Map<number, string>()
  readonly #overrides: readonly string[]
  readonly #shape: ClusterShape
  #keeper: ChildProcess | undefined
  #keeperPort = 0

  private constructor(ports: readonly number[], overrides: readonly string[], shape: ClusterShape) {
    this.ports = ports
    this.#shape = shape
    this.#overrides = overrides
  }

  /** Brokers 1 to `brokerCount`, once all of them serve. */
  static async start(
    brokerCount: number,
    overrides: readonly string[] = [],
    shape: ClusterShape = {},
  ): Promise<ClusterProcess> {
    const ports: number[] = []
    for (let index = 0; index < brokerCount; index += 1) ports.push(await freePort())
    const cluster = new ClusterProcess(ports, overrides, shape)
    try {
      await cluster.#startKeeper()
      await Promise.all(ports.map((_port, index) => cluster.startBroker(index + 1)))
    } catch (error) {
      cluster.destroy()
      throw error
    }
    return cluster
  }

  get bootstrapServers(): string {
    return this.ports.map((port) => `127.0.0.1:${port}`).join(',')
  }

  async startBroker(id: number): Promise<void> {
    const port = this.ports[id - 1]
    if (port === undefined) throw new Error(`no broker ${id}`)
    const settings = [
      `broker.id=${id}`,
      `zookeeper.connect=127.0.0.1:${this.#keeperPort}${this.#shape.chroot ?? ''}`,
      `zookeeper.session.timeout.ms=${SESSION_TIMEOUT_MS}`,
      'offsets.topic.replication.factor=3',
      'offsets.topic.num.partitions=3',
    ]
    const { logDirectories } = this.#shape
    if (logDirectories !== undefined) {
      settings.push(`log.dirs=${logDirectories.map((name) => join(this.dataOf(id), name)).join(',')}`)
    }
    this.brokers.set(id, await startNodeProcess(this.dataOf(id), port, [...settings, ...this.#overrides]))
  }

  /** @returns once the process is gone */
  async end(id: number, signal: NodeJS.Signals): Promise<void> {
    const broker = this.brokers.get(id)
    if (broker === undefined) return
    await endProcess(broker, signal)
    this.#printed.set(id, `${this.#printed.get(id) ?? ''}${broker.printed()}`)
    this.brokers.delete(id)
  }

  /** Everything that a broker has printed in all its lives. */
  printed(id: number): string {
    return `${this.#printed.get(id) ?? ''}${this.brokers.get(id)?.printed() ?? ''}`
  }

  /** The bytes of a partition's log on one broker, segment after segment. */
  logOf(id: number, topic: string, partition: number): Buffer {
    const directory = join(this.dataOf(id), 'logs', `${topic}-${partition}`)
    const names = readdirSync(directory).filter((name) => name.endsWith('.log'))
    return Buffer.concat(names.sort().map((name) => readFileSync(join(directory, name))))
  }

  /** Ends everything, however it is. */
  destroy(): void {
    for (const { process: child } of this.brokers.values()) child.kill('SIGKILL')
    this.#keeper?.kill('SIGKILL')
    rmSync(this.root, { recursive: true, force: true })
  }

  dataOf(id: number): string {
    return join(this.root, `broker-${id}`)
  }

  async #startKeeper(): Promise<void> {
    this.#keeperPort = await freePort()
    mkdirSync(join(this.root, 'keeper'))
    const file = join(this.root, 'zoo.cfg')
    const lines = [`dataDir=${this.root}/keeper`, `clientPort=${this.#keeperPort}`, 'clientPortAddress=127.0.0.1']
    writeFileSync(file, `${[...lines, 'tickTime=500'].join('\n')}\n`)
    const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#keeper = child
    let printed = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        if (/^keeper ready in/m.test(printed)) resolve()
      })
      child.once('exit', () => reject(new Error(`the keeper ended:\n${printed}`)))
    })
  }
}

/** A client of the cluster. */
export function clientOf(bootstrapServers: string): Cluster {
  const environment = {
    connector: nodeConnector(),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    entropy: new NodeEntropy(),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    recordCodec: () => codec,
  }
  return createCluster(environment, { bootstrapServers })
}

const codec = createRecordCodec(loadCoreModule(), nodeCompression)
