import type { Compression } from '../io/ports.ts'
import { CodecSpace } from './codec-space.ts'
import { compressBytes, decompressBytes } from './codecs.ts'
import type {
  BatchOptions,
  BatchSummary,
  BatchVerdict,
  MessageSetCodec,
  RecordCodec,
  RecordDraft,
  RecordView,
} from './contract.ts'
import { MessageSetConverter } from './message-set.ts'
import { RecordDecoder } from './record-decoder.ts'
import { RecordEncoder } from './record-encoder.ts'

class WasmRecordCodec implements RecordCodec, MessageSetCodec {
  readonly #space: CodecSpace
  readonly #compression: Compression
  readonly #encoder: RecordEncoder
  readonly #decoder: RecordDecoder
  readonly #converter: MessageSetConverter

  constructor(module: WebAssembly.Module, compression: Compression) {
    this.#space = new CodecSpace(module)
    this.#compression = compression
    this.#encoder = new RecordEncoder(this.#space, compression)
    this.#decoder = new RecordDecoder(this.#space, compression)
    this.#converter = new MessageSetConverter(this.#space, compression, this.#encoder, this.#decoder)
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

  downConvert(bytes: Uint8Array, magic: 0 | 1, firstOffset: number): Uint8Array | undefined {
    return this.#converter.downConvert(bytes, magic, firstOffset)
  }

  upConvert(bytes: Uint8Array, level: number): Uint8Array | undefined {
    return this.#converter.upConvert(bytes, level)
  }
}

/**
 * The codec of one thread, with a small memory of its own.
 *
 * @param module compiled once, on the main thread
 * @param compression gzip and zstd
 */
export function createRecordCodec(module: WebAssembly.Module, compression: Compression): RecordCodec & MessageSetCodec {
  return new WasmRecordCodec(module, compression)
}
