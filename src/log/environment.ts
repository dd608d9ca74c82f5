/**
 * What all logs of one shard share: the doors to the outside, the descriptor table, buffers for looking at files. One
 * per shard; nothing in it may cross to another thread.
 */
import { assert } from '../base/assert.ts'
import type { Clock, Disk, Logger } from '../io/ports.ts'
import type { RecordCodec, RecordCore } from '../wasm/contract.ts'
import { DirectoryHints } from './directory-hints.ts'
import { FileTable, OPEN_FILES_MAX } from './file-table.ts'
import { INDEX_CACHE_SIZE_BYTES_MAX, IndexCache } from './index-cache.ts'
import type { Staging } from './staging.ts'
import { Trash } from './trash.ts'
import { Upkeep } from './upkeep.ts'

/** Bytes read at once when a few batch headers are looked for: an index interval of 4096 plus a small batch fit. */
export const SCAN_SIZE_BYTES: number = 8192
/** Bytes read when one header is looked for between large batches. */
const PEEK_SIZE_BYTES = 256
/** The window must hold several ordinary batches, else verification degrades to one call per batch. */
const WINDOW_SIZE_BYTES_MIN = 64 * 1024

export interface LogEnvironment {
  readonly core: RecordCore
  readonly codec: RecordCodec
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
  readonly files: FileTable
  readonly indexes: IndexCache
  readonly trash: Trash
  readonly hints: DirectoryHints
  readonly upkeep: Upkeep
  /** Landing place of header scans. */
  readonly scan: ScanBuffer
  /** Part of the core's memory for batches that are verified from disk. Used only within one call. */
  readonly windowAt: number
  readonly windowSizeBytes: number
  /** The core's memory, for looking at single fields. */
  readonly view: DataView
  /** Lists of staged batches that no partition holds at the moment: one is held from the first batch of a turn to its write. */
  readonly stagings: Staging[]
  /** The pieces of one write. Used only within one call. */
  readonly parts: Uint8Array[]
}

export interface ScanBuffer {
  readonly bytes: Uint8Array
  /** The beginning of `bytes`: enough for one header, when the next batch is known to lie far away. */
  readonly peek: Uint8Array
  readonly view: DataView
}

export interface LogEnvironmentOptions {
  readonly core: RecordCore
  readonly codec: RecordCodec
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
  readonly windowAt: number
  readonly windowSizeBytes: number
  readonly openFilesMax?: number
  readonly indexCacheSizeBytesMax?: number
}

export function createLogEnvironment(options: LogEnvironmentOptions): LogEnvironment {
  assert(options.windowSizeBytes >= WINDOW_SIZE_BYTES_MIN, 'the log window holds at least 64 KiB')
  assert(
    options.windowAt + options.windowSizeBytes <= options.core.bytes.length,
    'the log window lies in the memory of the core',
  )
  const bytes = new Uint8Array(SCAN_SIZE_BYTES)
  return {
    core: options.core,
    codec: options.codec,
    disk: options.disk,
    clock: options.clock,
    logger: options.logger,
    files: new FileTable(options.disk, options.openFilesMax ?? OPEN_FILES_MAX),
    indexes: new IndexCache(options.indexCacheSizeBytesMax ?? INDEX_CACHE_SIZE_BYTES_MAX),
    trash: new Trash(options.disk, options.logger),
    hints: new DirectoryHints(options.disk, options.logger),
    upkeep: new Upkeep(),
    scan: { bytes, peek: bytes.subarray(0, PEEK_SIZE_BYTES), view: new DataView(bytes.buffer) },
    windowAt: options.windowAt,
    windowSizeBytes: options.windowSizeBytes,
    view: new DataView(options.core.bytes.buffer, options.core.bytes.byteOffset, options.core.bytes.byteLength),
    stagings: [],
    parts: [],
  }
}
