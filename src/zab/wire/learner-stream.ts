import { readQuorumPacket } from '../../jute/generated/quorum.ts'
import { juteMaxBufferBytes, JuteReader } from '../../jute/reader.ts'
import type { LearnerMessage } from '../contract.ts'
import { entryOf, int32At, longAt } from './entry.ts'
import { messageOf, PacketType, type ReadingEnd } from './learner-codec.ts'
import { SnapshotScanner } from './snapshot-scanner.ts'

/** A transaction may be a little longer than the request that made it. */
const PACKET_BYTES_MAX = 2 * juteMaxBufferBytes + 64 * 1024

/** A null buffer or vector. */
const NOTHING = -1
/** Behind type, zxid and the length of the data. */
const DATA_AT = 16
/** A packet without data and identities. */
const PLAIN_BYTES = DATA_AT + 4

/** Takes what a learner connection brings. */
export interface LearnerStreamHandler {
  message(message: LearnerMessage): void
  /** A stretch of the snapshot that SNAP announced; valid during the call. The SNAP message comes when it is whole. */
  snapshotBytes(bytes: Uint8Array): void
}

/**
 * Cuts the stream of the quorum port into packets. There is no length before a packet: its fields say where it ends.
 * Behind SNAP comes the snapshot itself and a signature; the SNAP message is handed on when both are complete, so that
 * half a snapshot never counts for anything.
 */
export class LearnerStream {
  /** Why the stream is of no use any more. */
  problem: string | undefined
  readonly #end: ReadingEnd
  readonly #handler: LearnerStreamHandler
  #unread: Uint8Array = new Uint8Array(0)
  #snapshot: { readonly message: LearnerMessage; readonly scanner: SnapshotScanner } | undefined

  constructor(end: ReadingEnd, handler: LearnerStreamHandler) {
    this.#end = end
    this.#handler = handler
  }

  /** @returns false when the peer sent something that cannot be read; see `problem` */
  feed(chunk: Uint8Array): boolean {
    let bytes = this.#unread.length === 0 ? chunk : concat(this.#unread, chunk)
    while (this.problem === undefined && bytes.length > 0) {
      const taken = this.#snapshot === undefined ? this.#takePacket(bytes) : this.#takeSnapshot(bytes)
      if (taken === 0) break
      bytes = bytes.subarray(taken)
    }
    this.#unread = bytes.slice()
    return this.problem === undefined
  }

  #takePacket(bytes: Uint8Array): number {
    const shortBytes = this.#takeFrequent(bytes)
    if (shortBytes > 0) return shortBytes
    const sizeBytes = packetSize(bytes)
    if (sizeBytes === undefined) return 0
    if (sizeBytes < 0) {
      this.problem = 'a packet announced an impossible length'
      return 0
    }
    const reader = new JuteReader(bytes, 0, sizeBytes, PACKET_BYTES_MAX)
    const packet = readQuorumPacket(reader)
    const message = reader.ok ? messageOf(packet, this.#end) : undefined
    if (message === undefined) {
      this.problem = `a packet of type ${packet.type} could not be read`
      return 0
    }
    if (packet.type === PacketType.snap) this.#snapshot = { message, scanner: new SnapshotScanner() }
    else this.#handler.message(message)
    return sizeBytes
  }

  /**
   * What comes with every transaction, without objects for the packet and its fields.
   *
   * @returns 0 when it is something else, incomplete or wrong: then it is looked at thoroughly
   */
  #takeFrequent(bytes: Uint8Array): number {
    if (bytes.length < PLAIN_BYTES) return 0
    const type = int32At(bytes, 0)
    const zxid = longAt(bytes, 4)
    const dataBytes = int32At(bytes, DATA_AT - 4)
    if (!(zxid >= 0)) return 0
    if (type === PacketType.ack || type === PacketType.commit) {
      if (dataBytes !== NOTHING || int32At(bytes, DATA_AT) !== NOTHING) return 0
      this.#handler.message({ type: type === PacketType.ack ? 'ack' : 'commit', zxid })
      return PLAIN_BYTES
    }
    if (type !== PacketType.proposal && type !== PacketType.inform) return 0
    const endsAt = DATA_AT + dataBytes
    if (dataBytes < 0 || dataBytes > PACKET_BYTES_MAX || bytes.length < endsAt + 4) return 0
    if (int32At(bytes, endsAt) !== NOTHING) return 0
    const entry = entryOf(bytes.slice(DATA_AT, endsAt))
    if (entry?.zxid !== zxid) return 0
    this.#handler.message({ type: type === PacketType.proposal ? 'proposal' : 'inform', entry })
    return endsAt + 4
  }

  #takeSnapshot(bytes: Uint8Array): number {
    const snapshot = this.#snapshot
    if (snapshot === undefined) return 0
    const { scanner, message } = snapshot
    const wasInSignature = scanner.isInSignature
    const taken = scanner.take(bytes)
    if (!wasInSignature && scanner.lastSnapshotBytes > 0) {
      this.#handler.snapshotBytes(bytes.subarray(0, scanner.lastSnapshotBytes))
    }
    if (scanner.isBroken) this.problem = 'the snapshot or its signature is broken'
    if (scanner.isDone) {
      this.#snapshot = undefined
      this.#handler.message(message)
    }
    return taken
  }
}

/** @returns undefined while the packet is incomplete, -1 when its lengths are impossible */
function packetSize(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 12
  const afterField = (): boolean => {
    const lengthBytes = view.getInt32(at)
    if (lengthBytes < -1 || lengthBytes > PACKET_BYTES_MAX) return false
    at += 4 + Math.max(lengthBytes, 0)
    return true
  }
  if (bytes.length < at + 4) return undefined
  if (!afterField()) return -1
  if (bytes.length < at + 4) return undefined
  const identityCount = view.getInt32(at)
  at += 4
  if (identityCount < -1 || identityCount > 1024) return -1
  for (let field = 0; field < 2 * identityCount; field += 1) {
    if (bytes.length < at + 4) return undefined
    if (!afterField()) return -1
  }
  return bytes.length < at ? undefined : at
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length)
  joined.set(left)
  joined.set(right, left.length)
  return joined
}
