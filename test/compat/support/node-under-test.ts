import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '../../support/node-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    bootstrap: string
    isForeign: boolean
  }
}

/** Starts one node for all compat tests, or uses the broker named by JACKDAW_COMPAT_BOOTSTRAP. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['JACKDAW_COMPAT_BOOTSTRAP']
  if (given !== undefined) {
    project.provide('bootstrap', given)
    project.provide('isForeign', true)
    return async () => {}
  }
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-compat-'))
  const port = await freePort()
  const node = await startNode(directory, port)
  project.provide('bootstrap', `127.0.0.1:${port}`)
  project.provide('isForeign', false)
  return async () => {
    await stopNode(node, 'SIGTERM')
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Runs `jackdaw start` as a user would and waits for the line that says it is ready. */
export function startNode(directory: string, port: number, overrides: readonly string[] = []): Promise<ChildProcess> {
  const node = spawn(
    process.execPath,
    [
      'dist/src/cli/bin.js',
      'start',
      '--data',
      directory,
      '--port',
      String(port),
      '--override',
      'jackdaw.keeper.client.port=0',
      '--override',
      'jackdaw.http.port=0',
      ...overrides.flatMap((override) => ['--override', override]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return new Promise((resolve, reject) => {
    let printed = ''
    node.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('started')) resolve(node)
    })
    node.once('exit', (code) => reject(new Error(`the node ended with ${code} before it was ready:\n${printed}`)))
  })
}

/** Sends a signal and waits for the end. */
export function stopNode(node: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    if (node.exitCode !== null || node.signalCode !== null) return resolve(node.exitCode)
    node.once('exit', (code) => resolve(code))
    node.kill(signal)
  })
}
