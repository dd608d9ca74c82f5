import { describeCluster, describeLogDirs } from '../../client/admin/cluster-info.ts'
import { listMovingPartitions } from '../../client/admin/reassignments.ts'
import { listTopics } from '../../client/admin/topics.ts'
import { EXIT_FAILURE, EXIT_OK } from '../failure.ts'
import type { Session } from '../session.ts'
import { json, table } from '../table.ts'

/** How many partitions are named before the rest is only counted. */
const NAMED_MAX = 10

/** The brokers with what each carries, and what keeps the cluster from being whole. @returns failure when something does */
export async function clusterCommand({ context, admin, format }: Session): Promise<number> {
  const { clusterId, controllerId, brokers } = await describeCluster(admin)
  const topics = await listTopics(admin)
  const moving = await listMovingPartitions(admin)
  const partitions = topics.flatMap(({ name, partitions: list }) =>
    list.map((partition) => ({ name: `${name}-${partition.partition}`, ...partition })),
  )
  const alive = new Set(brokers.map(({ nodeId }) => nodeId))
  const rows = await Promise.all(
    brokers.map(async ({ nodeId, host, port, rack }) => {
      const directories = await describeLogDirs(admin, nodeId)
      return {
        broker: nodeId,
        address: `${host}:${port}`,
        rack,
        isController: nodeId === controllerId,
        leaders: partitions.filter(({ leaderId }) => leaderId === nodeId).length,
        preferred: partitions.filter(({ replicas }) => replicas[0] === nodeId).length,
        replicas: partitions.filter(({ replicas }) => replicas.includes(nodeId)).length,
        sizeBytes: directories.reduce(
          (sum, { replicas }) => sum + replicas.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0),
          0,
        ),
        failedDirectories: directories.filter(({ errorCode }) => errorCode !== 0).length,
      }
    }),
  )
  const findings = {
    leaderless: partitions.filter(({ leaderId }) => leaderId < 0).map(({ name }) => name),
    underReplicated: partitions
      .filter(({ replicas, inSyncReplicas }) => inSyncReplicas.length < replicas.length)
      .map(({ name }) => name),
    missingBrokers: [...new Set(partitions.flatMap(({ replicas }) => replicas))].filter((id) => !alive.has(id)).sort(),
    moving: moving.map(({ topic, partition }) => `${topic}-${partition}`),
  }
  const isHealthy =
    controllerId >= 0 &&
    findings.leaderless.length + findings.underReplicated.length + findings.missingBrokers.length === 0 &&
    rows.every(({ failedDirectories }) => failedDirectories === 0)
  if (format === 'json') {
    await context.out(
      json({ isHealthy, clusterId, controllerId, brokers: rows, partitions: partitions.length, ...findings }),
    )
    return isHealthy ? EXIT_OK : EXIT_FAILURE
  }
  await context.out(
    `cluster ${clusterId}: ${isHealthy ? 'healthy' : 'NOT HEALTHY'}, ${topics.length} topics, ${partitions.length} partitions\n`,
  )
  await context.out(
    table(
      ['BROKER', 'ADDRESS', 'RACK', 'LEADS', 'PREFERRED', 'REPLICAS', 'BYTES', ''],
      rows.map((row) => [
        row.broker,
        row.address,
        row.rack ?? '-',
        row.leaders,
        row.preferred,
        row.replicas,
        row.sizeBytes,
        [row.isController ? 'controller' : '', row.failedDirectories > 0 ? 'disk failed' : '']
          .filter((note) => note !== '')
          .join(', '),
      ]),
    ),
  )
  if (controllerId < 0) await context.out('no controller is elected\n')
  await name(context.out, 'brokers missing', findings.missingBrokers.map(String))
  await name(context.out, 'without leader', findings.leaderless)
  await name(context.out, 'replicas missing', findings.underReplicated)
  await name(context.out, 'on the move', findings.moving)
  return isHealthy ? EXIT_OK : EXIT_FAILURE
}

async function name(out: Session['context']['out'], what: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''
  await out(`${what}: ${names.slice(0, NAMED_MAX).join(', ')}${more}\n`)
}
