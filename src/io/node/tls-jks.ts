import { createHash, createPrivateKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { readDer, readDerList } from '../../base/der.ts'
import { type StoreContents, StoreError } from './tls-pkcs12.ts'

// Java's own key store format, as keytool wrote it up to Java 8: big-endian, entries one after the other, a SHA-1 over
// password and content behind them. Keys are hidden by a stream of SHA-1 blocks that begins with password and salt.

const MAGIC = 0xfeedfeed
const KEY_ENTRY = 1
const CERTIFICATE_ENTRY = 2
const SEAL_BYTES = 20
const SALT_BYTES = 20
/** Java's salt of the seal. */
const WHITENER = 'Mighty Aphrodite'

/** @returns whether a file begins as a JKS does */
export function isJks(bytes: Buffer): boolean {
  return bytes.length >= 12 && bytes.readUInt32BE(0) === MAGIC
}

/** @throws StoreError */
export function readJks(bytes: Buffer, password: string): StoreContents {
  checkSeal(bytes, password)
  const cursor = new Cursor(bytes.subarray(4, bytes.length - SEAL_BYTES))
  const version = cursor.uint32()
  if (version !== 1 && version !== 2) throw new StoreError(`its JKS version ${version} is unknown`)
  const keys: KeyObject[] = []
  const certificates: Uint8Array[] = []
  for (let left = cursor.uint32(); left > 0; left -= 1) {
    const kind = cursor.uint32()
    cursor.take(cursor.uint16())
    cursor.take(8)
    if (kind === KEY_ENTRY) {
      keys.push(unhide(cursor.take(cursor.uint32()), password))
      for (let chain = cursor.uint32(); chain > 0; chain -= 1) certificates.push(certificate(cursor, version))
    } else if (kind === CERTIFICATE_ENTRY) certificates.push(certificate(cursor, version))
    else throw new StoreError(`it has an entry of kind ${kind}, which JKS does not know`)
  }
  return { keys, certificates }
}

function certificate(cursor: Cursor, version: number): Uint8Array {
  if (version === 2) cursor.take(cursor.uint16())
  return cursor.take(cursor.uint32())
}

function checkSeal(bytes: Buffer, password: string): void {
  const endsAt = bytes.length - SEAL_BYTES
  const seal = createHash('sha1').update(wide(password)).update(WHITENER).update(bytes.subarray(0, endsAt)).digest()
  if (!timingSafeEqual(seal, bytes.subarray(endsAt))) {
    throw new StoreError('the password is wrong, or the file is damaged')
  }
}

/** EncryptedPrivateKeyInfo with Java's own algorithm: salt, hidden PKCS #8, SHA-1 over password and plain key. */
function unhide(info: Uint8Array, password: string): KeyObject {
  const outer = readDer(info)
  const encrypted = outer === undefined ? undefined : readDerList(outer.content)?.[1]
  const content = encrypted?.content
  if (content === undefined || content.length < SALT_BYTES + SEAL_BYTES) throw new StoreError('a key entry is damaged')
  const hidden = content.subarray(SALT_BYTES, content.length - SEAL_BYTES)
  const plain = Buffer.alloc(hidden.length)
  let block = content.subarray(0, SALT_BYTES)
  for (let at = 0; at < hidden.length; at += SEAL_BYTES) {
    block = createHash('sha1').update(wide(password)).update(block).digest()
    for (let index = 0; index < SEAL_BYTES && at + index < hidden.length; index += 1) {
      plain[at + index] = (hidden[at + index] ?? 0) ^ (block[index] ?? 0)
    }
  }
  const seal = createHash('sha1').update(wide(password)).update(plain).digest()
  if (!timingSafeEqual(seal, content.subarray(content.length - SEAL_BYTES))) {
    throw new StoreError('the key has a password of its own: give it that of the store (keytool -keypasswd)')
  }
  return createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' })
}

/** Two bytes a character, big-endian. */
function wide(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16()
}

class Cursor {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  take(sizeBytes: number): Buffer {
    const at = this.#at
    if (at + sizeBytes > this.#bytes.length) throw new StoreError('it ends in the middle of an entry')
    this.#at += sizeBytes
    return this.#bytes.subarray(at, this.#at)
  }

  uint16(): number {
    return this.take(2).readUInt16BE(0)
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0)
  }
}
