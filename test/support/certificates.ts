/** Certificates for tests, made on the spot: a name, an issuer, days of validity, alternative names. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface CertificateWish {
  /** One attribute after the other: [['CN', 'server'], ['O', 'Org']]. The last is the most general, as in RFC 2253. */
  readonly name: readonly (readonly [string, string])[]
  /** Undefined = signed by its own key. */
  readonly issuer?: Certificate
  readonly isAuthority?: boolean
  /** Dotted IPv4 addresses and host names. */
  readonly addresses?: readonly string[]
  readonly hosts?: readonly string[]
  /** Milliseconds since 1970; default a day ago to a year ahead. */
  readonly validFromMs?: number
  readonly validToMs?: number
  /** Default EC. */
  readonly keyType?: 'EC' | 'RSA'
}

export interface Certificate {
  readonly der: Buffer
  readonly pem: string
  readonly key: KeyObject
  readonly keyPem: string
  readonly nameDer: Buffer
}

const DAY_MS = 86_400_000

const attributeTypes: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
}

export function makeCertificate(wish: CertificateWish): Certificate {
  const { publicKey, privateKey } =
    wish.keyType === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const nameDer = derName(wish.name)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const issuerKey = wish.issuer?.key ?? privateKey
  const algorithm =
    issuerKey.asymmetricKeyType === 'rsa'
      ? sequence(oid('1.2.840.113549.1.1.11'), der(5))
      : sequence(oid('1.2.840.10045.4.3.2'))
  const body = sequence(
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, Buffer.concat([Buffer.from([0x5a]), createHash('sha1').update(spki).digest().subarray(0, 8)])),
    algorithm,
    wish.issuer?.nameDer ?? nameDer,
    sequence(time(wish.validFromMs ?? Date.now() - DAY_MS), time(wish.validToMs ?? Date.now() + 365 * DAY_MS)),
    nameDer,
    spki,
    der(0xa3, sequence(...extensions(wish))),
  )
  const signature = sign('sha256', body, issuerKey)
  const certificate = sequence(body, algorithm, der(3, Buffer.concat([Buffer.from([0]), signature])))
  return {
    der: certificate,
    pem: pem('CERTIFICATE', certificate),
    key: privateKey,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    nameDer,
  }
}

/** A distinguished name in DER: general attributes come first there. */
export function derName(name: CertificateWish['name']): Buffer {
  const parts = [...name].reverse().map(([type, value]) => {
    const text = der(type === 'C' ? 0x13 : type === 'DC' || type === 'emailAddress' ? 0x16 : 0x0c, Buffer.from(value))
    return der(0x31, sequence(oid(attributeTypes[type] ?? type), text))
  })
  return sequence(...parts)
}

function extensions({ isAuthority = false, addresses = [], hosts = [] }: CertificateWish): Buffer[] {
  const all: Buffer[] = []
  if (isAuthority)
    all.push(sequence(oid('2.5.29.19'), der(1, Buffer.from([255])), der(4, sequence(der(1, Buffer.from([255]))))))
  if (addresses.length + hosts.length > 0) {
    const names = [
      ...hosts.map((host) => der(0x82, Buffer.from(host))),
      ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number)))),
    ]
    all.push(sequence(oid('2.5.29.17'), der(4, sequence(...names))))
  }
  return all.length > 0 ? all : [sequence(oid('2.5.29.19'), der(4, sequence()))]
}

function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '').slice(0, 14)
  return der(0x18, Buffer.from(`${digits}Z`))
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc & 127]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 127) | 128)
    bytes.push(...groups)
  }
  return der(6, Buffer.from(bytes))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function pem(kind: string, bytes: Buffer): string {
  return `-----BEGIN ${kind}-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${kind}-----\n`
}
