// Shortening a message before its CRC-32C is taken by tables.                              hot: per batch
//
// A multiple of the generator with few terms may be added to a message anywhere without changing its remainder. Adding it
// so that its highest term falls on the front bit clears that bit and flips a few later ones. Squaring a polynomial over
// GF(2) doubles its exponents, so the multiple to the power of 128 does that to 128 bits at once, and every distance
// becomes a number of 16-byte vectors. What a vector has become when its turn comes is
//
//     folded[i] = message[i] ^ folded[i - d] for every distance d
//
// Folded vectors are kept in scratch; the message is only read. When fewer vectors are left than the multiple spans, what
// remains of each is the message's vector and the folded ones its distances reach back to. The idea is Russell's (Chorba,
// arXiv 2412.16398). The multiple is x^79 + x^75 + x^71 + x^58 + x^18 + x^12 + x + 1: no other with eight terms is shorter
// (found by search; a test checks that it is a multiple).
//
//   window                       chunk                                        rest
//   +----------------------------+-----------------------------------+--------+--------------------+
//   | the 79 vectors before,     | folded vectors of this chunk, up  |        | what is left: 79   |
//   | zeros at first             | to CHUNK_VECTORS                  |        | vectors            |
//   +----------------------------+-----------------------------------+--------+--------------------+
//
// Eight vectors a step: then the folded vectors four and eight back are still in registers, and a vector 78 back is the
// next one's 79 back. That leaves five loads for each where a plain loop has eight.

import { SCRATCH_WORK_AT } from '../src/wasm/core-layout.ts'
import { scratchAt } from './scratch.ts'

const SPAN: usize = 79
/** What folding leaves for the tables to do, before the bytes it did not reach. */
export const REST_SIZE_BYTES: usize = 79 * 16
/** Message, window and chunk together stay in the nearest cache. */
const CHUNK_VECTORS: usize = 1024
const REST_AT: usize = SCRATCH_WORK_AT + (79 + 1024) * 16

/** Bytes of the message that the last `fold` took in, those of the rest included. */
export let foldedBytes: usize = 0

/**
 * Folds the front of a message of at least 88 vectors into what remains of it: REST_SIZE_BYTES bytes whose checksum,
 * begun with 0, is that of the first `foldedBytes` bytes begun with `crc`.
 *
 * @returns where the rest lies
 */
export function fold(crc: u32, message: usize, sizeBytes: usize): usize {
  const window = scratchAt + SCRATCH_WORK_AT
  memory.fill(window, 0, REST_SIZE_BYTES)
  // Always whole steps of eight.
  let left = ((sizeBytes >> 4) - SPAN) & ~7
  foldedBytes = (left + SPAN) << 4
  const none = i64x2.splat(0)
  let a0 = i32x4.replace_lane(none, 0, crc)
  let a1 = none
  let a2 = none
  let a3 = none
  let b0 = none
  let b1 = none
  let b2 = none
  let b3 = none
  let far = none
  let next = none
  let at = window
  while (true) {
    const vectors = min(left, CHUNK_VECTORS)
    const end = window + (vectors << 4)
    at = window
    while (at < end) {
      next = v128.load(at, 16)
      a0 = v128.xor(v128.xor(a0, b0), v128.xor(far, next))
      a0 = v128.xor(a0, v128.xor(v128.load(at, 192), v128.load(at, 288)))
      a0 = v128.xor(a0, v128.xor(v128.load(at, 928), v128.load(message, 0)))
      v128.store(at, a0, 1264)
      far = next
      next = v128.load(at, 32)
      a1 = v128.xor(v128.xor(a1, b1), v128.xor(far, next))
      a1 = v128.xor(a1, v128.xor(v128.load(at, 208), v128.load(at, 304)))
      a1 = v128.xor(a1, v128.xor(v128.load(at, 944), v128.load(message, 16)))
      v128.store(at, a1, 1280)
      far = next
      next = v128.load(at, 48)
      a2 = v128.xor(v128.xor(a2, b2), v128.xor(far, next))
      a2 = v128.xor(a2, v128.xor(v128.load(at, 224), v128.load(at, 320)))
      a2 = v128.xor(a2, v128.xor(v128.load(at, 960), v128.load(message, 32)))
      v128.store(at, a2, 1296)
      far = next
      next = v128.load(at, 64)
      a3 = v128.xor(v128.xor(a3, b3), v128.xor(far, next))
      a3 = v128.xor(a3, v128.xor(v128.load(at, 240), v128.load(at, 336)))
      a3 = v128.xor(a3, v128.xor(v128.load(at, 976), v128.load(message, 48)))
      v128.store(at, a3, 1312)
      far = next
      next = v128.load(at, 80)
      b0 = v128.xor(v128.xor(b0, a0), v128.xor(far, next))
      b0 = v128.xor(b0, v128.xor(v128.load(at, 256), v128.load(at, 352)))
      b0 = v128.xor(b0, v128.xor(v128.load(at, 992), v128.load(message, 64)))
      v128.store(at, b0, 1328)
      far = next
      next = v128.load(at, 96)
      b1 = v128.xor(v128.xor(b1, a1), v128.xor(far, next))
      b1 = v128.xor(b1, v128.xor(v128.load(at, 272), v128.load(at, 368)))
      b1 = v128.xor(b1, v128.xor(v128.load(at, 1008), v128.load(message, 80)))
      v128.store(at, b1, 1344)
      far = next
      next = v128.load(at, 112)
      b2 = v128.xor(v128.xor(b2, a2), v128.xor(far, next))
      b2 = v128.xor(b2, v128.xor(v128.load(at, 288), v128.load(at, 384)))
      b2 = v128.xor(b2, v128.xor(v128.load(at, 1024), v128.load(message, 96)))
      v128.store(at, b2, 1360)
      far = next
      next = v128.load(at, 128)
      b3 = v128.xor(v128.xor(b3, a3), v128.xor(far, next))
      b3 = v128.xor(b3, v128.xor(v128.load(at, 304), v128.load(at, 400)))
      b3 = v128.xor(b3, v128.xor(v128.load(at, 1040), v128.load(message, 112)))
      v128.store(at, b3, 1376)
      far = next
      at += 128
      message += 128
    }
    left -= vectors
    if (left === 0) break
    memory.copy(window, at, REST_SIZE_BYTES)
  }
  remain(at, message, scratchAt + REST_AT)
  return scratchAt + REST_AT
}

/** What remains of the 79 vectors at `message`; `at` is where the 79 folded before them lie. */
function remain(at: usize, message: usize, rest: usize): void {
  let stop: usize = 0
  stop = rest + 4 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    sum = v128.xor(sum, v128.load(at, 16))
    sum = v128.xor(sum, v128.load(at, 192))
    sum = v128.xor(sum, v128.load(at, 288))
    sum = v128.xor(sum, v128.load(at, 928))
    sum = v128.xor(sum, v128.load(at, 1136))
    sum = v128.xor(sum, v128.load(at, 1200))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
  stop = rest + 4 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    sum = v128.xor(sum, v128.load(at, 16))
    sum = v128.xor(sum, v128.load(at, 192))
    sum = v128.xor(sum, v128.load(at, 288))
    sum = v128.xor(sum, v128.load(at, 928))
    sum = v128.xor(sum, v128.load(at, 1136))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
  stop = rest + 13 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    sum = v128.xor(sum, v128.load(at, 16))
    sum = v128.xor(sum, v128.load(at, 192))
    sum = v128.xor(sum, v128.load(at, 288))
    sum = v128.xor(sum, v128.load(at, 928))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
  stop = rest + 40 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    sum = v128.xor(sum, v128.load(at, 16))
    sum = v128.xor(sum, v128.load(at, 192))
    sum = v128.xor(sum, v128.load(at, 288))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
  stop = rest + 6 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    sum = v128.xor(sum, v128.load(at, 16))
    sum = v128.xor(sum, v128.load(at, 192))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
  stop = rest + 11 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    sum = v128.xor(sum, v128.load(at, 16))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
  stop = rest + 1 * 16
  while (rest < stop) {
    let sum = v128.load(message)
    sum = v128.xor(sum, v128.load(at))
    v128.store(rest, sum)
    at += 16
    message += 16
    rest += 16
  }
}
