/** LeaderAndIsr, UpdateMetadata and StopReplica as messages and as the control plane's plain values, in both directions and every version. */
import type {
  BrokerCommand,
  CommandAnswer,
  CommandHead,
  LeadershipCommand,
  LeadershipPartition,
  MetadataCommand,
  MetadataPartition,
  PartitionAnswer,
  StopCommand,
  StopPartition,
} from '../../cluster/contract-commands.ts'
import type { EndpointView } from '../../cluster/contract.ts'
import type { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { LeaderAndIsrRequest, LeaderAndIsrResponse } from '../../protocol/generated/04-leader-and-isr.ts'
import type { StopReplicaRequest, StopReplicaResponse } from '../../protocol/generated/05-stop-replica.ts'
import type { UpdateMetadataRequest } from '../../protocol/generated/06-update-metadata.ts'
import type { Draft } from '../../protocol/wire/draft.ts'

/** Since this version LeaderAndIsr names topics by id in its answer. */
const LEADERSHIP_BY_ID_SINCE_VERSION = 5
/** `type` of a request that names every partition there is. */
const FULL_TYPE = 2
const SECURITY_PROTOCOLS: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

function idOf(text: string): string {
  return text === ZERO_UUID ? '' : text
}

function idText(id: string): string {
  return id === '' ? ZERO_UUID : id
}

// --- LeaderAndIsr

type LeaderAndIsrState = LeaderAndIsrRequest['topicStates'][number]['partitionStates'][number]

export function leadershipRequest(command: LeadershipCommand): Draft<LeaderAndIsrRequest> {
  return {
    ...headFields(command),
    type: 0,
    topicStates: topicStatesOf(command.topics, (partition) => ({
      ...commonState(partition),
      partitionEpoch: partition.partitionEpoch,
      addingReplicas: [...partition.adding],
      removingReplicas: [...partition.removing],
      isNew: partition.isNew,
      leaderRecoveryState: partition.isRecovering ? 1 : 0,
    })),
    liveLeaders: command.liveLeaders.map(({ id, host, port }) => ({ brokerId: id, hostName: host, port })),
  }
}

export function leadershipCommand(request: LeaderAndIsrRequest): LeadershipCommand {
  return {
    kind: 'leadership',
    ...headOf(request),
    topics: topicsOf(request.topicStates, request.ungroupedPartitionStates, leadershipPartition),
    liveLeaders: request.liveLeaders.map(({ brokerId: id, hostName: host, port }) => ({ id, host, port })),
  }
}

function leadershipPartition(state: LeaderAndIsrState): LeadershipPartition {
  return {
    ...commonPartition(state),
    partitionEpoch: state.partitionEpoch,
    adding: state.addingReplicas,
    removing: state.removingReplicas,
    isNew: state.isNew,
    isRecovering: state.leaderRecoveryState === 1,
  }
}

export function leadershipResponse(
  command: LeadershipCommand,
  answer: CommandAnswer,
  version: number,
): Draft<LeaderAndIsrResponse> {
  if (version < LEADERSHIP_BY_ID_SINCE_VERSION) {
    return { errorCode: answer.code, partitionErrors: errorsOf(answer.partitions), topics: [] }
  }
  const ids = new Map(command.topics.map(({ topic, topicId }) => [topic, topicId]))
  const topics = new Map<string, { partitionIndex: number; errorCode: ErrorCode }[]>()
  for (const { topic, partition, code } of answer.partitions) {
    const list = topics.get(topic) ?? []
    list.push({ partitionIndex: partition, errorCode: code })
    topics.set(topic, list)
  }
  return {
    errorCode: answer.code,
    partitionErrors: [],
    topics: [...topics].map(([topic, partitionErrors]) => ({
      topicId: idText(ids.get(topic) ?? ''),
      partitionErrors,
    })),
  }
}

export function leadershipAnswer(command: LeadershipCommand, response: LeaderAndIsrResponse): CommandAnswer {
  const names = new Map(command.topics.map(({ topic, topicId }) => [topicId, topic]))
  const partitions = answersOf(response.partitionErrors)
  for (const { topicId, partitionErrors } of response.topics) {
    const topic = names.get(idOf(topicId))
    if (topic === undefined) continue
    for (const { partitionIndex, errorCode } of partitionErrors)
      partitions.push({ topic, partition: partitionIndex, code: errorCode as ErrorCode })
  }
  return { code: response.errorCode as ErrorCode, partitions }
}

// --- UpdateMetadata

type UpdateMetadataState = UpdateMetadataRequest['topicStates'][number]['partitionStates'][number]

export function metadataRequest(command: MetadataCommand): Draft<UpdateMetadataRequest> {
  return {
    ...headFields(command),
    type: command.isFull ? FULL_TYPE : 0,
    topicStates: topicStatesOf(command.topics, (partition) => ({
      ...commonState(partition),
      zkVersion: partition.partitionEpoch,
      offlineReplicas: [...partition.offlineReplicas],
    })),
    liveBrokers: command.brokers.map(({ id, endpoints, rack }) => ({
      id,
      rack,
      endpoints: endpoints.map(({ listener, host, port, securityProtocol }) => ({
        listener,
        host,
        port,
        securityProtocol: Math.max(0, SECURITY_PROTOCOLS.indexOf(securityProtocol)),
      })),
    })),
  }
}

export function metadataCommand(request: UpdateMetadataRequest): MetadataCommand {
  return {
    kind: 'metadata',
    ...headOf(request),
    isFull: request.type === FULL_TYPE,
    topics: topicsOf(request.topicStates, request.ungroupedPartitionStates, metadataPartition),
    brokers: request.liveBrokers.map(({ id, rack, endpoints, v0Host, v0Port }) => ({
      id,
      rack,
      endpoints:
        endpoints.length > 0 ? endpoints.map((endpoint) => endpointOf(endpoint)) : [oldEndpoint(v0Host, v0Port)],
    })),
  }
}

type UpdateMetadataEndpoint = UpdateMetadataRequest['liveBrokers'][number]['endpoints'][number]

/** Before version 3 a listener has no name of its own. */
function endpointOf({ listener, host, port, securityProtocol }: UpdateMetadataEndpoint): EndpointView {
  const protocol = SECURITY_PROTOCOLS[securityProtocol] ?? 'PLAINTEXT'
  return { listener: listener === '' ? protocol : listener, host, port, securityProtocol: protocol }
}

function oldEndpoint(host: string, port: number): EndpointView {
  return { listener: 'PLAINTEXT', host, port, securityProtocol: 'PLAINTEXT' }
}

function metadataPartition(state: UpdateMetadataState): MetadataPartition {
  return { ...commonPartition(state), partitionEpoch: state.zkVersion, offlineReplicas: state.offlineReplicas }
}

// --- StopReplica

/** Version 3 and later: each partition says whether it is deleted. */
export function stopRequest(command: StopCommand): Draft<StopReplicaRequest> {
  return {
    ...headFields(command),
    topicStates: command.topics.map(({ topic, partitions }) => ({
      topicName: topic,
      partitionStates: partitions.map(({ partition, leaderEpoch, isDeleted }) => ({
        partitionIndex: partition,
        leaderEpoch,
        deletePartition: isDeleted,
      })),
    })),
  }
}

const UNKNOWN_EPOCH = -1

export function stopCommand(request: StopReplicaRequest): StopCommand {
  const { deletePartitions } = request
  const old = (partition: number): StopPartition => ({
    partition,
    leaderEpoch: UNKNOWN_EPOCH,
    isDeleted: deletePartitions,
  })
  const ungrouped = groupByTopic(request.ungroupedPartitions, ({ partitionIndex }) => old(partitionIndex))
  return {
    kind: 'stop',
    ...headOf(request),
    topics: [
      ...request.topicStates.map(({ topicName, partitionStates }) => ({
        topic: topicName,
        partitions: partitionStates.map(({ partitionIndex, leaderEpoch, deletePartition }) => ({
          partition: partitionIndex,
          leaderEpoch,
          isDeleted: deletePartition,
        })),
      })),
      ...request.topics.map(({ name, partitionIndexes }) => ({
        topic: name,
        partitions: partitionIndexes.map((partition) => old(partition)),
      })),
      ...ungrouped.map(([topic, partitions]) => ({ topic, partitions })),
    ],
  }
}

export function stopResponse(answer: CommandAnswer): Draft<StopReplicaResponse> {
  return { errorCode: answer.code, partitionErrors: errorsOf(answer.partitions) }
}

export function stopAnswer(response: StopReplicaResponse): CommandAnswer {
  return { code: response.errorCode as ErrorCode, partitions: answersOf(response.partitionErrors) }
}

// --- what the three have in common

function headFields({ controllerId, controllerEpoch, brokerEpoch }: CommandHead): CommandHead & {
  readonly isKRaftController: boolean
} {
  return { controllerId, isKRaftController: false, controllerEpoch, brokerEpoch }
}

function headOf({ controllerId, controllerEpoch, brokerEpoch }: CommandHead): CommandHead {
  return { controllerId, controllerEpoch, brokerEpoch }
}

interface TopicOf<Partition> {
  readonly topic: string
  /** '' = none. */
  readonly topicId: string
  readonly partitions: readonly Partition[]
}

interface TopicState<State> {
  topicName: string
  topicId: string
  partitionStates: State[]
}

function topicStatesOf<Partition, State>(
  topics: readonly TopicOf<Partition>[],
  stateOf: (partition: Partition) => State,
): TopicState<State>[] {
  return topics.map(({ topic, topicId, partitions }) => ({
    topicName: topic,
    topicId: idText(topicId),
    partitionStates: partitions.map((partition) => stateOf(partition)),
  }))
}

/** @param ungrouped how versions before 2 (LeaderAndIsr) and 5 (UpdateMetadata) give them: as one flat list */
function topicsOf<Partition, State extends { readonly topicName: string }>(
  topicStates: readonly TopicState<State>[],
  ungrouped: readonly State[],
  partitionOf: (state: State) => Partition,
): readonly TopicOf<Partition>[] {
  const grouped = topicStates.map(({ topicName, topicId, partitionStates }) => ({
    topic: topicName,
    topicId: idOf(topicId),
    partitions: partitionStates.map((state) => partitionOf(state)),
  }))
  const others = groupByTopic(ungrouped, partitionOf)
  return [...grouped, ...others.map(([topic, partitions]) => ({ topic, topicId: '', partitions }))]
}

type CommonPartition = Pick<
  LeadershipPartition,
  'partition' | 'controllerEpoch' | 'leader' | 'leaderEpoch' | 'inSyncReplicas' | 'replicas'
>
type CommonState = Pick<
  LeaderAndIsrState,
  'partitionIndex' | 'controllerEpoch' | 'leader' | 'leaderEpoch' | 'isr' | 'replicas'
>

function commonState(partition: CommonPartition): CommonState {
  return {
    partitionIndex: partition.partition,
    controllerEpoch: partition.controllerEpoch,
    leader: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    isr: [...partition.inSyncReplicas],
    replicas: [...partition.replicas],
  }
}

function commonPartition(state: CommonState): CommonPartition {
  return {
    partition: state.partitionIndex,
    controllerEpoch: state.controllerEpoch,
    leader: state.leader,
    leaderEpoch: state.leaderEpoch,
    inSyncReplicas: state.isr,
    replicas: state.replicas,
  }
}

interface PartitionError {
  topicName: string
  partitionIndex: number
  errorCode: number
}

function errorsOf(answers: readonly PartitionAnswer[]): PartitionError[] {
  return answers.map(({ topic, partition, code }) => ({ topicName: topic, partitionIndex: partition, errorCode: code }))
}

function answersOf(errors: readonly PartitionError[]): PartitionAnswer[] {
  return errors.map(({ topicName, partitionIndex, errorCode }) => ({
    topic: topicName,
    partition: partitionIndex,
    code: errorCode as ErrorCode,
  }))
}

/** What old versions give as one flat list. */
function groupByTopic<State extends { topicName: string }, Value>(
  states: readonly State[],
  value: (state: State) => Value,
): readonly (readonly [string, readonly Value[]])[] {
  const byTopic = new Map<string, Value[]>()
  for (const state of states) {
    const list = byTopic.get(state.topicName) ?? []
    list.push(value(state))
    byTopic.set(state.topicName, list)
  }
  return [...byTopic]
}

/** What a command of any kind is called in messages for people. */
export function commandName(command: BrokerCommand): string {
  switch (command.kind) {
    case 'leadership':
      return 'LeaderAndIsr'
    case 'metadata':
      return 'UpdateMetadata'
    case 'stop':
      return 'StopReplica'
  }
}
