import type { Compression } from '../io/ports.ts'
import { CodecSpace } from './codec-space.ts'
import { compressBytes, decompressBytes } from './codecs.ts'
import type { BatchOptions, BatchSummary, BatchVerdict, RecordCodec, RecordDraft, RecordView } from './contract.ts'
import { RecordDecoder } from './record-decoder.ts'
import { RecordEncoder } from './record-encoder.ts'

class WasmRecordCodec implements RecordCodec {
  readonly #space: CodecSpace
  readonly #compression: Compression
  readonly #encoder: RecordEncoder
  readonly #decoder: RecordDecoder

  constructor(module: WebAssembly.Module, compression: Compression) {
    this.#space = new CodecSpace(module)
    this.#compression = compression
    this.#encoder = new RecordEncoder(this.#space, compression)
    this.#decoder = new RecordDecoder(this.#space, compression)
  }

  encodeBatch(records: readonly RecordDraft[], options: BatchOptions): Uint8Array {
    return this.#encoder.encode(records, options)
  }

  decodeBatches(
    bytes: Uint8Array,
    visit: (record: RecordView, batch: BatchSummary) => void,
    withControl: boolean = false,
  ): BatchVerdict {
    return this.#decoder.decode(bytes, visit, withControl)
  }

  compress(codec: number, bytes: Uint8Array, level: number): Uint8Array {
    return compressBytes(this.#space, this.#compression, codec, bytes, level, false)
  }

  decompress(codec: number, bytes: Uint8Array, sizeBytesMax: number): Uint8Array | undefined {
    return decompressBytes(this.#space, this.#compression, codec, bytes, sizeBytesMax, false)
  }
}

/**
 * The codec of one thread, with a small memory of its own.
 *
 * @param module compiled once by `compileCore`
 * @param compression gzip and zstd
 */
export function createRecordCodec(module: WebAssembly.Module, compression: Compression): RecordCodec {
  return new WasmRecordCodec(module, compression)
}
