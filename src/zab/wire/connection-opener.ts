import { JuteReader } from '../../jute/reader.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { ServerId } from '../contract.ts'

/** First long of a connection on the election port; an opener of version 2 splits ensembles with members before 3.6 (ZOOKEEPER-3720). */
const VERSION_1 = -65536
const VERSION_2 = -65535
const ADDRESS_BYTES_MAX = 2048
/** What an observer without an id calls itself. */
const ANONYMOUS = 2n ** 63n - 1n

export interface ElectionAddress {
  readonly host: string
  readonly port: number
}

export interface ConnectionOpener {
  /** Null from an observer that has no id. */
  readonly serverId: ServerId | null
  readonly addresses: readonly ElectionAddress[]
}

export type OpenerResult =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'opener'; readonly opener: ConnectionOpener; readonly sizeBytes: number }

/** What the server that dials says first. */
export function encodeOpener(serverId: ServerId, addresses: readonly ElectionAddress[]): Uint8Array {
  const writer = new JuteWriter()
  writer.int64(addresses.length > 1 ? VERSION_2 : VERSION_1)
  writer.int64(serverId)
  writer.string(addresses.map((address) => `${address.host}:${address.port}`).join('|'))
  return writer.finish()
}

/** @param bytes all that came so far; servers before 3.5 send nothing but their id */
export function decodeOpener(bytes: Uint8Array): OpenerResult {
  if (bytes.length < 8) return { kind: 'incomplete' }
  const reader = new JuteReader(bytes, 0, bytes.length, ADDRESS_BYTES_MAX)
  const first = reader.id64()
  if (first >= 0n) return withId(first, [], reader.at)
  if (first !== BigInt(VERSION_1) && first !== BigInt(VERSION_2)) {
    return { kind: 'malformed', reason: `unknown protocol version ${first}` }
  }
  if (bytes.length < 20) return { kind: 'incomplete' }
  const serverId = reader.id64()
  const sizeBytes = new JuteReader(bytes, reader.at).int32()
  if (sizeBytes <= 0 || sizeBytes > ADDRESS_BYTES_MAX) {
    return { kind: 'malformed', reason: `an address of ${sizeBytes} bytes` }
  }
  if (bytes.length < 20 + sizeBytes) return { kind: 'incomplete' }
  const addresses: ElectionAddress[] = []
  for (const text of (reader.string() ?? '').split('|')) {
    const at = text.lastIndexOf(':')
    const host = text.slice(0, at)
    const port = Number(text.slice(at + 1))
    if (at <= 0 || !Number.isInteger(port) || port <= 0 || port > 65_535) {
      return { kind: 'malformed', reason: `badly formed address: ${text}` }
    }
    addresses.push({ host, port })
  }
  return withId(serverId, addresses, reader.at)
}

function withId(id: bigint, addresses: readonly ElectionAddress[], sizeBytes: number): OpenerResult {
  const serverId = id === ANONYMOUS ? null : Number(id)
  if (serverId !== null && !Number.isSafeInteger(serverId)) return { kind: 'malformed', reason: `server id ${id}` }
  return { kind: 'opener', opener: { serverId, addresses }, sizeBytes }
}

/**
 * Of two servers only the one with the larger id keeps the connection it opened.
 *
 * @param ownId this server
 * @param peerId the other end
 * @param isDialed whether this server opened it
 * @returns `close` for the dialler with the smaller id, `dialBack` for the acceptor with the larger one
 */
export function judgeConnection(ownId: ServerId, peerId: ServerId, isDialed: boolean): 'keep' | 'close' | 'dialBack' {
  if (ownId === peerId) return 'close'
  if (isDialed) return peerId > ownId ? 'close' : 'keep'
  return peerId < ownId ? 'dialBack' : 'keep'
}
