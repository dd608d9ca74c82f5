import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connectTo } from '../../../src/cli/zk/connection.ts'
import { freePort } from '../../support/node-process.ts'
import { jars } from '../support/peers.ts'

/** The admin servers of a real ZooKeeper 3.9.5 and of a keeper, asked the same. */

const root = mkdtempSync(join(tmpdir(), 'jackdaw-admin-servers-'))
const children: ChildProcess[] = []

interface Server {
  readonly name: string
  readonly port: number
  readonly adminPort: number
}

async function start(name: string): Promise<Server> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const directory = join(root, name)
  mkdirSync(directory)
  const file = join(directory, 'zoo.cfg')
  const lines = [
    `dataDir=${directory}/data`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'tickTime=500',
    `admin.serverPort=${adminPort}`,
    'admin.serverAddress=127.0.0.1',
    'admin.rateLimiterIntervalInMS=0',
    'DigestAuthenticationProvider.superDigest=super:D/InIHSb7yEEbrWz8b9l71RjZJU=',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const java = [
    '-Xmx256m',
    '-cp',
    `${jars('zookeeper-3.9.5-admin')}/*`,
    'org.apache.zookeeper.server.quorum.QuorumPeerMain',
  ]
  const child = name.startsWith('real')
    ? spawn('java', [...java, file], { stdio: 'ignore' })
    : spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], { stdio: 'ignore' })
  children.push(child)
  const server = { name, port, adminPort }
  await vi.waitFor(async () => expect((await ask(server, 'ruok')).status).toBe(200), { timeout: 30_000, interval: 200 })
  return server
}

function ask({ adminPort }: Server, command: string, options?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${adminPort}/commands/${command}`, options)
}

let real: Server
let keeper: Server
beforeAll(async () => {
  real = await start('real')
  keeper = await start('keeper')
  for (const { port } of [real, keeper]) {
    const session = await connectTo(`127.0.0.1:${port}`, 20_000)
    await session.create('/a', new Uint8Array(3))
    await session.create('/e', null, 'ephemeral')
    await session.getData('/a', () => {})
    await session.getChildren('/', () => {})
  }
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

test('the same commands are listed, and one of a later release', async () => {
  const list = async (server: Server): Promise<string[]> =>
    [...(await (await ask(server, '')).text()).matchAll(/<a href="([^"]+)">(\w+)<\/a>/g)].map(([, link = '']) => link)
  const wanted = await list(real)
  expect(wanted.length).toBeGreaterThan(25)
  expect((await list(keeper)).filter((link) => link !== '/commands/shed_connections')).toEqual(wanted)
})

const commands = [
  ...['configuration', 'connections', 'dirs', 'dump', 'environment', 'get_trace_mask', 'hash', 'initial_configuration'],
  ...['is_read_only', 'last_snapshot', 'leader', 'observers', 'ruok', 'server_stats', 'stats', 'voting_view'],
  ...['watch_summary', 'watches', 'watches_by_path', 'zabstate', 'set_trace_mask', 'connection_stat_reset'],
  ...['stat_reset', 'observer_connection_stat_reset', 'nothing_of_the_kind', 'conf', 'srvr', 'stmk?traceMask=300'],
]

/** What belongs to Java, or is in one of them for a reason of its own. */
const apart: Readonly<Record<string, RegExp>> = {
  environment: /^(java\.|node\.|os\.memory|user\.|zookeeper\.version)/,
}

test.each(commands)('%s answers with the same fields and status', async (command) => {
  const answers = await Promise.all([real, keeper].map(async (server) => ask(server, command)))
  const bodies = await Promise.all(answers.map(async (answer) => (await answer.json()) as Record<string, unknown>))
  const [theirs, ours] = bodies.map((body) =>
    Object.keys(body)
      .filter((field) => apart[command]?.test(field) !== true)
      .sort(),
  )
  expect(ours).toEqual(theirs)
  expect(answers[1]?.status).toBe(answers[0]?.status)
  expect([bodies[1]?.['command'], bodies[1]?.['error']]).toEqual([bodies[0]?.['command'], bodies[0]?.['error']])
})

test.each([
  ['snapshot', 'GET', undefined],
  ['snapshot?streaming=false', 'GET', 'digest super:wrong'],
  ['snapshot?streaming=false', 'GET', 'digest super:test'],
  ['snapshot?streaming=false', 'GET', 'ip'],
  ['snapshot?streaming=false', 'GET', 'foo bar'],
  ['restore', 'POST', undefined],
  ['restore', 'POST', 'nothing of the kind'],
])('%s (%s, %s) is let through or refused in the same way', async (command, method, authorization) => {
  const answers = await Promise.all(
    [real, keeper].map(async (server) => {
      const answer = await ask(server, command, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      })
      return [answer.status, await answer.json()]
    }),
  )
  expect(answers[1]).toEqual(answers[0])
})

test('a snapshot of either is restored by the other', async () => {
  const headers = { authorization: 'digest super:test' }
  const [otherReal, otherKeeper] = [await start('real-2'), await start('keeper-2')]
  for (const [from, into] of [
    [real, otherKeeper],
    [keeper, otherReal],
  ] as const) {
    const taken = await ask(from, 'snapshot', { headers })
    expect([taken.status, taken.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
    const body = new Uint8Array(await taken.arrayBuffer())
    expect(taken.headers.get('snapshot_size')).toBe(String(body.length))
    const restored = await ask(into, 'restore', { method: 'POST', headers, body })
    expect([restored.status, await restored.json()]).toEqual([
      200,
      { command: 'restore', error: null, last_zxid: Number(taken.headers.get('last_zxid')) },
    ])
    const session = await connectTo(`127.0.0.1:${into.port}`, 10_000)
    expect((await session.getData('/a')).data?.length).toBe(3)
    await session.close()
  }
})

test('every metric that both have has one kind', async () => {
  const kinds = async (server: Server): Promise<Map<string, unknown>> =>
    new Map(Object.entries((await (await ask(server, 'monitor')).json()) as Record<string, unknown>))
  const [theirs, ours] = [await kinds(real), await kinds(keeper)]
  const unknown = [...ours.keys()].filter((name) => !theirs.has(name) && !/^p\d+_/.test(name))
  expect(unknown).toEqual([])
  for (const [name, value] of ours)
    if (theirs.has(name)) expect([name, typeof value]).toEqual([name, typeof theirs.get(name)])
})
