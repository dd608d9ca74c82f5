import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileCore } from '../../wasm/load.ts'

const CORE_DIRECTORY = join('dist', 'core')

/**
 * Finds the directory of the built core: this file runs as src/io/node/… from a checkout and as dist/src/io/node/…
 * from a package, and `dist/core` lies beside either at the package root.
 */
function coreDirectory(): string {
  let directory = import.meta.dirname
  while (!existsSync(join(directory, CORE_DIRECTORY, 'core.plain.wasm'))) {
    const above = dirname(directory)
    if (above === directory) {
      throw new Error(`the record core (${CORE_DIRECTORY}/core.plain.wasm) is missing: run 'npm run build'`)
    }
    directory = above
  }
  return join(directory, CORE_DIRECTORY)
}

/**
 * Reads and compiles the record core, choosing the build that this engine can run. Call it on the main thread and pass
 * the module on through `workerData`.
 */
export function loadCoreModule(): WebAssembly.Module {
  const directory = coreDirectory()
  return compileCore(readFileSync(join(directory, 'core.simd.wasm')), readFileSync(join(directory, 'core.plain.wasm')))
}

/** Compiles one build by name, for tests and benches that compare them. */
export function loadCoreBuild(name: 'simd' | 'plain'): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(join(coreDirectory(), `core.${name}.wasm`)))
}
