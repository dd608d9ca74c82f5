import { type ACL, readACL, readStatPersisted } from '../../jute/generated/data.ts'
import { readFileHeader } from '../../jute/generated/persistence.ts'
import { JuteReader } from '../../jute/reader.ts'
import type { Disk } from '../../io/ports.ts'
import { packData } from '../tree/node-data.ts'
import { ZNodeTree } from '../tree/znode-tree.ts'
import { restoredNode } from '../tree/znode.ts'
import { adler32, adler32Initial } from './adler32.ts'
import { fileVersion, snapshotMagic } from './files.ts'

/** What a snapshot holds besides the tree. */
export interface LoadedSnapshot {
  readonly tree: ZNodeTree
  /** The one in the file's name. */
  readonly zxid: number
  /** Digest of the tree at a zxid that a replay comes to; undefined in snapshots of old releases. */
  readonly digest: { readonly zxid: number; readonly value: bigint } | undefined
}

/**
 * @param zxid the one in the file's name: replay begins behind it
 * @returns undefined when the file is damaged or unfinished: the next older one is then tried
 */
export function loadSnapshot(disk: Disk, path: string, zxid: number): LoadedSnapshot | undefined {
  const bytes = disk.readFile(path)
  const reader = new JuteReader(bytes, 0, bytes.length, bytes.length)
  const header = readFileHeader(reader)
  if (!reader.ok || header.magic !== snapshotMagic || header.version !== fileVersion) return undefined
  const tree = new ZNodeTree(true)
  readSessions(reader, tree)
  readAcls(reader, tree)
  if (!readNodes(reader, tree)) return undefined
  const seals = new SealChecker(bytes)
  if (!seals.check(reader)) return undefined
  const digest = reader.remaining > 0 ? readDigest(reader) : undefined
  if (digest !== undefined && !seals.check(reader)) return undefined
  if (reader.remaining > 0) {
    reader.int64()
    if (!seals.check(reader)) return undefined
  }
  tree.acls.purgeUnused()
  tree.restoreQuotas()
  tree.lastZxid = zxid
  return { tree, zxid, digest: digest === null ? undefined : digest }
}

function readSessions(reader: JuteReader, tree: ZNodeTree): void {
  const count = reader.int32()
  for (let index = 0; index < count && reader.ok; index += 1) {
    const id = reader.id64()
    tree.sessions.set(id, reader.int32())
  }
}

function readAcls(reader: JuteReader, tree: ZNodeTree): void {
  const count = reader.int32()
  for (let index = 0; index < count && reader.ok; index += 1) {
    const aclIndex = reader.int64()
    const entryCount = reader.vectorCount()
    const list: ACL[] = []
    for (let entry = 0; entry < entryCount && reader.ok; entry += 1) list.push(readACL(reader))
    if (reader.ok) tree.acls.restore(aclIndex, list)
  }
}

function readNodes(reader: JuteReader, tree: ZNodeTree): boolean {
  for (;;) {
    const path = reader.string()
    if (!reader.ok || path === null) return false
    if (path === '/') return true
    const data = reader.buffer()
    const aclIndex = reader.int64()
    const stat = readStatPersisted(reader)
    if (!reader.ok) return false
    const node = restoredNode(packData(data), aclIndex, stat)
    tree.acls.addUsage(aclIndex)
    if (path === '') tree.restoreRoot(node)
    else tree.attach(path, node)
  }
}

function readDigest(reader: JuteReader): { readonly zxid: number; readonly value: bigint } | null {
  const zxid = reader.int64()
  reader.int32()
  const value = reader.id64()
  return reader.ok ? { zxid, value } : null
}

/** Seals follow each other; each covers the file from its first byte. */
class SealChecker {
  readonly #bytes: Uint8Array
  #checkedTo = 0
  #checksum = adler32Initial

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  check(reader: JuteReader): boolean {
    this.#checksum = adler32(this.#checksum, this.#bytes, this.#checkedTo, reader.at)
    this.#checkedTo = reader.at
    return reader.ok && reader.int64() === this.#checksum && reader.string() === '/' && reader.ok
  }
}
