/** CreateTopics, CreatePartitions and DeleteTopics as decisions: what is refused and why, and what is to be written. */
import { ErrorCode } from '../model/error-code.ts'
import { topicNamesCollide, whyInvalidTopicName } from '../model/names.ts'
import { ZERO_UUID } from '../model/uuid.ts'
import { whyInvalidTopicConfig } from './config/rules.ts'
import type { ConfigMap } from './config/resolve.ts'
import type { ControlResult, CreateTopicResult, CreateTopicSpec } from './contract.ts'
import { type PlacementSeed, placeReplicas } from './placement.ts'
import { type BrokerRecord, type ClusterState, type TopicRecord, metricName } from './state.ts'

/** More partitions than this in one request would keep the controller from everything else for too long. */
const PARTITIONS_PER_REQUEST_MAX: number = 10_000
/** KRaft's own topic: a directory of that name in a log directory would be taken for its log. */
const METADATA_TOPIC = '__cluster_metadata'

/** A topic to be written. */
export interface CreatePlan {
  readonly name: string
  readonly topicId: string
  readonly assignment: ReadonlyMap<number, readonly number[]>
  readonly config: ConfigMap
}

export interface CreateDecision {
  readonly result: CreateTopicResult
  /** undefined when it is refused. */
  readonly plan: CreatePlan | undefined
}

export interface TopicDefaults {
  readonly partitionCount: number
  readonly replicationFactor: number
}

/** Chance, taken from outside so that a decision can be repeated. */
export interface Chance {
  /** A number in [0, 1). */
  unit(): number
  uuid(): string
}

const ACCEPTED: ControlResult = { code: ErrorCode.none, message: null }

function refuse(code: ErrorCode, message: string): ControlResult {
  return { code, message }
}

/** Judges each topic by itself, in order: a bad one never stops a good one. Names in one request see each other. */
export function decideCreate(
  state: ClusterState,
  specs: readonly CreateTopicSpec[],
  defaults: TopicDefaults,
  chance: Chance,
): readonly CreateDecision[] {
  const brokers = [...state.brokers.values()]
  const counts = countNames(specs.map((spec) => spec.name))
  const acceptedByMetric = new Map<string, string>()
  let partitionTotal = 0
  return specs.map((spec) => {
    const partitionCount =
      spec.assignments.length || (spec.partitionCount === -1 ? defaults.partitionCount : spec.partitionCount)
    const factor = spec.replicationFactor === -1 ? defaults.replicationFactor : spec.replicationFactor
    const sibling = acceptedByMetric.get(metricName(spec.name))
    const problem =
      whyNoNewTopic(state, spec.name, counts.get(spec.name) ?? 0, sibling) ??
      (spec.assignments.length > 0 ? whyBadManual(state, spec) : whyBadCounts(spec, partitionCount, factor, brokers)) ??
      whyInvalidTopicConfig(spec.config) ??
      (partitionTotal + partitionCount > PARTITIONS_PER_REQUEST_MAX
        ? refuse(
            ErrorCode.policyViolation,
            `Excessively large number of partitions per request: at most ${PARTITIONS_PER_REQUEST_MAX} can be created at once.`,
          )
        : undefined)
    if (problem !== undefined) return { result: createResult(spec.name, problem), plan: undefined }
    partitionTotal += partitionCount
    acceptedByMetric.set(metricName(spec.name), spec.name)
    const assignment =
      spec.assignments.length > 0
        ? manualAssignment(spec.assignments)
        : placeReplicas(brokers, 0, partitionCount, factor, seedOf(brokers.length, chance))
    const plan = { name: spec.name, topicId: chance.uuid(), assignment, config: withoutNulls(spec.config) }
    return {
      result: {
        ...createResult(spec.name, ACCEPTED),
        topicId: plan.topicId,
        partitionCount: assignment.size,
        replicationFactor: assignment.get(0)?.length ?? factor,
      },
      plan,
    }
  })
}

function createResult(name: string, outcome: ControlResult): CreateTopicResult {
  return { name, ...outcome, topicId: ZERO_UUID, partitionCount: -1, replicationFactor: -1 }
}

function whyNoNewTopic(
  state: ClusterState,
  name: string,
  timesNamed: number,
  sibling: string | undefined,
): ControlResult | undefined {
  if (timesNamed > 1) return refuse(ErrorCode.invalidRequest, 'Found multiple entries for this topic.')
  if (name === METADATA_TOPIC) {
    return refuse(ErrorCode.invalidRequest, `Creation of internal topic ${METADATA_TOPIC} is prohibited.`)
  }
  const invalid = whyInvalidTopicName(name)
  if (invalid !== undefined) {
    return refuse(ErrorCode.invalidTopicException, `Topic name is invalid: ${invalid}`)
  }
  if (state.topic(name) !== undefined) return refuse(ErrorCode.topicAlreadyExists, `Topic '${name}' already exists.`)
  const other = state.collidingTopic(name) ?? sibling
  if (other !== undefined && topicNamesCollide(name, other)) {
    return refuse(ErrorCode.invalidTopicException, `Topic '${name}' collides with existing topic: ${other}`)
  }
  return undefined
}

function whyBadCounts(
  spec: CreateTopicSpec,
  partitionCount: number,
  factor: number,
  brokers: readonly BrokerRecord[],
): ControlResult | undefined {
  if (factor <= 0) {
    return refuse(
      ErrorCode.invalidReplicationFactor,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    )
  }
  if (partitionCount <= 0) {
    const message =
      spec.partitionCount === 0 || spec.partitionCount < -1
        ? 'Number of partitions must be larger than 0, or -1 to use the default value.'
        : `The default number of partitions is ${partitionCount}, which is not larger than 0.`
    return refuse(ErrorCode.invalidPartitions, message)
  }
  return whyUnplaceable(factor, brokers)
}

/** Why `factor` replicas cannot be placed on these brokers. */
function whyUnplaceable(factor: number, brokers: readonly BrokerRecord[]): ControlResult | undefined {
  if (factor > brokers.length) {
    return refuse(
      ErrorCode.invalidReplicationFactor,
      `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached because only ${brokers.length} broker(s) are registered.`,
    )
  }
  const withRack = brokers.filter((broker) => broker.rack !== null).length
  if (withRack > 0 && withRack < brokers.length) {
    return refuse(
      ErrorCode.invalidReplicationFactor,
      'Not all brokers have rack information for replica rack aware assignment: set broker.rack on all of them or on none.',
    )
  }
  return undefined
}

function whyBadManual(state: ClusterState, spec: CreateTopicSpec): ControlResult | undefined {
  if (spec.replicationFactor !== -1) {
    return refuse(
      ErrorCode.invalidRequest,
      'A manual partition assignment was specified, but replication factor was not set to -1.',
    )
  }
  if (spec.partitionCount !== -1) {
    return refuse(
      ErrorCode.invalidRequest,
      'A manual partition assignment was specified, but numPartitions was not set to -1.',
    )
  }
  const seen = new Set<number>()
  for (const { partition, replicas } of spec.assignments) {
    if (seen.has(partition)) {
      return refuse(
        ErrorCode.invalidReplicaAssignment,
        `Found multiple manual partition assignments for partition ${partition}`,
      )
    }
    seen.add(partition)
    const problem = whyBadReplicas(state, replicas, spec.assignments[0]?.replicas.length ?? 0)
    if (problem !== undefined) return problem
  }
  const isConsecutive = spec.assignments.every((_, index) => seen.has(index))
  return isConsecutive
    ? undefined
    : refuse(ErrorCode.invalidReplicaAssignment, 'partitions should be a consecutive 0-based integer sequence')
}

function whyBadReplicas(state: ClusterState, replicas: readonly number[], factor: number): ControlResult | undefined {
  const code = ErrorCode.invalidReplicaAssignment
  if (replicas.length === 0) return refuse(code, 'The manual partition assignment includes an empty replica list.')
  const used = new Set<number>()
  for (const replica of replicas) {
    if (used.has(replica)) {
      return refuse(code, `The manual partition assignment includes the broker ${replica} more than once.`)
    }
    used.add(replica)
    if (!state.brokers.has(replica)) {
      return refuse(
        code,
        `The manual partition assignment includes broker ${replica}, but no such broker is registered.`,
      )
    }
  }
  if (replicas.length !== factor) {
    return refuse(
      code,
      `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${factor} replica(s).`,
    )
  }
  return undefined
}

function manualAssignment(assignments: CreateTopicSpec['assignments']): ReadonlyMap<number, readonly number[]> {
  const sorted = [...assignments].sort((left, right) => left.partition - right.partition)
  return new Map(sorted.map(({ partition, replicas }) => [partition, replicas]))
}

function seedOf(brokerCount: number, chance: Chance): PlacementSeed {
  return {
    start: Math.floor(chance.unit() * brokerCount),
    shift: Math.floor(chance.unit() * brokerCount),
  }
}

function withoutNulls(config: Readonly<Record<string, string | null>>): ConfigMap {
  return Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== null))
}

function countNames(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

export interface GrowSpec {
  readonly name: string
  readonly count: number
  readonly assignments: readonly (readonly number[])[] | null
}

export interface GrowDecision {
  readonly result: ControlResult & { readonly name: string }
  /** Replicas of the added partitions; undefined when it is refused. */
  readonly added: ReadonlyMap<number, readonly number[]> | undefined
  readonly topic: TopicRecord | undefined
}

/** One decision for every topic asked for, in order. */
export function decideGrow(state: ClusterState, specs: readonly GrowSpec[]): readonly GrowDecision[] {
  const counts = countNames(specs.map((spec) => spec.name))
  return specs.map((spec) => {
    const topic = state.topic(spec.name)
    if ((counts.get(spec.name) ?? 0) > 1) {
      return grow(spec.name, refuse(ErrorCode.invalidRequest, 'Duplicate topic in request.'))
    }
    if (topic === undefined) {
      return grow(spec.name, refuse(ErrorCode.unknownTopicOrPartition, `The topic '${spec.name}' does not exist.`))
    }
    const problem = whyNoGrowth(state, topic, spec)
    if (problem !== undefined) return grow(spec.name, problem)
    const current = topic.partitions.length
    const added =
      spec.assignments === null
        ? placeAdded(state, topic, spec.count - current)
        : new Map(spec.assignments.map((replicas, index) => [current + index, replicas] as const))
    return { result: { name: spec.name, ...ACCEPTED }, added, topic }
  })
}

function grow(name: string, outcome: ControlResult): GrowDecision {
  return { result: { name, ...outcome }, added: undefined, topic: undefined }
}

function whyNoGrowth(state: ClusterState, topic: TopicRecord, spec: GrowSpec): ControlResult | undefined {
  const current = topic.partitions.length
  if (topic.adding.size > 0 || topic.removing.size > 0) {
    return refuse(
      ErrorCode.reassignmentInProgress,
      `Partitions of topic '${topic.name}' are being reassigned: add partitions when that is done.`,
    )
  }
  if (spec.count === current) {
    return refuse(ErrorCode.invalidPartitions, `Topic already has ${current} partition(s).`)
  }
  if (spec.count < current) {
    return refuse(
      ErrorCode.invalidPartitions,
      `The topic ${topic.name} currently has ${current} partition(s); ${spec.count} would not be an increase.`,
    )
  }
  const additional = spec.count - current
  if (additional > PARTITIONS_PER_REQUEST_MAX) {
    return refuse(
      ErrorCode.policyViolation,
      `Excessively large number of partitions per request: at most ${PARTITIONS_PER_REQUEST_MAX} can be created at once.`,
    )
  }
  const factor = topic.partitions[0]?.replicas.length ?? 0
  if (spec.assignments === null) return whyUnplaceable(factor, [...state.brokers.values()])
  if (spec.assignments.length !== additional) {
    return refuse(
      ErrorCode.invalidReplicaAssignment,
      `Attempted to add ${additional} additional partition(s), but only ${spec.assignments.length} assignment(s) were specified.`,
    )
  }
  for (const replicas of spec.assignments) {
    const problem = whyBadReplicas(state, replicas, factor)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Goes on where the placement of partition 0 began, so that leaders keep going round. */
function placeAdded(state: ClusterState, topic: TopicRecord, count: number): ReadonlyMap<number, readonly number[]> {
  const brokers = [...state.brokers.values()].sort((left, right) => left.id - right.id)
  const replicas = topic.partitions[0]?.replicas ?? []
  const position = Math.max(
    0,
    brokers.findIndex((broker) => broker.id >= (replicas[0] ?? 0)),
  )
  return placeReplicas(brokers, topic.partitions.length, count, replicas.length, { start: position, shift: position })
}

export interface DeleteDecision {
  readonly result: ControlResult & { readonly name: string; readonly topicId: string }
  readonly topic: TopicRecord | undefined
}

/** By name, or by id where one is given. */
export function decideDelete(
  state: ClusterState,
  targets: readonly { readonly name: string; readonly topicId: string }[],
  isDeletionEnabled: boolean,
): readonly DeleteDecision[] {
  const found = targets.map(({ name, topicId }) =>
    topicId === '' || topicId === ZERO_UUID ? state.topic(name) : state.topicById(topicId),
  )
  const counts = countNames(found.flatMap((topic) => (topic === undefined ? [] : [topic.name])))
  return targets.map((target, index) => {
    const topic = found[index]
    const isById = target.topicId !== '' && target.topicId !== ZERO_UUID
    const answer = (outcome: ControlResult): DeleteDecision => ({
      result: {
        name: topic?.name ?? target.name,
        topicId: topic?.topicId ?? (isById ? target.topicId : ZERO_UUID),
        ...outcome,
      },
      topic: outcome.code === ErrorCode.none ? topic : undefined,
    })
    if (!isDeletionEnabled) {
      return answer(
        refuse(ErrorCode.topicDeletionDisabled, 'Topic deletion is disabled: set delete.topic.enable=true.'),
      )
    }
    if (topic === undefined) {
      return answer(
        isById
          ? refuse(ErrorCode.unknownTopicId, 'This server does not host this topic ID.')
          : refuse(ErrorCode.unknownTopicOrPartition, 'This server does not host this topic-partition.'),
      )
    }
    if ((counts.get(topic.name) ?? 0) > 1) {
      return answer(refuse(ErrorCode.invalidRequest, `Found multiple entries for topic '${topic.name}'.`))
    }
    return answer(ACCEPTED)
  })
}
