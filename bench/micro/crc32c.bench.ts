import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32c as nativeCrc32c } from '@node-rs/crc32'
import asc from 'assemblyscript/asc'
import { CORE_SIZE_BYTES } from '../../src/wasm/memory-map.ts'
import type { Contest } from './contest.ts'
import { coreOf, INPUT_AT, noise } from './core.ts'

interface Baseline {
  initialiseTables(): void
  crc32c(at: number, sizeBytes: number): number
}

const FLAGS =
  '--runtime stub -O3 --importMemory --noExportMemory --sharedMemory --maximumMemory 32768 --enable threads'.split(' ')

/** Compiles the plain table method as the core itself is compiled. */
async function compileBaseline(): Promise<{ exports: Baseline; bytes: Uint8Array }> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error } = await asc.main(['slice-by-16.ts', '--outFile', 'out.wasm', ...FLAGS], {
    // It is AssemblyScript, which only asc can check: another ending keeps it out of the type check of these folders.
    readFile: (name) => {
      const source = join(import.meta.dirname, 'baseline', 'slice-by-16.as')
      return name === 'slice-by-16.ts' ? readFileSync(source, 'utf8') : null
    },
    writeFile: (_name, content) => {
      binary = new Uint8Array(content as Uint8Array)
    },
    listFiles: () => [],
  })
  if (error !== null || binary === undefined) throw error ?? new Error('asc wrote nothing')
  const pages = Math.ceil((CORE_SIZE_BYTES + 4 * 1024 * 1024) / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } })
  const exports = instance.exports as unknown as Baseline
  exports.initialiseTables()
  return { exports, bytes: new Uint8Array(memory.buffer) }
}

const baseline = await compileBaseline()

export function contests(): readonly Contest[] {
  const simd = coreOf('simd')
  const plain = coreOf('plain')
  const input = noise(1024 * 1024)
  simd.bytes.set(input, INPUT_AT)
  plain.bytes.set(input, INPUT_AT)
  baseline.bytes.set(input, INPUT_AT)
  return [64, 256, 1024, 4096, 16384, 65536, 1048576].map((sizeBytes) => {
    const window = Buffer.from(input.buffer, 0, sizeBytes)
    const expected = nativeCrc32c(window)
    for (const other of [simd.crc32c(INPUT_AT, sizeBytes), plain.crc32c(INPUT_AT, sizeBytes)]) {
      if (other !== expected) throw new Error('the contestants disagree')
    }
    return {
      name: `CRC-32C of ${sizeBytes} bytes`,
      sizeBytes,
      contestants: [
        { name: 'ours', run: () => simd.crc32c(INPUT_AT, sizeBytes) },
        { name: 'ours without vectors', run: () => plain.crc32c(INPUT_AT, sizeBytes) },
        { name: 'slice by 16 in WebAssembly', run: () => baseline.exports.crc32c(INPUT_AT, sizeBytes) },
        { name: 'native addon (@node-rs/crc32)', run: () => nativeCrc32c(window) },
      ],
    }
  })
}
