// Generated from schema/records/producer-snapshot.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const producerSnapshotLayout: StoredLayout = {
  name: 'ProducerSnapshot',
  apiKey: -1,
  minVersion: 1,
  maxVersion: 1,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface ProducerSnapshot {
  crc: number
  producerEntries: ProducerSnapshotProducerEntry[]
}

export interface ProducerSnapshotProducerEntry {
  producerId: number
  epoch: number
  lastSequence: number
  lastOffset: number
  offsetDelta: number
  timestamp: number
  coordinatorEpoch: number
  currentTxnFirstOffset: number
}

export function readProducerSnapshot(reader: Reader, version: number): ProducerSnapshot {
  const crc = reader.uint32()
  const producerEntries: ProducerSnapshotProducerEntry[] = []
  for (let left = reader.arrayCount(false, 46); left > 0 && reader.ok; left -= 1) {
    producerEntries.push(readProducerSnapshotProducerEntry(reader, version))
  }
  const message: ProducerSnapshot = { crc, producerEntries }
  return message
}

function readProducerSnapshotProducerEntry(reader: Reader, _version: number): ProducerSnapshotProducerEntry {
  const producerId = reader.int64()
  const epoch = reader.int16()
  const lastSequence = reader.int32()
  const lastOffset = reader.int64()
  const offsetDelta = reader.int32()
  const timestamp = reader.int64()
  const coordinatorEpoch = reader.int32()
  const currentTxnFirstOffset = reader.int64()
  const message: ProducerSnapshotProducerEntry = {
    producerId,
    epoch,
    lastSequence,
    lastOffset,
    offsetDelta,
    timestamp,
    coordinatorEpoch,
    currentTxnFirstOffset,
  }
  return message
}

export function writeProducerSnapshot(
  writer: Writer,
  message: Draft<ProducerSnapshot>,
  version: number,
): void {
  const crc = message.crc ?? 0
  writer.uint32(crc)
  const producerEntries = message.producerEntries ?? []
  writer.arrayCount(producerEntries.length, false)
  for (const element of producerEntries) writeProducerSnapshotProducerEntry(writer, element, version)
}

function writeProducerSnapshotProducerEntry(
  writer: Writer,
  message: Draft<ProducerSnapshotProducerEntry>,
  _version: number,
): void {
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const epoch = message.epoch ?? 0
  writer.int16(epoch)
  const lastSequence = message.lastSequence ?? 0
  writer.int32(lastSequence)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const offsetDelta = message.offsetDelta ?? 0
  writer.int32(offsetDelta)
  const timestamp = message.timestamp ?? 0
  writer.int64(timestamp)
  const coordinatorEpoch = message.coordinatorEpoch ?? 0
  writer.int32(coordinatorEpoch)
  const currentTxnFirstOffset = message.currentTxnFirstOffset ?? 0
  writer.int64(currentTxnFirstOffset)
}
