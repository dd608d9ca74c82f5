/**
 * Log directories that are older than the tree: they come from Kafka (KRaft keeps its metadata elsewhere), or the
 * keeper's directory was lost. A tree without a cluster id takes over what the directories hold; one with an id is never
 * touched, so topics that were deleted do not come back.
 */
import type { Logger } from '../io/ports.ts'
import type { MultiOperation, ZooKeeperClient } from '../zookeeper/contract.ts'
import type { ConfigMap } from './config/resolve.ts'
import {
  CLUSTER_ID_PATH,
  configPath,
  encodeConfig,
  encodePartitionState,
  encodeTopic,
  partitionPath,
  partitionStatePath,
  partitionsPath,
  plainTopic,
  topicPath,
} from './znodes.ts'

export interface FoundTopic {
  readonly name: string
  /** '' when the directories name none. */
  readonly topicId: string
  /** Newest leader epoch by partition, -1 where nothing was written. */
  readonly lastEpochs: ReadonlyMap<number, number>
  /** Undefined when nobody wrote down what the topic's configuration was. */
  readonly config: ConfigMap | undefined
}

export interface FoundData {
  readonly clusterId: string
  readonly topics: readonly FoundTopic[]
}

// Deleting by a default that the owner never chose would be loss: until somebody says otherwise everything is kept.
const KEEP_EVERYTHING: ConfigMap = { 'retention.ms': '-1', 'retention.bytes': '-1' }

/**
 * Enters the topics of `found` into a tree that has no cluster id yet. The id is to be written after it: a crash in
 * between begins again.
 *
 * @param find reads the directories; called for a new tree only
 * @returns the cluster id that the directories have; undefined when the tree has one already
 */
export async function adoptFoundData(
  zookeeper: ZooKeeperClient,
  find: () => FoundData | undefined,
  brokerId: number,
  log: Logger,
): Promise<string | undefined> {
  if ((await zookeeper.exists(CLUSTER_ID_PATH)) !== undefined) return undefined
  const found = find()
  if (found === undefined) return undefined
  for (const topic of found.topics) {
    const { name, lastEpochs } = topic
    const missing = [...Array(lastEpochs.size).keys()].filter((partition) => !lastEpochs.has(partition))
    if (missing.length > 0) {
      log.warn(
        `topic ${name} is left alone: the log directories hold ${lastEpochs.size} of its partitions but not ${missing.join(', ')}. Bring the missing directories and start with an empty keeper directory`,
        { topic: name },
      )
      continue
    }
    // Refused as a whole where the topic is there already: an earlier try that was cut off.
    await zookeeper.multi(adoptTopic(topic, brokerId))
    if (topic.config === undefined) {
      log.warn(
        `topic ${name} was found on disk without its configuration: it keeps all records until you set retention.ms and retention.bytes`,
        { topic: name },
      )
    }
  }
  log.info('took over what the log directories hold', { clusterId: found.clusterId, topics: found.topics.length })
  return found.clusterId
}

function adoptTopic(topic: FoundTopic, brokerId: number): readonly MultiOperation[] {
  const { name, topicId, lastEpochs, config = KEEP_EVERYTHING } = topic
  const partitions = [...lastEpochs.keys()].sort((left, right) => left - right)
  const assignment = new Map(partitions.map((partition) => [partition, [brokerId]]))
  const create = (path: string, data: Uint8Array | null): MultiOperation => ({
    kind: 'create',
    path,
    data,
    mode: 'persistent',
  })
  return [
    create(topicPath(name), encodeTopic(plainTopic(topicId, assignment))),
    create(configPath('topics', name), encodeConfig(config)),
    create(partitionsPath(name), null),
    ...partitions.flatMap((partition) => {
      const state = {
        controllerEpoch: 0,
        leader: brokerId,
        // Newer than any in the log: offsets of the last leader's epoch keep their meaning.
        leaderEpoch: (lastEpochs.get(partition) ?? -1) + 1,
        inSyncReplicas: [brokerId],
        isRecovering: false,
      }
      return [
        create(partitionPath(name, partition), null),
        create(partitionStatePath(name, partition), encodePartitionState(state)),
      ]
    }),
  ]
}
