import type { BrokerAddress } from './connection.ts'
import { Cluster } from './cluster.ts'
import type { ClientEnvironment } from './environment.ts'
import { ClientError } from './errors.ts'
import { CONNECT_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './limits.ts'

const DEFAULT_PORT = 9092

export interface ClientOptions {
  /** `host:port`, comma-separated or as a list. */
  readonly bootstrapServers: string | readonly string[]
  readonly clientId?: string
  readonly requestTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Whether looking at a topic may create it, where the cluster allows; default true, as in Kafka's clients. */
  readonly mayCreateTopics?: boolean
  /** Whether to go on trying while no broker has ever been reached; default true: who starts first should not matter. */
  readonly waitsForBrokers?: boolean
}

/** Opens nothing yet: connections are made when first needed. @throws ClientError for an address that is none */
export function createCluster(environment: ClientEnvironment, options: ClientOptions): Cluster {
  return new Cluster(environment, {
    bootstrap: parseBootstrap(options.bootstrapServers),
    clientId: options.clientId ?? 'jackdaw',
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    mayCreateTopics: options.mayCreateTopics ?? true,
    waitsForBrokers: options.waitsForBrokers ?? true,
  })
}

/**
 * Reads `host:port` pairs. The port may be left out; a listener name in front (`PLAINTEXT://`) is ignored; IPv6 addresses
 * stand in brackets.
 *
 * @throws ClientError naming the text that is no address
 */
export function parseBootstrap(servers: string | readonly string[]): readonly BrokerAddress[] {
  const texts = typeof servers === 'string' ? servers.split(',') : servers
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseAddress)
}

function parseAddress(text: string): BrokerAddress {
  const match = /^(?:[A-Za-z_]+:\/\/)?(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<plain>[^:[\]\s]+))(?::(?<port>\d{1,5}))?$/.exec(
    text,
  )
  const host = match?.groups?.['six'] ?? match?.groups?.['plain']
  const port = Number(match?.groups?.['port'] ?? DEFAULT_PORT)
  if (host === undefined || port < 1 || port > 65_535) {
    throw new ClientError(`'${text}' is no broker address: write host:port, such as 127.0.0.1:9092`)
  }
  return { host, port }
}
