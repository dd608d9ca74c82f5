import { nodeConnector } from '../io/node/connect.ts'
import { nodeNetwork } from '../io/node/sockets.ts'
import type { Connector, Logger, Network } from '../io/ports.ts'
import type { Membership } from '../keeper/config/ensemble-keys.ts'
import type { ZooCfg } from '../keeper/config/zoo-cfg.ts'
import type { KeeperOptions } from '../keeper/contract.ts'
import { createMemberKeeper, type MemberKeeper } from '../keeper/quorum/quorum-keeper.ts'

/** How long a member may take until its TLS stands. */
const TLS_HANDSHAKE_MS = 5000
const HANDSHAKES_MAX = 250
/** Between attempts to open a port that is taken, as in ZooKeeper. */
const BIND_PAUSE_MS = 1000

/**
 * Makes a member of an ensemble and opens its election and quorum ports; it is yet to be started.
 *
 * @param configFile the `zoo.cfg`; undefined when there is none
 * @throws Error with cause and fix when a port cannot be opened
 */
export async function openMember(
  options: KeeperOptions,
  membership: Membership,
  file: ZooCfg,
  configFile: string | undefined,
  log: Logger,
): Promise<MemberKeeper> {
  const { serverId, config, initLimitTicks, syncLimitTicks } = membership
  const { connectTimeoutMs, bindAttempts, listensOnAllAddresses, leaderServes, isReconfigEnabled } = file.ensemble
  const { isReadOnlyModeEnabled, isStandaloneEnabled, localSessions } = file.ensemble
  const words = options.fourLetterWords ?? ['srvr', ...(isReadOnlyModeEnabled ? ['isro'] : [])]
  const keeper = createMemberKeeper(
    { ...options, localSessions, fourLetterWords: words },
    {
      serverId,
      config,
      initLimitTicks,
      syncLimitTicks,
      connectTimeoutMs,
      leaderServes,
      isReconfigEnabled,
      isStandaloneEnabled,
      isReadOnlyModeEnabled,
      ...(configFile === undefined ? {} : { configFile }),
      network: quorumNetwork(file, listensOnAllAddresses, bindAttempts, log),
      connector: quorumConnector(file),
    },
  )
  await keeper.listen()
  return keeper
}

/** Sockets as `ssl.quorum.*` wants them; a port that is taken is tried again for a while. */
function quorumNetwork(file: ZooCfg, listensOnAllAddresses: boolean, bindAttempts: number, log: Logger): Network {
  const { quorum } = file.tls
  const network = nodeNetwork()
  const tls =
    quorum === undefined
      ? {}
      : {
          tls: {
            settings: quorum.settings,
            isPlainAllowed: quorum.isPlainAllowed,
            handshakesMax: HANDSHAKES_MAX,
            handshakeTimeoutMs: TLS_HANDSHAKE_MS,
            onRefused: (cause: string, address: string) => log.warn(`a member was not let in: ${cause}`, { address }),
          },
        }
  return {
    listen: async (options, accept) => {
      const host = listensOnAllAddresses ? '::' : options.host
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await network.listen({ ...options, ...tls, host }, accept)
        } catch (error) {
          if (bindAttempts !== 0 && attempt >= bindAttempts) {
            const cause = error instanceof Error ? error.message : String(error)
            throw new Error(`a port between servers cannot be opened: ${cause}; see the server.N lines`, {
              cause: error,
            })
          }
          log.warn('a port between servers is taken; it is tried again', { host, port: options.port, attempt })
          await new Promise((resolve) => setTimeout(resolve, BIND_PAUSE_MS))
        }
      }
    },
  }
}

function quorumConnector(file: ZooCfg): Connector {
  const { quorum } = file.tls
  const connector = nodeConnector()
  if (quorum === undefined || !quorum.isSpoken) return connector
  return { connect: (options, opened) => connector.connect({ ...options, tls: quorum.settings }, opened) }
}
