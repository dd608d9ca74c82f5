// Runs dependency-cruiser over src and fails when a rule is broken, or when it saw fewer modules than there are files:
// without a parser for this TypeScript it would report "no violations" over nothing.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const result = spawnSync(
  'node_modules/.bin/depcruise',
  ['src', '--config', 'test/tidy/layers.cjs', '--output-type', 'json'],
  {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
  },
)
if (result.error) throw result.error
const report = JSON.parse(result.stdout)
const fileCount = readdirSync('src', { recursive: true }).filter((name) => name.endsWith('.ts')).length
for (const violation of report.summary.violations) {
  const path =
    violation.cycle === undefined ? '' : ` (${violation.cycle.map((step) => step.name ?? step).join(' -> ')})`
  console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}${path}`)
}
const cruisedCount = report.modules.filter((module) => module.source.startsWith('src/')).length
console.log(`${cruisedCount} modules cruised, ${fileCount} files, ${report.summary.violations.length} violations`)
if (cruisedCount < fileCount || report.summary.violations.length > 0) process.exit(1)
