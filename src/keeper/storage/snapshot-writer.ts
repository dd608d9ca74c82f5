import { writeACL, writeStatPersisted } from '../../jute/generated/data.ts'
import { writeFileHeader } from '../../jute/generated/persistence.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Disk, FileDescriptor, Timers } from '../../io/ports.ts'
import { digestVersion } from '../tree/digest.ts'
import { childPath } from '../tree/paths.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import { persistedStatOf, type ZNode } from '../tree/znode.ts'
import { adler32, adler32Initial } from './adler32.ts'
import { fileVersion, snapshotMagic, unfinishedPrefix, zxidFileName } from './files.ts'

/** Nodes and bytes written in one turn of the loop: about a millisecond. */
const SLICE_NODES = 500
const SLICE_BYTES = 1 << 18

interface Level {
  readonly path: string
  readonly node: ZNode
  readonly names: readonly string[]
  next: number
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
  readonly #directory: string
  readonly #zxid: number
  readonly #levels: Level[] = []
  readonly #writer: JuteWriter = new JuteWriter(1 << 16)
  #file: FileDescriptor | undefined
  #position = 0
  #checksum = adler32Initial

  constructor(tree: ZNodeTree, disk: Disk, timers: Timers, directory: string) {
    this.#tree = tree
    this.#disk = disk
    this.#timers = timers
    this.#directory = directory
    this.#zxid = tree.lastZxid
  }

  /** @returns the path of the finished snapshot @throws DiskError */
  async write(): Promise<string> {
    const temporary = `${this.#directory}/${unfinishedPrefix}${zxidFileName('snapshot', this.#zxid)}`
    const path = `${this.#directory}/${zxidFileName('snapshot', this.#zxid)}`
    this.#disk.remove(temporary)
    const file = this.#disk.openWrite(temporary)
    this.#file = file
    try {
      this.#begin()
      while (this.#slice()) await this.#nextTurn()
      this.#end()
      this.#flush()
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
    this.#levels.push({ path: '/', node: tree.root, names: namesOf(tree.root), next: 0 })
  }

  /** @returns whether nodes are left */
  #slice(): boolean {
    let count = 0
    const startsAt = this.#writer.at
    while (count < SLICE_NODES && this.#writer.at - startsAt < SLICE_BYTES) {
      const level = this.#levels.at(-1)
      if (level === undefined) return false
      const name = level.names[level.next]
      if (name === undefined) {
        this.#levels.pop()
        continue
      }
      level.next += 1
      const child = level.node.children?.get(name)
      // Deleted since its parent was listed: the log says so too.
      if (child === undefined) continue
      const path = childPath(level.path, name)
      this.#node(path, child)
      if (child.children !== undefined) this.#levels.push({ path, node: child, names: namesOf(child), next: 0 })
      count += 1
    }
    return true
  }

  #node(path: string, node: ZNode): void {
    const writer = this.#writer
    writer.string(path)
    if (typeof node.data === 'string') writer.latin1Buffer(node.data)
    else writer.buffer(node.data)
    writer.int64(node.aclIndex)
    writeStatPersisted(writer, persistedStatOf(node))
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

  #flush(): void {
    if (this.#file === undefined) return
    this.#checksumStaged()
    this.#disk.writeSync(this.#file, [this.#writer.written()], this.#position)
    this.#position += this.#writer.at
    this.#writer.clear()
    this.#checkedTo = 0
  }

  #nextTurn(): Promise<void> {
    this.#flush()
    return new Promise((resolve) => {
      this.#timers.start(0, resolve)
    })
  }
}

function namesOf(node: ZNode): readonly string[] {
  return node.children === undefined ? [] : [...node.children.keys()]
}
