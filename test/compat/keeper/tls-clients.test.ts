import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { has, jars, type Outcome, python, run } from '../support/peers.ts'
import { makeSecrets, type SecuredKeeper, startKeeper, writeLogin } from './secured-keeper.ts'

/** Unmodified clients over TLS and with SASL, on `jackdaw keeper`. */

const programs = join(import.meta.dirname, 'programs')
const secrets = makeSecrets()
const { folder, clientName } = secrets
const running: SecuredKeeper[] = []

afterEach(async () => {
  for (const keeper of running.splice(0)) await keeper.stop()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function keeper(...lines: readonly string[]): Promise<SecuredKeeper> {
  const started = await startKeeper(lines)
  running.push(started)
  return started
}

const pemStores = [`ssl.keyStore.location=${folder}/server.pem`, `ssl.trustStore.location=${folder}/authority.pem`]

/** System properties of a Java client that shows the certificate of that name; undefined = none. */
function tlsProperties(name: string | undefined): string[] {
  return [
    '-Dzookeeper.client.secure=true',
    '-Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty',
    `-Dzookeeper.ssl.trustStore.location=${folder}/authority.pem`,
    ...(name === undefined ? [] : [`-Dzookeeper.ssl.keyStore.location=${folder}/${name}.pem`]),
  ]
}

function saslProperties(login: string): string[] {
  return ['-Dzookeeper.fips-mode=false', `-Djava.security.auth.login.config=${login}`]
}

function javaClient(port: number, properties: readonly string[], ...args: readonly string[]): Promise<Outcome> {
  const small = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', `${jars('zookeeper-3.9.5')}/*`]
  return run('java', [...small, ...properties, join(programs, 'SecureJavaClient.java'), `127.0.0.1:${port}`, ...args])
}

test('Java client 3.9.5 over TLS: its certificate is its identity', async () => {
  const { securePort } = await keeper(...pemStores)
  const outcome = await javaClient(securePort, tlsProperties('client'), 'x509', clientName)
  expect(outcome.output).toContain('ok secure')
  expect(outcome.output).toContain(`who x509:${clientName}`)
})

test('zkCli 3.9.5 over TLS, and without a certificate where one is only wanted', async () => {
  const { securePort, printed } = await keeper(...pemStores, 'ssl.clientAuth=want')
  const args = [
    '-cp',
    `${jars('zookeeper-3.9.5')}/*`,
    ...tlsProperties(undefined),
    'org.apache.zookeeper.ZooKeeperMain',
  ]
  const outcome = await run('java', [...args, '-server', `localhost:${securePort}`], {
    input: 'create /shell hello\nget /shell\nwhoami\nquit\n',
  })
  expect(outcome.output).toContain('Created /shell')
  expect(outcome.output).toContain('hello')
  expect(outcome.output).not.toContain('x509')
  expect(printed()).not.toContain('not let in')
})

test('a stranger, a late certificate and none are kept out, with the reason in the log', async () => {
  const { securePort, printed } = await keeper(...pemStores)
  for (const name of ['stranger', 'expired', undefined]) {
    expect((await javaClient(securePort, tlsProperties(name), '-')).output).toContain('ok refused')
  }
  // Java shows no certificate at all when it has none of an authority that the server named.
  await vi.waitFor(() => expect(printed()).toContain('CN=late expired'))
  await vi.waitFor(() => expect(printed()).toContain('the client showed no certificate'))
})

test('one port for both: Java client over TLS and in plain on clientPort', async () => {
  const { port } = await keeper(...pemStores, 'client.portUnification=true')
  expect((await javaClient(port, tlsProperties('client'), 'x509', clientName)).output).toContain('ok secure')
  expect((await javaClient(port, [], 'none')).output).toContain('ok secure')
})

test('a server whose stores keytool and openssl made: PKCS12 and JKS', async (context) => {
  context.skip(!has('keytool') || !has('openssl'), 'keytool and openssl are needed')
  const secret = 'pass:password'
  const p12 = join(folder, 'server.p12')
  execFileSync('openssl', ['pkcs12', '-export', '-in', join(folder, 'server.pem'), '-out', p12, '-passout', secret])
  const jks = join(folder, 'server.jks')
  const keytool = (...args: readonly string[]): void => {
    execFileSync('keytool', [...args, '-storepass', 'password'], { stdio: 'ignore' })
  }
  execFileSync(
    'keytool',
    [
      '-importkeystore',
      '-srckeystore',
      p12,
      '-srcstorepass',
      'password',
      '-destkeystore',
      jks,
      '-deststoretype',
      'JKS',
      '-deststorepass',
      'password',
    ],
    { stdio: 'ignore' },
  )
  for (const type of ['JKS', 'PKCS12']) {
    const trust = join(folder, `trust.${type.toLowerCase()}`)
    keytool('-importcert', '-noprompt', '-file', join(folder, 'authority.pem'), '-keystore', trust, '-storetype', type)
    const { securePort } = await keeper(
      `ssl.keyStore.location=${type === 'JKS' ? jks : p12}`,
      'ssl.keyStore.password=password',
      `ssl.trustStore.location=${trust}`,
      `ssl.trustStore.type=${type}`,
      'ssl.trustStore.password=password',
    )
    const outcome = await javaClient(securePort, tlsProperties('client'), 'x509', clientName)
    expect(outcome.output).toContain('ok secure')
    await running.pop()?.stop()
  }
})

const saslProvider = 'authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider'

test('Java client 3.9.5 with SASL DIGEST-MD5, in plain and over TLS; a wrong password', async () => {
  const login = writeLogin(folder, 'good', 'bobsecret')
  const { port, securePort, printed } = await keeper(
    ...pemStores,
    saslProvider,
    `java.security.auth.login.config=${login}`,
    'superUser=admin',
  )
  const plain = await javaClient(port, saslProperties(login), 'sasl', 'bob')
  expect(plain.output).toContain('ok secure')
  expect(plain.output).toContain('who sasl:bob')
  const both = await javaClient(securePort, [...tlsProperties('client'), ...saslProperties(login)], 'sasl', 'bob')
  expect(both.output).toContain('ok secure')
  expect(both.output).toContain(`who x509:${clientName}`)
  const wrong = writeLogin(folder, 'wrong', 'guess')
  const refused = await javaClient(port, saslProperties(wrong), '-')
  expect(refused.output).toContain('event AuthFailed')
  expect(refused.output).toContain('ok refused')
  await vi.waitFor(() => expect(printed()).toContain("the password of 'bob' is wrong"))
})

test('SASL that is required: who does not use it is sent away, who does is served', async () => {
  const login = writeLogin(folder, 'required', 'bobsecret')
  const { port, printed } = await keeper(
    saslProvider,
    `java.security.auth.login.config=${login}`,
    'sessionRequireClientSASLAuth=true',
  )
  expect((await javaClient(port, [], '-')).output).toContain('ok refused')
  await vi.waitFor(() => expect(printed()).toContain('it proved none of the schemes that are enforced'))
  expect((await javaClient(port, saslProperties(login), 'sasl', 'bob')).output).toContain('ok secure')
})

test('kazoo over TLS, with SASL, with both, and with a wrong password', async (context) => {
  const interpreter = python('kazoo[sasl]==2.10.0')
  context.skip(interpreter === undefined, 'kazoo cannot be installed here')
  const login = writeLogin(folder, 'kazoo', 'bobsecret')
  const { port, securePort } = await keeper(...pemStores, saslProvider, `java.security.auth.login.config=${login}`)
  const kazoo = (...args: readonly string[]): Promise<Outcome> =>
    run(interpreter ?? '', [join(programs, 'kazoo_secure.py'), ...args])
  expect((await kazoo(`127.0.0.1:${securePort}`, folder, '-', '-')).output).toContain('ok kazoo secure')
  expect((await kazoo(`127.0.0.1:${port}`, '-', 'bob', 'bobsecret')).output).toContain('ok kazoo secure')
  expect((await kazoo(`127.0.0.1:${securePort}`, folder, 'bob', 'bobsecret')).output).toContain('ok kazoo secure')
  expect((await kazoo(`127.0.0.1:${port}`, '-', 'bob', 'guess', 'refused')).output).toContain('refused with')
})
