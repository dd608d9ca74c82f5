import { readSetDataTxn, readTxnHeader } from '../../jute/generated/txn.ts'
import { Operation } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import type { Entry } from '../contract.ts'

const decoder = new TextDecoder()

/**
 * What consensus needs to know of a transaction: its zxid, and the configuration when it is a reconfiguration.
 *
 * @param bytes header, transaction and perhaps a digest; kept as they are
 * @returns undefined when they do not begin with a header
 */
export function entryOf(bytes: Uint8Array): Entry | undefined {
  const reader = new JuteReader(bytes, 0, bytes.length, bytes.length)
  const header = readTxnHeader(reader)
  if (!reader.ok || header.zxid < 0) return undefined
  let config: string | null = null
  if (header.type === Operation.reconfig) {
    const { data } = readSetDataTxn(reader)
    if (!reader.ok || data === null) return undefined
    config = decoder.decode(data)
  }
  return { zxid: header.zxid, bytes, config }
}
