/** Dynamic configuration as this node knows it, controller or not: loaded at start, kept up by notifications and own writes. */
import { type BrokerLayers, type ConfigMap, brokerValue } from './config/resolve.ts'
import { booleanValue } from './config/values.ts'

/** A configured thing that is neither topic nor broker: key `type/name`, types as in the protocol. */
export interface ResourceRecord {
  readonly resourceType: number
  readonly name: string
  readonly config: ConfigMap
}

export class ConfigStore {
  /** A topic that is missing here has not been read yet. */
  readonly topics: Map<string, ConfigMap> = new Map()
  /** By broker id as text; '' for the cluster-wide default. */
  readonly brokers: Map<string, ConfigMap> = new Map()
  readonly resources: Map<string, ResourceRecord> = new Map()

  topic(name: string): ConfigMap {
    return this.topics.get(name) ?? NOTHING_SET
  }

  /** The layers that a broker's own topics fall back to. */
  layers(brokerId: number, ownStatic: ConfigMap): BrokerLayers {
    return {
      dynamic: this.brokers.get(String(brokerId)) ?? {},
      dynamicDefault: this.brokers.get('') ?? {},
      static: ownStatic,
    }
  }

  /** `unclean.leader.election.enable` of a topic, over the layers of the broker that decides. */
  isUncleanAllowed(topic: string, layers: BrokerLayers): boolean {
    const own = this.topic(topic)['unclean.leader.election.enable']
    return booleanValue(own ?? brokerValue('unclean.leader.election.enable', layers) ?? 'false')
  }
}

const NOTHING_SET: ConfigMap = {}

export function resourceKey(resourceType: number, name: string): string {
  return `${resourceType}/${name}`
}
