import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NodeDisk } from '../../src/io/node/disk.ts'
import { ErrorCode } from '../../src/model/error-code.ts'
import { Replica } from '../../src/partition/replica.ts'
import { batchOf, createLogWorld, DEFAULT_CONFIG, START_MS } from '../support/log-world.ts'
import { append } from '../support/partition-steps.ts'
import { has, java } from './support/peers.ts'

// What compaction wrote, read by Kafka's own tool: delete horizons, emptied batches, markers, the transaction index.

const RETENTION_MS = 100_000

test.runIf(has('java') && has('mvn'))(
  'DumpLogSegments reads compacted segments and names the delete horizons',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'jackdaw-compacted-'))
    try {
      const world = createLogWorld(new NodeDisk())
      const config = {
        ...DEFAULT_CONFIG,
        isCompacted: true,
        isDeleted: false,
        segmentBytes: 1200,
        indexIntervalBytes: 100,
        minCleanableDirtyRatio: 0.01,
        deleteRetentionMs: RETENTION_MS,
      }
      const replica = new Replica({
        environment: world.environment,
        topic: 'compacted',
        partition: 0,
        handle: 1,
        logDirectory: directory,
        config,
        leaderEpoch: 0,
      })
      const put = (key: string, value: string | null, options: Parameters<typeof batchOf>[1] = {}): void => {
        const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
        const record = { timestampMs: START_MS, key: bytes(key), value: value === null ? null : bytes(value) }
        expect(append(world, replica, batchOf([record], options))).toBe(ErrorCode.none)
      }
      const clean = (laterMs: number): void => {
        for (let index = 0; index < 20; index += 1) put(`f${index}`, 'x'.repeat(100))
        world.nowMs += laterMs
        do replica.maintain(world.nowMs)
        while (world.environment.upkeep.isCleaning)
      }
      const transactional = { producerId: 3, producerEpoch: 0, isTransactional: true }
      for (const codec of [0, 1, 2, 3, 4]) put(`t${codec}`, null, { codec })
      put('a', 'aborted', { ...transactional, baseSequence: 0 })
      const value = new Uint8Array(6)
      const abort = { timestampMs: START_MS, key: new Uint8Array(4), value }
      const marker = batchOf([abort], { ...transactional, baseSequence: -1, isControl: true })
      world.clear()
      expect(replica.stage(world.put(marker), marker.length, 'coordinator', START_MS)).toBe(ErrorCode.none)
      expect(replica.flush()).toBe(ErrorCode.none)
      put('b', 'idempotent', { producerId: 3, producerEpoch: 0, baseSequence: 1 })
      put('b', 'newer')
      clean(16_000)
      clean(16_000)
      replica.close()
      const partition = join(directory, 'compacted-0')
      const names = readdirSync(partition).filter((name) => /\.(log|index|timeindex|txnindex)$/.test(name))
      const dumped = await java('kafka-4.3.1', 'org.apache.kafka.tools.DumpLogSegments', [
        '--deep-iteration',
        '--files',
        names.map((name) => join(partition, name)).join(','),
      ])
      expect(dumped.code, dumped.output).toBe(0)
      expect(dumped.output).not.toMatch(/mismatch|corrupt|isvalid: false|exception|Found/i)
      const horizons = dumped.output.match(/deleteHorizonMs: OptionalLong\[\d+\]/g) ?? []
      // Five tombstones, and the marker whose data is gone.
      expect(horizons).toHaveLength(6)
      expect(dumped.output).toMatch(/count: 0 .*producerId: 3/)
      expect(dumped.output).toMatch(/endTxnMarker: ABORT/)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
  180_000,
)
