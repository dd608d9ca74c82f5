/** Reads `/config/changes`: which configuration other brokers have changed, and what it is now. */
import { KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import { type ConfigStore, resourceKey } from './config-store.ts'
import { ResourceType } from './config/registry.ts'
import type { ConfigMap } from './config/resolve.ts'
import { childrenOf, dataOf } from './loader.ts'
import { isKeeperError } from './startup.ts'
import {
  CONFIG_CHANGES_PATH,
  DEFAULT_ENTITY,
  configPath,
  decodeConfig,
  decodeConfigChange,
  desanitize,
} from './znodes.ts'

/** Readers that are away for longer read everything anew. Kafka's number. */
const NOTIFICATION_LIFE_MS = 15 * 60_000

/** A configuration that is now as given. */
export interface ChangedConfig {
  readonly resourceType: number
  /** '' for the brokers' default. */
  readonly name: string
  readonly config: ConfigMap
}

export class ConfigNotifications {
  #lastSequence: number = -1
  /** When each notification that still stands was made. */
  readonly #madeAtMs = new Map<string, number>()

  /** Skips what stands there now, and watches for more: whoever begins reads all configuration after this. */
  async begin(zookeeper: ZooKeeperClient, onChange: Watcher): Promise<void> {
    const names = await childrenOf(zookeeper, CONFIG_CHANGES_PATH, onChange)
    this.#madeAtMs.clear()
    for (const name of names) {
      this.#lastSequence = Math.max(this.#lastSequence, sequenceOf(name))
      // Of unknown age: looked at when the next one comes.
      this.#madeAtMs.set(name, -1)
    }
  }

  /** What was changed since the last call, each thing once, as it is now. */
  async read(
    zookeeper: ZooKeeperClient,
    onChange: Watcher,
    configs: ConfigStore,
    wallMs: number,
  ): Promise<readonly ChangedConfig[]> {
    const names = await childrenOf(zookeeper, CONFIG_CHANGES_PATH, onChange)
    const entities = new Map<string, { type: string; entity: string }>()
    const fresh = names.filter((name) => sequenceOf(name) > this.#lastSequence)
    const read = await Promise.all(fresh.map((name) => dataOf(zookeeper, `${CONFIG_CHANGES_PATH}/${name}`)))
    for (const [index, node] of read.entries()) {
      const name = fresh[index] ?? ''
      this.#lastSequence = Math.max(this.#lastSequence, sequenceOf(name))
      if (node === undefined) continue
      this.#madeAtMs.set(name, node.stat.ctimeMs)
      const named = decodeConfigChange(node.data)
      if (named !== undefined) entities.set(`${named.type}/${named.entity}`, named)
    }
    await this.#purge(zookeeper, new Set(names), wallMs)
    const now = await Promise.all([...entities.values()].map((named) => readEntity(zookeeper, named)))
    return now.flatMap((changed) => (changed === undefined || isKnown(configs, changed) ? [] : [changed]))
  }

  async #purge(zookeeper: ZooKeeperClient, standing: ReadonlySet<string>, wallMs: number): Promise<void> {
    for (const [name, madeAtMs] of [...this.#madeAtMs]) {
      if (!standing.has(name)) {
        this.#madeAtMs.delete(name)
        continue
      }
      const path = `${CONFIG_CHANGES_PATH}/${name}`
      const knownMs = madeAtMs >= 0 ? madeAtMs : ((await zookeeper.exists(path))?.ctimeMs ?? wallMs)
      this.#madeAtMs.set(name, knownMs)
      if (wallMs - knownMs <= NOTIFICATION_LIFE_MS) continue
      this.#madeAtMs.delete(name)
      await zookeeper.delete(path).catch((error: unknown) => {
        if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
      })
    }
  }
}

/** Kinds that something here obeys. */
const TYPES: ReadonlyMap<string, number> = new Map([
  ['topics', ResourceType.topic],
  ['brokers', ResourceType.broker],
  ['client-metrics', ResourceType.clientMetrics],
  ['groups', ResourceType.group],
])

async function readEntity(
  zookeeper: ZooKeeperClient,
  { type, entity }: { type: string; entity: string },
): Promise<ChangedConfig | undefined> {
  const resourceType = TYPES.get(type)
  if (resourceType === undefined) return undefined
  const isPlain = type === 'topics' || type === 'brokers'
  const plain = isPlain ? entity : desanitize(entity)
  if (plain === undefined) return undefined
  const node = await dataOf(zookeeper, configPath(type as 'topics' | 'brokers' | 'client-metrics' | 'groups', plain))
  const name = type === 'brokers' && entity === DEFAULT_ENTITY ? '' : plain
  return { resourceType, name, config: decodeConfig(node?.data ?? null) }
}

/** Our own changes come back as notifications, too. */
function isKnown(configs: ConfigStore, { resourceType, name, config }: ChangedConfig): boolean {
  const known =
    resourceType === ResourceType.topic
      ? configs.topics.get(name)
      : resourceType === ResourceType.broker
        ? configs.brokers.get(name)
        : configs.resources.get(resourceKey(resourceType, name))?.config
  return known !== undefined && sameText(known) === sameText(config)
}

function sameText(config: ConfigMap): string {
  return JSON.stringify(Object.entries(config).sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** The number behind the prefix, as ZooKeeper counts. */
function sequenceOf(name: string): number {
  return Number(/(\d+)$/.exec(name)?.[1] ?? -1)
}
