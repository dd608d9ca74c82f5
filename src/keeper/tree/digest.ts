import { crc32Finish, crc32Initial, crc32Update, crc32UpdateLatin1 } from './crc32.ts'
import type { NodeData } from './node-data.ts'

/** Version of the calculation below, stored beside every digest. */
export const digestVersion = 2

const quotaAndConfigPrefix = '/zookeeper/'
const encoder = new TextEncoder()
const pathBytes = new Uint8Array(4096)
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
export function contentState(path: string, data: NodeData): number {
  let state = crc32Initial
  if (path !== '/') {
    const fits = path.length * 3 <= pathBytes.length
    const bytes = fits ? pathBytes : encoder.encode(path)
    const sizeBytes = fits ? encoder.encodeInto(path, pathBytes).written : bytes.length
    state = crc32Update(state, bytes, 0, sizeBytes)
  }
  if (data === null) return state
  return typeof data === 'string' ? crc32UpdateLatin1(state, data) : crc32Update(state, data, 0, data.length)
}

/** @returns the digest of one node, an unsigned 32-bit number */
export function nodeDigest(content: number, node: DigestedStat): number {
  setLong(0, node.czxid)
  setLong(8, node.mzxid)
  setLong(16, node.pzxid)
  setLong(24, node.ctime)
  setLong(32, node.mtime)
  statView.setInt32(40, node.version)
  statView.setInt32(44, node.cversion)
  statView.setInt32(48, node.aversion)
  statView.setBigInt64(52, node.ephemeralOwner)
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
