/** What the log directories say about topics when the keeper's tree is new: see cluster/adoption. */
import type { FoundData, FoundTopic } from '../cluster/adoption.ts'
import { ResourceType } from '../cluster/config/registry.ts'
import type { Disk } from '../io/ports.ts'
import { LEADER_EPOCH_FILE, LOG_SUFFIX } from '../log/file-names.ts'
import type { LogDirectory } from '../log/log-directory.ts'
import { bytesText } from '../log/text-lines.ts'
import { configRecordLayout, readConfigRecord } from '../protocol/generated/records/config-record.ts'
import { readRemoveTopicRecord, removeTopicRecordLayout } from '../protocol/generated/records/remove-topic-record.ts'
import { readTopicRecord, topicRecordLayout } from '../protocol/generated/records/topic-record.ts'
import { Reader } from '../protocol/wire/reader.ts'
import type { RecordCodec } from '../wasm/contract.ts'

/** KRaft's metadata log. Its records are read here and never served. */
const METADATA_TOPIC = '__cluster_metadata'
const METADATA_DIRECTORY = `${METADATA_TOPIC}-0`
const SNAPSHOT_SUFFIX = '.checkpoint'
/** Topics that Kafka makes itself, which have their rules from the broker and not from a configuration record. */
const COMPACTED_INTERNAL_TOPICS: readonly string[] = ['__consumer_offsets', '__transaction_state']

/**
 * @param makeCodec called when there is a metadata log to read
 * @returns undefined when the directories belong to no cluster yet
 */
export function findData(
  disk: Disk,
  directories: readonly LogDirectory[],
  makeCodec: () => RecordCodec,
): FoundData | undefined {
  const clusterId = directories.map((directory) => directory.readMeta()?.clusterId ?? '').find((id) => id !== '')
  if (clusterId === undefined) return undefined
  const metadata = directories.find(({ path }) => disk.exists(`${path}/${METADATA_DIRECTORY}`))
  const configs =
    metadata === undefined ? undefined : readTopicConfigs(disk, `${metadata.path}/${METADATA_DIRECTORY}`, makeCodec())
  const topics = new Map<string, { topicId: string; lastEpochs: Map<number, number> }>()
  for (const directory of directories) {
    for (const { topic, partition, topicId } of directory.partitions()) {
      if (topic === METADATA_TOPIC) continue
      const found = topics.get(topic) ?? { topicId: '', lastEpochs: new Map<number, number>() }
      found.topicId ||= topicId ?? ''
      found.lastEpochs.set(partition, lastEpoch(disk, `${directory.path}/${topic}-${partition}/${LEADER_EPOCH_FILE}`))
      topics.set(topic, found)
    }
  }
  const rows: FoundTopic[] = [...topics].map(([name, found]) => ({ name, ...found, config: configOf(name, configs) }))
  return { clusterId, topics: rows }
}

function configOf(name: string, configs: Configs | undefined): FoundTopic['config'] {
  const known = configs?.get(name)
  if (COMPACTED_INTERNAL_TOPICS.includes(name)) return { 'cleanup.policy': 'compact', ...known }
  return configs === undefined ? undefined : (known ?? {})
}

/** The newest epoch of a `leader-epoch-checkpoint`, -1 without one. */
function lastEpoch(disk: Disk, path: string): number {
  if (!disk.exists(path)) return -1
  const rows = [...bytesText(disk.readFile(path)).matchAll(/^(\d+) \d+$/gm)]
  return Math.max(-1, ...rows.map((row) => Number(row[1])))
}

type Configs = ReadonlyMap<string, Readonly<Record<string, string>>>

/** Replays KRaft's newest snapshot and what came after it, as far as it speaks of topics' configuration. */
function readTopicConfigs(disk: Disk, path: string, codec: RecordCodec): Configs {
  const names = disk.list(path).map(({ name }) => name)
  const snapshot = names
    .filter((name) => name.endsWith(SNAPSHOT_SUFFIX))
    .sort()
    .at(-1)
  const logs = names.filter((name) => name.endsWith(LOG_SUFFIX)).sort()
  const configs = new Map<string, Record<string, string>>()
  const topicNames = new Map<string, string>()
  for (const name of snapshot === undefined ? logs : [snapshot, ...logs]) {
    codec.decodeBatches(disk.readFile(`${path}/${name}`), ({ value }) => {
      if (value !== null) applyRecord(new Reader(value), configs, topicNames)
    })
  }
  return configs
}

function applyRecord(
  reader: Reader,
  configs: Map<string, Record<string, string>>,
  topicNames: Map<string, string>,
): void {
  // Each record: frame version, type, version, then the message.
  reader.uvarint()
  const type = reader.uvarint()
  const version = reader.uvarint()
  if (type === topicRecordLayout.apiKey) {
    const { name, topicId } = readTopicRecord(reader, version)
    topicNames.set(topicId, name)
  } else if (type === removeTopicRecordLayout.apiKey) {
    configs.delete(topicNames.get(readRemoveTopicRecord(reader, version).topicId) ?? '')
  } else if (type === configRecordLayout.apiKey) {
    const { resourceType, resourceName, name, value } = readConfigRecord(reader, version)
    if (resourceType !== ResourceType.topic || !reader.ok) return
    const config = configs.get(resourceName) ?? {}
    if (value === null) delete config[name]
    else config[name] = value
    configs.set(resourceName, config)
  }
}
