import type { Disk } from '../../io/ports.ts'
import { type EnsembleConfig, parseEnsembleConfig } from '../../zab/config/ensemble-config.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()
/** What a static file no longer says once there is a dynamic one. */
const movedKey = /^\s*(server\.|group|weight|dynamicConfigFile|peerType)/

/**
 * The files of a configuration that changes while servers run: `zoo.cfg.dynamic.VERSION` for the active one, which
 * `zoo.cfg` comes to point to, and `zoo.cfg.dynamic.next` for one that is proposed.
 */
export class ConfigFiles {
  readonly #disk: Disk
  readonly #base: string
  readonly #isStaticFile: boolean

  /**
   * @param base what the names of the files begin with
   * @param isStaticFile `base` is itself a `zoo.cfg`
   */
  constructor(disk: Disk, base: string, isStaticFile: boolean) {
    this.#disk = disk
    this.#base = base
    this.#isStaticFile = isStaticFile
  }

  /** Durable when it returns. @throws DiskError */
  write(which: 'current' | 'next', text: string): void {
    if (which === 'next') {
      this.#disk.replaceFile(this.#nextPath, encoder.encode(text))
      return
    }
    const config = parseEnsembleConfig(text)
    if (config === undefined) return
    const path = `${this.#base}.dynamic.${config.version.toString(16)}`
    const lines = text.split('\n').filter((line) => !line.startsWith('version='))
    this.#disk.replaceFile(path, encoder.encode(lines.toSorted().join('\n')))
    if (this.#isStaticFile) this.#pointTo(path)
    const next = this.next()
    if (next !== undefined && next.version <= config.version) this.#disk.remove(this.#nextPath)
  }

  /** A configuration that was seen and not yet active when the server last ran. */
  next(): EnsembleConfig | undefined {
    if (!this.#disk.exists(this.#nextPath)) return undefined
    return parseEnsembleConfig(decoder.decode(this.#disk.readFile(this.#nextPath)))
  }

  /** The newest active one, for a server whose configuration has no static file to point to it. */
  newest(): EnsembleConfig | undefined {
    const at = this.#base.lastIndexOf('/')
    const directory = this.#base.slice(0, at)
    if (!this.#disk.exists(directory)) return undefined
    let newest: EnsembleConfig | undefined
    for (const { name } of this.#disk.list(directory)) {
      const config = name.startsWith(`${this.#base.slice(at + 1)}.dynamic.`)
        ? readDynamicConfig(this.#disk, `${directory}/${name}`)
        : undefined
      if (config !== undefined && config.version > (newest?.version ?? 0)) newest = config
    }
    return newest
  }

  get #nextPath(): string {
    return `${this.#base}.dynamic.next`
  }

  #pointTo(path: string): void {
    const kept = decoder
      .decode(this.#disk.readFile(this.#base))
      .split('\n')
      .filter((line) => !movedKey.test(line) && line.trim() !== '')
    this.#disk.replaceFile(this.#base, encoder.encode(`${[...kept, `dynamicConfigFile=${path}`].join('\n')}\n`))
  }
}

/** @returns the configuration in a dynamic file, its version taken from the file's name; undefined when it is none */
export function readDynamicConfig(disk: Disk, path: string): EnsembleConfig | undefined {
  const config = parseEnsembleConfig(decoder.decode(disk.readFile(path)))
  const version = /\.([0-9a-f]+)$/i.exec(path)?.[1]
  return config === undefined
    ? undefined
    : { ...config, version: version === undefined ? 0 : Number.parseInt(version, 16) }
}
