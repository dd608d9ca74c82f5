import type { DirectoryEntry, Disk, FileDescriptor, Volume } from '../../src/io/ports.ts'
import { DiskError } from '../../src/io/ports.ts'

interface MemoryFile {
  bytes: Uint8Array
  sizeBytes: number
  /** What a power loss leaves: content at the last sync. */
  synced: Uint8Array
  modifiedAtMs: number
  /** A sync of these bytes has failed: they are in the cache, count as clean, and are nowhere else. */
  dropped?: { readonly from: number; readonly to: number } | undefined
}

/**
 * A disk in memory that can fail and lose power. Names are durable at once; content only after a sync, so that
 * `losePower` is the worst case for data while directory entries survive (ext4 and XFS behave like that with
 * `replaceFileSoon`'s rename).
 */
export class MemoryDisk implements Disk {
  readonly files: Map<string, MemoryFile> = new Map()
  readonly directories: Set<string> = new Set(['/'])
  /** Calls that may fail, counted; `failAt` names the one that does. */
  operations: number = 0
  failAt: number = -1
  /** Every call from `failAt` on fails, as a full or broken disk does. */
  failsForGood: boolean = true
  /** Every call for a path that begins so fails: one of several disks is broken. */
  failPrefix: string | undefined = undefined
  failCode: string = 'EIO'
  /** A sync that fails leaves its pages clean, as Linux does: a later sync succeeds and writes nothing of them. */
  failedSyncsDrop: boolean = false
  /** Bytes of a failing write that still reach the file. */
  tornBytes: number = 0
  nowMs: number = 1_000_000
  boot: string = 'boot-1'
  writes: number = 0
  /** Bytes that `readSync` and `readFile` gave. */
  readBytes: number = 0
  lastFailed: string = ''
  readonly #open: Map<FileDescriptor, { path: string; file: MemoryFile; isWritable: boolean }> = new Map()
  #nextDescriptor: number = 3
  #deadBelow: number = 0

  get openCount(): number {
    return this.#open.size
  }

  /** Everything that was not synced is gone, and the machine has started again. */
  losePower(): void {
    for (const file of this.files.values()) {
      file.bytes = file.synced.slice()
      file.sizeBytes = file.synced.length
    }
    this.killProcess()
    this.boot = `${this.boot}+`
  }

  /** The kernel needs memory: what counts as clean is read from the disk again. */
  dropCache(): void {
    for (const file of this.files.values())
      if (file.dropped !== undefined) file.bytes.fill(0, file.dropped.from, file.dropped.to)
  }

  /** The process is gone; what it wrote is in the page cache. */
  killProcess(): void {
    this.#open.clear()
    this.#deadBelow = this.#nextDescriptor
    this.failAt = -1
  }

  content(path: string): Uint8Array {
    const file = this.#file(path)
    return file.bytes.slice(0, file.sizeBytes)
  }

  put(path: string, content: Uint8Array): void {
    this.files.set(path, {
      bytes: content.slice(),
      sizeBytes: content.length,
      synced: content.slice(),
      modifiedAtMs: this.nowMs,
    })
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) this.directories.add(path.slice(0, at))
  }

  openRead(path: string): FileDescriptor {
    this.#mayFail('openRead', path)
    return this.#opened(path, this.#file(path), false)
  }

  openWrite(path: string): FileDescriptor {
    this.#mayFail('openWrite', path)
    let file = this.files.get(path)
    if (file === undefined) {
      const parent = path.slice(0, path.lastIndexOf('/'))
      if (!this.directories.has(parent)) throw new DiskError('ENOENT', path, `no such directory: ${parent}`)
      file = { bytes: new Uint8Array(0), sizeBytes: 0, synced: new Uint8Array(0), modifiedAtMs: this.nowMs }
      this.files.set(path, file)
    }
    return this.#opened(path, file, true)
  }

  close(descriptor: FileDescriptor): void {
    // What the dead process still had under way ends without effect.
    if (descriptor < this.#deadBelow) return
    if (!this.#open.delete(descriptor)) throw new Error(`descriptor ${descriptor} is not open`)
  }

  readSync(descriptor: FileDescriptor, into: Uint8Array, position: number): number {
    const { path, file } = this.#descriptor(descriptor)
    this.#mayFail('readSync', path)
    const end = Math.min(file.sizeBytes, position + into.length)
    if (position >= end) return 0
    into.set(file.bytes.subarray(position, end))
    this.readBytes += end - position
    return end - position
  }

  read(
    descriptor: FileDescriptor,
    into: Uint8Array,
    position: number,
    done: (error: DiskError | undefined, sizeBytes: number) => void,
  ): void {
    queueMicrotask(() => done(undefined, this.readSync(descriptor, into, position)))
  }

  writeSync(descriptor: FileDescriptor, parts: readonly Uint8Array[], position: number): void {
    const { path, file, isWritable } = this.#descriptor(descriptor)
    if (!isWritable) throw new Error(`${path} is open for reading only`)
    this.writes += 1
    const bytes = concat(parts)
    try {
      this.#mayFail('writeSync', path)
    } catch (error) {
      put(file, bytes.subarray(0, this.tornBytes), position)
      throw error
    }
    put(file, bytes, position)
    file.modifiedAtMs = this.nowMs
  }

  async write(descriptor: FileDescriptor, bytes: Uint8Array, position: number): Promise<void> {
    if (descriptor < this.#deadBelow) return new Promise(() => undefined)
    this.writeSync(descriptor, [bytes], position)
  }

  async dataSync(descriptor: FileDescriptor): Promise<void> {
    if (descriptor < this.#deadBelow) return new Promise(() => undefined)
    this.dataSyncNow(descriptor)
  }

  dataSyncNow(descriptor: FileDescriptor): void {
    const { path, file } = this.#descriptor(descriptor)
    try {
      this.#mayFail('dataSync', path)
    } catch (error) {
      if (this.failedSyncsDrop && file.sizeBytes > file.synced.length)
        file.dropped = { from: file.synced.length, to: file.sizeBytes }
      throw error
    }
    file.synced = file.bytes.slice(0, file.sizeBytes)
    if (file.dropped !== undefined) file.synced.fill(0, file.dropped.from, file.dropped.to)
  }

  truncate(descriptor: FileDescriptor, sizeBytes: number): void {
    const { path, file } = this.#descriptor(descriptor)
    this.#mayFail('truncate', path)
    if (sizeBytes > file.sizeBytes) put(file, new Uint8Array(sizeBytes - file.sizeBytes), file.sizeBytes)
    file.sizeBytes = sizeBytes
  }

  sizeBytes(descriptor: FileDescriptor): number {
    return this.#descriptor(descriptor).file.sizeBytes
  }

  exists(path: string): boolean {
    return this.files.has(path) || this.directories.has(path)
  }

  fileSizeBytes(path: string): number {
    return this.files.get(path)?.sizeBytes ?? -1
  }

  volume: Volume | undefined = undefined

  volumeOf(): Volume | undefined {
    return this.volume
  }

  modifiedAtMs(path: string): number {
    return this.files.get(path)?.modifiedAtMs ?? -1
  }

  list(directory: string): readonly DirectoryEntry[] {
    this.#mayFail('list', directory)
    const names = new Map<string, boolean>()
    for (const path of this.files.keys()) {
      if (path.startsWith(`${directory}/`)) {
        const rest = path.slice(directory.length + 1)
        const slash = rest.indexOf('/')
        names.set(slash < 0 ? rest : rest.slice(0, slash), slash >= 0)
      }
    }
    for (const path of this.directories) {
      if (path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes('/')) {
        names.set(path.slice(directory.length + 1), true)
      }
    }
    return [...names].map(([name, isDirectory]) => ({ name, isDirectory }))
  }

  makeDirectory(path: string): void {
    this.#mayFail('makeDirectory', path)
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) this.directories.add(path.slice(0, at))
    this.directories.add(path)
  }

  readFile(path: string): Uint8Array {
    this.#mayFail('readFile', path)
    const content = this.content(path)
    this.readBytes += content.length
    return content
  }

  replaceFile(path: string, content: Uint8Array): void {
    this.#mayFail('replaceFile', path)
    this.put(path, content)
  }

  replaceFileSoon(path: string, content: Uint8Array): void {
    this.#mayFail('replaceFileSoon', path)
    const synced = this.files.get(path)?.synced ?? new Uint8Array(0)
    this.files.set(path, { bytes: content.slice(), sizeBytes: content.length, synced, modifiedAtMs: this.nowMs })
  }

  rename(from: string, to: string): void {
    this.#mayFail('rename', from)
    const file = this.files.get(from)
    if (file !== undefined) {
      this.files.delete(from)
      this.files.set(to, file)
      return
    }
    if (!this.directories.delete(from)) throw new DiskError('ENOENT', from, `no such file: ${from}`)
    this.directories.add(to)
    for (const [path, each] of [...this.files]) {
      if (!path.startsWith(`${from}/`)) continue
      this.files.delete(path)
      this.files.set(to + path.slice(from.length), each)
    }
  }

  remove(path: string): void {
    this.#mayFail('remove', path)
    this.files.delete(path)
    this.directories.delete(path)
    for (const each of [...this.files.keys()]) if (each.startsWith(`${path}/`)) this.files.delete(each)
  }

  async removeAside(path: string): Promise<void> {
    this.remove(path)
  }

  async syncDirectoryAside(path: string): Promise<void> {
    this.syncDirectory(path)
  }

  syncDirectory(path: string): void {
    this.#mayFail('syncDirectory', path)
  }

  async lockDirectory(): Promise<string | undefined> {
    return undefined
  }

  unlockDirectory(): void {
    // Nobody else can reach a disk in memory.
  }

  bootId(): string {
    return this.boot
  }

  #opened(path: string, file: MemoryFile, isWritable: boolean): FileDescriptor {
    const descriptor = this.#nextDescriptor
    this.#nextDescriptor += 1
    this.#open.set(descriptor, { path, file, isWritable })
    return descriptor
  }

  #descriptor(descriptor: FileDescriptor): { path: string; file: MemoryFile; isWritable: boolean } {
    const open = this.#open.get(descriptor)
    if (open === undefined) throw new Error(`descriptor ${descriptor} is not open`)
    return open
  }

  #file(path: string): MemoryFile {
    const file = this.files.get(path)
    if (file === undefined) throw new DiskError('ENOENT', path, `no such file: ${path}`)
    return file
  }

  #mayFail(operation: string, path: string): void {
    const index = this.operations
    this.operations += 1
    const isUnderPrefix = this.failPrefix !== undefined && path.startsWith(this.failPrefix)
    const isAfter = this.failAt >= 0 && index >= this.failAt && (this.failsForGood || index === this.failAt)
    if (!isUnderPrefix && !isAfter) return
    this.lastFailed = `${operation} ${path}`
    throw new DiskError(this.failCode, path, `${operation} fails (${this.failCode})`)
  }
}

function put(file: MemoryFile, bytes: Uint8Array, position: number): void {
  const end = position + bytes.length
  if (end > file.bytes.length) {
    const larger = new Uint8Array(Math.max(end, file.bytes.length * 2))
    larger.set(file.bytes.subarray(0, file.sizeBytes))
    file.bytes = larger
  }
  file.bytes.set(bytes, position)
  const { dropped } = file
  if (dropped !== undefined && position <= dropped.from && end > dropped.from)
    file.dropped = end >= dropped.to ? undefined : { from: end, to: dropped.to }
  file.sizeBytes = Math.max(file.sizeBytes, end)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
