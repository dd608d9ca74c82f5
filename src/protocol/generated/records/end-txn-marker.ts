// Generated from schema/records/end-txn-marker.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const endTxnMarkerLayout: StoredLayout = {
  name: 'EndTxnMarker',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface EndTxnMarker {
  coordinatorEpoch: number
}

export function readEndTxnMarker(reader: Reader, _version: number): EndTxnMarker {
  const coordinatorEpoch = reader.int32()
  const message: EndTxnMarker = { coordinatorEpoch }
  return message
}

export function writeEndTxnMarker(
  writer: Writer,
  message: Draft<EndTxnMarker>,
  _version: number,
): void {
  const coordinatorEpoch = message.coordinatorEpoch ?? 0
  writer.int32(coordinatorEpoch)
}
