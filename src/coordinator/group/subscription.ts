/** Name of the protocol type whose metadata the coordinator may look into: which topics a consumer reads. */
export const CONSUMER_PROTOCOL_TYPE: string = 'consumer'

/** More topics than a frame could name in two bytes each cannot be an honest count. */
const TOPIC_NAME_SIZE_MIN_BYTES = 2

/**
 * The topics in a consumer's subscription: `version int16, [topic string], …`. Every later version begins like
 * version 0, so the rest is left unread.
 *
 * @returns undefined when the bytes are no subscription; the group then counts as reading everything
 */
export function subscribedTopicsOf(metadata: Uint8Array): readonly string[] | undefined {
  const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength)
  if (metadata.length < 6 || view.getInt16(0) < 0) return undefined
  const count = view.getInt32(2)
  if (count < 0 || count * TOPIC_NAME_SIZE_MIN_BYTES > metadata.length) return undefined
  const decoder = new TextDecoder()
  const topics: string[] = []
  let at = 6
  for (let index = 0; index < count; index += 1) {
    if (at + 2 > metadata.length) return undefined
    const sizeBytes = view.getInt16(at)
    at += 2
    if (sizeBytes < 0 || at + sizeBytes > metadata.length) return undefined
    topics.push(decoder.decode(metadata.subarray(at, at + sizeBytes)))
    at += sizeBytes
  }
  return topics
}
