import { type BrokerConfig, configNumber } from '../../cluster/config/broker-config.ts'
import { internalTopicSpec } from '../../cluster/config/internal-topics.ts'
import type { CreateTopicSpec } from '../../cluster/contract.ts'
import { assert } from '../../base/assert.ts'
import { DEFAULT_GROUP_CONFIG, type GroupConfig } from '../../coordinator/group/config.ts'
import { OFFSETS_TOPIC } from '../../model/names.ts'

/** What the group coordinators of a node are configured with. */
export interface GroupSettings {
  readonly groups: GroupConfig
  /** `offsets.topic.num.partitions`: by which groups are spread until the topic exists. */
  readonly partitionCount: number
  /** `offsets.retention.check.interval.ms` */
  readonly retentionCheckIntervalMs: number
  readonly offsetsTopic: (liveBrokerCount: number) => CreateTopicSpec
}

/** Reads the node's configuration. */
export function groupSettings(config: BrokerConfig): GroupSettings {
  const number = (name: string): number => configNumber(config, name)
  return {
    groups: {
      ...DEFAULT_GROUP_CONFIG,
      sessionTimeoutMinMs: number('group.min.session.timeout.ms'),
      sessionTimeoutMaxMs: number('group.max.session.timeout.ms'),
      initialRebalanceDelayMs: number('group.initial.rebalance.delay.ms'),
      memberCountMax: number('group.max.size'),
      offsetMetadataSizeMax: number('offset.metadata.max.bytes'),
      offsetsRetentionMs: number('offsets.retention.minutes') * 60_000,
    },
    partitionCount: number('offsets.topic.num.partitions'),
    retentionCheckIntervalMs: number('offsets.retention.check.interval.ms'),
    offsetsTopic: (liveBrokerCount) => {
      const spec = internalTopicSpec(OFFSETS_TOPIC, config, liveBrokerCount)
      assert(spec !== undefined, 'the offsets topic is internal')
      return spec
    },
  }
}
