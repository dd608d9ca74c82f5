import { describeCluster, describeLogDirs } from '../../client/admin/cluster-info.ts'
import {
  type MovingPartition,
  type PartitionMove,
  alterReassignments,
  listMovingPartitions,
} from '../../client/admin/reassignments.ts'
import { describeTopics, listTopics } from '../../client/admin/topics.ts'
import { throwIfRefused } from '../../client/errors.ts'
import { CommandError, EXIT_FAILURE, EXIT_OK, UsageError } from '../failure.ts'
import { wholeNumber } from '../options.ts'
import type { Session } from '../session.ts'
import { json, table } from '../table.ts'
import { type PlannedMove, planMoves } from '../work/move-plan.ts'
import { type ThrottledMove, throttle, unthrottle } from '../work/throttles.ts'

/** Flags of what begins a move. */
export interface MoveFlags {
  /** Bytes per second that each broker may send, and take, of what moves. */
  readonly throttle?: string | undefined
}

export interface PlanFlags {
  /** Brokers that are to carry the partitions: `1,2,3`; all that live when left out. */
  readonly brokers?: string | undefined
  /** Brokers to be emptied. */
  readonly drain?: string | undefined
}

const PROGRESS_INTERVAL_MS = 1_000

/** Shows what would be moved. As JSON it is what `apply` and Kafka's own tool read. */
export async function planCommand(session: Session, topics: readonly string[], flags: PlanFlags): Promise<void> {
  await showPlan(session, await makePlan(session, topics, flags))
}

/** Plans and begins. */
export async function moveCommand(
  session: Session,
  topics: readonly string[],
  flags: PlanFlags & MoveFlags,
): Promise<number> {
  const plan = await makePlan(session, topics, flags)
  await showPlan(session, plan)
  if (plan.length === 0) return EXIT_OK
  await holdBack(session, plan, flags)
  return begin(session, plan)
}

/** Begins what a file says: `{"partitions":[{"topic":"t","partition":0,"replicas":[1,2]}]}`. */
export async function applyCommand(session: Session, path: string, flags: MoveFlags): Promise<number> {
  const moves = parsePlan(await session.context.readFile(path), path)
  if (flags.throttle !== undefined) {
    const described = await describeTopics(session.admin, [...new Set(moves.map(({ topic }) => topic))])
    const placed = moves.map(({ topic, partition, replicas }) => {
      const found = described.find(({ name }) => name === topic)?.partitions.find((one) => one.partition === partition)
      return { topic, partition, before: found?.replicas ?? [], replicas: replicas ?? [] }
    })
    await holdBack(session, placed, flags)
  }
  return begin(session, moves)
}

/** Set before anything moves. Who waits for the end, or cancels, takes it away. */
async function holdBack({ context, admin }: Session, moves: readonly ThrottledMove[], flags: MoveFlags): Promise<void> {
  if (flags.throttle === undefined) return
  const bytesPerSecond = wholeNumber('--throttle', flags.throttle)
  await throttle(admin, moves, bytesPerSecond)
  await context.out(
    `held back to ${bytesPerSecond} bytes per second and broker; 'jackdaw partitions progress --wait' ends that with the move\n`,
  )
}

async function letGo({ context, admin }: Session): Promise<void> {
  const count = await unthrottle(admin)
  if (count > 0) await context.out(`throttles of ${count} brokers and topics were taken away\n`)
}

/** What is on the move, and how far. Who waits for the end takes throttles away with it. @returns failure while something is, unless it was waited for */
export async function progressCommand(session: Session, waits: boolean): Promise<number> {
  const { context, admin, format } = session
  for (;;) {
    const moving = await listMovingPartitions(admin)
    if (format === 'json') await context.out(json(moving))
    else await context.out(moving.length === 0 ? 'nothing is on the move\n' : await progressTable(session, moving))
    if (moving.length === 0) {
      if (waits) await letGo(session)
      return EXIT_OK
    }
    if (!waits) return EXIT_FAILURE
    await new Promise<void>((resolve) => context.environment.timers.start(PROGRESS_INTERVAL_MS, resolve))
  }
}

/** Stops what is on the move: replicas that were being added go, the old ones stay. */
export async function cancelCommand(session: Session, topics: readonly string[]): Promise<number> {
  const moving = await listMovingPartitions(session.admin)
  const named = moving.filter(({ topic }) => topics.length === 0 || topics.includes(topic))
  if (named.length === 0) {
    await session.context.out('nothing is on the move\n')
    return EXIT_OK
  }
  const code = await begin(
    session,
    named.map(({ topic, partition }) => ({ topic, partition, replicas: null })),
  )
  if (named.length === moving.length) await letGo(session)
  return code
}

async function makePlan(
  { admin }: Session,
  topics: readonly string[],
  flags: PlanFlags,
): Promise<readonly PlannedMove[]> {
  const { brokers } = await describeCluster(admin)
  const alive = new Map(brokers.map(({ nodeId, rack }) => [nodeId, rack]))
  const wanted = flags.brokers === undefined ? [...alive.keys()] : idsOf('--brokers', flags.brokers)
  const drained = new Set(flags.drain === undefined ? [] : idsOf('--drain', flags.drain))
  const missing = wanted.filter((id) => !alive.has(id))
  if (missing.length > 0)
    throw new CommandError(
      `there is no running broker ${missing.join(', ')}. See 'jackdaw cluster' for those there are.`,
    )
  const targets = wanted.filter((id) => !drained.has(id)).map((id) => ({ id, rack: alive.get(id) ?? null }))
  const described = topics.length === 0 ? await listTopics(admin) : await describeTopics(admin, topics)
  for (const { name, errorCode } of described) throwIfRefused(errorCode, `topic '${name}'`)
  const partitions = described.flatMap(({ name, partitions: list }) =>
    list.map(({ partition, replicas }) => ({ topic: name, partition, replicas })),
  )
  partitions.sort((left, right) =>
    left.topic < right.topic ? -1 : left.topic > right.topic ? 1 : left.partition - right.partition,
  )
  try {
    return planMoves(partitions, targets)
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(`${error.message}. Name more brokers, or drain fewer.`)
    throw error
  }
}

function idsOf(name: string, text: string): readonly number[] {
  const ids = text.split(',').map((id) => wholeNumber(name, id))
  if (new Set(ids).size !== ids.length) throw new UsageError(`${name} '${text}': name each broker once`)
  return ids
}

async function showPlan({ context, format }: Session, plan: readonly PlannedMove[]): Promise<void> {
  if (format === 'json') {
    const partitions = plan.map(({ topic, partition, replicas }) => ({ topic, partition, replicas }))
    await context.out(json({ version: 1, partitions }))
    return
  }
  if (plan.length === 0) {
    await context.out('nothing needs to move\n')
    return
  }
  const copies = plan.reduce(
    (sum, { before, replicas }) => sum + replicas.filter((id) => !before.includes(id)).length,
    0,
  )
  const rows = plan.map(({ topic, partition, before, replicas }) => [
    `${topic}-${partition}`,
    before.join(','),
    replicas.join(','),
  ])
  await context.out(table(['PARTITION', 'NOW', 'THEN'], rows))
  await context.out(`${plan.length} partitions change, ${copies} replicas are copied\n`)
}

function parsePlan(text: string, path: string): readonly PartitionMove[] {
  const fail = (why: string): never => {
    throw new CommandError(`${path} is no plan: ${why}. Make one with 'jackdaw partitions plan -o json'.`)
  }
  let plan: { readonly partitions?: unknown } | undefined
  try {
    plan = JSON.parse(text) as { readonly partitions?: unknown }
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
  const rows = plan?.partitions
  if (!Array.isArray(rows) || rows.length === 0) return fail('it names no partitions')
  return rows.map((row: { topic?: unknown; partition?: unknown; replicas?: unknown }): PartitionMove => {
    const { topic, partition, replicas } = row
    const isGood =
      typeof topic === 'string' &&
      Number.isInteger(partition) &&
      Array.isArray(replicas) &&
      replicas.every((id) => Number.isInteger(id))
    if (!isGood) return fail(`a row is ${JSON.stringify(row)}`)
    return { topic, partition: partition as number, replicas: replicas as number[] }
  })
}

/** @returns failure when a partition was refused */
async function begin({ context, admin }: Session, moves: readonly PartitionMove[]): Promise<number> {
  const outcomes = await alterReassignments(admin, moves)
  const refused = outcomes.filter(({ errorCode }) => errorCode !== 0)
  for (const { topic, partition, errorCode, errorMessage } of refused)
    context.error(`${topic}-${partition} is refused: ${errorMessage ?? `error ${errorCode}`}\n`)
  const done = outcomes.length - refused.length
  const isCancel = moves.every(({ replicas }) => replicas === null)
  if (done > 0) {
    await context.out(
      isCancel
        ? `${done} partitions stay where they were\n`
        : `${done} partitions are on the move; see 'jackdaw partitions progress', or stop it with 'jackdaw partitions cancel'\n`,
    )
  }
  return refused.length === 0 ? EXIT_OK : EXIT_FAILURE
}

async function progressTable({ admin }: Session, moving: readonly MovingPartition[]): Promise<string> {
  const { brokers } = await describeCluster(admin)
  const sizes = new Map<string, number>()
  for (const { nodeId } of brokers) {
    for (const directory of await describeLogDirs(admin, nodeId)) {
      for (const { topic, partition, sizeBytes } of directory.replicas)
        sizes.set(`${topic}-${partition}@${nodeId}`, sizeBytes)
    }
  }
  const rows = moving.map(({ topic, partition, replicas, adding, removing }) => {
    const name = `${topic}-${partition}`
    const sizeAt = (id: number): number => sizes.get(`${name}@${id}`) ?? 0
    const whole = Math.max(0, ...replicas.filter((id) => !adding.includes(id)).map(sizeAt))
    const share = (id: number): string =>
      whole === 0 ? '-' : `${Math.min(100, Math.floor((sizeAt(id) * 100) / whole))} %`
    return [name, adding.map((id) => `${id} (${share(id)})`).join(', ') || '-', removing.join(',') || '-', whole]
  })
  return table(['PARTITION', 'COMING', 'GOING', 'BYTES'], rows)
}
