import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeHash } from '../../../src/io/node/hash.ts'
import { DigestMd5Client, DigestMd5Server, digestProofs, parseDirectives } from '../../../src/security/digest-md5.ts'

const text = (token: Uint8Array): string => new TextDecoder().decode(token)
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)
const nothing = new Uint8Array(0)
const nonce = Uint8Array.from({ length: 20 }, (_, index) => index)

function server(users: Readonly<Record<string, string>> = { bob: 'secret' }): DigestMd5Server {
  return new DigestMd5Server(nodeHash, nonce, (user) => users[user])
}

function exchange(to: DigestMd5Server, from: DigestMd5Client): { server: unknown; client: unknown } {
  const challenge = to.step(nothing)
  if (challenge.kind !== 'challenge') return { server: challenge, client: undefined }
  const answer = from.step(challenge.token)
  if (answer.kind !== 'answer') return { server: challenge, client: answer }
  const verdict = to.step(answer.token)
  return { server: verdict, client: verdict.kind === 'done' ? from.step(verdict.token) : undefined }
}

test("RFC 2831's example", () => {
  const fields = new Map([
    ['username', 'chris'],
    ['realm', 'elwood.innosoft.com'],
    ['nonce', 'OA6MG9tEQGm2hh'],
    ['nc', '00000001'],
    ['cnonce', 'OA6MHXh6VqTrRk'],
    ['digest-uri', 'imap/elwood.innosoft.com'],
    ['qop', 'auth'],
  ])
  expect(digestProofs(nodeHash, fields, 'secret')).toEqual({
    client: 'd388dad90d4bbd760a152321f2143af7',
    server: 'ea40f60335c427b5527b84dbabcdfffd',
  })
})

test('both sides come to know each other, whatever the name and password are made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (user, password) => {
      const outcome = exchange(server({ [user]: password }), new DigestMd5Client(nodeHash, user, password, nonce))
      expect(outcome.server).toMatchObject({ kind: 'done', user })
      expect(outcome.client).toEqual({ kind: 'done' })
    }),
    { numRuns: 50 },
  )
})

test('a wrong password, an unknown user and a server that does not know the password', () => {
  expect(exchange(server(), new DigestMd5Client(nodeHash, 'bob', 'guess', nonce)).server).toEqual({
    kind: 'failed',
    cause: "the password of 'bob' is wrong",
  })
  expect(exchange(server(), new DigestMd5Client(nodeHash, 'eve', 'guess', nonce)).server).toEqual({
    kind: 'failed',
    cause: "there is no user 'eve'",
  })
  const client = new DigestMd5Client(nodeHash, 'bob', 'secret', nonce)
  client.step(bytes('realm="zk-sasl-md5",nonce="n",qop="auth",algorithm=md5-sess'))
  expect(client.step(bytes('rspauth=00'))).toMatchObject({ kind: 'failed' })
})

test('an answer to another challenge, a replayed one and one for another service are refused', () => {
  const first = server()
  first.step(nothing)
  const client = new DigestMd5Client(nodeHash, 'bob', 'secret', nonce)
  const other = new DigestMd5Server(nodeHash, new Uint8Array(20), () => 'secret')
  const challenge = other.step(nothing)
  if (challenge.kind !== 'challenge') throw new Error('no challenge')
  const answer = client.step(challenge.token)
  if (answer.kind !== 'answer') throw new Error('no answer')
  expect(first.step(answer.token)).toEqual({ kind: 'failed', cause: 'the nonce is not ours' })
  for (const [from, to, cause] of [
    ['nc=00000001', 'nc=00000002', 'a nonce is used once only'],
    ['zookeeper/zk-sasl-md5', 'zookeeper/elsewhere', "the digest-uri 'zookeeper/elsewhere' is not"],
    ['realm="zk-sasl-md5"', 'realm="other"', "the realm is not 'zk-sasl-md5'"],
    ['qop=auth', 'qop=auth-conf', "the quality of protection is not 'auth'"],
  ] as const) {
    const again = server()
    again.step(nothing)
    const token = text(answer.token).replace(/nonce="0+"/, `nonce="${Buffer.from(nonce).toString('hex')}"`)
    const step = again.step(bytes(token.replace(from, to)))
    expect(step.kind === 'failed' && step.cause).toContain(cause)
  }
})

test('tokens of any bytes end an exchange, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (token) => {
      const under = server()
      expect(under.step(token).kind).toBe('challenge')
      const challenged = server()
      challenged.step(nothing)
      expect(challenged.step(token).kind).toBe('failed')
      expect(new DigestMd5Client(nodeHash, 'bob', 'secret', nonce).step(token).kind).toBe('failed')
    }),
  )
})

test('a platform without MD5 says so', () => {
  const noHash = (): undefined => undefined
  const under = new DigestMd5Server(noHash, nonce, () => 'secret')
  const challenge = under.step(nothing)
  const answer =
    challenge.kind === 'challenge'
      ? new DigestMd5Client(nodeHash, 'bob', 'secret', nonce).step(challenge.token)
      : undefined
  expect(answer?.kind === 'answer' ? under.step(answer.token) : undefined).toMatchObject({
    kind: 'failed',
    cause: expect.stringContaining('no MD5') as string,
  })
})

test('directives: quotes, backslashes, spaces; twice the same is none', () => {
  expect(parseDirectives('a="x\\"y",b=2, c = "" ')).toEqual(
    new Map([
      ['a', 'x"y'],
      ['b', '2'],
      ['c', ''],
    ]),
  )
  expect(parseDirectives('a=1,a=2')).toBeUndefined()
  expect(parseDirectives('a="x')).toBeUndefined()
})
