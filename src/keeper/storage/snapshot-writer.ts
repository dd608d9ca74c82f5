import { writeACL } from '../../jute/generated/data.ts'
import { writeFileHeader } from '../../jute/generated/persistence.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Clock, Disk, FileDescriptor, Timers } from '../../io/ports.ts'
import { digestVersion } from '../tree/digest.ts'
import { childPath } from '../tree/paths.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import type { ZNode } from '../tree/znode.ts'
import { adler32, adler32Initial } from './adler32.ts'
import { fileVersion, snapshotMagic, unfinishedPrefix, zxidFileName } from './files.ts'

/** How long one turn of the loop is given to a snapshot, and how many nodes go by between looks at the clock. */
const SLICE_MS = 1
const NODES_BETWEEN_LOOKS = 32
/** Bytes of one slice: their checksum comes on top of the time, an eighth of a millisecond for so many. */
const SLICE_BYTES = 1 << 17
/**
 * Bytes between syncs. Written pages that pile up make the log's next sync wait for all of them, and writers stop.
 */
const SYNC_BYTES = 8 << 20

interface Level {
  readonly path: string
  /** Live: children that come meanwhile may be among them, which a replay tolerates. */
  readonly children: Iterator<[string, ZNode]>
}

/**
 * Writes a snapshot while the tree goes on changing ("fuzzy"): it is named by the last zxid applied when it began, and
 * replaying the log from there repairs whatever was caught half-way. Work is done in slices so that the loop never stops
 * long. The file appears under its name only when it is whole and durable.
 */
export class SnapshotWriter {
  readonly #tree: ZNodeTree
  readonly #disk: Disk
  readonly #timers: Timers
  readonly #clock: Clock
  readonly #directory: string
  readonly #zxid: number
  readonly #levels: Level[] = []
  readonly #writer: JuteWriter = new JuteWriter(1 << 16)
  #position = 0
  #syncedTo = 0
  #checksum = adler32Initial

  constructor(tree: ZNodeTree, disk: Disk, timers: Timers, clock: Clock, directory: string) {
    this.#tree = tree
    this.#disk = disk
    this.#timers = timers
    this.#clock = clock
    this.#directory = directory
    this.#zxid = tree.lastZxid
  }

  /** @returns the path of the finished snapshot @throws DiskError */
  async write(): Promise<string> {
    const temporary = `${this.#directory}/${unfinishedPrefix}${zxidFileName('snapshot', this.#zxid)}`
    const path = `${this.#directory}/${zxidFileName('snapshot', this.#zxid)}`
    this.#disk.remove(temporary)
    const file = this.#disk.openWrite(temporary)
    try {
      this.#begin()
      while (this.#slice()) await this.#nextTurn(file)
      this.#end()
      await this.#flush(file)
      await this.#disk.dataSync(file)
    } finally {
      this.#disk.close(file)
    }
    this.#disk.rename(temporary, path)
    this.#disk.syncDirectory(this.#directory)
    return path
  }

  /** Writes all of it in this turn: for an empty tree at start and for tests. */
  writeNow(): string {
    const path = `${this.#directory}/${zxidFileName('snapshot', this.#zxid)}`
    this.#begin()
    while (this.#slice());
    this.#end()
    this.#disk.replaceFile(path, this.#writer.finish())
    return path
  }

  #begin(): void {
    const writer = this.#writer
    const tree = this.#tree
    writeFileHeader(writer, { magic: snapshotMagic, version: fileVersion, dbid: -1n })
    writer.int32(tree.sessions.size)
    for (const [id, timeoutMs] of tree.sessions) {
      writer.id64(id)
      writer.int32(timeoutMs)
    }
    tree.acls.purgeUnused()
    writer.int32(tree.acls.size)
    for (const [index, list] of tree.acls.entries()) {
      writer.int64(index)
      writer.int32(list.length)
      for (const entry of list) writeACL(writer, entry)
    }
    this.#node('', tree.root)
    this.#descend('/', tree.root)
  }

  /** @returns whether nodes are left */
  #slice(): boolean {
    const endsAtMs = this.#clock.monotonicMs() + SLICE_MS
    const startsAt = this.#writer.at
    for (let count = 1; ; count += 1) {
      const level = this.#levels.at(-1)
      if (level === undefined) return false
      const next = level.children.next()
      if (next.done === true) {
        this.#levels.pop()
        continue
      }
      const [name, child] = next.value
      const path = childPath(level.path, name)
      this.#node(path, child)
      this.#descend(path, child)
      if (this.#writer.at - startsAt >= SLICE_BYTES) return true
      if (count % NODES_BETWEEN_LOOKS === 0 && this.#clock.monotonicMs() >= endsAtMs) return true
    }
  }

  #descend(path: string, node: ZNode): void {
    if (node.children !== undefined) this.#levels.push({ path, children: node.children.entries() })
  }

  /** The fields of `StatPersisted` one by one: an object for each of a million nodes is work for the collector. */
  #node(path: string, node: ZNode): void {
    const writer = this.#writer
    writer.string(path)
    if (typeof node.data === 'string') writer.latin1Buffer(node.data)
    else writer.buffer(node.data)
    writer.int64(node.aclIndex)
    writer.int64(node.czxid)
    writer.int64(node.mzxid)
    writer.int64(node.ctime)
    writer.int64(node.mtime)
    writer.int32(node.version)
    writer.int32(node.cversion)
    writer.int32(node.aversion)
    writer.id64(node.ephemeralOwner)
    writer.int64(node.pzxid)
  }

  #end(): void {
    const writer = this.#writer
    writer.string('/')
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
