import type { Broker } from '../broker-pool.ts'
import { describeClusterCall, describeLogDirsCall } from '../calls.ts'
import { throwIfRefused } from '../errors.ts'
import type { AdminContext } from './context.ts'

export interface ClusterDescription {
  readonly clusterId: string
  /** -1 while there is none. */
  readonly controllerId: number
  readonly brokers: readonly Broker[]
}

export interface LogDirectory {
  readonly brokerId: number
  readonly path: string
  /** 0 when the directory works. */
  readonly errorCode: number
  /** -1 where the broker does not tell. */
  readonly totalBytes: number
  readonly usableBytes: number
  readonly replicas: readonly {
    topic: string
    partition: number
    sizeBytes: number
    offsetLag: number
    isFuture: boolean
  }[]
}

export function describeCluster(context: AdminContext): Promise<ClusterDescription> {
  return context.atAny('describe cluster', async (connection) => {
    const answer = await connection.request(describeClusterCall, {})
    throwIfRefused(answer.errorCode, 'describe cluster', answer.errorMessage)
    const brokers = answer.brokers.map(({ brokerId, host, port, rack }) => ({ nodeId: brokerId, host, port, rack }))
    brokers.sort((left, right) => left.nodeId - right.nodeId)
    return { clusterId: answer.clusterId, controllerId: answer.controllerId, brokers }
  })
}

/** Log directories of one broker with every replica in them. */
export function describeLogDirs(context: AdminContext, brokerId: number): Promise<readonly LogDirectory[]> {
  return context.atBroker(brokerId, `log directories of broker ${brokerId}`, async (connection) => {
    const answer = await connection.request(describeLogDirsCall, { topics: null })
    throwIfRefused(answer.errorCode, `log directories of broker ${brokerId}`)
    return answer.results.map((result) => ({
      brokerId,
      path: result.logDir,
      errorCode: result.errorCode,
      totalBytes: result.totalBytes,
      usableBytes: result.usableBytes,
      replicas: result.topics.flatMap((topic) =>
        topic.partitions.map((partition) => ({
          topic: topic.name,
          partition: partition.partitionIndex,
          sizeBytes: partition.partitionSize,
          offsetLag: partition.offsetLag,
          isFuture: partition.isFutureKey,
        })),
      ),
    }))
  })
}
