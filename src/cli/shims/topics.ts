import { ConfigResourceType, ConfigSource, describeConfig } from '../../client/admin/configs.ts'
import { createPartitions, createTopic, deleteTopic, listReassignments, listTopics } from '../../client/admin/topics.ts'
import type { PartitionMetadata, TopicMetadata } from '../../client/cluster.ts'
import { BrokerError } from '../../client/errors.ts'
import { CommandError, UsageError } from '../failure.ts'
import { keyValues, replicaAssignment, wholeNumber } from '../options.ts'
import type { Session } from '../session.ts'
import type { Flags } from './flags.ts'
import type { Shim } from './run-shim.ts'

const ACTIONS = ['list', 'describe', 'create', 'alter', 'delete']
const FILTERS = [
  'under-replicated-partitions',
  'unavailable-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
]

/** kafka-topics.sh */
export const topicsShim: Shim = {
  name: 'kafka-topics.sh',
  purpose: 'This tool helps to create, delete, describe, or change a topic.',
  flags: {
    list: 'none',
    describe: 'none',
    create: 'none',
    alter: 'none',
    delete: 'none',
    topic: 'one',
    'topic-id': 'one',
    partitions: 'one',
    'replication-factor': 'one',
    'replica-assignment': 'one',
    config: 'several',
    'if-exists': 'none',
    'if-not-exists': 'none',
    'exclude-internal': 'none',
    'topics-with-overrides': 'none',
    'partition-size-limit-per-response': 'one',
    'under-replicated-partitions': 'none',
    'unavailable-partitions': 'none',
    'under-min-isr-partitions': 'none',
    'at-min-isr-partitions': 'none',
  },
  errorPrefix: 'Error while executing topic command : ',
  check: (flags) => {
    if (ACTIONS.filter((action) => flags.has(action)).length !== 1) {
      throw new UsageError('Command must include exactly one action: --list, --describe, --create, --alter or --delete')
    }
    if (flags.has('create') || flags.has('alter')) flags.required('topic')
    if (flags.has('delete') && flags.one('topic-id') === undefined) flags.required('topic')
  },
  run: async (session, flags) => {
    if (flags.has('list')) await list(session, flags)
    else if (flags.has('describe')) await describe(session, flags)
    else if (flags.has('create')) await create(session, flags)
    else if (flags.has('alter')) await alter(session, flags)
    else await remove(session, flags)
  },
}

async function list({ context, admin }: Session, flags: Flags): Promise<void> {
  for (const { name } of await matching(admin, flags)) await context.out(`${name}\n`)
}

async function create({ context, admin }: Session, flags: Flags): Promise<void> {
  const name = flags.required('topic')
  if (/[._]/.test(name)) {
    await context.out(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n",
    )
  }
  const partitions = flags.one('partitions')
  const replicas = flags.one('replication-factor')
  const assignment = flags.one('replica-assignment')
  try {
    await createTopic(admin, {
      name,
      partitionCount: partitions === undefined ? undefined : wholeNumber('--partitions', partitions, 1),
      replicationFactor: replicas === undefined ? undefined : wholeNumber('--replication-factor', replicas, 1),
      assignment: assignment === undefined ? undefined : replicaAssignment(assignment),
      configs: keyValues('--config', flags.all('config')),
    })
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    if (error.codeName !== 'TOPIC_ALREADY_EXISTS') throw error
    if (flags.has('if-not-exists')) return
    throw new CommandError(`Topic '${name}' already exists.`)
  }
  await context.out(`Created topic ${name}.\n`)
}

async function alter({ admin }: Session, flags: Flags): Promise<void> {
  const count = wholeNumber('--partitions', flags.required('partitions'), 1)
  const assignment = flags.one('replica-assignment')
  for (const { name, partitions } of await existing(admin, flags)) {
    const added = assignment === undefined ? undefined : replicaAssignment(assignment).slice(partitions.length)
    await createPartitions(admin, name, count, added).catch(inBrokersWords)
  }
}

async function remove({ admin }: Session, flags: Flags): Promise<void> {
  for (const { name } of await existing(admin, flags)) await deleteTopic(admin, name).catch(inBrokersWords)
}

/** Kafka's tool prints what the broker said and nothing around it. */
function inBrokersWords(error: unknown): never {
  if (error instanceof BrokerError)
    throw new CommandError(error.message.replace(/^[^:]*: /, '').replace(/ \([A-Z_]+\)$/, ''))
  throw error
}

async function describe(session: Session, flags: Flags): Promise<void> {
  const { context, admin } = session
  const moving = await listReassignments(admin).catch(() => new Map<string, readonly number[]>())
  for (const topic of await existing(admin, flags)) {
    const entries = await describeConfig(admin, { type: ConfigResourceType.topic, name: topic.name })
    const minInSync = Number(entries.find(({ name }) => name === 'min.insync.replicas')?.value ?? 1)
    const isOverridden = entries.some(({ source }) => source === ConfigSource.dynamicTopic)
    if (flags.has('topics-with-overrides') && !isOverridden) continue
    const set = entries
      .filter(({ source }) => source !== ConfigSource.default)
      .map(({ name, value }) => `${name}=${value}`)
    const isFiltered = FILTERS.some((filter) => flags.has(filter))
    if (!isFiltered) {
      const first = topic.partitions[0]
      const adding = first === undefined ? 0 : (moving.get(`${topic.name}-0`)?.length ?? 0)
      const replicationFactor = (first?.replicas.length ?? 0) - adding
      await context.out(
        `Topic: ${topic.name}\tTopicId: ${topic.topicId}\tPartitionCount: ${topic.partitions.length}\tReplicationFactor: ${replicationFactor}\tConfigs: ${set.join(',')}\n`,
      )
    }
    if (flags.has('topics-with-overrides')) continue
    for (const partition of topic.partitions) {
      if (isFiltered && !passes(partition, minInSync, flags)) continue
      const leader = partition.leaderId < 0 ? 'none' : String(partition.leaderId)
      await context.out(
        `\tTopic: ${topic.name}\tPartition: ${partition.partition}\tLeader: ${leader}\tReplicas: ${partition.replicas.join(',')}\tIsr: ${partition.inSyncReplicas.join(',')}\tElr: \tLastKnownElr: \n`,
      )
    }
  }
}

function passes(partition: PartitionMetadata, minInSync: number, flags: Flags): boolean {
  const inSync = partition.inSyncReplicas.length
  return (
    (flags.has('under-replicated-partitions') && inSync < partition.replicas.length) ||
    (flags.has('unavailable-partitions') && partition.leaderId < 0) ||
    (flags.has('under-min-isr-partitions') && inSync < minInSync) ||
    (flags.has('at-min-isr-partitions') && inSync === minInSync)
  )
}

/** As `matching`, where naming a topic that is not there is an error unless `--if-exists` is given. */
async function existing(admin: Session['admin'], flags: Flags): Promise<readonly TopicMetadata[]> {
  const topics = await matching(admin, flags)
  const asked = flags.one('topic') ?? flags.one('topic-id')
  if (topics.length === 0 && asked !== undefined && !flags.has('if-exists')) {
    throw new CommandError(`Topic '${asked}' does not exist as expected`)
  }
  return topics
}

/** Topics whose whole name matches `--topic`, a regular expression in which a comma stands for "or". */
async function matching(admin: Session['admin'], flags: Flags): Promise<readonly TopicMetadata[]> {
  const all = (await listTopics(admin)).filter(({ isInternal }) => !(isInternal && flags.has('exclude-internal')))
  const topicId = flags.one('topic-id')
  const text = flags.one('topic')
  const pattern =
    text === undefined ? undefined : new RegExp(`^(?:${text.trim().replaceAll(',', '|').replaceAll(' ', '')})$`)
  const chosen = all.filter(
    (topic) => (topicId === undefined || topic.topicId === topicId) && (pattern?.test(topic.name) ?? true),
  )
  return chosen.sort((left, right) => (left.name < right.name ? -1 : 1))
}
