// Three brokers of Jackdaw beside three of Apache Kafka on the same machine: the same client, interleaved.
//
//   node bench/compare/cluster.ts [--only a1,b] [--pairs 3] [--warm 45] [--program dist/src/cli/bin.js] [--out DIRECTORY]
//
// A row (cluster-rows.ts) brings up one cluster of each kind, and both stay up; each pair measures one after the other and
// the order swaps every pair. Every row writes a file of its own.
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { complete } from './cluster-admin.ts'
import { ClusterClient } from './cluster-client.ts'
import { BROKER_IDS, BrokerCluster, type Kind } from './cluster-nodes.ts'
import { type Figures, type Row, ROWS, type Subject } from './cluster-rows.ts'
import { clockMs, holdMemory } from './load.ts'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    pairs: { type: 'string', default: '3' },
    warm: { type: 'string', default: '45' },
    program: { type: 'string', default: join(import.meta.dirname, '../../dist/src/cli/bin.js') },
    out: { type: 'string', default: join(import.meta.dirname, '../results') },
  },
})
/** More than there is in small pieces, and a quarter of what the machine has at the most. */
const HELD_MEMORY_SIZE_BYTES = Math.min(6_000_000_000, totalmem() / 4)
const CLIENT_CORE = '1'

interface Pair {
  readonly opponent: Figures
  readonly jackdaw: Figures
  /** Fixed loop before each of the two runs. */
  readonly clockMs: readonly [number, number]
}

interface Result {
  readonly figure: string
  readonly opponent: number
  readonly jackdaw: number
  /** Median of the pairs' ratios, above 1 is better for us. */
  readonly ratio: number
  readonly spread: readonly [number, number]
  readonly goal: number | undefined
}

function idOf(row: Row): string {
  return row.name.split(' ')[0] ?? ''
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function resultsOf(row: Row, pairs: readonly Pair[]): readonly Result[] {
  return Object.keys(pairs[0]?.jackdaw ?? {}).map((figure) => {
    const opponent = pairs.map((pair) => pair.opponent[figure] ?? 0)
    const jackdaw = pairs.map((pair) => pair.jackdaw[figure] ?? 0)
    const isRate = figure.endsWith('PerSecond') && !figure.startsWith('cpu')
    const ratios = pairs.map((_, index) => {
      const [theirs, ours] = [opponent[index] ?? 0, jackdaw[index] ?? 0]
      return isRate ? ours / theirs : theirs / ours
    })
    const spread = [Math.min(...ratios), Math.max(...ratios)] as const
    return {
      ...{ figure, opponent: median(opponent), jackdaw: median(jackdaw) },
      ...{ ratio: median(ratios), spread, goal: row.goals[figure] },
    }
  })
}

function print(row: Row, results: readonly Result[]): void {
  console.log(`${row.name} (beside ${row.opponent})`)
  for (const { figure, opponent, jackdaw, ratio, spread, goal } of results) {
    const verdict = goal === undefined ? '' : ratio >= goal ? `goal ${goal} reached` : `goal ${goal} MISSED`
    const figures = `${opponent.toFixed(2).padStart(10)} ${jackdaw.toFixed(2).padStart(10)} ${ratio.toFixed(2).padStart(7)}`
    console.log(`  ${figure.padEnd(22)} ${figures} [${spread[0].toFixed(2)}–${spread[1].toFixed(2)}] ${verdict}`)
  }
}

function bringUp(row: Row, kind: Kind, directory: string): Subject {
  const cluster = new BrokerCluster({
    kind,
    directory: join(directory, kind),
    program: resolve(options.program),
    settings: [...(row.settings ?? []), ...(kind === 'jackdaw' ? (row.jackdawSettings ?? []) : [])],
    isKeeperApart: row.isKeeperApart ?? false,
  })
  up.add(cluster)
  const client = new ClusterClient(new Map(BROKER_IDS.map((id) => [id, cluster.port(id)])))
  return { cluster, client }
}

async function measure(row: Row, directory: string): Promise<readonly Pair[]> {
  const subjects = new Map<Kind, Subject>()
  const pairs: Pair[] = []
  try {
    for (const kind of [row.opponent, 'jackdaw'] as const) {
      const subject = bringUp(row, kind, directory)
      subjects.set(kind, subject)
      await complete(subject.client)
      await row.prepare?.(subject, Number(options.warm))
    }
    for (let index = 0; index < Number(options.pairs); index += 1) {
      const figures = new Map<Kind, Figures>()
      const clocks: number[] = []
      for (const kind of index % 2 === 0 ? [row.opponent, 'jackdaw' as const] : ['jackdaw' as const, row.opponent]) {
        clocks.push(await clockMs(CLIENT_CORE))
        const subject = subjects.get(kind)
        if (subject !== undefined) figures.set(kind, await row.run(subject, index))
      }
      const pair = {
        opponent: figures.get(row.opponent) ?? {},
        jackdaw: figures.get('jackdaw') ?? {},
        clockMs: [clocks[0] ?? 0, clocks[1] ?? 0] as const,
      }
      pairs.push(pair)
      console.log(`  pair ${index + 1}: ${JSON.stringify(pair)}`)
    }
  } catch (error) {
    for (const { cluster } of subjects.values()) console.error(cluster.printed())
    throw error
  } finally {
    for (const { cluster, client } of subjects.values()) {
      client.close()
      await cluster.close()
      up.delete(cluster)
    }
  }
  return pairs
}

/** Clusters that are up: whoever interrupts the bench leaves nothing behind. */
const up = new Set<BrokerCluster>()
const directory = mkdtempSync(join(tmpdir(), 'jackdaw-cluster-bench-'))
let held: ChildProcess | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all([...up].map((cluster) => cluster.close())).then(() => {
      held?.kill()
      rmSync(directory, { recursive: true, force: true })
      process.exit(1)
    })
  })
}
try {
  const wanted = options.only.split(',').filter((id) => id !== '')
  const rows = ROWS.filter((row) => wanted.length === 0 || wanted.includes(idOf(row)))
  if (rows.length === 0) throw new Error(`no row is called ${options.only}: there are ${ROWS.map(idOf).join(', ')}`)
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Linux ${release()}, Node ${process.version}`
  console.log(
    `machine: ${machine}, load ${loadavg()[0]?.toFixed(2)}; three brokers each, replication factor 3, min.insync.replicas 2`,
  )
  for (const row of rows) {
    const load = loadavg()[0]?.toFixed(2)
    if (row.isWritingMuch === true) held ??= await holdMemory(HELD_MEMORY_SIZE_BYTES)
    const pairs = await measure(row, directory)
    held?.kill()
    held = undefined
    const results = resultsOf(row, pairs)
    print(row, results)
    const date = new Date().toISOString()
    mkdirSync(options.out, { recursive: true })
    const out = join(options.out, `cluster-${idOf(row)}.json`)
    const { name, opponent } = row
    writeFileSync(
      out,
      `${JSON.stringify({ machine: { machine, load, date }, name, opponent, results, pairs }, null, 1)}\n`,
    )
  }
} finally {
  held?.kill()
  rmSync(directory, { recursive: true, force: true })
}
