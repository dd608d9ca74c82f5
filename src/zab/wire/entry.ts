import { readSetDataTxn } from '../../jute/generated/txn.ts'
import { Operation } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import type { Entry } from '../contract.ts'

const decoder = new TextDecoder()
/** Where the fields of a TxnHeader stand: session, cxid, zxid, time, type. */
const ZXID_AT = 12
const TIME_AT = 20
const TYPE_AT = 28
const HEADER_BYTES = 32

/**
 * What consensus needs to know of a transaction: its zxid, and the configuration when it is a reconfiguration.
 *
 * @param bytes header, transaction and perhaps a digest; kept as they are
 * @returns undefined when they do not begin with a header
 */
export function entryOf(bytes: Uint8Array): Entry | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const zxid = longAt(bytes, ZXID_AT)
  // The time is looked at here, so that what cannot be applied never gets into a log.
  if (!(zxid >= 0) || !Number.isSafeInteger(longAt(bytes, TIME_AT))) return undefined
  const config = int32At(bytes, TYPE_AT) === Operation.reconfig ? configOf(bytes) : null
  return config === undefined ? undefined : { zxid, bytes, config }
}

function configOf(bytes: Uint8Array): string | undefined {
  const reader = new JuteReader(bytes, HEADER_BYTES, bytes.length, bytes.length)
  const { data } = readSetDataTxn(reader)
  return reader.ok && data !== null ? decoder.decode(data) : undefined
}

/** @returns a big-endian int, without the object of a view: these are read for every packet */
export function int32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

/** @returns a big-endian long; NaN when a number cannot hold it */
export function longAt(bytes: Uint8Array, at: number): number {
  const value = int32At(bytes, at) * 0x1_0000_0000 + (int32At(bytes, at + 4) >>> 0)
  return Number.isSafeInteger(value) ? value : Number.NaN
}
