// xxHash, 32 bits, seed 0: the checksum inside LZ4 frames.

const PRIME_1: u32 = 2654435761
const PRIME_2: u32 = 2246822519
const PRIME_3: u32 = 3266489917
const PRIME_4: u32 = 668265263
const PRIME_5: u32 = 374761393

function round(lane: u32, word: u32): u32 {
  return rotl(lane + word * PRIME_2, 13) * PRIME_1
}

/** Hash of `size` bytes at `at`. */
export function xxhash32(at: usize, size: usize): u32 {
  const end = at + size
  let hash: u32 = PRIME_5
  if (size >= 16) {
    let one: u32 = PRIME_1 + PRIME_2
    let two: u32 = PRIME_2
    let three: u32 = 0
    let four: u32 = 0 - PRIME_1
    while (at + 16 <= end) {
      one = round(one, load<u32>(at))
      two = round(two, load<u32>(at, 4))
      three = round(three, load<u32>(at, 8))
      four = round(four, load<u32>(at, 12))
      at += 16
    }
    hash = rotl(one, 1) + rotl(two, 7) + rotl(three, 12) + rotl(four, 18)
  }
  hash += <u32>size
  while (at + 4 <= end) {
    hash = rotl(hash + load<u32>(at) * PRIME_3, 17) * PRIME_4
    at += 4
  }
  while (at < end) {
    hash = rotl(hash + <u32>load<u8>(at) * PRIME_5, 11) * PRIME_1
    at += 1
  }
  hash = (hash ^ (hash >>> 15)) * PRIME_2
  hash = (hash ^ (hash >>> 13)) * PRIME_3
  return hash ^ (hash >>> 16)
}
