import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const SERVER_CORE = '0'
const CLIENT_CORE = '1'

export type ServerName = 'zookeeper' | 'jackdaw'

/** One ZooKeeper server under measurement. */
export interface Server {
  readonly name: ServerName
  readonly port: number
  readonly directory: string
  readonly process: ChildProcess
  readonly pid: number
  /** CLOCK_MONOTONIC, nanoseconds, just before exec. */
  readonly startedAtNs: bigint
}

function cache(): string {
  return (
    process.env['JACKDAW_COMPAT_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'jackdaw-compat')
  )
}

/** Compiles the load generator once and returns its path. */
function loader(): string {
  const binary = join(cache(), 'zk-load')
  const source = join(import.meta.dirname, 'zk-load.c')
  mkdirSync(cache(), { recursive: true })
  if (!existsSync(binary) || statSync(binary).mtimeMs < statSync(source).mtimeMs) {
    execFileSync('cc', ['-O2', '-o', binary, source], { stdio: 'inherit' })
  }
  return binary
}

/** ZooKeeper's sample file, the same for both but for places; any number of connections, no HTTP. */
function writeConfiguration(directory: string, port: number): string {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'zoo.cfg')
  const lines = ['tickTime=2000', 'initLimit=10', 'syncLimit=5', `dataDir=${directory}/data`, `clientPort=${port}`]
  writeFileSync(file, [...lines, 'maxClientCnxns=0', 'admin.enableServer=false', 'forceSync=yes', ''].join('\n'))
  return file
}

function commandOf(name: ServerName, configuration: string, program: string): readonly string[] {
  if (name === 'jackdaw') return [process.execPath, program, 'keeper', configuration]
  const jars = execFileSync('bash', [join(root, 'test/compat/fetch/fetch.sh'), 'zookeeper-3.9.5'], { encoding: 'utf8' })
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
  return ['java', '-Xmx1000m', '-cp', `${jars.trim()}/*`, main, configuration]
}

/**
 * Starts a server on what its directory holds.
 *
 * @param program compiled command line of Jackdaw
 * @param isPinned to one core; a JVM that sees only one takes another collector, which needs less memory and more time
 */
export function startServer(
  name: ServerName,
  directory: string,
  port: number,
  program: string,
  isPinned: boolean,
): Server {
  const command = commandOf(name, writeConfiguration(directory, port), program)
  const startedAtNs = process.hrtime.bigint()
  const cores = isPinned ? SERVER_CORE : `${SERVER_CORE},${CLIENT_CORE}`
  const child = spawn('taskset', ['-c', cores, ...command], { stdio: ['ignore', 'ignore', 'ignore'] })
  if (child.pid === undefined) throw new Error(`${name} did not start`)
  return { name, port, directory, process: child, pid: child.pid, startedAtNs }
}

export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (server.process.exitCode !== null || server.process.signalCode !== null) return resolve()
    server.process.once('exit', () => resolve())
    server.process.kill('SIGTERM')
  })
}

export function wipe(server: Server): void {
  rmSync(server.directory, { recursive: true, force: true })
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** User and system time of all threads so far, in seconds. */
export function cpuSeconds(server: Server): number {
  const stat = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function residentMb(server: Server): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

/** What zk-load prints, by mode. */
export interface LoadFigures {
  readonly operations: number
  readonly perSecond: number
  readonly p50Us: number
  readonly p99Us: number
  readonly maxUs: number
  readonly failed: number
  readonly atNs: number
}

/** Runs the loader on the other core. @throws when any answer was an error */
export function load(server: Server, mode: string, args: readonly string[]): Promise<LoadFigures> {
  const child = spawn('taskset', ['-c', CLIENT_CORE, loader(), mode, `port=${server.port}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(printed) as LoadFigures)
      else reject(new Error(`zk-load ${mode} ${args.join(' ')} against ${server.name}: exit ${code}`))
    })
  })
}

/** Waits until a client gets a session and a create through. @returns milliseconds since the exec */
export async function untilFirstCreate(server: Server): Promise<number> {
  const { atNs } = await load(server, 'first', [])
  return (atNs - Number(server.startedAtNs)) / 1e6
}

export { sleep }
