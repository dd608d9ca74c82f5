import type { Clock, Logger, TimerHandle, Timers } from '../../io/ports.ts'
import type { KeeperServer } from '../server/keeper-server.ts'
import { LocalSessions } from '../server/local-sessions.ts'
import type { KeeperServerOptions } from '../server/options.ts'
import { ReadOnlyWrites } from '../server/read-only-writes.ts'

/** Most elections are over long before. At least a tick, as in ZooKeeper. */
const DELAY_MS = 2000

export interface ReadOnlyPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/**
 * What a member is to clients that asked for no more than reading, while it has no ensemble: after a while it serves what
 * it knows, until it has a role again.
 */
export class ReadOnlyService {
  readonly #ports: ReadOnlyPorts
  readonly #settings: KeeperServerOptions
  readonly #createServer: () => KeeperServer
  #server: KeeperServer | undefined
  #timer: TimerHandle | undefined

  constructor(ports: ReadOnlyPorts, settings: KeeperServerOptions, createServer: () => KeeperServer) {
    this.#ports = ports
    this.#settings = settings
    this.#createServer = createServer
  }

  get server(): KeeperServer | undefined {
    return this.#server
  }

  /** The ensemble is lost. */
  begin(): void {
    const delayMs = Math.max(DELAY_MS, this.#settings.tickTimeMs)
    this.#timer = this.#ports.timers.start(delayMs, () => this.#serve())
  }

  end(): void {
    if (this.#timer !== undefined) this.#ports.timers.cancel(this.#timer)
    this.#timer = undefined
    const server = this.#server
    this.#server = undefined
    server?.stop()
  }

  #serve(): void {
    const { clock, log } = this.#ports
    const server = this.#createServer()
    const locals = new LocalSessions(this.#settings.localSessions, this.#settings.tickTimeMs, clock.monotonicMs())
    this.#server = server
    server.start(new ReadOnlyWrites(server, locals))
    log.warn('there is no ensemble: serving read-only clients')
  }
}
