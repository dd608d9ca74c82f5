import {
  alterConfig,
  type ConfigChange,
  type ConfigEntry,
  ConfigOperation,
  type ConfigResource,
  ConfigResourceType,
  ConfigSource,
  describeConfig,
} from '../../client/admin/configs.ts'
import { listGroups } from '../../client/admin/groups.ts'
import { listTopics } from '../../client/admin/topics.ts'
import { UsageError } from '../failure.ts'
import type { Session } from '../session.ts'
import type { Flags } from './flags.ts'
import type { Shim } from './run-shim.ts'

const TYPES: Readonly<Record<string, { readonly type: ConfigResourceType; readonly singular: string }>> = {
  topics: { type: ConfigResourceType.topic, singular: 'topic' },
  brokers: { type: ConfigResourceType.broker, singular: 'broker' },
  'broker-loggers': { type: ConfigResourceType.brokerLogger, singular: 'broker-logger' },
  groups: { type: ConfigResourceType.group, singular: 'group' },
}

const SOURCE_NAMES: Readonly<Record<number, string>> = {
  [ConfigSource.dynamicTopic]: 'DYNAMIC_TOPIC_CONFIG',
  [ConfigSource.dynamicBroker]: 'DYNAMIC_BROKER_CONFIG',
  [ConfigSource.dynamicDefaultBroker]: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  [ConfigSource.staticBroker]: 'STATIC_BROKER_CONFIG',
  [ConfigSource.default]: 'DEFAULT_CONFIG',
  [ConfigSource.dynamicBrokerLogger]: 'DYNAMIC_BROKER_LOGGER_CONFIG',
  [ConfigSource.clientMetrics]: 'DYNAMIC_CLIENT_METRICS_CONFIG',
  [ConfigSource.group]: 'DYNAMIC_GROUP_CONFIG',
}

/** Users, clients and addresses have quotas and credentials, which this tool does not handle. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  topic: 'topics',
  broker: 'brokers',
  'broker-logger': 'broker-loggers',
  group: 'groups',
}

/** kafka-configs.sh, for topics, brokers, broker loggers and groups. */
export const configsShim: Shim = {
  name: 'kafka-configs.sh',
  purpose: 'This tool helps to manipulate and describe entity config for a topic, broker or group.',
  flags: {
    alter: 'none',
    describe: 'none',
    all: 'none',
    'entity-type': 'one',
    'entity-name': 'one',
    'entity-default': 'none',
    'add-config': 'one',
    'add-config-file': 'one',
    'delete-config': 'several',
    topic: 'one',
    broker: 'one',
    'broker-defaults': 'none',
    'broker-logger': 'one',
    group: 'one',
  },
  errorPrefix: 'Error while executing config command\n',
  check: (flags) => {
    if (flags.has('alter') === flags.has('describe')) {
      throw new UsageError('Command must include exactly one action: --describe, --alter')
    }
    if (
      flags.has('alter') &&
      flags.one('add-config') === undefined &&
      flags.one('add-config-file') === undefined &&
      !flags.has('delete-config')
    ) {
      throw new UsageError(
        'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
      )
    }
    entity(flags)
  },
  run: async (session, flags) => {
    if (flags.has('describe')) await describe(session, flags)
    else await alter(session, flags)
  },
}

interface Entity {
  readonly type: ConfigResourceType
  readonly singular: string
  /** Undefined for all of this type; empty for the default. */
  readonly name: string | undefined
}

function entity(flags: Flags): Entity {
  for (const [flag, plural] of Object.entries(SHORT_FORMS)) {
    const known = TYPES[plural]
    if (flags.one(flag) !== undefined && known !== undefined) return { ...known, name: flags.one(flag) }
  }
  if (flags.has('broker-defaults')) return { type: ConfigResourceType.broker, singular: 'broker', name: '' }
  const text = flags.one('entity-type')
  if (text === undefined)
    throw new UsageError(
      'At least one entity must be specified: --entity-type, --topic, --broker, --broker-defaults, --broker-logger or --group',
    )
  const known = TYPES[text]
  if (known === undefined) {
    throw new UsageError(
      `Invalid entity type ${text}, the entity type must be one of ${Object.keys(TYPES).join(', ')} with a bootstrap-server`,
    )
  }
  return { ...known, name: flags.has('entity-default') ? '' : flags.one('entity-name') }
}

async function describe(session: Session, flags: Flags): Promise<void> {
  const { context, admin } = session
  const { type, singular, name } = entity(flags)
  const isAll = flags.has('all')
  for (const one of name === undefined ? await allNames(session, type) : [name]) {
    const entries = (await describeConfig(admin, { type, name: one })).filter(
      (entry) => isAll || isOwn(entry, type, one),
    )
    const what =
      one === ''
        ? `Default configs for ${singular}s in the cluster are:`
        : `${isAll ? 'All' : 'Dynamic'} configs for ${singular} ${one} are:`
    const lines = [...entries].sort((left, right) => (left.name < right.name ? -1 : 1)).map(entryLine)
    await context.out(`${[what, ...lines].join('\n')}\n`)
  }
}

/** Whether a value was set for the very thing that is described. */
function isOwn({ source }: ConfigEntry, type: ConfigResourceType, name: string): boolean {
  switch (type) {
    case ConfigResourceType.topic:
      return source === ConfigSource.dynamicTopic
    case ConfigResourceType.broker:
      return source === (name === '' ? ConfigSource.dynamicDefaultBroker : ConfigSource.dynamicBroker)
    case ConfigResourceType.group:
      return source === ConfigSource.group
    default:
      return true
  }
}

function entryLine({ name, value, isSensitive, synonyms }: ConfigEntry): string {
  const from = synonyms.map(
    (synonym) => `${SOURCE_NAMES[synonym.source] ?? 'UNKNOWN'}:${synonym.name}=${synonym.value}`,
  )
  return `  ${name}=${value} sensitive=${isSensitive} synonyms={${from.join(', ')}}`
}

async function allNames({ admin, cluster }: Session, type: ConfigResourceType): Promise<readonly string[]> {
  if (type === ConfigResourceType.topic) return (await listTopics(admin)).map(({ name }) => name)
  if (type === ConfigResourceType.group) return (await listGroups(admin)).map(({ groupId }) => groupId)
  await cluster.refresh()
  return [...cluster.brokers.map(({ nodeId }) => String(nodeId)), '']
}

async function alter({ context, admin }: Session, flags: Flags): Promise<void> {
  const { type, singular, name } = entity(flags)
  if (name === undefined) throw new UsageError('an entity name must be specified with --alter of this type')
  const resource: ConfigResource = { type, name }
  const file = flags.one('add-config-file')
  const added = file === undefined ? pairs(flags.one('add-config') ?? '') : pairsOfFile(await context.readFile(file))
  const changes: ConfigChange[] = added.map(([key, value]) => ({ name: key, value, operation: ConfigOperation.set }))
  for (const text of flags.all('delete-config').flatMap((list) => list.split(','))) {
    changes.push({ name: text.trim(), value: null, operation: ConfigOperation.delete })
  }
  await alterConfig(admin, resource, changes)
  await context.out(
    name === ''
      ? `Completed updating default config for ${singular}s in the cluster.\n`
      : `Completed updating config for ${singular} ${name}.\n`,
  )
}

/** Reads `a=1,b=[2,3]`: square brackets keep commas together. @throws UsageError */
export function pairs(text: string): readonly (readonly [string, string])[] {
  if (text.trim() === '') return []
  return text.split(/,(?![^[]*\])/).map((pair) => {
    const at = pair.indexOf('=')
    if (at <= 0)
      throw new UsageError(
        'Invalid entity config: all configs to be added must be in the format "key=val" or "key=[val1,val2]".',
      )
    const value = pair.slice(at + 1).trim()
    return [pair.slice(0, at).trim(), value.replace(/^\[(?<inside>[\s\S]*)\]$/, '$<inside>')]
  })
}

function pairsOfFile(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('!'))
    .flatMap((line) => {
      const at = line.indexOf('=')
      return at <= 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const]
    })
}
