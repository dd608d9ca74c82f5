import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/node-process.ts'
import { stopNode } from './support/node-under-test.ts'
import { debian } from './support/peers.ts'

// uWebSockets.js needs a newer C library than many hosts have. A minimal Debian 13 in a directory of its own has one:
// the node runs in it (chroot), its ports are the host's.

const cache =
  process.env['JACKDAW_COMPAT_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'jackdaw-compat')
const root = join(cache, 'trixie')
let whyNot = ''
let data = ''
let node: ChildProcess | undefined
let printed = ''
let port = 0

function prepare(): string {
  if (process.getuid?.() !== 0) return 'entering another root directory needs root'
  if (!debian('debootstrap', 'debootstrap')) return 'debootstrap cannot be installed here'
  if (!existsSync(root)) {
    const partial = `${root}.partial`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    try {
      execFileSync('debootstrap', ['--variant=minbase', 'trixie', partial], { stdio: 'ignore', timeout: 280_000 })
    } catch {
      return 'Debian trixie cannot be fetched here'
    }
    renameSync(partial, root)
  }
  return ''
}

beforeAll(async () => {
  whyNot = prepare()
  if (whyNot !== '') {
    process.stderr.write(`test/compat/uws-trixie: not run, ${whyNot}\n`)
    return
  }
  port = await freePort()
  mkdirSync(join(root, 'jackdaw'), { recursive: true })
  data = mkdtempSync(join(root, 'tmp', 'node-'))
  const inside = data.slice(root.length)
  // The mounts belong to a name space of their own and end with the process.
  const script =
    'mount --bind "$1" "$2/jackdaw" && mount -t proc proc "$2/proc" && exec chroot "$2" /jackdaw/node_modules/node/bin/node /jackdaw/dist/src/cli/bin.js start ' +
    '--data "$3" --port "$4" --override "jackdaw.http.port=$5" --override jackdaw.http.backend=uws --override jackdaw.keeper.client.port=-1'
  const child = spawn(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', process.cwd(), root, inside, String(await freePort()), String(port)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  node = child
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (printed.includes('started')) resolve()
    }
    child.stdout.on('data', onData)
    child.stderr.on('data', onData)
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}:\n${printed}`)))
  })
})

afterAll(async () => {
  if (node !== undefined && node.exitCode === null) await stopNode(node, 'SIGKILL')
  if (data !== '') rmSync(data, { recursive: true, force: true })
})

const get = (path: string, options: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, options)

test('uWebSockets.js on Debian 13 serves health, readiness, metrics and refusals as node:http does', async (context) => {
  context.skip(whyNot !== '', whyNot)
  expect(printed).not.toMatch(/uWebSockets\.js (cannot be loaded|does not load)/)
  const healthy = await get('/healthz')
  expect([healthy.status, await healthy.json()]).toEqual([200, { status: 'alive' }])
  // Only uWebSockets.js names itself.
  expect(healthy.headers.get('uwebsockets')).not.toBeNull()
  const ready = await get('/readyz?verbose')
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  const metrics = await get('/metrics')
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(await metrics.text()).toContain('kafka_server_replicamanager_partitioncount')
  const missing = await get('/nothing')
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('/metrics')])
  expect((await get('/healthz', { method: 'POST', body: 'x' })).status).toBe(405)
  const head = await get('/readyz', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('requests that are given up while they are answered do not harm it', async (context) => {
  context.skip(whyNot !== '', whyNot)
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const aborter = new AbortController()
      setTimeout(() => aborter.abort(), index % 7)
      await get('/metrics', { signal: aborter.signal })
        .then((response) => response.text())
        .catch(() => '')
    }),
  )
  expect((await get('/healthz')).status).toBe(200)
})

test('it stops cleanly, and kept-alive connections do not delay it', async (context) => {
  context.skip(whyNot !== '' || node === undefined, whyNot)
  const stoppingAt = performance.now()
  if (node !== undefined) expect(await stopNode(node, 'SIGTERM')).toBe(0)
  expect(performance.now() - stoppingAt).toBeLessThan(2_000)
})
