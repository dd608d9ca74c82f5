/** Configuration changed at run time: decided, written, then obeyed by the partitions concerned and shown to everybody. */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode, type MultiOperation } from '../zookeeper/contract.ts'
import { ResourceType } from './config/registry.ts'
import type { ConfigMap } from './config/resolve.ts'
import type { ConfigChange, ControlResult, LocalPartition, ViewUpdate } from './contract.ts'
import type { ControllerContext } from './controller-context.ts'
import { type ConfigDecision, decideConfigs } from './decide-configs.ts'
import { localPartitions, resourceKey, topicView } from './state.ts'
import {
  CONFIG_CHANGE_PATH,
  type ConfigEntityType,
  DEFAULT_ENTITY,
  configPath,
  encodeConfig,
  encodeConfigChange,
} from './znodes.ts'

export class ConfigChanges {
  readonly #context: ControllerContext

  constructor(context: ControllerContext) {
    this.#context = context
  }

  async alter(
    changes: readonly ConfigChange[],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly resourceType: number; readonly name: string })[]> {
    const { state, dependencies, writer } = this.#context
    const decisions = decideConfigs(state, changes, dependencies.brokerId, dependencies.config.properties)
    const answer = ({ change, result }: ConfigDecision): ControlResult & { resourceType: number; name: string } => ({
      resourceType: change.resourceType,
      name: change.name,
      ...result,
    })
    const accepted = decisions.filter((decision): decision is Accepted => decision.config !== undefined)
    if (validateOnly || accepted.length === 0) return decisions.map((decision) => answer(decision))
    const writes = await Promise.all(accepted.map((decision) => this.#writesOf(decision)))
    const codes = await writer.write(writes.map((operations) => ({ operations })))
    const failed = new Map<ConfigDecision, number>()
    const done: Accepted[] = []
    for (const [index, decision] of accepted.entries()) {
      const code = codes[index] ?? KeeperErrorCode.ok
      if (code === KeeperErrorCode.ok) done.push(decision)
      else failed.set(decision, code)
    }
    await this.#inForce(done)
    return decisions.map((decision) => {
      const code = failed.get(decision)
      if (code === undefined) return answer(decision)
      const message = `ZooKeeper refused to write the configuration with code ${code}.`
      return { ...answer(decision), code: ErrorCode.unknownServerError, message }
    })
  }

  async #writesOf({ change, config }: Accepted): Promise<readonly MultiOperation[]> {
    const { type, entity } = entityOf(change)
    const path = configPath(type, entity)
    const data = encodeConfig(config)
    const stat = await this.#context.zookeeper.exists(path)
    const write: MultiOperation =
      stat === undefined ? { kind: 'create', path, data, mode: 'persistent' } : { kind: 'set', path, data, version: -1 }
    // Only other brokers read notifications, and one that starts now reads everything: alone, nobody needs them.
    if (this.#context.state.brokers.size < 2) return [write]
    const notification = encodeConfigChange(type, entity)
    return [write, { kind: 'create', path: CONFIG_CHANGE_PATH, data: notification, mode: 'persistent-sequential' }]
  }

  async #inForce(done: readonly Accepted[]): Promise<void> {
    if (done.length === 0) return
    const { dependencies } = this.#context
    const before = this.#local()
    const updates = done.map((decision) => this.#apply(decision))
    const changed = changedConfigs(before, this.#local())
    if (changed.length > 0) await dependencies.effects.reconfigure(changed)
    await dependencies.effects.publish(
      updates.map((update) => (update.kind === 'topicByName' ? this.#topicUpdate(update.name) : update)),
    )
  }

  #topicUpdate(name: string): ViewUpdate {
    const topic = this.#context.state.topic(name)
    return topic === undefined
      ? { kind: 'topicGone', name }
      : { kind: 'topic', topic: topicView(topic, this.#context.state.brokers) }
  }

  #apply({ change, config }: Accepted): ViewUpdate | { readonly kind: 'topicByName'; readonly name: string } {
    const { state } = this.#context
    const { resourceType, name } = change
    if (resourceType === ResourceType.topic) {
      const topic = state.topic(name)
      if (topic !== undefined) state.putTopic({ ...topic, config })
      return { kind: 'topicByName', name }
    }
    if (resourceType === ResourceType.broker) {
      state.brokerConfigs.set(name, config)
      return { kind: 'brokerConfig', broker: name, config }
    }
    state.resources.set(resourceKey(resourceType, name), { resourceType, name, config })
    return { kind: 'resourceConfig', resourceType, name, config }
  }

  /** All partitions led here, by topic. A broker's configuration is every topic's fallback, so any may change. */
  #local(): ReadonlyMap<string, readonly LocalPartition[]> {
    const { state, dependencies, layers } = this.#context
    const current = layers()
    return new Map(
      [...state.topics.values()].map((topic) => [topic.name, localPartitions(topic, dependencies.brokerId, current)]),
    )
  }
}

type Accepted = ConfigDecision & { readonly config: ConfigMap }

function changedConfigs(
  before: ReadonlyMap<string, readonly LocalPartition[]>,
  after: ReadonlyMap<string, readonly LocalPartition[]>,
): readonly LocalPartition[] {
  return [...after].flatMap(([topic, partitions]) => {
    const old = before.get(topic)?.[0]?.config
    const now = partitions[0]?.config
    return now === undefined || (old !== undefined && JSON.stringify(old) === JSON.stringify(now)) ? [] : partitions
  })
}

function entityOf(change: ConfigChange): { readonly type: ConfigEntityType; readonly entity: string } {
  switch (change.resourceType) {
    case ResourceType.topic:
      return { type: 'topics', entity: change.name }
    case ResourceType.broker:
      return { type: 'brokers', entity: change.name === '' ? DEFAULT_ENTITY : change.name }
    case ResourceType.clientMetrics:
      return { type: 'client-metrics', entity: change.name }
    default:
      return { type: 'groups', entity: change.name }
  }
}
