// Builds what `npm start` and the tests run: dist/core/*.wasm from assembly/, dist/src from src/.
// Each half is skipped when nothing it reads has changed since it was written.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const CORES = ['simd', 'plain']

function newestMs(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

function run(command, args) {
  const result = spawnSync(join('node_modules', '.bin', command), args, { stdio: 'inherit' })
  if (result.status !== 0) process.exit(result.status ?? 1)
}

mkdirSync(join('dist', 'core'), { recursive: true })
const assemblyChangedMs = Math.max(
  newestMs('assembly'),
  newestMs('asconfig.json'),
  newestMs(join('src', 'model', 'batch-layout.ts')),
  newestMs(join('src', 'wasm', 'core-layout.ts')),
)
for (const core of CORES) {
  const output = join('dist', 'core', `core.${core}.wasm`)
  if (newestMs(output) < assemblyChangedMs) run('asc', ['assembly/index.ts', '--target', core])
}
// The stamp is written by a build that emits, never by a mere check of types.
const stamp = join('dist', 'build.tsbuildinfo')
const bundle = join('test', 'tidy', 'bundle.mjs')
if (newestMs(stamp) < newestMs('src')) {
  // What a start prefers must never be older than what it was made of.
  rmSync(join('dist', 'run'), { recursive: true, force: true })
  run('tsc', ['-p', 'src', '--incremental', '--tsBuildInfoFile', stamp])
}
if (newestMs(join('dist', 'run')) < Math.max(newestMs(join('dist', 'src')), newestMs(bundle))) run('node', [bundle])

// npm links the commands of packages that are installed, not of the one being worked on: so that `npx jackdaw` works in a
// checkout too, the same links are made here.
const { bin } = JSON.parse(readFileSync('package.json', 'utf8'))
for (const [name, file] of Object.entries(bin)) {
  const link = join('node_modules', '.bin', name)
  if (!existsSync(file)) continue
  chmodSync(file, 0o755)
  rmSync(link, { force: true })
  symlinkSync(join('..', '..', file), link)
}
