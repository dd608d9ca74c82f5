// The part of the WebAssembly API that we use: it belongs to the browser's types, which a server does not load.
declare namespace WebAssembly {
  class Module {
    private readonly kind: 'module'
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }
  class Memory {
    readonly buffer: SharedArrayBuffer
    constructor(descriptor: { initial: number; maximum: number; shared: true })
    /** Adds pages; answers the old size in pages. */
    grow(pages: number): number
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } })
  }
  class RuntimeError extends Error {}
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean
}
