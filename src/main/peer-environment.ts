import type { ClientEnvironment } from '../client/environment.ts'
import { nodeConnector } from '../io/node/connect.ts'
import { NodeClock } from '../io/node/clock.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { NodeTimers } from '../io/node/timers.ts'
import type { Logger } from '../io/ports.ts'
import { BugError } from '../base/assert.ts'

/** The world for connections to other brokers. No records travel on them. */
export function peerEnvironment(logger: Logger): ClientEnvironment {
  return {
    connector: nodeConnector(),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    entropy: new NodeEntropy(),
    logger,
    recordCodec: () => {
      throw new BugError('nothing between control planes carries records')
    },
  }
}
