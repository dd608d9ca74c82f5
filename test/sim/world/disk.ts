import { type DirectoryEntry, type Disk, DiskError, type FileDescriptor } from '../../../src/io/ports.ts'
import type { Random } from '../zab/random.ts'
import type { SimProcess } from './process.ts'

const SECTOR_BYTES = 512

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly sizeBytes: number }

/** A file's content as programs see it, and as a power loss would leave it. */
class Content {
  bytes: Uint8Array = new Uint8Array(1024)
  sizeBytes = 0

  static of(bytes: Uint8Array): Content {
    const content = new Content()
    content.apply({ kind: 'write', position: 0, bytes })
    return content
  }

  get written(): Uint8Array {
    return this.bytes.subarray(0, this.sizeBytes)
  }

  copy(): Content {
    return Content.of(this.written)
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      this.#resize(change.sizeBytes)
      return
    }
    const end = change.position + change.bytes.length
    if (end > this.sizeBytes) this.#resize(end)
    this.bytes.set(change.bytes, change.position)
  }

  #resize(sizeBytes: number): void {
    if (sizeBytes > this.bytes.length) {
      const larger = new Uint8Array(Math.max(sizeBytes, this.bytes.length * 2))
      larger.set(this.written)
      this.bytes = larger
    }
    if (sizeBytes < this.sizeBytes) this.bytes.fill(0, sizeBytes, this.sizeBytes)
    this.sizeBytes = sizeBytes
  }
}

class Inode {
  seen: Content = new Content()
  durable: Content = new Content()
  /** Since the last sync, oldest first. */
  unsynced: Change[] = []
  modifiedAtMs = 0

  change(change: Change): void {
    this.seen.apply(change)
    this.unsynced.push(change)
  }

  sync(count: number): void {
    for (const change of this.unsynced.splice(0, count)) this.durable.apply(change)
  }

  /** After a failed sync the system calls the pages clean, and they are nowhere (what Linux does). */
  loseUnsynced(count: number): void {
    this.unsynced.splice(0, count)
  }
}

/** One change of names in a directory: durable once the directory is synced, and in the order made until then. */
interface NameChange {
  readonly directory: string
  readonly removed: string | undefined
  readonly added: string | undefined
  readonly inode: Inode | undefined
}

/** What can be wrong with a disk. */
export interface DiskTrouble {
  /** No byte more fits. */
  isFull: boolean
  /** The next sync fails and takes with it what it should have made durable. */
  failsNextSync: boolean
  /** How long a sync takes, at most. */
  syncMs: number
}

/** What of the unsynced is lost: none of it when only the process dies, anything when the machine does. */
export type Loss = 'none' | 'some' | 'nearly all' | 'all'
export const LOSSES: readonly Loss[] = ['none', 'some', 'nearly all', 'all']

/**
 * Files in memory with a volatile and a durable half. Content is durable after a sync of the file, names (creations,
 * renames, removals) after a sync of their directory; a power loss keeps any part of the rest, down to single sectors of
 * a write. Asynchronous calls complete as events of the process that made them.
 */
export class SimDisk implements Disk {
  /** Starts of the machine. */
  #boots = 1
  readonly trouble: DiskTrouble = { isFull: false, failsNextSync: false, syncMs: 2 }
  #process: SimProcess | undefined
  readonly #names: Map<string, Inode> = new Map()
  readonly #durableNames: Map<string, Inode> = new Map()
  #unsyncedNames: NameChange[] = []
  /** Directories cannot be lost here: who makes one makes it durable before anything else (see `installed`). */
  readonly #directories: Set<string> = new Set(['/'])
  readonly #open: Map<FileDescriptor, { readonly path: string; readonly inode: Inode }> = new Map()
  #nextDescriptor = 3

  /** Gives the disk to a process; calls are steps of it. */
  attach(process: SimProcess): void {
    this.#process = process
  }

  /** What is there after the process has ended. */
  after(loss: Loss, random: Random): SimDisk {
    const next = new SimDisk()
    next.trouble.syncMs = this.trouble.syncMs
    next.#boots = loss === 'none' ? this.#boots : this.#boots + 1
    for (const directory of this.#directories) next.#directories.add(directory)
    const copies = new Map<Inode, Inode>()
    const copyOf = (inode: Inode): Inode => {
      let copy = copies.get(inode)
      if (copy === undefined) {
        copy = loss === 'none' ? copied(inode) : survived(inode, loss, random)
        copies.set(inode, copy)
      }
      return copy
    }
    if (loss === 'none') {
      for (const [path, inode] of this.#names) next.#names.set(path, copyOf(inode))
      for (const [path, inode] of this.#durableNames) next.#durableNames.set(path, copyOf(inode))
      next.#unsyncedNames = this.#unsyncedNames.map((change) => ({
        ...change,
        inode: change.inode === undefined ? undefined : copyOf(change.inode),
      }))
      return next
    }
    const names = new Map(this.#durableNames)
    const keptOf = new Map<string, number>()
    for (const change of this.#unsyncedNames) {
      let kept = keptOf.get(change.directory)
      if (kept === undefined) {
        const count = this.#unsyncedNames.filter(({ directory }) => directory === change.directory).length
        kept = loss === 'all' ? 0 : random.between(0, count)
      }
      keptOf.set(change.directory, kept - 1)
      if (kept > 0) applyNames(names, change)
    }
    for (const [path, inode] of names) {
      const copy = copyOf(inode)
      next.#names.set(path, copy)
      next.#durableNames.set(path, copy)
    }
    return next
  }

  /** Makes a directory as an administrator does: long before. */
  installed(directory: string): this {
    for (let at = directory.indexOf('/', 1); at > 0; at = directory.indexOf('/', at + 1)) {
      this.#directories.add(directory.slice(0, at))
    }
    this.#directories.add(directory)
    return this
  }

  /** The system has written back all that was dirty, as it does after a while: nobody asked for it, and nobody hears of it. */
  writeBack(): void {
    for (const change of this.#unsyncedNames) applyNames(this.#durableNames, change)
    this.#unsyncedNames = []
    for (const inode of this.#names.values()) inode.sync(inode.unsynced.length)
  }

  /** Paths of all files, for scenarios. */
  paths(): string[] {
    return [...this.#names.keys()]
  }

  openRead(path: string): FileDescriptor {
    return this.#opened(path, this.#inode(path))
  }

  openWrite(path: string): FileDescriptor {
    const existing = this.#names.get(path)
    if (existing !== undefined) return this.#opened(path, existing)
    this.#step()
    if (!this.#directories.has(parentOf(path))) throw new DiskError('ENOENT', path, `no directory for ${path}`)
    this.#refuseIfFull(path)
    const inode = new Inode()
    this.#changeNames({ directory: parentOf(path), removed: undefined, added: path, inode })
    return this.#opened(path, inode)
  }

  close(file: FileDescriptor): void {
    if (!this.#open.delete(file)) throw new Error(`descriptor ${file} is closed twice`)
  }

  readSync(file: FileDescriptor, into: Uint8Array, position: number): number {
    const { seen } = this.#file(file).inode
    const part = seen.written.subarray(position, position + into.length)
    into.set(part)
    return part.length
  }

  read(
    file: FileDescriptor,
    into: Uint8Array,
    position: number,
    done: (error: DiskError | undefined, sizeBytes: number) => void,
  ): void {
    const sizeBytes = this.readSync(file, into, position)
    this.#later(() => done(undefined, sizeBytes))
  }

  writeSync(file: FileDescriptor, parts: readonly Uint8Array[], position: number): void {
    const { inode, path } = this.#file(file)
    this.#step()
    let at = position
    for (const part of parts) {
      this.#write(inode, path, part, at)
      at += part.length
    }
  }

  write(file: FileDescriptor, bytes: Uint8Array, position: number): Promise<void> {
    const { inode, path } = this.#file(file)
    this.#step()
    return new Promise((resolve, reject) => {
      try {
        this.#write(inode, path, bytes, position)
      } catch (error) {
        this.#later(() => reject(error))
        return
      }
      this.#later(resolve)
    })
  }

  dataSync(file: FileDescriptor): Promise<void> {
    const { inode, path } = this.#file(file)
    this.#step()
    const count = inode.unsynced.length
    return new Promise((resolve, reject) => {
      this.#later(() => {
        this.#step()
        try {
          this.#sync(inode, path, Math.min(count, inode.unsynced.length))
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  dataSyncNow(file: FileDescriptor): void {
    const { inode, path } = this.#file(file)
    this.#step()
    const process = this.#process
    if (process?.isAlive === true) process.stall(process.world.random.next() * this.trouble.syncMs)
    this.#sync(inode, path, inode.unsynced.length)
  }

  truncate(file: FileDescriptor, sizeBytes: number): void {
    this.#step()
    this.#file(file).inode.change({ kind: 'truncate', sizeBytes })
  }

  sizeBytes(file: FileDescriptor): number {
    return this.#file(file).inode.seen.sizeBytes
  }

  exists(path: string): boolean {
    return this.#names.has(path) || this.#directories.has(path)
  }

  fileSizeBytes(path: string): number {
    return this.#names.get(path)?.seen.sizeBytes ?? -1
  }

  volumeOf(): undefined {
    return undefined
  }

  modifiedAtMs(path: string): number {
    return this.#names.get(path)?.modifiedAtMs ?? -1
  }

  list(directory: string): readonly DirectoryEntry[] {
    const entries: DirectoryEntry[] = []
    for (const path of this.#names.keys()) {
      if (parentOf(path) === directory) entries.push({ name: path.slice(directory.length + 1), isDirectory: false })
    }
    for (const path of this.#directories) {
      if (path !== '/' && parentOf(path) === directory) {
        entries.push({ name: path.slice(directory.length + 1), isDirectory: true })
      }
    }
    return entries
  }

  makeDirectory(path: string): void {
    if (this.#directories.has(path)) return
    this.#step()
    this.installed(path)
  }

  readFile(path: string): Uint8Array {
    return this.#inode(path).seen.written.slice()
  }

  replaceFile(path: string, content: Uint8Array): void {
    this.replaceFileSoon(path, content)
    const inode = this.#inode(path)
    inode.sync(inode.unsynced.length)
    this.syncDirectory(parentOf(path))
  }

  replaceFileSoon(path: string, content: Uint8Array): void {
    this.#step()
    this.#refuseIfFull(path)
    const inode = new Inode()
    inode.change({ kind: 'write', position: 0, bytes: content.slice() })
    this.#step()
    this.#changeNames({ directory: parentOf(path), removed: undefined, added: path, inode })
  }

  rename(from: string, to: string): void {
    this.#step()
    if (this.#directories.has(from)) {
      this.#renameDirectory(from, to)
      return
    }
    this.#changeNames({ directory: parentOf(to), removed: from, added: to, inode: this.#inode(from) })
  }

  remove(path: string): void {
    if (!this.#directories.has(path)) {
      if (!this.#names.has(path)) return
      this.#step()
      this.#changeNames({ directory: parentOf(path), removed: path, added: undefined, inode: undefined })
      return
    }
    const inner = [...this.#names.keys()].filter((each) => each === path || each.startsWith(`${path}/`))
    for (const each of inner) {
      this.#step()
      this.#changeNames({ directory: parentOf(each), removed: each, added: undefined, inode: undefined })
    }
    for (const each of [...this.#directories]) {
      if (each === path || each.startsWith(`${path}/`)) this.#directories.delete(each)
    }
  }

  removeAside(path: string): Promise<void> {
    return this.#aside(() => this.remove(path))
  }

  syncDirectoryAside(path: string): Promise<void> {
    return this.#aside(() => this.syncDirectory(path))
  }

  syncDirectory(path: string): void {
    this.#step()
    if (this.trouble.failsNextSync) this.#failSync(path)
    for (const change of this.#unsyncedNames) if (change.directory === path) applyNames(this.#durableNames, change)
    this.#unsyncedNames = this.#unsyncedNames.filter((change) => change.directory !== path)
  }

  async lockDirectory(): Promise<string | undefined> {
    return undefined
  }

  unlockDirectory(): void {
    // One process has the disk at a time.
  }

  bootId(): string {
    return `boot-${this.#boots}`
  }

  #step(): void {
    this.#process?.step()
  }

  #later(happening: () => void): void {
    const process = this.#process
    if (process === undefined || !process.isAlive) return
    process.postAfter(0.05 + process.world.random.next() * this.trouble.syncMs, happening)
  }

  /** Work of another thread: it happens when it is told of. */
  #aside(work: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#later(() => {
        try {
          work()
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  #write(inode: Inode, path: string, bytes: Uint8Array, position: number): void {
    const isLonger = position + bytes.length > inode.seen.sizeBytes
    if (this.trouble.isFull && isLonger) {
      // What fits in the last block is written before the system notices.
      const fitting = bytes.slice(0, Math.min(bytes.length, Math.max(0, inode.seen.sizeBytes - position)))
      if (fitting.length > 0) inode.change({ kind: 'write', position, bytes: fitting })
      this.#refuseIfFull(path)
    }
    inode.change({ kind: 'write', position, bytes: bytes.slice() })
    inode.modifiedAtMs = this.#process?.clock.wallMs() ?? 0
  }

  #sync(inode: Inode, path: string, count: number): void {
    if (this.trouble.failsNextSync) {
      inode.loseUnsynced(count)
      this.#failSync(path)
    }
    inode.sync(count)
  }

  #failSync(path: string): never {
    this.trouble.failsNextSync = false
    this.#process?.spare()
    throw new DiskError('EIO', path, `sync of ${path} fails`)
  }

  #refuseIfFull(path: string): void {
    if (this.trouble.isFull) throw new DiskError('ENOSPC', path, `no space left for ${path}`)
  }

  /** As durable as directories are here: at once, whatever became of the files in it until then. */
  #renameDirectory(from: string, to: string): void {
    const moved = (path: string): string =>
      path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path
    for (const names of [this.#names, this.#durableNames]) {
      for (const [path, inode] of [...names]) {
        if (moved(path) === path) continue
        names.delete(path)
        names.set(moved(path), inode)
      }
    }
    for (const path of [...this.#directories]) {
      if (moved(path) === path) continue
      this.#directories.delete(path)
      this.#directories.add(moved(path))
    }
    this.#unsyncedNames = this.#unsyncedNames.map(({ directory, removed, added, inode }) => ({
      directory: moved(directory),
      removed: removed === undefined ? undefined : moved(removed),
      added: added === undefined ? undefined : moved(added),
      inode,
    }))
  }

  #changeNames(change: NameChange): void {
    applyNames(this.#names, change)
    this.#unsyncedNames.push(change)
  }

  #opened(path: string, inode: Inode): FileDescriptor {
    const file = this.#nextDescriptor
    this.#nextDescriptor += 1
    this.#open.set(file, { path, inode })
    return file
  }

  #file(file: FileDescriptor): { readonly path: string; readonly inode: Inode } {
    const open = this.#open.get(file)
    if (open === undefined) throw new Error(`descriptor ${file} is not open`)
    return open
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path)
    if (inode === undefined) throw new DiskError('ENOENT', path, `no such file: ${path}`)
    return inode
  }
}

function applyNames(names: Map<string, Inode>, change: NameChange): void {
  if (change.removed !== undefined) names.delete(change.removed)
  if (change.added !== undefined && change.inode !== undefined) names.set(change.added, change.inode)
}

function copied(inode: Inode): Inode {
  const copy = new Inode()
  copy.seen = inode.seen.copy()
  copy.durable = inode.durable.copy()
  copy.unsynced = [...inode.unsynced]
  copy.modifiedAtMs = inode.modifiedAtMs
  return copy
}

/** After a power loss: what was synced, and of the rest whole changes, single sectors or nothing. */
function survived(inode: Inode, loss: Loss, random: Random): Inode {
  const copy = new Inode()
  copy.modifiedAtMs = inode.modifiedAtMs
  copy.durable = inode.durable.copy()
  if (loss !== 'all') {
    const keepsOrder = random.happens(0.5)
    for (const change of inode.unsynced) {
      if (random.happens(loss === 'some' ? 0.8 : 0.2)) copy.durable.apply(change)
      else if (change.kind === 'write' && random.happens(0.7)) tear(copy.durable, change, random)
      else if (keepsOrder) break
    }
  }
  copy.seen = copy.durable.copy()
  return copy
}

function tear(content: Content, change: Change & { readonly kind: 'write' }, random: Random): void {
  const end = change.position + change.bytes.length
  for (let at = change.position; at < end; ) {
    const sectorEnd = Math.min(end, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES)
    if (random.happens(0.5)) {
      const bytes = change.bytes.subarray(at - change.position, sectorEnd - change.position)
      content.apply({ kind: 'write', position: at, bytes })
    }
    at = sectorEnd
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}
