/** Topics made and grown: decided, written, then told to the brokers concerned. */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode } from '../zookeeper/contract.ts'
import { CommandBatch } from './command-batch.ts'
import { configNumber } from './config/broker-config.ts'
import type { ControlResult, CreateTopicResult, CreateTopicSpec } from './contract.ts'
import type { ControllerContext } from './controller-context.ts'
import {
  type CreateDecision,
  type CreatePlan,
  type GrowDecision,
  type GrowSpec,
  decideCreate,
  decideGrow,
} from './decide-topics.ts'
import { initialState } from './elections.ts'
import { randomUuid } from './startup.ts'
import { NO_STATE, type PartitionRecord, type TopicRecord } from './state.ts'
import { createTopicWrites, growTopicWrites } from './topic-writes.ts'
import type { PartitionStateNode } from './znodes.ts'

type Assignment = ReadonlyMap<number, readonly number[]>

/** Of more new partitions than this the answer does not wait for the brokers elsewhere. */
const AWAITED_EVERYWHERE_MAX = 100

export class TopicChanges {
  readonly #context: ControllerContext

  constructor(context: ControllerContext) {
    this.#context = context
  }

  async create(specs: readonly CreateTopicSpec[], validateOnly: boolean): Promise<readonly CreateTopicResult[]> {
    const { state, writer, orphanConfigs, dependencies } = this.#context
    const { config, entropy } = dependencies
    const defaults = {
      partitionCount: configNumber(config, 'num.partitions'),
      replicationFactor: configNumber(config, 'default.replication.factor'),
    }
    const decisions = decideCreate(state, specs, defaults, {
      unit: () => entropy.unit(),
      uuid: () => randomUuid(entropy),
    })
    if (validateOnly) return decisions.map(({ result }) => result)
    const planned = decisions.filter((decision): decision is Planned => decision.plan !== undefined)
    const states = planned.map(({ plan }) => this.#initialStates(plan.assignment))
    const codes = await writer.write(
      planned.map(({ plan }, index) =>
        createTopicWrites(plan, states[index] ?? new Map(), orphanConfigs.has(plan.name)),
      ),
    )
    const batch = new CommandBatch()
    const refused = new Map<CreateTopicResult, ControlResult>()
    let partitionCount = 0
    for (const [index, { plan, result }] of planned.entries()) {
      const code = codes[index] ?? KeeperErrorCode.ok
      if (code !== KeeperErrorCode.ok) {
        refused.set(result, refusalOf(code, plan.name))
        continue
      }
      orphanConfigs.delete(plan.name)
      state.configs.topics.set(plan.name, plan.config)
      const partitions = newPartitions(plan.assignment, states[index] ?? new Map())
      state.putTopic({ name: plan.name, topicId: plan.topicId, partitions, adding: new Map(), removing: new Map() })
      addNewPartitions(batch, plan.name, partitions)
      partitionCount += partitions.length
    }
    await this.#tell(batch, partitionCount)
    return decisions.map(({ result }) => {
      const refusal = refused.get(result)
      return refusal === undefined ? result : { ...result, ...refusal, partitionCount: -1, replicationFactor: -1 }
    })
  }

  /** One answer for every topic asked for. */
  async grow(
    specs: readonly GrowSpec[],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly name: string })[]> {
    const { state, writer } = this.#context
    const decisions = decideGrow(state, specs)
    if (validateOnly) return decisions.map(({ result }) => result)
    const accepted = decisions.filter((decision): decision is Accepted => decision.added !== undefined)
    const states = accepted.map(({ added }) => this.#initialStates(added))
    const codes = await writer.write(
      accepted.map(({ topic, added }, index) => growTopicWrites(topic, added, states[index] ?? new Map())),
    )
    const batch = new CommandBatch()
    const refused = new Map<unknown, ControlResult>()
    let partitionCount = 0
    for (const [index, { topic, added, result }] of accepted.entries()) {
      const code = codes[index] ?? KeeperErrorCode.ok
      if (code !== KeeperErrorCode.ok) {
        refused.set(result, refusalOf(code, topic.name))
        continue
      }
      const partitions = newPartitions(added, states[index] ?? new Map())
      state.putTopic({ ...topic, partitions: [...topic.partitions, ...partitions] })
      addNewPartitions(batch, topic.name, partitions)
      partitionCount += partitions.length
    }
    await this.#tell(batch, partitionCount)
    return decisions.map(({ result }) => ({ ...result, ...refused.get(result) }))
  }

  /**
   * Our own broker knows the new partitions when this resolves: whoever asks it finds them. A client that is told of a few
   * should find their leaders at work, on whatever broker they are; who has made hundreds at once finds the others a little
   * later, as with Kafka's controllers.
   */
  async #tell(batch: CommandBatch, partitionCount: number): Promise<void> {
    if (partitionCount === 0) return
    const areOthersAwaited = partitionCount <= AWAITED_EVERYWHERE_MAX
    const { others } = await this.#context.dispatch(batch, !areOthersAwaited)
    if (areOthersAwaited) this.#context.answerAfter(others)
  }

  #initialStates(assignment: Assignment): ReadonlyMap<number, PartitionStateNode> {
    const { state, controllerEpoch } = this.#context
    const states = new Map<number, PartitionStateNode>()
    for (const [partition, replicas] of assignment) {
      const alive = state.alive('', partition)
      const first = initialState(replicas, alive, controllerEpoch)
      if (first !== undefined) states.set(partition, first)
    }
    return states
  }
}

type Planned = CreateDecision & { readonly plan: CreatePlan }
type Accepted = GrowDecision & { readonly added: Assignment; readonly topic: TopicRecord }

/** The replicas in sync hold nothing yet, and begin at once. */
export function addNewPartitions(batch: CommandBatch, topic: string, partitions: readonly PartitionRecord[]): void {
  for (const { partition, state } of partitions) batch.addLeadership(state.inSyncReplicas, topic, partition, true)
}

function newPartitions(
  assignment: Assignment,
  states: ReadonlyMap<number, PartitionStateNode>,
): readonly PartitionRecord[] {
  return [...assignment].map(([partition, replicas]) => {
    const state = states.get(partition)
    return { partition, replicas, state: state ?? NO_STATE, stateVersion: state === undefined ? -1 : 0 }
  })
}

function refusalOf(keeperCode: number, topic: string): ControlResult {
  if (keeperCode === KeeperErrorCode.nodeExists) {
    return { code: ErrorCode.topicAlreadyExists, message: `Topic '${topic}' already exists.` }
  }
  if (keeperCode === KeeperErrorCode.noNode) {
    return { code: ErrorCode.unknownTopicOrPartition, message: `The topic '${topic}' was removed meanwhile.` }
  }
  return {
    code: ErrorCode.unknownServerError,
    message: `ZooKeeper refused to write topic '${topic}' with code ${keeperCode}.`,
  }
}
