import { type ConfigKey, keysOf } from '../key.ts'

/** What can be set for one group (KIP-848, share and streams groups). Last column: the broker key it falls back to. */
export const GROUP_KEYS: readonly ConfigKey[] = keysOf(`
consumer.assignment.interval.ms    | int     | 1000             | >=0                                    | group.consumer.assignment.interval.ms
consumer.heartbeat.interval.ms     | int     | 5000             | >=1                                    | group.consumer.heartbeat.interval.ms
consumer.session.timeout.ms        | int     | 45000            | >=1                                    | group.consumer.session.timeout.ms
share.assignment.interval.ms       | int     | 1000             | >=0                                    | group.share.assignment.interval.ms
share.auto.offset.reset            | string  | latest           | offset reset                           | -
share.delivery.count.limit         | int     | 5                | >=2                                    | group.share.delivery.count.limit
share.heartbeat.interval.ms        | int     | 5000             | >=1                                    | group.share.heartbeat.interval.ms
share.isolation.level              | string  | read_uncommitted | one of read_committed,read_uncommitted | -
share.partition.max.record.locks   | int     | 2000             | >=100                                  | group.share.partition.max.record.locks
share.record.lock.duration.ms      | int     | 30000            | >=1000                                 | group.share.record.lock.duration.ms
share.renew.acknowledge.enable     | boolean | true             | -                                      | -
share.session.timeout.ms           | int     | 45000            | >=1                                    | group.share.session.timeout.ms
streams.assignment.interval.ms     | int     | 1000             | >=0                                    | group.streams.assignment.interval.ms
streams.heartbeat.interval.ms      | int     | 5000             | >=1                                    | group.streams.heartbeat.interval.ms
streams.initial.rebalance.delay.ms | int     | 3000             | >=0                                    | group.streams.initial.rebalance.delay.ms
streams.num.standby.replicas       | int     | 0                | >=0                                    | group.streams.num.standby.replicas
streams.session.timeout.ms         | int     | 45000            | >=1                                    | group.streams.session.timeout.ms
`)
