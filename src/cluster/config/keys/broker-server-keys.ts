import { type ConfigKey, keysOf } from '../key.ts'

/** Broker keys about identity, listeners, requests and the quorum. */
export const BROKER_SERVER_KEYS: readonly ConfigKey[] = keysOf(`
advertised.listeners                               | list    | null                       | not empty; unique                           | read-only
alter.config.policy.class.name                     | class   | null                       | -                                           | read-only
alter.log.dirs.replication.quota.window.num        | int     | 11                         | >=1                                         | read-only
alter.log.dirs.replication.quota.window.size.seconds | int     | 1                          | >=1                                         | read-only
auto.create.topics.enable                          | boolean | true                       | -                                           | read-only
background.threads                                 | int     | 10                         | >=1                                         | cluster-wide
broker.heartbeat.interval.ms                       | int     | 2000                       | -                                           | read-only
broker.id                                          | int     | -1                         | -                                           | read-only
broker.rack                                        | string  | null                       | -                                           | read-only
broker.session.timeout.ms                          | int     | 9000                       | -                                           | read-only
client.quota.callback.class                        | class   | null                       | -                                           | read-only
config.providers                                   | list    | ""                         | unique                                      | cluster-wide
connections.max.idle.ms                            | long    | 600000                     | -                                           | read-only
controlled.shutdown.enable                         | boolean | true                       | -                                           | read-only
controller.listener.names                          | list    | null                       | not empty; unique                           | read-only
controller.performance.always.log.threshold.ms     | long    | 2000                       | >=0                                         | read-only internal
controller.performance.sample.period.ms            | long    | 60000                      | >=100                                       | read-only internal
controller.quorum.append.linger.ms                 | int     | 25                         | >=0                                         | read-only
controller.quorum.auto.join.enable                 | boolean | false                      | -                                           | read-only
controller.quorum.bootstrap.servers                | list    | ""                         | not empty                                   | read-only
controller.quorum.election.backoff.max.ms          | int     | 1000                       | >=0                                         | read-only
controller.quorum.election.timeout.ms              | int     | 1000                       | >=0                                         | read-only
controller.quorum.fetch.max.bytes                  | int     | 1048576                    | >=1                                         | read-only
controller.quorum.fetch.snapshot.max.bytes         | int     | 1048576                    | >=1                                         | read-only
controller.quorum.fetch.timeout.ms                 | int     | 2000                       | >=0                                         | read-only
controller.quorum.request.timeout.ms               | int     | 2000                       | >=0                                         | read-only
controller.quorum.retry.backoff.ms                 | int     | 20                         | >=0                                         | read-only
controller.quorum.voters                           | list    | ""                         | not empty                                   | read-only
controller.quota.window.num                        | int     | 11                         | >=1                                         | read-only
controller.quota.window.size.seconds               | int     | 1                          | >=1                                         | read-only
controller.socket.timeout.ms                       | int     | 30000                      | -                                           | read-only
create.topic.policy.class.name                     | class   | null                       | -                                           | read-only
delete.records.purgatory.purge.interval.requests   | int     | 1                          | -                                           | read-only
delete.topic.enable                                | boolean | true                       | -                                           | read-only
early.start.listeners                              | list    | null                       | unique                                      | read-only
fetch.max.bytes                                    | int     | 57671680                   | >=1024                                      | read-only
fetch.purgatory.purge.interval.requests            | int     | 1000                       | -                                           | read-only
initial.broker.registration.timeout.ms             | int     | 60000                      | -                                           | read-only
inter.broker.listener.name                         | string  | null                       | -                                           | read-only
kafka.metrics.polling.interval.secs                | int     | 10                         | >=1                                         | read-only
kafka.metrics.reporters                            | list    | ""                         | unique                                      | read-only
listener.security.protocol.map                     | string  | SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT | -                                           | per-broker
listeners                                          | list    | PLAINTEXT://127.0.0.1:9092 | not empty; unique                           | per-broker
max.connection.creation.rate                       | int     | 2147483647                 | >=0                                         | cluster-wide
max.connections                                    | int     | 2147483647                 | >=0                                         | cluster-wide
max.connections.per.ip                             | int     | 2147483647                 | >=0                                         | cluster-wide
max.connections.per.ip.overrides                   | string  | ""                         | -                                           | cluster-wide
max.incremental.fetch.session.cache.slots          | int     | 1000                       | >=0                                         | read-only
max.request.partition.size.limit                   | int     | 2000                       | >=1                                         | read-only
metric.reporters                                   | list    | org.apache.kafka.common.metrics.JmxReporter | unique                                      | cluster-wide
metrics.num.samples                                | int     | 2                          | >=1                                         | read-only
metrics.recording.level                            | string  | INFO                       | -                                           | read-only
metrics.sample.window.ms                           | long    | 30000                      | >=1                                         | read-only
node.id                                            | int     | -1                         | >=-1                                        | read-only
num.io.threads                                     | int     | 8                          | >=1                                         | cluster-wide
num.network.threads                                | int     | 3                          | >=1                                         | cluster-wide
offset.metadata.max.bytes                          | int     | 4096                       | -                                           | read-only
process.roles                                      | list    | ""                         | one of broker,controller; unique | read-only
producer.purgatory.purge.interval.requests         | int     | 1000                       | -                                           | read-only
queued.max.request.bytes                           | long    | -1                         | -                                           | read-only
queued.max.requests                                | int     | 500                        | >=1                                         | read-only
quota.window.num                                   | int     | 11                         | >=1                                         | read-only
quota.window.size.seconds                          | int     | 1                          | >=1                                         | read-only
request.timeout.ms                                 | int     | 30000                      | -                                           | read-only
server.max.startup.time.ms                         | long    | 9223372036854775807        | >=0                                         | read-only internal
socket.connection.setup.timeout.max.ms             | long    | 30000                      | -                                           | read-only
socket.connection.setup.timeout.ms                 | long    | 10000                      | -                                           | read-only
socket.listen.backlog.size                         | int     | 50                         | >=1                                         | read-only
socket.receive.buffer.bytes                        | int     | 102400                     | -                                           | read-only
socket.request.max.bytes                           | int     | 104857600                  | >=1                                         | read-only
socket.send.buffer.bytes                           | int     | 102400                     | -                                           | read-only
telemetry.max.bytes                                | int     | 1048576                    | >=1                                         | read-only
unstable.api.versions.enable                       | boolean | false                      | -                                           | read-only internal
unstable.feature.versions.enable                   | boolean | false                      | -                                           | read-only internal
`)
