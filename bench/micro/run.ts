// node bench/micro/run.ts [name…]: measures every NAME.bench.ts here (or those named) and writes what came out to
// bench/results/micro-NAME.json. A file exports `contests()`, the same work in several ways measured in turns, or
// `addTo(bench)`, plain tinybench tasks.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bench } from 'tinybench'
import { type Contest, type Measured, machineLine, measure } from './contest.ts'

interface BenchFile {
  readonly contests?: () => readonly Contest[]
  readonly addTo?: (bench: Bench) => void
}

const RESULTS = join(import.meta.dirname, '..', 'results')

function printContest(measured: readonly Measured[]): void {
  console.log(measured[0]?.contest ?? '')
  for (const line of measured) {
    const speed = line.throughputGbPerS === undefined ? '' : `${line.throughputGbPerS.toFixed(2)} GB/s`
    const ratio = `ours is ${line.firstIsTimesAsFast.toFixed(2)} times as fast`
    console.log(
      `  ${line.contestant.padEnd(34)} ${line.nanosecondsEach.toFixed(0).padStart(10)} ns ${speed.padStart(12)}   ${line === measured[0] ? '' : ratio}`,
    )
  }
}

function runTasks(addTo: (bench: Bench) => void): readonly object[] {
  const bench = new Bench({ time: 300 })
  addTo(bench)
  bench.runSync()
  return bench.tasks.map((task) => {
    const result = task.result
    if (result.state !== 'completed') throw new Error(`${task.name} did not complete`)
    console.log(`  ${task.name.padEnd(60)} ${(result.latency.p50 * 1e6).toFixed(0).padStart(10)} ns`)
    return { task: task.name, nanosecondsEach: result.latency.p50 * 1e6 }
  })
}

async function runFile(name: string): Promise<void> {
  const file: BenchFile = await import(`./${name}.bench.ts`)
  console.log(`== ${name}`)
  const results: object[] = []
  for (const contest of file.contests?.() ?? []) {
    const measured = measure(contest)
    printContest(measured)
    results.push(...measured)
  }
  if (file.addTo !== undefined) results.push(...runTasks(file.addTo))
  mkdirSync(RESULTS, { recursive: true })
  const content = `${JSON.stringify({ machine: machineLine(), bench: name, results }, null, 1)}\n`
  writeFileSync(join(RESULTS, `micro-${name}.json`), content)
}

const wanted = process.argv.slice(2)
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
if (names.length === 0) throw new Error(`no bench named ${wanted.join(', ')}`)
console.log(machineLine())
for (const name of names) await runFile(name)
