import { alterOffsets, deleteGroup, deleteOffsets, listGroups } from '../../client/admin/groups.ts'
import { BrokerError, throwIfRefused } from '../../client/errors.ts'
import { UsageError } from '../failure.ts'
import type { Session } from '../session.ts'
import { json, table } from '../table.ts'
import { groupLag } from '../work/group-lag.ts'
import { parsePlan, parseTime, parseDuration, partitionsOf, planReset, type ResetTarget } from '../work/reset-plan.ts'
import { wholeNumber } from '../options.ts'

export async function listGroupsCommand({ context, admin, format }: Session, states: readonly string[]): Promise<void> {
  const groups = [...(await listGroups(admin, states))].sort((left, right) => (left.groupId < right.groupId ? -1 : 1))
  if (format === 'json') await context.out(json(groups))
  else
    await context.out(
      table(
        ['GROUP', 'STATE', 'TYPE', 'PROTOCOL'],
        groups.map((group) => [group.groupId, group.state, group.type, group.protocolType]),
      ),
    )
}

export async function describeGroupsCommand(
  { context, admin, format }: Session,
  groupIds: readonly string[],
): Promise<void> {
  const described: unknown[] = []
  for (const groupId of groupIds) {
    const { description, partitions } = await groupLag(admin, groupId)
    if (format === 'json') {
      const rows = partitions.map(({ member, ...row }) => ({ ...row, memberId: member?.memberId ?? null }))
      described.push({ ...description, partitions: rows })
      continue
    }
    const { state, assignor, members, coordinatorId } = description
    await context.out(
      `${groupId}  ${state}  coordinator ${coordinatorId}  members ${members.length}${assignor === '' ? '' : `  ${assignor}`}\n`,
    )
    const rows = partitions.map(({ topic, partition, currentOffset, logEndOffset, lag, member }) => [
      topic,
      partition,
      currentOffset ?? '-',
      logEndOffset ?? '-',
      lag ?? '-',
      member?.memberId ?? '-',
      member?.host ?? '-',
    ])
    await context.out(table(['TOPIC', 'PARTITION', 'CURRENT', 'END', 'LAG', 'MEMBER', 'HOST'], rows))
  }
  if (format === 'json') await context.out(json(described))
}

export interface ResetFlags {
  readonly topic: readonly string[]
  readonly toEarliest?: boolean | undefined
  readonly toLatest?: boolean | undefined
  readonly toCurrent?: boolean | undefined
  readonly toOffset?: string | undefined
  readonly shiftBy?: string | undefined
  readonly toDatetime?: string | undefined
  readonly byDuration?: string | undefined
  readonly fromFile?: string | undefined
  readonly execute?: boolean | undefined
}

/** @param nowMs the time that durations are counted back from; @throws UsageError unless exactly one target is given */
export function resetTarget(flags: ResetFlags, nowMs: number, fileText: string | undefined): ResetTarget {
  const targets: ResetTarget[] = []
  if (flags.toEarliest === true) targets.push({ to: 'earliest' })
  if (flags.toLatest === true) targets.push({ to: 'latest' })
  if (flags.toCurrent === true) targets.push({ to: 'current' })
  if (flags.toOffset !== undefined) targets.push({ to: 'offset', offset: wholeNumber('--to-offset', flags.toOffset) })
  if (flags.shiftBy !== undefined)
    targets.push({ to: 'shift', by: wholeNumber('--shift-by', flags.shiftBy, Number.MIN_SAFE_INTEGER) })
  if (flags.toDatetime !== undefined) targets.push({ to: 'time', timestampMs: parseTime(flags.toDatetime) })
  if (flags.byDuration !== undefined) targets.push({ to: 'time', timestampMs: nowMs - parseDuration(flags.byDuration) })
  if (fileText !== undefined) targets.push({ to: 'file', offsets: parsePlan(fileText) })
  const [target, ...others] = targets
  if (target === undefined || others.length > 0) {
    throw new UsageError(
      'say where to, once: --to-earliest, --to-latest, --to-current, --to-offset, --shift-by, --to-datetime, --by-duration or --from-file',
    )
  }
  return target
}

export async function resetOffsetsCommand(session: Session, groupId: string, flags: ResetFlags): Promise<void> {
  const { context, admin, format } = session
  const fileText = flags.fromFile === undefined ? undefined : await context.readFile(flags.fromFile)
  const target = resetTarget(flags, context.environment.clock.wallMs(), fileText)
  if (flags.topic.length === 0 && target.to !== 'file')
    throw new UsageError('say which topics: --topic name or --topic name:partition,partition')
  const plan = await planReset(admin, groupId, flags.topic, target)
  if (flags.execute === true) await alterOffsets(admin, groupId, plan)
  if (format === 'json') {
    await context.out(
      json({
        groupId,
        isDone: flags.execute === true,
        offsets: plan.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
      }),
    )
    return
  }
  await context.out(
    table(
      ['TOPIC', 'PARTITION', 'NEW-OFFSET'],
      plan.map(({ topic, partition, offset }) => [topic, partition, offset]),
    ),
  )
  if (flags.execute !== true) context.error('nothing was changed: add --execute to do it\n')
}

export async function deleteGroupsCommand({ context, admin }: Session, groupIds: readonly string[]): Promise<void> {
  for (const groupId of groupIds) {
    await deleteGroup(admin, groupId)
    await context.out(`deleted group '${groupId}'\n`)
  }
}

export async function deleteOffsetsCommand(
  { context, admin }: Session,
  groupId: string,
  flags: { readonly topic: readonly string[] },
): Promise<void> {
  if (flags.topic.length === 0)
    throw new UsageError('say which topics: --topic name or --topic name:partition,partition')
  const results = await deleteOffsets(admin, groupId, await partitionsOf(admin, flags.topic))
  const rows = results.map(({ topic, partition, errorCode }) => [
    topic,
    partition,
    errorCode === 0 ? 'deleted' : new BrokerError(errorCode, '').codeName,
  ])
  await context.out(table(['TOPIC', 'PARTITION', 'STATUS'], rows))
  for (const { topic, partition, errorCode } of results)
    throwIfRefused(errorCode, `offset of ${topic}-${partition} in group '${groupId}'`)
}
