import type { TlsSettings, TlsStore } from '../../io/ports.ts'

/** The TLS side of a port, as a `zoo.cfg` names it. */
export interface TlsPort {
  readonly settings: TlsSettings
  /** Who begins in plain text is served too. */
  readonly isPlainAllowed: boolean
}

/** What a `zoo.cfg` says about TLS. */
export interface TlsKeys {
  /** `secureClientPort`; undefined = there is none. */
  readonly secureClientPort: number | undefined
  /** `secureClientPortAddress`; undefined = the caller's default. */
  readonly secureClientPortAddress: string | undefined
  /** `ssl.*`, where a client port speaks TLS: `secureClientPort`, or `clientPort` with `client.portUnification`. */
  readonly clients: TlsPort | undefined
  /** `netty.server.outstandingHandshake.limit`; 0 = any number. */
  readonly handshakesMax: number
  /** `ssl.quorum.*`, with `sslQuorum` (TLS to others) or `portUnification` (TLS and plain from others). */
  readonly quorum: (TlsPort & { readonly isSpoken: boolean }) | undefined
  /** `admin.portUnification`, `admin.forceHttps`: with the quorum's stores, as in ZooKeeper. */
  readonly admin: TlsPort | undefined
}

const clientPrefix = 'ssl.'
const quorumPrefix = 'ssl.quorum.'

const storeKeys = ['location', 'type', 'password', 'passwordPath'].flatMap((key) => [
  `keyStore.${key}`,
  `trustStore.${key}`,
])
const otherKeys = [
  ...['protocol', 'enabledProtocols', 'ciphersuites', 'clientAuth', 'hostnameVerification'],
  ...['clientHostnameVerification', 'allowReverseDnsLookup', 'crl', 'ocsp', 'context.supplier.class'],
  ...['authProvider', 'sslProvider', 'handshakeDetectionTimeoutMillis'],
]

/** Every key that is read here. */
export const tlsKeyNames: ReadonlySet<string> = new Set([
  ...[clientPrefix, quorumPrefix].flatMap((prefix) => [...storeKeys, ...otherKeys].map((key) => prefix + key)),
  ...['secureClientPort', 'secureClientPortAddress', 'client.portUnification', 'client.certReload'],
  ...['netty.server.outstandingHandshake.limit', 'sslQuorum', 'portUnification', 'sslQuorumReloadCertFiles'],
  ...['admin.portUnification', 'admin.forceHttps', 'admin.needClientAuth'],
])

/** How to look up keys, and where to say what is wrong with one. */
export interface KeyReader {
  text(key: string): string | undefined
  /** An absent key is undefined; a wrong one too, and an error. */
  number(key: string): number | undefined
  port(key: string): number | undefined
  /** `true` or `yes`. */
  flag(key: string, otherwise: boolean): boolean
  error(sentence: string): void
}

/** Reads the keys in {@link tlsKeyNames}. */
export function readTlsKeys(keys: KeyReader): TlsKeys {
  const secureClientPort = keys.port('secureClientPort')
  const secureClientPortAddress = keys.text('secureClientPortAddress')
  if (secureClientPortAddress !== undefined && secureClientPort === undefined) {
    keys.error('secureClientPortAddress is set but secureClientPort is not: name the port, or remove the address')
  }
  const isUnified = keys.flag('client.portUnification', false)
  const isSpoken = keys.flag('sslQuorum', false)
  const isQuorumUnified = keys.flag('portUnification', false)
  return {
    secureClientPort,
    secureClientPortAddress,
    handshakesMax: Math.max(0, keys.number('netty.server.outstandingHandshake.limit') ?? 0),
    clients:
      secureClientPort === undefined && !isUnified
        ? undefined
        : {
            settings: readServerSettings(keys, clientPrefix, 'client.certReload', false),
            isPlainAllowed: isUnified,
          },
    quorum:
      !isSpoken && !isQuorumUnified
        ? undefined
        : {
            settings: readServerSettings(keys, quorumPrefix, 'sslQuorumReloadCertFiles', true),
            isPlainAllowed: isQuorumUnified,
            isSpoken,
          },
    admin: readAdmin(keys),
  }
}

function readAdmin(keys: KeyReader): TlsPort | undefined {
  const isForced = keys.flag('admin.forceHttps', false)
  if (!isForced && !keys.flag('admin.portUnification', false)) return undefined
  const settings = readServerSettings(keys, quorumPrefix, 'sslQuorumReloadCertFiles', false)
  const needsClient = keys.flag('admin.needClientAuth', false)
  return { settings: { ...settings, clientAuth: needsClient ? 'need' : 'none' }, isPlainAllowed: !isForced }
}

/** `ssl.*` of a client, which need not have a certificate. */
export function readClientTls(keys: KeyReader): TlsSettings {
  return readSettings(keys, clientPrefix, '', false)
}

function readServerSettings(
  keys: KeyReader,
  prefix: string,
  reloadKey: string,
  isClientNameCheckedByDefault: boolean,
): TlsSettings {
  const settings = readSettings(keys, prefix, reloadKey, isClientNameCheckedByDefault)
  if (settings.keyStore === undefined) {
    keys.error(`${prefix}keyStore.location is missing: TLS needs a file with this server's key and certificate`)
  }
  return settings
}

function readSettings(
  keys: KeyReader,
  prefix: string,
  reloadKey: string,
  isClientNameCheckedByDefault: boolean,
): TlsSettings {
  refuse(keys, prefix)
  const isServerNameChecked = keys.flag(`${prefix}hostnameVerification`, true)
  return {
    keyStore: readStore(keys, `${prefix}keyStore`),
    trustStore: readStore(keys, `${prefix}trustStore`),
    clientAuth: readClientAuth(keys, `${prefix}clientAuth`),
    protocols: list(keys.text(`${prefix}enabledProtocols`) ?? keys.text(`${prefix}protocol`)).filter(
      // Java's name for "the newest there is".
      (name) => name !== 'TLS',
    ),
    cipherSuites: list(keys.text(`${prefix}ciphersuites`)),
    isServerNameChecked,
    isClientNameChecked:
      isServerNameChecked && keys.flag(`${prefix}clientHostnameVerification`, isClientNameCheckedByDefault),
    isReverseLookupAllowed: keys.flag(`${prefix}allowReverseDnsLookup`, isClientNameCheckedByDefault),
    isReloaded: keys.flag(reloadKey, false),
  }
}

/** What would make a server less strict than its administrator believes. */
function refuse(keys: KeyReader, prefix: string): void {
  for (const check of ['crl', 'ocsp']) {
    if (keys.flag(prefix + check, false)) {
      keys.error(`${prefix}${check}: revoked certificates are not looked for; remove the key to start without it`)
    }
  }
  for (const plugin of ['context.supplier.class']) {
    if (keys.text(prefix + plugin) !== undefined) {
      keys.error(`${prefix}${plugin}: Java classes cannot be loaded; use ${prefix}keyStore and ${prefix}trustStore`)
    }
  }
  const provider = keys.text(`${prefix}authProvider`)
  if (provider !== undefined && provider !== 'x509') {
    keys.error(`${prefix}authProvider=${provider}: only x509 is known; remove the key`)
  }
}

function readStore(keys: KeyReader, name: string): TlsStore | undefined {
  const path = keys.text(`${name}.location`)
  if (path === undefined || path === '') return undefined
  const written = keys.text(`${name}.type`)?.toUpperCase()
  if (written !== undefined && written !== 'PEM' && written !== 'PKCS12' && written !== 'JKS') {
    keys.error(`${name}.type=${written}: PEM, PKCS12 and JKS are read; convert the file with keytool -importkeystore`)
  }
  const type = written === 'PEM' || written === 'PKCS12' || written === 'JKS' ? written : typeByName(path)
  return {
    path,
    type,
    password: keys.text(`${name}.password`) ?? '',
    passwordPath: keys.text(`${name}.passwordPath`),
  }
}

function typeByName(path: string): TlsStore['type'] {
  if (path.endsWith('.pem')) return 'PEM'
  if (path.endsWith('.p12')) return 'PKCS12'
  return path.endsWith('.jks') ? 'JKS' : undefined
}

function readClientAuth(keys: KeyReader, key: string): TlsSettings['clientAuth'] {
  const written = (keys.text(key) ?? '').toLowerCase()
  if (written === 'none' || written === 'want') return written
  if (written !== '' && written !== 'need') keys.error(`${key}=${written}: use none, want or need`)
  return 'need'
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
