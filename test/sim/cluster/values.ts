import { nodeCompression } from '../../../src/io/node/compression.ts'
import { loadCoreModule } from '../../../src/io/node/core-module.ts'
import { BatchVerdict } from '../../../src/wasm/contract.ts'
import { createRecordCodec } from '../../../src/wasm/record-codec.ts'
import { Violation } from '../world/world.ts'

const codec = createRecordCodec(loadCoreModule(), nodeCompression)
const decoder = new TextDecoder()

/** The values of whole batches, by offset: every offset from 0 on must be there. Of compacted topics nothing is asked. */
export function valuesOf(name: string, batches: Uint8Array, isCompacted: boolean): string[] {
  const values: string[] = []
  if (isCompacted) return values
  const verdict = codec.decodeBatches(batches, ({ offset, value }) => {
    if (offset !== values.length) throw new Violation(`${name} has ${offset} where ${values.length} is next`)
    values.push(decoder.decode(value ?? new Uint8Array(0)).trimEnd())
  })
  if (verdict !== BatchVerdict.ok) throw new Violation(`${name} has a damaged batch behind ${values.length}`)
  return values
}
