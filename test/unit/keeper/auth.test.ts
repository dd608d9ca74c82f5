import { expect, test } from 'vitest'
import { nodeHash } from '../../../src/io/node/hash.ts'
import { type AuthRules, defaultAuthRules } from '../../../src/keeper/server/auth-rules.ts'
import { connectZooKeeper } from '../../../src/zookeeper/client.ts'
import type { AclEntry, ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import type { SaslLogin } from '../../../src/zookeeper/sasl.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { bytesOf, KeeperWorld, silentLog, steadyEntropy } from './support.ts'

const certificate = makeCertificate({
  name: [
    ['CN', 'client'],
    ['O', 'Org'],
  ],
}).der
const users = new Map([
  ['bob', 'bobsecret'],
  ['root', 'rootsecret'],
])

function world(rules: Partial<AuthRules>): KeeperWorld {
  return new KeeperWorld({ auth: rules, hash: nodeHash }).start()
}

function client(
  of: KeeperWorld,
  sasl?: { readonly user: string; readonly password: string },
): Promise<ZooKeeperFullClient> {
  const login: SaslLogin | undefined =
    sasl === undefined ? undefined : { ...sasl, hash: nodeHash, entropy: steadyEntropy }
  return connectZooKeeper({
    transport: of.transport(),
    clock: of.time,
    timers: of.time,
    log: silentLog,
    sessionTimeoutMs: 6000,
    ...(login === undefined ? {} : { sasl: login }),
  })
}

const all = (scheme: string, id: string): readonly AclEntry[] => [{ permissions: 31, scheme, id }]
const x509Schemes = new Set(['ip', 'digest', 'x509'])
const saslSchemes = new Set(['ip', 'digest', 'sasl'])

test("a certificate's subject is an identity, for access lists and for `auth`", async () => {
  const under = world({ schemes: x509Schemes })
  under.peerCertificate = certificate
  const known = await client(under)
  await known.createNode('/mine', null, { acl: all('x509', 'CN=client,O=Org') })
  await known.createNode('/auth', null, { acl: all('auth', '') })
  expect((await known.getAcl('/auth')).acl).toEqual(all('x509', 'CN=client,O=Org'))
  under.peerCertificate = undefined
  const other = await client(under)
  await expect(other.getData('/mine')).rejects.toMatchObject({ code: -102 })
  await expect(other.addAuth('x509', null)).rejects.toMatchObject({ code: -115 })
})

test('the super user of certificates and of SASL may do everything', async () => {
  const under = world({
    schemes: x509Schemes,
    x509SuperUser: 'CN=client,O=Org',
    saslUsers: users,
    saslSuperUsers: new Set(['root']),
  })
  const owner = await client(under)
  await owner.createNode('/closed', null, { acl: all('digest', 'nobody:hash') })
  await expect(owner.getData('/closed')).rejects.toMatchObject({ code: -102 })
  const root = await client(under, { user: 'root', password: 'rootsecret' })
  await root.getData('/closed')
  under.peerCertificate = certificate
  await (await client(under)).getData('/closed')
})

test('schemes that are not offered may not stand in access lists, nor ids that no scheme takes', async () => {
  const session = await client(world({}))
  for (const acl of [all('x509', 'CN=a'), all('sasl', 'bob'), all('ensemble', 'a'), all('foo', 'a')]) {
    await expect(session.createNode('/a', null, { acl })).rejects.toMatchObject({ code: -114 })
  }
  const offered = await client(world({ schemes: new Set([...x509Schemes, 'sasl']) }))
  for (const acl of [all('x509', 'client'), all('sasl', 'a@b@c'), all('auth', '')]) {
    await expect(offered.createNode('/a', null, { acl })).rejects.toMatchObject({ code: -114 })
  }
  await offered.createNode('/a', null, { acl: [...all('x509', 'CN=a'), ...all('sasl', 'zk/host@REALM')] })
})

test('SASL: a user of the file is known; others end with authFailed, and the rest of the server goes on', async () => {
  const under = world({ schemes: saslSchemes, saslUsers: users })
  const bob = await client(under, { user: 'bob', password: 'bobsecret' })
  await bob.createNode('/bobs', null, { acl: all('sasl', 'bob') })
  expect(await bob.whoAmI()).toContainEqual({ scheme: 'sasl', user: 'bob' })
  await expect(client(under, { user: 'bob', password: 'guess' })).rejects.toMatchObject({ code: -115 })
  await expect(client(under, { user: 'eve', password: 'guess' })).rejects.toMatchObject({ code: -115 })
  expect(under.keeper.server?.stats.authFailedCount).toBe(2)
  for (const stream of [...under.streams]) stream.drop()
  await under.time.advance(100)
  expect(await bob.whoAmI()).toContainEqual({ scheme: 'sasl', user: 'bob' })
})

test('a server without SASL answers with no token, which a client takes for a refusal', async () => {
  await expect(client(world({}), { user: 'bob', password: 'bobsecret' })).rejects.toMatchObject({ code: -115 })
})

test('what is enforced comes first: anything else is answered with its own code, and closed', async () => {
  const under = world({ schemes: saslSchemes, saslUsers: users, enforcedSchemes: ['sasl', 'digest'] })
  const nobody = await client(under)
  await expect(nobody.exists('/')).rejects.toMatchObject({ code: -124 })
  const digest = await client(under)
  await digest.addAuth('digest', bytesOf('a:b'))
  await digest.exists('/')
  await (await client(under, { user: 'bob', password: 'bobsecret' })).exists('/')
})

test('an ensemble has a name: who expects another is closed without an answer, so that it goes elsewhere', async () => {
  const under = world({ ensembleNames: new Set(['one', 'two']) })
  const right = await client(under)
  await right.addAuth('ensemble', bytesOf('two'))
  await right.addAuth('ensemble', bytesOf(''))
  const wrong = await client(under)
  const states: unknown[] = []
  wrong.onSession(({ state }) => states.push(state))
  wrong.addAuth('ensemble', bytesOf('three')).catch(() => {})
  await under.time.advance(10)
  expect(states).toContain('disconnected')
})

test('another digest algorithm gives other ids; digest can be switched off', async () => {
  const under = world({ digestAlgorithm: 'SHA-256' })
  const session = await client(under)
  await session.addAuth('digest', bytesOf('super:test'))
  await session.createNode('/a', null, { acl: all('auth', '') })
  const { acl } = await session.getAcl('/a')
  expect(acl[0]?.id).toBe('super:wjySwxg860UATFtciuZ1lpzrCHrPeov6SPu/ZD56uig=')
  const without = await client(world({ schemes: new Set(['ip']) }))
  await expect(without.addAuth('digest', bytesOf('a:b'))).rejects.toMatchObject({ code: -115 })
})

test('a failed exchange is forgiven where the administrator says so', async () => {
  const under = world({ schemes: saslSchemes, saslUsers: users, isSaslFailureTolerated: true })
  // Our client gives up by itself; that the server kept the connection shows in what it did not close.
  await expect(client(under, { user: 'bob', password: 'guess' })).rejects.toMatchObject({ code: -115 })
  expect(under.keeper.server?.stats.authFailedCount).toBe(1)
  expect(defaultAuthRules.isSaslFailureTolerated).toBe(false)
})

test('what is proved while a read waits behind a write counts for the reads behind it, not for that one', async () => {
  const under = world({})
  const session = await client(under)
  await session.addAuth('digest', bytesOf('owner:secret'))
  await session.createNode('/mine', null, { acl: all('auth', '') })
  const other = await client(under)
  await other.create('/free', null)
  const answers = [
    other.setData('/free', null),
    other.getData('/mine'),
    other.addAuth('digest', bytesOf('owner:secret')),
    other.getData('/mine'),
  ]
  expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
})

test('where nobody looks at access lists, watches do not either', async () => {
  const under = new KeeperWorld({ skipAcl: true }).start()
  const owner = await client(under)
  await owner.createNode('/closed', null, { acl: all('digest', 'nobody:hash') })
  const events: unknown[] = []
  await (await client(under)).getData('/closed', ({ type }) => events.push(type))
  await owner.setData('/closed', null)
  await under.time.advance(10)
  expect(events).toEqual(['dataChanged'])
})

test('who comes back is told what it missed, whatever the list says by then', async () => {
  const under = world({})
  const watching = await client(under)
  const owner = await client(under)
  await owner.create('/node', null)
  const events: unknown[] = []
  const tell = ({ type }: { readonly type: string }): unknown => events.push(type)
  await watching.getData('/node', tell)
  const [first] = under.streams
  first?.drop()
  await Promise.all([owner.setData('/node', null), owner.setAcl('/node', all('digest', 'nobody:hash'))])
  expect(events).toEqual([])
  await under.time.advance(2000)
  expect(events).toEqual(['dataChanged'])
})
