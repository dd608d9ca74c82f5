import { cpus, type CpuInfo } from 'node:os'
import { Bench } from 'tinybench'

/** One way of doing the contest's work. It is called often enough for the clock not to matter. */
interface Contestant {
  readonly name: string
  run(): unknown
}

/** The same work done in several ways. The first contestant is ours; the others are what it is measured against. */
export interface Contest {
  readonly name: string
  /** Bytes that one run takes in; 0 when bytes do not describe it. */
  readonly sizeBytes: number
  readonly contestants: readonly Contestant[]
}

export interface Measured {
  readonly contest: string
  readonly contestant: string
  readonly nanosecondsEach: number
  /** Gigabytes a second, where the contest has a size. */
  readonly throughputGbPerS: number | undefined
  /** How many times as fast the first contestant is. */
  readonly firstIsTimesAsFast: number
}

/** Each round measures every contestant for a moment, so that a slow second of the machine hits all alike. */
const ROUNDS = 9
const ROUND_TIME_MS = 30
/** A sample lasts at least this long; the clock's own cost vanishes in it. */
const SAMPLE_TIME_NS = 100_000

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** How often a run must be repeated to fill a sample. Also warms it up. */
function repeatsOf(contestant: Contestant): number {
  let repeats = 1
  for (;;) {
    const startedAt = process.hrtime.bigint()
    for (let index = 0; index < repeats; index++) contestant.run()
    if (Number(process.hrtime.bigint() - startedAt) >= SAMPLE_TIME_NS) return repeats
    repeats *= 2
  }
}

/** Runs one contest, all contestants interleaved, and answers the median of the rounds. */
export function measure(contest: Contest): readonly Measured[] {
  const repeats = contest.contestants.map(repeatsOf)
  const rounds = contest.contestants.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    const bench = new Bench({ time: ROUND_TIME_MS, iterations: 5, warmup: round === 0 })
    contest.contestants.forEach((contestant, index) => {
      const count = repeats[index] ?? 1
      bench.add(contestant.name, () => {
        for (let left = count; left > 0; left--) contestant.run()
      })
    })
    bench.runSync()
    bench.tasks.forEach((task, index) => {
      const result = task.result
      if (result.state !== 'completed') throw new Error(`${contest.name}: ${task.name} did not complete`)
      rounds[index]?.push((result.latency.p50 * 1e6) / (repeats[index] ?? 1))
    })
  }
  const each = rounds.map(median)
  return contest.contestants.map((contestant, index) => {
    const nanosecondsEach = each[index] ?? 0
    return {
      contest: contest.name,
      contestant: contestant.name,
      nanosecondsEach,
      throughputGbPerS: contest.sizeBytes === 0 ? undefined : contest.sizeBytes / nanosecondsEach,
      firstIsTimesAsFast: nanosecondsEach / (each[0] ?? 1),
    }
  })
}

/** What numbers mean nothing without. */
export function machineLine(): string {
  const processors: CpuInfo[] = cpus()
  const date = new Date().toISOString().slice(0, 10)
  return `${processors[0]?.model ?? 'unknown CPU'}, ${processors.length} cores, Node ${process.versions.node}, ${date}`
}
