import { crc32Finish, crc32Initial, crc32Update } from './crc32.ts'
import { PathBytes } from './path-bytes.ts'

/** Version of the calculation below, stored beside every digest. */
export const digestVersion = 2

const quotaAndConfigPrefix = '/zookeeper/'
const scratch = new PathBytes()
const stat = new Uint8Array(60)
const statView = new DataView(stat.buffer)

/** The stored fields that a node's digest covers. */
export interface DigestedStat {
  readonly czxid: number
  readonly mzxid: number
  readonly pzxid: number
  readonly ctime: number
  readonly mtime: number
  readonly version: number
  readonly cversion: number
  readonly aversion: number
  readonly ephemeralOwner: bigint
}

/** Nodes below /zookeeper change outside transactions (quota usage), so they count nothing. */
export function isDigested(path: string): boolean {
  return !path.startsWith(quotaAndConfigPrefix)
}

/**
 * The part of a node's digest that changes only with its data, kept in the node so that a child's creation costs its
 * parent sixty bytes and not its whole data.
 *
 * @returns checksum state over path and data
 */
export function contentState(path: string, data: Uint8Array | null): number {
  scratch.set(path)
  return contentStateOf(scratch, data)
}

/** The same for a path that is bytes already. */
export function contentStateOf(path: PathBytes, data: Uint8Array | null): number {
  // The root's path counts nothing.
  const state = path.length <= 1 ? crc32Initial : crc32Update(crc32Initial, path.bytes, 0, path.length)
  return data === null ? state : crc32Update(state, data, 0, data.length)
}

/** @returns the digest of one node, an unsigned 32-bit number */
export function nodeDigest(content: number, node: DigestedStat): number {
  const owner = node.ephemeralOwner
  return statDigest(
    content,
    node.czxid,
    node.mzxid,
    node.pzxid,
    node.ctime,
    node.mtime,
    node.version,
    node.cversion,
    node.aversion,
    owner === 0n ? 0 : Number(BigInt.asIntN(32, owner >> 32n)),
    owner === 0n ? 0 : Number(BigInt.asIntN(32, owner)),
  )
}

/** The same of single fields, the owner in two halves: no object, no bigint. */
export function statDigest(
  content: number,
  czxid: number,
  mzxid: number,
  pzxid: number,
  ctime: number,
  mtime: number,
  version: number,
  cversion: number,
  aversion: number,
  ownerHigh: number,
  ownerLow: number,
): number {
  setLong(0, czxid)
  setLong(8, mzxid)
  setLong(16, pzxid)
  setLong(24, ctime)
  setLong(32, mtime)
  statView.setInt32(40, version)
  statView.setInt32(44, cversion)
  statView.setInt32(48, aversion)
  statView.setInt32(52, ownerHigh)
  statView.setInt32(56, ownerLow)
  return crc32Finish(crc32Update(content, stat, 0, 60))
}

function setLong(at: number, value: number): void {
  statView.setInt32(at, Math.floor(value / 0x1_0000_0000))
  statView.setUint32(at + 4, value >>> 0)
}

/** A sum of node digests modulo 2^64 in two halves, cheaper than a bigint per change. */
export class DigestSum {
  #high = 0
  #low = 0

  add(digest: number): void {
    const low = this.#low + digest
    this.#low = low >>> 0
    if (low > 0xffff_ffff) this.#high = (this.#high + 1) >>> 0
  }

  subtract(digest: number): void {
    const low = this.#low - digest
    this.#low = low >>> 0
    if (low < 0) this.#high = (this.#high - 1) >>> 0
  }

  copyFrom(other: DigestSum): void {
    this.#high = other.#high
    this.#low = other.#low
  }

  /** @returns the sum as a signed 64-bit integer, the way it is stored */
  value(): bigint {
    return BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low))
  }
}
