import { endpointOf } from '../cluster/contract-commands.ts'
import type {
  BrokerCommand,
  BrokerLinks,
  CommandAnswer,
  GoneListener,
  LinkedBroker,
} from '../cluster/contract-commands.ts'
import type { ControllerCalls } from '../cluster/contract-calls.ts'
import type { BrokerView } from '../cluster/contract.ts'
import type { Logger } from '../io/ports.ts'
import type { BrokerChannels } from './broker-channels.ts'
import type { ControllerChannel } from './controller-channel.ts'

interface Loaded {
  readonly channels: BrokerChannels
  readonly controller: ControllerChannel
}

export interface PeersOptions {
  readonly brokerId: number
  /** Name of the listener between brokers. */
  readonly listener: string
  readonly brokers: () => readonly BrokerView[]
  readonly log: Logger
}

/**
 * The other brokers, for a node that may have none: what speaks to them is loaded when the first is there, so that a single
 * node starts without it.
 */
export class Peers implements BrokerLinks {
  readonly calls: ControllerCalls
  readonly #options: PeersOptions
  #gone: GoneListener = () => undefined
  #loading: Promise<Loaded> | undefined

  constructor(options: PeersOptions) {
    this.#options = options
    this.calls = {
      watchController: (id, onGone) => {
        if (id < 0 && this.#loading === undefined) return
        void this.#load().then(({ controller }) => controller.watchController(id, onGone))
      },
      alterPartition: async (id, request) => (await this.#load()).controller.alterPartition(id, request),
      allocateProducerIds: async (id, ...identity) =>
        (await this.#load()).controller.allocateProducerIds(id, ...identity),
      controlledShutdown: async (id, ...identity) =>
        (await this.#load()).controller.controlledShutdown(id, ...identity),
      createTopics: async (id, topics) => (await this.#load()).controller.createTopics(id, topics),
    }
  }

  onGone(listener: GoneListener): void {
    this.#gone = listener
  }

  setBrokers(brokers: readonly LinkedBroker[]): void {
    if (brokers.length === 0 && this.#loading === undefined) return
    // What is asked afterwards waits for the same promise, and so comes afterwards.
    void this.#load().then(({ channels }) => channels.setBrokers(brokers))
  }

  async send(brokerId: number, command: BrokerCommand): Promise<CommandAnswer | undefined> {
    const { channels } = await this.#load()
    return channels.send(brokerId, command)
  }

  async close(): Promise<void> {
    if (this.#loading === undefined) return
    const { channels, controller } = await this.#loading
    channels.setBrokers([])
    controller.end()
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#loadAll()
    return this.#loading
  }

  async #loadAll(): Promise<Loaded> {
    const [{ BrokerChannels }, { ControllerChannel }, { peerEnvironment }] = await Promise.all([
      import('./broker-channels.ts'),
      import('./controller-channel.ts'),
      import('./peer-environment.ts'),
    ])
    const { brokerId, listener, brokers, log } = this.#options
    const environment = peerEnvironment(log)
    const endpointFor = (id: number): ReturnType<typeof endpointOf> => {
      const broker = brokers().find((one) => one.id === id)
      return broker === undefined ? undefined : endpointOf(broker, listener)
    }
    const channels = new BrokerChannels(environment, brokerId)
    channels.onGone((id, epoch) => this.#gone(id, epoch))
    return {
      channels,
      controller: new ControllerChannel(environment, brokerId, endpointFor),
    }
  }
}
