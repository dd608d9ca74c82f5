/**
 * The paths and JSON that ZooKeeper-mode Kafka 3.9 brokers share. Key order means nothing to readers; versions and which
 * numbers are strings do.
 */
import { uuidBytes } from '../model/uuid.ts'
import type { EndpointView } from './contract.ts'

export const CLUSTER_ID_PATH: string = '/cluster/id'
export const BROKER_IDS_PATH: string = '/brokers/ids'
const BROKER_SEQUENCE_PATH: string = '/brokers/seqid'
export const TOPICS_PATH: string = '/brokers/topics'
export const CONTROLLER_PATH: string = '/controller'
export const CONTROLLER_EPOCH_PATH: string = '/controller_epoch'
export const DELETE_TOPICS_PATH: string = '/admin/delete_topics'
export const REASSIGN_PARTITIONS_PATH: string = '/admin/reassign_partitions'
export const PREFERRED_ELECTION_PATH: string = '/admin/preferred_replica_election'
export const LOG_DIRECTORY_EVENTS_PATH: string = '/log_dir_event_notification'
export const IN_SYNC_CHANGES_PATH: string = '/isr_change_notification'
export const CONFIG_CHANGES_PATH: string = '/config/changes'
export const PRODUCER_ID_BLOCK_PATH: string = '/latest_producer_id_block'
const CONFIG_PATH: string = '/config'
export const CONFIG_CHANGE_PATH: string = '/config/changes/config_change_'

/** Created at start if missing, in this order, parents first as needed. */
export const PERSISTENT_PATHS: readonly string[] = [
  '/consumers',
  BROKER_IDS_PATH,
  TOPICS_PATH,
  '/config/changes',
  DELETE_TOPICS_PATH,
  BROKER_SEQUENCE_PATH,
  '/isr_change_notification',
  PRODUCER_ID_BLOCK_PATH,
  '/log_dir_event_notification',
  '/config/topics',
  '/config/clients',
  '/config/users',
  '/config/brokers',
  '/config/ips',
  // Kafka has these two kinds only in KRaft; its ZooKeeper-mode brokers leave unknown children of /config alone.
  '/config/client-metrics',
  '/config/groups',
]

/** Finalized features (KIP-584): on ZooKeeper there are none, but brokers of Kafka look whether the system is in force. */
export const FEATURE_PATH: string = '/feature'

/** As a controller of Kafka 3.9 writes it: the versioning is enabled (1), nothing is finalized. */
export function encodeFeatures(): Uint8Array {
  return encodeJson({ version: 2, status: 1, features: {} })
}

export type ConfigEntityType = 'topics' | 'brokers' | 'client-metrics' | 'groups' | 'users' | 'clients' | 'ips'

/** How the cluster-wide default is named among the brokers. */
export const DEFAULT_ENTITY: string = '<default>'

export function brokerPath(id: number): string {
  return `${BROKER_IDS_PATH}/${id}`
}

export function topicPath(topic: string): string {
  return `${TOPICS_PATH}/${topic}`
}

export function partitionsPath(topic: string): string {
  return `${TOPICS_PATH}/${topic}/partitions`
}

export function partitionPath(topic: string, partition: number): string {
  return `${TOPICS_PATH}/${topic}/partitions/${partition}`
}

export function partitionStatePath(topic: string, partition: number): string {
  return `${TOPICS_PATH}/${topic}/partitions/${partition}/state`
}

/** Names that may hold any character are written the way Kafka sanitizes user names. */
export function configPath(type: ConfigEntityType, entity: string): string {
  return `${CONFIG_PATH}/${type}/${type === 'groups' || type === 'client-metrics' ? sanitize(entity) : entity}`
}

export function deleteTopicPath(topic: string): string {
  return `${DELETE_TOPICS_PATH}/${topic}`
}

/** Form encoding with `*` and blanks escaped too, so that the name is one path element. */
function sanitize(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export function desanitize(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value))
}

/** @returns undefined for null data, broken JSON, or anything but an object */
function decodeJson(data: Uint8Array | null): Readonly<Record<string, unknown>> | undefined {
  if (data === null || data.length === 0) return undefined
  try {
    const value: unknown = JSON.parse(decoder.decode(data))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

export function encodeClusterId(id: string): Uint8Array {
  return encodeJson({ version: '1', id })
}

export function decodeClusterId(data: Uint8Array | null): string | undefined {
  const id = decodeJson(data)?.['id']
  return typeof id === 'string' && id !== '' ? id : undefined
}

export interface BrokerNode {
  readonly endpoints: readonly EndpointView[]
  readonly rack: string | null
  /** Jackdaw's own: ids of the log directories that the broker holds locked. Kafka leaves the key alone. */
  readonly directoryIds?: readonly string[]
  /** Jackdaw's own: its last life did not end in order, and no controller has told it anything since. What it had not synced may be lost. */
  readonly hasRecovered?: boolean
}

const DIRECTORY_IDS_KEY = 'jackdaw_directory_ids'
const RECOVERED_KEY = 'jackdaw_recovered'

/** Version 5, as a 3.9 broker writes it. Old readers take host and port of the first plaintext endpoint. */
export function encodeBroker(broker: BrokerNode, wallMs: number): Uint8Array {
  const plaintext = broker.endpoints.find((endpoint) => endpoint.securityProtocol === 'PLAINTEXT')
  const protocols = broker.endpoints.map((endpoint) => [endpoint.listener, endpoint.securityProtocol])
  return encodeJson({
    version: 5,
    host: plaintext?.host ?? null,
    port: plaintext?.port ?? -1,
    jmx_port: -1,
    timestamp: String(wallMs),
    endpoints: broker.endpoints.map(
      (endpoint) => `${endpoint.listener}://${bracketed(endpoint.host)}:${endpoint.port}`,
    ),
    listener_security_protocol_map: Object.fromEntries(protocols),
    features: {},
    ...(broker.rack === null ? {} : { rack: broker.rack }),
    ...(broker.directoryIds === undefined ? {} : { [DIRECTORY_IDS_KEY]: broker.directoryIds }),
    ...(broker.hasRecovered === true ? { [RECOVERED_KEY]: true } : {}),
  })
}

/** Any version from 1 on. */
export function decodeBroker(data: Uint8Array | null): BrokerNode | undefined {
  const json = decodeJson(data)
  if (json === undefined) return undefined
  const rack = json['rack']
  const protocols = objectOf(json['listener_security_protocol_map'])
  const texts = Array.isArray(json['endpoints']) ? json['endpoints'] : [`PLAINTEXT://${json['host']}:${json['port']}`]
  const endpoints: EndpointView[] = []
  for (const text of texts) {
    const match = /^([^:]+):\/\/(.*):(-?\d+)$/.exec(String(text))
    if (match === null) continue
    const listener = match[1] ?? ''
    const protocol = protocols[listener]
    endpoints.push({
      listener,
      host: (match[2] ?? '').replace(/^\[|\]$/g, ''),
      port: Number(match[3]),
      securityProtocol: typeof protocol === 'string' ? protocol : listener,
    })
  }
  const ids = json[DIRECTORY_IDS_KEY]
  const directoryIds = Array.isArray(ids) ? { directoryIds: ids.filter((id) => typeof id === 'string') } : {}
  const recovered = json[RECOVERED_KEY] === true ? { hasRecovered: true } : {}
  return { endpoints, rack: typeof rack === 'string' ? rack : null, ...directoryIds, ...recovered }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

export function encodeController(brokerId: number, wallMs: number): Uint8Array {
  return encodeJson({ version: 2, brokerid: brokerId, timestamp: String(wallMs), kraftControllerEpoch: -1 })
}

export interface ControllerNode {
  readonly brokerId: number
  /** Above 0: a KRaft controller has taken over, and nobody else may write. */
  readonly kraftControllerEpoch: number
}

export function decodeController(data: Uint8Array | null): ControllerNode | undefined {
  const json = decodeJson(data)
  const brokerId = json?.['brokerid']
  if (typeof brokerId !== 'number') return undefined
  const kraftControllerEpoch = json?.['kraftControllerEpoch']
  return { brokerId, kraftControllerEpoch: typeof kraftControllerEpoch === 'number' ? kraftControllerEpoch : -1 }
}

/** `/controller_epoch` is a bare decimal. */
export function encodeDecimal(value: number): Uint8Array {
  return encoder.encode(String(value))
}

export function decodeDecimal(data: Uint8Array | null): number | undefined {
  const text = data === null ? '' : decoder.decode(data).trim()
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}

export interface TopicNode {
  /** 22 characters, or '' for topics made before Kafka 2.8. */
  readonly topicId: string
  /** Replicas by partition; the first is the preferred leader. */
  readonly assignment: ReadonlyMap<number, readonly number[]>
  /** Of a running reassignment; empty otherwise. */
  readonly adding: ReadonlyMap<number, readonly number[]>
  readonly removing: ReadonlyMap<number, readonly number[]>
}

const NO_REPLICAS: ReadonlyMap<number, readonly number[]> = new Map()

/** A topic that is not being reassigned. */
export function plainTopic(topicId: string, assignment: ReadonlyMap<number, readonly number[]>): TopicNode {
  return { topicId, assignment, adding: NO_REPLICAS, removing: NO_REPLICAS }
}

/** Version 3. Dropping one of its four keys when rewriting a node would lose ids or a running reassignment. */
export function encodeTopic(topic: TopicNode): Uint8Array {
  return encodeJson({
    version: 3,
    partitions: Object.fromEntries(topic.assignment),
    adding_replicas: Object.fromEntries(topic.adding),
    removing_replicas: Object.fromEntries(topic.removing),
    ...(topic.topicId === '' ? {} : { topic_id: topic.topicId }),
  })
}

export function decodeTopic(data: Uint8Array | null): TopicNode | undefined {
  const json = decodeJson(data)
  if (json === undefined) return undefined
  const topicId = json['topic_id']
  return {
    topicId: typeof topicId === 'string' && uuidBytes(topicId) !== undefined ? topicId : '',
    assignment: replicaMap(json['partitions']),
    adding: replicaMap(json['adding_replicas']),
    removing: replicaMap(json['removing_replicas']),
  }
}

function replicaMap(value: unknown): ReadonlyMap<number, readonly number[]> {
  const entries = Object.entries(objectOf(value)).map(([partition, replicas]): [number, number[]] => [
    Number(partition),
    numbersOf(replicas),
  ])
  return new Map(entries.sort(([left], [right]) => left - right))
}

export interface PartitionStateNode {
  /** Of the controller that wrote it. */
  readonly controllerEpoch: number
  /** -1: none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly inSyncReplicas: readonly number[]
  /** After an unclean election, until the leader says otherwise. */
  readonly isRecovering: boolean
}

export function encodePartitionState(state: PartitionStateNode): Uint8Array {
  return encodeJson({
    controller_epoch: state.controllerEpoch,
    leader: state.leader,
    version: 1,
    leader_epoch: state.leaderEpoch,
    isr: state.inSyncReplicas,
    ...(state.isRecovering ? { leader_recovery_state: 1 } : {}),
  })
}

export function decodePartitionState(data: Uint8Array | null): PartitionStateNode | undefined {
  const json = decodeJson(data)
  const leader = json?.['leader']
  const leaderEpoch = json?.['leader_epoch']
  if (json === undefined || typeof leader !== 'number' || typeof leaderEpoch !== 'number') return undefined
  const controllerEpoch = json['controller_epoch']
  return {
    controllerEpoch: typeof controllerEpoch === 'number' ? controllerEpoch : 0,
    leader,
    leaderEpoch,
    inSyncReplicas: numbersOf(json['isr']),
    isRecovering: json['leader_recovery_state'] === 1,
  }
}

/** Every entity has version 1; values are strings, whatever their type. */
export function encodeConfig(config: Readonly<Record<string, string>>): Uint8Array {
  return encodeJson({ version: 1, config })
}

export function decodeConfig(data: Uint8Array | null): Readonly<Record<string, string>> {
  const config: Record<string, string> = {}
  for (const [key, value] of Object.entries(objectOf(decodeJson(data)?.['config']))) {
    if (value !== null && value !== undefined) config[key] = String(value)
  }
  return config
}

/** Content of a `config_change_` notification: it only names the entity, readers fetch the entity itself. */
export function encodeConfigChange(type: ConfigEntityType, entity: string): Uint8Array {
  return encodeJson({ version: 2, entity_path: configPath(type, entity).slice(CONFIG_PATH.length + 1) })
}

/** What a notification names: the kind of thing and its name as they stand in the path; undefined when it is neither version. */
export function decodeConfigChange(
  data: Uint8Array | null,
): { readonly type: string; readonly entity: string } | undefined {
  const json = decodeJson(data)
  if (json?.['version'] === 1) {
    return { type: String(json['entity_type']), entity: String(json['entity_name']) }
  }
  const path = json?.['entity_path']
  if (typeof path !== 'string') return undefined
  const slash = path.indexOf('/')
  return slash < 0 ? undefined : { type: path.slice(0, slash), entity: path.slice(slash + 1) }
}

/** Partitions and the replicas that somebody wants them to have. */
export function decodeReassignments(
  data: Uint8Array | null,
): readonly { readonly topic: string; readonly partition: number; readonly replicas: readonly number[] }[] {
  return partitionRows(data).map((row) => ({ ...partitionOf(row), replicas: numbersOf(row['replicas']) }))
}

export function encodeReassignments(
  partitions: readonly { readonly topic: string; readonly partition: number; readonly replicas: unknown }[],
): Uint8Array {
  const rows = partitions.map(({ topic, partition, replicas }) => ({ topic, partition, replicas }))
  return encodeJson({ version: 1, partitions: rows })
}

/** The partitions that `/admin/preferred_replica_election` or an in-sync notification names. */
export function decodePartitions(
  data: Uint8Array | null,
): readonly { readonly topic: string; readonly partition: number }[] {
  return partitionRows(data).map((row) => partitionOf(row))
}

function partitionRows(data: Uint8Array | null): readonly Readonly<Record<string, unknown>>[] {
  const rows = decodeJson(data)?.['partitions']
  return Array.isArray(rows) ? rows.map((row) => objectOf(row)) : []
}

function partitionOf(row: Readonly<Record<string, unknown>>): { topic: string; partition: number } {
  return { topic: String(row['topic']), partition: Number(row['partition']) }
}

/** A broker has lost a log directory. */
export function encodeLogDirectoryEvent(broker: number): Uint8Array {
  return encodeJson({ version: 1, broker, event: 1 })
}

/** @returns the broker, -1 when it cannot be read */
export function decodeLogDirectoryEvent(data: Uint8Array | null): number {
  const broker = decodeJson(data)?.['broker']
  return typeof broker === 'number' ? broker : -1
}

export interface ProducerIdBlock {
  readonly broker: number
  readonly first: number
  readonly last: number
}

export function encodeProducerIdBlock(block: ProducerIdBlock): Uint8Array {
  return encodeJson({
    version: 1,
    broker: block.broker,
    block_start: String(block.first),
    block_end: String(block.last),
  })
}

export function decodeProducerIdBlock(data: Uint8Array | null): ProducerIdBlock | undefined {
  const json = decodeJson(data)
  if (json === undefined) return undefined
  const first = Number(json['block_start'])
  const last = Number(json['block_end'])
  return Number.isSafeInteger(first) && Number.isSafeInteger(last)
    ? { broker: Number(json['broker'] ?? -1), first, last }
    : undefined
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : []
}
