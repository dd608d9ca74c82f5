import { availableParallelism, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type BrokerConfig,
  configNumber,
  configText,
  isConfigured,
  readBrokerConfig,
} from '../cluster/config/broker-config.ts'
import { withoutEffect } from '../cluster/config/in-force.ts'

const MIB = 1024 * 1024
const MEMORY_SIZE_BYTES_MAX = 1024 * MIB

/** Where a node's settings come from. */
export interface NodeConfigSources {
  /** Text of a server.properties. */
  readonly file: string | undefined
  readonly dataDirectory: string
  /** Port of the client listener; undefined leaves `listeners` in force. */
  readonly port: number | undefined
  readonly overrides: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Everything `startNode` needs to know, resolved. */
export interface NodeConfig {
  readonly broker: BrokerConfig
  readonly dataDirectory: string
  readonly keeperDirectory: string
  readonly shardCount: number
  readonly memorySizeBytes: number
  readonly logLevel: string
}

export interface NodeConfigOutcome {
  readonly config: NodeConfig | undefined
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Reads Kafka's configuration and adds what Jackdaw decides by itself: directories, shards, memory. */
export function readNodeConfig(sources: NodeConfigSources): NodeConfigOutcome {
  const { file, overrides, environment } = sources
  const port = sources.port === undefined ? [] : [`listeners=PLAINTEXT://127.0.0.1:${sources.port}`]
  const { config, errors, warnings } = readBrokerConfig({ file, environment, overrides: [...port, ...overrides] })
  if (config === undefined) return { config: undefined, errors, warnings }
  const unsupported = config.listeners.filter((listener) => listener.securityProtocol !== 'PLAINTEXT')
  if (unsupported.length > 0) {
    const names = unsupported.map((listener) => `${listener.name} (${listener.securityProtocol})`).join(', ')
    return {
      config: undefined,
      errors: [`listeners: ${names}: TLS and SASL are not there yet, use PLAINTEXT listeners`],
      warnings,
    }
  }
  const hasLogDirectories = isConfigured(config, 'log.dirs') || isConfigured(config, 'log.dir')
  // Absolute, as Kafka names them to its tools, which name them back.
  const logDirectories = hasLogDirectories
    ? [...new Set(config.logDirectories.map((path) => resolve(path)))]
    : [join(resolve(sources.dataDirectory), 'logs')]
  const broker = { ...config, logDirectories }
  const ignored = withoutEffect(broker.properties)
  const notes = ignored.length === 0 ? [] : [`known to Kafka, without effect here: ${ignored.join(', ')}`]
  return { config: resolveNode(broker, sources.dataDirectory), errors, warnings: [...warnings, ...notes] }
}

function resolveNode(broker: BrokerConfig, dataDirectory: string): NodeConfig {
  // The short name is what people type; the long one keeps clear of names that Kafka may give itself.
  const shards = Math.max(configNumber(broker, 'num.shards'), configNumber(broker, 'jackdaw.num.shards'))
  const memory = configNumber(broker, 'jackdaw.memory.bytes')
  return {
    broker,
    dataDirectory,
    keeperDirectory: configText(broker, 'jackdaw.keeper.data.dir') || join(dataDirectory, 'keeper'),
    // A process pinned to fewer cores gets fewer shards: availableParallelism knows of the pinning.
    shardCount: shards > 0 ? shards : Math.min(64, Math.max(1, availableParallelism())),
    memorySizeBytes: memory > 0 ? memory : Math.min(MEMORY_SIZE_BYTES_MAX, Math.floor(totalmem() / 4)),
    logLevel: configText(broker, 'jackdaw.log.level'),
  }
}
