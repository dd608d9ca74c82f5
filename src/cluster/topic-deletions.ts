/**
 * Topics removed: the wish is written, everybody stops seeing the topic, every replica deletes its files, and only then the
 * tree forgets it. A broker that is away keeps the deletion waiting until it is back.
 */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode, type Watcher } from '../zookeeper/contract.ts'
import { CommandBatch } from './command-batch.ts'
import { configFlag } from './config/broker-config.ts'
import type { ControlResult } from './contract.ts'
import type { ControllerContext, SentCommand } from './controller-context.ts'
import { decideDelete } from './decide-topics.ts'
import { childrenOf } from './loader.ts'
import { isKeeperError } from './startup.ts'
import type { TopicRecord } from './state.ts'
import { deleteTopicWrites, markDeleted } from './topic-writes.ts'
import { DELETE_TOPICS_PATH, deleteTopicPath } from './znodes.ts'

/** Leader epoch of a StopReplica for a topic that goes: newer than any. */
const EPOCH_DURING_DELETION = -2

export class TopicDeletions {
  readonly #context: ControllerContext

  constructor(context: ControllerContext) {
    this.#context = context
  }

  async delete(
    targets: readonly { readonly name: string; readonly topicId: string }[],
  ): Promise<readonly (ControlResult & { readonly name: string; readonly topicId: string })[]> {
    const { state, writer, dependencies } = this.#context
    const decisions = decideDelete(state, targets, configFlag(dependencies.config, 'delete.topic.enable'))
    const topics = decisions.flatMap(({ topic }) => (topic === undefined ? [] : [topic]))
    // The wish first: whatever happens after it, the topic will be gone. One that stands there already is as good.
    await writer.write(topics.map((topic) => markDeleted(topic.name)))
    await this.#begin(topics)
    return decisions.map(({ result }) => result)
  }

  /** Completes deletions that were wished for before this controller was elected, or by others through the tree. */
  async deleteWished(names: readonly string[]): Promise<void> {
    const { state, zookeeper, dependencies } = this.#context
    const isEnabled = configFlag(dependencies.config, 'delete.topic.enable')
    const topics = names.flatMap((name) => (isEnabled ? (state.topic(name) ?? []) : []))
    // Also one that is being reassigned: its deletion may have begun, and what lives of it has no records any more.
    await this.#begin(topics)
    const known = new Set([...topics.map((topic) => topic.name), ...state.deletions.keys()])
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

  /** Brokers are back that still have replicas of topics on their way out. */
  async resume(brokers: ReadonlySet<number>): Promise<void> {
    const waiting = [...this.#context.state.deletions.values()].filter(({ waitingFor }) =>
      [...waitingFor].some((broker) => brokers.has(broker)),
    )
    await this.#removeReplicas(waiting.map(({ topic }) => topic))
  }

  async #begin(topics: readonly TopicRecord[]): Promise<void> {
    const { state } = this.#context
    if (topics.length === 0) return
    for (const topic of topics) {
      state.dropTopic(topic.name)
      const waitingFor = new Set(topic.partitions.flatMap(({ replicas }) => replicas))
      state.deletions.set(topic.name, { topic, waitingFor })
    }
    // Clients stop seeing the topics before their logs go.
    const hiding = new CommandBatch()
    for (const topic of topics) hiding.addDeletion(topic)
    await this.#context.dispatch(hiding)
    await this.#removeReplicas(topics)
  }

  async #removeReplicas(topics: readonly TopicRecord[]): Promise<void> {
    if (topics.length === 0) return
    const { state, dispatch, later, answerAfter } = this.#context
    const batch = new CommandBatch()
    for (const topic of topics) {
      const waitingFor = state.deletions.get(topic.name)?.waitingFor ?? new Set()
      for (const { partition, replicas } of topic.partitions) {
        const brokers = replicas.filter((replica) => waitingFor.has(replica))
        batch.addStop(brokers, topic.name, { partition, leaderEpoch: EPOCH_DURING_DELETION, isDeleted: true })
      }
    }
    const { own, others, hasOthers } = await dispatch(batch)
    this.#note(own)
    await this.#complete()
    if (!hasOthers) return
    const done = others.then(
      (sent) =>
        new Promise<void>((resolve) => {
          later(async () => {
            this.#note(sent)
            await this.#complete().finally(resolve)
          })
        }),
    )
    answerAfter(done)
  }

  /** Strikes out the brokers that have deleted all their replicas of a topic. */
  #note(sent: readonly SentCommand[]): void {
    const { deletions } = this.#context.state
    for (const { brokerId, command, answer } of sent) {
      if (command.kind !== 'stop' || answer === undefined || answer.code !== ErrorCode.none) continue
      const failed = new Set(answer.partitions.filter(({ code }) => code !== ErrorCode.none).map(({ topic }) => topic))
      for (const { topic } of command.topics) {
        const deletion = deletions.get(topic)
        if (deletion === undefined || failed.has(topic)) continue
        const waitingFor = new Set(deletion.waitingFor)
        waitingFor.delete(brokerId)
        deletions.set(topic, { ...deletion, waitingFor })
      }
    }
  }

  /** The tree forgets what no broker holds any more. */
  async #complete(): Promise<void> {
    const { state, writer, zookeeper } = this.#context
    const done = [...state.deletions.values()].filter(({ waitingFor }) => waitingFor.size === 0)
    if (done.length === 0) return
    const writes = done.map(({ topic }) => deleteTopicWrites(topic))
    const codes = await writer.write(writes)
    for (const [index, group] of writes.entries()) {
      if ((codes[index] ?? KeeperErrorCode.ok) === KeeperErrorCode.ok) continue
      // The tree does not look as expected (a node more or less): one by one, and what is gone is gone.
      for (const operation of group.operations) await this.#deleteTree(operation.path)
    }
    for (const { topic } of done) {
      state.deletions.delete(topic.name)
      state.configs.topics.delete(topic.name)
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
}
