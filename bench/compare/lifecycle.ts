import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { type Broker, cpuSeconds, formatKafka, memoryMb, startBroker, stopBroker, wipe } from './brokers.ts'
import { rawLoad, runPinned } from './load.ts'

/** Start-up, memory, idle cost and recovery: what does not run under load. All figures: smaller is better. */
export interface LifecycleRow {
  readonly what: string
  readonly kafka: readonly number[]
  readonly jackdaw: readonly number[]
}

const PORT = { kafka: 19_292, jackdaw: 19_392 } as const
/** What is still done about the creation, compilers and collectors included, is no cost of idling. */
const IDLE_SETTLE_MS = 20_000
/** The system counts processor time in steps of 10 ms. */
const IDLE_WINDOW_MS = 40_000
const NAMES = ['kafka', 'jackdaw'] as const
type Name = (typeof NAMES)[number]

async function firstAcknowledged(broker: Broker, topic: string): Promise<number> {
  const printed = JSON.parse(
    await runPinned('1', rawLoad(), ['first', `port=${broker.port}`, `topic=${topic}`, 'seconds=120']),
  ) as { acknowledgedAtNs: number }
  return (printed.acknowledgedAtNs - Number(broker.startedAtNs)) / 1e6
}

function directoryOf(base: string, name: Name, run: string): string {
  return join(base, `${name}-${run}`)
}

async function startEmpty(
  base: string,
  name: Name,
  run: string,
): Promise<{ readonly broker: Broker; readonly startMs: number }> {
  const directory = directoryOf(base, name, run)
  if (name === 'kafka') formatKafka(directory, PORT.kafka)
  const broker = startBroker(name, { directory, port: PORT[name], core: '0' })
  return { broker, startMs: await firstAcknowledged(broker, 'first') }
}

/** Exec to first acknowledged record on an empty directory, and resident memory after it. */
async function startUp(base: string, pairs: number): Promise<readonly LifecycleRow[]> {
  const start: Record<Name, number[]> = { kafka: [], jackdaw: [] }
  const memory: Record<Name, number[]> = { kafka: [], jackdaw: [] }
  for (let index = 0; index < pairs; index += 1) {
    for (const name of index % 2 === 0 ? NAMES : [...NAMES].reverse()) {
      const { broker, startMs } = await startEmpty(base, name, `start-${index}`)
      start[name].push(startMs)
      await sleep(1000)
      memory[name].push(memoryMb(broker).now)
      await stopBroker(broker, 'SIGKILL')
      wipe(broker)
    }
  }
  return [
    { what: 'exec to first acknowledged record, ms', ...start },
    { what: 'RSS after it, MB', ...memory },
  ]
}

async function createTopics(
  broker: Broker,
  topics: readonly { topic: string; numPartitions: number }[],
): Promise<void> {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${broker.port}`],
    logLevel: logLevel.NOTHING,
    requestTimeout: 120_000,
  }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [...topics], waitForLeaders: true, timeout: 100_000 })
  await admin.disconnect()
}

/** 10,000 idle connections and 1,000 idle partitions: memory and CPU a second. */
async function idle(base: string): Promise<readonly LifecycleRow[]> {
  const rows: Record<string, Record<Name, number[]>> = {}
  const note = (what: string, name: Name, value: number): void => {
    rows[what] ??= { kafka: [], jackdaw: [] }
    rows[what][name].push(value)
  }
  for (const name of NAMES) {
    const { broker } = await startEmpty(base, name, 'idle')
    await sleep(5000)
    const fresh = memoryMb(broker).now
    await createTopics(broker, [{ topic: 'idle', numPartitions: 1000 }])
    await sleep(5000)
    note('1,000 idle partitions, MB more', name, memoryMb(broker).now - fresh)
    await sleep(IDLE_SETTLE_MS)
    const cpu = cpuSeconds(broker)
    await sleep(IDLE_WINDOW_MS)
    note('1,000 idle partitions, CPU-ms a second', name, ((cpuSeconds(broker) - cpu) / IDLE_WINDOW_MS) * 1e6)
    // Last: what was allotted for so many connections goes back slowly and would hide what comes after.
    const settled = memoryMb(broker).now
    const clients = spawn(
      'taskset',
      [
        '-c',
        '1',
        'bash',
        '-c',
        `ulimit -n 20000; exec "$0" "$@"`,
        rawLoad(),
        'idle',
        `port=${PORT[name]}`,
        'connections=10000',
        'seconds=60',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await new Promise((resolve) => clients.stdout.once('data', resolve))
    await sleep(2000)
    note('10,000 idle connections, MB more', name, memoryMb(broker).now - settled)
    clients.kill()
    await stopBroker(broker, 'SIGKILL')
    wipe(broker)
  }
  return Object.entries(rows).map(([what, values]) => ({
    what,
    kafka: values['kafka'] ?? [],
    jackdaw: values['jackdaw'] ?? [],
  }))
}

/** kill -9 after 2 GB in 100 partitions: exec to first acknowledged record. */
async function recovery(base: string, pairs: number): Promise<readonly LifecycleRow[]> {
  const times: Record<Name, number[]> = { kafka: [], jackdaw: [] }
  for (const name of NAMES) {
    const { broker } = await startEmpty(base, name, 'recovery')
    await createTopics(broker, [{ topic: 'recovery', numPartitions: 100 }])
    let running = broker
    for (let index = 0; index < pairs; index += 1) {
      // The first partition answers; the others may still be on their way to a leader.
      await sleep(5000)
      await runPinned('1', rawLoad(), [
        'produce',
        `port=${PORT[name]}`,
        'topic=recovery',
        'partitions=100',
        'connections=4',
        'window=4',
        'requests=8000',
      ])
      await stopBroker(running, 'SIGKILL')
      running = startBroker(name, { directory: directoryOf(base, name, 'recovery'), port: PORT[name], core: '0' })
      times[name].push(await firstAcknowledged(running, 'recovery'))
    }
    await stopBroker(running, 'SIGKILL')
    wipe(running)
  }
  return [{ what: 'kill -9 after 2 GB in 100 partitions: exec to first acknowledged record, ms', ...times }]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

export async function measureLifecycle(base: string, pairs: number): Promise<readonly LifecycleRow[]> {
  const loadAverage = readFileSync('/proc/loadavg', 'utf8').trim()
  console.log(`lifecycle (load average ${loadAverage})`)
  const rows = [...(await startUp(base, pairs)), ...(await idle(base)), ...(await recovery(base, Math.min(pairs, 3)))]
  for (const row of rows) {
    const kafka = median(row.kafka)
    const jackdaw = median(row.jackdaw)
    console.log(
      `${row.what.padEnd(80)} kafka ${kafka.toFixed(1).padStart(9)}  jackdaw ${jackdaw.toFixed(1).padStart(9)}  ratio ${(kafka / jackdaw).toFixed(2)}`,
    )
  }
  return rows
}
