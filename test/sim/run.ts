import { parseArgs } from 'node:util'
import { describeResult, runMutations, verifyMended } from './cluster/mutation-runs.ts'
import { simulateCluster } from './cluster/simulate.ts'
import { disturbAt, DISTURBANCES, OPERATIONS } from './cluster/steps.ts'
import { simulateKeeper } from './keeper/simulate.ts'
import { type Ensemble, simulate } from './zab/simulate.ts'

// npm run sim -- --seed N [--servers 3|5|3+2]          consensus alone: one seed, told step by step
// npm run sim -- --from N --count M                    many seeds; prints only those that break a promise
// npm run sim -- --keeper [--servers 1|3|5|3+2] …      the same two ways with whole keepers and their clients
// npm run sim -- --cluster …                           with brokers, keepers and the clients of both
// npm run sim -- --cluster --steps [--only text]       somebody dies, stops or loses power at every step of every operation
// npm run sim -- --cluster --mutations [--only text]   the product with faults put into it: which check notices, and how soon
// npm run sim -- --cluster --mended [--only text]      faults that it had put back into it: their tests must fail

/** A wrong answer may list a whole tree. */
const VIOLATION_SHOWN_MAX = 400

const { values } = parseArgs({
  options: {
    keeper: { type: 'boolean', default: false },
    cluster: { type: 'boolean', default: false },
    steps: { type: 'boolean', default: false },
    mutations: { type: 'boolean', default: false },
    mended: { type: 'boolean', default: false },
    /** Steps, mutations and mended faults that are called so. */
    only: { type: 'string', default: '' },
    /** Many seeds end with the first that breaks a promise. */
    first: { type: 'boolean', default: false },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    servers: { type: 'string' },
  },
})

/** What every kind of simulation tells at its end. */
interface Told {
  readonly shape: string
  readonly acknowledged: number
  readonly faults: number
  readonly violation: string | undefined
}

type Play = (seed: number, trace: ((line: string) => void) | undefined) => Promise<Told>

const ensemble = ensembleOf(values.servers)
const play: Play = values.cluster ? playCluster : values.keeper ? playKeeper : playConsensus

if (values.steps) await runSteps()
else if (values.mutations) await runMutations(values.only, (result) => tellLine(describeResult(result)))
else if (values.mended) process.exitCode = verifyMended(values.only, tellLine) ? 0 : 1
else if (values.seed === undefined) await runMany(Number(values.from), Number(values.count))
else {
  const result = await play(Number(values.seed), (line) => process.stdout.write(`${line}\n`))
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exitCode = result.violation === undefined ? 0 : 1
}

function tellLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function playConsensus(seed: number, trace: ((line: string) => void) | undefined): Promise<Told> {
  const shared = { seed, ...(ensemble === undefined ? {} : { ensemble }) }
  const result = simulate(trace === undefined ? shared : { ...shared, trace })
  return { ...result, shape: `${result.ensemble.voters}+${result.ensemble.observers}` }
}

async function playKeeper(seed: number, trace: ((line: string) => void) | undefined): Promise<Told> {
  const shared = { seed, ...(ensemble === undefined ? {} : { shape: ensemble }) }
  return simulateKeeper(trace === undefined ? shared : { ...shared, trace })
}

function playCluster(seed: number, trace: ((line: string) => void) | undefined): Promise<Told> {
  return simulateCluster(trace === undefined ? { seed } : { seed, trace })
}

async function runSteps(): Promise<void> {
  process.exitCode = 0
  for (const [what, disturbance] of Object.entries(DISTURBANCES)) {
    for (const [name, operation] of Object.entries(OPERATIONS)) {
      if (!`${what}: ${name}`.includes(values.only)) continue
      const { steps } = await disturbAt(operation, disturbance, Number.POSITIVE_INFINITY)
      let broken = 0
      for (let step = 0; step < steps; step += 1) {
        const { violation } = await disturbAt(operation, disturbance, step)
        if (violation === undefined) continue
        broken += 1
        process.exitCode = 1
        tellLine(`${what}: ${name}, step ${step}: ${violation.slice(0, VIOLATION_SHOWN_MAX)}`)
      }
      tellLine(`${what}: ${name}: ${steps} steps, ${broken} of them broke a promise`)
    }
  }
}

async function runMany(from: number, count: number): Promise<void> {
  let acknowledged = 0
  let faults = 0
  const broken: number[] = []
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await play(seed, undefined)
    acknowledged += result.acknowledged
    faults += result.faults
    if (result.violation === undefined) continue
    broken.push(seed)
    process.stdout.write(`seed ${seed} (${result.shape}): ${result.violation.slice(0, VIOLATION_SHOWN_MAX)}\n`)
    if (values.first) break
  }
  process.stdout.write(
    `${count} seeds from ${from}: ${faults} faults, ${acknowledged} acknowledged writes, ${broken.length} seeds broke a promise\n`,
  )
  process.exitCode = broken.length === 0 ? 0 : 1
}

function ensembleOf(text: string | undefined): Ensemble | undefined {
  if (text === undefined) return undefined
  const [voters = 3, observers = 0] = text.split('+').map(Number)
  return { voters, observers }
}
