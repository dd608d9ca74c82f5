import type { ACL, Id } from '../../jute/generated/data.ts'
import { Permission } from '../../jute/operations.ts'
import type { Hash } from '../../io/ports.ts'
import { isDistinguishedName } from '../../security/distinguished-name.ts'
import { sha1 } from './sha1.ts'

/** Bits of an address, for the masked comparison of the `ip` scheme. */
interface Address {
  readonly bytes: readonly number[]
}

/** @returns whether one who proved `ids` may do what `permission` names */
export function isAllowed(acl: readonly ACL[], permission: number, ids: readonly Id[]): boolean {
  if (acl.length === 0) return true
  for (const entry of acl) {
    if ((entry.perms & permission) !== 0 && entry.id.scheme === 'world' && entry.id.id === 'anyone') return true
  }
  for (const id of ids) if (id.scheme === 'super') return true
  for (const entry of acl) {
    if ((entry.perms & permission) === 0) continue
    for (const id of ids) if (id.scheme === entry.id.scheme && matches(id, entry.id)) return true
  }
  return false
}

function matches(proved: Id, wanted: Id): boolean {
  if (wanted.scheme !== 'ip') return proved.id === wanted.id
  const [address = '', bitsText] = (wanted.id ?? '').split('/')
  const wantedAddress = parseAddress(address)
  const provedAddress = parseAddress(proved.id ?? '')
  if (wantedAddress === undefined || provedAddress?.bytes.length !== wantedAddress.bytes.length) return false
  const bits = bitsText === undefined ? wantedAddress.bytes.length * 8 : Number(bitsText)
  return wantedAddress.bytes.every((byte, index) => {
    const significant = Math.max(0, Math.min(8, bits - index * 8))
    const mask = (0xff << (8 - significant)) & 0xff
    return (byte & mask) === ((provedAddress.bytes[index] ?? 0) & mask)
  })
}

/**
 * Makes the list that is stored of the one that a client sent: without repetitions, `auth` replaced by what the client
 * has proved.
 *
 * @param schemes those that this server offers besides `world` and `auth`
 * @returns undefined when the list is refused (invalid ACL)
 */
export function fixedAcl(
  acl: readonly ACL[] | null,
  ids: readonly Id[],
  schemes: ReadonlySet<string>,
): readonly ACL[] | undefined {
  if (acl === null || acl.length === 0) return undefined
  const fixed: ACL[] = []
  for (const [index, entry] of acl.entries()) {
    if (acl.findIndex((other) => isSame(other, entry)) < index) continue
    const { scheme, id } = entry.id
    if (scheme === null || id === null) return undefined
    if (scheme === 'auth') {
      const proved = ids.filter((candidate) => provingSchemes.has(candidate.scheme ?? ''))
      if (proved.length === 0) return undefined
      for (const candidate of proved) fixed.push({ perms: entry.perms, id: candidate })
    } else if ((scheme === 'world' || schemes.has(scheme)) && isValidId(scheme, id)) fixed.push(entry)
    else return undefined
  }
  return fixed
}

/** An address is no proof. */
const provingSchemes: ReadonlySet<string> = new Set(['digest', 'x509', 'sasl'])

function isSame(left: ACL, right: ACL): boolean {
  return left.perms === right.perms && left.id.scheme === right.id.scheme && left.id.id === right.id.id
}

function isValidId(scheme: string, id: string): boolean {
  if (scheme === 'world') return id === 'anyone'
  if (scheme === 'digest') return /^[^:]*:[^:]+$/.test(id)
  if (scheme === 'x509') return isDistinguishedName(id)
  // A name of Kerberos' shape, or without any.
  if (scheme === 'sasl') return !id.includes('@') || /^[^/@]*(\/[^/@]*)?@[^/@]*$/.test(id)
  if (scheme !== 'ip') return false
  const [address = '', bits, ...rest] = id.split('/')
  const parsed = parseAddress(address)
  if (parsed === undefined || rest.length > 0) return false
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= parsed.bytes.length * 8)
}

/** @returns the bytes of an IPv4 or IPv6 address, undefined when it is neither */
function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) return parseDotted(text)
  const [head = '', tail, ...rest] = text.split('::')
  if (rest.length > 0) return undefined
  const left = parseGroups(head)
  const right = tail === undefined ? [] : parseGroups(tail)
  if (left === undefined || right === undefined) return undefined
  const missing = 16 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined
  return { bytes: [...left, ...new Array<number>(missing).fill(0), ...right] }
}

function parseDotted(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return { bytes: parts.map(Number) }
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  for (const group of text.split(':')) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
    const value = Number.parseInt(group, 16)
    bytes.push(value >> 8, value & 0xff)
  }
  return bytes
}

/** @returns the list as one without ADMIN sees it: digests without their hash */
export function maskedAcl(acl: readonly ACL[], ids: readonly Id[]): readonly ACL[] {
  if (isAllowed(acl, Permission.admin, ids)) return acl
  return acl.map((entry) =>
    entry.id.scheme === 'digest'
      ? { perms: entry.perms, id: { scheme: 'digest', id: `${(entry.id.id ?? '').split(':')[0] ?? ''}:x` } }
      : entry,
  )
}

/**
 * @param algorithm Java's name of the hash function; any but SHA1 is the platform's
 * @returns `user:base64(SHA1("user:password"))` of `user:password`; undefined when there is no such function
 */
export function digestOf(userAndPassword: Uint8Array, algorithm: string, hash: Hash | undefined): string | undefined {
  const text = new TextDecoder().decode(userAndPassword)
  const isSha1 = /^SHA-?1?$/i.test(algorithm)
  const digest = isSha1 ? sha1(userAndPassword) : hash?.(algorithm, userAndPassword)
  return digest === undefined ? undefined : `${text.split(':')[0] ?? ''}:${base64(digest)}`
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3)
    const group = (first << 16) | (second << 8) | third
    for (let index = 0; index < 4; index += 1) {
      const isPadding = at + index - 1 >= bytes.length
      text += isPadding ? '=' : base64Alphabet.charAt((group >> (18 - 6 * index)) & 63)
    }
  }
  return text
}
