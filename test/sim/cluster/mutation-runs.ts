import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Mutation, MUTATIONS, type Patch, patched } from './mutations.ts'
import { MENDED, type MendedFault } from './mended.ts'
import { simulateCluster } from './simulate.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** What simulator and tests need of the repository. */
const NEEDED: readonly string[] = ['package.json', 'src', 'test', 'dist/core']
const SEEDS_MAX = 200
/** Each is the first of a row of seeds: the median of the rows says how soon a fault of this kind is noticed. */
const STARTS: readonly number[] = [100_001, 200_001, 300_001]
const SEED_LINE = /^seed (\d+) \([^)]*\): (.*)$/m

/** The promises of README.md, by what is said when one is broken. The first that fits names it. */
const CHECKS: readonly (readonly [RegExp, string])[] = [
  [/was acknowledged at/, 'acknowledged is kept'],
  [/stands \d+ times|lies before/, 'order, nothing twice'],
  [/was shown|had been shown|is given|is told that there is nothing/, 'shown is kept'],
  [/, in sync, has/, 'in sync has all'],
  [/falls from|^Violation: broker\d+ has \d+ of|of at least/, 'high watermark'],
  [/both lead/, 'one leader an epoch'],
  [/the bytes of|is replicated up to|the high watermark of .* on broker|damaged batch|where \d+ is next/, 'same bytes'],
  [/committed of/, 'commits are kept'],
  [
    /keeps files|still serves|being moved|in sync of|has no state|is led by|does not have|left over|to be deleted/,
    'no orphans',
  ],
  [/tells of|knows|the (epoch|role|topic|id) of/, 'views are the tree'],
  [/ends with/, 'a process ends by a bug'],
]
const LIVENESS = 'liveness'

/** One row of seeds. */
export interface Row {
  /** Seeds until the fault was noticed; undefined: none of them noticed. */
  readonly seeds: number | undefined
  readonly check: string
  readonly violation: string
}

export interface MutationResult {
  readonly fault: string
  readonly rows: readonly Row[]
}

/** A tree of its own with `patches` in it. The caller removes it. */
function copyOfTree(patches: readonly Patch[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'jackdaw-mutation-'))
  for (const path of NEEDED) cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  for (const patch of patches) {
    const path = join(copy, patch.file)
    writeFileSync(path, patched(readFileSync(path, 'utf8'), patch))
  }
  return copy
}

/** Plays every mutation whose fault contains `only`, and tells of each when it is done. */
export async function runMutations(only: string, tell: (result: MutationResult) => void): Promise<void> {
  for (const mutation of MUTATIONS) if (mutation.fault.includes(only)) tell(await runMutation(mutation))
}

async function runMutation({ fault, patches }: Mutation): Promise<MutationResult> {
  const copy = copyOfTree(patches)
  try {
    const rows: Row[] = []
    for (const start of STARTS) rows.push(await runRow(copy, start))
    return { fault, rows }
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** Seeds one after the other, until one breaks a promise that it keeps without the mutation. */
async function runRow(copy: string, start: number): Promise<Row> {
  for (let from = start; from < start + SEEDS_MAX; ) {
    const found = firstBroken(copy, from, start + SEEDS_MAX - from)
    if (found === undefined) break
    const { seed, violation } = found
    if ((await simulateCluster({ seed })).violation === undefined) {
      return { seeds: seed - start + 1, check: checkOf(violation), violation }
    }
    from = seed + 1
  }
  return { seeds: undefined, check: 'nothing', violation: '' }
}

function firstBroken(copy: string, from: number, count: number): { seed: number; violation: string } | undefined {
  const run = [join(copy, 'test/sim/run.ts'), '--cluster', '--first', '--from', String(from), '--count', String(count)]
  const { stdout, stderr, status } = spawnSync(process.execPath, run, { encoding: 'utf8' })
  if (status === 0) return undefined
  const line = SEED_LINE.exec(stdout)
  // A product that does not even start is no fault of the kind that is looked for.
  if (line === null) throw new Error(`a mutated tree ends with ${status ?? 'a signal'}: ${stderr}`)
  return { seed: Number(line[1]), violation: line[2] ?? '' }
}

function checkOf(violation: string): string {
  return CHECKS.find(([pattern]) => pattern.test(violation))?.[1] ?? LIVENESS
}

/** Takes every mend back whose fault contains `only`, and tells which of its tests notice. @returns whether all of them do */
export function verifyMended(only: string, tell: (line: string) => void): boolean {
  let isSeen = true
  for (const mended of MENDED.filter(({ fault }) => fault.includes(only))) {
    const copy = copyOfTree(mended.patches)
    try {
      for (const test of mended.tests) {
        const outcome = outcomeOf(copy, test)
        isSeen &&= outcome === 'failed'
        tell(`${outcome === 'failed' ? 'seen' : `NOT SEEN (${outcome})`}: ${mended.fault}: ${test.name}`)
      }
    } finally {
      rmSync(copy, { recursive: true })
    }
  }
  return isSeen
}

/** Runs one test in a copy of the tree. @returns what vitest calls its outcome */
function outcomeOf(copy: string, { file, name }: MendedFault['tests'][number]): string {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
  const report = join(copy, 'report.json')
  const vitest = [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--root', copy, '-t', pattern]
  const how = ['--config', join(copy, 'test/tidy/vitest.config.ts'), '--reporter=json', `--outputFile=${report}`]
  const { stderr } = spawnSync(process.execPath, [...vitest, ...how, join(copy, file)], { encoding: 'utf8' })
  if (!existsSync(report)) return `no report: ${stderr}`
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly testResults: readonly { readonly assertionResults: readonly { title: string; status: string }[] }[]
  }
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  return results.find(({ title }) => title === name)?.status ?? 'no such test'
}

/** A line of the table in README.md. */
export function describeResult({ fault, rows }: MutationResult): string {
  const counts = rows.map(({ seeds }) => seeds ?? Number.POSITIVE_INFINITY).sort((left, right) => left - right)
  const median = counts[Math.floor(counts.length / 2)] ?? Number.POSITIVE_INFINITY
  const checks = new Map<string, number>()
  for (const { check } of rows) checks.set(check, (checks.get(check) ?? 0) + 1)
  const named = [...checks].sort((left, right) => right[1] - left[1]).map(([check, count]) => `${check} ${count}`)
  const shown = median === Number.POSITIVE_INFINITY ? `more than ${SEEDS_MAX}` : String(median)
  return `| ${fault} | ${shown} | ${named.join(', ')} |`
}
