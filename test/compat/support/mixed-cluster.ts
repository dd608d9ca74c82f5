import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endProcess, freePort, startNodeProcess } from '../../support/node-process.ts'
import { jars } from './peers.ts'

export type Kind = 'kafka' | 'jackdaw'

/** Sessions end after this: brokers that are killed are noticed then. */
const SESSION_TIMEOUT_MS = 3000

const KAFKA_LOGGING = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
`

/** Apache Kafka 3.9.1 and Jackdaw brokers on one real ZooKeeper 3.9.5. */
export class MixedCluster {
  readonly kinds: readonly Kind[]
  readonly root: string = mkdtempSync(join(tmpdir(), 'jackdaw-mixed-'))
  readonly #processes = new Map<number, ChildProcess>()
  readonly #printed = new Map<number, string>()
  #ports: readonly number[] = []
  #zooKeeper: ChildProcess | undefined
  #zooKeeperPort = 0

  private constructor(kinds: readonly Kind[]) {
    this.kinds = kinds
  }

  /**
   * Brokers 1, 2 … of these kinds, started one after the other: the first is controller.
   *
   * @param startedCount the others join when the test starts them
   */
  static async start(kinds: readonly Kind[], startedCount: number = kinds.length): Promise<MixedCluster> {
    const cluster = new MixedCluster(kinds)
    const ports: number[] = []
    for (const _kind of kinds) ports.push(await freePort())
    cluster.#ports = ports
    try {
      await cluster.#startZooKeeper()
      for (let id = 1; id <= startedCount; id += 1) await cluster.startBroker(id)
    } catch (error) {
      console.error([...cluster.#printed.values()].map((text) => text.slice(-3000)).join('\n'))
      cluster.destroy()
      throw error
    }
    return cluster
  }

  get bootstrapServers(): string {
    return this.#ports.map((port) => `127.0.0.1:${port}`).join(',')
  }

  async startBroker(id: number): Promise<void> {
    const settings = [
      `broker.id=${id}`,
      `zookeeper.connect=127.0.0.1:${this.#zooKeeperPort}`,
      `zookeeper.session.timeout.ms=${SESSION_TIMEOUT_MS}`,
      'offsets.topic.replication.factor=3',
      'offsets.topic.num.partitions=3',
    ]
    if (this.kinds[id - 1] === 'kafka') await this.#startKafka(id, settings)
    else await this.#startJackdaw(id, settings)
  }

  async end(id: number, signal: NodeJS.Signals): Promise<void> {
    const child = this.#processes.get(id)
    if (child === undefined) return
    this.#processes.delete(id)
    await endProcess({ process: child, port: 0, printed: () => '' }, signal)
  }

  /** Everything that a broker has printed in all its lives. */
  printed(id: number): string {
    return this.#printed.get(id) ?? ''
  }

  /** The bytes of a partition's log on one broker, segment after segment. */
  logOf(id: number, topic: string, partition: number): Buffer {
    const directory = join(this.#dataOf(id), 'logs', `${topic}-${partition}`)
    const names = readdirSync(directory).filter((name) => name.endsWith('.log'))
    return Buffer.concat(names.sort().map((name) => readFileSync(join(directory, name))))
  }

  destroy(): void {
    for (const child of this.#processes.values()) child.kill('SIGKILL')
    this.#zooKeeper?.kill('SIGKILL')
    rmSync(this.root, { recursive: true, force: true })
  }

  #dataOf(id: number): string {
    return join(this.root, `broker-${id}`)
  }

  async #startJackdaw(id: number, settings: readonly string[]): Promise<void> {
    const node = await startNodeProcess(this.#dataOf(id), this.#ports[id - 1] ?? 0, settings)
    this.#processes.set(id, node.process)
    const note = (chunk: Buffer): void => this.#note(id, chunk.toString())
    node.process.stdout?.on('data', note)
    node.process.stderr?.on('data', note)
  }

  #startKafka(id: number, settings: readonly string[]): Promise<void> {
    const data = this.#dataOf(id)
    mkdirSync(data, { recursive: true })
    const listener = `PLAINTEXT://127.0.0.1:${this.#ports[id - 1]}`
    const more = [`listeners=${listener}`, `log.dirs=${data}/logs`, 'log.cleaner.dedupe.buffer.size=2097152']
    writeFileSync(`${data}.properties`, [...settings, ...more, ''].join('\n'))
    writeFileSync(`${data}.log4j`, KAFKA_LOGGING)
    const child = spawn(
      'java',
      [
        '-Xmx384m',
        '-XX:TieredStopAtLevel=1',
        `-Dlog4j.configuration=file:${data}.log4j`,
        '-cp',
        `${jars('kafka-3.9.1')}/*`,
        'kafka.Kafka',
        `${data}.properties`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#processes.set(id, child)
    return this.#until(id, child, /\[KafkaServer id=\d+\] started|started \(kafka.server.KafkaServer\)/)
  }

  async #startZooKeeper(): Promise<void> {
    this.#zooKeeperPort = await freePort()
    const lines = [`dataDir=${this.root}/zookeeper`, `clientPort=${this.#zooKeeperPort}`, 'tickTime=500']
    const file = join(this.root, 'zoo.cfg')
    writeFileSync(file, [...lines, 'clientPortAddress=127.0.0.1', 'admin.enableServer=false', ''].join('\n'))
    const child = spawn(
      'java',
      [
        '-Xmx256m',
        '-XX:TieredStopAtLevel=1',
        '-cp',
        `${jars('zookeeper-3.9.5')}/*`,
        'org.apache.zookeeper.server.quorum.QuorumPeerMain',
        file,
      ],
      { stdio: 'ignore' },
    )
    this.#zooKeeper = child
    // Brokers wait for it: nothing of it is printed.
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }

  #until(id: number, child: ChildProcess, sign: RegExp): Promise<void> {
    const startsAt = this.printed(id).length
    return new Promise((resolve, reject) => {
      const note = (chunk: Buffer): void => {
        this.#note(id, chunk.toString())
        if (sign.test(this.printed(id).slice(startsAt))) resolve()
      }
      child.stdout?.on('data', note)
      child.stderr?.on('data', note)
      child.once('exit', (code, by) => reject(new Error(`broker ${id} ended (${code ?? by}) before it was ready`)))
    })
  }

  #note(id: number, text: string): void {
    this.#printed.set(id, this.printed(id) + text)
  }
}
