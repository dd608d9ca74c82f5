import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runScript } from './runner.ts'

// Method: each script is run and must come out as it is written. `UPDATE_SCRIPTS=1` writes what happened instead; the
// difference is then for a person to judge.
const here = new URL('.', import.meta.url)

for (const name of readdirSync(here).filter((entry) => entry.endsWith('.txt'))) {
  test(`zab script ${name.replace('.txt', '')}`, () => {
    const file = new URL(name, here)
    const script = readFileSync(file, 'utf8')
    const happened = runScript(script)
    if (process.env['UPDATE_SCRIPTS'] === '1') writeFileSync(file, happened)
    else expect(happened).toBe(script)
  })
}
