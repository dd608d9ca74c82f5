// Jackdaw beside Apache Kafka 4.3.1 on the same machine, the same client, interleaved.
//
//   node bench/compare/run.ts [--pairs 5] [--warm 75] [--only TEXT] [--skip-lifecycle] [--out bench/results/NAME.json]
//
// The broker is pinned to one core, the client to another. Only the ratios count: each pair runs both brokers one after
// the other, the order swaps every pair, and a fixed loop beside each run shows when the machine's clock moved.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import { type Broker, contextSwitches, formatKafka, memoryMb, startBroker, stopBroker, wipe } from './brokers.ts'
import { measureLifecycle } from './lifecycle.ts'
import { clockMs, holdMemory, rawLoad, recycleLog, runPinned } from './load.ts'
import { type Figures, preload, WORKLOADS, type Workload } from './workloads.ts'

const BROKER_CORE = '0'
const CLIENT_CORE = '1'
/** More than there is in small pieces, and a quarter of what the machine has at the most. */
const HELD_MEMORY_SIZE_BYTES = Math.min(6_000_000_000, totalmem() / 4)
/** Files of a deleted topic go at once, so that their memory serves the next run while it is warm. */
const OVERRIDES = ['log.segment.delete.delay.ms=0']
const DELETION_WAIT_MS = 20_000

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    warm: { type: 'string', default: '75' },
    only: { type: 'string', default: '' },
    'skip-lifecycle': { type: 'boolean', default: false },
    out: { type: 'string', default: '' },
  },
})

interface Pair {
  readonly kafka: Figures
  readonly jackdaw: Figures
  /** Fixed loop before each of the two runs. */
  readonly clockMs: readonly [number, number]
}

interface Row {
  readonly workload: string
  readonly figure: string
  readonly kafka: number
  readonly jackdaw: number
  readonly ratio: number
  readonly spread: readonly [number, number]
  readonly goal: number | undefined
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

async function createTopic(broker: Broker, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }], waitForLeaders: true })
  await admin.disconnect()
}

async function deleteTopic(broker: Broker, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
  const logs = join(broker.directory, 'logs')
  const deadlineMs = Date.now() + DELETION_WAIT_MS
  while (readdirSync(logs).some((name) => name.startsWith(topic))) {
    if (Date.now() > deadlineMs) throw new Error(`${broker.name} did not delete the files of ${topic}`)
    await sleep(100)
  }
}

async function oneRun(broker: Broker, workload: Workload, number: number): Promise<Figures> {
  if (workload.preload !== undefined) return workload.run(broker, workload.preload.topic, CLIENT_CORE)
  const topic = `run-${number}-${workload.name.replace(/[^a-z0-9]+/gi, '-')}`
  await createTopic(broker, topic)
  // On the broker's own core: each core has a list of its own of pages that were freed last. Other rows write too little.
  const recycling =
    workload.goals['cpuSecondsPerGb'] === undefined ? undefined : recycleLog(BROKER_CORE, broker.directory, topic)
  try {
    return await workload.run(broker, topic, CLIENT_CORE)
  } finally {
    recycling?.kill()
    await deleteTopic(broker, topic)
  }
}

/**
 * Keeps the broker busy with what the workloads do, until its JIT has seen it. Jackdaw gets the same. The last part asks
 * faster than its row does: after ten seconds at 1,000 a second either side's compiler still took a fifth of the CPU.
 */
async function warmUp(broker: Broker, seconds: number): Promise<void> {
  await createTopic(broker, 'warm')
  const third = Math.max(1, seconds / 3)
  const load = (...words: string[]): Promise<string> =>
    runPinned(CLIENT_CORE, rawLoad(), [words[0] ?? '', `port=${broker.port}`, 'topic=warm', ...words.slice(1)])
  await load('produce', 'rate=300', 'window=4', `seconds=${third}`)
  await load('produce', 'record=100', 'records=1', 'connections=16', `seconds=${third}`)
  await load('endtoend', 'record=100', 'records=1', 'rate=4000', `seconds=${third}`)
  await deleteTopic(broker, 'warm')
}

function rowsOf(workload: Workload, pairs: readonly Pair[]): readonly Row[] {
  const figures = Object.keys(pairs[0]?.kafka ?? {})
  return figures.map((figure) => {
    const isRate = figure.endsWith('PerSecond')
    const kafka = pairs.map((pair) => pair.kafka[figure] ?? 0)
    const jackdaw = pairs.map((pair) => pair.jackdaw[figure] ?? 0)
    const ratios = pairs.map((_, index) =>
      isRate ? (jackdaw[index] ?? 0) / (kafka[index] ?? 1) : (kafka[index] ?? 0) / (jackdaw[index] ?? 1),
    )
    return {
      workload: workload.name,
      figure,
      kafka: median(kafka),
      jackdaw: median(jackdaw),
      ratio: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)] as const,
      goal: workload.goals[figure],
    }
  })
}

function print(row: Row): void {
  const verdict =
    row.goal === undefined ? '' : row.ratio >= row.goal ? `goal ${row.goal} reached` : `goal ${row.goal} MISSED`
  const spread = `[${row.spread[0].toFixed(2)}–${row.spread[1].toFixed(2)}]`
  console.log(
    `${row.workload.padEnd(50)} ${row.figure.padEnd(20)} ${row.kafka.toFixed(2).padStart(10)} ${row.jackdaw.toFixed(2).padStart(10)} ${row.ratio.toFixed(2).padStart(7)} ${spread.padEnd(14)} ${verdict}`,
  )
}

async function compareWorkloads(
  directory: string,
): Promise<readonly { readonly rows: readonly Row[]; readonly pairs: readonly Pair[] }[]> {
  const workloads = WORKLOADS.filter((workload) => workload.name.includes(options.only))
  if (workloads.length === 0) return []
  formatKafka(join(directory, 'kafka'), 19_092)
  const kafka = startBroker('kafka', {
    directory: join(directory, 'kafka'),
    port: 19_092,
    core: BROKER_CORE,
    overrides: OVERRIDES,
  })
  const jackdaw = startBroker('jackdaw', {
    directory: join(directory, 'jackdaw'),
    port: 19_192,
    core: BROKER_CORE,
    overrides: OVERRIDES,
  })
  const results: { rows: readonly Row[]; pairs: readonly Pair[] }[] = []
  try {
    for (const broker of [kafka, jackdaw]) {
      await runPinned(CLIENT_CORE, rawLoad(), ['first', `port=${broker.port}`, 'topic=first', 'seconds=60'])
      await warmUp(broker, Number(options.warm))
    }
    console.log(
      `${'workload'.padEnd(50)} ${'figure'.padEnd(20)} ${'kafka'.padStart(10)} ${'jackdaw'.padStart(10)} ${'ratio'.padStart(7)}`,
    )
    let number = 0
    for (const workload of workloads) {
      for (const broker of [kafka, jackdaw]) {
        if (workload.preload === undefined) continue
        await createTopic(broker, workload.preload.topic)
        await preload(broker, workload, CLIENT_CORE)
      }
      const pairs: Pair[] = []
      for (let index = 0; index < Number(options.pairs); index += 1) {
        const figures = new Map<string, Figures>()
        const clocks: number[] = []
        for (const broker of index % 2 === 0 ? [kafka, jackdaw] : [jackdaw, kafka]) {
          clocks.push(await clockMs(CLIENT_CORE))
          number += 1
          figures.set(broker.name, await oneRun(broker, workload, number))
        }
        pairs.push({
          kafka: figures.get('kafka') ?? {},
          jackdaw: figures.get('jackdaw') ?? {},
          clockMs: [clocks[0] ?? 0, clocks[1] ?? 0],
        })
      }
      const rows = rowsOf(workload, pairs)
      for (const row of rows) print(row)
      results.push({ rows, pairs })
    }
    for (const broker of [kafka, jackdaw]) {
      const memory = memoryMb(broker)
      console.log(
        `${broker.name}: RSS ${memory.now.toFixed(0)} MB after the load, peak ${memory.peak.toFixed(0)} MB, ${contextSwitches(broker)} context switches`,
      )
    }
  } finally {
    for (const broker of [kafka, jackdaw]) {
      await stopBroker(broker, 'SIGKILL')
      wipe(broker)
    }
  }
  return results
}

const directory = mkdtempSync(join(tmpdir(), 'jackdaw-compare-'))
const held = await holdMemory(HELD_MEMORY_SIZE_BYTES)
try {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    date: new Date().toISOString(),
  }
  console.log(
    `machine: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; broker on core ${BROKER_CORE}, client on core ${CLIENT_CORE}; Kafka 4.3.1, default settings, -Xmx1G`,
  )
  const workloads = await compareWorkloads(directory)
  const lifecycle = options['skip-lifecycle'] ? undefined : await measureLifecycle(directory, Number(options.pairs))
  const out =
    options.out === ''
      ? join(import.meta.dirname, '../results', `compare-${machine.date.slice(0, 16).replace(/[:T]/g, '-')}.json`)
      : options.out
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify({ machine, workloads, lifecycle }, null, 1)}\n`)
  console.log(`written to ${out}`)
} finally {
  held.kill()
  rmSync(directory, { recursive: true, force: true })
}
