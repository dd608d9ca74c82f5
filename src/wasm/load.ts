/// <reference path="./webassembly.d.ts" />
import { assert } from '../base/assert.ts'
import type { CoreExports } from './exports.ts'
import { CORE_SIZE_BYTES, WASM_PAGE_SIZE_BYTES } from './memory-map.ts'

/** A WebAssembly memory cannot be larger than what the core's import declares (asconfig.json). */
const MEMORY_SIZE_BYTES_MAX = 2 * 1024 * 1024 * 1024

/**
 * Makes the one shared memory and fills the core's tables. Its size is fixed, so that no view of it ever detaches;
 * pages that nobody touches cost nothing.
 *
 * @param sizeBytes at least the core's own area; rounded up to whole pages
 */
export function createCoreMemory(module: WebAssembly.Module, sizeBytes: number): WebAssembly.Memory {
  assert(
    sizeBytes >= CORE_SIZE_BYTES && sizeBytes <= MEMORY_SIZE_BYTES_MAX,
    'the memory holds the core and fits its import',
  )
  const pages = Math.ceil(sizeBytes / WASM_PAGE_SIZE_BYTES)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  instantiateCore(module, memory).initialiseTables()
  return memory
}

/**
 * An instance of the core over `memory`. It has no data segments and no start function, so making one on another
 * thread changes nothing in the memory.
 */
export function instantiateCore(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  const instance = new WebAssembly.Instance(module, { env: { memory } })
  return instance.exports as unknown as CoreExports
}
