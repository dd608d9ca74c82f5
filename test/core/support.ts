import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreBuild } from '../../src/io/node/core-module.ts'
import type { BatchOptions, RecordCodec, RecordCore, RecordDraft, RecordView } from '../../src/wasm/contract.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { CORE_SIZE_BYTES, SCRATCH_SIZE_BYTES } from '../../src/wasm/memory-map.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'

/** Both builds of the core answer alike; every test runs on each. */
export const BUILDS = ['simd', 'plain'] as const
export type Build = (typeof BUILDS)[number]

/** Where tests put bytes into the memory. */
export const INPUT_AT: number = CORE_SIZE_BYTES + SCRATCH_SIZE_BYTES
/** Room for bytes there. */
const INPUT_SIZE_BYTES = 8 * 1024 * 1024

export function coreOf(build: Build): RecordCore {
  const module = loadCoreBuild(build)
  return createRecordCore(module, createCoreMemory(module, INPUT_AT + INPUT_SIZE_BYTES), CORE_SIZE_BYTES)
}

export function codecOf(build: Build): RecordCodec {
  return createRecordCodec(loadCoreBuild(build), nodeCompression)
}

/** Puts bytes at the very end of the memory: one step too far and the core would trap. */
export function atTheEnd(core: RecordCore, bytes: Uint8Array): number {
  const at = core.bytes.length - bytes.length
  core.bytes.set(bytes, at)
  return at
}

export function readVectors<T>(name: string): T {
  const packed = readFileSync(join(import.meta.dirname, 'vectors', `${name}.json.gz`))
  return JSON.parse(gunzipSync(packed).toString('utf8')) as T
}

export interface VectorRecord {
  readonly offset: number | string
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly { readonly key: string; readonly value: string | null }[]
}

export interface VectorBatch {
  readonly magic: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly sizeInBytes: number
  readonly codec: string
  readonly timestampType: string
  readonly maxTimestamp: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly crc: number
  readonly partitionLeaderEpoch: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly count: number
  readonly records: readonly VectorRecord[]
}

export interface BatchVector {
  readonly name: string
  readonly sameBytes: boolean
  readonly batches: readonly VectorBatch[]
  readonly hex: string
}

export interface CorruptVector {
  readonly name: string
  readonly failsAt: 'none' | 'batches' | 'ensureValid' | 'iterate'
  readonly batchesSeen: number
  readonly recordsSeen: number
  readonly hex: string
}

export interface FrameVector {
  readonly name: string
  readonly magic?: number
  readonly length: number
  readonly crc32c: number
  readonly payload?: string
  readonly payloadHead?: string
  readonly hex: string
}

export const FORMAT_2_VECTORS = ['plain', 'transactional', 'control', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

function bytesOrNull(hex: string | null): Uint8Array | null {
  return hex === null ? null : fromHex(hex)
}

function hexOrNull(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex')
}

/** A record that was read, in the notation of the vectors. */
export function asVector(record: RecordView): VectorRecord {
  return {
    offset: record.offset,
    timestamp: record.timestampMs,
    key: hexOrNull(record.key),
    value: hexOrNull(record.value),
    headers: record.headers.map((header) => ({ key: header.key, value: hexOrNull(header.value) })),
  }
}

/** The fields of a vector's record that a reader gives. */
export function plainVector(record: VectorRecord): VectorRecord {
  const { offset, timestamp, key, value, headers } = record
  return { offset, timestamp, key, value, headers }
}

export function draftsOf(batch: VectorBatch): RecordDraft[] {
  return batch.records.map((record) => ({
    timestampMs: record.timestamp,
    key: bytesOrNull(record.key),
    value: bytesOrNull(record.value),
    headers: record.headers.map((header) => ({ key: header.key, value: bytesOrNull(header.value) })),
    offsetDelta: Number(record.offset) - batch.baseOffset,
  }))
}

export function optionsOf(batch: VectorBatch): BatchOptions {
  return {
    baseOffset: batch.baseOffset,
    codec: batch.attributes & 7,
    level: 3,
    leaderEpoch: batch.partitionLeaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: (batch.attributes & 0x10) !== 0,
    isControl: (batch.attributes & 0x20) !== 0,
    isLogAppendTime: (batch.attributes & 0x08) !== 0,
    rewrite: {
      lastOffsetDelta: batch.lastOffsetDelta,
      baseTimestampMs: batch.baseTimestamp,
      maxTimestampMs: batch.maxTimestamp,
      hasDeleteHorizon: (batch.attributes & 0x40) !== 0,
    },
  }
}

/** Options of an ordinary batch. */
export const PLAIN_OPTIONS: BatchOptions = {
  baseOffset: 0,
  codec: 0,
  level: 3,
  leaderEpoch: 0,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
  isControl: false,
  isLogAppendTime: false,
}

/** The checksum bit by bit: the slowest and surest way. */
export function crcBitwise(bytes: Uint8Array, polynomial: number): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (polynomial & -(crc & 1))
  }
  return ~crc >>> 0
}

export const CASTAGNOLI = 0x82f63b78
export const IEEE = 0xedb88320
