/**
 * Recognises what else knocks at a Kafka port: the most frequent mistakes in configuration, told by their first bytes.
 */

const TLS_HANDSHAKE = 0x16
const TLS_MAJOR_VERSION = 3
const HTTP_VERBS: readonly string[] = ['GET ', 'POST', 'PUT ', 'HEAD', 'DELE', 'OPTI', 'PATC', 'CONN', 'PRI ']
const FOUR_LETTER_WORDS: readonly string[] = [
  'ruok',
  'stat',
  'srvr',
  'mntr',
  'conf',
  'envi',
  'dump',
  'cons',
  'wchs',
  'isro',
]

// A ZooKeeper connect request is the only frame that begins with version 0 and has a password of 16 bytes right here.
const ZOOKEEPER_CONNECT_SIZES: readonly number[] = [44, 45]
const ZOOKEEPER_PASSWORD_SIZE_AT = 24
const ZOOKEEPER_PASSWORD_SIZE_BYTES = 16

/**
 * What the first bytes of a connection say, when they are no Kafka request.
 *
 * @param bytes memory that holds them
 * @param at the first byte: of the frame's size
 * @param sizeBytes bytes received
 * @returns cause and fix as one sentence
 */
export function whatIsThis(bytes: Uint8Array, at: number, sizeBytes: number): string | undefined {
  if (sizeBytes >= 2 && bytes[at] === TLS_HANDSHAKE && bytes[at + 1] === TLS_MAJOR_VERSION) {
    return 'this is a TLS hello on a plaintext listener: set security.protocol=PLAINTEXT on the client, or give it an SSL listener'
  }
  if (sizeBytes < 4) return undefined
  const word = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0)
  if (HTTP_VERBS.includes(word)) {
    return 'this is an HTTP request on a Kafka listener: the HTTP endpoints have a port of their own'
  }
  if (FOUR_LETTER_WORDS.includes(word)) {
    return `this is the ZooKeeper command '${word}' on a Kafka listener: send it to clientPort`
  }
  return undefined
}

/**
 * Whether a connection's first frame is a ZooKeeper client's connect request.
 *
 * @param at first byte after the frame's size
 */
export function whyZooKeeper(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (!ZOOKEEPER_CONNECT_SIZES.includes(end - at) || int32(bytes, at) !== 0) return undefined
  if (int32(bytes, at + ZOOKEEPER_PASSWORD_SIZE_AT) !== ZOOKEEPER_PASSWORD_SIZE_BYTES) return undefined
  return 'this is a ZooKeeper client on a Kafka listener: point zookeeper.connect at clientPort'
}

function int32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}
