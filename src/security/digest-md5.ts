import type { Hash } from '../io/ports.ts'

// SASL DIGEST-MD5 (RFC 2831) with quality of protection "auth", as ZooKeeper and its clients use it: the service is
// 'zookeeper', the realm and server name 'zk-sasl-md5' whatever the machine is called. The server speaks first.

/** What both sides of ZooKeeper agree on beforehand. */
export const zookeeperService = 'zookeeper'
export const zookeeperServerName = 'zk-sasl-md5'

const CNONCE_BYTES = 16
const NO_MD5 = 'this platform has no MD5 (is it in FIPS mode?)'
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** How an exchange went on. */
export type ServerStep =
  | { readonly kind: 'challenge'; readonly token: Uint8Array }
  /** The client is `user`; `token` proves to it that we know its password too. */
  | { readonly kind: 'done'; readonly token: Uint8Array; readonly user: string }
  | { readonly kind: 'failed'; readonly cause: string }

/** The server's side of one exchange. */
export class DigestMd5Server {
  readonly #hash: Hash
  readonly #passwordOf: (user: string) => string | undefined
  readonly #nonce: string
  #isChallenged = false

  /**
   * @param nonce unpredictable bytes
   * @param passwordOf undefined = no such user
   */
  constructor(hash: Hash, nonce: Uint8Array, passwordOf: (user: string) => string | undefined) {
    this.#hash = hash
    this.#passwordOf = passwordOf
    this.#nonce = hex(nonce)
  }

  /** Takes the client's next token. After 'done' or 'failed' the exchange is over. */
  step(token: Uint8Array): ServerStep {
    if (!this.#isChallenged) {
      // Empty by the book. Java's server takes anything for it, and so do we.
      this.#isChallenged = true
      const text = `realm="${zookeeperServerName}",nonce="${this.#nonce}",qop="auth",charset=utf-8,algorithm=md5-sess`
      return { kind: 'challenge', token: encoder.encode(text) }
    }
    const fields = parseDirectives(decoder.decode(token))
    if (fields === undefined) return failed('the answer cannot be read')
    const user = fields.get('username') ?? ''
    const refused = this.#whyRefused(fields)
    if (refused !== undefined) return failed(refused)
    const password = this.#passwordOf(user)
    if (password === undefined) return failed(`there is no user '${user}'`)
    const proofs = digestProofs(this.#hash, fields, password)
    if (proofs === undefined) return failed(NO_MD5)
    if (!isEqual(proofs.client, fields.get('response') ?? '')) return failed(`the password of '${user}' is wrong`)
    return { kind: 'done', token: encoder.encode(`rspauth=${proofs.server}`), user }
  }

  #whyRefused(fields: ReadonlyMap<string, string>): string | undefined {
    if (fields.get('nonce') !== this.#nonce) return 'the nonce is not ours'
    if (fields.get('nc') !== '00000001') return 'a nonce is used once only'
    if ((fields.get('cnonce') ?? '') === '') return 'the client names no nonce'
    if ((fields.get('realm') ?? '') !== zookeeperServerName) return `the realm is not '${zookeeperServerName}'`
    if ((fields.get('qop') ?? 'auth') !== 'auth') return "the quality of protection is not 'auth'"
    const address = fields.get('digest-uri') ?? ''
    if (address.toLowerCase() !== `${zookeeperService}/${zookeeperServerName}`) {
      return `the digest-uri '${address}' is not '${zookeeperService}/${zookeeperServerName}'`
    }
    return undefined
  }
}

/** How an exchange went on, seen from the client. */
export type ClientStep =
  | { readonly kind: 'answer'; readonly token: Uint8Array }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly cause: string }

/** The client's side of one exchange. Its first token is empty. */
export class DigestMd5Client {
  readonly #hash: Hash
  readonly #user: string
  readonly #password: string
  readonly #cnonce: string
  #wanted: string | undefined

  /** @param cnonce unpredictable bytes */
  constructor(hash: Hash, user: string, password: string, cnonce: Uint8Array) {
    this.#hash = hash
    this.#user = user
    this.#password = password
    this.#cnonce = hex(cnonce.subarray(0, CNONCE_BYTES))
  }

  /** Takes the server's next token. */
  step(token: Uint8Array): ClientStep {
    const challenge = parseDirectives(decoder.decode(token))
    if (challenge === undefined) return failed("the server's token cannot be read")
    if (this.#wanted !== undefined) {
      const isProved = isEqual(this.#wanted, challenge.get('rspauth') ?? '')
      return isProved ? { kind: 'done' } : failed('the server does not know the password')
    }
    const nonce = challenge.get('nonce')
    if (nonce === undefined || challenge.get('algorithm') !== 'md5-sess')
      return failed('the server speaks no DIGEST-MD5')
    const fields = new Map([
      ['username', this.#user],
      ['realm', challenge.get('realm') ?? ''],
      ['nonce', nonce],
      ['nc', '00000001'],
      ['cnonce', this.#cnonce],
      ['digest-uri', `${zookeeperService}/${zookeeperServerName}`],
      ['qop', 'auth'],
      ['authzid', this.#user],
    ])
    const proofs = digestProofs(this.#hash, fields, this.#password)
    if (proofs === undefined) return failed(NO_MD5)
    this.#wanted = proofs.server
    return { kind: 'answer', token: encoder.encode(directives(fields, proofs.client)) }
  }
}

const unquoted: ReadonlySet<string> = new Set(['nc', 'qop'])

function directives(fields: ReadonlyMap<string, string>, response: string): string {
  const parts = [...fields].map(([name, value]) =>
    unquoted.has(name) ? `${name}=${value}` : `${name}="${value.replace(/["\\]/g, '\\$&')}"`,
  )
  return ['charset=utf-8', ...parts, 'maxbuf=65536', `response=${response}`].join(',')
}

function failed(cause: string): { readonly kind: 'failed'; readonly cause: string } {
  return { kind: 'failed', cause }
}

/**
 * What each side shows the other to prove that it knows the password (RFC 2831 2.1.2.1, 2.1.3).
 *
 * @param fields those of the client's answer
 * @returns undefined when the platform has no MD5
 */
export function digestProofs(
  hash: Hash,
  fields: ReadonlyMap<string, string>,
  password: string,
): { readonly client: string; readonly server: string } | undefined {
  const secret = sessionSecret(hash, fields, password)
  if (secret === undefined) return undefined
  return { client: responseOf(hash, secret, fields, 'AUTHENTICATE'), server: responseOf(hash, secret, fields, '') }
}

/** MD5 of RFC 2831's A1, in hexadecimal. */
function sessionSecret(hash: Hash, fields: ReadonlyMap<string, string>, password: string): string | undefined {
  const field = (name: string): Uint8Array => bytesOf(fields.get(name) ?? '')
  const user = hash('MD5', joined([field('username'), field('realm'), bytesOf(password)]))
  if (user === undefined) return undefined
  const parts = [user, field('nonce'), field('cnonce')]
  if (fields.has('authzid')) parts.push(encoder.encode(fields.get('authzid') ?? ''))
  return md5(hash, joined(parts))
}

function responseOf(hash: Hash, secret: string, fields: ReadonlyMap<string, string>, method: string): string {
  const address = md5(hash, bytesOf(`${method}:${fields.get('digest-uri') ?? ''}`))
  const parts = [
    secret,
    fields.get('nonce'),
    fields.get('nc'),
    fields.get('cnonce'),
    fields.get('qop') ?? 'auth',
    address,
  ]
  return md5(hash, bytesOf(parts.join(':')))
}

function md5(hash: Hash, bytes: Uint8Array): string {
  return hex(hash('MD5', bytes) ?? new Uint8Array(0))
}

/** Text is hashed as ISO 8859-1 where it can be written so, else as UTF-8: RFC 2831's way to stay compatible. */
function bytesOf(text: string): Uint8Array {
  for (const character of text) if ((character.codePointAt(0) ?? 0) > 0xff) return encoder.encode(text)
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out: number[] = []
  for (const [index, part] of parts.entries()) {
    if (index > 0) out.push(0x3a)
    out.push(...part)
  }
  return Uint8Array.from(out)
}

/** Takes the same time wherever two texts of one length differ. */
function isEqual(left: string, right: string): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let at = 0; at < left.length; at += 1) difference |= left.charCodeAt(at) ^ right.charCodeAt(at)
  return difference === 0
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * @param text `name=value,name="quoted value"`
 * @returns undefined when it is none, or names something twice
 */
export function parseDirectives(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  const pattern = /\s*([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))\s*(,|$)/gy
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (match === null) return undefined
    const [, name = '', quoted, plain = ''] = match
    if (fields.has(name)) return undefined
    fields.set(name, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'))
  }
  return fields
}
