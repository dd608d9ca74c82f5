import type { ClientEnvironment } from '../client/environment.ts'
import type {
  BrokerCommand,
  BrokerLinks,
  CommandAnswer,
  GoneListener,
  LinkedBroker,
} from '../cluster/contract-commands.ts'
import { BrokerChannel } from './broker-channel.ts'

/** The controller's connections to all other brokers. */
export class BrokerChannels implements BrokerLinks {
  readonly #environment: ClientEnvironment
  readonly #clientId: string
  readonly #channels = new Map<number, BrokerChannel>()
  #gone: GoneListener = () => undefined

  constructor(environment: ClientEnvironment, brokerId: number) {
    this.#environment = environment
    this.#clientId = String(brokerId)
  }

  onGone(listener: GoneListener): void {
    this.#gone = listener
  }

  setBrokers(brokers: readonly LinkedBroker[]): void {
    const wanted = new Map(brokers.map((broker) => [broker.id, broker]))
    for (const [id, channel] of this.#channels) {
      const broker = wanted.get(id)
      if (broker !== undefined && isSame(broker, channel.broker)) continue
      channel.close()
      this.#channels.delete(id)
    }
    for (const broker of brokers) {
      if (this.#channels.has(broker.id)) continue
      const onGone = (): void => this.#gone(broker.id, broker.epoch)
      this.#channels.set(broker.id, new BrokerChannel(this.#environment, broker, this.#clientId, onGone))
    }
  }

  send(brokerId: number, command: BrokerCommand): Promise<CommandAnswer | undefined> {
    return this.#channels.get(brokerId)?.send(command) ?? Promise.resolve(undefined)
  }
}

function isSame(left: LinkedBroker, right: LinkedBroker): boolean {
  const { host, port } = left.endpoint
  return left.epoch === right.epoch && host === right.endpoint.host && port === right.endpoint.port
}
