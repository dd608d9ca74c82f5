import { type BrokerConfig, configNumber, configText } from '../cluster/config/broker-config.ts'
import { type EnsembleConfig, parseEnsembleConfig } from '../zab/config/ensemble-config.ts'
import { parseServers, type ServerAddress } from './zookeeper-transport.ts'

/** An embedded keeper's place among those of other nodes. */
export interface KeeperEnsemble {
  readonly serverId: number
  readonly config: EnsembleConfig
  readonly initLimitTicks: number
  readonly syncLimitTicks: number
}

/**
 * Reads `jackdaw.keeper.servers`.
 *
 * @returns undefined when the keeper is on its own
 * @throws Error with cause and fix when the keys contradict each other
 */
export function keeperEnsembleOf(broker: BrokerConfig): KeeperEnsemble | undefined {
  const text = configText(broker, 'jackdaw.keeper.servers')
  if (text === '') return undefined
  const lines = text.split(',').map((server) => server.trim().replace(/^(server\.)?/, 'server.'))
  const config = parseEnsembleConfig(lines.join('\n'))
  if (config === undefined) {
    throw new Error(
      `jackdaw.keeper.servers=${text} cannot be understood: write 1=host:2888:3888;2181 for each keeper, separated by commas`,
    )
  }
  const own = configNumber(broker, 'jackdaw.keeper.id')
  const serverId = own >= 0 ? own : broker.nodeId
  if (!config.servers.has(serverId)) {
    throw new Error(
      `jackdaw.keeper.servers does not name server ${serverId}, which this node is: name it, or set jackdaw.keeper.id`,
    )
  }
  return {
    serverId,
    config,
    initLimitTicks: configNumber(broker, 'jackdaw.keeper.init.limit'),
    syncLimitTicks: configNumber(broker, 'jackdaw.keeper.sync.limit'),
  }
}

/** Where this node's sessions may go when its own keeper serves nobody: the client ports that the configuration names. */
export function otherServers(ensemble: KeeperEnsemble | undefined): readonly ServerAddress[] {
  if (ensemble === undefined) return []
  const addresses: ServerAddress[] = []
  for (const server of ensemble.config.servers.values()) {
    const [client = ''] = server.clientAddress.split(';')
    if (server.id === ensemble.serverId || client === '') continue
    const [parsed] = parseServers(client).servers
    if (parsed === undefined) continue
    // The port alone means every address of the server, of which its quorum address is one.
    const host = parsed.host === '0.0.0.0' ? (server.addresses[0]?.host ?? parsed.host) : parsed.host
    addresses.push({ host, port: parsed.port })
  }
  return addresses
}
