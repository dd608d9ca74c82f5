import type { Clock, Disk, Logger } from '../../src/io/ports.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { createLogEnvironment, type LogEnvironment } from '../../src/log/environment.ts'
import type { OpenHints } from '../../src/log/open-hints.ts'
import type { PartitionConfig } from '../../src/partition/contract.ts'
import { Replica } from '../../src/partition/replica.ts'
import type { BatchOptions, MessageSetCodec, RecordCodec, RecordCore, RecordDraft } from '../../src/wasm/contract.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'
import { LOG_WINDOW_SIZE_BYTES, shardMemory } from '../../src/wasm/memory-map.ts'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
}

/** The real record core with buffers to stage from, a clock that stands still, and a logger that remembers. */
export interface LogWorld {
  readonly environment: LogEnvironment
  readonly disk: Disk
  readonly core: RecordCore
  readonly codec: RecordCodec & MessageSetCodec
  readonly lines: LogLine[]
  /** Where `put` puts bytes. */
  readonly arenaAt: number
  nowMs: number
  /** Copies bytes into the core's memory and says where they are. Starts again at the beginning after `clear`. */
  put(bytes: Uint8Array): number
  clear(): void
}

const MEMORY_SIZE_BYTES = 48 * 1024 * 1024
const module = loadCoreModule()
const memory = createCoreMemory(module, MEMORY_SIZE_BYTES)
const map = shardMemory(MEMORY_SIZE_BYTES, 1, 0)
const core = createRecordCore(module, memory, map.scratchAt)
const codec = createRecordCodec(module, nodeCompression)

export const START_MS: number = 1_700_000_000_000

export function createLogWorld(
  disk: Disk,
  options: { openFilesMax?: number; windowSizeBytes?: number; indexCacheSizeBytesMax?: number } = {},
): LogWorld {
  const lines: LogLine[] = []
  const note =
    (level: LogLine['level']) =>
    (message: string): void => {
      lines.push({ level, message })
    }
  const logger: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  let at = map.arenaAt
  const clock: Clock = { wallMs: () => world.nowMs, monotonicMs: () => world.nowMs }
  const world: LogWorld = {
    environment: createLogEnvironment({
      core,
      codec,
      disk,
      clock,
      logger,
      windowAt: map.logWindowAt,
      windowSizeBytes: options.windowSizeBytes ?? LOG_WINDOW_SIZE_BYTES,
      ...(options.openFilesMax === undefined ? {} : { openFilesMax: options.openFilesMax }),
      ...(options.indexCacheSizeBytesMax === undefined
        ? {}
        : { indexCacheSizeBytesMax: options.indexCacheSizeBytesMax }),
    }),
    disk,
    core,
    codec,
    lines,
    arenaAt: map.arenaAt,
    nowMs: START_MS,
    put(bytes) {
      const startsAt = at
      core.bytes.set(bytes, startsAt)
      at += bytes.length
      return startsAt
    },
    clear() {
      at = map.arenaAt
    },
  }
  return world
}

export const DEFAULT_CONFIG: PartitionConfig = {
  maxMessageBytes: 1_048_588,
  isCompacted: false,
  isDeleted: true,
  timestampType: 0,
  timestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  timestampAfterMaxMs: 3_600_000,
  compressionCodec: -1,
  compressionLevel: -1,
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 86_400_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  retentionMs: 7 * 86_400_000,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  minInSyncReplicas: 1,
  flushMessages: Number.POSITIVE_INFINITY,
  flushMs: Number.POSITIVE_INFINITY,
  preallocate: false,
  producerIdExpirationMs: 86_400_000,
  deleteRetentionMs: 86_400_000,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.POSITIVE_INFINITY,
  minCleanableDirtyRatio: 0.5,
}

export const DIRECTORY: string = '/data'
export const PARTITION_DIRECTORY: string = '/data/events-0'

export function openReplica(
  world: LogWorld,
  config: Partial<PartitionConfig> = {},
  hints?: OpenHints,
  topic: string = 'events',
): Replica {
  return new Replica({
    environment: world.environment,
    topic,
    partition: 0,
    handle: 1,
    logDirectory: DIRECTORY,
    config: { ...DEFAULT_CONFIG, ...config },
    leaderEpoch: 0,
    ...(hints === undefined ? {} : { hints }),
  })
}

const NO_OPTIONS: BatchOptions = {
  baseOffset: 0,
  codec: 0,
  level: -1,
  leaderEpoch: -1,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
  isControl: false,
  isLogAppendTime: false,
}

/** A batch of `count` small records, or of the records given. */
export function batchOf(
  records: number | readonly RecordDraft[],
  options: Partial<BatchOptions> = {},
  valueSizeBytes: number = 10,
  timestampMs: number = START_MS,
): Uint8Array {
  const drafts =
    typeof records === 'number'
      ? Array.from({ length: records }, (_, index) => ({
          timestampMs: timestampMs + index,
          key: new TextEncoder().encode(`key-${index}`),
          value: new Uint8Array(valueSizeBytes).fill(index + 1),
          headers: [],
        }))
      : records
  return codec.encodeBatch(drafts, { ...NO_OPTIONS, ...options })
}
