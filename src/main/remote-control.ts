import type {
  InSyncAnswer,
  InSyncRequest,
  PeerControl,
  ProducerIdsAnswer,
  ShutdownAnswer,
} from '../cluster/contract-calls.ts'
import type { BrokerCommand, CommandAnswer } from '../cluster/contract-commands.ts'
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
  'alterReassignments',
  'listReassignments',
  'moveReplicas',
  'command',
  'alterPartition',
  'shutDownBroker',
  'allocateProducerIdsFor',
] as const

/** The control plane as a shard sees it: every call is a message to the main thread. */
export class RemoteControlPlane implements ControlPlane, PeerControl {
  readonly #main: PortRpc

  constructor(main: PortRpc) {
    this.#main = main
  }

  createTopics(
    topics: readonly CreateTopicSpec[],
    validateOnly: boolean,
    mayForward: boolean = false,
  ): Promise<readonly CreateTopicResult[]> {
    return this.#main.call('createTopics', topics, validateOnly, mayForward)
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

  alterReassignments(
    partitions: Parameters<ControlPlane['alterReassignments']>[0],
  ): ReturnType<ControlPlane['alterReassignments']> {
    return this.#main.call('alterReassignments', partitions)
  }

  listReassignments(
    partitions: Parameters<ControlPlane['listReassignments']>[0],
  ): ReturnType<ControlPlane['listReassignments']> {
    return this.#main.call('listReassignments', partitions)
  }

  moveReplicas(moves: Parameters<ControlPlane['moveReplicas']>[0]): ReturnType<ControlPlane['moveReplicas']> {
    return this.#main.call('moveReplicas', moves)
  }

  command(command: BrokerCommand): Promise<CommandAnswer> {
    return this.#main.call('command', command)
  }

  alterPartition(request: InSyncRequest): Promise<InSyncAnswer> {
    return this.#main.call('alterPartition', request)
  }

  shutDownBroker(brokerId: number, brokerEpoch: number): Promise<ShutdownAnswer> {
    return this.#main.call('shutDownBroker', brokerId, brokerEpoch)
  }

  allocateProducerIdsFor(brokerId: number, brokerEpoch: number): Promise<ProducerIdsAnswer> {
    return this.#main.call('allocateProducerIdsFor', brokerId, brokerEpoch)
  }
}
