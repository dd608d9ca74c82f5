/** Partitions on the move: begun on request or through the tree, followed as replicas come into sync, ended or cancelled. */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode, type MultiOperation, type Watcher } from '../zookeeper/contract.ts'
import { CommandBatch } from './command-batch.ts'
import type { ControlResult, ReassignmentSpec, ReassignmentView } from './contract.ts'
import type { ControllerContext } from './controller-context.ts'
import {
  type Movement,
  type ReassignDecision,
  decideArrival,
  decideReassign,
  isMoving,
  movementOf,
  targetOf,
} from './decide-reassign.ts'
import { inNewEpoch } from './elections.ts'
import { dataOf } from './loader.ts'
import type { PartitionRecord, TopicRecord } from './state.ts'
import { stateChange } from './topic-writes.ts'
import {
  type PartitionStateNode,
  REASSIGN_PARTITIONS_PATH,
  decodeReassignments,
  encodeReassignments,
  encodeTopic,
  topicPath,
} from './znodes.ts'

type Moving = Extract<ReassignDecision, { kind: 'move' }>

/** One partition's new lists and state. */
interface Step {
  readonly topic: TopicRecord
  readonly record: PartitionRecord
  readonly movement: Movement
  readonly state: PartitionStateNode
}

export class Reassignments {
  readonly #context: ControllerContext

  constructor(context: ControllerContext) {
    this.#context = context
  }

  async alter(
    specs: readonly ReassignmentSpec[],
  ): Promise<readonly (ControlResult & { readonly topic: string; readonly partition: number })[]> {
    const { state } = this.#context
    const decisions = specs.map((spec) => ({ spec, decision: decideReassign(state, spec) }))
    const moving = decisions.flatMap(({ decision }) => (decision.kind === 'move' ? [decision] : []))
    const refused = await this.#begin(moving)
    await this.complete(new Set(moving.map(({ topic }) => topic.name)))
    return decisions.map(({ spec: { topic, partition }, decision }) => {
      if (decision.kind === 'refused') return { topic, partition, ...decision.result }
      return refused.has(decision.topic.name)
        ? {
            topic,
            partition,
            code: ErrorCode.requestTimedOut,
            message: 'The partition changed meanwhile: try again.',
          }
        : { topic, partition, code: ErrorCode.none, message: null }
    })
  }

  list(asked: readonly { readonly topic: string; readonly partition: number }[] | null): readonly ReassignmentView[] {
    const wanted = asked === null ? undefined : new Set(asked.map(({ topic, partition }) => `${topic}/${partition}`))
    return [...this.#context.state.topics.values()].flatMap((topic) =>
      topic.partitions.flatMap((record) => {
        const movement = movementOf(topic, record)
        const { partition } = record
        const isWanted = wanted === undefined || wanted.has(`${topic.name}/${partition}`)
        return isMoving(movement) && isWanted ? [{ topic: topic.name, partition, ...movement }] : []
      }),
    )
  }

  /** What somebody asked for through `/admin/reassign_partitions`; the wish goes away when all of it is done. */
  async wishedFor(onChange: Watcher): Promise<void> {
    const { zookeeper, writer, state, dependencies } = this.#context
    if ((await zookeeper.exists(REASSIGN_PARTITIONS_PATH, onChange)) === undefined) return
    const wishes = decodeReassignments((await dataOf(zookeeper, REASSIGN_PARTITIONS_PATH))?.data ?? null)
    const results = await this.alter(wishes.filter((wish) => !this.#isOnItsWay(wish)))
    for (const { topic, partition, code, message } of results) {
      if (code !== ErrorCode.none)
        dependencies.log.warn(`${REASSIGN_PARTITIONS_PATH}: ${topic}-${partition} is not moved: ${message ?? code}`)
    }
    const left = wishes.filter(({ topic: name, partition }) => {
      const topic = state.topic(name)
      const record = topic?.partitions[partition]
      return topic !== undefined && record !== undefined && isMoving(movementOf(topic, record))
    })
    const path = REASSIGN_PARTITIONS_PATH
    if (left.length === wishes.length) return
    const operation: MultiOperation =
      left.length === 0
        ? { kind: 'delete', path, version: -1 }
        : { kind: 'set', path, data: encodeReassignments(left), version: -1 }
    await writer.write([{ operations: [operation] }])
  }

  #isOnItsWay({ topic: name, partition, replicas }: ReassignmentSpec): boolean {
    const topic = this.#context.state.topic(name)
    const record = topic?.partitions[partition]
    if (topic === undefined || record === undefined || replicas === null) return false
    const movement = movementOf(topic, record)
    return isMoving(movement) && String(targetOf(movement)) === String(replicas)
  }

  /**
   * Ends the movements whose wanted replicas are all in sync.
   *
   * @param topics only these; undefined for all
   * @returns whether any has ended
   */
  async complete(topics?: ReadonlySet<string>): Promise<boolean> {
    const { state, controllerEpoch } = this.#context
    const steps: Step[] = []
    for (const topic of state.topics.values()) {
      if (topics?.has(topic.name) === false) continue
      for (const partition of new Set([...topic.adding.keys(), ...topic.removing.keys()])) {
        const record = topic.partitions[partition]
        if (record === undefined) continue
        const movement = movementOf(topic, record)
        const alive = state.alive(topic.name, partition)
        const arrived = decideArrival(movement, record.state, alive, controllerEpoch)
        if (arrived === undefined) continue
        steps.push({
          topic,
          record,
          movement: { replicas: targetOf(movement), adding: [], removing: [] },
          state: arrived,
        })
      }
    }
    if (steps.length === 0) return false
    const written = await this.#write(steps)
    const batch = new CommandBatch()
    for (const { topic, record, movement, state: arrived } of written) {
      batch.addLeadership(movement.replicas, topic.name, record.partition)
      const leaving = record.replicas.filter((replica) => !movement.replicas.includes(replica))
      const stop = { partition: record.partition, leaderEpoch: arrived.leaderEpoch, isDeleted: true }
      batch.addStop(leaving, topic.name, stop)
    }
    await this.#context.dispatch(batch)
    return written.length > 0
  }

  /** @returns topics that somebody else has changed meanwhile: nothing was done about them */
  async #begin(moving: readonly Moving[]): Promise<ReadonlySet<string>> {
    const { controllerEpoch } = this.#context
    const steps = moving.map(({ topic, record, movement }) => ({
      topic,
      record,
      movement,
      // Everybody must obey the new lists, and only a new epoch is obeyed.
      state: inNewEpoch(record.state, controllerEpoch),
    }))
    const written = new Set((await this.#write(steps)).map(({ record }) => record))
    const batch = new CommandBatch()
    for (const { topic, record, movement, dropped } of moving) {
      if (!written.has(record)) continue
      const { partition, state, replicas: before } = record
      const known = movement.replicas.filter((replica) => before.includes(replica))
      const fresh = movement.replicas.filter((replica) => !before.includes(replica))
      batch.addLeadership(known, topic.name, partition)
      batch.addLeadership(fresh, topic.name, partition, true)
      batch.addStop(dropped, topic.name, { partition, leaderEpoch: state.leaderEpoch + 1, isDeleted: true })
    }
    if (written.size > 0) await this.#context.dispatch(batch)
    return new Set(moving.filter(({ record }) => !written.has(record)).map(({ topic }) => topic.name))
  }

  /** Lists and states of a topic change together, or not at all. @returns the steps that were written */
  async #write(steps: readonly Step[]): Promise<readonly Step[]> {
    const { writer, state } = this.#context
    const byTopic = new Map<string, Step[]>()
    for (const step of steps) byTopic.set(step.topic.name, [...(byTopic.get(step.topic.name) ?? []), step])
    const groups = [...byTopic.values()].map((list) => ({ list, topic: withSteps(list) }))
    const codes = await writer.write(
      groups.map(({ list, topic }) => ({
        operations: [
          { kind: 'set', path: topicPath(topic.name), data: encodeTopic(nodeOf(topic)), version: -1 } as const,
          ...list.flatMap(({ record, state: next }) =>
            record.stateVersion < 0 ? [] : [stateChange(topic.name, record, next)],
          ),
        ],
      })),
    )
    const written: Step[] = []
    for (const [index, { list, topic }] of groups.entries()) {
      if ((codes[index] ?? KeeperErrorCode.ok) !== KeeperErrorCode.ok) {
        this.#context.distrust()
        continue
      }
      state.putTopic(topic)
      written.push(...list)
    }
    return written
  }
}

function withSteps(steps: readonly Step[]): TopicRecord {
  const topic = steps[0]?.topic as TopicRecord
  const adding = new Map(topic.adding)
  const removing = new Map(topic.removing)
  const partitions = [...topic.partitions]
  for (const { record, movement, state } of steps) {
    const { partition } = record
    setOrDelete(adding, partition, movement.adding)
    setOrDelete(removing, partition, movement.removing)
    const isWritten = record.stateVersion >= 0
    partitions[partition] = {
      partition,
      replicas: movement.replicas,
      state: isWritten ? state : record.state,
      stateVersion: isWritten ? record.stateVersion + 1 : record.stateVersion,
    }
  }
  return { ...topic, partitions, adding, removing }
}

function setOrDelete(map: Map<number, readonly number[]>, partition: number, replicas: readonly number[]): void {
  if (replicas.length > 0) map.set(partition, replicas)
  else map.delete(partition)
}

function nodeOf(topic: TopicRecord): Parameters<typeof encodeTopic>[0] {
  const { topicId, adding, removing, partitions } = topic
  const assignment = new Map(partitions.map(({ partition, replicas }) => [partition, replicas]))
  return { topicId, assignment, adding, removing }
}
