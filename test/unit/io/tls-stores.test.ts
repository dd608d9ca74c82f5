import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contextOptions, openSslName } from '../../../src/io/node/tls-context.ts'
import { readIdentity, readTrusted } from '../../../src/io/node/tls-stores.ts'
import type { TlsStore } from '../../../src/io/ports.ts'
import { makeCertificate } from '../../support/certificates.ts'

// vectors/stores: keytool of Java 17 and openssl 3 wrote them; the password is always 'password'.
const folder = join(import.meta.dirname, 'vectors/stores')

function store(name: string, password = 'password'): TlsStore {
  return { path: join(folder, name), type: undefined, password, passwordPath: undefined }
}

const keyStores = [
  'java.jks',
  'java.p12',
  'openssl.p12',
  'openssl-3des.p12',
  'plain.pem',
  'encrypted.pem',
  'traditional.pem',
]

test.each(keyStores)('the key and certificate of %s belong together', (name) => {
  const { key, chain } = readIdentity(store(name))
  const certificate = new X509Certificate(chain)
  expect(certificate.subject).toBe('O=Jackdaw\nOU=Tests\nCN=vector')
  expect(() => contextOptions({ ...settings, keyStore: store(name) }, 'server')).not.toThrow()
  expect(key).toContain('BEGIN PRIVATE KEY')
})

const settings = {
  keyStore: undefined,
  trustStore: undefined,
  clientAuth: 'need' as const,
  protocols: [],
  cipherSuites: [],
  isServerNameChecked: true,
  isClientNameChecked: false,
  isReverseLookupAllowed: false,
  isReloaded: false,
}

test.each(['java-trust.jks', 'java-trust.p12', 'cert.pem', 'java.p12', 'java.jks'])('%s is a trust store', (name) => {
  expect(readTrusted(store(name))).toHaveLength(1)
})

test.each(['java.jks', 'java.p12', 'openssl.p12', 'openssl-3des.p12', 'encrypted.pem', 'traditional.pem'])(
  'a wrong password for %s is said to be one',
  (name) => {
    expect(() => readIdentity(store(name, 'passwort'))).toThrow(`${name} cannot be read: the password is wrong`)
  },
)

test('an encrypted key without a password, a store without a key, one that is nothing of the kind', () => {
  expect(() => readIdentity(store('encrypted.pem', ''))).toThrow('its private key is encrypted: give the password')
  expect(() => readIdentity(store('java-trust.p12'))).toThrow('it holds no private key')
  expect(() => readTrusted(store('../../tls-stores.test.ts'))).toThrow('neither PEM blocks nor PKCS12 nor JKS')
  expect(() => readTrusted(store('nowhere.pem'))).toThrow('nowhere.pem cannot be opened')
  expect(() => readTrusted({ ...store('cert.pem'), type: 'PKCS12' })).toThrow('it is no PKCS12')
})

test('formats that are not read say what to do', () => {
  expect(() => readIdentity(store('java.jceks'))).toThrow('keytool -importkeystore')
  expect(() => readIdentity(store('openssl-rc2.p12'))).toThrow('keytool -importkeystore')
})

test('a store that is cut off anywhere or has a bit flipped is refused, never a crash of another kind', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-stores-'))
  try {
    for (const name of ['java.jks', 'java.p12']) {
      const whole = readFileSync(join(folder, name))
      const path = join(directory, name)
      for (let size = 0; size < whole.length; size += 37) {
        writeFileSync(path, whole.subarray(0, size))
        expect(() => readIdentity({ ...store(name), path })).toThrow(`${name} cannot be`)
      }
      const damaged = Buffer.from(whole)
      damaged[200] = (damaged[200] ?? 0) ^ 1
      writeFileSync(path, damaged)
      expect(() => readIdentity({ ...store(name), path })).toThrow(`${name} cannot be read`)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

test('a password file goes before the password, without its line end', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-stores-'))
  const passwordPath = join(directory, 'password')
  writeFileSync(passwordPath, 'password\n')
  expect(readTrusted({ ...store('java.p12', 'wrong'), passwordPath })).toHaveLength(1)
  rmSync(directory, { recursive: true, force: true })
})

test('the chain is put in order: own certificate, then each issuer', () => {
  const root = makeCertificate({ name: [['CN', 'root']], isAuthority: true })
  const middle = makeCertificate({ name: [['CN', 'middle']], isAuthority: true, issuer: root })
  const leaf = makeCertificate({ name: [['CN', 'leaf']], issuer: middle })
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-stores-'))
  const path = join(directory, 'shuffled.pem')
  writeFileSync(path, root.pem + middle.pem + leaf.keyPem + leaf.pem)
  const { chain } = readIdentity({ path, type: 'PEM', password: '', passwordPath: undefined })
  expect(chain).toBe(leaf.pem + middle.pem + root.pem)
  rmSync(directory, { recursive: true, force: true })
})

test('cipher suites in the names that Java has for them', () => {
  expect(openSslName('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256')).toBe('ECDHE-RSA-AES128-GCM-SHA256')
  expect(openSslName('TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384')).toBe('ECDHE-ECDSA-AES256-SHA384')
  expect(openSslName('TLS_RSA_WITH_AES_256_GCM_SHA384')).toBe('AES256-GCM-SHA384')
  expect(openSslName('TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256')).toBe('ECDHE-RSA-CHACHA20-POLY1305')
  expect(openSslName('TLS_AES_256_GCM_SHA384')).toBe('TLS_AES_256_GCM_SHA384')
  const wrong = { ...settings, keyStore: store('plain.pem'), cipherSuites: ['TLS_ECDHE_RSA_WITH_NOTHING'] }
  expect(() => contextOptions(wrong, 'server')).toThrow('cipher suites ECDHE-RSA-NOTHING')
  expect(() => contextOptions({ ...wrong, cipherSuites: [], protocols: ['SSLv9'] }, 'server')).toThrow("'SSLv9'")
})
