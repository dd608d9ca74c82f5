import type {
  ConfigChange,
  ControlPlane,
  ControlResult,
  CreateTopicResult,
  CreateTopicSpec,
} from '../cluster/contract.ts'
import type { PortRpc } from './rpc.ts'

/** Names of the control plane's methods as they cross threads. */
export const CONTROL_METHODS = [
  'createTopics',
  'deleteTopics',
  'createPartitions',
  'alterConfigs',
  'allocateProducerIds',
  'electLeaders',
] as const

/** The control plane as a shard sees it: every call is a message to the main thread. */
export class RemoteControlPlane implements ControlPlane {
  readonly #main: PortRpc

  constructor(main: PortRpc) {
    this.#main = main
  }

  createTopics(topics: readonly CreateTopicSpec[], validateOnly: boolean): Promise<readonly CreateTopicResult[]> {
    return this.#main.call('createTopics', topics, validateOnly)
  }

  deleteTopics(topics: Parameters<ControlPlane['deleteTopics']>[0]): ReturnType<ControlPlane['deleteTopics']> {
    return this.#main.call('deleteTopics', topics)
  }

  createPartitions(
    topics: Parameters<ControlPlane['createPartitions']>[0],
    validateOnly: boolean,
  ): ReturnType<ControlPlane['createPartitions']> {
    return this.#main.call('createPartitions', topics, validateOnly)
  }

  alterConfigs(
    changes: readonly ConfigChange[],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly resourceType: number; readonly name: string })[]> {
    return this.#main.call('alterConfigs', changes, validateOnly)
  }

  allocateProducerIds(): Promise<{ readonly first: number; readonly count: number }> {
    return this.#main.call('allocateProducerIds')
  }

  electLeaders(
    electionType: number,
    partitions: Parameters<ControlPlane['electLeaders']>[1],
  ): ReturnType<ControlPlane['electLeaders']> {
    return this.#main.call('electLeaders', electionType, partitions)
  }
}
