import type { Stat, StatPersisted } from '../../jute/generated/data.ts'
import type { NodeData } from './node-data.ts'

/** Owner that marks a container. */
export const containerOwner: bigint = -0x8000_0000_0000_0000n
const ttlOwnerMark = -0x0100_0000_0000_0000n
const ttlMask = 0xff_ffff_ffffn
/** Longest time to live that the owner field can hold. */
export const ttlMaxMs: number = Number(ttlMask)

/** @returns the owner that marks a node living `ttlMs` after its last change */
export function ttlOwner(ttlMs: number): bigint {
  return ttlOwnerMark | BigInt(ttlMs)
}

/** What the owner field says of a node. */
export function ownerKind(owner: bigint): 'persistent' | 'ephemeral' | 'container' | 'ttl' {
  if (owner === 0n) return 'persistent'
  if (owner === containerOwner) return 'container'
  return owner >> 56n === -1n ? 'ttl' : 'ephemeral'
}

/** @returns the time to live held in an owner of kind `ttl`, milliseconds */
export function ttlOf(owner: bigint): number {
  return Number(owner & ttlMask)
}

/**
 * One node. A class with every field set at birth, so that a million of them share one shape; what most nodes lack
 * (children) is undefined rather than empty.
 */
export class ZNode {
  data: NodeData
  aclIndex: number
  czxid: number
  mzxid: number
  pzxid: number
  ctime: number
  mtime: number
  version: number = 0
  /** Creations of children; what clients see also counts deletions. */
  cversion: number = 0
  aversion: number = 0
  ephemeralOwner: bigint
  children: Map<string, ZNode> | undefined = undefined
  /** See `contentState` in digest.ts. */
  contentState: number = 0
  /** Signed, unlike everywhere else: a number beyond 2^31 would cost an object of its own. */
  digest: number = 0

  constructor(data: NodeData, aclIndex: number, zxid: number, timeMs: number, ephemeralOwner: bigint) {
    this.data = data
    this.aclIndex = aclIndex
    this.czxid = zxid
    this.mzxid = zxid
    this.pzxid = zxid
    this.ctime = timeMs
    this.mtime = timeMs
    this.ephemeralOwner = ephemeralOwner
  }

  get childCount(): number {
    return this.children === undefined ? 0 : this.children.size
  }

  get dataLength(): number {
    return this.data === null ? 0 : this.data.length
  }
}

/** @returns what clients see of a node now */
export function statOf(node: ZNode): Stat {
  const kind = node.ephemeralOwner === 0n ? 'persistent' : ownerKind(node.ephemeralOwner)
  const numChildren = node.childCount
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    ctime: node.ctime,
    mtime: node.mtime,
    version: node.version,
    cversion: (node.cversion * 2 - numChildren) | 0,
    aversion: node.aversion,
    ephemeralOwner: kind === 'ephemeral' ? node.ephemeralOwner : 0n,
    dataLength: node.dataLength,
    numChildren,
    pzxid: node.pzxid,
  }
}

/** @returns a node as a snapshot stored it */
export function restoredNode(data: NodeData, aclIndex: number, stat: StatPersisted): ZNode {
  const node = new ZNode(data, aclIndex, stat.czxid, stat.ctime, stat.ephemeralOwner)
  node.mzxid = stat.mzxid
  node.pzxid = stat.pzxid
  node.mtime = stat.mtime
  node.version = stat.version
  node.cversion = stat.cversion
  node.aversion = stat.aversion
  return node
}
