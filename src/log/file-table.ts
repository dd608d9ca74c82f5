/**
 * Open descriptors of a shard, a bounded number of them: ten thousand partitions must not need ten thousand. A file is
 * opened when it is first used and closed when room is needed, in second-chance order (a flag per file instead of list
 * surgery, because `use` runs once per append).
 *
 *   open ──use──► recent ──hand passes──► old ──hand passes──► closed
 *                   ▲────────use────────────┘
 *
 * A leased file (a read is on its way out of it) is never closed. Lives on one shard.
 */
import { assert } from '../base/assert.ts'
import type { Disk, FileDescriptor } from '../io/ports.ts'

/** Descriptors one shard keeps open. Half of the usual limit of 4096 divided over two shards, sockets need the rest. */
export const OPEN_FILES_MAX: number = 1000

/** A file that may or may not be open at the moment. Belongs to one `FileTable`. */
export class TableFile {
  path: string
  descriptor: FileDescriptor = -1
  /** Set by every use; the clock hand takes it away. */
  isRecent: boolean = false
  leases: number = 0
  /** Position in the table while open. */
  slot: number = -1
  /** Close as soon as the last lease ends: the file was deleted. */
  isDoomed: boolean = false
  /** Opened for writing and created when missing. Never set for a file that must exist: an open would hide its loss. */
  isWritable: boolean

  constructor(path: string, isWritable: boolean) {
    this.path = path
    this.isWritable = isWritable
  }
}

export class FileTable {
  readonly #disk: Disk
  readonly #openFilesMax: number
  readonly #slots: (TableFile | undefined)[] = []
  readonly #freeSlots: number[] = []
  #hand: number = 0
  #openCount: number = 0

  constructor(disk: Disk, openFilesMax: number = OPEN_FILES_MAX) {
    assert(openFilesMax >= 1, 'a file table holds at least one file')
    this.#disk = disk
    this.#openFilesMax = openFilesMax
  }

  get openCount(): number {
    return this.#openCount
  }

  /** hot: per append and per fetch. The descriptor, opening the file if need be. Valid until the next call to this table. */
  use(file: TableFile): FileDescriptor {
    file.isRecent = true
    if (file.descriptor < 0) this.#open(file)
    return file.descriptor
  }

  /** Keeps the file open until `release(slot)`. @returns the slot to give back */
  lease(file: TableFile): number {
    this.use(file)
    file.leases += 1
    return file.slot
  }

  release(slot: number): void {
    const file = this.#slots[slot]
    assert(file !== undefined && file.leases > 0, 'only a leased file can be released')
    file.leases -= 1
    if (file.isDoomed && file.leases === 0) this.#close(file)
  }

  /** Forgets the file: closes it now, or when its last lease ends. */
  drop(file: TableFile): void {
    if (file.descriptor < 0) return
    if (file.leases > 0) file.isDoomed = true
    else this.#close(file)
  }

  #open(file: TableFile): void {
    assert(!file.isDoomed, 'a deleted file is not opened again')
    if (this.#openCount >= this.#openFilesMax) this.#makeRoom()
    file.descriptor = file.isWritable ? this.#disk.openWrite(file.path) : this.#disk.openRead(file.path)
    file.slot = this.#freeSlots.pop() ?? this.#slots.length
    this.#slots[file.slot] = file
    this.#openCount += 1
  }

  #close(file: TableFile): void {
    const descriptor = file.descriptor
    this.#slots[file.slot] = undefined
    this.#freeSlots.push(file.slot)
    file.descriptor = -1
    file.slot = -1
    this.#openCount -= 1
    this.#disk.close(descriptor)
  }

  /** Two rounds: the first takes the flags away, the second closes. With everything leased the bound is exceeded for a while. */
  #makeRoom(): void {
    const count = this.#slots.length
    for (let step = 0; step < count * 2; step += 1) {
      this.#hand = (this.#hand + 1) % count
      const file = this.#slots[this.#hand]
      if (file === undefined || file.leases > 0) continue
      if (!file.isRecent) {
        this.#close(file)
        return
      }
      file.isRecent = false
    }
  }
}
