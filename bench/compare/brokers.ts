import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** One broker process under measurement, pinned to a core. */
export interface Broker {
  readonly name: 'kafka' | 'jackdaw'
  readonly port: number
  readonly directory: string
  readonly process: ChildProcess
  /** The process that serves (the shell script execs Java, so it is the child itself). */
  readonly pid: number
  /** CLOCK_MONOTONIC, nanoseconds, just before exec. */
  readonly startedAtNs: bigint
}

export interface StartOptions {
  readonly directory: string
  readonly port: number
  readonly core: string
  readonly overrides?: readonly string[]
}

/** Prepares what Kafka needs before its first start (a formatted directory), outside any measured time. */
export function formatKafka(directory: string, port: number): void {
  mkdirSync(directory, { recursive: true })
  execFileSync('bash', [join(root, 'test/compat/support/kafka-broker.sh'), directory, String(port), '--format-only'], {
    stdio: 'ignore',
  })
}

export function startBroker(name: 'kafka' | 'jackdaw', options: StartOptions): Broker {
  mkdirSync(options.directory, { recursive: true })
  const overrides = options.overrides ?? []
  const command =
    name === 'kafka'
      ? [
          'bash',
          join(root, 'test/compat/support/kafka-broker.sh'),
          options.directory,
          String(options.port),
          ...overrides,
        ]
      : [
          process.execPath,
          join(root, 'dist/src/cli/bin.js'),
          'start',
          '--data',
          options.directory,
          '--port',
          String(options.port),
          '--override',
          'jackdaw.keeper.client.port=0',
          '--override',
          'jackdaw.http.port=0',
          ...overrides.flatMap((override) => ['--override', override]),
        ]
  const startedAtNs = process.hrtime.bigint()
  const child = spawn('taskset', ['-c', options.core, ...command], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (child.pid === undefined) throw new Error(`${name} did not start`)
  return { name, port: options.port, directory: options.directory, process: child, pid: child.pid, startedAtNs }
}

export function stopBroker(broker: Broker, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (broker.process.exitCode !== null || broker.process.signalCode !== null) return resolve()
    broker.process.once('exit', () => resolve())
    broker.process.kill(signal)
  })
}

export function wipe(broker: Broker): void {
  rmSync(broker.directory, { recursive: true, force: true })
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** User and system time of all threads so far, in seconds. */
export function cpuSeconds(broker: Broker): number {
  const stat = readFileSync(`/proc/${broker.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resident and peak resident memory in megabytes. */
export function memoryMb(broker: Broker): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${broker.pid}/status`, 'utf8')
  const kilobytes = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
  return { now: kilobytes('VmRSS') / 1024, peak: kilobytes('VmHWM') / 1024 }
}

/** Context switches of all threads so far. */
export function contextSwitches(broker: Broker): number {
  const tasks = execFileSync('bash', ['-c', `cat /proc/${broker.pid}/task/*/status 2>/dev/null | grep ctxt`], {
    encoding: 'utf8',
  })
  return tasks.split('\n').reduce((sum, line) => sum + Number(line.split(':')[1] ?? 0), 0)
}
