import type { Disk, FileDescriptor } from '../../io/ports.ts'
import { JuteReader } from '../../jute/reader.ts'
import { adler32, adler32Initial } from './adler32.ts'

/** Bytes in memory at a time. A record that is longer makes them more. */
const WINDOW_BYTES = 1 << 20
/** No node is near this: a longer field is damage. */
const FIELD_BYTES_MAX = 1 << 29

/** Reads a snapshot's records through a window that slides over the file, and compares its seals. */
export class SnapshotFile {
  readonly #disk: Disk
  readonly #file: FileDescriptor
  readonly #sizeBytes: number
  #window: Uint8Array = new Uint8Array(WINDOW_BYTES)
  #reader = new JuteReader(this.#window, 0, 0)
  /** Bytes of the window that are the file's, and where in the file the next ones are. */
  #filledTo = 0
  #position = 0
  /** Seals cover the file from its first byte; up to here in the window they are counted. */
  #checkedTo = 0
  #checksum = adler32Initial

  constructor(disk: Disk, path: string) {
    this.#disk = disk
    this.#file = disk.openRead(path)
    this.#sizeBytes = disk.sizeBytes(this.#file)
  }

  close(): void {
    this.#disk.close(this.#file)
  }

  /**
   * @param parse reads one record; called again from its beginning when the window did not hold all of it
   * @returns undefined when the rest of the file is no such record
   */
  read<T>(parse: (reader: JuteReader) => T): T | undefined {
    for (;;) {
      const startsAt = this.#reader.at
      const record = parse(this.#reader)
      if (this.#reader.ok) return record
      if (!this.#slide(startsAt)) return undefined
    }
  }

  isAtEnd(): boolean {
    return this.#reader.remaining === 0 && this.#position === this.#sizeBytes
  }

  /** Reads a seal. @returns whether it is right for everything before it */
  isSealed(): boolean {
    this.#count(this.#reader.at)
    const expected = this.#checksum
    const value = this.read((reader) => reader.int64())
    return value === expected && this.read((reader) => reader.string()) === '/'
  }

  #count(endsAt: number): void {
    this.#checksum = adler32(this.#checksum, this.#window, this.#checkedTo, endsAt)
    this.#checkedTo = endsAt
  }

  /** Keeps what begins at `from` and reads on. @returns false when nothing is left to read */
  #slide(from: number): boolean {
    if (this.#position === this.#sizeBytes) return false
    this.#count(from)
    const kept = this.#filledTo - from
    const old = this.#window
    if (kept > old.length >> 1) this.#window = new Uint8Array(old.length * 2)
    this.#window.set(old.subarray(from, this.#filledTo))
    const sizeBytes = this.#disk.readSync(this.#file, this.#window.subarray(kept), this.#position)
    this.#position += sizeBytes
    this.#filledTo = kept + sizeBytes
    this.#checkedTo = 0
    this.#reader = new JuteReader(this.#window, 0, this.#filledTo, FIELD_BYTES_MAX)
    return sizeBytes > 0
  }
}
