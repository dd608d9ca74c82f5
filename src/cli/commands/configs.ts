import {
  alterConfig,
  type ConfigChange,
  ConfigOperation,
  type ConfigResource,
  ConfigResourceType,
  ConfigSource,
  describeConfig,
} from '../../client/admin/configs.ts'
import { UsageError } from '../failure.ts'
import { keyValues } from '../options.ts'
import type { Session } from '../session.ts'
import { json, table } from '../table.ts'

const TYPES: Readonly<Record<string, ConfigResourceType>> = {
  topic: ConfigResourceType.topic,
  broker: ConfigResourceType.broker,
  group: ConfigResourceType.group,
}

const SOURCE_NAMES: Readonly<Record<number, string>> = {
  [ConfigSource.dynamicTopic]: 'topic',
  [ConfigSource.dynamicBroker]: 'broker',
  [ConfigSource.dynamicDefaultBroker]: 'all brokers',
  [ConfigSource.staticBroker]: 'file',
  [ConfigSource.default]: 'default',
  [ConfigSource.group]: 'group',
}

/** @param name a topic, a broker id or `default` for all brokers, a group; @throws UsageError */
export function configResource(type: string, name: string): ConfigResource {
  const known = TYPES[type]
  if (known === undefined)
    throw new UsageError(`'${type}' has no configuration: write ${Object.keys(TYPES).join(', ')}`)
  if (known === ConfigResourceType.broker && name !== 'default' && !/^\d+$/.test(name)) {
    throw new UsageError(`'${name}' is no broker: write its id, or 'default' for all brokers`)
  }
  return { type: known, name: known === ConfigResourceType.broker && name === 'default' ? '' : name }
}

export async function describeConfigsCommand(
  { context, admin, format }: Session,
  resource: ConfigResource,
  flags: { readonly all?: boolean | undefined },
): Promise<void> {
  const entries = [...(await describeConfig(admin, resource))]
    .filter(({ source }) => flags.all === true || source !== ConfigSource.default)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
  if (format === 'json') {
    await context.out(
      json(entries.map((entry) => ({ ...entry, source: SOURCE_NAMES[entry.source] ?? String(entry.source) }))),
    )
    return
  }
  const rows = entries.map(({ name, value, isSensitive, source }) => [
    name,
    isSensitive ? '(hidden)' : (value ?? ''),
    SOURCE_NAMES[source] ?? source,
  ])
  await context.out(table(['KEY', 'VALUE', 'SET BY'], rows))
}

export async function alterConfigsCommand(
  { context, admin }: Session,
  resource: ConfigResource,
  flags: { readonly set: readonly string[]; readonly unset: readonly string[]; readonly dryRun?: boolean | undefined },
): Promise<void> {
  const changes: ConfigChange[] = [
    ...Object.entries(keyValues('--set', flags.set)).map(([name, value]) => ({
      name,
      value,
      operation: ConfigOperation.set,
    })),
    ...flags.unset.map((name) => ({ name, value: null, operation: ConfigOperation.delete })),
  ]
  if (changes.length === 0) throw new UsageError('say what to change: --set key=value or --unset key')
  await alterConfig(admin, resource, changes, flags.dryRun ?? false)
  await context.out(
    flags.dryRun === true ? 'this could be changed\n' : `changed ${changes.map(({ name }) => name).join(', ')}\n`,
  )
}
