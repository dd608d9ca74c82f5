/** A node's copy of all dynamic configuration: read when it joins, then changed as notifications tell. */
import type { Timers } from '../io/ports.ts'
import { KeeperError, KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import type { BrokerAgent } from './agent/agent.ts'
import { applyConfig } from './config-changes.ts'
import { type ChangedConfig, ConfigNotifications } from './config-notifications.ts'
import { ConfigStore } from './config-store.ts'
import { ResourceType } from './config/registry.ts'
import type { ViewUpdate } from './contract.ts'
import { loadConfigs, loadTopicConfigs } from './loader.ts'
import { FEATURE_PATH } from './znodes.ts'

const RECONNECT_WAIT_MS = 100

export class NodeConfigs {
  readonly store: ConfigStore = new ConfigStore()
  readonly #notifications: ConfigNotifications = new ConfigNotifications()

  /** Everything; from then on `onChange` fires when something changes. */
  async readAll(zookeeper: ZooKeeperClient, onChange: Watcher, agent: BrokerAgent): Promise<void> {
    const { store } = this
    await this.#notifications.begin(zookeeper, onChange)
    const [loaded, features] = await Promise.all([loadConfigs(zookeeper), zookeeper.exists(FEATURE_PATH)])
    const topics = [...store.topics.keys()].filter((name) => agent.hasTopic(name))
    store.topics.clear()
    for (const [name, config] of loaded.topics) store.topics.set(name, config)
    const updates: readonly ViewUpdate[] = [
      // Changed by Kafka's controllers only when inter.broker.protocol.version is: the next session sees it.
      { kind: 'features' as const, epoch: features?.version ?? -1 },
      ...[...loaded.brokers].map(([name, config]) => applyConfig(store, ResourceType.broker, name, config)),
      ...loaded.resources.map(({ resourceType, name, config }) => applyConfig(store, resourceType, name, config)),
    ].filter((update): update is ViewUpdate => update !== undefined)
    await agent.configured(topics, true, updates)
  }

  /** What others have changed; partitions obey it and every thread sees it when it resolves. @returns whether there was anything */
  async readChanges(
    zookeeper: ZooKeeperClient,
    onChange: Watcher,
    wallMs: number,
    agent: BrokerAgent,
  ): Promise<boolean> {
    const changed = await this.#notifications.read(zookeeper, onChange, this.store, wallMs)
    if (changed.length > 0) await this.#apply(changed, agent)
    return changed.length > 0
  }

  /** Our server may be behind the one through which the controller has written them: a topic would seem to have no settings. */
  async readTopics(zookeeper: ZooKeeperClient, topics: readonly string[]): Promise<void> {
    await zookeeper.sync('/')
    for (const [name, config] of await loadTopicConfigs(zookeeper, topics)) this.store.topics.set(name, config)
  }

  /** For a command that waits for the answer and that no controller repeats: a lost connection is waited out. */
  async readTopicsPatiently(
    zookeeper: ZooKeeperClient,
    topics: readonly string[],
    timers: Timers,
    isOver: () => boolean,
  ): Promise<void> {
    for (;;) {
      try {
        return await this.readTopics(zookeeper, topics)
      } catch (error) {
        const isPassing = error instanceof KeeperError && error.code === KeeperErrorCode.connectionLoss
        if (!isPassing || isOver()) throw error
        await new Promise<void>((resolve) => timers.start(RECONNECT_WAIT_MS, resolve))
      }
    }
  }

  async #apply(changed: readonly ChangedConfig[], agent: BrokerAgent): Promise<void> {
    const topics: string[] = []
    const updates: ViewUpdate[] = []
    for (const { resourceType, name, config } of changed) {
      const update = applyConfig(this.store, resourceType, name, config)
      if (update === undefined) topics.push(name)
      else updates.push(update)
    }
    const areLayersChanged = changed.some(({ resourceType }) => resourceType === ResourceType.broker)
    await agent.configured(topics, areLayersChanged, updates)
  }
}
