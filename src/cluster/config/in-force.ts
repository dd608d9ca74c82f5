import { brokerKeys, topicKeys } from './registry.ts'

/**
 * Broker keys that something here obeys, besides those that topics fall back to. Every other known key is accepted, so
 * that a Kafka's server.properties starts, and named in one log line, so that nobody believes it did something.
 *
 * A test looks for each of these names in the code that reads it.
 */
const BROKER_KEYS_IN_FORCE: ReadonlySet<string> = new Set([
  'advertised.listeners',
  'auto.create.topics.enable',
  'auto.leader.rebalance.enable',
  'broker.id',
  'broker.rack',
  'broker.session.timeout.ms',
  'connections.max.idle.ms',
  'controlled.shutdown.enable',
  'controller.listener.names',
  'default.replication.factor',
  'delete.topic.enable',
  'fetch.max.bytes',
  'group.initial.rebalance.delay.ms',
  'group.max.session.timeout.ms',
  'group.max.size',
  'group.min.session.timeout.ms',
  'inter.broker.listener.name',
  'jackdaw.acks.durable',
  'jackdaw.fast.failure.detection',
  'jackdaw.http.backend',
  'jackdaw.http.host',
  'jackdaw.http.port',
  'jackdaw.keeper.client.host',
  'jackdaw.keeper.client.port',
  'jackdaw.keeper.data.dir',
  'jackdaw.keeper.id',
  'jackdaw.keeper.init.limit',
  'jackdaw.keeper.servers',
  'jackdaw.keeper.sync.limit',
  'jackdaw.keeper.tick.ms',
  'jackdaw.log.level',
  'jackdaw.memory.bytes',
  'jackdaw.num.shards',
  'leader.imbalance.check.interval.seconds',
  'leader.imbalance.per.broker.percentage',
  'listener.security.protocol.map',
  'listeners',
  'log.dir',
  'log.dirs',
  'max.connections',
  'max.connections.per.ip',
  'max.connections.per.ip.overrides',
  'max.incremental.fetch.session.cache.slots',
  'max.request.partition.size.limit',
  'node.id',
  'num.partitions',
  'num.shards',
  'offset.metadata.max.bytes',
  'offsets.retention.check.interval.ms',
  'offsets.retention.minutes',
  'offsets.topic.num.partitions',
  'offsets.topic.replication.factor',
  'offsets.topic.segment.bytes',
  'process.roles',
  'producer.id.expiration.ms',
  'socket.request.max.bytes',
  'zookeeper.connect',
  'zookeeper.connection.timeout.ms',
  'zookeeper.session.timeout.ms',
  'zookeeper.ssl.cipher.suites',
  'zookeeper.ssl.client.enable',
  'zookeeper.ssl.crl.enable',
  'zookeeper.ssl.enabled.protocols',
  'zookeeper.ssl.endpoint.identification.algorithm',
  'zookeeper.ssl.keystore.location',
  'zookeeper.ssl.keystore.password',
  'zookeeper.ssl.keystore.type',
  'zookeeper.ssl.ocsp.enable',
  'zookeeper.ssl.protocol',
  'zookeeper.ssl.truststore.location',
  'zookeeper.ssl.truststore.password',
  'zookeeper.ssl.truststore.type',
])

/** Topic keys that are stored and shown, and change nothing yet. */
const TOPIC_KEYS_WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'local.retention.bytes',
  'local.retention.ms',
  'preallocate',
  'remote.log.copy.disable',
  'remote.log.delete.on.disable',
  'remote.storage.enable',
])

/** Names of all broker keys that are obeyed. */
export function brokerKeysInForce(): ReadonlySet<string> {
  const inForce = new Set(BROKER_KEYS_IN_FORCE)
  for (const key of topicKeys.values()) {
    if (TOPIC_KEYS_WITHOUT_EFFECT.has(key.name)) continue
    for (const synonym of key.synonyms) inForce.add(synonym)
  }
  return inForce
}

/** What somebody has set that Kafka knows and nothing here obeys, in alphabetical order. */
export function withoutEffect(properties: Readonly<Record<string, string>>): readonly string[] {
  const inForce = brokerKeysInForce()
  return Object.keys(properties)
    .filter((name) => brokerKeys.has(name) && !inForce.has(name))
    .sort()
}
