import type { Clock, Connector, Entropy, Logger, Timers } from '../io/ports.ts'
import type { RecordCodec } from '../wasm/contract.ts'

/** The world as a client sees it. */
export interface ClientEnvironment {
  readonly connector: Connector
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly logger: Logger
  /** Called when the first record is written or read: an admin client never compiles the core. */
  readonly recordCodec: () => RecordCodec
}

/** Resolves after `delayMs`. */
export function pause(environment: ClientEnvironment, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    environment.timers.start(delayMs, resolve)
  })
}
