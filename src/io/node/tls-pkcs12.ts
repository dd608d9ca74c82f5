import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  type KeyObject,
  pbkdf2Sync,
  timingSafeEqual,
} from 'node:crypto'
import { derInteger, DerTag, type DerValue, objectIdentifier, readDer, readDerList } from '../../base/der.ts'

// PKCS #12 (RFC 7292) as far as keytool and openssl write it. node:tls takes such files itself (`pfx`), but neither one
// without a key, which trust stores are, nor does it say what is wrong with a file.

/** What a key or trust store holds. Certificates are DER. */
export interface StoreContents {
  readonly keys: readonly KeyObject[]
  readonly certificates: readonly Uint8Array[]
}

/** The store cannot be used; the message says why and what to do. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
}

const oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  pbeSha1TripleDes: '1.2.840.113549.1.12.1.3',
} as const

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

const pseudoRandomFunctions: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
}

/** What the key derivation of RFC 7292 B.3 is asked for. */
const Purpose = { key: 1, initialVector: 2, mac: 3 } as const

/** @throws StoreError */
export function readPkcs12(bytes: Uint8Array, password: string): StoreContents {
  const [, authSafe, macData] = sequence(readDer(bytes))
  const [type, wrapped] = sequence(authSafe)
  if (identifier(type) !== oid.data) throw new StoreError('it is protected by a public key, which is not supported')
  const safe = octets(explicit(wrapped))
  if (macData !== undefined) checkPassword(macData, safe, password)
  const keys: KeyObject[] = []
  const certificates: Uint8Array[] = []
  for (const info of sequence(readDer(safe))) {
    for (const bag of sequence(readDer(contentOf(info, password)))) readBag(bag, password, keys, certificates)
  }
  return { keys, certificates }
}

function contentOf(info: DerValue, password: string): Uint8Array {
  const [type, wrapped] = sequence(info)
  if (identifier(type) === oid.data) return octets(explicit(wrapped))
  if (identifier(type) !== oid.encryptedData) throw new StoreError(`a part of type ${identifier(type)} is unknown`)
  const [, encrypted] = sequence(explicit(wrapped))
  const [, algorithm, content] = sequence(encrypted)
  return decrypt(algorithm, content?.content ?? new Uint8Array(0), password)
}

function readBag(bag: DerValue, password: string, keys: KeyObject[], certificates: Uint8Array[]): void {
  const [type, wrapped] = sequence(bag)
  const value = explicit(wrapped)
  switch (identifier(type)) {
    case oid.keyBag:
      keys.push(createPrivateKey({ key: Buffer.from(value.whole), format: 'der', type: 'pkcs8' }))
      return
    case oid.shroudedKeyBag: {
      const [algorithm, encrypted] = sequence(value)
      const plain = decrypt(algorithm, octets(encrypted), password)
      keys.push(createPrivateKey({ key: Buffer.from(plain), format: 'der', type: 'pkcs8' }))
      return
    }
    case oid.certificateBag: {
      const [, certificate] = sequence(value)
      certificates.push(octets(explicit(certificate)))
      return
    }
    // Revocation lists and secrets are nothing to us.
    default:
  }
}

function checkPassword(macData: DerValue, safe: Uint8Array, password: string): void {
  const [mac, salt, iterations] = sequence(macData)
  const [algorithm, expected] = sequence(mac)
  const hash = hashes[identifier(sequence(algorithm)[0])]
  if (hash === undefined) {
    throw new StoreError(`its checksum uses ${identifier(sequence(algorithm)[0])}: ${convert}`)
  }
  const count = iterations === undefined ? 1 : derInteger(iterations.content)
  const digest = octets(expected)
  const key = derive(hash, password, octets(salt), count, Purpose.mac, digest.length)
  const actual = createHmac(hash, key).update(safe).digest()
  if (actual.length !== digest.length || !timingSafeEqual(actual, digest)) {
    throw new StoreError('the password is wrong, or the file is damaged')
  }
}

const convert = 'write it anew with keytool -importkeystore -deststoretype PKCS12 of Java 17, or as PEM'

function decrypt(algorithm: DerValue | undefined, encrypted: Uint8Array, password: string): Uint8Array {
  const [type, parameters] = sequence(algorithm)
  const name = identifier(type)
  const { cipher, key, initialVector } =
    name === oid.pbes2 ? pbes2(parameters, password) : pkcs12Scheme(name, parameters, password)
  try {
    const decipher = createDecipheriv(cipher, key, initialVector)
    return Buffer.concat([decipher.update(encrypted), decipher.final()])
  } catch {
    throw new StoreError('the password is wrong, or the file is damaged')
  }
}

interface Keys {
  readonly cipher: string
  readonly key: Uint8Array
  readonly initialVector: Uint8Array
}

/** RFC 8018 6.2: PBKDF2 and a cipher. */
function pbes2(parameters: DerValue | undefined, password: string): Keys {
  const [derivation, scheme] = sequence(parameters)
  const [salt, iterations, ...options] = sequence(sequence(derivation)[1])
  const prf = options.find(({ tag }) => tag === DerTag.sequence)
  const hash = prf === undefined ? 'sha1' : pseudoRandomFunctions[identifier(sequence(prf)[0])]
  const [cipherType, initialVector] = sequence(scheme)
  const cipher = ciphers[identifier(cipherType)]
  if (hash === undefined || cipher === undefined) {
    throw new StoreError(`it is encrypted with ${identifier(cipherType)}: ${convert}`)
  }
  const count = derInteger(iterations?.content ?? new Uint8Array(0))
  return {
    cipher: cipher.name,
    key: pbkdf2Sync(password, octets(salt), boundedIterations(count), cipher.keyBytes, hash),
    initialVector: octets(initialVector),
  }
}

/** RFC 7292 appendix C. Of its schemes only triple DES is still in the platform; RC2 and RC4 are not. */
function pkcs12Scheme(name: string, parameters: DerValue | undefined, password: string): Keys {
  if (name !== oid.pbeSha1TripleDes) {
    throw new StoreError(`it is encrypted with ${name}, which is too weak to be supported (RC2 of Java 8?): ${convert}`)
  }
  const [salt, iterations] = sequence(parameters)
  const count = boundedIterations(derInteger(iterations?.content ?? new Uint8Array(0)))
  return {
    cipher: 'des-ede3-cbc',
    key: derive('sha1', password, octets(salt), count, Purpose.key, 24),
    initialVector: derive('sha1', password, octets(salt), count, Purpose.initialVector, 8),
  }
}

/** A file may not keep the process busy for minutes. */
function boundedIterations(count: number): number {
  if (count >= 1 && count <= 10_000_000) return count
  throw new StoreError(`its iteration count ${count} is out of bounds`)
}

/** RFC 7292 B.2. */
function derive(
  hash: string,
  password: string,
  salt: Uint8Array,
  iterations: number,
  purpose: number,
  sizeBytes: number,
): Uint8Array {
  const blockBytes = hash === 'sha384' || hash === 'sha512' ? 128 : 64
  const inner = Buffer.concat([repeated(salt, blockBytes), repeated(zeroEnded(password), blockBytes)])
  const diversifier = Buffer.alloc(blockBytes, purpose)
  const out: Uint8Array[] = []
  for (let gathered = 0; gathered < sizeBytes; ) {
    let block: Buffer = createHash(hash).update(diversifier).update(inner).digest()
    for (let round = 1; round < boundedIterations(iterations); round += 1) {
      block = createHash(hash).update(block).digest()
    }
    out.push(block)
    gathered += block.length
    addToBlocks(inner, repeated(block, blockBytes).subarray(0, blockBytes))
  }
  return Buffer.concat(out).subarray(0, sizeBytes)
}

/** Adds `addend + 1` to every block, modulo its size. */
function addToBlocks(blocks: Buffer, addend: Uint8Array): void {
  for (let startsAt = 0; startsAt < blocks.length; startsAt += addend.length) {
    let carry = 1
    for (let index = addend.length - 1; index >= 0; index -= 1) {
      carry += (blocks[startsAt + index] ?? 0) + (addend[index] ?? 0)
      blocks[startsAt + index] = carry & 0xff
      carry >>= 8
    }
  }
}

/** @returns the bytes again and again, up to a multiple of the block size; none stay none */
function repeated(bytes: Uint8Array, blockBytes: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes)
  for (let at = 0; at < out.length; at += 1) out[at] = bytes[at % bytes.length] ?? 0
  return out
}

/** Two bytes a character, big-endian, with a zero behind. */
function zeroEnded(password: string): Uint8Array {
  const bytes = Buffer.from(`${password}\0`, 'utf16le')
  return bytes.swap16()
}

function sequence(value: DerValue | undefined): readonly DerValue[] {
  const list = value?.tag === DerTag.sequence ? readDerList(value.content) : undefined
  if (list === undefined) throw new StoreError(`it is no PKCS12 in definite lengths: ${convert}`)
  return list
}

function explicit(value: DerValue | undefined): DerValue {
  const inner = value === undefined ? undefined : readDer(value.content)
  if (inner === undefined) throw new StoreError(`it is no PKCS12 in definite lengths: ${convert}`)
  return inner
}

function octets(value: DerValue | undefined): Uint8Array {
  if (value?.tag !== DerTag.octetString) throw new StoreError(`it is no PKCS12 in definite lengths: ${convert}`)
  return value.content
}

function identifier(value: DerValue | undefined): string {
  return value === undefined ? '' : objectIdentifier(value.content)
}
