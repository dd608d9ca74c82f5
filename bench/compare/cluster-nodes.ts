import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jars } from '../../test/compat/support/peers.ts'

/** Kafka 4.3.1: three combined KRaft nodes. Kafka 3.9.1: three brokers on one ZooKeeper 3.9.5. */
export type Kind = 'kafka-4.3.1' | 'kafka-3.9.1' | 'jackdaw'

export const BROKER_IDS: readonly number[] = [1, 2, 3]
const HOST = '127.0.0.1'
/** Apart by kind and lasting for a run: who is killed comes back at the same place. Below the ports of connections going out. */
const FIRST_PORT: Readonly<Record<Kind, number>> = { 'kafka-4.3.1': 20_100, 'kafka-3.9.1': 20_200, jackdaw: 20_300 }
const PORTS_PER_BROKER = 10
const PRINTED_LINES = 20

export interface ClusterOptions {
  readonly kind: Kind
  readonly directory: string
  /** Compiled command line of Jackdaw. */
  readonly program: string
  /** `key=value` for every broker, stronger than what is decided here. */
  readonly settings: readonly string[]
  /** Jackdaw: one keeper beside the brokers, as Kafka 3.9 has its ZooKeeper, instead of one within each. */
  readonly isKeeperApart: boolean
}

/** What the table asks of all alike. */
const COMMON = ['default.replication.factor=3', 'min.insync.replicas=2', 'num.partitions=1']
/** Kafka's own `config/server.properties`, as far as it differs from the defaults. */
const KAFKA_SHIPPED = [
  'num.network.threads=3',
  'num.io.threads=8',
  'socket.send.buffer.bytes=102400',
  'socket.receive.buffer.bytes=102400',
  'socket.request.max.bytes=104857600',
  'num.recovery.threads.per.data.dir=2',
  'log.retention.hours=168',
  'log.segment.bytes=1073741824',
  'log.retention.check.interval.ms=300000',
]
/** As in Kafka's own start script. */
const JAVA = ['-Xmx1G', '-Xms1G', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']
const JAVA_MORE = [
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-Djava.awt.headless=true',
]

interface Broker {
  readonly process: ChildProcess
  readonly pid: number
}

/** Three brokers of one kind and what they need besides, as processes of this machine. */
export class BrokerCluster {
  readonly kind: Kind
  readonly #options: ClusterOptions
  readonly #brokers = new Map<number, Broker>()
  #engine: ChildProcess | undefined

  constructor(options: ClusterOptions) {
    this.#options = options
    this.kind = options.kind
    rmSync(options.directory, { recursive: true, force: true })
    mkdirSync(options.directory, { recursive: true })
    if (this.kind === 'kafka-4.3.1') this.#format()
    if (this.hasEngine) this.#startEngine()
    for (const id of BROKER_IDS) this.start(id)
  }

  /** Whether a ZooKeeper or keeper of its own process stands beside the brokers. */
  get hasEngine(): boolean {
    return this.kind === 'kafka-3.9.1' || (this.kind === 'jackdaw' && this.#options.isKeeperApart)
  }

  /** Where that process listens. */
  get enginePort(): number {
    return FIRST_PORT[this.kind]
  }

  get ports(): readonly number[] {
    return BROKER_IDS.map((id) => this.port(id))
  }

  /** Brokers that have a process now. */
  get running(): readonly number[] {
    return [...this.#brokers.keys()]
  }

  /** Where a broker listens for clients. The numbers behind it are for what else it serves. */
  port(id: number): number {
    return FIRST_PORT[this.kind] + id * PORTS_PER_BROKER
  }

  /** Holds a directory per partition. */
  logsOf(id: number): string {
    return join(this.#directoryOf(id), 'logs')
  }

  /** Starts a broker on what its directory holds. Does not wait for it to serve. */
  start(id: number): void {
    const [command = '', ...words] = this.kind === 'jackdaw' ? this.#jackdawCommand(id) : this.#kafkaCommand(id)
    const child = this.#spawn(`broker-${id}`, command, words)
    this.#brokers.set(id, { process: child, pid: child.pid ?? 0 })
  }

  /** @returns once the process is gone */
  async end(id: number, signal: NodeJS.Signals): Promise<void> {
    const broker = this.#brokers.get(id)
    if (broker === undefined) return
    this.#brokers.delete(id)
    await ended(broker.process, signal)
  }

  /** User and system time that the brokers have needed so far, in seconds. */
  cpuSeconds(): number {
    let sum = 0
    for (const { pid } of this.#brokers.values()) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      sum += (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    }
    return sum
  }

  /** Resident memory of the brokers in megabytes. */
  residentMb(): number {
    let sum = 0
    for (const { pid } of this.#brokers.values()) {
      sum += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    }
    return sum
  }

  /** The end of what each broker has printed, for a failure's message. */
  printed(): string {
    return BROKER_IDS.map((id) => {
      const lines = readFileSync(`${this.#directoryOf(id)}.output`, 'utf8').split('\n')
      return [`${this.kind} ${id}:`, ...lines.slice(-PRINTED_LINES)].join('\n')
    }).join('\n')
  }

  /** Ends everything, however it is, and removes what it has written. */
  async close(): Promise<void> {
    await Promise.all(BROKER_IDS.map((id) => this.end(id, 'SIGKILL')))
    if (this.#engine !== undefined) await ended(this.#engine, 'SIGKILL')
    rmSync(this.#options.directory, { recursive: true, force: true })
  }

  #directoryOf(id: number): string {
    return join(this.#options.directory, `broker-${id}`)
  }

  #spawn(name: string, command: string, words: readonly string[]): ChildProcess {
    const { directory } = this.#options
    const output = openSync(join(directory, `${name}.output`), 'a')
    const child = spawn(command, words, { stdio: ['ignore', output, output] })
    closeSync(output)
    return child
  }

  #jackdawCommand(id: number): readonly string[] {
    const { program, settings } = this.#options
    const keeper = this.hasEngine
      ? [`zookeeper.connect=${HOST}:${this.enginePort}`]
      : [`jackdaw.keeper.client.port=${this.port(id) + 1}`, `jackdaw.keeper.servers=${this.#keepers()}`]
    const all = [`node.id=${id}`, 'jackdaw.http.port=0', ...keeper, ...COMMON, ...settings]
    const words = ['start', '--data', this.#directoryOf(id), '--port', String(this.port(id))]
    return [process.execPath, program, ...words, ...all.flatMap((setting) => ['--override', setting])]
  }

  #keepers(): string {
    return BROKER_IDS.map((id) => {
      const port = this.port(id)
      return `${id}=${HOST}:${port + 2}:${port + 3};${HOST}:${port + 1}`
    }).join(',')
  }

  #kafkaCommand(id: number): readonly string[] {
    const file = this.#writeProperties(id)
    const logging = `${this.#directoryOf(id)}.logging.properties`
    writeFileSync(logging, this.kind === 'kafka-4.3.1' ? LOG4J2 : LOG4J)
    const option =
      this.kind === 'kafka-4.3.1' ? `-Dlog4j2.configurationFile=${logging}` : `-Dlog4j.configuration=file:${logging}`
    const words = [...JAVA, ...JAVA_MORE, option, `-Dbench.log=${this.#directoryOf(id)}.log`]
    return ['java', ...words, '-cp', `${jars(this.kind)}/*`, 'kafka.Kafka', file]
  }

  #writeProperties(id: number): string {
    const port = this.port(id)
    const voters = BROKER_IDS.map((other) => `${other}@${HOST}:${this.port(other) + 1}`).join(',')
    const own =
      this.kind === 'kafka-4.3.1'
        ? [
            'process.roles=broker,controller',
            `node.id=${id}`,
            `controller.quorum.voters=${voters}`,
            `listeners=PLAINTEXT://${HOST}:${port},CONTROLLER://${HOST}:${port + 1}`,
            `advertised.listeners=PLAINTEXT://${HOST}:${port}`,
            'controller.listener.names=CONTROLLER',
            'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
          ]
        : [`broker.id=${id}`, `zookeeper.connect=${HOST}:${this.enginePort}`, `listeners=PLAINTEXT://${HOST}:${port}`]
    const lines = [...KAFKA_SHIPPED, ...own, `log.dirs=${this.logsOf(id)}`, ...COMMON, ...this.#options.settings]
    const file = `${this.#directoryOf(id)}.properties`
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }

  /** Kafka 4 wants its directories prepared; that is no part of any measurement. */
  #format(): void {
    const storageTool = ['-Xmx256m', '-cp', `${jars(this.kind)}/*`, 'kafka.tools.StorageTool']
    const run = (...words: string[]): string =>
      execFileSync('java', [...storageTool, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const clusterId = run('random-uuid').trim().split('\n').at(-1) ?? ''
    for (const id of BROKER_IDS) {
      const file = this.#writeProperties(id)
      run('format', '-t', clusterId, '-c', file)
      if (!existsSync(join(this.logsOf(id), 'meta.properties'))) throw new Error(`broker ${id} was not formatted`)
    }
  }

  /** ZooKeeper's sample file for both. */
  #startEngine(): void {
    const directory = join(this.#options.directory, 'engine')
    mkdirSync(directory)
    const file = join(this.#options.directory, 'zoo.cfg')
    const lines = [
      'tickTime=2000',
      'initLimit=10',
      'syncLimit=5',
      `dataDir=${directory}`,
      `clientPort=${this.enginePort}`,
    ]
    writeFileSync(file, [...lines, `clientPortAddress=${HOST}`, 'admin.enableServer=false', ''].join('\n'))
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
    this.#engine =
      this.kind === 'jackdaw'
        ? this.#spawn('engine', process.execPath, [this.#options.program, 'keeper', file])
        : this.#spawn('engine', 'java', ['-Xmx1000m', '-cp', `${jars('zookeeper-3.9.5')}/*`, main, file])
  }
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

const LOG4J2 = `status = error
appenders = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = \${sys:bench.log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = info
rootLogger.appenderRefs = file
rootLogger.appenderRef.file.ref = file
`
const LOG4J = `log4j.rootLogger=INFO, file
log4j.appender.file=org.apache.log4j.FileAppender
log4j.appender.file.File=\${bench.log}
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=[%d] %p %m (%c)%n
`

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
