import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname

function cache(): string {
  return (
    process.env['JACKDAW_COMPAT_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'jackdaw-compat')
  )
}

/** Compiles one of the C programs beside this file once and returns its path. Several checkouts share the cache: the name tells what it was made of. */
function compiled(name: string): string {
  const source = join(here, `${name}.c`)
  const binary = join(
    cache(),
    `${name}-${createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12)}`,
  )
  mkdirSync(cache(), { recursive: true })
  if (!existsSync(binary)) execFileSync('cc', ['-O2', '-o', binary, source], { stdio: 'inherit' })
  return binary
}

/** The load generator that sends prebuilt requests. */
export function rawLoad(): string {
  return compiled('raw-load')
}

/** Builds librdkafka's own load program from the npm package of node-rdkafka, which carries the whole source. */
export function rdkafkaPerformance(): string {
  const directory = join(cache(), 'rdkafka')
  const source = join(directory, 'package/deps/librdkafka')
  const binary = join(source, 'examples/rdkafka_performance')
  if (!existsSync(binary)) {
    mkdirSync(directory, { recursive: true })
    execFileSync('npm', ['pack', '--silent', '--pack-destination', directory, 'node-rdkafka@3.6.1'], {
      stdio: 'ignore',
    })
    const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'))
    execFileSync('tar', ['xzf', tarball ?? '', '-C', directory], { cwd: directory })
    const quiet = { cwd: source, stdio: 'ignore' as const }
    execFileSync('bash', ['./configure', '--disable-sasl', '--disable-ssl', '--disable-curl', '--disable-zstd'], quiet)
    execFileSync('make', ['-j2', 'libs'], quiet)
    execFileSync('make', ['-C', 'examples', 'rdkafka_performance'], quiet)
  }
  return binary
}

/** Runs a client pinned to `core` and returns what it printed. Rejects when it fails. */
export function runPinned(core: string, command: string, args: readonly string[]): Promise<string> {
  const child = spawn('taskset', ['-c', core, command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let printed = ''
    let complained = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complained += chunk.toString()
    })
    child.once('exit', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`${command} ${args.join(' ')}: exit ${code}\n${complained}`)),
    )
  })
}

/** Takes the small pieces of free memory until the returned process is killed (see warm-memory.c). */
export function holdMemory(sizeBytes: number): Promise<ChildProcess> {
  const child = spawn(compiled('warm-memory'), ['hold', String(Math.ceil(sizeBytes / (1 << 20)))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(child))
    child.once('exit', (code) => reject(new Error(`warm-memory: exit ${code}`)))
  })
}

/** Gives the older pages of a topic's log back to the system while the broker writes, until the process is killed. */
export function recycleLog(core: string, directory: string, topic: string): ChildProcess {
  const words = ['-c', core, compiled('warm-memory'), 'recycle', join(directory, 'logs', `${topic}-0`, '*.log')]
  return spawn('taskset', words, { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** A fixed piece of work on the client's core: how long it took shows when the machine's clock moved. */
export async function clockMs(core: string): Promise<number> {
  const loop =
    'let x=1;const t=process.hrtime.bigint();for(let i=0;i<2e8;i++)x=(x*1103515245+12345)|0;console.log(Number(process.hrtime.bigint()-t)/1e6,x)'
  return Number((await runPinned(core, process.execPath, ['-e', loop])).split(' ')[0])
}

/** The same for every partition of a topic on several brokers: `pattern` names their logs. */
export function recycleLogs(core: string, pattern: string): ChildProcess {
  const words = ['-c', core, compiled('warm-memory'), 'recycle-all', pattern]
  return spawn('taskset', words, { stdio: ['ignore', 'ignore', 'inherit'] })
}
