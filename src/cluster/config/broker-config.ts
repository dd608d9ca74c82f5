/**
 * A node's own configuration: Kafka's `server.properties` (of 3.9 or 4.x), environment variables and overrides, checked
 * and typed. A plain value: it crosses to the workers.
 */
import { type ListenerConfig, isWildcardHost, parseListeners, parseProtocolMap } from './listeners.ts'
import { nearestName } from './nearest.ts'
import { PropertiesError, parseProperties } from './properties.ts'
import { brokerKeyOf, brokerKeys } from './registry.ts'
import type { ConfigMap } from './resolve.ts'
import { allowedValues, booleanValue, listItems, numberValue, whyInvalidValue } from './values.ts'

export interface BrokerConfig {
  /** -1: take the id of an earlier start, or have one generated. */
  readonly nodeId: number
  readonly rack: string | null
  readonly listeners: readonly ListenerConfig[]
  /** What clients are told, by listener. An empty host stands for the one the client used. */
  readonly advertisedListeners: readonly ListenerConfig[]
  readonly interBrokerListener: string
  readonly logDirectories: readonly string[]
  /** null: the embedded keeper. */
  readonly zookeeperConnect: string | null
  /** Everything that was set, keys nobody knows included: what DescribeConfigs shows as the broker's static layer. */
  readonly properties: ConfigMap
}

export interface BrokerConfigSources {
  /** Text of a properties file; undefined when there is none. */
  readonly file?: string | undefined
  /** Environment variables: `KAFKA_LOG_RETENTION_MS` sets `log.retention.ms`. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** `key=value` each, strongest. */
  readonly overrides?: readonly string[]
}

export interface BrokerConfigOutcome {
  /** undefined when there are errors. */
  readonly config: BrokerConfig | undefined
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Reads and checks everything; finds all faults rather than the first. */
export function readBrokerConfig(sources: BrokerConfigSources): BrokerConfigOutcome {
  const errors: string[] = []
  const warnings: string[] = []
  const properties = gather(sources, errors)
  for (const [name, value] of Object.entries(properties)) checkProperty(name, value, errors, warnings)
  const config = assemble(properties, errors, warnings)
  return { config: errors.length === 0 ? config : undefined, errors, warnings }
}

/** Value of a broker key that is a number: as set, else its default. */
export function configNumber(config: BrokerConfig, name: string): number {
  return numberValue(configText(config, name))
}

export function configFlag(config: BrokerConfig, name: string): boolean {
  return booleanValue(configText(config, name))
}

/** Value of a broker key as text: as set, else its default; '' when it has neither. */
export function configText(config: BrokerConfig, name: string): string {
  return textOf(config.properties, name)
}

/** Whether somebody set the key, as opposed to its default being in force. */
export function isConfigured(config: BrokerConfig, name: string): boolean {
  return config.properties[name] !== undefined
}

function textOf(properties: ConfigMap, name: string): string {
  return properties[name] ?? brokerKeys.get(name)?.defaultValue ?? ''
}

function gather(sources: BrokerConfigSources, errors: string[]): Record<string, string> {
  const properties: Record<string, string> = {}
  try {
    for (const [key, value] of parseProperties(sources.file ?? '')) properties[key] = value.trim()
  } catch (error) {
    if (!(error instanceof PropertiesError)) throw error
    errors.push(error.message)
  }
  for (const [variable, value] of Object.entries(sources.environment ?? {})) {
    const key = keyOfVariable(variable)
    if (key !== undefined && value !== undefined) properties[key] = value.trim()
  }
  for (const override of sources.overrides ?? []) {
    const equals = override.indexOf('=')
    if (equals <= 0) {
      errors.push(`--override '${override}' is not allowed: write key=value`)
      continue
    }
    properties[override.slice(0, equals).trim()] = override.slice(equals + 1).trim()
  }
  return properties
}

/** Variables of Kafka's start scripts and images that are no broker keys. */
const SCRIPT_VARIABLES =
  /^KAFKA_(HEAP_OPTS|OPTS|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|LOG4J_.*|LOG4J2_.*|JMX_.*|DEBUG|DEBUG_.*|HOME|VERSION|CFG_.*|SCALA_VERSION|CLASSPATH|DAEMON_MODE|MODE|TOOLS_LOG4J_LOGLEVEL|ROOT_LOGLEVEL|DATA_DIR|CONF.*|CLUSTER_ID)$/

const keysByLowerCase: ReadonlyMap<string, string> = new Map(
  [...brokerKeys.keys()].map((key) => [key.toLowerCase(), key]),
)

/** `___` stands for `-`, `__` for `_`, `_` for `.`, as in Kafka's own images. */
function keyOfVariable(variable: string): string | undefined {
  const isOurs = variable.startsWith('JACKDAW_')
  if (!isOurs && (!variable.startsWith('KAFKA_') || SCRIPT_VARIABLES.test(variable))) return undefined
  const rest = isOurs ? variable : variable.slice('KAFKA_'.length)
  const key = rest
    .toLowerCase()
    .replace(/_{1,3}/g, (dashes) => (dashes.length === 3 ? '-' : dashes.length === 2 ? '_' : '.'))
  const known = keysByLowerCase.get(key)
  // Variables of ours that are no keys (where the data lies, say) are for the command line to judge.
  return isOurs ? known : (known ?? key)
}

function checkProperty(name: string, value: string, errors: string[], warnings: string[]): void {
  const key = brokerKeyOf(name)
  if (key === undefined) {
    if (isPluginProperty(name)) return
    const nearest = nearestName(name, brokerKeys.keys())
    warnings.push(
      `unknown configuration ${name} is ignored${nearest === undefined ? '' : `: did you mean ${nearest}?`}`,
    )
    return
  }
  const problem = whyInvalidValue(key, value)
  if (problem !== undefined) errors.push(`${problem}. Allowed: ${allowedValues(key)}`)
}

const PLUGIN_PROPERTY = /^(rlmm\.config|rsm\.config|config\.providers|listener\.name|kafka\.|confluent\.|ssl\.|sasl\.)/

function isPluginProperty(name: string): boolean {
  return PLUGIN_PROPERTY.test(name)
}

function assemble(properties: ConfigMap, errors: string[], warnings: string[]): BrokerConfig {
  const protocols = parseProtocolMap(properties['listener.security.protocol.map'] ?? '', errors)
  const controllerNames = new Set(
    listItems(textOf(properties, 'controller.listener.names')).map((name) => name.toUpperCase()),
  )
  for (const name of controllerNames)
    if (!protocols.has(name)) (protocols as Map<string, string>).set(name, 'PLAINTEXT')
  const forClients = (listener: ListenerConfig): boolean => !controllerNames.has(listener.name)
  const listeners = parseListeners('listeners', textOf(properties, 'listeners'), protocols, errors).filter(forClients)
  if (controllerNames.size > 0) {
    warnings.push(`controller.listener.names: no such listener is opened, the controller needs none of its own`)
  }
  if (listeners.length === 0 && errors.length === 0) {
    errors.push(
      `listeners: '${textOf(properties, 'listeners')}' has no listener for clients: add one such as PLAINTEXT://127.0.0.1:9092`,
    )
  }
  checkRoles(properties, errors)
  if (properties['control.plane.listener.name']) {
    errors.push(
      `control.plane.listener.name: '${properties['control.plane.listener.name']}' is not allowed: commands of the controller come on the listener between brokers, remove the key`,
    )
  }
  return {
    nodeId: nodeIdOf(properties, errors),
    rack: properties['broker.rack'] ?? null,
    listeners,
    advertisedListeners: advertisedOf(properties, listeners, protocols, controllerNames, errors),
    interBrokerListener: interBrokerListenerOf(properties, listeners, errors),
    logDirectories: [...new Set(listItems(properties['log.dirs'] ?? textOf(properties, 'log.dir')))],
    zookeeperConnect: properties['zookeeper.connect'] || null,
    properties,
  }
}

function checkRoles(properties: ConfigMap, errors: string[]): void {
  const roles = listItems(textOf(properties, 'process.roles'))
  if (roles.length > 0 && !roles.includes('broker')) {
    errors.push(
      `process.roles: '${roles.join(',')}' is not allowed: every node serves clients, write broker,controller`,
    )
  }
}

function nodeIdOf(properties: ConfigMap, errors: string[]): number {
  const nodeId = properties['node.id']
  const brokerId = properties['broker.id']
  if (nodeId !== undefined && brokerId !== undefined && nodeId !== brokerId) {
    errors.push(`broker.id: '${brokerId}' is not allowed: it must be the same as node.id, which is '${nodeId}'`)
  }
  const id = Number(nodeId ?? brokerId ?? -1)
  return Number.isInteger(id) && id >= 0 ? id : -1
}

function advertisedOf(
  properties: ConfigMap,
  listeners: readonly ListenerConfig[],
  protocols: ReadonlyMap<string, string>,
  controllerNames: ReadonlySet<string>,
  errors: string[],
): readonly ListenerConfig[] {
  const key = 'advertised.listeners'
  const text = properties[key]
  if (text === undefined) {
    return listeners.map((listener) => (isWildcardHost(listener.host) ? { ...listener, host: '' } : listener))
  }
  const given = parseListeners(key, text, protocols, errors).filter((one) => !controllerNames.has(one.name))
  for (const listener of given) {
    if (listener.host === '0.0.0.0' || listener.host === '::') {
      errors.push(
        `${key}: '${listener.host}' is not allowed: clients cannot connect to it, write a host name or address`,
      )
    }
    if (!listeners.some((one) => one.name === listener.name)) {
      errors.push(
        `${key}: '${listener.name}' is not allowed: it must be one of ${listeners.map((one) => one.name).join(', ')}`,
      )
    }
  }
  return given
}

function interBrokerListenerOf(properties: ConfigMap, listeners: readonly ListenerConfig[], errors: string[]): string {
  const name = properties['inter.broker.listener.name']?.toUpperCase()
  if (name !== undefined && name !== '') {
    if (!listeners.some((listener) => listener.name === name)) {
      errors.push(
        `inter.broker.listener.name: '${name}' is not allowed: it must be one of ${listeners.map((one) => one.name).join(', ')}`,
      )
    }
    return name
  }
  const protocol = textOf(properties, 'security.inter.broker.protocol')
  return (listeners.find((listener) => listener.securityProtocol === protocol) ?? listeners[0])?.name ?? ''
}
