import type { Broker } from './brokers.ts'
import { cpuSeconds } from './brokers.ts'
import { rawLoad, rdkafkaPerformance, runPinned } from './load.ts'

/** What one run of a workload on one broker gave: figures by name, smaller is better for all of them unless `isRate`. */
export type Figures = Readonly<Record<string, number>>

export interface Workload {
  readonly name: string
  /** What the table asks for, by figure: the ratio Kafka ÷ Jackdaw that closes it. */
  readonly goals: Readonly<Record<string, number>>
  /** Loads a topic once per broker before the runs; its name is passed to `run`. */
  readonly preload?: { readonly topic: string; readonly requests: number }
  readonly run: (broker: Broker, topic: string, core: string) => Promise<Figures>
}

const GB = 1e9

/**
 * Requests that go before a run that counts CPU per GB, uncounted: the log's pages begin to go round only after the first
 * megabytes, which land in memory that the host has to find (see warm-memory.c).
 */
const LEAD_IN_REQUESTS = 250

/** Runs a raw-load mode and adds what the broker's CPU did meanwhile. */
async function measured(
  broker: Broker,
  core: string,
  mode: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<Record<string, number>> {
  const words = Object.entries({ port: broker.port, ...settings }).map(([key, value]) => `${key}=${value}`)
  const before = cpuSeconds(broker)
  const printed = JSON.parse(await runPinned(core, rawLoad(), [mode, ...words])) as Record<string, number>
  return { ...printed, cpu: cpuSeconds(broker) - before }
}

function produce(name: string, record: number, records: number, requests: number): Workload {
  return {
    name,
    goals: { cpuSecondsPerGb: 2 },
    run: async (broker, topic, core) => {
      await fill(broker, topic, LEAD_IN_REQUESTS, core)
      const out = await measured(broker, core, 'produce', { topic, record, records, window: 4, acks: 1, requests })
      return {
        cpuSecondsPerGb: (out['cpu'] ?? 0) / ((out['bytes'] ?? 1) / GB),
        megabytesPerSecond: (out['bytes'] ?? 0) / 1e6 / (out['seconds'] ?? 1),
        ackP50Us: out['p50us'] ?? 0,
      }
    },
  }
}

function single(connections: number, goals: Readonly<Record<string, number>>): Workload {
  return {
    name: `one record a request, ${connections} connection${connections === 1 ? '' : 's'}`,
    goals,
    run: async (broker, topic, core) => {
      const out = await measured(broker, core, 'produce', {
        topic,
        record: 100,
        records: 1,
        connections,
        window: 1,
        acks: 1,
        seconds: 5,
      })
      return {
        cpuUsPerRequest: ((out['cpu'] ?? 0) / (out['requests'] ?? 1)) * 1e6,
        roundTripP50Us: out['p50us'] ?? 0,
        requestsPerSecond: (out['requests'] ?? 0) / (out['seconds'] ?? 1),
      }
    },
  }
}

function consume(name: string, topic: string, requests: number, connections: number, goal: number): Workload {
  return {
    name,
    goals: { cpuSecondsPerGb: goal },
    preload: { topic, requests },
    run: async (broker, preloaded, core) => {
      const out = await measured(broker, core, 'consume', {
        topic: preloaded,
        connections,
        bytes: requests * 256_000,
        max: 1 << 20,
      })
      return {
        cpuSecondsPerGb: (out['cpu'] ?? 0) / ((out['bytes'] ?? 1) / GB),
        megabytesPerSecond: (out['bytes'] ?? 0) / 1e6 / (out['seconds'] ?? 1),
      }
    },
  }
}

export const WORKLOADS: readonly Workload[] = [
  produce('produce 1 KiB x 250', 1024, 250, 1500),
  produce('produce 10 KiB x 25', 10_240, 25, 1500),
  produce('produce 100 B x 2400', 100, 2400, 1500),
  {
    name: 'librdkafka flat out, 100 B, linger 5 ms',
    goals: { cpuSecondsPerGb: 2 },
    run: async (broker, topic, core) => {
      const messages = 4_000_000
      await fill(broker, topic, LEAD_IN_REQUESTS, core)
      const before = cpuSeconds(broker)
      await runPinned(core, rdkafkaPerformance(), [
        '-P',
        '-t',
        topic,
        '-p',
        '0',
        '-s',
        '100',
        '-c',
        String(messages),
        '-b',
        `127.0.0.1:${broker.port}`,
        '-X',
        'linger.ms=5',
        '-X',
        'queue.buffering.max.messages=1000000',
        '-a',
        '1',
        '-q',
      ])
      return { cpuSecondsPerGb: (cpuSeconds(broker) - before) / ((messages * 100) / GB) }
    },
  },
  single(16, { cpuUsPerRequest: 1.8 }),
  single(64, { cpuUsPerRequest: 1.8 }),
  single(1, { roundTripP50Us: 1.3 }),
  {
    name: 'end to end at 1,000 messages/s',
    goals: { p50Us: 1.3, p99Us: 2, cpuUsPerMessage: 3 },
    run: async (broker, topic, core) => {
      const out = await measured(broker, core, 'endtoend', { topic, record: 100, records: 1, rate: 1000, seconds: 10 })
      return {
        p50Us: out['p50us'] ?? 0,
        p99Us: out['p99us'] ?? 0,
        p999Us: out['p999us'] ?? 0,
        cpuUsPerMessage: ((out['cpu'] ?? 0) / (out['messages'] ?? 1)) * 1e6,
      }
    },
  },
  {
    name: 'produce 1 KiB at 50 MB/s and consume at the tail',
    goals: { cpuSecondsPerGb: 2 },
    run: async (broker, topic, core) => {
      await fill(broker, topic, LEAD_IN_REQUESTS, core)
      const out = await measured(broker, core, 'tail', { topic, record: 1024, records: 250, rate: 200, seconds: 5 })
      return {
        cpuSecondsPerGb: (out['cpu'] ?? 0) / ((out['bytes'] ?? 1) / GB),
        p50Us: out['p50us'] ?? 0,
        p99Us: out['p99us'] ?? 0,
      }
    },
  },
  consume('catch-up of 2 GB from page cache', 'catch-up', 7812, 1, 0.6),
  consume('fan-out of 500 MB to 8 consumers', 'fan-out', 1953, 8, 0.7),
]

/** Fills a topic that `consume` reads. */
export async function preload(broker: Broker, workload: Workload, core: string): Promise<void> {
  if (workload.preload !== undefined) await fill(broker, workload.preload.topic, workload.preload.requests, core)
}

/** Requests of 250 KiB each. */
async function fill(broker: Broker, topic: string, requests: number, core: string): Promise<void> {
  await measured(broker, core, 'produce', { topic, record: 1024, records: 250, window: 4, acks: 1, requests })
}
