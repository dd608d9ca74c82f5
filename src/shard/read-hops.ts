import type { ErrorCode } from '../model/error-code.ts'
import { NOBODY_NEAR, type ReadSlot } from './contract.ts'
import {
  type HopList,
  type HopReader,
  Op,
  READ_COMMITTED_ONLY,
  READ_EXTRAS,
  READ_LEADER_ONLY,
  READ_MAY_EXCEED,
} from './hop-list.ts'
import { clearAnswer } from './reads.ts'

// hot: per fetch. How one partition's part of a fetch crosses to the shard that owns it, and its answer back.

/** What `slot` asks of a partition there. */
export function writeQuestion(list: HopList, call: number, handle: number, slot: ReadSlot): void {
  const hasExtras = slot.replicaId >= 0 || slot.nearReplicas.length > 0
  let flags = slot.isCommittedOnly ? READ_COMMITTED_ONLY : 0
  if (slot.mayExceed) flags += READ_MAY_EXCEED
  if (slot.isLeaderOnly) flags += READ_LEADER_ONLY
  if (hasExtras) flags += READ_EXTRAS
  list.put3(Op.read, call, handle)
  list.put3(slot.fromOffset, slot.sizeBytesMax, flags)
  list.put2(slot.currentLeaderEpoch, slot.lastFetchedEpoch)
  if (!hasExtras) return
  list.put3(slot.replicaId, slot.replicaLogStart, slot.nearReplicas.length)
  for (let index = 0; index < slot.nearReplicas.length; index += 1) list.put(slot.nearReplicas[index] as number)
}

/** The counterpart of `writeQuestion`, behind call and handle. */
export function readQuestion(reader: HopReader, handle: number, slot: ReadSlot): void {
  slot.handle = handle
  slot.fromOffset = reader.next()
  slot.sizeBytesMax = reader.next()
  const flags = reader.next()
  slot.isCommittedOnly = (flags & READ_COMMITTED_ONLY) !== 0
  slot.mayExceed = (flags & READ_MAY_EXCEED) !== 0
  slot.isLeaderOnly = (flags & READ_LEADER_ONLY) !== 0
  slot.currentLeaderEpoch = reader.next()
  slot.lastFetchedEpoch = reader.next()
  slot.replicaId = -1
  slot.replicaLogStart = -1
  slot.nearReplicas = NOBODY_NEAR
  if ((flags & READ_EXTRAS) === 0) return
  slot.replicaId = reader.next()
  slot.replicaLogStart = reader.next()
  const nearReplicas: number[] = []
  for (let left = reader.next(); left > 0; left -= 1) nearReplicas.push(reader.next())
  slot.nearReplicas = nearReplicas
}

/** What has become of it. Leases travel with it. */
export function writeAnswer(list: HopList, call: number, slot: ReadSlot): void {
  list.put3(Op.readDone, call, slot.code)
  list.put3(slot.highWatermark, slot.lastStableOffset, slot.logStartOffset)
  list.put3(slot.divergingEpoch, slot.divergingEndOffset, slot.preferredReadReplica)
  list.put(slot.arrivedBytes)
  list.put3(slot.file, slot.filePosition, slot.fileSegment)
  list.put2(slot.sizeBytes, slot.regions.length)
  for (let index = 0; index < slot.regions.length; index += 1) {
    const region = slot.regions[index]
    if (region !== undefined) list.put3(region.at, region.sizeBytes, region.chunk)
  }
  list.put(slot.aborted === null ? -1 : slot.aborted.length)
  for (const { producerId, firstOffset } of slot.aborted ?? []) list.put2(producerId, firstOffset)
}

/** The counterpart of `writeAnswer`. */
export function readAnswer(reader: HopReader, slot: ReadSlot): void {
  clearAnswer(slot)
  slot.code = reader.next() as ErrorCode
  slot.highWatermark = reader.next()
  slot.lastStableOffset = reader.next()
  slot.logStartOffset = reader.next()
  slot.divergingEpoch = reader.next()
  slot.divergingEndOffset = reader.next()
  slot.preferredReadReplica = reader.next()
  slot.arrivedBytes = reader.next()
  slot.file = reader.next()
  slot.filePosition = reader.next()
  slot.fileSegment = reader.next()
  slot.sizeBytes = reader.next()
  for (let left = reader.next(); left > 0; left -= 1) {
    slot.regions.push({ at: reader.next(), sizeBytes: reader.next(), chunk: reader.next() })
  }
  const abortedCount = reader.next()
  if (abortedCount < 0) return
  const aborted = []
  for (let left = abortedCount; left > 0; left -= 1) {
    aborted.push({ producerId: reader.next(), firstOffset: reader.next() })
  }
  slot.aborted = aborted
}
