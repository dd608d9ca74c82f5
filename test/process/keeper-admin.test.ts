import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NodeClock } from '../../src/io/node/clock.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { socketTransport } from '../../src/main/zookeeper-transport.ts'
import { connectZooKeeper } from '../../src/zookeeper/client.ts'
import type { ZooKeeperFullClient } from '../../src/zookeeper/contract.ts'
import { type Certificate, makeCertificate } from '../support/certificates.ts'
import { freePort } from '../support/node-process.ts'

/** The admin server of `jackdaw keeper`: who may, snapshots out and in, connections, TLS. */

let root = ''
const running: ChildProcess[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-admin-'))
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

interface Running {
  readonly port: number
  readonly adminPort: number
  readonly printed: () => string
  command(name: string, options?: RequestInit): Promise<Response>
}

const superDigest = 'DigestAuthenticationProvider.superDigest=super:D/InIHSb7yEEbrWz8b9l71RjZJU='
const asSuper = { authorization: 'digest super:test' }

async function launch(name: string, lines: readonly string[]): Promise<Running> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const file = join(root, `${name}.cfg`)
  const common = [`dataDir=${root}/${name}`, `clientPort=${port}`, 'clientPortAddress=127.0.0.1', 'tickTime=500']
  const admin = [`admin.serverPort=${adminPort}`, 'admin.serverAddress=127.0.0.1']
  writeFileSync(file, [...common, ...admin, superDigest, ...lines].join('\n'))
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        if (/^keeper ready in/m.test(printed)) resolve()
      })
    }
    child.once('close', () => reject(new Error(printed)))
  })
  const command = (path: string, options?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${adminPort}/commands/${path}`, options)
  return { port, adminPort, printed: () => printed, command }
}

function client(port: number): Promise<ZooKeeperFullClient> {
  return connectZooKeeper({
    transport: socketTransport([{ host: '127.0.0.1', port }]),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    sessionTimeoutMs: 5000,
  })
}

test('a snapshot taken from one server is restored on another, over what was there', async () => {
  const from = await launch('from', [])
  const session = await client(from.port)
  for (let index = 0; index < 300; index += 1) await session.create(`/n${index}`, new Uint8Array(2000).fill(index))
  const taken = await from.command('snapshot?streaming=true', { headers: asSuper })
  expect([taken.status, taken.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
  const bytes = new Uint8Array(await taken.arrayBuffer())
  expect(taken.headers.get('snapshot_size')).toBe(String(bytes.length))
  expect(taken.headers.get('last_zxid')).toBe('0x12d')

  const into = await launch('into', ['admin.rateLimiterIntervalInMS=60000'])
  const old = await client(into.port)
  await old.create('/old', null)
  const junk = await into.command('restore', { method: 'POST', headers: asSuper, body: bytes.slice(0, -10) })
  expect(junk.status).toBe(500)
  await vi.waitFor(() => expect(into.printed()).toContain('what was brought is no whole snapshot'))
  expect(await old.exists('/old')).toBeDefined()
  expect((await into.command('restore', { method: 'POST', headers: asSuper, body: bytes })).status).toBe(429)
  await old.close()

  const again = await launch('again', [])
  const before = await client(again.port)
  await before.create('/old', null)
  await before.close()
  const restored = await again.command('restore', { method: 'POST', headers: asSuper, body: bytes })
  expect([restored.status, await restored.json()]).toEqual([200, { command: 'restore', error: null, last_zxid: 0x12d }])
  const after = await client(again.port)
  expect(await after.exists('/old')).toBeUndefined()
  expect(Buffer.from((await after.getData('/n299')).data ?? [])).toEqual(Buffer.alloc(2000, 299))
  await after.create('/new', null)
  await after.close()
  running.at(-1)?.kill('SIGKILL')
  expect(readdirSync(join(root, 'again')).join()).toContain('version-2.before-restore-')
  await session.close()
}, 60_000)

test('commands that move data want somebody who may do everything', async () => {
  const keeper = await launch('guarded', [])
  const session = await client(keeper.port)
  await session.setAcl('/', [{ permissions: 31, scheme: 'digest', id: 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=' }])
  const status = async (headers?: Record<string, string>): Promise<unknown[]> => {
    const answer = await keeper.command('snapshot?streaming=false', headers === undefined ? {} : { headers })
    return [answer.status, ((await answer.json()) as { error: unknown }).error]
  }
  expect(await status()).toEqual([401, 'Auth info is missing for the command'])
  expect(await status({ authorization: 'foo bar' })).toEqual([401, 'Not authenticated'])
  expect(await status({ authorization: 'digest' })).toEqual([401, 'Not authenticated'])
  expect(await status({ authorization: 'x509' })).toEqual([401, 'Not authenticated'])
  expect(await status({ authorization: 'digest user:user' })).toEqual([403, 'Not authorized'])
  expect(await status({ authorization: 'ip' })).toEqual([403, 'Not authorized'])
  expect(await status(asSuper)).toEqual([200, null])
  expect((await keeper.command('restore', { headers: asSuper })).status).toBe(405)
  await session.close()
}, 30_000)

test('what is switched off is switched off, and a metric counts what was held back', async () => {
  const keeper = await launch('off', ['admin.snapshot.enabled=false', 'admin.restore.enabled=false'])
  expect((await keeper.command('snapshot', { headers: asSuper })).status).toBe(503)
  expect((await keeper.command('restore', { method: 'POST', headers: asSuper, body: 'x' })).status).toBe(503)
  const limited = await launch('limited', ['admin.rateLimiterIntervalInMS=60000000'])
  expect((await limited.command('snapshot?streaming=false', { headers: asSuper })).status).toBe(200)
  expect((await limited.command('snapshot', { headers: asSuper })).status).toBe(429)
  const monitor = (await (await limited.command('monitor')).json()) as Record<string, unknown>
  expect(monitor['snapshot_rate_limited_count']).toBe(1)
  expect(monitor['insecure_admin_count']).toBe(3)
}, 30_000)

test('connections are shed by percentage, and their clients come back', async () => {
  const keeper = await launch('shed', [])
  const sessions = await Promise.all([client(keeper.port), client(keeper.port), client(keeper.port)])
  const shed = async (body: string): Promise<unknown[]> => {
    const answer = await keeper.command('shed_connections', { method: 'POST', headers: asSuper, body })
    return [answer.status, await answer.json()]
  }
  expect(await shed('{"percentage": 0}')).toEqual([
    200,
    { command: 'shed_connections', error: null, connections_shed: 0, percentage_requested: 0 },
  ])
  expect(await shed('{"percentage": 100}')).toMatchObject([200, { connections_shed: 3 }])
  expect(await shed('{"percentage": 101}')).toMatchObject([400, { error: 'Percentage must be between 0 and 100' }])
  expect(await shed('{}')).toMatchObject([400, { error: 'Missing required field: percentage' }])
  expect((await shed('percent'))[0]).toBe(400)
  for (const session of sessions) expect(await session.exists('/').catch(() => session.exists('/'))).toBeDefined()
  for (const session of sessions) await session.close()
}, 30_000)

test('over TLS: on one port with plain HTTP, alone, and with client certificates', async () => {
  const authority = makeCertificate({ name: [['CN', 'authority']], isAuthority: true })
  const server = makeCertificate({ name: [['CN', 'server']], issuer: authority, addresses: ['127.0.0.1'] })
  const superUser = makeCertificate({ name: [['CN', 'root']], issuer: authority })
  writeFileSync(join(root, 'server.pem'), server.keyPem + server.pem)
  writeFileSync(join(root, 'authority.pem'), authority.pem)
  const stores = [
    `ssl.quorum.keyStore.location=${root}/server.pem`,
    `ssl.quorum.trustStore.location=${root}/authority.pem`,
  ]
  const get = (port: number, path: string, identity?: Certificate): Promise<number | string> =>
    new Promise((resolve) => {
      const options = { host: '127.0.0.1', port, path: `/commands/${path}`, ca: authority.pem, agent: false as const }
      const own = identity === undefined ? {} : { key: identity.keyPem, cert: identity.pem }
      const asked = request({ ...options, ...own, headers: { authorization: 'x509' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end()
    })
  const both = await launch('both', [...stores, 'admin.portUnification=true'])
  expect((await both.command('ruok')).status).toBe(200)
  expect(await get(both.adminPort, 'ruok')).toBe(200)
  const alone = await launch('alone', [
    ...stores,
    'admin.forceHttps=true',
    'admin.needClientAuth=true',
    'authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider',
    'X509AuthenticationProvider.superUser=CN=root',
  ])
  expect((await alone.command('ruok')).status).toBe(400)
  expect(await get(alone.adminPort, 'ruok')).not.toBe(200)
  expect(await get(alone.adminPort, 'snapshot?streaming=false', superUser)).toBe(200)
}, 30_000)
