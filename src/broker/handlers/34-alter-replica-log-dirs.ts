/**
 * AlterReplicaLogDirs, versions 0-2 (KIP-113). Sent to the broker that keeps the replicas, whoever leads or controls.
 *
 * Promises: when the answer comes the copies have begun, and go on over restarts; readers and writers notice nothing. Back to where
 *   a replica lies cancels.
 * Errors per partition: LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR, INVALID_TOPIC_EXCEPTION for names that leave no room for the copy's,
 *   and REPLICA_NOT_AVAILABLE for a replica that is not here yet: it will lie in that directory when it comes.
 * Version notes: 2 flexible.
 */
import {
  type AlterReplicaLogDirsRequest,
  type AlterReplicaLogDirsResponse,
  alterReplicaLogDirsApi,
  readAlterReplicaLogDirsRequest,
  writeAlterReplicaLogDirsResponse,
} from '../../protocol/generated/34-alter-replica-log-dirs.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

type PartitionAnswer = Draft<AlterReplicaLogDirsResponse['results'][number]['partitions'][number]>

export const alterReplicaLogDirsHandler: ApiHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> = {
  apiKey: alterReplicaLogDirsApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: alterReplicaLogDirsApi.flexibleVersion,
  read: readAlterReplicaLogDirsRequest,
  write: writeAlterReplicaLogDirsResponse,
  async handle({ dirs }, _context, { control }) {
    const moves = dirs.flatMap(({ path: directory, topics }) =>
      topics.flatMap(({ name: topic, partitions }) => partitions.map((partition) => ({ topic, partition, directory }))),
    )
    const byTopic = new Map<string, PartitionAnswer[]>()
    for (const { topic, partition, code } of await control.moveReplicas(moves)) {
      const answers = byTopic.get(topic) ?? []
      answers.push({ partitionIndex: partition, errorCode: code })
      byTopic.set(topic, answers)
    }
    return { results: [...byTopic].map(([topicName, partitions]) => ({ topicName, partitions })) }
  },
}
