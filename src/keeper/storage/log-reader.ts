import { assert } from '../../base/assert.ts'
import { JuteReader } from '../../jute/reader.ts'
import { readFileHeader } from '../../jute/generated/persistence.ts'
import type { Disk, FileDescriptor } from '../../io/ports.ts'
import { readTxn, type Txn } from '../tree/txn.ts'
import { adler32, adler32Initial } from './adler32.ts'
import { endOfEntry, fileHeaderBytes, fileVersion, logMagic, StorageError } from './files.ts'

/** Checksum and length before each entry. */
const ENTRY_PREFIX_BYTES = 12
const WINDOW_BYTES = 1 << 18
/** The upper half of a checksum, with which an entry begins. */
const ALWAYS_ZERO_BYTES = 4
/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512
/** No server takes a request near this; a longer length is damage. */
const ENTRY_BYTES_MAX = 1 << 29

/** How a log file ended. */
export interface LogEnd {
  /** Where the last whole entry ends. */
  readonly endsAt: number
  /** Why reading stopped there when it was not at the end or at preallocated zeros. */
  readonly damage: string | undefined
  /**
   * A whole, correct entry lies behind the damage, and the damage is not a sector that was never written: then it is no
   * torn tail. (Entries of one group reach the disk in any order; a power loss may keep the second and lose the first.)
   */
  readonly hasEntriesBehindDamage: boolean
}

type Entry =
  | { readonly kind: 'txn'; readonly txn: Txn; readonly bytes: Uint8Array; readonly nextAt: number }
  | { readonly kind: 'end' }
  | Damage
interface Damage {
  readonly kind: 'damage'
  readonly what: string
  readonly nextAt: number | undefined
}

/** Reads a transaction log file forward through a window that slides over it. */
export class LogFileReader {
  readonly #disk: Disk
  readonly #file: FileDescriptor
  readonly #path: string
  #sizeBytes: number
  #window: Uint8Array = new Uint8Array(0)
  #windowAt = 0
  #at = 0

  constructor(disk: Disk, path: string) {
    this.#disk = disk
    this.#path = path
    this.#file = disk.openRead(path)
    this.#sizeBytes = disk.sizeBytes(this.#file)
  }

  /**
   * @param onTxn called for each entry in order, with its bytes and where it ends in the file; buffers and bytes are valid
   *   only during the call
   * @throws StorageError when the header is not a log's
   */
  readAll(onTxn: (txn: Txn, bytes: Uint8Array, endsAt: number) => void): LogEnd {
    const end = this.readWhile((txn, bytes, endsAt) => {
      onTxn(txn, bytes, endsAt)
      return true
    })
    assert(end !== undefined, 'nobody stopped it')
    return end
  }

  /**
   * Reads on from where the last call stopped. What was written since is read too: the file may be growing.
   *
   * @param onTxn as in {@link LogFileReader.readAll}; false stops behind this entry
   * @returns undefined when it was stopped
   * @throws StorageError when the header is not a log's
   */
  readWhile(onTxn: (txn: Txn, bytes: Uint8Array, endsAt: number) => boolean): LogEnd | undefined {
    if (this.#at > 0) this.#lookAgain()
    else if (!this.#readHeader()) {
      // A file that a crash left without a whole header holds no acknowledged transaction.
      const damage = this.#sizeBytes < fileHeaderBytes ? undefined : 'no header'
      return { endsAt: 0, damage, hasEntriesBehindDamage: false }
    }
    for (;;) {
      const at = this.#at
      const entry = this.#entry(at)
      if (entry.kind === 'txn') {
        this.#at = entry.nextAt
        if (!onTxn(entry.txn, entry.bytes, entry.nextAt)) return undefined
        continue
      }
      return this.#endAt(at, entry)
    }
  }

  /** @returns whether there is one @throws StorageError when it is not a log's */
  #readHeader(): boolean {
    const header = this.#bytes(0, fileHeaderBytes)
    if (header === undefined || header.every((byte) => byte === 0)) return false
    const { magic, version } = readFileHeader(new JuteReader(header))
    if (magic !== logMagic || version !== fileVersion) {
      throw new StorageError(`${this.#path} is no transaction log: magic ${magic.toString(16)}, version ${version}`)
    }
    this.#at = fileHeaderBytes
    return true
  }

  #endAt(at: number, entry: Exclude<Entry, { kind: 'txn' }>): LogEnd {
    if (entry.kind === 'end') return { endsAt: at, damage: undefined, hasEntriesBehindDamage: false }
    const isTorn = entry.nextAt === undefined || this.#hasUnwrittenSector(at, entry.nextAt)
    const hasEntriesBehindDamage = !isTorn && this.#entry(entry.nextAt).kind === 'txn'
    return { endsAt: at, damage: entry.what, hasEntriesBehindDamage }
  }

  /** What was zeros may be entries by now. */
  #lookAgain(): void {
    this.#window = new Uint8Array(0)
    this.#sizeBytes = this.#disk.sizeBytes(this.#file)
  }

  close(): void {
    this.#disk.close(this.#file)
  }

  #entry(at: number): Entry {
    const prefix = this.#bytes(at, ENTRY_PREFIX_BYTES)
    if (prefix === undefined) {
      const rest = this.#bytes(at, this.#sizeBytes - at) ?? new Uint8Array(0)
      return rest.every((byte) => byte === 0) ? { kind: 'end' } : damage(`${rest.length} bytes at the end`)
    }
    const view = new DataView(prefix.buffer, prefix.byteOffset, ENTRY_PREFIX_BYTES)
    const checksum = view.getUint32(4)
    const sizeBytes = view.getInt32(8)
    if (sizeBytes === 0) {
      return view.getInt32(0) === 0 && checksum === 0 ? { kind: 'end' } : damage('a checksum without an entry')
    }
    if (sizeBytes < 0 || sizeBytes > ENTRY_BYTES_MAX) return damage(`an entry of ${sizeBytes} bytes`)
    const startsAt = at + ENTRY_PREFIX_BYTES
    const entry = this.#bytes(startsAt, sizeBytes + 1)
    if (entry === undefined) return damage(`an entry of ${sizeBytes} bytes that the file does not hold`)
    const nextAt = startsAt + sizeBytes + 1
    if (entry[sizeBytes] !== endOfEntry) return damage('an entry without its end mark', nextAt)
    if (view.getUint32(0) !== 0 || adler32(adler32Initial, entry, 0, sizeBytes) !== checksum) {
      return damage('an entry with a wrong checksum', nextAt)
    }
    const txn = readTxn(entry, 0, sizeBytes)
    // The checksum was right, so these are the bytes that were written: not damage but something we do not know.
    if (txn === undefined) throw new StorageError(`${this.#path}: unknown transaction at byte ${at}`)
    return { kind: 'txn', txn, bytes: entry.subarray(0, sizeBytes), nextAt }
  }

  /**
   * The file was zeros before: a sector of zeros inside an entry that is damaged was not written. So was the first one, which
   * holds earlier entries too, when it is zeros from where this entry begins.
   */
  #hasUnwrittenSector(startsAt: number, endsAt: number): boolean {
    const first = Math.ceil(startsAt / SECTOR_BYTES) * SECTOR_BYTES
    const headBytes = first - startsAt
    if (first < endsAt && headBytes > ALWAYS_ZERO_BYTES && this.#isZeros(startsAt, headBytes)) return true
    for (let at = first; at + SECTOR_BYTES <= endsAt; at += SECTOR_BYTES) {
      if (this.#isZeros(at, SECTOR_BYTES)) return true
    }
    return false
  }

  #isZeros(at: number, sizeBytes: number): boolean {
    return this.#bytes(at, sizeBytes)?.every((byte) => byte === 0) === true
  }

  /** @returns a view valid until the next call, undefined when the file ends before */
  #bytes(at: number, sizeBytes: number): Uint8Array | undefined {
    if (at + sizeBytes > this.#sizeBytes) return undefined
    const offset = at - this.#windowAt
    if (offset >= 0 && offset + sizeBytes <= this.#window.length) {
      return this.#window.subarray(offset, offset + sizeBytes)
    }
    const window = new Uint8Array(Math.min(Math.max(WINDOW_BYTES, sizeBytes), this.#sizeBytes - at))
    const got = this.#disk.readSync(this.#file, window, at)
    if (got < window.length) throw new StorageError(`${this.#path} became shorter while it was read`)
    this.#window = window
    this.#windowAt = at
    return window.subarray(0, sizeBytes)
  }
}

function damage(what: string, nextAt?: number): Damage {
  return { kind: 'damage', what, nextAt }
}
