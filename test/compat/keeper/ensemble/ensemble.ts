import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectTo, fourLetterWord } from '../../../../src/cli/zk/connection.ts'
import type { ZooKeeperFullClient } from '../../../../src/zookeeper/contract.ts'
import { freePort } from '../../../support/node-process.ts'
import { jars } from '../../support/peers.ts'

/** Whose code a member runs. Both read the same file and the same data directory. */
export type Kind = 'real' | 'jackdaw'
export type Mode = 'leader' | 'follower' | 'observer' | 'standalone'

export interface MemberShape {
  readonly kind: Kind
  /** Default participant. */
  readonly role?: 'participant' | 'observer'
}

export interface EnsembleOptions {
  /** Further lines of every `zoo.cfg`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** How the servers name each other; default 127.0.0.1. */
  readonly hostOf?: (id: number) => string
  /** `host:quorumPort:electionPort` of every server's second network. */
  readonly secondAddressOf?: (id: number) => string
  /** Further arguments of the Java virtual machine. */
  readonly javaArguments?: (id: number) => readonly string[]
  /** Arguments of Node before our own program. */
  readonly nodeArguments?: (id: number) => readonly string[]
  /** How many of the first servers the files name; the others are invited later. Default all; 0: each is on its own. */
  readonly founders?: number
  /** A set of jars of another release; its members get a file that old releases understand. */
  readonly jars?: string
}

/** Short enough that a lost leader is noticed soon, long enough for a JVM on a busy machine. */
const DEFAULTS: Readonly<Record<string, string | number | boolean>> = {
  tickTime: 250,
  initLimit: 60,
  syncLimit: 10,
  maxSessionTimeout: 20_000,
  maxClientCnxns: 0,
  preAllocSize: 256,
}
const MODERN_DEFAULTS: Readonly<Record<string, string | number | boolean>> = {
  ...{ standaloneEnabled: false, skipACL: 'yes', extendedTypesEnabled: true },
  ...{ '4lw.commands.whitelist': '*', 'admin.enableServer': false },
}
const JAVA_ARGUMENTS = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto']

/** A server of the ensemble: a directory with its file and data, and a process while it runs. */
export class Member {
  /** May be changed while it does not run: the other implementation then opens the same directory. */
  kind: Kind
  readonly id: number
  readonly role: 'participant' | 'observer'
  readonly directory: string
  readonly clientPort: number
  readonly quorumPort: number
  readonly electionPort: number
  #process: ChildProcess | undefined
  readonly #options: EnsembleOptions

  constructor(
    id: number,
    shape: MemberShape,
    directory: string,
    ports: readonly [number, number, number],
    options: EnsembleOptions,
  ) {
    this.id = id
    this.kind = shape.kind
    this.role = shape.role ?? 'participant'
    this.directory = directory
    ;[this.clientPort, this.quorumPort, this.electionPort] = ports
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** `server.N=` without its key, as both implementations print it. */
  get address(): string {
    const host = this.#options.hostOf?.(this.id) ?? '127.0.0.1'
    const second = this.#options.secondAddressOf === undefined ? '' : `|${this.#options.secondAddressOf(this.id)}`
    return `${host}:${this.quorumPort}:${this.electionPort}${second}:${this.role};127.0.0.1:${this.clientPort}`
  }

  /** Starts a process on what the directory holds. Does not wait for it to serve. */
  start(): void {
    if (this.isRunning) throw new Error(`server ${this.id} runs already`)
    const output = openSync(join(this.directory, 'output.txt'), 'a')
    const file = join(this.directory, 'zoo.cfg')
    const [command, ...args] = this.kind === 'real' ? this.#javaCommand(file) : this.#jackdawCommand(file)
    this.#process = spawn(command ?? '', args, { stdio: ['ignore', output, output], cwd: this.directory })
  }

  /** Sends SIGTERM, SIGKILL … and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    if (child === undefined || !this.isRunning) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    if (signal === 'SIGKILL') child.kill('SIGCONT')
    await ended
  }

  /** The process stands still with its connections open. */
  pause(): void {
    this.#process?.kill('SIGSTOP')
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }

  /** @returns what it says it is, or undefined while it serves nobody */
  async mode(): Promise<Mode | undefined> {
    const answer = await this.ask('srvr').catch(() => '')
    return /^Mode: (\w+)/m.exec(answer)?.[1] as Mode | undefined
  }

  ask(word: string): Promise<string> {
    return fourLetterWord(word, { host: '127.0.0.1', port: this.clientPort }, 1000)
  }

  client(sessionTimeoutMs = 10_000): Promise<ZooKeeperFullClient> {
    return connectTo(`127.0.0.1:${this.clientPort}`, sessionTimeoutMs)
  }

  /** Everything it has printed, for a failed test's message. */
  output(): string {
    return readFileSync(join(this.directory, 'output.txt'), 'utf8')
  }

  /** Empties the data directory, as when a disk was replaced. */
  wipe(): void {
    rmSync(join(this.directory, 'data'), { recursive: true, force: true })
    this.writeId()
  }

  writeId(): void {
    mkdirSync(join(this.directory, 'data'), { recursive: true })
    writeFileSync(join(this.directory, 'data', 'myid'), `${this.id}\n`)
  }

  writeFile(servers: readonly Member[]): void {
    const isOld = this.#options.jars !== undefined
    const settings = { ...DEFAULTS, ...(isOld ? {} : MODERN_DEFAULTS), ...this.#options.settings }
    const lines = [
      `dataDir=${this.directory}/data`,
      ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
      ...servers.map((server) => `server.${server.id}=${isOld ? server.address.split(';')[0] : server.address}`),
      ...(isOld || servers.length === 0 ? [`clientPort=${this.clientPort}`, 'clientPortAddress=127.0.0.1'] : []),
      ...(this.role === 'observer' ? ['peerType=observer'] : []),
    ]
    writeFileSync(join(this.directory, 'zoo.cfg'), `${lines.join('\n')}\n`)
  }

  #javaCommand(file: string): readonly string[] {
    const logger = process.env['JACKDAW_COMPAT_JAVA_LOGGER']
    return [
      'java',
      ...JAVA_ARGUMENTS,
      ...(this.#options.javaArguments?.(this.id) ?? []),
      '-cp',
      `${logger === undefined ? '' : `${logger}:`}${jars(this.#options.jars ?? 'zookeeper-3.9.5')}/*`,
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      file,
    ]
  }

  #jackdawCommand(file: string): readonly string[] {
    const program =
      process.env['JACKDAW_COMPAT_PROGRAM'] ?? join(import.meta.dirname, '../../../../dist/src/cli/bin.js')
    const level = process.env['JACKDAW_COMPAT_LOG_LEVEL'] ?? 'info'
    const before = this.#options.nodeArguments?.(this.id) ?? []
    return [process.execPath, ...before, program, 'keeper', file, '--log-level', level]
  }
}

/** Servers 1…n on loopback ports and in temporary directories. Nothing runs until started. */
export class Ensemble {
  readonly directory: string
  readonly members: Member[] = []
  readonly #options: EnsembleOptions

  private constructor(directory: string, options: EnsembleOptions) {
    this.directory = directory
    this.#options = options
  }

  static async create(shapes: readonly (Kind | MemberShape)[], options: EnsembleOptions = {}): Promise<Ensemble> {
    const ensemble = new Ensemble(mkdtempSync(join(tmpdir(), 'jackdaw-ensemble-')), options)
    for (const [index, shape] of shapes.entries()) {
      await ensemble.#place(index + 1, typeof shape === 'string' ? { kind: shape } : shape)
    }
    for (const member of ensemble.members) member.writeFile(ensemble.members.slice(0, options.founders))
    return ensemble
  }

  async #place(id: number, shape: MemberShape): Promise<void> {
    const ports = [await freePort(), await freePort(), await freePort()] as const
    const directory = join(this.directory, String(id))
    mkdirSync(directory)
    const member = new Member(id, shape, directory, ports, this.#options)
    member.writeId()
    this.members.push(member)
  }

  /** Starts a server that is no member yet: its file names those that run, and itself. */
  async invite(id: number): Promise<void> {
    const member = this.member(id)
    member.writeFile([...this.members.filter((each) => each.isRunning), member])
    await this.start([id])
  }

  member(id: number): Member {
    const member = this.members[id - 1]
    if (member === undefined) throw new Error(`there is no server ${id}`)
    return member
  }

  /** Where clients find it, beginning with the server named. */
  connectText(firstId = 1): string {
    const order = [...this.members.slice(firstId - 1), ...this.members.slice(0, firstId - 1)]
    return order.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',')
  }

  /** Starts those named (default all that do not run) and waits until each of them serves. */
  async start(
    ids: readonly number[] = this.members.filter((each) => !each.isRunning).map(({ id }) => id),
  ): Promise<void> {
    for (const id of ids) this.member(id).start()
    await this.serving(ids)
  }

  /** Waits until these servers serve, one of the ensemble's leading. @throws Error with their output */
  async serving(ids: readonly number[], timeoutMs = 60_000): Promise<void> {
    const members = ids.map((id) => this.member(id))
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const modes = await Promise.all(members.map((each) => each.mode()))
      const isLed = this.#options.founders === 0 || (await this.leader()) !== undefined
      if (isLed && modes.every((mode) => mode !== undefined)) return
      const ended = members.find((each) => !each.isRunning)
      if (ended === undefined && Date.now() < deadline) {
        await sleep(50)
        continue
      }
      const states = members.map((each, index) => `${each.id} (${each.kind}) is ${modes[index] ?? 'not serving'}`)
      const outputs = members.map((each) => `--- ${each.id}\n${each.output().slice(-3000)}`)
      throw new Error(
        `${ended === undefined ? `not all serve after ${timeoutMs} ms` : `server ${ended.id} ended`}: ${states.join(', ')}\n${outputs.join('\n')}`,
      )
    }
  }

  /** @returns who says it leads, at once */
  async leader(): Promise<Member | undefined> {
    const running = this.members.filter((each) => each.isRunning)
    const modes = await Promise.all(running.map((each) => each.mode()))
    return running[modes.indexOf('leader')]
  }

  /** Waits for a leader other than one that was lost. */
  async nextLeader(lost: Member | undefined = undefined, timeoutMs = 20_000): Promise<Member> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const leader = await this.leader()
      if (leader !== undefined && leader !== lost) return leader
      if (Date.now() > deadline) throw new Error(`nobody leads after ${timeoutMs} ms`)
      await sleep(25)
    }
  }

  /**
   * Lets this one of three voters lead: while it was in a majority with one of the others a write was made that the
   * third has not seen, and with that third it is then alone.
   */
  async letLead(wanted: Member): Promise<void> {
    if ((await this.nextLeader()) === wanted) return
    const [behind, other] = this.members.filter((each) => each !== wanted && each.role === 'participant')
    if (behind === undefined || other === undefined) throw new Error('letLead wants three voters')
    await behind.end('SIGTERM')
    await this.serving([wanted.id, other.id])
    const client = await wanted.client()
    await client.create('/ahead', null)
    await client.delete('/ahead')
    await client.close()
    await other.end('SIGTERM')
    await this.start([behind.id])
    await this.start([other.id])
    const leader = await this.nextLeader()
    if (leader !== wanted) throw new Error(`server ${leader.id} leads, ${wanted.id} was to`)
  }

  /** Ends everything and removes the directories. */
  async close(): Promise<void> {
    await Promise.all(this.members.map((each) => each.end('SIGKILL')))
    if (process.env['JACKDAW_COMPAT_KEEP'] === undefined) rmSync(this.directory, { recursive: true, force: true })
  }
}
