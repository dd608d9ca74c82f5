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
  // The one command whose time to readiness counts: it loads nothing that it does not need.
  // Built (dist/src/cli), the same program lies in few files in dist/run: loading hundreds of modules takes long.
  const joined = new URL('../../run/start.js', import.meta.url)
  const { runStart } = existsSync(joined)
    ? ((await import(joined.href)) as typeof import('./start.ts'))
    : await import('./start.ts')
  process.exitCode = await runStart(rest)
} else if (command === 'keeper') {
  const { runKeeper } = await import('./keeper.ts')
  process.exitCode = await runKeeper(rest)
} else if (command === 'zk') {
  const { runZk } = await import('./zk/zk.ts')
  process.exitCode = await runZk(rest)
} else {
  const { runProgram } = await import('./program.ts')
  process.exitCode = await runProgram(process.argv.slice(2))
}
