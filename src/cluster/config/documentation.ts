/** One sentence on what a key does, for DescribeConfigs with documentation. Keys without one answer null. */
import { ResourceType, topicKeys } from './registry.ts'

const TOPIC: Readonly<Record<string, string>> = {
  'cleanup.policy':
    'What happens to old segments: delete drops them by age and size, compact keeps the newest record of each key, both do both.',
  'compression.gzip.level':
    'How hard gzip tries when the broker compresses: 1 (fast) to 9 (small), -1 for its own default.',
  'compression.lz4.level': 'How hard LZ4 tries when the broker compresses: 1 to 17.',
  'compression.type': 'Codec in which batches are stored; producer keeps them as they were sent.',
  'compression.zstd.level': 'How hard Zstandard tries when the broker compresses; negative levels are faster.',
  'delete.retention.ms': 'How long a compacted topic keeps tombstones, so that readers still see the deletion.',
  'file.delete.delay.ms': 'How long a dropped segment stays on disk after it was renamed.',
  'flush.messages': 'After how many records written data is forced to disk before it is acknowledged.',
  'flush.ms': 'After what time written data is forced to disk.',
  'follower.replication.throttled.replicas':
    'Follower replicas whose fetching is throttled, as partition:broker pairs or *.',
  'index.interval.bytes': 'How many bytes of log lie between two entries of the offset index.',
  'leader.replication.throttled.replicas':
    'Leader replicas whose replication is throttled, as partition:broker pairs or *.',
  'local.retention.bytes': 'Size that a tiered partition keeps locally; -2 takes retention.bytes.',
  'local.retention.ms': 'Age up to which a tiered partition keeps segments locally; -2 takes retention.ms.',
  'max.compaction.lag.ms': 'Age at which a record becomes due for compaction at the latest.',
  'max.message.bytes': 'Largest batch that is accepted, as it arrives.',
  'message.timestamp.after.max.ms': 'How far a record may be dated ahead of the broker’s clock.',
  'message.timestamp.before.max.ms': 'How far a record may be dated behind the broker’s clock.',
  'message.timestamp.type': 'Whether records keep the producer’s time or are stamped when they are appended.',
  'min.cleanable.dirty.ratio': 'Share of a log that must be uncompacted before compaction starts.',
  'min.compaction.lag.ms': 'Age below which a record is left uncompacted.',
  'min.insync.replicas': 'How many replicas must be in sync for writes with acks=all to be accepted.',
  preallocate: 'Whether a new segment’s file gets its full size at once.',
  'retention.bytes': 'Size of a partition beyond which the oldest segments are dropped; -1 for no limit.',
  'retention.ms': 'Age beyond which segments are dropped; -1 for no limit.',
  'segment.bytes': 'Size at which a new segment begins.',
  'segment.index.bytes': 'Largest size of one index file.',
  'segment.jitter.ms': 'Random time by which segment.ms is shortened, so that partitions do not roll all at once.',
  'segment.ms': 'Age at which a new segment begins although the old one is not full.',
  'unclean.leader.election.enable':
    'Whether a replica that is behind may lead when no other is left; records can be lost.',
}

const BROKER: Readonly<Record<string, string>> = {
  'advertised.listeners': 'Addresses that clients are told, where they differ from listeners.',
  'auto.create.topics.enable': 'Whether asking for the metadata of a missing topic creates it.',
  'broker.id': 'The broker’s id; -1 has one generated.',
  'connections.max.idle.ms': 'After what time without a request a connection is closed.',
  'default.replication.factor': 'Replication factor of topics whose creator does not say.',
  'delete.topic.enable': 'Whether topics can be deleted.',
  'group.initial.rebalance.delay.ms': 'How long the first rebalance of a new group waits for more members.',
  'group.max.session.timeout.ms': 'Longest session timeout that a member may ask for.',
  'group.min.session.timeout.ms': 'Shortest session timeout that a member may ask for.',
  listeners: 'Addresses the broker listens on, as NAME://host:port.',
  'log.dirs': 'Directories for partition logs; log.dir if unset.',
  'node.id': 'The node’s id; the same as broker.id.',
  'num.partitions': 'Partitions of topics whose creator does not say.',
  'offsets.retention.minutes': 'How long the offsets of a group without members are kept.',
  'offsets.topic.num.partitions': 'Partitions of __consumer_offsets; must not change once it exists.',
  'socket.request.max.bytes': 'Largest request that is read.',
  'zookeeper.connect': 'ZooKeeper servers and optional chroot; unset runs the embedded keeper.',
  'jackdaw.acks.durable': 'Whether acknowledgements wait until data is forced to disk.',
  'jackdaw.fast.failure.detection':
    'Whether a broker whose process has ended is replaced at once rather than when its session expires.',
  'jackdaw.keeper.client.port': 'Port of the embedded keeper for ZooKeeper clients; -1 for none.',
  'jackdaw.keeper.servers':
    'Keepers of the nodes that form an ensemble, as id=host:quorumPort:electionPort[;clientPort], separated by commas; unset: each node has its own.',
  'jackdaw.keeper.id': 'Which of jackdaw.keeper.servers this node is; -1 takes the node’s id.',
  'jackdaw.keeper.tick.ms': 'Tick of the embedded keeper: sessions may ask for 2 to 20 of them.',
  'jackdaw.keeper.init.limit': 'Ticks that a keeper of an ensemble may take to join it.',
  'jackdaw.keeper.sync.limit': 'Ticks that a keeper of an ensemble may be silent.',
  'jackdaw.memory.bytes':
    'Memory for batches on their way and the newest data; -1 takes a quarter of RAM, at most 1 GiB.',
  'jackdaw.num.shards': 'Threads that own partitions; -1 takes the number of cores.',
}

/** @returns null when there is no sentence for the key */
export function keyDocumentation(resourceType: number, name: string): string | null {
  if (resourceType === ResourceType.topic) return TOPIC[name] ?? null
  if (resourceType !== ResourceType.broker) return null
  const own = BROKER[name]
  if (own !== undefined) return own
  for (const key of topicKeys.values()) {
    if (key.synonyms.includes(name))
      return TOPIC[key.name] === undefined ? null : `Default for topics: ${TOPIC[key.name]}`
  }
  return null
}
