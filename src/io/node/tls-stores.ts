import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TlsStore } from '../ports.ts'
import { isJks, readJks } from './tls-jks.ts'
import { readPkcs12, type StoreContents, StoreError } from './tls-pkcs12.ts'

const JCEKS_MAGIC = 0xcececece

/** A key and the certificates from its own up to the last known issuer, PEM. */
export interface Identity {
  readonly key: string
  readonly chain: string
}

/** @throws StoreError naming the file, what is wrong and what to do */
export function readIdentity(store: TlsStore): Identity {
  const { keys, certificates } = readStore(store)
  const known = certificates.map((certificate) => parsed(store, certificate))
  for (const key of keys) {
    const own = known.find((certificate) => certificate.checkPrivateKey(key))
    if (own !== undefined) {
      return {
        key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
        chain: chainOf(own, known)
          .map((certificate) => certificate.toString())
          .join(''),
      }
    }
  }
  const missing = keys.length === 0 ? 'it holds no private key' : 'none of its certificates belongs to its private key'
  throw new StoreError(`${store.path} cannot be used as key store: ${missing}`)
}

/** @returns the certificates of a trust store, PEM @throws StoreError */
export function readTrusted(store: TlsStore): readonly string[] {
  const trusted = readStore(store).certificates.map((certificate) => parsed(store, certificate).toString())
  if (trusted.length === 0) throw new StoreError(`${store.path} cannot be used as trust store: it holds no certificate`)
  return trusted
}

function parsed(store: TlsStore, certificate: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(certificate)
  } catch {
    throw new StoreError(`${store.path}: one of its certificates cannot be read`)
  }
}

/** A peer wants each certificate followed by its issuer's; stores keep them in any order. */
function chainOf(own: X509Certificate, known: readonly X509Certificate[]): readonly X509Certificate[] {
  const chain = [own]
  for (let last = own; last.subject !== last.issuer; ) {
    const issuer = known.find((candidate) => !chain.includes(candidate) && last.checkIssued(candidate))
    if (issuer === undefined) break
    chain.push(issuer)
    last = issuer
  }
  return chain
}

function readStore(store: TlsStore): StoreContents {
  const password = passwordOf(store)
  const bytes = read(store.path)
  try {
    if (isJks(bytes)) return readJks(bytes, password)
    if (bytes.length >= 4 && bytes.readUInt32BE(0) === JCEKS_MAGIC) {
      throw new StoreError('it is a JCEKS: convert it with keytool -importkeystore -deststoretype PKCS12')
    }
    // keytool of Java 9 and later writes PKCS12 into files named .jks as well: what is in the file counts.
    if (store.type !== 'PEM' && bytes[0] === 0x30) return readPkcs12(bytes, password)
    if (store.type === 'PKCS12' || store.type === 'JKS') throw new StoreError(`it is no ${store.type}`)
    return readPem(bytes.toString('latin1'), password)
  } catch (error) {
    throw new StoreError(`${store.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readPem(text: string, password: string): StoreContents {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)]
  if (blocks.length === 0) throw new StoreError('it holds neither PEM blocks nor PKCS12 nor JKS')
  const keys: KeyObject[] = []
  const certificates: Uint8Array[] = []
  for (const [block, kind = ''] of blocks) {
    if (kind.endsWith('PRIVATE KEY')) keys.push(readPemKey(block, password))
    else if (kind === 'CERTIFICATE' || kind === 'X509 CERTIFICATE') certificates.push(new X509Certificate(block).raw)
  }
  return { keys, certificates }
}

function readPemKey(block: string, password: string): KeyObject {
  const isEncrypted = block.includes('ENCRYPTED')
  if (isEncrypted && password === '') throw new StoreError('its private key is encrypted: give the password')
  try {
    return createPrivateKey(isEncrypted ? { key: block, passphrase: password } : block)
  } catch (error) {
    if (isEncrypted) throw new StoreError('the password is wrong, or the private key is damaged')
    throw error
  }
}

function passwordOf(store: TlsStore): string {
  if (store.passwordPath === undefined) return store.password
  return read(store.passwordPath)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new StoreError(`${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`)
  }
}
