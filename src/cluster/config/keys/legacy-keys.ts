import { type ConfigKey, keysOf } from '../key.ts'

/** Broker keys that Kafka 3.9 in ZooKeeper mode has and Kafka 4 dropped. */
export const BROKER_LEGACY_KEYS: readonly ConfigKey[] = keysOf(`
broker.id.generation.enable            | boolean  | true                 | -                                  | read-only
control.plane.listener.name            | string   | null                 | -                                  | read-only
delegation.token.master.key            | password | null                 | -                                  | read-only
eligible.leader.replicas.enable        | boolean  | false                | -                                  | read-only internal
inter.broker.protocol.version          | string   | 3.9-IV0              | -                                  | read-only
leader.imbalance.per.broker.percentage | int      | 10                   | -                                  | read-only
log.message.downconversion.enable      | boolean  | true                 | -                                  | cluster-wide
log.message.format.version             | string   | 3.0-IV1              | -                                  | read-only
log.message.timestamp.difference.max.ms | long    | 9223372036854775807  | >=0                                | cluster-wide
offsets.commit.required.acks           | short    | -1                   | -                                  | read-only
password.encoder.cipher.algorithm      | string   | AES/CBC/PKCS5Padding | -                                  | read-only
password.encoder.iterations            | int      | 4096                 | >=1024                             | read-only
password.encoder.key.length            | int      | 128                  | >=8                                | read-only
password.encoder.keyfactory.algorithm  | string   | null                 | -                                  | read-only
password.encoder.old.secret            | password | null                 | -                                  | read-only
password.encoder.secret                | password | null                 | -                                  | read-only
quota.consumer.default                 | long     | 9223372036854775807  | >=1                                | read-only internal
quota.producer.default                 | long     | 9223372036854775807  | >=1                                | read-only internal
reserved.broker.max.id                 | int      | 1000                 | >=0                                | read-only
zookeeper.clientCnxnSocket             | string   | null                 | -                                  | read-only
zookeeper.connect                      | string   | null                 | -                                  | read-only
zookeeper.connection.timeout.ms        | int      | null                 | -                                  | read-only
zookeeper.max.in.flight.requests       | int      | 10                   | >=1                                | read-only
zookeeper.metadata.migration.enable    | boolean  | false                | -                                  | read-only
zookeeper.session.timeout.ms           | int      | 18000                | -                                  | read-only
zookeeper.set.acl                      | boolean  | false                | -                                  | read-only
zookeeper.ssl.cipher.suites            | list     | null                 | -                                  | read-only
zookeeper.ssl.client.enable            | boolean  | false                | -                                  | read-only
zookeeper.ssl.crl.enable               | boolean  | false                | -                                  | read-only
zookeeper.ssl.enabled.protocols        | list     | null                 | -                                  | read-only
zookeeper.ssl.endpoint.identification.algorithm | string | HTTPS          | -                                  | read-only
zookeeper.ssl.keystore.location        | string   | null                 | -                                  | read-only
zookeeper.ssl.keystore.password        | password | null                 | -                                  | read-only
zookeeper.ssl.keystore.type            | string   | null                 | -                                  | read-only
zookeeper.ssl.ocsp.enable              | boolean  | false                | -                                  | read-only
zookeeper.ssl.protocol                 | string   | TLSv1.2              | -                                  | read-only
zookeeper.ssl.truststore.location      | string   | null                 | -                                  | read-only
zookeeper.ssl.truststore.password      | password | null                 | -                                  | read-only
zookeeper.ssl.truststore.type          | string   | null                 | -                                  | read-only
`)

/** Topic keys that Kafka 4 dropped: still accepted, so that a topic made with 3.x and its tools keep working; they change nothing. */
export const TOPIC_LEGACY_KEYS: readonly ConfigKey[] = keysOf(`
message.downconversion.enable       | boolean | true                | -   | log.message.downconversion.enable internal
message.format.version              | string  | 3.0-IV1             | -   | log.message.format.version internal
message.timestamp.difference.max.ms | long    | 9223372036854775807 | >=0 | log.message.timestamp.difference.max.ms internal
`)
