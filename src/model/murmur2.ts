// The hash by which Kafka's default partitioner spreads keys. Every client that wants keys to land where Java's land uses
// it: MurmurHash2, 32 bits, with Kafka's seed. https://kafka.apache.org/documentation/#producerconfigs_partitioner.class

const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/**
 * Hash of a key.
 *
 * @param key the serialised key
 * @returns a signed 32-bit number, as Java's
 */
export function murmur2(key: Uint8Array): number {
  const whole = key.length & ~3
  let hash = SEED ^ key.length
  for (let at = 0; at < whole; at += 4) {
    const word = (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16) | ((key[at + 3] ?? 0) << 24)
    let mixed = Math.imul(word, MULTIPLIER)
    mixed ^= mixed >>> 24
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(mixed, MULTIPLIER)
  }
  const left = key.length - whole
  if (left > 0) {
    if (left > 2) hash ^= (key[whole + 2] ?? 0) << 16
    if (left > 1) hash ^= (key[whole + 1] ?? 0) << 8
    hash = Math.imul(hash ^ (key[whole] ?? 0), MULTIPLIER)
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/**
 * The partition that a key belongs to.
 *
 * @param partitionCount all partitions of the topic, leaderless ones included: they count, or keys would wander
 */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}
