import {
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rm,
  rmSync,
  statfsSync,
  statSync,
  write,
  writeSync,
  writevSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type DirectoryEntry, type Disk, DiskError, type FileDescriptor, type Volume } from '../ports.ts'
import { lockDirectory, unlockDirectory } from './directory-lock.ts'

const WRITE_FLAGS = constants.O_RDWR | constants.O_CREAT
/** One call takes at most this many parts (IOV_MAX on Linux). */
const PARTS_MAX = 1024

/**
 * The host's files. Hot calls (`writeSync`, `readSync`) go straight through; every failure becomes a `DiskError` that
 * names the path. Descriptors are process-wide; the paths kept for messages are this object's own.
 */
export class NodeDisk implements Disk {
  readonly #paths: Map<FileDescriptor, string> = new Map()
  #bootId: string | undefined = undefined

  openRead(path: string): FileDescriptor {
    return this.#open(path, constants.O_RDONLY)
  }

  openWrite(path: string): FileDescriptor {
    return this.#open(path, WRITE_FLAGS)
  }

  close(file: FileDescriptor): void {
    const path = this.#pathOf(file)
    this.#paths.delete(file)
    wrap(path, () => closeSync(file))
  }

  readSync(file: FileDescriptor, into: Uint8Array, position: number): number {
    let sizeBytes = 0
    try {
      while (sizeBytes < into.length) {
        const got = readSync(file, into, sizeBytes, into.length - sizeBytes, position + sizeBytes)
        if (got === 0) break
        sizeBytes += got
      }
    } catch (error) {
      throw diskError(error, this.#pathOf(file))
    }
    return sizeBytes
  }

  read(
    file: FileDescriptor,
    into: Uint8Array,
    position: number,
    done: (error: DiskError | undefined, sizeBytes: number) => void,
  ): void {
    const path = this.#pathOf(file)
    const more = (sizeBytes: number): void => {
      read(file, into, sizeBytes, into.length - sizeBytes, position + sizeBytes, (error, got) => {
        if (error !== null) done(diskError(error, path), sizeBytes)
        else if (got === 0 || sizeBytes + got === into.length) done(undefined, sizeBytes + got)
        else more(sizeBytes + got)
      })
    }
    more(0)
  }

  writeSync(file: FileDescriptor, parts: readonly Uint8Array[], position: number): void {
    try {
      const only = parts[0]
      if (parts.length === 1 && only !== undefined) writeWhole(file, only, position)
      else writeParts(file, parts, position)
    } catch (error) {
      throw diskError(error, this.#pathOf(file))
    }
  }

  write(file: FileDescriptor, bytes: Uint8Array, position: number): Promise<void> {
    const path = this.#pathOf(file)
    return new Promise((resolve, reject) => {
      const more = (from: number): void => {
        write(file, bytes, from, bytes.length - from, position + from, (error, written) => {
          if (error !== null) reject(diskError(error, path))
          else if (from + written === bytes.length) resolve()
          else if (written === 0) reject(new DiskError('EIO', path, `the system took no more bytes (${path})`))
          else more(from + written)
        })
      }
      more(0)
    })
  }

  dataSync(file: FileDescriptor): Promise<void> {
    const path = this.#pathOf(file)
    return new Promise((resolve, reject) => {
      fdatasync(file, (error) => (error === null ? resolve() : reject(diskError(error, path))))
    })
  }

  dataSyncNow(file: FileDescriptor): void {
    wrap(this.#pathOf(file), () => fdatasyncSync(file))
  }

  truncate(file: FileDescriptor, sizeBytes: number): void {
    wrap(this.#pathOf(file), () => ftruncateSync(file, sizeBytes))
  }

  sizeBytes(file: FileDescriptor): number {
    return wrap(this.#pathOf(file), () => fstatSync(file).size)
  }

  exists(path: string): boolean {
    return existsSync(path)
  }

  fileSizeBytes(path: string): number {
    return wrap(path, () => statSync(path, { throwIfNoEntry: false })?.size ?? -1)
  }

  volumeOf(path: string): Volume | undefined {
    const { blocks, bavail, bsize } = wrap(path, () => statfsSync(path))
    return blocks > 0 ? { sizeBytes: blocks * bsize, usableBytes: bavail * bsize } : undefined
  }

  modifiedAtMs(path: string): number {
    return wrap(path, () => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1)
  }

  list(directory: string): readonly DirectoryEntry[] {
    return wrap(directory, () =>
      readdirSync(directory, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        // A log directory may hold links to partition directories on other disks.
        isDirectory: entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(`${directory}/${entry.name}`)),
      })),
    )
  }

  makeDirectory(path: string): void {
    wrap(path, () => makeWithParents(path))
  }

  readFile(path: string): Uint8Array {
    return wrap(path, () => readFileSync(path))
  }

  replaceFile(path: string, content: Uint8Array): void {
    this.#replace(path, content, true)
    this.syncDirectory(dirname(path))
  }

  replaceFileSoon(path: string, content: Uint8Array): void {
    this.#replace(path, content, false)
  }

  rename(from: string, to: string): void {
    wrap(from, () => renameSync(from, to))
  }

  remove(path: string): void {
    wrap(path, () => rmSync(path, { recursive: true, force: true }))
  }

  removeAside(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      rm(path, { force: true }, (error) => (error === null ? resolve() : reject(diskError(error, path))))
    })
  }

  async syncDirectoryAside(path: string): Promise<void> {
    if (process.platform === 'win32') return
    const file = this.#open(path, constants.O_RDONLY)
    try {
      await new Promise<void>((resolve, reject) => {
        fsync(file, (error) => (error === null ? resolve() : reject(diskError(error, path))))
      })
    } finally {
      this.close(file)
    }
  }

  syncDirectory(path: string): void {
    // Windows cannot open a directory; its names are journalled.
    if (process.platform === 'win32') return
    const file = this.#open(path, constants.O_RDONLY)
    try {
      wrap(path, () => fsyncSync(file))
    } finally {
      this.close(file)
    }
  }

  lockDirectory(path: string): Promise<string | undefined> {
    return lockDirectory(path)
  }

  unlockDirectory(path: string): void {
    unlockDirectory(path)
  }

  bootId(): string {
    this.#bootId ??= readBootId()
    return this.#bootId
  }

  #open(path: string, flags: number): FileDescriptor {
    const file = wrap(path, () => openSync(path, flags, 0o644))
    this.#paths.set(file, path)
    return file
  }

  #pathOf(file: FileDescriptor): string {
    return this.#paths.get(file) ?? `descriptor ${file}`
  }

  #replace(path: string, content: Uint8Array, isSynced: boolean): void {
    const temporary = `${path}.tmp`
    const file = this.#open(temporary, WRITE_FLAGS | constants.O_TRUNC)
    try {
      this.writeSync(file, [content], 0)
      if (isSynced) wrap(temporary, () => fsyncSync(file))
    } finally {
      this.close(file)
    }
    this.rename(temporary, path)
  }
}

function writeWhole(file: FileDescriptor, part: Uint8Array, position: number): void {
  let written = writeSync(file, part, 0, part.length, position)
  while (written < part.length)
    written += progress(writeSync(file, part, written, part.length - written, position + written))
}

function writeParts(file: FileDescriptor, parts: readonly Uint8Array[], position: number): void {
  let at = position
  for (let from = 0; from < parts.length; from += PARTS_MAX) {
    const some = from === 0 && parts.length <= PARTS_MAX ? parts : parts.slice(from, from + PARTS_MAX)
    let sizeBytes = 0
    for (const part of some) sizeBytes += part.length
    const written = writevSync(file, some as Uint8Array[], at)
    if (written < sizeBytes) writeRest(file, some, written, at)
    at += sizeBytes
  }
}

/** The kernel took only a part (a signal, a nearly full disk): the rest goes part by part, until it is all in or refused. */
function writeRest(file: FileDescriptor, parts: readonly Uint8Array[], written: number, position: number): void {
  let partAt = 0
  for (const part of parts) {
    const done = Math.min(part.length, Math.max(0, written - partAt))
    if (done < part.length) writeWhole(file, part.subarray(done), position + partAt + done)
    partAt += part.length
  }
}

function progress(written: number): number {
  if (written === 0) throw Object.assign(new Error('the system took no more bytes'), { code: 'EIO' })
  return written
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    // Not Linux: there is no such name, and recovery then trusts synced bytes only.
    return ''
  }
}

function wrap<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw diskError(error, path)
  }
}

/**
 * Node's own recursive way says ENOENT where the parent's disk is read-only: the reason would be lost. Nearly always the
 * parent is there: nothing is looked up first.
 */
function makeWithParents(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && dirname(path) !== path) {
      makeWithParents(dirname(path))
      makeWithParents(path)
      return
    }
    // It may be there, or somebody else may have made it meanwhile. A root, or a parent on a read-only disk, says so otherwise.
    if (!isDirectory(path)) throw error
  }
}

function diskError(error: unknown, path: string): DiskError {
  if (!(error instanceof Error)) throw error
  const code = (error as NodeJS.ErrnoException).code
  // Without a system code it is a wrong argument, that is, our own mistake.
  if (code === undefined || code.startsWith('ERR_')) throw error
  return new DiskError(code, path, `${error.message} (${path})`)
}
