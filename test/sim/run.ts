import { parseArgs } from 'node:util'
import { type Ensemble, simulate } from './zab/simulate.ts'

// npm run sim -- --seed N [--servers 3|5|3+2]      one seed, told step by step
// npm run sim -- --from N --count M                many seeds; prints only those that break a promise

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    servers: { type: 'string' },
  },
})

const ensemble = ensembleOf(values.servers)
const shared = ensemble === undefined ? {} : { ensemble }

if (values.seed === undefined) runMany(Number(values.from), Number(values.count))
else {
  const result = simulate({ ...shared, seed: Number(values.seed), trace: (line) => process.stdout.write(`${line}\n`) })
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exitCode = result.violation === undefined ? 0 : 1
}

function runMany(from: number, count: number): void {
  let acknowledged = 0
  let faults = 0
  const broken: number[] = []
  for (let seed = from; seed < from + count; seed += 1) {
    const result = simulate({ ...shared, seed })
    acknowledged += result.acknowledged
    faults += result.faults
    if (result.violation === undefined) continue
    broken.push(seed)
    process.stdout.write(`seed ${seed} (${result.ensemble.voters}+${result.ensemble.observers}): ${result.violation}\n`)
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
