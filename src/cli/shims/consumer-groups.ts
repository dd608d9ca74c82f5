import { alterOffsets, deleteGroup, deleteOffsets, describeGroup, listGroups } from '../../client/admin/groups.ts'
import { BrokerError } from '../../client/errors.ts'
import { resetTarget } from '../commands/groups.ts'
import { EXIT_OK, explain, isExpected, UsageError } from '../failure.ts'
import type { Session } from '../session.ts'
import { groupLag } from '../work/group-lag.ts'
import { partitionsOf, planReset } from '../work/reset-plan.ts'
import type { Flags } from './flags.ts'
import type { Shim } from './run-shim.ts'

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets']
/** Kafka's tables are at least so wide, so that cutting by columns works. */
const COLUMN_MIN = 15

/** kafka-consumer-groups.sh */
export const consumerGroupsShim: Shim = {
  name: 'kafka-consumer-groups.sh',
  purpose:
    'This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset consumer group offsets.',
  flags: {
    list: 'none',
    describe: 'none',
    delete: 'none',
    'reset-offsets': 'none',
    'delete-offsets': 'none',
    group: 'several',
    topic: 'several',
    'all-groups': 'none',
    'all-topics': 'none',
    members: 'none',
    offsets: 'none',
    state: 'maybe',
    type: 'maybe',
    verbose: 'none',
    'dry-run': 'none',
    execute: 'none',
    export: 'none',
    'to-earliest': 'none',
    'to-latest': 'none',
    'to-current': 'none',
    'to-offset': 'one',
    'to-datetime': 'one',
    'by-duration': 'one',
    'shift-by': 'one',
    'from-file': 'one',
    timeout: 'one',
    'validate-regex': 'one',
  },
  errorPrefix: '\nError: ',
  check: (flags) => {
    if (ACTIONS.filter((action) => flags.has(action)).length !== 1) {
      throw new UsageError(
        'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets.',
      )
    }
    const takesGroup = !flags.has('list')
    if (takesGroup && flags.all('group').length === 0 && !flags.has('all-groups')) {
      throw new UsageError('Option takes one of these options: group, all-groups')
    }
  },
  run: async (session, flags) => {
    try {
      if (flags.has('list')) await list(session, flags)
      else if (flags.has('describe')) await describe(session, flags)
      else if (flags.has('delete')) await removeGroups(session, flags)
      else if (flags.has('reset-offsets')) await reset(session, flags)
      else await removeOffsets(session, flags)
    } catch (error) {
      if (error instanceof UsageError || !isExpected(error)) throw error
      const message =
        error instanceof BrokerError && error.codeName === 'GROUP_ID_NOT_FOUND' ? notFound(error) : explain(error)
      session.context.error(`\nError: Executing consumer group command failed due to ${message}\n`)
    }
    // Kafka's own tool ends with 0 whatever its actions met.
    return EXIT_OK
  },
}

function notFound(error: BrokerError): string {
  const words =
    /: (?<words>.*) \(GROUP_ID_NOT_FOUND\)$/.exec(error.message)?.groups?.['words'] ?? 'The group id does not exist.'
  return `org.apache.kafka.common.errors.GroupIdNotFoundException: ${words}`
}

async function list({ context, admin }: Session, flags: Flags): Promise<void> {
  const states =
    flags
      .one('state')
      ?.split(',')
      .map((state) => state.trim())
      .filter((state) => state !== '') ?? []
  const types =
    flags
      .one('type')
      ?.split(',')
      .map((type) => type.trim().toLowerCase())
      .filter((type) => type !== '') ?? []
  const groups = (await listGroups(admin, states))
    .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
    .filter(({ type }) => types.length === 0 || types.includes(type.toLowerCase()))
  groups.sort((left, right) => (left.groupId < right.groupId ? -1 : 1))
  if (!flags.has('state') && !flags.has('type')) {
    for (const { groupId } of groups) await context.out(`${groupId}\n`)
    return
  }
  const width = Math.max(COLUMN_MIN, ...groups.map(({ groupId }) => groupId.length)) + LIST_GROUP_EXTRA
  const line = (group: string, type: string, state: string): string =>
    [
      group.padEnd(width),
      ...(flags.has('type') ? [type.padEnd(20)] : []),
      ...(flags.has('state') ? [state.padEnd(20)] : []),
    ].join(' ')
  await context.out(`${line('GROUP', 'TYPE', 'STATE')}\n`)
  for (const { groupId, type, state } of groups) await context.out(`${line(groupId, type, state)}\n`)
}

const LIST_GROUP_EXTRA = 10

async function groupIds({ admin }: Session, flags: Flags): Promise<readonly string[]> {
  if (!flags.has('all-groups')) return flags.all('group')
  return (await listGroups(admin))
    .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
    .map(({ groupId }) => groupId)
}

async function describe(session: Session, flags: Flags): Promise<void> {
  for (const groupId of await groupIds(session, flags)) {
    if (flags.has('members')) await describeMembers(session, groupId, flags.has('verbose'))
    else if (flags.has('state')) await describeState(session, groupId)
    else await describeOffsets(session, groupId)
  }
}

function noMembers(groupId: string, state: string): string {
  if (state === 'Empty' || state === 'Dead') return `\nConsumer group '${groupId}' has no active members.\n`
  return state === 'Stable' ? '' : `\nWarning: Consumer group '${groupId}' is rebalancing.\n`
}

function cells(values: readonly (string | number | null)[], widths: readonly number[]): string {
  return values.map((value, column) => String(value ?? '-').padEnd(widths[column] ?? 0)).join(' ')
}

async function describeOffsets({ context, admin }: Session, groupId: string): Promise<void> {
  const { description, partitions } = await groupLag(admin, groupId)
  context.error(noMembers(groupId, description.state))
  if (partitions.length === 0) return
  const rows = partitions.map(({ topic, partition, currentOffset, logEndOffset, lag, member }) => [
    groupId,
    topic,
    partition,
    currentOffset,
    logEndOffset,
    lag,
    member?.memberId ?? null,
    member?.host ?? null,
    member?.clientId ?? null,
  ])
  const width = (column: number): number =>
    Math.max(COLUMN_MIN, ...rows.map((row) => String(row[column] ?? '-').length))
  const widths = [width(0), width(1), 10, 15, 15, 15, width(6), width(7), 0]
  const headings = [
    'GROUP',
    'TOPIC',
    'PARTITION',
    'CURRENT-OFFSET',
    'LOG-END-OFFSET',
    'LAG',
    'CONSUMER-ID',
    'HOST',
    'CLIENT-ID',
  ]
  await context.out(`\n${[headings, ...rows].map((row) => cells(row, widths)).join('\n')}\n`)
}

async function describeMembers({ context, admin }: Session, groupId: string, isVerbose: boolean): Promise<void> {
  const { state, members } = await describeGroup(admin, groupId)
  context.error(noMembers(groupId, state))
  const hasStatic = members.some(({ instanceId }) => instanceId !== null)
  const headings = [
    'GROUP',
    'CONSUMER-ID',
    ...(hasStatic ? ['GROUP-INSTANCE-ID'] : []),
    'HOST',
    'CLIENT-ID',
    '#PARTITIONS',
    ...(isVerbose ? ['ASSIGNMENT'] : []),
  ]
  const rows = members.map(({ memberId, instanceId, host, clientId, partitions }) => [
    groupId,
    memberId,
    ...(hasStatic ? [instanceId] : []),
    host,
    clientId,
    partitions.length,
    ...(isVerbose ? [assignmentText(partitions)] : []),
  ])
  const widths = headings.map((heading, column) =>
    Math.max(COLUMN_MIN, heading.length, ...rows.map((row) => String(row[column] ?? '-').length)),
  )
  await context.out(`\n${[headings, ...rows].map((row) => cells(row, widths)).join('\n')}\n`)
}

function assignmentText(partitions: readonly { readonly topic: string; readonly partition: number }[]): string {
  const byName = new Map<string, number[]>()
  for (const { topic, partition } of partitions) byName.set(topic, [...(byName.get(topic) ?? []), partition])
  return byName.size === 0 ? '-' : [...byName].map(([topic, numbers]) => `${topic}(${numbers.join(',')})`).join(', ')
}

async function describeState({ context, admin, cluster }: Session, groupId: string): Promise<void> {
  const { state, members, assignor, coordinatorId } = await describeGroup(admin, groupId)
  context.error(noMembers(groupId, state))
  const broker = cluster.brokers.find(({ nodeId }) => nodeId === coordinatorId)
  const coordinator = `${broker?.host ?? '?'}:${broker?.port ?? '?'}  (${coordinatorId})`
  const widths = [Math.max(COLUMN_MIN, groupId.length), 25, 20, 20, 0]
  const rows = [
    ['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', '#MEMBERS'],
    [groupId, coordinator, assignor === '' ? '-' : assignor, state, members.length],
  ]
  await context.out(`\n${rows.map((row) => cells(row, widths)).join('\n')}\n`)
}

async function removeGroups(session: Session, flags: Flags): Promise<void> {
  const failures: string[] = []
  const deleted: string[] = []
  for (const groupId of await groupIds(session, flags)) {
    try {
      await deleteGroup(session.admin, groupId)
      deleted.push(`'${groupId}'`)
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      const cause = error.codeName === 'GROUP_ID_NOT_FOUND' ? notFound(error) : error.message
      failures.push(`* Group '${groupId}' could not be deleted due to: ${cause}`)
    }
  }
  if (failures.length === 0) {
    await session.context.out(`Deletion of requested consumer groups (${deleted.join(', ')}) was successful.\n`)
    return
  }
  session.context.error(`\nError: Deletion of some consumer groups failed:\n${failures.join('\n')}\n`)
  if (deleted.length > 0)
    await session.context.out(`\nThese consumer groups were deleted successfully: ${deleted.join(', ')}\n`)
}

async function reset(session: Session, flags: Flags): Promise<void> {
  const { context, admin } = session
  const file = flags.one('from-file')
  const fileText = file === undefined ? undefined : await context.readFile(file)
  const target = resetTarget(
    {
      topic: [],
      toEarliest: flags.has('to-earliest'),
      toLatest: flags.has('to-latest'),
      toCurrent: flags.has('to-current'),
      toOffset: flags.one('to-offset'),
      shiftBy: flags.one('shift-by'),
      toDatetime: flags.one('to-datetime'),
      byDuration: flags.one('by-duration'),
    },
    context.environment.clock.wallMs(),
    fileText,
  )
  const isExecuted = flags.has('execute')
  if (!isExecuted && !flags.has('dry-run') && !flags.has('export')) {
    context.error('WARN: No action will be performed as the --execute option is missing.\n')
  }
  for (const groupId of await groupIds(session, flags)) {
    const { state } = await describeGroup(admin, groupId).catch((error: unknown) => {
      if (error instanceof BrokerError && error.codeName === 'GROUP_ID_NOT_FOUND') return { state: 'Empty' }
      throw error
    })
    if (state !== 'Empty' && state !== 'Dead') {
      context.error(
        `\nError: Assignments can only be reset if the group '${groupId}' is inactive, but the current state is ${state}.\n`,
      )
      continue
    }
    const topics = flags.has('all-topics') ? await topicsOfGroup(session, groupId) : flags.all('topic')
    if (topics.length === 0 && target.to !== 'file')
      throw new UsageError('One of the reset scopes should be defined: --all-topics, --topic.')
    const plan = await planReset(admin, groupId, topics, target)
    if (isExecuted) await alterOffsets(admin, groupId, plan)
    if (flags.has('export')) {
      await context.out(plan.map(({ topic, partition, offset }) => `"${topic}",${partition},${offset}\n`).join(''))
      continue
    }
    const rows = plan.map(({ topic, partition, offset }) => [groupId, topic, partition, offset])
    const width = (column: number): number => Math.max(COLUMN_MIN, ...rows.map((row) => String(row[column]).length))
    const widths = [width(0), width(1), 10, 0]
    await context.out(
      `\n${[['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'], ...rows].map((row) => cells(row, widths)).join('\n')}\n`,
    )
  }
}

async function topicsOfGroup({ admin }: Session, groupId: string): Promise<readonly string[]> {
  const { partitions } = await groupLag(admin, groupId)
  return [...new Set(partitions.map(({ topic }) => topic))]
}

async function removeOffsets({ context, admin }: Session, flags: Flags): Promise<void> {
  const groupId = flags.all('group')[0] ?? ''
  const results = await deleteOffsets(admin, groupId, await partitionsOf(admin, flags.all('topic')))
  const isDone = results.every(({ errorCode }) => errorCode === 0)
  await context.out(
    isDone
      ? `Request succeeded for deleting offsets from group ${groupId}.\n`
      : `\nError: Encountered some partition-level error, see the follow-up details.\n`,
  )
  const rows = results.map(({ topic, partition, errorCode }) => [
    topic,
    partition,
    errorCode === 0 ? 'Successful' : `Error: ${new BrokerError(errorCode, topic).codeName}`,
  ])
  const widths = [Math.max(COLUMN_MIN, ...results.map(({ topic }) => topic.length)), 10, 15]
  await context.out(`\n${[['TOPIC', 'PARTITION', 'STATUS'], ...rows].map((row) => cells(row, widths)).join('\n')}\n`)
}
