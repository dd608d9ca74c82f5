#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Compiled code of earlier starts is kept by Node in its cache: a start then parses nothing. Threads learn of the cache
// through the environment alone.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache')
enableCompileCache?.()

const [command, ...rest] = process.argv.slice(2)
if (command === 'start') {
  // Its time to readiness counts: it loads nothing that it does not need.
  const joined = joinedFile('start')
  const { runStart } =
    joined === undefined ? await import('./start.ts') : ((await import(joined)) as typeof import('./start.ts'))
  process.exitCode = await runStart(rest)
} else if (command === 'keeper') {
  const joined = joinedFile('keeper')
  const { runKeeper } =
    joined === undefined ? await import('./keeper.ts') : ((await import(joined)) as typeof import('./keeper.ts'))
  process.exitCode = await runKeeper(rest)
} else if (command === 'dev') {
  const { runDev } = await import('./dev.ts')
  process.exitCode = await runDev(rest)
} else if (command === 'zk') {
  const { runZk } = await import('./zk/zk.ts')
  process.exitCode = await runZk(rest)
} else {
  const { runProgram } = await import('./program.ts')
  process.exitCode = await runProgram(process.argv.slice(2))
}

/** Built (dist/src/cli), some programs lie in few files in dist/run: hundreds of modules take long to load, and memory. */
function joinedFile(name: string): string | undefined {
  const file = new URL(`../../run/${name}.js`, import.meta.url)
  return existsSync(file) ? file.href : undefined
}
