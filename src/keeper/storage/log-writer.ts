import { assert } from '../../base/assert.ts'
import { writeFileHeader } from '../../jute/generated/persistence.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Clock, Disk, FileDescriptor } from '../../io/ports.ts'
import { writeTxn, type Txn } from '../tree/txn.ts'
import { adler32, adler32Initial } from './adler32.ts'
import { endOfEntry, fileHeaderBytes, fileVersion, logMagic, zxidFileName } from './files.ts'

/** A file is extended when less than this is left in it. */
const PREALLOCATE_MARGIN_BYTES = 4096
/** Longer syncs are no business of the loop's: after one, so many times its duration are left to another thread. */
const QUICK_SYNC_MS = 2
const SLOW_SYNC_PENALTY = 20
const oneZero = new Uint8Array(1)

export interface LogWriterOptions {
  readonly disk: Disk
  readonly directory: string
  /** Step in which files grow; 0 lets them grow by each write. */
  readonly preallocateBytes: number
  /** Size after which a new file is begun; 0 = only when a snapshot is taken. */
  readonly fileBytesMax: number
  /** False acknowledges before the disk has it: ZooKeeper's `forceSync=no`. */
  readonly forceSync: boolean
  readonly clock: Clock
  /** A sync that took a file to the disk is done. */
  readonly onSynced?: (durationMs: number) => void
}

/**
 * Appends transactions. What was appended since the last flush goes to the disk in one write and one sync, however many
 * there are: the group commit. A disk error is final: the caller stops and never acknowledges what was staged.
 */
export class LogWriter {
  readonly #options: LogWriterOptions
  readonly #staged: JuteWriter = new JuteWriter(1 << 16)
  #file: FileDescriptor | undefined
  #position = 0
  #allocatedTo = 0
  #shouldRoll = false
  #isNewFile = false
  #isSyncing = false
  #slowUntilMs = 0
  #syncing: Promise<void> = Promise.resolve()
  /** Files rolled away from while they were being synced: closed when that is done. */
  #retired: FileDescriptor[] = []

  constructor(options: LogWriterOptions) {
    this.#options = options
  }

  /** Bytes waiting for the next flush. */
  get stagedBytes(): number {
    return this.#staged.at
  }

  /** Bytes of the file being written. */
  get fileBytes(): number {
    return this.#position
  }

  /** The next transaction begins a new file. Call when a snapshot begins. */
  roll(): void {
    this.#shouldRoll = true
  }

  /**
   * Stages one transaction.
   *
   * @returns its size in bytes
   * @throws DiskError when a new file is due and cannot be made
   */
  append(txn: Txn): number {
    const entryAt = this.#beginEntry(txn.header.zxid)
    writeTxn(this.#staged, txn)
    return this.#endEntry(entryAt)
  }

  /**
   * The same for a transaction that is bytes already.
   *
   * @throws DiskError when a new file is due and cannot be made
   */
  appendBytes(zxid: number, bytes: Uint8Array): number {
    const entryAt = this.#beginEntry(zxid)
    this.#staged.raw(bytes)
    return this.#endEntry(entryAt)
  }

  #beginEntry(zxid: number): number {
    if (this.#file === undefined || (this.#shouldRoll && this.#staged.at === 0)) this.#openFile(zxid)
    this.#staged.int64(0)
    return this.#staged.beginFrame() + 4
  }

  #endEntry(entryAt: number): number {
    const staged = this.#staged
    const sizeBytes = staged.at - entryAt
    staged.endFrame(entryAt - 4)
    staged.patchInt32(entryAt - 8, adler32(adler32Initial, staged.written(), entryAt, staged.at) | 0)
    staged.byte(endOfEntry)
    return sizeBytes
  }

  /**
   * Makes everything appended before the call durable.
   *
   * @throws DiskError (as a rejection); after that this log must not be used
   */
  async flush(): Promise<void> {
    const file = this.#file
    assert(file !== undefined, 'there is something to flush')
    const syncedTo = this.#position
    this.#writeStaged(file)
    if (!this.#options.forceSync) return
    const startedAtMs = this.#options.clock.monotonicMs()
    this.#isSyncing = true
    const syncing = this.#sync(file)
    this.#syncing = syncing
    try {
      await syncing
    } catch (error) {
      this.#forgetUnsynced(file, syncedTo)
      throw error
    }
    this.#isSyncing = false
    this.#synced(startedAtMs)
  }

  async #sync(file: FileDescriptor): Promise<void> {
    const { disk, directory } = this.#options
    const isNew = this.#isNewFile
    await disk.dataSync(file)
    if (!isNew) return
    await disk.syncDirectoryAside(directory)
    // Another file may have been begun meanwhile: it is as new as this one was.
    if (file === this.#file) this.#isNewFile = false
  }

  /** Whether the disk has been quick lately, so that waiting for it costs less than another thread's work and news. */
  get isQuick(): boolean {
    const beginsFile = this.#file === undefined || this.#isNewFile || this.#shouldRoll
    return this.#options.forceSync && !beginsFile && this.#options.clock.monotonicMs() >= this.#slowUntilMs
  }

  /** The same as {@link LogWriter.flush}, on this thread: for a lone transaction while {@link LogWriter.isQuick}. @throws DiskError */
  flushNow(): void {
    const file = this.#file
    assert(file !== undefined && !this.#isSyncing, 'there is something to flush and nothing under way')
    const syncedTo = this.#position
    this.#writeStaged(file)
    const startedAtMs = this.#options.clock.monotonicMs()
    try {
      this.#options.disk.dataSyncNow(file)
      // A file whose name is not durable is as good as none.
      if (this.#isNewFile) this.#options.disk.syncDirectory(this.#options.directory)
      this.#isNewFile = false
    } catch (error) {
      this.#forgetUnsynced(file, syncedTo)
      throw error
    }
    this.#synced(startedAtMs)
  }

  /**
   * After a failed sync the system may call pages clean that are nowhere: the next start would read them, sync them with
   * success, serve them, and lose them with the power. Nobody was promised them, so they go now.
   */
  #forgetUnsynced(file: FileDescriptor, syncedTo: number): void {
    try {
      this.#options.disk.truncate(file, syncedTo)
    } catch {
      // The disk is lost altogether, and the error that brought us here says so.
    }
  }

  #synced(startedAtMs: number): void {
    const { clock, disk, onSynced } = this.#options
    const nowMs = clock.monotonicMs()
    const durationMs = nowMs - startedAtMs
    if (durationMs > QUICK_SYNC_MS) this.#slowUntilMs = nowMs + durationMs * SLOW_SYNC_PENALTY
    onSynced?.(durationMs)
    for (const retired of this.#retired.splice(0)) disk.close(retired)
  }

  /** Makes durable what is staged, waits for what is on its way, and closes. @throws DiskError */
  async stop(): Promise<void> {
    await this.#syncing.catch(() => undefined)
    if (this.#file === undefined) return
    if (this.#staged.at > 0) this.#writeStaged(this.#file)
    this.#options.disk.dataSyncNow(this.#file)
    this.#isSyncing = false
    for (const retired of this.#retired.splice(0)) this.#options.disk.close(retired)
    this.#closeFile()
  }

  #closeFile(): void {
    if (this.#file !== undefined) this.#options.disk.close(this.#file)
    this.#file = undefined
  }

  #writeStaged(file: FileDescriptor): void {
    const { disk, fileBytesMax } = this.#options
    this.#preallocate(file, this.#staged.at)
    disk.writeSync(file, [this.#staged.written()], this.#position)
    this.#position += this.#staged.at
    this.#staged.clear()
    if (fileBytesMax > 0 && this.#position >= fileBytesMax) this.#shouldRoll = true
  }

  #openFile(zxid: number): void {
    const { disk, directory } = this.#options
    if (this.#isSyncing && this.#file !== undefined) this.#retired.push(this.#file)
    else this.#closeFile()
    const file = disk.openWrite(`${directory}/${zxidFileName('log', zxid)}`)
    this.#file = file
    // A file of this name can only be what a crash left before its first transaction was acknowledged.
    if (disk.sizeBytes(file) > 0) disk.truncate(file, 0)
    this.#shouldRoll = false
    this.#isNewFile = true
    this.#allocatedTo = 0
    const header = new JuteWriter(fileHeaderBytes)
    writeFileHeader(header, { magic: logMagic, version: fileVersion, dbid: 0n })
    disk.writeSync(file, [header.finish()], 0)
    this.#position = fileHeaderBytes
    this.#allocatedTo = fileHeaderBytes
  }

  /** One zero far ahead makes the file its next size at once, so that syncs have less to record. */
  #preallocate(file: FileDescriptor, sizeBytes: number): void {
    const { preallocateBytes, disk } = this.#options
    if (preallocateBytes === 0) return
    const needed = this.#position + sizeBytes + PREALLOCATE_MARGIN_BYTES
    if (needed < this.#allocatedTo) return
    while (this.#allocatedTo <= needed) this.#allocatedTo += preallocateBytes
    disk.writeSync(file, [oneZero], this.#allocatedTo - 1)
  }
}
