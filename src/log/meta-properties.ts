/**
 * `meta.properties`: which node and cluster a log directory belongs to. Opening another node's directory would mix two
 * histories, so it is refused.
 */
import { readLines } from './text-lines.ts'

export const META_PROPERTIES_FILE: string = 'meta.properties'

export interface MetaProperties {
  /** 0 is ZooKeeper-mode Kafka's (`broker.id`), 1 is KRaft's (`node.id`). */
  readonly version: number
  readonly clusterId: string
  /** -1 when the file names none. */
  readonly nodeId: number
  /** Empty when the file names none. */
  readonly directoryId: string
}

/** @returns undefined when it is no such file */
export function readMetaProperties(text: string): MetaProperties | undefined {
  const values: Map<string, string> = new Map()
  for (const line of readLines(text)) {
    if (line.startsWith('#') || line.startsWith('!') || line.trim() === '') continue
    const separator = line.search(/[=:]/)
    if (separator > 0) values.set(line.slice(0, separator).trim(), line.slice(separator + 1).trim())
  }
  const version = Number(values.get('version'))
  if (version !== 0 && version !== 1) return undefined
  const nodeId = Number(values.get('node.id') ?? values.get('broker.id') ?? '-1')
  if (!Number.isInteger(nodeId)) return undefined
  return {
    version,
    clusterId: values.get('cluster.id') ?? '',
    nodeId,
    directoryId: values.get('directory.id') ?? '',
  }
}

export function writeMetaProperties(properties: MetaProperties): string {
  const idKey = properties.version === 0 ? 'broker.id' : 'node.id'
  let text = `#\nversion=${properties.version}\n`
  if (properties.nodeId >= 0) text += `${idKey}=${properties.nodeId}\n`
  if (properties.directoryId !== '') text += `directory.id=${properties.directoryId}\n`
  if (properties.clusterId !== '') text += `cluster.id=${properties.clusterId}\n`
  return text
}

/** Why a node may not use a directory with these properties, or undefined when it may. */
export function whyForeign(properties: MetaProperties, clusterId: string, nodeId: number): string | undefined {
  if (properties.clusterId !== '' && clusterId !== '' && properties.clusterId !== clusterId) {
    return `it belongs to cluster ${properties.clusterId}, this node to ${clusterId}. Use the right log.dirs or the right cluster.`
  }
  if (properties.nodeId >= 0 && properties.nodeId !== nodeId) {
    return `it belongs to node ${properties.nodeId}, this is node ${nodeId}. Set node.id to ${properties.nodeId} or use another directory.`
  }
  return undefined
}
