import type { BrokerAddress } from '../client/connection.ts'
import type { ClientEnvironment } from '../client/environment.ts'
import { ConnectError } from '../io/ports.ts'

/** The answer comes from the other machine's kernel: whoever does not give it within this time proves nothing. */
const PROBE_TIMEOUT_MS = 500

/**
 * Whether nobody listens at an address: its machine is there and says so. A machine that does not answer, or a name that
 * cannot be looked up, gives no certainty, and so `false`.
 */
export async function isDeserted(environment: ClientEnvironment, address: BrokerAddress): Promise<boolean> {
  const { host, port } = address
  try {
    await environment.connector.connect({ host, port, timeoutMs: PROBE_TIMEOUT_MS }, (socket) => {
      socket.destroy()
      return { target: () => new Uint8Array(1), onRead: () => {}, onPeerEnd: () => {}, onClosed: () => {} }
    })
    return false
  } catch (error) {
    if (error instanceof ConnectError) return error.code === 'ECONNREFUSED'
    throw error
  }
}
