import { type ConfigKey, keysOf } from '../key.ts'

/** Broker keys about logs, replication and metadata. Last column: how a running broker lets them be changed. */
export const BROKER_LOG_KEYS: readonly ConfigKey[] = keysOf(`
auto.leader.rebalance.enable                       | boolean | true                       | -                                                 | read-only
compression.gzip.level                             | int     | -1                         | -1 or 1..9                                        | cluster-wide
compression.lz4.level                              | int     | 9                          | 1..17                                             | cluster-wide
compression.type                                   | string  | producer                   | one of uncompressed,zstd,lz4,snappy,gzip,producer | cluster-wide
compression.zstd.level                             | int     | 3                          | -131072..22                                       | cluster-wide
cordoned.log.dirs                                  | list    | ""                         | unique                                            | per-broker
default.replication.factor                         | int     | 1                          | -                                                 | read-only
follower.fetch.last.tiered.offset.enable           | boolean | false                      | -                                                 | cluster-wide
internal.metadata.delete.delay.millis              | long    | 60000                      | -                                                 | read-only internal
internal.metadata.log.segment.bytes                | int     | null                       | -                                                 | read-only internal
internal.metadata.max.batch.size.in.bytes          | int     | 8388608                    | -                                                 | read-only internal
leader.imbalance.check.interval.seconds            | long    | 300                        | >=1                                               | read-only
log.cleaner.backoff.ms                             | long    | 15000                      | >=0                                               | cluster-wide
log.cleaner.dedupe.buffer.size                     | long    | 134217728                  | -                                                 | cluster-wide
log.cleaner.delete.retention.ms                    | long    | 86400000                   | >=0                                               | cluster-wide
log.cleaner.enable                                 | boolean | true                       | -                                                 | read-only
log.cleaner.io.buffer.load.factor                  | double  | 0.9                        | -                                                 | cluster-wide
log.cleaner.io.buffer.size                         | int     | 524288                     | >=0                                               | cluster-wide
log.cleaner.io.max.bytes.per.second                | double  | 1.7976931348623157E308     | -                                                 | cluster-wide
log.cleaner.max.compaction.lag.ms                  | long    | 9223372036854775807        | >=1                                               | cluster-wide
log.cleaner.min.cleanable.ratio                    | double  | 0.5                        | 0..1                                              | cluster-wide
log.cleaner.min.compaction.lag.ms                  | long    | 0                          | >=0                                               | cluster-wide
log.cleaner.threads                                | int     | 1                          | >=0                                               | cluster-wide
log.cleanup.policy                                 | list    | delete                     | one of compact,delete; unique                     | cluster-wide
log.dir                                            | list    | jackdaw-data               | not empty; unique                                 | read-only
log.dir.failure.timeout.ms                         | long    | 30000                      | >=1                                               | read-only
log.dirs                                           | list    | null                       | not empty; unique                                 | read-only
log.flush.interval.messages                        | long    | 9223372036854775807        | >=1                                               | cluster-wide
log.flush.interval.ms                              | long    | null                       | -                                                 | cluster-wide
log.flush.offset.checkpoint.interval.ms            | int     | 60000                      | >=0                                               | read-only
log.flush.scheduler.interval.ms                    | long    | 9223372036854775807        | -                                                 | read-only
log.flush.start.offset.checkpoint.interval.ms      | int     | 60000                      | >=0                                               | read-only
log.index.interval.bytes                           | int     | 4096                       | >=0                                               | cluster-wide
log.index.size.max.bytes                           | int     | 10485760                   | >=4                                               | cluster-wide
log.initial.task.delay.ms                          | long    | 30000                      | >=0                                               | read-only internal
log.local.retention.bytes                          | long    | -2                         | >=-2                                              | cluster-wide
log.local.retention.ms                             | long    | -2                         | >=-2                                              | cluster-wide
log.message.timestamp.after.max.ms                 | long    | 3600000                    | >=0                                               | cluster-wide
log.message.timestamp.before.max.ms                | long    | 9223372036854775807        | >=0                                               | cluster-wide
log.message.timestamp.type                         | string  | CreateTime                 | one of CreateTime,LogAppendTime                   | cluster-wide
log.preallocate                                    | boolean | false                      | -                                                 | cluster-wide
log.retention.bytes                                | long    | -1                         | -                                                 | cluster-wide
log.retention.check.interval.ms                    | long    | 300000                     | >=1                                               | read-only
log.retention.hours                                | int     | 168                        | -                                                 | read-only
log.retention.minutes                              | int     | null                       | -                                                 | read-only
log.retention.ms                                   | long    | null                       | -                                                 | cluster-wide
log.roll.hours                                     | int     | 168                        | >=1                                               | read-only
log.roll.jitter.hours                              | int     | 0                          | >=0                                               | read-only
log.roll.jitter.ms                                 | long    | null                       | -                                                 | cluster-wide
log.roll.ms                                        | long    | null                       | -                                                 | cluster-wide
log.segment.bytes                                  | int     | 1073741824                 | >=1048576                                         | cluster-wide
log.segment.delete.delay.ms                        | long    | 60000                      | >=0                                               | cluster-wide
message.max.bytes                                  | int     | 1048588                    | >=0                                               | cluster-wide
metadata.log.dir                                   | string  | null                       | -                                                 | read-only
metadata.log.max.record.bytes.between.snapshots    | long    | 20971520                   | >=1                                               | read-only
metadata.log.max.snapshot.interval.ms              | long    | 3600000                    | >=0                                               | read-only
metadata.log.segment.bytes                         | int     | 1073741824                 | >=8388608                                         | read-only
metadata.log.segment.ms                            | long    | 604800000                  | -                                                 | read-only
metadata.max.idle.interval.ms                      | int     | 500                        | >=0                                               | read-only
metadata.max.retention.bytes                       | long    | 104857600                  | -                                                 | read-only
metadata.max.retention.ms                          | long    | 604800000                  | -                                                 | read-only
min.insync.replicas                                | int     | 1                          | >=1                                               | cluster-wide
num.partitions                                     | int     | 1                          | >=1                                               | read-only
num.recovery.threads.per.data.dir                  | int     | 2                          | >=1                                               | cluster-wide
num.replica.alter.log.dirs.threads                 | int     | null                       | -                                                 | read-only
num.replica.fetchers                               | int     | 1                          | >=1                                               | cluster-wide
remote.fetch.max.wait.ms                           | int     | 500                        | >=1                                               | cluster-wide
remote.list.offsets.request.timeout.ms             | long    | 30000                      | >=1                                               | cluster-wide
remote.log.index.file.cache.total.size.bytes       | long    | 1073741824                 | >=1                                               | cluster-wide
remote.log.index.file.cache.ttl.ms                 | long    | 900000                     | >=-1                                              | read-only internal
remote.log.manager.copier.thread.pool.size         | int     | 10                         | >=1                                               | cluster-wide
remote.log.manager.copy.max.bytes.per.second       | long    | 9223372036854775807        | >=1                                               | cluster-wide
remote.log.manager.copy.quota.window.num           | int     | 11                         | >=1                                               | read-only
remote.log.manager.copy.quota.window.size.seconds  | int     | 1                          | >=1                                               | read-only
remote.log.manager.expiration.thread.pool.size     | int     | 10                         | >=1                                               | cluster-wide
remote.log.manager.fetch.max.bytes.per.second      | long    | 9223372036854775807        | >=1                                               | cluster-wide
remote.log.manager.fetch.quota.window.num          | int     | 11                         | >=1                                               | read-only
remote.log.manager.fetch.quota.window.size.seconds | int     | 1                          | >=1                                               | read-only
remote.log.manager.follower.thread.pool.size       | int     | 2                          | >=1                                               | cluster-wide
remote.log.manager.task.interval.ms                | long    | 30000                      | >=1                                               | read-only
remote.log.manager.task.retry.backoff.max.ms       | long    | 30000                      | >=1                                               | read-only internal
remote.log.manager.task.retry.backoff.ms           | long    | 500                        | >=1                                               | read-only internal
remote.log.manager.task.retry.jitter               | double  | 0.2                        | 0..0.5                                            | read-only internal
remote.log.manager.thread.pool.size                | int     | 2                          | >=1                                               | read-only
remote.log.metadata.custom.metadata.max.bytes      | int     | 128                        | >=0                                               | read-only
remote.log.metadata.manager.class.name             | string  | org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager | not empty                                         | read-only
remote.log.metadata.manager.class.path             | string  | null                       | -                                                 | read-only
remote.log.metadata.manager.impl.prefix            | string  | rlmm.config.               | not empty                                         | read-only
remote.log.metadata.manager.listener.name          | string  | null                       | not empty                                         | read-only
remote.log.reader.max.pending.tasks                | int     | 100                        | >=1                                               | read-only
remote.log.reader.threads                          | int     | 10                         | >=1                                               | cluster-wide
remote.log.storage.manager.class.name              | string  | null                       | not empty                                         | read-only
remote.log.storage.manager.class.path              | string  | null                       | -                                                 | read-only
remote.log.storage.manager.impl.prefix             | string  | rsm.config.                | not empty                                         | read-only
remote.log.storage.system.enable                   | boolean | false                      | -                                                 | read-only
replica.fetch.backoff.ms                           | int     | 1000                       | >=0                                               | read-only
replica.fetch.max.bytes                            | int     | 1048576                    | >=0                                               | read-only
replica.fetch.min.bytes                            | int     | 1                          | -                                                 | read-only
replica.fetch.response.max.bytes                   | int     | 10485760                   | >=0                                               | read-only
replica.fetch.wait.max.ms                          | int     | 500                        | -                                                 | read-only
replica.high.watermark.checkpoint.interval.ms      | long    | 5000                       | -                                                 | read-only
replica.lag.time.max.ms                            | long    | 30000                      | -                                                 | read-only
replica.selector.class                             | string  | null                       | -                                                 | read-only
replica.socket.receive.buffer.bytes                | int     | 65536                      | -                                                 | read-only
replica.socket.timeout.ms                          | int     | 30000                      | -                                                 | read-only
replication.quota.window.num                       | int     | 11                         | >=1                                               | read-only
replication.quota.window.size.seconds              | int     | 1                          | >=1                                               | read-only
unclean.leader.election.enable                     | boolean | false                      | -                                                 | cluster-wide
unclean.leader.election.interval.ms                | long    | 300000                     | >=1                                               | read-only internal
`)

/** Throttles: to be set while running only, listed where they are set. A node's own file may name them without effect, as with Kafka. */
export const BROKER_THROTTLE_KEYS: readonly ConfigKey[] = keysOf(`
follower.replication.throttled.rate                | long    | 9223372036854775807        | >=0                                               | cluster-wide internal
leader.replication.throttled.rate                  | long    | 9223372036854775807        | >=0                                               | cluster-wide internal
replica.alter.log.dirs.io.max.bytes.per.second     | long    | 9223372036854775807        | >=0                                               | cluster-wide internal
`)
