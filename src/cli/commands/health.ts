import { describeCluster } from '../../client/admin/cluster-info.ts'
import { listTopics } from '../../client/admin/topics.ts'
import { EXIT_FAILURE, EXIT_OK } from '../failure.ts'
import type { Session } from '../session.ts'
import { json, table } from '../table.ts'

/** Brokers and what is wrong with partitions. @returns failure when a partition has no leader or too few in-sync replicas */
export async function healthCommand({ context, admin, format }: Session): Promise<number> {
  const { clusterId, controllerId, brokers } = await describeCluster(admin)
  const topics = await listTopics(admin)
  const partitions = topics.flatMap(({ name, partitions: list }) =>
    list.map((partition) => ({ topic: name, ...partition })),
  )
  const leaderless = partitions.filter(({ leaderId }) => leaderId < 0)
  const underReplicated = partitions.filter(({ inSyncReplicas, replicas }) => inSyncReplicas.length < replicas.length)
  const isHealthy = leaderless.length === 0 && underReplicated.length === 0
  const named = (list: typeof partitions): readonly string[] =>
    list.map(({ topic, partition }) => `${topic}-${partition}`)
  if (format === 'json') {
    await context.out(
      json({
        isHealthy,
        clusterId,
        controllerId,
        brokers,
        topics: topics.length,
        partitions: partitions.length,
        leaderless: named(leaderless),
        underReplicated: named(underReplicated),
      }),
    )
    return isHealthy ? EXIT_OK : EXIT_FAILURE
  }
  await context.out(
    `cluster ${clusterId}: ${isHealthy ? 'healthy' : 'NOT HEALTHY'}, ${topics.length} topics, ${partitions.length} partitions\n`,
  )
  const rows = brokers.map(({ nodeId, host, port, rack }) => [
    nodeId,
    `${host}:${port}`,
    rack ?? '-',
    nodeId === controllerId ? 'controller' : '',
  ])
  await context.out(table(['BROKER', 'ADDRESS', 'RACK', ''], rows))
  if (leaderless.length > 0) await context.out(`without leader: ${named(leaderless).join(', ')}\n`)
  if (underReplicated.length > 0) await context.out(`replicas missing: ${named(underReplicated).join(', ')}\n`)
  return isHealthy ? EXIT_OK : EXIT_FAILURE
}
