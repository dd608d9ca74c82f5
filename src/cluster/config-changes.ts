/**
 * Configuration changed at run time, on any broker: decided, written with a notification for the others, then obeyed by the
 * partitions concerned and shown to everybody here.
 */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode, type MultiOperation, type ZooKeeperClient } from '../zookeeper/contract.ts'
import type { BrokerAgent } from './agent/agent.ts'
import { type ConfigStore, resourceKey } from './config-store.ts'
import { ResourceType } from './config/registry.ts'
import type { BrokerLayers, ConfigMap } from './config/resolve.ts'
import type { ConfigChange, ControlResult, ViewUpdate } from './contract.ts'
import { type ConfigDecision, decideConfigs } from './decide-configs.ts'
import { ControllerMovedError, GuardedWriter } from './guarded-writer.ts'
import { dataOf } from './loader.ts'
import {
  CONFIG_CHANGE_PATH,
  CONTROLLER_PATH,
  type ConfigEntityType,
  DEFAULT_ENTITY,
  configPath,
  decodeConfig,
  decodeController,
  encodeConfig,
  encodeConfigChange,
} from './znodes.ts'

export interface ConfigContext {
  readonly zookeeper: ZooKeeperClient
  readonly configs: ConfigStore
  readonly agent: BrokerAgent
  readonly layers: () => BrokerLayers
}

type Answer = ControlResult & { readonly resourceType: number; readonly name: string }
type Accepted = ConfigDecision & { readonly config: ConfigMap }

/** A controller that is elected during the write makes it fail; another try meets it in office. */
const TRIES_MAX = 5

export class ConfigChanges {
  readonly #context: ConfigContext

  constructor(context: ConfigContext) {
    this.#context = context
  }

  async alter(changes: readonly ConfigChange[], validateOnly: boolean): Promise<readonly Answer[]> {
    const { agent, layers } = this.#context
    const stored = await this.#readStored(changes)
    const decisions = decideConfigs(
      {
        hasTopic: (name) => agent.hasTopic(name),
        hasBroker: (id) => agent.brokers.some((broker) => broker.id === id),
        current: (change) => stored.get(change)?.config ?? {},
        layers,
      },
      changes,
    )
    const accepted = decisions.filter((decision): decision is Accepted => decision.config !== undefined)
    if (validateOnly || accepted.length === 0) return decisions.map((decision) => answer(decision))
    const codes = await this.#write(
      accepted.map((decision) => writesOf(decision, stored.get(decision.change) !== undefined)),
    )
    if (codes === undefined) return decisions.map((decision) => withoutController(decision))
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

  /** As the tree has it: another broker may have written since its last notification came. Missing where nothing is stored. */
  async #readStored(
    changes: readonly ConfigChange[],
  ): Promise<ReadonlyMap<ConfigChange, { readonly config: ConfigMap } | undefined>> {
    const rows = await Promise.all(
      changes.map(async (change) => {
        const entity = entityOf(change)
        // A resource that cannot have a name has no znode either.
        if (entity === undefined) return [change, undefined] as const
        const node = await dataOf(this.#context.zookeeper, configPath(entity.type, entity.entity))
        return [change, node === undefined ? undefined : { config: decodeConfig(node.data) }] as const
      }),
    )
    return new Map(rows)
  }

  /** @returns ZooKeeper's code by group; undefined when there is no controller of this kind of cluster */
  async #write(groups: readonly (readonly MultiOperation[])[]): Promise<readonly number[] | undefined> {
    const { zookeeper } = this.#context
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const node = await dataOf(zookeeper, CONTROLLER_PATH)
      const controller = decodeController(node?.data ?? null)
      if (node === undefined || controller === undefined || controller.kraftControllerEpoch > 0) return undefined
      const writer = new GuardedWriter(zookeeper, node.stat.version, CONTROLLER_PATH)
      try {
        return await writer.write(groups.map((operations) => ({ operations })))
      } catch (error) {
        if (!(error instanceof ControllerMovedError)) throw error
      }
    }
    return undefined
  }

  async #inForce(done: readonly Accepted[]): Promise<void> {
    if (done.length === 0) return
    const { configs, agent } = this.#context
    const topics: string[] = []
    const updates: ViewUpdate[] = []
    for (const { change, config } of done) {
      const update = applyConfig(configs, change.resourceType, change.name, config)
      if (update === undefined) topics.push(change.name)
      else updates.push(update)
    }
    const areLayersChanged = done.some(({ change }) => change.resourceType === ResourceType.broker)
    await agent.configured(topics, areLayersChanged, updates)
  }
}

/** @returns what every thread must hear; undefined for a topic, whose view holds its configuration */
export function applyConfig(
  configs: ConfigStore,
  resourceType: number,
  name: string,
  config: ConfigMap,
): ViewUpdate | undefined {
  switch (resourceType) {
    case ResourceType.topic:
      configs.topics.set(name, config)
      return undefined
    case ResourceType.broker:
      configs.brokers.set(name, config)
      return { kind: 'brokerConfig', broker: name, config }
    default:
      configs.resources.set(resourceKey(resourceType, name), { resourceType, name, config })
      return { kind: 'resourceConfig', resourceType, name, config }
  }
}

function writesOf({ change, config }: Accepted, isStored: boolean): readonly MultiOperation[] {
  const entity = entityOf(change)
  if (entity === undefined) return []
  const path = configPath(entity.type, entity.entity)
  const data = encodeConfig(config)
  const notification = encodeConfigChange(entity.type, entity.entity)
  return [
    isStored ? { kind: 'set', path, data, version: -1 } : { kind: 'create', path, data, mode: 'persistent' },
    { kind: 'create', path: CONFIG_CHANGE_PATH, data: notification, mode: 'persistent-sequential' },
  ]
}

function answer({ change, result }: ConfigDecision): Answer {
  return { resourceType: change.resourceType, name: change.name, ...result }
}

function withoutController(decision: ConfigDecision): Answer {
  const refused = decision.config === undefined
  if (refused) return answer(decision)
  const message = 'No controller is elected right now: try again.'
  return { ...answer(decision), code: ErrorCode.requestTimedOut, message }
}

function entityOf(change: ConfigChange): { readonly type: ConfigEntityType; readonly entity: string } | undefined {
  switch (change.resourceType) {
    case ResourceType.topic:
      return isPathElement(change.name) ? { type: 'topics', entity: change.name } : undefined
    case ResourceType.broker:
      if (change.name === '') return { type: 'brokers', entity: DEFAULT_ENTITY }
      return isPathElement(change.name) ? { type: 'brokers', entity: change.name } : undefined
    case ResourceType.clientMetrics:
      return change.name === '' ? undefined : { type: 'client-metrics', entity: change.name }
    case ResourceType.group:
      return change.name === '' ? undefined : { type: 'groups', entity: change.name }
    default:
      return undefined
  }
}

/** Names that are refused later must not lead elsewhere in the tree before. */
function isPathElement(name: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(name) && name !== '.' && name !== '..'
}
