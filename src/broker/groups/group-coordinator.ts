/**
 * Drives the groups of the `__consumer_offsets` partitions that this shard owns: reads their logs, appends their
 * records, wakes their timers, answers who is parked. All decisions are in src/coordinator/group.
 */
import { assert } from '../../base/assert.ts'
import type { ClusterView } from '../../cluster/view.ts'
import { type Answer, type Effects, newStep, type Step } from '../../coordinator/group/effects.ts'
import type { GroupTimer } from '../../coordinator/group/timer.ts'
import type { Clock, Entropy, Logger, TimerHandle, Timers } from '../../io/ports.ts'
import { ErrorCode, errorName } from '../../model/error-code.ts'
import { OFFSETS_TOPIC } from '../../model/names.ts'
import type { PartitionRef, Shards } from '../../shard/contract.ts'
import type { GroupCalls, GroupMethod } from './contract.ts'
import { figuresOf, type GroupFigures } from './figures.ts'
import { GroupDeadlines } from './deadlines.ts'
import { type HostedPartition, hostedPartition } from './hosted-partition.ts'
import { answerCall, type CallHost, listAll } from './methods.ts'
import { coordinatorCode, decodeRecord, RecordEncoder } from './record-codec.ts'
import { refusal } from './refusals.ts'
import type { GroupSettings } from './settings.ts'
import type { GroupMessage } from './transport.ts'

/** Pause before the log of a partition that could not be read is tried again. */
const LOAD_RETRY_MS = 500
/** Groups looked at for expiry before other work gets its turn. */
const SWEEP_GROUPS_PER_TURN = 200

export interface GroupCoordinatorOptions {
  readonly brokerId: number
  readonly view: ClusterView
  readonly shards: Pick<Shards, 'index' | 'appendInternal' | 'replayInternal'>
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly log: Logger
  readonly settings: GroupSettings
}

export class GroupCoordinator implements CallHost {
  readonly #options: GroupCoordinatorOptions
  readonly #hosted = new Map<number, HostedPartition>()
  readonly #deadlines: GroupDeadlines
  readonly #encoder = new RecordEncoder()
  readonly #waiters = new Map<number, (answer: Answer['answer']) => void>()
  #lastWaiter = 0
  #seenTopic: unknown
  #sweep: TimerHandle | undefined

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
    this.#deadlines = new GroupDeadlines(options.clock, options.timers, (timer) => this.#onTimer(timer))
    this.#startSweepTimer()
  }

  get settings(): GroupSettings {
    return this.#options.settings
  }

  get entropy(): Entropy {
    return this.#options.entropy
  }

  /** Requests that are parked, for metrics and tests. */
  get parkedCount(): number {
    return this.#waiters.size
  }

  /** Deadlines that run, for metrics and tests. */
  get deadlineCount(): number {
    return this.#deadlines.size
  }

  /**
   * Takes over and gives up partitions as the view says. Called after every change of the view; cheap when
   * `__consumer_offsets` has not changed.
   */
  onViewChanged(): void {
    const topic = this.#options.view.topic(OFFSETS_TOPIC)
    if (topic === this.#seenTopic) return
    this.#seenTopic = topic
    const owned = new Set<number>()
    for (const row of topic?.partitions ?? []) {
      if (row.leader !== this.#options.brokerId || row.shard !== this.#options.shards.index) continue
      owned.add(row.partition)
      const host = this.#hosted.get(row.partition)
      // With a new epoch somebody else may have led in between: what is in memory is not to be trusted.
      if (host !== undefined && host.ref.handle === row.handle && host.leaderEpoch === row.leaderEpoch) continue
      if (host !== undefined) this.#giveUp(host)
      const ref = { topic: OFFSETS_TOPIC, partition: row.partition, handle: row.handle, shard: row.shard }
      this.#takeOver(ref, row.leaderEpoch)
    }
    for (const host of [...this.#hosted.values()]) {
      if (!owned.has(host.ref.partition)) this.#giveUp(host)
    }
  }

  /** A topic is gone: nobody can commit or read its offsets any more. */
  onTopicDeleted(topic: string): void {
    for (const host of this.#hosted.values()) {
      if (host.state === 'active') this.perform(host, (step) => host.groups.forgetTopic(step, topic))
    }
  }

  /** Answers a call for a group of one of this shard's partitions, or for all of them where the partition is -1. */
  handle(message: GroupMessage): Promise<unknown> {
    this.onViewChanged()
    if (message.partition < 0) return Promise.resolve(listAll(message, this.#hosted.values()))
    const host = this.#hosted.get(message.partition)
    if (host === undefined) return Promise.resolve(refuse(message, ErrorCode.notCoordinator))
    if (host.state !== 'active') return Promise.resolve(refuse(message, ErrorCode.coordinatorLoadInProgress))
    return answerCall(this, host, message)
  }

  /** Every group that is coordinated here. */
  figures(): GroupFigures[] {
    return [...this.#hosted.values()].filter((host) => host.state === 'active').flatMap(figuresOf)
  }

  /**
   * Feeds one input to the groups of a partition and carries out what follows.
   *
   * @returns what the input answered at once, and a promise of the append's outcome where records were written
   */
  perform<Value>(
    host: HostedPartition,
    operate: (step: Step) => Value,
  ): { readonly value: Value; readonly written: Promise<ErrorCode> | undefined } {
    const { settings, clock } = this.#options
    const step = newStep(settings.groups, clock.monotonicMs(), clock.wallMs())
    const value = operate(step)
    return { value, written: this.#carryOut(host, step) }
  }

  /** A place for a request that may be parked: `answered` resolves when a step names `waiter`. */
  park<Value>(): {
    readonly waiter: number
    readonly answered: Promise<Value>
    readonly answer: (value: Value) => void
  } {
    this.#lastWaiter += 1
    const waiter = this.#lastWaiter
    let resolve: ((value: Value) => void) | undefined
    const answered = new Promise<Value>((settle) => {
      resolve = settle
    })
    const answer = (value: Value): void => {
      this.#waiters.delete(waiter)
      resolve?.(value)
    }
    // Who parks knows whether it waits for a join or a sync: the state machine answers a waiter in kind.
    this.#waiters.set(waiter, (given) => answer(given as Value))
    return { waiter, answered, answer }
  }

  /** Gives up every partition: parked requests are answered, timers stop. */
  shutdown(): void {
    for (const host of [...this.#hosted.values()]) this.#giveUp(host)
    this.#deadlines.stop()
    if (this.#sweep !== undefined) this.#options.timers.cancel(this.#sweep)
  }

  #carryOut(host: HostedPartition, step: Step): Promise<ErrorCode> | undefined {
    const effects = step.effects
    for (const timer of effects.timers) this.#deadlines.update(timer)
    for (const note of effects.notes) {
      this.#options.log.info(`group ${note.groupId}: ${note.message}`, { group: note.groupId })
    }
    for (const { waiter, answer } of effects.answers) this.#waiters.get(waiter)?.(answer)
    if (effects.records.length === 0) {
      assert(effects.tickets.length === 0, 'nothing waits for an append that does not happen')
      return undefined
    }
    const written = this.#append(host, effects, step.wallMs)
    host.unfinishedAppends += 1
    host.lastAppend = written
    return written
  }

  async #append(host: HostedPartition, effects: Effects, wallMs: number): Promise<ErrorCode> {
    const records = effects.records.map((record) => this.#encoder.encode(record, wallMs))
    const result = await this.#options.shards.appendInternal(host.ref, records)
    host.unfinishedAppends -= 1
    const code = coordinatorCode(result.code)
    if (code !== ErrorCode.none) {
      this.#options.log.warn(
        `the groups' records could not be stored: ${errorName(result.code)}; the clients are told to try again`,
        { topic: OFFSETS_TOPIC, partition: host.ref.partition, code: result.code },
      )
    }
    if (host.state !== 'gone') {
      this.perform(host, (step) => host.groups.appended(step, effects.tickets, code, result.baseOffset))
    }
    return code
  }

  #onTimer(timer: GroupTimer): void {
    const host = this.#hosted.get(timer.partition)
    if (host === undefined || host.state !== 'active') return
    this.perform(host, (step) => host.groups.timerDue(step, timer))
  }

  #takeOver(ref: PartitionRef, leaderEpoch: number): void {
    const host = hostedPartition(ref, leaderEpoch)
    this.#hosted.set(ref.partition, host)
    void this.#load(host)
  }

  async #load(host: HostedPartition): Promise<void> {
    const { shards, log, timers } = this.#options
    const startedMs = this.#options.clock.monotonicMs()
    const code = await shards.replayInternal(host.ref, (record, offset) => {
      const producerId = record.producerId ?? -1
      if (record.transactionEnd !== undefined) {
        host.groups.endTransaction(producerId, record.transactionEnd === 'commit')
        return
      }
      const decoded = decodeRecord(record)
      if (decoded.kind === 'known') {
        host.groups.replay(decoded.record, offset, producerId, record.timestampMs)
      } else if (decoded.kind === 'damaged') {
        // One damaged record must not take every group of the partition with it.
        log.error(`a record of ${OFFSETS_TOPIC} is unreadable and skipped: ${decoded.reason}`, {
          partition: host.ref.partition,
          offset,
        })
      }
    })
    if (host.state === 'gone') return
    if (code !== ErrorCode.none) {
      const where = { topic: OFFSETS_TOPIC, partition: host.ref.partition, code }
      log.warn(`groups cannot be loaded yet: ${errorName(code)}; trying again in ${LOAD_RETRY_MS} ms`, where)
      timers.start(LOAD_RETRY_MS, () => {
        if (host.state === 'loading') this.#reload(host)
      })
      return
    }
    host.state = 'active'
    log.info(`groups of ${OFFSETS_TOPIC}-${host.ref.partition} loaded`, {
      groups: host.groups.groups.size,
      tookMs: Math.round(this.#options.clock.monotonicMs() - startedMs),
    })
    this.perform(host, (step) => host.groups.loaded(step))
  }

  /** A replay that broke off may have left half a state: start from nothing. */
  #reload(host: HostedPartition): void {
    host.state = 'gone'
    this.#takeOver(host.ref, host.leaderEpoch)
  }

  #giveUp(host: HostedPartition): void {
    this.#hosted.delete(host.ref.partition)
    const wasActive = host.state === 'active'
    host.state = 'gone'
    if (wasActive) this.perform(host, (step) => host.groups.unload(step))
  }

  #startSweepTimer(): void {
    this.#sweep = this.#options.timers.start(this.#options.settings.retentionCheckIntervalMs, () => {
      const work: { host: HostedPartition; groupId: string }[] = []
      for (const host of this.#hosted.values()) {
        if (host.state !== 'active') continue
        for (const groupId of host.groups.groups.keys()) work.push({ host, groupId })
      }
      this.#sweepSome(work, 0)
    })
  }

  #sweepSome(work: readonly { readonly host: HostedPartition; readonly groupId: string }[], from: number): void {
    const until = Math.min(work.length, from + SWEEP_GROUPS_PER_TURN)
    for (let index = from; index < until; index += 1) {
      const item = work[index]
      if (item === undefined || item.host.state !== 'active') continue
      this.perform(item.host, (step) => item.host.groups.expire(step, item.groupId))
    }
    if (until < work.length) this.#sweep = this.#options.timers.start(0, () => this.#sweepSome(work, until))
    else this.#startSweepTimer()
  }
}

function refuse<Method extends GroupMethod>(
  message: GroupMessage<Method>,
  code: ErrorCode,
): GroupCalls[Method]['answer'] {
  return refusal(message.method, message.request, code)
}
