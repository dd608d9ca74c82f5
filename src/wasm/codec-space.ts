import { assert } from '../base/assert.ts'
import { CODEC_SLACK_BYTES } from './core-layout.ts'
import type { CoreExports } from './exports.ts'
import { instantiateCore } from './load.ts'
import { CORE_SIZE_BYTES, SCRATCH_SIZE_BYTES, WASM_PAGE_SIZE_BYTES } from './memory-map.ts'

const MIB = 1024 * 1024

/** Where the space that `reserve` hands out begins. */
export const SPACE_AT: number = CORE_SIZE_BYTES + SCRATCH_SIZE_BYTES
const SPACE_SIZE_BYTES_FIRST = 1 * MIB
/** Input and output of one batch at once: what decodes to more than half of it is refused anyway. */
const SPACE_SIZE_BYTES_MAX = 512 * MIB
/** A space that one monstrous batch blew up is given back instead of kept for ever. */
const SPACE_SIZE_BYTES_KEPT = 32 * MIB

/**
 * A private memory with an instance of the core over it, for the codecs and for building and reading batches on
 * ordinary byte arrays. It grows with what it is given, which the shared memory must not.
 */
export class CodecSpace {
  readonly #module: WebAssembly.Module
  #memory: WebAssembly.Memory
  #exports: CoreExports
  #bytes: Uint8Array
  #fields: Float64Array

  constructor(module: WebAssembly.Module) {
    this.#module = module
    this.#memory = newMemory()
    this.#exports = startCore(module, this.#memory)
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#fields = new Float64Array(this.#memory.buffer, CORE_SIZE_BYTES)
  }

  get exports(): CoreExports {
    return this.#exports
  }

  /** The whole memory. Ask again after `reserve`, which may have made it longer. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** The summary that the core's last answer left. */
  get fields(): Float64Array {
    return this.#fields
  }

  /**
   * Makes room for `sizeBytes` bytes from SPACE_AT, and slack behind them. What lay there stays.
   *
   * @returns false when that is more than a space may take
   */
  reserve(sizeBytes: number): boolean {
    if (sizeBytes > SPACE_SIZE_BYTES_MAX) return false
    const missing = SPACE_AT + sizeBytes + CODEC_SLACK_BYTES - this.#bytes.length
    if (missing > 0) {
      const more = Math.min(Math.max(missing, this.#bytes.length), SPACE_SIZE_BYTES_MAX)
      this.#memory.grow(Math.ceil(Math.max(missing, more) / WASM_PAGE_SIZE_BYTES))
      this.#bytes = new Uint8Array(this.#memory.buffer)
    }
    return true
  }

  /** Ends one use of the space: nothing in it is needed any more. */
  release(): void {
    if (this.#bytes.length <= SPACE_AT + SPACE_SIZE_BYTES_KEPT) return
    this.#memory = newMemory()
    this.#exports = startCore(this.#module, this.#memory)
    this.#bytes = new Uint8Array(this.#memory.buffer)
    this.#fields = new Float64Array(this.#memory.buffer, CORE_SIZE_BYTES)
  }

  /** Brings bytes in. */
  put(bytes: Uint8Array, at: number): void {
    assert(at >= SPACE_AT && at + bytes.length <= this.#bytes.length, 'the space was reserved')
    this.#bytes.set(bytes, at)
  }

  /** Takes a copy out, on an ordinary buffer. */
  take(at: number, sizeBytes: number): Uint8Array {
    assert(at >= SPACE_AT && at + sizeBytes <= this.#bytes.length, 'the bytes lie in the space')
    const copy = new Uint8Array(sizeBytes)
    copy.set(this.#bytes.subarray(at, at + sizeBytes))
    return copy
  }
}

function newMemory(): WebAssembly.Memory {
  const page = WASM_PAGE_SIZE_BYTES
  const initial = Math.ceil((SPACE_AT + SPACE_SIZE_BYTES_FIRST) / page)
  const maximum = Math.ceil((SPACE_AT + SPACE_SIZE_BYTES_MAX + CODEC_SLACK_BYTES) / page)
  return new WebAssembly.Memory({ initial, maximum, shared: true })
}

function startCore(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  const exports = instantiateCore(module, memory)
  exports.initialiseTables()
  exports.useScratch(CORE_SIZE_BYTES)
  return exports
}
