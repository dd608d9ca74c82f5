import { JuteReader } from '../../jute/reader.ts'
import { JuteWriter } from '../../jute/writer.ts'
import { type ElectionRole, type Notification, noVote } from '../contract.ts'
import { epochOf } from '../zxid.ts'

/** Longest message on the election port. */
export const notificationBytesMax: number = 512 * 1024

const ROLES: readonly ElectionRole[] = ['looking', 'following', 'leading', 'observing']
const SIZE_BEFORE_EPOCH = 28
const SIZE_BEFORE_VERSION = 40
const VERSION_WITH_CONFIG = 2
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** @returns one frame for the election port, its length before it */
export function encodeNotification(notification: Notification): Uint8Array {
  const writer = new JuteWriter()
  const startsAt = writer.beginFrame()
  writer.int32(ROLES.indexOf(notification.role))
  writer.id64(toLong(notification.leader))
  writer.id64(toLong(notification.zxid))
  writer.int64(notification.round)
  writer.id64(toLong(notification.peerEpoch))
  writer.int32(VERSION_WITH_CONFIG)
  const config = encoder.encode(notification.config ?? '')
  writer.int32(config.length)
  writer.raw(config)
  writer.endFrame(startsAt)
  return writer.finish()
}

/**
 * Reads a frame's payload. Servers before 3.4 sent 28 bytes without the epoch, those before 3.5 sent 40 without the
 * configuration.
 *
 * @returns undefined when it is no notification
 */
export function decodeNotification(bytes: Uint8Array, startsAt: number, endsAt: number): Notification | undefined {
  const sizeBytes = endsAt - startsAt
  if (sizeBytes < SIZE_BEFORE_EPOCH) return undefined
  const reader = new JuteReader(bytes, startsAt, endsAt, notificationBytesMax)
  const role = ROLES[reader.int32()]
  const leader = fromLong(reader.id64())
  const zxid = fromLong(reader.id64())
  const round = reader.int64()
  if (role === undefined || leader === undefined || zxid === undefined) return undefined
  const peerEpoch = sizeBytes === SIZE_BEFORE_EPOCH ? epochOf(zxid) : fromLong(reader.id64())
  if (peerEpoch === undefined) return undefined
  let config: string | null = null
  if (sizeBytes > SIZE_BEFORE_VERSION && reader.int32() >= VERSION_WITH_CONFIG) {
    const text = reader.buffer()
    if (text === null) return undefined
    config = decoder.decode(text)
  }
  return reader.ok ? { role, leader, zxid, round, peerEpoch, config } : undefined
}

function toLong(value: number): bigint {
  return BigInt(value)
}

/** A long that a number holds exactly: a safe integer, or the lowest long that means "no vote". */
function fromLong(value: bigint): number | undefined {
  const number = Number(value)
  return Number.isSafeInteger(number) || number === noVote ? number : undefined
}
