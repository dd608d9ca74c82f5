// The keeper beside ZooKeeper 3.9.5 on the same machine, the same loader, interleaved.
//
//   node bench/compare/keeper.ts [--pairs 3] [--seconds 3] [--warm 20] [--only TEXT] [--program dist/src/cli/bin.js] [--out FILE]
//
// The loader is pinned to core 1, the server to core 0 while operations are measured; its start and its memory are those of
// a server that sees both cores. Only ratios count: each pair runs both servers one after the other and the order swaps
// every pair. Rows that are not measured again (`--only`) stay in the file as they were, each with its time and machine.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  cpuSeconds,
  load,
  residentMb,
  type Server,
  type ServerName,
  sleep,
  startServer,
  stopServer,
  untilFirstCreate,
  wipe,
} from './keeper-servers.ts'

const root = join(import.meta.dirname, '../..')
const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    program: { type: 'string', default: join(root, 'dist/src/cli/bin.js') },
    out: { type: 'string', default: join(root, 'bench/results/keeper-compare.json') },
  },
})
const directory = mkdtempSync(join(tmpdir(), 'keeper-compare-'))
const ports: Readonly<Record<ServerName, number>> = { zookeeper: 22181, jackdaw: 22182 }
const FILL_NODES = 300_000
const RESTART_NODES = 100_000
const MANY_NODES = 1_000_000
const WATCH_ROUNDS = 30
const MANY_WATCH_ROUNDS = 10
const WARM_WATCH_ROUNDS = 20

/** One measurement: figure → value; smaller is better in all of them. */
type Figures = Readonly<Record<string, number>>

interface Workload {
  readonly name: string
  readonly run: (server: Server) => Promise<Figures>
}

const MANY = ['connections=10', 'window=100']
const ONE = ['connections=1', 'window=1']

function operations(operation: string, shape: readonly string[]): Workload {
  return {
    name: `${operation} ${shape.join(' ')}`,
    run: async (server) => {
      const before = cpuSeconds(server)
      const figures = await load(server, 'run', [`op=${operation}`, ...shape, `seconds=${options.seconds}`])
      return {
        cpuUs: ((cpuSeconds(server) - before) * 1e6) / figures.operations,
        p50Us: figures.p50Us,
        p99Us: figures.p99Us,
      }
    },
  }
}

function watches(count: number, rounds: number): Workload {
  return {
    name: `watch ${count}`,
    run: async (server) => {
      const before = cpuSeconds(server)
      const { p50Us } = await load(server, 'watch', [`connections=${count}`, `rounds=${rounds}`])
      // Of setting the watches too, and of the sessions: this says how much room there is, the latency what is reached.
      return { lastUs: p50Us, cpuUs: ((cpuSeconds(server) - before) * 1e6) / (count * rounds) }
    },
  }
}

const workloads: readonly Workload[] = [
  ...['get', 'exists', 'children', 'create', 'set'].map((operation) => operations(operation, MANY)),
  ...['get', 'create'].map((operation) => operations(operation, ONE)),
  watches(1000, WATCH_ROUNDS),
  watches(10_000, MANY_WATCH_ROUNDS),
]

interface Row {
  readonly workload: string
  readonly figure: string
  readonly zookeeper: number
  readonly jackdaw: number
  /** ZooKeeper's by ours: above 1 we need less. */
  readonly ratio: number
  readonly spread: readonly [number, number]
  readonly pairs: number
  /** When it was measured, and on what. */
  readonly at?: string | undefined
  readonly machine?: string | undefined
}

interface Results {
  /** Of all rows that do not say themselves. */
  readonly at?: string
  readonly machine?: string
  readonly rows: readonly Row[]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function rowsOf(workload: string, pairs: readonly Readonly<Record<ServerName, Figures>>[]): Row[] {
  const [first] = pairs
  return Object.keys(first?.jackdaw ?? {}).map((figure) => {
    const ratios = pairs.map((pair) => (pair.zookeeper[figure] ?? 0) / (pair.jackdaw[figure] ?? 0))
    return {
      workload,
      figure,
      zookeeper: median(pairs.map((pair) => pair.zookeeper[figure] ?? 0)),
      jackdaw: median(pairs.map((pair) => pair.jackdaw[figure] ?? 0)),
      ratio: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)],
      pairs: pairs.length,
    }
  })
}

/** Rows measured anew take the place of those of the same name; the others stay where they are. */
function merged(rows: readonly Row[]): readonly Row[] {
  const file: Results = existsSync(options.out)
    ? (JSON.parse(readFileSync(options.out, 'utf8')) as Results)
    : { rows: [] }
  const { at, machine } = file
  const before: readonly Row[] = file.rows.map((row) => ({ ...row, at: row.at ?? at, machine: row.machine ?? machine }))
  const nameOf = ({ workload, figure }: Row): string => `${workload} ${figure}`
  const fresh = new Map(rows.map((row) => [nameOf(row), row]))
  const kept = before.map((row) => fresh.get(nameOf(row)) ?? row)
  const known = new Set(before.map(nameOf))
  return [...kept, ...rows.filter((row) => !known.has(nameOf(row)))]
}

function show(rows: readonly Row[]): void {
  for (const { workload, figure, zookeeper, jackdaw, ratio, spread } of rows) {
    const range = `[${spread[0].toFixed(2)}–${spread[1].toFixed(2)}]`
    console.log(
      `${`${workload} ${figure}`.padEnd(46)} ZooKeeper ${zookeeper.toFixed(1).padStart(10)}  Jackdaw ${jackdaw.toFixed(1).padStart(10)}  ratio ${ratio.toFixed(2)} ${range}`,
    )
  }
}

async function interleaved(
  pairs: number,
  measure: (name: ServerName) => Promise<Figures>,
): Promise<Readonly<Record<ServerName, Figures>>[]> {
  const results: Readonly<Record<ServerName, Figures>>[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const order: readonly ServerName[] = pair % 2 === 0 ? ['zookeeper', 'jackdaw'] : ['jackdaw', 'zookeeper']
    const figures: Partial<Record<ServerName, Figures>> = {}
    for (const name of order) figures[name] = await measure(name)
    results.push({ zookeeper: figures.zookeeper ?? {}, jackdaw: figures.jackdaw ?? {} })
  }
  return results
}

const start = (name: ServerName, where: 'life' | 'many' | 'run'): Server =>
  startServer(name, join(directory, `${name}-${where}`), ports[name], options.program, where === 'run')

/** Life of a server: empty start, resident memory idle and full, start with nodes. */
async function lifecycle(name: ServerName): Promise<Figures> {
  let server = start(name, 'life')
  const emptyStartMs = await untilFirstCreate(server)
  await sleep(2000)
  const idleMb = residentMb(server)
  await load(server, 'run', ['op=create', ...MANY, `requests=${RESTART_NODES}`])
  await stopServer(server)
  server = start(name, 'life')
  const fullStartMs = await untilFirstCreate(server)
  await load(server, 'run', ['op=create', ...MANY, `requests=${FILL_NODES - RESTART_NODES}`])
  await sleep(2000)
  const fullMb = residentMb(server)
  await stopServer(server)
  wipe(server)
  return { emptyStartMs, idleMb, fullStartMs, fullMb }
}

/** Starts on a snapshot and log of a million nodes, which each server has written itself. */
async function restarts(pairs: number): Promise<readonly Row[]> {
  for (const name of ['zookeeper', 'jackdaw'] as const) {
    const server = start(name, 'many')
    await untilFirstCreate(server)
    await load(server, 'run', ['op=create', ...MANY, `requests=${MANY_NODES}`])
    await stopServer(server)
  }
  const figures = await interleaved(pairs, async (name) => {
    const server = start(name, 'many')
    const startMs = await untilFirstCreate(server)
    const cpuMs = cpuSeconds(server) * 1000
    await sleep(2000)
    const residentAfterMb = residentMb(server)
    await stopServer(server)
    return { startMs, cpuMs, residentMb: residentAfterMb }
  })
  for (const name of ['zookeeper', 'jackdaw']) {
    rmSync(join(directory, `${name}-many`), { recursive: true, force: true })
  }
  return rowsOf('restart 1000000 nodes', figures)
}

async function main(): Promise<void> {
  const pairs = Number(options.pairs)
  const rows: Row[] = []
  const keep = (added: readonly Row[]): void => {
    show(added)
    rows.push(...added)
  }
  if ('lifecycle'.includes(options.only)) keep(rowsOf('lifecycle', await interleaved(pairs, lifecycle)))
  if ('restart 1000000 nodes'.includes(options.only)) keep(await restarts(pairs))
  const wanted = workloads.filter(({ name }) => name.includes(options.only))
  if (wanted.length > 0) await compareOperations(wanted, pairs, keep)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Linux ${release()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`
  const at = new Date().toISOString()
  const results: Results = { rows: merged(rows.map((row) => ({ ...row, at, machine }))) }
  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`)
  console.log(`${machine}\nwritten to ${options.out}`)
}

/** Both servers are up and warm; one is loaded at a time. */
async function compareOperations(
  wanted: readonly Workload[],
  pairs: number,
  keep: (added: readonly Row[]) => void,
): Promise<void> {
  const servers = { zookeeper: start('zookeeper', 'run'), jackdaw: start('jackdaw', 'run') }
  for (const server of Object.values(servers)) {
    await untilFirstCreate(server)
    for (const operation of ['get', 'create']) {
      await load(server, 'run', [`op=${operation}`, ...MANY, `seconds=${Number(options.warm) / 2}`])
    }
    await load(server, 'watch', ['connections=1000', `rounds=${WARM_WATCH_ROUNDS}`])
  }
  for (const workload of wanted) {
    keep(rowsOf(workload.name, await interleaved(pairs, (name) => workload.run(servers[name]))))
  }
  for (const server of Object.values(servers)) {
    await stopServer(server)
    wipe(server)
  }
}

try {
  await main()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
