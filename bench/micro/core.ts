import { loadCoreBuild } from '../../src/io/node/core-module.ts'
import type { RecordCore } from '../../src/wasm/contract.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { CORE_SIZE_BYTES, SCRATCH_SIZE_BYTES } from '../../src/wasm/memory-map.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'

/** Where benches put their input: odd, as the checksummed part of a batch usually lies. */
export const INPUT_AT: number = CORE_SIZE_BYTES + SCRATCH_SIZE_BYTES + 21

/** A core with room for 8 MiB of input. */
export function coreOf(build: 'simd' | 'plain'): RecordCore {
  const module = loadCoreBuild(build)
  const memory = createCoreMemory(module, INPUT_AT + 8 * 1024 * 1024)
  return createRecordCore(module, memory, CORE_SIZE_BYTES)
}

/** Bytes without pattern, the same every time. */
export function noise(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  let state = 88172645
  for (let at = 0; at < sizeBytes; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state
  }
  return bytes
}

const WORDS = ['order', 'customer', 'amount', 'currency', 'EUR', 'shipped', 'pending', 'warehouse', 'item', 'quantity']

/** Text with the redundancy of JSON events, the same every time. */
export function events(sizeBytes: number): Uint8Array {
  const chance = noise(sizeBytes)
  let text = ''
  for (let index = 0; text.length < sizeBytes; index++) {
    const word = WORDS[(chance[index] ?? 0) % WORDS.length] ?? ''
    text += `{"${word}":${(chance[index + 1] ?? 0) * 977},"id":"${index * 7919}"}\n`
  }
  return new TextEncoder().encode(text).subarray(0, sizeBytes)
}
