/** When a controller looks whether leaders sit where they should: `auto.leader.rebalance.enable` and its keys. */
import type { TimerHandle, Timers } from '../io/ports.ts'
import { type BrokerConfig, configFlag, configNumber } from './config/broker-config.ts'
import type { Office } from './office.ts'

const FIRST_REBALANCE_MS = 5_000

export class RebalanceTimer {
  readonly #config: BrokerConfig
  readonly #timers: Timers
  readonly #due: (office: Office, percentage: number) => void
  #timer: TimerHandle | undefined

  /** @param due it is time; `percentage` of a broker's preferred partitions may be led elsewhere */
  constructor(config: BrokerConfig, timers: Timers, due: (office: Office, percentage: number) => void) {
    this.#config = config
    this.#timers = timers
    this.#due = due
  }

  /** From now on for `office`, until `stop`. */
  start(office: Office): void {
    this.stop()
    if (configFlag(this.#config, 'auto.leader.rebalance.enable')) this.#arm(office, FIRST_REBALANCE_MS)
  }

  stop(): void {
    if (this.#timer !== undefined) this.#timers.cancel(this.#timer)
    this.#timer = undefined
  }

  #arm(office: Office, delayMs: number): void {
    this.#timer = this.#timers.start(delayMs, () => {
      this.#arm(office, configNumber(this.#config, 'leader.imbalance.check.interval.seconds') * 1_000)
      if (office.state.brokers.size < 2) return
      this.#due(office, configNumber(this.#config, 'leader.imbalance.per.broker.percentage'))
    })
  }
}
