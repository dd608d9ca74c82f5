// One shard in this process with the real record core and real partitions, on the real disk or on one that forgets.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeClock } from '../../src/io/node/clock.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { NodeDisk } from '../../src/io/node/disk.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import type { Logger, TurnScheduler } from '../../src/io/ports.ts'
import { createLogEnvironment } from '../../src/log/environment.ts'
import type { PartitionConfig, PartitionReplica } from '../../src/partition/contract.ts'
import { Replica } from '../../src/partition/replica.ts'
import type { AppendResult, AppendSink, PartitionAssignment } from '../../src/shard/contract.ts'
import { Shard } from '../../src/shard/shard.ts'
import type { RecordCodec, RecordCore } from '../../src/wasm/contract.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { LANDING_SIZE_BYTES, LOG_WINDOW_SIZE_BYTES, shardMemory } from '../../src/wasm/memory-map.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'
import { FakePartition } from '../../test/unit/shard/support.ts'

const MIB = 1024 * 1024

export const CONFIG: PartitionConfig = {
  maxMessageBytes: 16 * MIB,
  isCompacted: false,
  isDeleted: true,
  timestampType: 0,
  timestampBeforeMaxMs: Infinity,
  timestampAfterMaxMs: Infinity,
  compressionCodec: -1,
  compressionLevel: 0,
  segmentBytes: 1024 * MIB,
  segmentMs: Infinity,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * MIB,
  indexIntervalBytes: 4096,
  retentionMs: Infinity,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  minInSyncReplicas: 1,
  flushMessages: Infinity,
  flushMs: Infinity,
  preallocate: false,
  producerIdExpirationMs: 86_400_000,
  deleteRetentionMs: 86_400_000,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Infinity,
  minCleanableDirtyRatio: 0.5,
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
}

/** Writes nothing: what is left is our own time. */
class ForgetfulDisk extends NodeDisk {
  override writeSync(): void {
    // Forgotten.
  }
}

/** Ends turns when told to. */
export class ManualTurns implements TurnScheduler {
  #turn: (() => void) | undefined
  atTurnEnd(turn: () => void): void {
    this.#turn = turn
  }
  run(): void {
    const turn = this.#turn
    this.#turn = undefined
    turn?.()
  }
}

export class CountingSink implements AppendSink {
  count = 0
  onAppended(_slot: number, result: AppendResult): void {
    if (result.code !== 0) throw new Error(`append failed with ${result.code}: ${result.errorMessage}`)
    this.count += 1
  }
}

export type Kind = 'no partition' | 'forgetful disk' | 'real disk'

/** A partition that stamps and counts: what is left is the shard alone. */
class HollowPartition extends FakePartition {
  readonly #core: RecordCore
  #next = 0
  constructor(assignment: PartitionAssignment, core: RecordCore) {
    super(assignment, core)
    this.#core = core
  }
  override stage(at: number, sizeBytes: number): 0 {
    this.#core.readHeader(at, sizeBytes)
    const lastOffset = this.#next + this.#core.summary.lastOffsetDelta
    this.#core.stampOffsets(at, this.#next, 0)
    this.outcome.baseOffset = this.#next
    this.outcome.lastOffset = lastOffset
    this.#next = lastOffset + 1
    return 0
  }
  override flush(): 0 {
    this.position.logEndOffset = this.#next
    this.confirm(this.#next)
    return 0
  }
}

export interface ShardWorld {
  readonly shard: Shard
  readonly turns: ManualTurns
  readonly codec: RecordCodec
  readonly partitions: readonly PartitionAssignment[]
  close(): void
}

export function makeShardWorld(
  kind: Kind,
  partitionCount: number,
  memorySizeBytes: number = 256 * MIB,
  hotTailSizeBytes: number = 64 * MIB,
): ShardWorld {
  const module = loadCoreModule()
  const memory = createCoreMemory(module, memorySizeBytes)
  const map = shardMemory(memory.buffer.byteLength, 1, 0)
  const core = createRecordCore(module, memory, map.scratchAt)
  const codec = createRecordCodec(module, nodeCompression)
  const directory = mkdtempSync(join(process.env['BENCH_DIRECTORY'] ?? tmpdir(), 'jackdaw-path-'))
  const disk = kind === 'real disk' ? new NodeDisk() : new ForgetfulDisk()
  const clock = new NodeClock()
  const environment = createLogEnvironment({
    core,
    codec,
    disk,
    clock,
    logger: silent,
    windowAt: map.landingAt + LANDING_SIZE_BYTES,
    windowSizeBytes: LOG_WINDOW_SIZE_BYTES,
  })
  const open = (assignment: PartitionAssignment): PartitionReplica =>
    kind === 'no partition'
      ? new HollowPartition(assignment, core)
      : new Replica({ ...assignment, environment, logDirectory: directory })
  const turns = new ManualTurns()
  const shard = new Shard({
    index: 0,
    shardCount: 1,
    core,
    codec,
    clock,
    timers: new NodeTimers(),
    turns,
    disk,
    log: silent,
    openPartition: open,
    brokerId: 1,
    onPartitionFailed: ({ topic }) => console.error(`${topic} failed`),
    neighbours: [],
    hotTailSizeBytes,
  })
  const partitions: PartitionAssignment[] = []
  for (let index = 0; index < partitionCount; index += 1) {
    const ref = { topic: 'bench', partition: index, handle: index, shard: 0, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }
    const role = { kind: 'leader', leaderEpoch: 0, partitionEpoch: 0, replicas: [1], inSyncReplicas: [1] } as const
    const assignment = { ...ref, leaderEpoch: 0, role, directory, config: CONFIG }
    shard.ownership.open(assignment)
    partitions.push(assignment)
  }
  const close = (): void => {
    shard.shutdown()
    rmSync(directory, { recursive: true, force: true })
  }
  return { shard, turns, codec, partitions, close }
}
