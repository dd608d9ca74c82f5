import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { fourLetterWord } from '../../../src/cli/zk/connection.ts'
import { nodeHash } from '../../../src/io/node/hash.ts'
import {
  readWhoAmIResponse,
  writeAuthPacket,
  writeCreateRequest,
  writeGetSASLRequest,
} from '../../../src/jute/generated/proto.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { DigestMd5Client } from '../../../src/security/digest-md5.ts'
import { freePort } from '../../support/node-process.ts'
import { jars } from '../support/peers.ts'
import { RawClient } from './raw-client.ts'
import { writeLogin } from './secured-keeper.ts'

/** The same packets about who is who, to a real ZooKeeper 3.9.5 and to a keeper: codes, bodies and closes must agree. */

const root = mkdtempSync(join(tmpdir(), 'jackdaw-auth-'))
const login = writeLogin(root, 'server', 'bobsecret')
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function start(kind: 'real' | 'jackdaw', lines: readonly string[], flags: readonly string[]): Promise<number> {
  const port = await freePort()
  const directory = mkdtempSync(join(root, kind))
  mkdirSync(join(directory, 'data'))
  const file = join(directory, 'zoo.cfg')
  const common = [`dataDir=${directory}/data`, `clientPort=${port}`, 'clientPortAddress=127.0.0.1', 'tickTime=2000']
  const all = [...common, 'admin.enableServer=false', '4lw.commands.whitelist=*', ...lines]
  writeFileSync(file, `${all.join('\n')}\n`)
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
  const child =
    kind === 'real'
      ? spawn('java', ['-Xmx256m', ...flags, '-cp', `${jars('zookeeper-3.9.5')}/*`, main, file], { stdio: 'ignore' })
      : spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], {
          stdio: 'ignore',
          env: { ...process.env, SERVER_JVMFLAGS: flags.join(' ') },
        })
  running.push(child)
  const isThere = async (): Promise<void> =>
    expect(await fourLetterWord('srvr', { host: '127.0.0.1', port }, 1000)).toContain('Mode: standalone')
  await vi.waitFor(isThere, { timeout: 30_000, interval: 100 })
  return port
}

type Step = (client: RawClient) => Promise<string>

/** Names of what a challenge says, in alphabetical order: nonces are chance, and `qop` may be left out. */
function challengeShape(token: Uint8Array): string {
  const names = [...new TextDecoder().decode(token).matchAll(/([a-z-]+)=/g)].map(([, name]) => name)
  return names
    .filter((name) => name !== 'qop')
    .sort()
    .join()
}

/** What a step's answer was: code and bytes behind the header, whether the connection ended with it. */
async function answer(
  client: RawClient,
  operation: number,
  write: Parameters<RawClient['request']>[1],
): Promise<string> {
  try {
    const { code, reader } = await client.request(operation, write)
    const rest = [...reader.from(reader.at)]
    if (operation !== Operation.sasl) return `${code} [${rest.join(' ')}]`
    const token = rest.length === 0 ? undefined : reader.buffer()
    return `${code} ${token === undefined ? 'nothing' : token === null ? 'null' : challengeShape(token)}`
  } catch (error) {
    return error instanceof Error && error.message.includes('closed instead') ? 'closed' : String(error)
  }
}

const auth =
  (scheme: string | null, proof: string | null): Step =>
  (client) =>
    answer(client, Operation.auth, (writer) =>
      writeAuthPacket(writer, { type: 0, scheme, auth: proof === null ? null : new TextEncoder().encode(proof) }),
    )
const sasl =
  (token: string): Step =>
  (client) =>
    answer(client, Operation.sasl, (writer) => writeGetSASLRequest(writer, { token: new TextEncoder().encode(token) }))
/** In no particular order there. */
const whoAmI: Step = async (client) => {
  const { reader } = await client.request(Operation.whoAmI, () => {})
  const { clientInfo } = readWhoAmIResponse(reader)
  return (clientInfo ?? [])
    .map(({ authScheme, user }) => `${authScheme}:${user}`)
    .sort()
    .join()
}
const ping: Step = (client) => answer(client, Operation.ping, () => {})
const exists: Step = (client) =>
  answer(client, Operation.exists, (writer) => {
    writer.string('/nowhere')
    writer.boolean(false)
  })
let created = 0
const create =
  (scheme: string, id: string): Step =>
  (client) =>
    answer(client, Operation.create, (writer) => {
      created += 1
      const acl = [{ perms: 31, id: { scheme, id } }]
      writeCreateRequest(writer, { path: `/n${String(created).padStart(4, '0')}`, data: null, acl, flags: 0 })
    })

/** A whole exchange; what is told is what became of it. */
const saslAs =
  (user: string, password: string): Step =>
  async (client) => {
    const exchange = new DigestMd5Client(nodeHash, user, password, new Uint8Array(16).fill(7))
    let token: Uint8Array = new Uint8Array(0)
    for (let round = 0; round < 3; round += 1) {
      const { code, reader } = await client.request(Operation.sasl, (writer) => writeGetSASLRequest(writer, { token }))
      const next = code === 0 ? reader.buffer() : null
      if (next === null) return `code ${code}`
      const step = exchange.step(next)
      if (step.kind !== 'answer') return step.kind
      token = step.token
    }
    return 'endless'
  }

async function compare(
  lines: readonly string[],
  flags: readonly string[],
  sessions: readonly (readonly Step[])[],
): Promise<void> {
  const told: string[][] = []
  for (const kind of ['real', 'jackdaw'] as const) {
    const port = await start(kind, lines, flags)
    const out: string[] = []
    created = 0
    for (const steps of sessions) {
      const client = new RawClient(port)
      await client.open()
      for (const step of steps) out.push(await step(client))
      // Whether the server ends it by itself shows a moment later.
      await client.when(() => client.isClosed, 'the close', 300).catch(() => {})
      out.push(client.isClosed ? 'ended' : 'open')
      client.end()
    }
    told.push(out)
  }
  expect(told[1]).toEqual(told[0])
  expect(new Set(told[0]).size).toBeGreaterThan(3)
}

const saslProvider = 'authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider'
const x509Provider = 'authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider'
const loginFlag = `-Djava.security.auth.login.config=${login}`

test('schemes that are there and that are not', async () => {
  await compare(
    [],
    [],
    [
      [auth('digest', 'a:b'), whoAmI, create('auth', ''), create('digest', 'a:b'), create('digest', 'ab')],
      [auth('ip', ''), auth('ip', null), whoAmI],
      [auth('x509', '')],
      [auth('sasl', 'bob')],
      [auth('world', 'anyone')],
      [auth('digest', null)],
      [auth('digest', '')],
      [auth(null, 'x')],
      [sasl(''), whoAmI],
      [
        create('x509', 'CN=a'),
        create('sasl', 'bob'),
        create('super', ''),
        create('world', 'somebody'),
        create('auth', 'x'),
      ],
    ],
  )
})

test('SASL: whole exchanges, tokens of all sorts, access lists', async () => {
  await compare(
    [saslProvider, 'superUser=super', x509Provider],
    [loginFlag],
    [
      [saslAs('bob', 'bobsecret'), whoAmI, create('auth', ''), create('sasl', 'bob'), create('sasl', 'a@b@c'), exists],
      [saslAs('super', 'adminsecret'), whoAmI],
      [saslAs('bob', 'guess')],
      [saslAs('eve', 'guess')],
      [sasl('nonsense')],
      [exists, auth('sasl', 'x')],
      [create('x509', 'CN=a,O=b'), create('x509', 'nonsense'), create('x509', ''), create('sasl', 'zk/host@REALM')],
    ],
  )
})

test('enforced schemes, with SASL among them and without', async () => {
  await compare(
    ['enforce.auth.enabled=true', 'enforce.auth.schemes=digest'],
    [],
    [[exists], [ping], [create('world', 'anyone')], [auth('digest', 'a:b'), exists, ping, whoAmI], [sasl('')]],
  )
  await compare(
    [saslProvider, 'sessionRequireClientSASLAuth=true'],
    [loginFlag],
    [[exists], [auth('digest', 'a:b'), exists], [saslAs('bob', 'guess')], [saslAs('bob', 'bobsecret'), exists, whoAmI]],
  )
})

test('a failed exchange that is forgiven', async () => {
  await compare(
    [saslProvider],
    [loginFlag, '-Dzookeeper.allowSaslFailedClients=true'],
    [
      [saslAs('bob', 'guess'), exists, whoAmI],
      [saslAs('bob', 'bobsecret'), whoAmI],
      [sasl('nonsense'), exists],
    ],
  )
})

test('an ensemble with a name', async () => {
  const provider = 'authProvider.1=org.apache.zookeeper.server.auth.EnsembleAuthenticationProvider'
  await compare(
    [provider, 'ensembleAuthName=one, two'],
    [],
    [
      [auth('ensemble', 'two'), whoAmI],
      [auth('ensemble', ''), exists],
      [auth('ensemble', 'three')],
      [create('ensemble', 'one')],
    ],
  )
})
