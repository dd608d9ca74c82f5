import { ConfigResourceType, ConfigSource, describeConfig } from '../../client/admin/configs.ts'
import { createPartitions, createTopic, deleteTopic, describeTopics, listTopics } from '../../client/admin/topics.ts'
import { throwIfRefused } from '../../client/errors.ts'
import { keyValues, replicaAssignment, wholeNumber } from '../options.ts'
import type { Session } from '../session.ts'
import { json, table } from '../table.ts'

export async function listTopicsCommand({ context, admin, format }: Session, isAll: boolean): Promise<void> {
  const topics = [...(await listTopics(admin))].filter(({ isInternal }) => isAll || !isInternal)
  topics.sort((left, right) => (left.name < right.name ? -1 : 1))
  const rows = topics.map(({ name, topicId, partitions, isInternal }) => {
    return { name, partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0, topicId, isInternal }
  })
  if (format === 'json') await context.out(json(rows))
  else
    await context.out(
      table(
        ['NAME', 'PARTITIONS', 'REPLICAS'],
        rows.map((row) => [row.name, row.partitions, row.replicas]),
      ),
    )
}

export async function describeTopicsCommand(
  { context, admin, format }: Session,
  names: readonly string[],
): Promise<void> {
  const described: unknown[] = []
  for (const topic of await describeTopics(admin, names)) {
    throwIfRefused(topic.errorCode, `topic '${topic.name}'`)
    const entries = await describeConfig(admin, { type: ConfigResourceType.topic, name: topic.name })
    const set = entries.filter(({ source }) => source === ConfigSource.dynamicTopic)
    if (format === 'json') {
      const configs = Object.fromEntries(set.map(({ name, value }) => [name, value]))
      described.push({
        name: topic.name,
        topicId: topic.topicId,
        isInternal: topic.isInternal,
        configs,
        partitions: topic.partitions,
      })
      continue
    }
    const configs = set.map(({ name, value }) => `${name}=${value}`).join(', ')
    await context.out(`${topic.name}  id ${topic.topicId}${configs === '' ? '' : `  ${configs}`}\n`)
    const rows = topic.partitions.map((partition) => [
      partition.partition,
      partition.leaderId < 0 ? 'none' : String(partition.leaderId),
      partition.leaderEpoch,
      partition.replicas.join(','),
      partition.inSyncReplicas.join(','),
    ])
    await context.out(table(['PARTITION', 'LEADER', 'EPOCH', 'REPLICAS', 'IN-SYNC'], rows))
  }
  if (format === 'json') await context.out(json(described))
}

export interface CreateTopicFlags {
  readonly partitions?: string | undefined
  readonly replicationFactor?: string | undefined
  readonly replicaAssignment?: string | undefined
  readonly config: readonly string[]
  readonly dryRun?: boolean | undefined
}

export async function createTopicsCommand(
  { context, admin }: Session,
  names: readonly string[],
  flags: CreateTopicFlags,
): Promise<void> {
  for (const name of names) {
    const topic = {
      name,
      partitionCount: flags.partitions === undefined ? undefined : wholeNumber('--partitions', flags.partitions, 1),
      replicationFactor:
        flags.replicationFactor === undefined
          ? undefined
          : wholeNumber('--replication-factor', flags.replicationFactor, 1),
      assignment: flags.replicaAssignment === undefined ? undefined : replicaAssignment(flags.replicaAssignment),
      configs: keyValues('--config', flags.config),
    }
    await createTopic(admin, topic, flags.dryRun ?? false)
    await context.out(flags.dryRun === true ? `topic '${name}' could be created\n` : `created topic '${name}'\n`)
  }
}

export async function alterTopicCommand(
  { context, admin }: Session,
  name: string,
  flags: { readonly partitions: string },
): Promise<void> {
  const count = wholeNumber('--partitions', flags.partitions, 1)
  await createPartitions(admin, name, count)
  await context.out(`topic '${name}' has ${count} partitions now\n`)
}

export async function deleteTopicsCommand({ context, admin }: Session, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await deleteTopic(admin, name)
    await context.out(`deleted topic '${name}'\n`)
  }
}
