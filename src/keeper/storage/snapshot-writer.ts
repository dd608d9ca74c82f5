import { writeFileHeader } from '../../jute/generated/persistence.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Clock, Disk, FileDescriptor, Timers } from '../../io/ports.ts'
import { digestVersion } from '../tree/digest.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import { adler32, adler32Initial } from './adler32.ts'
import { fileVersion, snapshotMagic, unfinishedPrefix, zxidFileName } from './files.ts'
import { TreeSerializer } from './tree-serializer.ts'

/**
 * Bytes between syncs. Written pages that pile up make the log's next sync wait for all of them, and writers stop; what
 * they have under way then outlives the young generation, and clearing that away holds the thread.
 */
const SYNC_BYTES = 2 << 20

/**
 * Writes a snapshot while the tree goes on changing ("fuzzy"): it is named by the last zxid applied when it began, and
 * replaying the log from there repairs whatever was caught half-way. Work is done in slices so that the loop never stops
 * long. The file appears under its name only when it is whole and durable.
 */
export class SnapshotWriter {
  readonly #tree: ZNodeTree
  readonly #disk: Disk
  readonly #timers: Timers
  readonly #directory: string
  readonly #zxid: number
  readonly #serializer: TreeSerializer
  readonly #writer: JuteWriter = new JuteWriter(1 << 16)
  #isAbandoned = false
  #position = 0
  #syncedTo = 0
  #checksum = adler32Initial

  constructor(tree: ZNodeTree, disk: Disk, timers: Timers, clock: Clock, directory: string) {
    this.#tree = tree
    this.#disk = disk
    this.#timers = timers
    this.#directory = directory
    this.#zxid = tree.lastZxid
    this.#serializer = new TreeSerializer(tree, clock, this.#writer)
  }

  /**
   * Ends it half-way. Whoever is about to let the tree take transactions that may yet be cut off must do that first: an
   * unfinished snapshot would go on to show them under an earlier zxid.
   */
  abandon(): void {
    this.#isAbandoned = true
  }

  /** @returns the path of the finished snapshot, undefined when it was abandoned @throws DiskError */
  async write(): Promise<string | undefined> {
    const temporary = `${this.#directory}/${unfinishedPrefix}${zxidFileName('snapshot', this.#zxid)}`
    const path = `${this.#directory}/${zxidFileName('snapshot', this.#zxid)}`
    this.#disk.remove(temporary)
    const file = this.#disk.openWrite(temporary)
    try {
      this.#begin()
      while (!this.#isAbandoned && this.#serializer.slice()) await this.#nextTurn(file)
      if (!this.#isAbandoned) {
        this.#end()
        await this.#flush(file)
        await this.#disk.dataSync(file)
      }
    } finally {
      this.#serializer.close()
      this.#disk.close(file)
    }
    if (this.#isAbandoned) {
      this.#disk.remove(temporary)
      return undefined
    }
    this.#disk.rename(temporary, path)
    await this.#disk.syncDirectoryAside(this.#directory)
    return path
  }

  /** Writes all of it in this turn: for an empty tree at start and for tests. */
  writeNow(): string {
    const path = `${this.#directory}/${zxidFileName('snapshot', this.#zxid)}`
    this.#begin()
    while (this.#serializer.slice());
    this.#end()
    this.#disk.replaceFile(path, this.#writer.finish())
    return path
  }

  #begin(): void {
    writeFileHeader(this.#writer, { magic: snapshotMagic, version: fileVersion, dbid: -1n })
    this.#serializer.begin()
  }

  #end(): void {
    const writer = this.#writer
    this.#seal()
    writer.int64(this.#tree.lastZxid)
    writer.int32(digestVersion)
    // A tree without transactions has a digest, but ZooKeeper writes none for it.
    writer.id64(this.#tree.lastZxid === 0 ? 0n : this.#tree.digest.value())
    this.#seal()
    writer.int64(this.#zxid)
    this.#seal()
  }

  #seal(): void {
    this.#checksumStaged()
    this.#writer.int64(this.#checksum)
    this.#writer.string('/')
  }

  #checkedTo = 0

  #checksumStaged(): void {
    this.#checksum = adler32(this.#checksum, this.#writer.written(), this.#checkedTo, this.#writer.at)
    this.#checkedTo = this.#writer.at
  }

  /** Off the thread: a synchronous write of this size was seen to take 85 ms when the kernel was short of free pages. */
  async #flush(file: FileDescriptor): Promise<void> {
    this.#checksumStaged()
    await this.#disk.write(file, this.#writer.written(), this.#position)
    this.#position += this.#writer.at
    this.#writer.clear()
    this.#checkedTo = 0
  }

  async #nextTurn(file: FileDescriptor): Promise<void> {
    await this.#flush(file)
    if (this.#position - this.#syncedTo >= SYNC_BYTES) {
      this.#syncedTo = this.#position
      await this.#disk.dataSync(file)
    }
    await new Promise<void>((resolve) => {
      this.#timers.start(0, resolve)
    })
  }
}
