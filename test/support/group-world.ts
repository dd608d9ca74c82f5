import { type GroupConfig, DEFAULT_GROUP_CONFIG } from '../../src/coordinator/group/config.ts'
import type { CommitAnswer, CommitInput } from '../../src/coordinator/group/commit.ts'
import type { ClassicGroup } from '../../src/coordinator/group/classic-group.ts'
import {
  type JoinAnswer,
  newStep,
  type Step,
  type SyncAnswer,
  type Ticket,
} from '../../src/coordinator/group/effects.ts'
import { GroupPartition } from '../../src/coordinator/group/group-partition.ts'
import type { CoordinatorRecord } from '../../src/coordinator/group/records.ts'
import type { GroupTimer } from '../../src/coordinator/group/timer.ts'
import { ErrorCode, errorName } from '../../src/model/error-code.ts'
import { ZERO_UUID } from '../../src/model/uuid.ts'

/** Wall clock of the world when its monotonic clock is 0. */
export const WORLD_EPOCH_MS = 1_700_000_000_000

export interface WorldClient {
  readonly name: string
  readonly instanceId: string | null
  memberId: string
  generationId: number
  leader: string
  /** Members as the leader was told them. */
  members: readonly string[]
  lastJoin: JoinAnswer | undefined
  lastSync: SyncAnswer | undefined
}

export interface JoinOptions {
  readonly version?: number
  readonly protocols?: readonly string[]
  readonly metadata?: string
  readonly type?: string
  readonly sessionMs?: number
  readonly rebalanceMs?: number
  readonly memberId?: string
  readonly reason?: string
}

interface HeldAppend {
  readonly records: readonly CoordinatorRecord[]
  readonly tickets: readonly Ticket[]
}

/** A coordinator partition on a simulated clock, with clients that remember what they were told. */
export class GroupWorld {
  readonly config: GroupConfig
  readonly trace: string[] = []
  readonly log: { readonly record: CoordinatorRecord; readonly wallMs: number }[] = []
  readonly clients = new Map<string, WorldClient>()
  partition: GroupPartition = new GroupPartition(0)
  nowMs = 0
  /** While true, appends wait for `release`. */
  isHolding = false
  readonly held: HeldAppend[] = []
  readonly #timers = new Set<GroupTimer>()
  readonly #waiters = new Map<number, { readonly client: WorldClient }>()
  #lastWaiter = 0
  #suffix = 0

  constructor(config: Partial<GroupConfig> = {}) {
    this.config = { ...DEFAULT_GROUP_CONFIG, ...config }
  }

  get wallMs(): number {
    return WORLD_EPOCH_MS + this.nowMs
  }

  group(groupId = 'g'): ClassicGroup {
    const group = this.partition.groups.get(groupId)
    if (group === undefined) throw new Error(`no group ${groupId}`)
    return group
  }

  client(name: string, instanceId: string | null = null): WorldClient {
    const known = this.clients.get(name)
    if (known !== undefined) return known
    const client: WorldClient = {
      name,
      instanceId,
      memberId: '',
      generationId: -1,
      leader: '',
      members: [],
      lastJoin: undefined,
      lastSync: undefined,
    }
    this.clients.set(name, client)
    return client
  }

  get parkedCount(): number {
    return this.#waiters.size
  }

  get runningTimers(): readonly GroupTimer[] {
    return [...this.#timers]
  }

  join(client: WorldClient, options: JoinOptions = {}, groupId = 'g'): void {
    this.#suffix += 1
    const version = options.version ?? 9
    const sessionMs = options.sessionMs ?? 10_000
    const waiter = this.#newWaiter(client)
    const answer = this.run((step) =>
      this.partition.join(
        step,
        {
          groupId,
          memberId: options.memberId ?? client.memberId,
          groupInstanceId: client.instanceId,
          protocolType: options.type ?? 'consumer',
          protocols: (options.protocols ?? ['range']).map((name) => ({
            name,
            metadata: subscription(options.metadata ?? 't'),
          })),
          sessionTimeoutMs: sessionMs,
          rebalanceTimeoutMs: options.rebalanceMs ?? 60_000,
          reason: options.reason ?? null,
          clientId: client.name,
          clientHost: '/127.0.0.1',
          newMemberSuffix: String(this.#suffix),
          requiresKnownMemberId: version >= 4,
          supportsSkippingAssignment: version >= 9,
        },
        waiter,
      ),
    )
    if (answer !== undefined) this.#deliverJoin(waiter, answer)
  }

  sync(
    client: WorldClient,
    assignments: Readonly<Record<string, string>> = {},
    groupId = 'g',
    generation?: number,
  ): void {
    const waiter = this.#newWaiter(client)
    const answer = this.run((step) =>
      this.partition.sync(
        step,
        {
          groupId,
          memberId: client.memberId,
          groupInstanceId: client.instanceId,
          generationId: generation ?? client.generationId,
          protocolType: null,
          protocolName: null,
          assignments: Object.entries(assignments).map(([memberId, text]) => ({ memberId, assignment: utf8(text) })),
        },
        waiter,
      ),
    )
    if (answer !== undefined) this.#deliverSync(waiter, answer)
  }

  /** The leader gives everybody it knows of a part named after the member. */
  syncAsLeader(client: WorldClient, groupId = 'g'): void {
    const assignments: Record<string, string> = {}
    for (const memberId of client.members) assignments[memberId] = `part of ${memberId}`
    this.sync(client, assignments, groupId)
  }

  heartbeat(client: WorldClient, groupId = 'g'): ErrorCode {
    const code = this.run((step) =>
      this.partition.heartbeat(step, {
        groupId,
        memberId: client.memberId,
        groupInstanceId: client.instanceId,
        generationId: client.generationId,
      }),
    )
    this.#say(`${client.name} heartbeat: ${errorName(code)}`)
    return code
  }

  leave(clients: readonly WorldClient[], groupId = 'g'): readonly ErrorCode[] {
    const answer = this.run((step) =>
      this.partition.leave(
        step,
        groupId,
        clients.map((client) => ({ memberId: client.memberId, groupInstanceId: client.instanceId, reason: null })),
      ),
    )
    const codes = answer.members.map((member) => member.errorCode)
    this.#say(`leave: ${codes.map(errorName).join(' ')}`)
    return codes
  }

  commit(
    client: WorldClient | undefined,
    offsets: Readonly<Record<string, number>>,
    more: Partial<CommitInput> = {},
  ): CommitAnswer {
    const input: CommitInput = {
      groupId: 'g',
      generationIdOrMemberEpoch: client?.generationId ?? -1,
      memberId: client?.memberId ?? '',
      groupInstanceId: client?.instanceId ?? null,
      retentionTimeMs: -1,
      apiVersion: 9,
      topics: Object.entries(offsets).map(([place, offset]) => {
        const [name = '', partition = '0'] = place.split('-')
        return {
          name,
          topicId: ZERO_UUID,
          partitions: [
            {
              partitionIndex: Number(partition),
              committedOffset: offset,
              committedLeaderEpoch: 3,
              commitTimestamp: -1,
              committedMetadata: `m${offset}`,
            },
          ],
        }
      }),
      ...more,
    }
    const answer = this.run((step) => this.partition.commit(step, input))
    const codes = answer.topics.flatMap((topic) => topic.partitions.map((row) => errorName(row.errorCode)))
    this.#say(`${client?.name ?? '-'} commit: ${codes.join(' ')}`)
    return answer
  }

  /** Committed offset, -1 for none. */
  offset(topic: string, partition: number, groupId = 'g', requireStable = false): number {
    const [row] = this.partition.fetchOffsets({
      groupId,
      topics: [{ name: topic, topicId: ZERO_UUID, partitionIndexes: [partition] }],
      requireStable,
    })
    return row?.partitions[0]?.committedOffset ?? -1
  }

  deleteGroup(groupId = 'g'): ErrorCode {
    const code = this.run((step) => this.partition.deleteGroup(step, groupId))
    this.#say(`delete ${groupId}: ${errorName(code)}`)
    return code
  }

  expire(groupId = 'g'): void {
    this.run((step) => this.partition.expire(step, groupId))
  }

  /** Lets time pass; timers run at their own moment. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0]
      if (due === undefined) break
      this.nowMs = Math.max(this.nowMs, due.dueMs)
      this.#timers.delete(due)
      this.#say(`@${this.nowMs} ${timerName(due)} is due`)
      this.run((step) => this.partition.timerDue(step, due))
    }
    this.nowMs = untilMs
  }

  /** Says what became of the oldest held append, or of all of them. */
  release(code: ErrorCode = ErrorCode.none, count = this.held.length): void {
    for (let left = count; left > 0; left -= 1) {
      const append = this.held.shift()
      if (append === undefined) return
      this.#finish(append, code)
    }
  }

  /** Another broker takes over: parked requests are refused and the state is rebuilt from the log. */
  reload(): void {
    this.run((step) => this.partition.unload(step))
    this.partition = new GroupPartition(0)
    this.#timers.clear()
    for (const [offset, { record, wallMs }] of this.log.entries()) this.partition.replay(record, offset, -1, wallMs)
    this.run((step) => this.partition.loaded(step))
  }

  run<Value>(operate: (step: Step) => Value): Value {
    const step = newStep(this.config, this.nowMs, this.wallMs)
    const value = operate(step)
    const { answers, timers, records, tickets, notes } = step.effects
    for (const note of notes) this.#say(`  note ${note.message}`)
    for (const timer of new Set(timers)) this.#onTimer(timer)
    for (const answer of answers) {
      if (answer.kind === 'join') this.#deliverJoin(answer.waiter, answer.answer)
      else this.#deliverSync(answer.waiter, answer.answer)
    }
    if (records.length > 0) {
      for (const record of records) this.#say(`  append ${recordName(record)}`)
      const append = { records: [...records], tickets: [...tickets] }
      if (this.isHolding) this.held.push(append)
      else this.#finish(append, ErrorCode.none)
    }
    return value
  }

  #finish(append: HeldAppend, code: ErrorCode): void {
    const baseOffset = this.log.length
    if (code === ErrorCode.none) {
      for (const record of append.records) this.log.push({ record, wallMs: this.wallMs })
    } else {
      this.#say(`  append refused: ${errorName(code)}`)
    }
    this.run((step) => this.partition.appended(step, append.tickets, code, baseOffset))
  }

  #onTimer(timer: GroupTimer): void {
    if (Number.isFinite(timer.dueMs)) {
      this.#timers.add(timer)
      this.#say(`  timer ${timerName(timer)} at ${timer.dueMs}`)
    } else {
      this.#timers.delete(timer)
      this.#say(`  timer ${timerName(timer)} off`)
    }
  }

  #newWaiter(client: WorldClient): number {
    this.#lastWaiter += 1
    this.#waiters.set(this.#lastWaiter, { client })
    return this.#lastWaiter
  }

  #deliverJoin(waiter: number, answer: JoinAnswer): void {
    const client = this.#take(waiter)
    client.lastJoin = answer
    const code = errorName(answer.errorCode)
    if (answer.errorCode === ErrorCode.none) {
      client.memberId = answer.memberId
      client.generationId = answer.generationId
      client.leader = answer.leader
      client.members = answer.members.map((member) => member.memberId)
      const members = client.members.length === 0 ? '' : ` members ${client.members.join(',')}`
      const skip = answer.skipAssignment ? ' skip-assignment' : ''
      this.#say(
        `${client.name} joined as ${answer.memberId}: generation ${answer.generationId} leader ${answer.leader} ` +
          `protocol ${answer.protocolName}${members}${skip}`,
      )
      return
    }
    if (answer.errorCode === ErrorCode.memberIdRequired) client.memberId = answer.memberId
    if (answer.errorCode === ErrorCode.unknownMemberId) client.memberId = ''
    this.#say(`${client.name} join refused: ${code}${answer.memberId === '' ? '' : ` id ${answer.memberId}`}`)
  }

  #deliverSync(waiter: number, answer: SyncAnswer): void {
    const client = this.#take(waiter)
    client.lastSync = answer
    if (answer.errorCode === ErrorCode.unknownMemberId) client.memberId = ''
    this.#say(
      answer.errorCode === ErrorCode.none
        ? `${client.name} synced: "${text(answer.assignment)}"`
        : `${client.name} sync refused: ${errorName(answer.errorCode)}`,
    )
  }

  #take(waiter: number): WorldClient {
    const entry = this.#waiters.get(waiter)
    if (entry === undefined) throw new Error(`waiter ${waiter} was answered twice or never asked`)
    this.#waiters.delete(waiter)
    return entry.client
  }

  #say(line: string): void {
    this.trace.push(line)
  }
}

function timerName(timer: GroupTimer): string {
  return timer.kind === 'session' ? `session ${timer.memberId}` : `${timer.kind} ${timer.groupId}`
}

function recordName(record: CoordinatorRecord): string {
  switch (record.kind) {
    case 'group': {
      const members = record.members.map((member) => `${member.memberId}="${text(member.assignment)}"`).join(' ')
      return (
        `group ${record.groupId} generation ${record.generationId} type "${record.protocolType}" ` +
        `protocol ${record.protocolName} leader ${record.leader}${members === '' ? '' : ` ${members}`}`
      )
    }
    case 'groupTombstone':
      return `tombstone of group ${record.groupId}`
    case 'offset':
      return `offset ${record.groupId} ${record.topic}-${record.partition} = ${record.offset} "${record.metadata}"`
    case 'offsetTombstone':
      return `tombstone of offset ${record.groupId} ${record.topic}-${record.partition}`
  }
}

/** A consumer's subscription to the topics named in `topics`, by commas, in version 0's form. */
export function subscription(topics: string): Uint8Array {
  const names = topics.split(',')
  const bytes: number[] = [0, 0, 0, 0, 0, names.length]
  for (const name of names) bytes.push(0, name.length, ...utf8(name))
  bytes.push(0, 0, 0, 0)
  return Uint8Array.from(bytes)
}

function utf8(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
