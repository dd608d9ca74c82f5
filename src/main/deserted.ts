import type { BrokerAddress } from '../client/connection.ts'
import { type ClientEnvironment, pause } from '../client/environment.ts'
import { ConnectError } from '../io/ports.ts'

/** The answer comes from the other machine's kernel: whoever does not give it within this time proves nothing. */
const PROBE_TIMEOUT_MS = 500
/** A connection that stands so long was taken by somebody who lives. The sockets of a process that has ended are closed long before, also on a busy machine. */
const LIFE_SIGN_MS = 1_000
const AGAIN_AFTER_MS = 10
/** Who takes connections and closes them for ever (a broker with too many of them) is left alone after so many. */
const PROBES_MAX = 50

/** What one attempt to connect says. */
type Finding = 'deserted' | 'alive' | 'unknown' | 'dying'

/**
 * Whether nobody listens at an address: its machine is there and says so. A machine that does not answer, or a name that
 * cannot be looked up, gives no certainty, and so `false`.
 *
 * To be asked when a connection to there has just closed. A process that ends closes its sockets one after the other: for a
 * moment its listener still takes connections, and resets them as soon as it is closed itself. Such a connection is no sign of
 * life: only one that stays is.
 */
export async function isDeserted(environment: ClientEnvironment, address: BrokerAddress): Promise<boolean> {
  for (let count = 0; count < PROBES_MAX; count += 1) {
    const finding = await probe(environment, address)
    if (finding !== 'dying') return finding === 'deserted'
    await pause(environment, AGAIN_AFTER_MS)
  }
  return false
}

async function probe(environment: ClientEnvironment, { host, port }: BrokerAddress): Promise<Finding> {
  let hasClosed: (finding: Finding) => void = () => undefined
  const closed = new Promise<Finding>((resolve) => {
    hasClosed = resolve
  })
  try {
    await environment.connector.connect({ host, port, timeoutMs: PROBE_TIMEOUT_MS }, (socket) => {
      const timer = environment.timers.start(LIFE_SIGN_MS, () => {
        hasClosed('alive')
        socket.destroy()
      })
      return {
        target: () => new Uint8Array(1),
        onRead: () => {},
        onPeerEnd: () => {},
        onClosed: () => {
          environment.timers.cancel(timer)
          hasClosed('dying')
        },
      }
    })
    return await closed
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    if (error.code === 'ECONNREFUSED') return 'deserted'
    return error.code === 'ECONNRESET' ? 'dying' : 'unknown'
  }
}
