import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Ban {
  readonly pattern: RegExp
  readonly insteadUse: string
  /** Folders (prefixes of paths) where the text is allowed. */
  readonly allowedIn: readonly string[]
}

const REAL_WORLD = ['src/io/node/', 'src/main/', 'src/cli/', 'src/protocol/generate/']

// House rules that no tool knows. A ban names what to use instead.
const BANS: readonly Ban[] = [
  { pattern: /\bDate\.now\(/, insteadUse: 'the Clock you were given', allowedIn: REAL_WORLD },
  { pattern: /\bMath\.random\(/, insteadUse: 'the Entropy you were given', allowedIn: REAL_WORLD },
  {
    pattern: /\bset(Timeout|Interval|Immediate)\(/,
    insteadUse: 'the Timers or Turns you were given',
    allowedIn: REAL_WORLD,
  },
  { pattern: /\bconsole\./, insteadUse: 'the Logger you were given', allowedIn: REAL_WORLD },
  {
    pattern: /\bprocess\.(env|exit|pid|on|hrtime|memoryUsage|nextTick|stdout|stderr|argv|cwd|kill)\b/,
    insteadUse: 'a value passed in by main',
    allowedIn: REAL_WORLD,
  },
  { pattern: /(v8|c8|istanbul) ignore/, insteadUse: 'a test, or delete the branch', allowedIn: [] },
  { pattern: /\bas any\b/, insteadUse: 'unknown and a check', allowedIn: [] },
  { pattern: /@ts-(ignore|nocheck)/, insteadUse: 'a type that is true', allowedIn: [] },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    insteadUse: 'the work itself, or a line under "missing" in the README',
    allowedIn: [],
  },
]

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

for (const ban of BANS) {
  test(`no ${ban.pattern.source} outside its folder: use ${ban.insteadUse}`, () => {
    const isAboutComments = /ignore|TODO/.test(ban.pattern.source)
    const found: string[] = []
    for (const path of [...sources('src'), ...sources('assembly')]) {
      if (path.includes('/generated/') || ban.allowedIn.some((folder) => path.startsWith(folder))) continue
      const text = readFileSync(path, 'utf8')
      if (ban.pattern.test(isAboutComments ? text : withoutComments(text))) found.push(path)
    }
    expect(found).toEqual([])
  })
}

test('every folder of src explains itself in a README of at most 100 lines', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const problems: string[] = []
  for (const { name } of folders) {
    if (sources(join('src', name)).length === 0) continue
    let lineCount: number
    try {
      lineCount = readFileSync(join('src', name, 'README.md'), 'utf8')
        .trimEnd()
        .split('\n').length
    } catch {
      problems.push(`src/${name} has no README.md`)
      continue
    }
    if (lineCount > 100) problems.push(`src/${name}/README.md has ${lineCount} lines`)
  }
  expect(problems).toEqual([])
})

test('files stay short: 500 lines, generated code and tables aside', () => {
  const long: string[] = []
  for (const path of [...sources('src'), ...sources('assembly')]) {
    if (path.includes('/generated/') || path.includes('/schema/') || path.includes('/keys/')) continue
    const lineCount = readFileSync(path, 'utf8').split('\n').length
    if (lineCount > 520) long.push(`${path}: ${lineCount}`)
  }
  expect(long).toEqual([])
})

test('tests and benches are neither narrowed nor skipped by hand', () => {
  const found = [...sources('test'), ...sources('bench')].filter((path) =>
    /\b(it|test|describe)\.(only|skip|todo)\(/.test(readFileSync(path, 'utf8')),
  )
  expect(found.filter((path) => !path.endsWith('bans.test.ts'))).toEqual([])
})
