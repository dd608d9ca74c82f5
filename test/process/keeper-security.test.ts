import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NodeClock } from '../../src/io/node/clock.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { clientSecurity } from '../../src/main/zookeeper-security.ts'
import { socketTransport } from '../../src/main/zookeeper-transport.ts'
import { connectZooKeeper } from '../../src/zookeeper/client.ts'
import type { ZooKeeperFullClient } from '../../src/zookeeper/contract.ts'
import { makeCertificate } from '../support/certificates.ts'
import { freePort } from '../support/node-process.ts'

/** `jackdaw keeper` over TLS and with SASL, with our own client and shell. */

const secrets = mkdtempSync(join(tmpdir(), 'jackdaw-secrets-'))
const authority = makeCertificate({ name: [['CN', 'authority']], isAuthority: true })
const write = (name: string, text: string): string => {
  const path = join(secrets, name)
  writeFileSync(path, text)
  return path
}
const named = (name: string, addresses: readonly string[] = []): string => {
  const certificate = makeCertificate({ name: [['CN', name]], issuer: authority, addresses })
  return write(`${name}.pem`, certificate.keyPem + certificate.pem)
}
const trusted = write('authority.pem', authority.pem)
const serverStore = named('server', ['127.0.0.1'])
const clientStore = named('client')
const login = write(
  'login.conf',
  `Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_super="s" user_bob="bobsecret"; };
   Client { org.apache.zookeeper.server.auth.DigestLoginModule required username="bob" password="bobsecret"; };
   Other { org.apache.zookeeper.server.auth.DigestLoginModule required username="bob" password="guess"; };`,
)
const tlsLines = [`ssl.keyStore.location=${serverStore}`, `ssl.trustStore.location=${trusted}`]
const saslLines = [
  'authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider',
  `java.security.auth.login.config=${login}`,
]
const tlsClient = `client.secure=true\nssl.trustStore.location=${trusted}\nssl.keyStore.location=${clientStore}\n`
const saslClient = `java.security.auth.login.config=${login}\n`

let root = ''
const running: ChildProcess[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-keeper-'))
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})
afterAll(() => rmSync(secrets, { recursive: true, force: true }))

interface Running {
  readonly port: number
  readonly securePort: number
  readonly printed: () => string
  readonly ended: Promise<number | null>
}

async function launch(lines: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const [port, securePort] = [await freePort(), await freePort()]
  const file = join(root, 'zoo.cfg')
  const common = [`dataDir=${root}/data`, `clientPort=${port}`, 'clientPortAddress=127.0.0.1', 'tickTime=500']
  const all = [...common, 'admin.enableServer=false', '4lw.commands.whitelist=*', ...lines]
  writeFileSync(file, all.join('\n').replaceAll('SECURE_PORT', String(securePort)))
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  running.push(child)
  let printed = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        if (/^keeper ready in/m.test(printed)) resolve()
      })
    }
    void ended.then(() => resolve())
  })
  return { port, securePort, printed: () => printed, ended }
}

const secureLines = ['secureClientPort=SECURE_PORT', 'secureClientPortAddress=127.0.0.1', ...tlsLines]

function client(port: number, properties: string): Promise<ZooKeeperFullClient> {
  const { openTls, sasl } = clientSecurity(properties)
  return connectZooKeeper({
    transport: socketTransport([{ host: '127.0.0.1', port }], openTls),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    sessionTimeoutMs: 3000,
    connectTimeoutMs: 1500,
    ...(sasl === undefined ? {} : { sasl }),
  })
}

/** Writes bytes and gives what comes back until the end. */
function say(port: number, bytes: Uint8Array | string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => void socket.write(bytes))
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(said))
  })
}

/** Its log comes through a pipe, in its own time. */
function says(keeper: Running, text: string): Promise<void> {
  return vi.waitFor(() => expect(keeper.printed()).toContain(text), { timeout: 5000 })
}

test('TLS and SASL with our own client: who it is, after a restart of its connection too', async () => {
  const keeper = await launch([...secureLines, ...saslLines])
  const session = await client(keeper.securePort, tlsClient + saslClient)
  expect(await session.whoAmI()).toEqual([
    { scheme: 'ip', user: '127.0.0.1' },
    { scheme: 'x509', user: 'CN=client' },
    { scheme: 'sasl', user: 'bob' },
  ])
  const acl = [{ permissions: 31, scheme: 'sasl', id: 'bob' }]
  await session.createNode('/bobs', new Uint8Array(300_000), { acl })
  expect((await session.getData('/bobs')).data?.length).toBe(300_000)
  const other = await client(keeper.port, '')
  await expect(other.getData('/bobs')).rejects.toMatchObject({ code: -102 })
  expect(await say(keeper.port, 'cons')).toContain('recved=')
  await other.close()
  await session.close()
}, 30_000)

test('a wrong password, a server without SASL, a server that the client does not trust', async () => {
  const keeper = await launch([...secureLines, ...saslLines])
  await expect(client(keeper.port, `${saslClient}sasl.clientconfig=Other`)).rejects.toMatchObject({ code: -115 })
  await says(keeper, "the password of 'bob' is wrong")
  const strangers = write('stranger.pem', makeCertificate({ name: [['CN', 'stranger']], isAuthority: true }).pem)
  await expect(client(keeper.securePort, `client.secure=true\nssl.trustStore.location=${strangers}`)).rejects.toThrow(
    'self-signed certificate in certificate chain',
  )
  expect(await say(keeper.port, 'ruok')).toBe('imok')
}, 30_000)

test('system properties of Java count: a super user and enforced authentication from SERVER_JVMFLAGS', async () => {
  const keeper = await launch([], {
    SERVER_JVMFLAGS:
      '-Xmx1g -Dzookeeper.DigestAuthenticationProvider.superDigest=super:D/InIHSb7yEEbrWz8b9l71RjZJU= ' +
      '"-Dzookeeper.enforce.auth.enabled=true" -Dzookeeper.enforce.auth.schemes=digest',
  })
  const session = await client(keeper.port, '')
  await session.addAuth('digest', new TextEncoder().encode('super:test'))
  expect((await session.whoAmI()).map(({ scheme }) => scheme)).toEqual(['ip', 'super', 'digest'])
  await session.close()
  const nobody = await client(keeper.port, '')
  await expect(nobody.getChildren('/')).rejects.toMatchObject({ code: -124 })
  await nobody.close()
}, 30_000)

test('the wrong protocol on either port: a line, a close, and service goes on', async () => {
  const keeper = await launch(secureLines)
  expect(await say(keeper.securePort, 'ruok')).toBe('')
  await says(keeper, 'plain text on a TLS port')
  expect(await say(keeper.port, new Uint8Array([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]))).toBe('')
  await says(keeper, 'which is how TLS begins: connect to secureClientPort')
  expect(await say(keeper.port, 'GET / HTTP/1.1\r\n\r\n')).toBe('')
  await says(keeper, 'which is how HTTP begins')
  expect(await say(keeper.port, 'ruok')).toBe('imok')
  const session = await client(keeper.securePort, tlsClient)
  await session.close()
}, 30_000)

test('files, passwords and sections that are wrong keep the server from starting, and it says which', async () => {
  const encrypted = 'test/unit/io/vectors/stores/encrypted.pem'
  const wrong = [
    [['secureClientPort=SECURE_PORT'], 'ssl.keyStore.location is missing'],
    [[...secureLines, `ssl.keyStore.location=${root}/none.pem`], 'none.pem cannot be opened'],
    [[...secureLines, `ssl.keyStore.location=${encrypted}`, 'ssl.keyStore.password=no'], 'the password is wrong'],
    [[...secureLines, 'ssl.ciphersuites=TLS_ECDHE_RSA_WITH_NOTHING'], 'cipher suites ECDHE-RSA-NOTHING'],
    [[...secureLines, 'ssl.crl=true'], 'ssl.crl: revoked certificates are not looked for'],
    [[...saslLines, 'sasl.serverconfig=Nobody'], 'there is no section Nobody'],
    [['authProvider.1=org.example.Own'], 'authProvider.1=org.example.Own: Java classes cannot be loaded'],
  ] as const
  for (const [lines, sentence] of wrong) {
    const keeper = await launch(lines)
    expect(await keeper.ended).toBe(1)
    await says(keeper, sentence)
  }
}, 60_000)

test('the shell over TLS and SASL, set up by a file or by CLIENT_JVMFLAGS', async () => {
  const keeper = await launch([...secureLines, ...saslLines])
  const shell = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['dist/src/cli/shims/zkCli.js', '-timeout', '3000', ...args, 'whoami'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env },
      })
      running.push(child)
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)))
      child.once('close', () => resolve(said))
    })
  const file = write('client.properties', `zookeeper.${tlsClient.replaceAll('\nssl', '\nzookeeper.ssl')}${saslClient}`)
  const server = ['-server', `127.0.0.1:${keeper.securePort}`]
  expect(await shell([...server, '-client-configuration', file], {})).toMatch(
    /x509\s*:?\s*CN=client[\s\S]*sasl\s*:?\s*bob/,
  )
  const flags = `-Dzookeeper.client.secure=true -Dzookeeper.ssl.trustStore.location=${trusted} -Dzookeeper.ssl.keyStore.location=${clientStore}`
  expect(await shell(server, { CLIENT_JVMFLAGS: flags })).toContain('CN=client')
  expect(await shell(server, { CLIENT_JVMFLAGS: '-Dzookeeper.client.secure=true' })).toContain('certificate')
  const missing = '-Dzookeeper.client.secure=true -Dzookeeper.ssl.trustStore.location=/nowhere.pem'
  expect(await shell(server, { CLIENT_JVMFLAGS: missing })).toContain('/nowhere.pem cannot be opened')
}, 30_000)

test('zkServer.sh status finds out over TLS where there is no plain port', async () => {
  const keeper = await launch([...secureLines, 'ssl.clientAuth=none'])
  const file = write('secure-only.cfg', `secureClientPort=${keeper.securePort}\nsecureClientPortAddress=127.0.0.1\n`)
  const said = await new Promise<string>((resolve) => {
    const child = spawn(process.execPath, ['dist/src/cli/shims/zkServer.js', 'status', file], {
      env: { ...process.env, CLIENT_JVMFLAGS: `-Dzookeeper.ssl.trustStore.location=${trusted}` },
    })
    running.push(child)
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += String(chunk)))
    child.once('close', () => resolve(text))
  })
  expect(said).toContain('Client SSL: true.\nMode: standalone')
}, 20_000)

test('a broker reaches an ensemble over TLS and with SASL, as Kafka is set up for it', async () => {
  const keeper = await launch([...secureLines, ...saslLines, 'sessionRequireClientSASLAuth=true'])
  const properties = write(
    'server.properties',
    [
      `listeners=PLAINTEXT://127.0.0.1:${await freePort()}`,
      `log.dirs=${root}/kafka`,
      `zookeeper.connect=127.0.0.1:${keeper.securePort}`,
      'zookeeper.ssl.client.enable=true',
      `zookeeper.ssl.keystore.location=${clientStore}`,
      `zookeeper.ssl.truststore.location=${trusted}`,
      'jackdaw.http.port=-1',
    ].join('\n'),
  )
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'start', properties], {
    env: { ...process.env, KAFKA_OPTS: `-Djava.security.auth.login.config=${login}` },
  })
  running.push(child)
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += String(chunk)))
  await vi.waitFor(() => expect(printed).toMatch(/\[KafkaServer id=\d+\] started/), { timeout: 20_000 })
  const session = await client(keeper.securePort, tlsClient + saslClient)
  expect((await session.getChildren('/brokers/ids')).children).toHaveLength(1)
  await session.close()
}, 30_000)
