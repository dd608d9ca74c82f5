import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls'
import type { TlsSettings } from '../ports.ts'
import { StoreError } from './tls-pkcs12.ts'
import { readIdentity, readTrusted } from './tls-stores.ts'

const versions: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/**
 * Reads the files of `settings` and makes of them what `node:tls` takes.
 *
 * @throws Error that names the file or key that is wrong
 */
export function contextOptions(settings: TlsSettings, side: 'server' | 'client'): SecureContextOptions {
  const { keyStore, trustStore } = settings
  if (keyStore === undefined && side === 'server') {
    throw new StoreError('TLS needs a key store: name the file with the key and certificate of this server')
  }
  const identity = keyStore === undefined ? undefined : readIdentity(keyStore)
  const trusted = trustStore === undefined ? undefined : readTrusted(trustStore)
  const options: SecureContextOptions & { allowPartialTrustChain: boolean } = {
    ...(identity === undefined ? {} : { key: identity.key, cert: identity.chain }),
    ...(trusted === undefined ? {} : { ca: [...trusted] }),
    ...versionRange(settings.protocols),
    ...cipherOptions(settings.cipherSuites),
    honorCipherOrder: true,
    // A resumed session would keep a peer in whose certificate has expired or is trusted no more.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    // Java trusts whatever is in the trust store, be it an intermediate authority or the peer's own certificate.
    allowPartialTrustChain: true,
  }
  // Made once here, so that a key that does not fit or a cipher that does not exist is an error of the start.
  contextOf(options)
  return options
}

function contextOf(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options)
  } catch (error) {
    const ciphers = options.ciphers === undefined ? '' : ` (cipher suites ${options.ciphers})`
    throw new StoreError(`TLS cannot be set up${ciphers}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function versionRange(protocols: readonly string[]): Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> {
  if (protocols.length === 0) return { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' }
  const wanted = protocols.map((name) => {
    const version = versions.find((known) => known === name)
    if (version === undefined) throw new StoreError(`TLS protocol '${name}' is unknown: use ${versions.join(', ')}`)
    return versions.indexOf(version)
  })
  return {
    minVersion: versions[Math.min(...wanted)] ?? 'TLSv1.2',
    maxVersion: versions[Math.max(...wanted)] ?? 'TLSv1.3',
  }
}

function cipherOptions(suites: readonly string[]): Pick<SecureContextOptions, 'ciphers'> {
  return suites.length === 0 ? {} : { ciphers: suites.map(openSslName).join(':') }
}

/** OpenSSL has names of its own for the cipher suites before TLS 1.3, and one family of names is regular. */
export function openSslName(suite: string): string {
  const match = /^(?:TLS|SSL)_(.+)_WITH_(.+)$/.exec(suite)
  if (match === null) return suite
  const [, exchange = '', cipher = ''] = match
  const name = cipher
    .replace(/^AES_(\d+)_CBC_/, 'AES$1-')
    .replace(/^AES_(\d+)_/, 'AES$1-')
    .replace(/^CHACHA20_POLY1305_SHA256$/, 'CHACHA20-POLY1305')
    .replaceAll('_', '-')
  return exchange === 'RSA' ? name : `${exchange.replaceAll('_', '-')}-${name}`
}
