import { listOffsetsCall } from '../calls.ts'
import { throwIfRefused } from '../errors.ts'
import { type AdminContext, byTopic } from './context.ts'

const CONSUMER_REPLICA_ID = -1

export interface OffsetQuestion {
  readonly topic: string
  readonly partition: number
  /** Milliseconds since 1970, or one of the negative ones of model/special-offsets.ts. */
  readonly timestampMs: number
}

export interface FoundOffset {
  readonly topic: string
  readonly partition: number
  /** -1 when no record is that young. */
  readonly offset: number
  readonly timestampMs: number
  readonly leaderEpoch: number
}

/** Offsets by time, asked of each partition's leader. @throws BrokerError */
export function listOffsets(
  context: AdminContext,
  questions: readonly OffsetQuestion[],
  isolationLevel: number = 0,
): Promise<readonly FoundOffset[]> {
  return context.trying('list offsets', async () => {
    const found: FoundOffset[] = []
    for (const [nodeId, list] of await context.byLeader(questions)) {
      const connection = await context.cluster.connection(nodeId)
      const topics = byTopic(list).map(([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partition, timestampMs }) => ({
          partitionIndex: partition,
          timestamp: timestampMs,
        })),
      }))
      const answer = await connection.request(listOffsetsCall, {
        replicaId: CONSUMER_REPLICA_ID,
        isolationLevel,
        topics,
        timeoutMs: context.timeoutMs,
      })
      for (const topic of answer.topics) {
        for (const result of topic.partitions) {
          throwIfRefused(result.errorCode, `offsets of ${topic.name}-${result.partitionIndex}`)
          const { partitionIndex: partition, offset, timestamp: timestampMs, leaderEpoch } = result
          found.push({ topic: topic.name, partition, offset, timestampMs, leaderEpoch })
        }
      }
    }
    return found
  })
}
