import type { Compression } from '../io/ports.ts'
import type { RecordCodec } from '../wasm/contract.ts'
import { createRecordCodec } from '../wasm/record-codec.ts'

/** The codec a client environment needs. @param module the compiled record core @param compression gzip and zstd */
export function createClientCodec(module: WebAssembly.Module, compression: Compression): RecordCodec {
  return createRecordCodec(module, compression)
}
