/** How the topics that brokers keep for themselves are made when they are first needed. */
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../../model/names.ts'
import type { CreateTopicSpec } from '../contract.ts'
import { type BrokerConfig, configNumber, configText, isConfigured } from './broker-config.ts'

/**
 * The specification of an internal topic, or undefined when `name` is none.
 *
 * Kafka's defaults ask for three replicas, which a single node cannot give: a factor or minimum nobody set is lowered to
 * the number of brokers; one that was set is meant.
 *
 * @param brokerCount live brokers
 */
export function internalTopicSpec(
  name: string,
  config: BrokerConfig,
  brokerCount: number,
): CreateTopicSpec | undefined {
  const capped = (key: string): number =>
    isConfigured(config, key)
      ? configNumber(config, key)
      : Math.min(configNumber(config, key), Math.max(1, brokerCount))
  if (name === OFFSETS_TOPIC) {
    return {
      name,
      partitionCount: configNumber(config, 'offsets.topic.num.partitions'),
      replicationFactor: capped('offsets.topic.replication.factor'),
      assignments: [],
      config: {
        'cleanup.policy': 'compact',
        'compression.type': 'producer',
        'segment.bytes': configText(config, 'offsets.topic.segment.bytes'),
      },
    }
  }
  if (name === TRANSACTIONS_TOPIC) {
    const replicationFactor = capped('transaction.state.log.replication.factor')
    return {
      name,
      partitionCount: configNumber(config, 'transaction.state.log.num.partitions'),
      replicationFactor,
      assignments: [],
      config: {
        'cleanup.policy': 'compact',
        'compression.type': 'uncompressed',
        'min.insync.replicas': String(capped('transaction.state.log.min.isr')),
        'segment.bytes': configText(config, 'transaction.state.log.segment.bytes'),
        'unclean.leader.election.enable': 'false',
      },
    }
  }
  return undefined
}
