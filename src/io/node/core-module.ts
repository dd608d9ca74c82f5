import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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
 * Reads and compiles the record core: the build with 128-bit vectors where this engine has them, else the plain one. Call
 * it on the main thread and pass the module on through `workerData`: it may be cloned, and compiling costs each time.
 */
export function loadCoreModule(): WebAssembly.Module {
  const directory = coreDirectory()
  const simd = readFileSync(join(directory, 'core.simd.wasm'))
  return WebAssembly.validate(simd) ? new WebAssembly.Module(simd) : loadCoreBuild('plain')
}

/** Compiles one build by name, for tests and benches that compare them. */
export function loadCoreBuild(name: 'simd' | 'plain'): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(join(coreDirectory(), `core.${name}.wasm`)))
}
