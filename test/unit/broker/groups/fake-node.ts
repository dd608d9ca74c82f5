import { ClusterView } from '../../../../src/cluster/view.ts'
import type { GroupCalls, GroupMethod } from '../../../../src/broker/groups/contract.ts'
import { GroupCoordinator } from '../../../../src/broker/groups/group-coordinator.ts'
import { GroupRouter } from '../../../../src/broker/groups/group-service.ts'
import type { GroupSettings } from '../../../../src/broker/groups/settings.ts'
import type { RequestContext } from '../../../../src/broker/request-context.ts'
import { DEFAULT_GROUP_CONFIG, type GroupConfig } from '../../../../src/coordinator/group/config.ts'
import type { Clock, Entropy, Logger, TimerHandle, Timers } from '../../../../src/io/ports.ts'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import { OFFSETS_TOPIC } from '../../../../src/model/names.ts'
import type { InternalRecord, PartitionRef } from '../../../../src/shard/contract.ts'

/** Time that moves when told. */
class FakeTime implements Clock, Timers {
  nowMs = 1_000
  startedCount = 0
  readonly #timers = new Map<TimerHandle, { readonly dueMs: number; readonly due: () => void }>()

  get pendingCount(): number {
    return this.#timers.size
  }

  wallMs(): number {
    return 1_700_000_000_000 + this.nowMs
  }

  monotonicMs(): number {
    return this.nowMs
  }

  start(delayMs: number, due: () => void): TimerHandle {
    const handle: TimerHandle = { kind: 'timer' }
    this.startedCount += 1
    this.#timers.set(handle, { dueMs: this.nowMs + delayMs, due })
    return handle
  }

  cancel(timer: TimerHandle): void {
    this.#timers.delete(timer)
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms
    for (;;) {
      const next = [...this.#timers]
        .filter(([, row]) => row.dueMs <= untilMs)
        .sort((a, b) => a[1].dueMs - b[1].dueMs)[0]
      if (next === undefined) break
      this.nowMs = Math.max(this.nowMs, next[1].dueMs)
      this.#timers.delete(next[0])
      next[1].due()
      await settle()
    }
    this.nowMs = untilMs
  }
}

/** Lets every promise that can resolve do so. */
export async function settle(): Promise<void> {
  for (let left = 20; left > 0; left -= 1) await Promise.resolve()
}

/** Logs of the partitions that a fake shard owns, shared by the shards of a node so that one can take over. */
class FakeLogs {
  readonly records = new Map<number, InternalRecord[]>()
  /** What the next appends answer. */
  appendCode: ErrorCode = ErrorCode.none
  replayCode: ErrorCode = ErrorCode.none
  appendCount = 0
  #held: (() => void)[] | undefined

  hold(): void {
    this.#held = []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const go of held) go()
  }

  append(ref: PartitionRef, records: readonly InternalRecord[]): Promise<{ code: ErrorCode; baseOffset: number }> {
    this.appendCount += 1
    if (this.appendCode !== ErrorCode.none) return Promise.resolve({ code: this.appendCode, baseOffset: -1 })
    const log = this.#log(ref.partition)
    const baseOffset = log.length
    log.push(...records)
    const result = { code: ErrorCode.none, baseOffset }
    const held = this.#held
    if (held === undefined) return Promise.resolve(result)
    return new Promise((resolve) => held.push(() => resolve(result)))
  }

  replay(ref: PartitionRef, visit: (record: InternalRecord, offset: number) => void): Promise<ErrorCode> {
    if (this.replayCode !== ErrorCode.none) return Promise.resolve(this.replayCode)
    this.#log(ref.partition).forEach(visit)
    return Promise.resolve(ErrorCode.none)
  }

  #log(partition: number): InternalRecord[] {
    let log = this.records.get(partition)
    if (log === undefined) {
      log = []
      this.records.set(partition, log)
    }
    return log
  }
}

const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {
  // Log lines are not judged here.
}

/** A node of two shards with the group coordinators wired as `main` wires them. */
export class FakeNode {
  readonly time = new FakeTime()
  readonly logs = new FakeLogs()
  readonly view = new ClusterView()
  readonly shards: { readonly coordinator: GroupCoordinator; readonly router: GroupRouter }[] = []
  readonly settings: GroupSettings
  readonly partitionCount: number
  #seed = 0

  constructor(config: Partial<GroupConfig> = {}, partitionCount = 4) {
    this.partitionCount = partitionCount
    this.settings = {
      groups: { ...DEFAULT_GROUP_CONFIG, initialRebalanceDelayMs: 0, ...config },
      partitionCount,
      retentionCheckIntervalMs: 600_000,
      offsetsTopic: () => ({
        name: OFFSETS_TOPIC,
        partitionCount,
        replicationFactor: 1,
        assignments: [],
        config: { 'cleanup.policy': 'compact' },
      }),
    }
    const entropy: Entropy = {
      bytes: (sizeBytes) => {
        this.#seed += 1
        const bytes = new Uint8Array(sizeBytes)
        new DataView(bytes.buffer).setUint32(0, this.#seed)
        return bytes
      },
      unit: () => 0.5,
    }
    for (const index of [0, 1]) {
      const coordinator = new GroupCoordinator({
        brokerId: 1,
        view: this.view,
        shards: {
          index,
          appendInternal: (ref, records) => this.logs.append(ref, records),
          replayInternal: (ref, visit) => this.logs.replay(ref, visit),
        },
        clock: this.time,
        timers: this.time,
        entropy,
        log: SILENT,
        settings: this.settings,
      })
      const router = new GroupRouter({
        brokerId: 1,
        view: this.view,
        shard: index,
        shardCount: 2,
        local: coordinator,
        transport: {
          // What crosses threads is copied: a message that cannot be is a fault.
          send: async (shard, message) =>
            structuredClone(await this.shards[shard]?.router.onForwarded(structuredClone(message))),
        },
        settings: this.settings,
      })
      this.shards.push({ coordinator, router })
    }
  }

  /** Says who leads the partitions: broker 1 is this node; even partitions are on shard 0, odd ones on shard 1. */
  async lead(leader = 1, leaderEpoch = 0): Promise<void> {
    this.view.apply({
      kind: 'topic',
      topic: {
        name: OFFSETS_TOPIC,
        topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
        isInternal: true,
        config: {},
        partitions: Array.from({ length: this.partitionCount }, (_, partition) => ({
          partition,
          handle: 100 + partition,
          shard: leader === 1 ? partition % 2 : -1,
          leader,
          leaderEpoch,
          partitionEpoch: 0,
          replicas: [leader],
          inSyncReplicas: [leader],
          offlineReplicas: [],
        })),
      },
    })
    for (const { coordinator } of this.shards) coordinator.onViewChanged()
    await settle()
  }

  call<Method extends GroupMethod>(
    method: Method,
    groupId: string,
    request: GroupCalls[Method]['request'],
    apiVersion = 5,
    shard = 0,
  ): Promise<GroupCalls[Method]['answer']> {
    return this.#router(shard).call(method, groupId, request, contextOf(apiVersion))
  }

  #router(shard: number): GroupRouter {
    const router = this.shards[shard]?.router
    if (router === undefined) throw new Error(`no shard ${shard}`)
    return router
  }
}

export function contextOf(apiVersion: number): RequestContext {
  return {
    apiKey: 0,
    apiVersion,
    correlationId: 1,
    clientId: 'client',
    clientHost: '127.0.0.1',
    principal: 'User:ANONYMOUS',
    listener: 'PLAINTEXT',
    localHost: 'localhost',
  }
}
