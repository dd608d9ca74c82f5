/** Topics made, grown and removed: decided, written, then put into force on the shards and shown to everybody. */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode, type Watcher } from '../zookeeper/contract.ts'
import { configFlag, configNumber } from './config/broker-config.ts'
import type { ControlResult, CreateTopicResult, CreateTopicSpec, LocalPartition } from './contract.ts'
import type { ControllerContext } from './controller-context.ts'
import {
  type CreateDecision,
  type CreatePlan,
  type GrowDecision,
  type GrowSpec,
  decideCreate,
  decideDelete,
  decideGrow,
} from './decide-topics.ts'
import { initialState } from './elections.ts'
import { childrenOf } from './loader.ts'
import { isKeeperError, randomUuid } from './startup.ts'
import { type LocalPlace, type PartitionRecord, type TopicRecord, localPartitions, topicView } from './state.ts'
import { createTopicWrites, deleteTopicWrites, growTopicWrites, markDeleted } from './topic-writes.ts'
import { DELETE_TOPICS_PATH, type PartitionStateNode, deleteTopicPath } from './znodes.ts'

type Assignment = ReadonlyMap<number, readonly number[]>

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
    const written: TopicRecord[] = []
    const refused = new Map<CreateTopicResult, ControlResult>()
    for (const [index, { plan, result }] of planned.entries()) {
      const code = codes[index] ?? KeeperErrorCode.ok
      if (code !== KeeperErrorCode.ok) {
        refused.set(result, refusalOf(code, plan.name))
        continue
      }
      orphanConfigs.delete(plan.name)
      written.push(this.#newTopic(plan, states[index] ?? new Map()))
    }
    for (const topic of written) state.putTopic(topic)
    await this.#inForce(
      written,
      written.flatMap((topic) => this.#local(topic)),
    )
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
    const grown: TopicRecord[] = []
    const opened: LocalPartition[] = []
    const refused = new Map<unknown, ControlResult>()
    for (const [index, { topic, added, result }] of accepted.entries()) {
      const code = codes[index] ?? KeeperErrorCode.ok
      if (code !== KeeperErrorCode.ok) {
        refused.set(result, refusalOf(code, topic.name))
        continue
      }
      const partitions = this.#newPartitions(topic.name, added, states[index] ?? new Map())
      const record = { ...topic, partitions: [...topic.partitions, ...partitions] }
      state.putTopic(record)
      grown.push(record)
      opened.push(...this.#local({ ...topic, partitions }))
    }
    await this.#inForce(grown, opened)
    return decisions.map(({ result }) => ({ ...result, ...refused.get(result) }))
  }

  async delete(
    targets: readonly { readonly name: string; readonly topicId: string }[],
  ): Promise<readonly (ControlResult & { readonly name: string; readonly topicId: string })[]> {
    const { state, writer, dependencies } = this.#context
    const decisions = decideDelete(state, targets, configFlag(dependencies.config, 'delete.topic.enable'))
    const topics = decisions.flatMap(({ topic }) => (topic === undefined ? [] : [topic]))
    // The wish first: whatever happens after it, the topic will be gone. One that stands there already is as good.
    await writer.write(topics.map((topic) => markDeleted(topic.name)))
    await this.#remove(topics)
    return decisions.map(({ result }) => result)
  }

  /** Completes deletions that were wished for before this controller was elected, or by others through the tree. */
  async deleteWished(names: readonly string[]): Promise<void> {
    const { state, zookeeper, dependencies } = this.#context
    const isEnabled = configFlag(dependencies.config, 'delete.topic.enable')
    const topics = names.flatMap((name) => (isEnabled ? (state.topic(name) ?? []) : []))
    await this.#remove(topics)
    const known = new Set(topics.map((topic) => topic.name))
    for (const name of names) {
      if (known.has(name)) continue
      await zookeeper.delete(deleteTopicPath(name)).catch((error: unknown) => {
        if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
      })
    }
  }

  /** The same for whatever is wished for now, with a new watch. */
  async deleteWishedAgain(onChange: Watcher): Promise<void> {
    await this.deleteWished(await childrenOf(this.#context.zookeeper, DELETE_TOPICS_PATH, onChange))
  }

  /** Clients stop seeing the topics before their logs go, and the tree forgets them last. */
  async #remove(topics: readonly TopicRecord[]): Promise<void> {
    if (topics.length === 0) return
    const { state, writer, zookeeper, dependencies } = this.#context
    const local = topics.flatMap((topic) => this.#local(topic))
    for (const topic of topics) state.dropTopic(topic.name)
    await dependencies.effects.publish(topics.map((topic) => ({ kind: 'topicGone', name: topic.name })))
    await dependencies.effects.remove(local)
    for (const topic of topics) {
      for (const partition of topic.partitions) dependencies.placement.free(partition.place)
    }
    const writes = topics.map((topic) => deleteTopicWrites(topic))
    const codes = await writer.write(writes)
    for (const [index, group] of writes.entries()) {
      if ((codes[index] ?? KeeperErrorCode.ok) === KeeperErrorCode.ok) continue
      // The tree does not look as expected (a node more or less): one by one, and what is gone is gone.
      for (const operation of group.operations) await this.#deleteTree(operation.path)
    }
    // A deletion wished for twice, by request and through the tree, may have been marked again meanwhile: its watch handles it.
    await zookeeper.sync('/')
  }

  async #deleteTree(path: string): Promise<void> {
    const { zookeeper } = this.#context
    for (const child of await childrenOf(zookeeper, path)) await this.#deleteTree(`${path}/${child}`)
    await zookeeper.delete(path).catch((error: unknown) => {
      if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
    })
  }

  async #inForce(topics: readonly TopicRecord[], opened: readonly LocalPartition[]): Promise<void> {
    if (topics.length === 0) return
    const { state, dependencies } = this.#context
    // Partitions open before anybody can see them: a client that has read the view never meets a shard that has not.
    await dependencies.effects.assign(opened)
    await dependencies.effects.publish(
      topics.map((topic) => ({ kind: 'topic', topic: topicView(topic, state.brokers) })),
    )
  }

  #initialStates(assignment: Assignment): ReadonlyMap<number, PartitionStateNode> {
    const { state, controllerEpoch } = this.#context
    const states = new Map<number, PartitionStateNode>()
    for (const [partition, replicas] of assignment) {
      const first = initialState(replicas, state.brokers, controllerEpoch)
      if (first !== undefined) states.set(partition, first)
    }
    return states
  }

  #newTopic(plan: CreatePlan, states: ReadonlyMap<number, PartitionStateNode>): TopicRecord {
    return {
      name: plan.name,
      topicId: plan.topicId,
      partitions: this.#newPartitions(plan.name, plan.assignment, states),
      adding: new Map(),
      removing: new Map(),
      config: plan.config,
    }
  }

  #newPartitions(
    topic: string,
    assignment: Assignment,
    states: ReadonlyMap<number, PartitionStateNode>,
  ): readonly PartitionRecord[] {
    return [...assignment].map(([partition, replicas]) => {
      const state = states.get(partition)
      return {
        partition,
        replicas,
        state: state ?? { controllerEpoch: 0, leader: -1, leaderEpoch: 0, inSyncReplicas: [], isRecovering: false },
        stateVersion: state === undefined ? -1 : 0,
        place: this.#placeOf(topic, partition, replicas),
      }
    })
  }

  #placeOf(topic: string, partition: number, replicas: readonly number[]): LocalPlace {
    const { brokerId, placement } = this.#context.dependencies
    return replicas.includes(brokerId) ? placement.here(topic, partition) : placement.elsewhere()
  }

  #local(topic: TopicRecord): readonly LocalPartition[] {
    return localPartitions(topic, this.#context.dependencies.brokerId, this.#context.layers())
  }
}

type Planned = CreateDecision & { readonly plan: CreatePlan }
type Accepted = GrowDecision & { readonly added: Assignment; readonly topic: TopicRecord }

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
