import type { DiskWrite, Entry } from '../../../src/zab/contract.ts'

/** A replica's tree, reduced to what matters here: the applied transactions in order, each with a hash over all so far. */
export interface Tree {
  readonly previous: Tree | null
  readonly entry: Entry | null
  readonly zxid: number
  readonly hash: number
}

export const emptyTree: Tree = { previous: null, entry: null, zxid: 0, hash: 0 }

export function grown(tree: Tree, entry: Entry): Tree {
  let hash = Math.imul(tree.hash ^ 0x9e3779b1, 0x85ebca6b) ^ (entry.zxid % 0x7fff_ffff)
  for (const byte of entry.bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return { previous: tree, entry, zxid: entry.zxid, hash: hash >>> 0 }
}

/** @returns the tree as it was at `zxid`, or at the last transaction before it */
export function treeAt(tree: Tree, zxid: number): Tree {
  let at = tree
  while (at.previous !== null && at.zxid > zxid) at = at.previous
  return at
}

/** What a snapshot file holds, and the zxid in its name. */
export interface Snapshot {
  readonly zxid: number
  readonly tree: Tree
}

export interface DiskImage {
  acceptedEpoch: number
  currentEpoch: number
  snapshot: Snapshot | null
  log: Entry[]
  config: string
  nextConfig: string | null
}

/**
 * One server's disk. `image` is what the running server would read; of the log's tail everything behind `durableCount`
 * may be gone after a crash, from some point on. Everything else is written as ZooKeeper does, aside and renamed: whole
 * and durable, or not at all.
 */
export class SimDisk {
  readonly image: DiskImage
  durableCount = 0
  isFull = false

  constructor(config: string) {
    this.image = { acceptedEpoch: 0, currentEpoch: 0, snapshot: null, log: [], config, nextConfig: null }
  }

  /** Carries out one step. @returns false when the disk has no room */
  write(write: DiskWrite, received: Snapshot | undefined): boolean {
    const { image } = this
    if (this.isFull) return false
    switch (write.kind) {
      case 'append':
        image.log.push(write.entry)
        return true
      case 'truncate':
        this.#truncate(write.zxid)
        return true
      case 'installSnapshot':
        if (received === undefined || received.zxid !== write.zxid)
          throw new Error('a snapshot that never came is installed')
        image.snapshot = received
        image.log = []
        this.durableCount = 0
        return true
      case 'acceptedEpoch':
        image.acceptedEpoch = write.epoch
        return true
      case 'currentEpoch':
        image.currentEpoch = write.epoch
        return true
      case 'config':
        if (write.which === 'current') image.config = write.text
        else image.nextConfig = write.text
        return true
    }
  }

  sync(): void {
    this.durableCount = this.image.log.length
  }

  /** Power is lost: the file system kept `keepUnsynced` of the entries that were never synced. */
  crash(keepUnsynced: number): void {
    this.image.log.length = Math.min(this.image.log.length, this.durableCount + keepUnsynced)
    this.durableCount = this.image.log.length
  }

  /** What a server finds when it starts. */
  load(): { readonly tree: Tree; readonly lastZxid: number } {
    let tree = this.image.snapshot?.tree ?? emptyTree
    const snapshotZxid = this.image.snapshot?.zxid ?? 0
    for (const entry of this.image.log) if (entry.zxid > snapshotZxid) tree = grown(tree, entry)
    return { tree, lastZxid: tree.zxid }
  }

  /** A snapshot of the tree; the log before it may go. */
  snapshot(snapshot: Snapshot, dropsLog: boolean): void {
    this.sync()
    this.image.snapshot = snapshot
    if (dropsLog) {
      this.image.log = this.image.log.filter((entry) => entry.zxid > snapshot.zxid)
      this.durableCount = this.image.log.length
    }
  }

  #truncate(zxid: number): void {
    const { image } = this
    if (zxid === 0) {
      image.snapshot = null
      image.log = []
    } else {
      image.log = image.log.filter((entry) => entry.zxid <= zxid)
      const last = image.log.at(-1)?.zxid ?? image.snapshot?.zxid ?? 0
      if (last !== zxid) throw new Error(`the log was cut at ${zxid} and ends at ${last}`)
    }
    this.durableCount = image.log.length
  }
}
