import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NodeClock } from '../../src/io/node/clock.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { connectZooKeeper } from '../../src/zookeeper/client.ts'
import type { ZooKeeperClient } from '../../src/zookeeper/contract.ts'
import { freePort } from '../support/node-process.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

let root = ''
const running: ChildProcess[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-keeper-'))
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

interface Outcome {
  readonly child: ChildProcess
  readonly port: number
  readonly printed: () => string
  /** Exit code or signal. */
  readonly ended: Promise<number | string | null>
}

function writeConfiguration(lines: readonly string[]): string {
  const file = join(root, 'zoo.cfg')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

function run(file: string, port: number): Outcome {
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  }
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return { child, port, printed: () => printed, ended }
}

/** Starts a keeper and waits for its line of readiness. */
async function start(extra: readonly string[] = [], port?: number): Promise<Outcome> {
  const chosen = port ?? (await freePort())
  const lines = [`dataDir=${root}/data`, `clientPort=${chosen}`, 'clientPortAddress=127.0.0.1', 'tickTime=500']
  const outcome = run(writeConfiguration([...lines, '4lw.commands.whitelist=*', ...extra]), chosen)
  await new Promise<void>((resolve, reject) => {
    outcome.child.stdout?.on('data', () => {
      if (/^keeper ready in/m.test(outcome.printed())) resolve()
    })
    void outcome.ended.then(() => reject(new Error(`the keeper ended:\n${outcome.printed()}`)))
  })
  return outcome
}

function client(port: number): Promise<ZooKeeperClient> {
  return connectZooKeeper({
    transport: {
      connect: (handlers) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => handlers.opened())
        socket.on('data', (bytes) => handlers.received(bytes))
        socket.on('error', () => {})
        socket.on('close', () => handlers.closed('closed'))
        return { send: (bytes) => void socket.write(bytes), close: () => void socket.end() }
      },
    },
    clock: new NodeClock(),
    timers: new NodeTimers(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    sessionTimeoutMs: 5000,
  })
}

function word(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => void socket.write(text))
    socket.on('data', (bytes) => {
      said += bytes.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(said))
  })
}

test('a zoo.cfg is enough: clients, four-letter words, admin server and metrics are served, and a signal ends it', async () => {
  const [adminPort, metricsPort] = [await freePort(), await freePort()]
  const keeper = await start([
    `admin.serverPort=${adminPort}`,
    'admin.serverAddress=127.0.0.1',
    'metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider',
    `metricsProvider.httpPort=${metricsPort}`,
    'metricsProvider.httpHost=127.0.0.1',
    'snapCnt=10',
  ])
  expect(keeper.printed()).toContain('Did you mean snapCount?')
  const session = await client(keeper.port)
  await session.create('/a', bytesOf('one'))
  expect(await word(keeper.port, 'ruok')).toBe('imok')
  expect(await word(keeper.port, 'conf')).toContain(`clientPort=${keeper.port}\n`)
  const base = `http://127.0.0.1:${adminPort}/commands`
  expect(await (await fetch(base)).text()).toContain('<a href="/commands/monitor">monitor</a>')
  expect(await (await fetch(`${base}/mntr`)).json()).toMatchObject({ command: 'monitor', error: null, znode_count: 6 })
  expect(await (await fetch(`${base}/nothing`)).json()).toEqual({
    command: 'nothing',
    error: 'Unknown command: nothing',
  })
  expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toContain('\nznode_count 6\n')
  keeper.child.kill('SIGTERM')
  expect(await keeper.ended).toBe(0)
  await session.close().catch(() => {})
}, 30_000)

test('what was acknowledged is there after kill -9', async () => {
  let keeper = await start(['admin.enableServer=false'])
  const session = await client(keeper.port)
  for (let index = 0; index < 50; index += 1) await session.create(`/n${index}`, bytesOf(String(index)))
  keeper.child.kill('SIGKILL')
  expect(await keeper.ended).toBe('SIGKILL')
  keeper = await start(['admin.enableServer=false'], keeper.port)
  const again = await client(keeper.port)
  expect(new TextDecoder().decode((await again.getData('/n49')).data ?? undefined)).toBe('49')
  await again.close()
  await session.close().catch(() => {})
}, 30_000)

test('a data directory is served by one keeper at a time', async () => {
  await start(['admin.enableServer=false'])
  const port = await freePort()
  const second = run(
    writeConfiguration([`dataDir=${root}/data`, `clientPort=${port}`, 'admin.enableServer=false']),
    port,
  )
  expect(await second.ended).toBe(1)
  expect(second.printed()).toContain('is in use by another Jackdaw process')
}, 30_000)

test('an ensemble without its keys, a port of its own or a number is refused with what to do', async () => {
  mkdirSync(join(root, 'data'))
  writeFileSync(join(root, 'data/myid'), 'first\n')
  const servers = ['server.1=a:2888:3888', 'server.2=b:2888:3888', 'server.3=c:2888:3888']
  const refused = run(writeConfiguration([`dataDir=${root}/data`, ...servers]), 0)
  expect(await refused.ended).toBe(1)
  expect(refused.printed()).toContain('initLimit is not set: a member of an ensemble needs it')
  expect(refused.printed()).toContain("holds 'first': it must hold this server's number")
  const unreadable = run(join(root, 'nothing.cfg'), 0)
  expect(await unreadable.ended).toBe(2)
}, 30_000)
