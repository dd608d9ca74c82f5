/** ElectLeaders: leaders moved on request. */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperErrorCode } from '../zookeeper/contract.ts'
import type { ControlResult } from './contract.ts'
import type { ControllerContext } from './controller-context.ts'
import { type ElectionOutcome, electOffline, electPreferred } from './elections.ts'
import { type PartitionRecord, type TopicRecord, localPartitions, topicView } from './state.ts'
import { stateChange } from './topic-writes.ts'

const PREFERRED_ELECTION: number = 0
const UNCLEAN_ELECTION: number = 1

type ElectionAnswer = ControlResult & { readonly topic: string; readonly partition: number }

interface Candidate {
  readonly topic: TopicRecord
  readonly partition: PartitionRecord
  readonly outcome: ElectionOutcome
}

export class ElectionRequests {
  readonly #context: ControllerContext

  constructor(context: ControllerContext) {
    this.#context = context
  }

  /** @param partitions null: all, and then only those for which something was tried are answered */
  async elect(
    electionType: number,
    partitions: readonly { readonly topic: string; readonly partition: number }[] | null,
  ): Promise<readonly ElectionAnswer[]> {
    const asked = partitions ?? this.#everyPartition()
    if (electionType !== PREFERRED_ELECTION && electionType !== UNCLEAN_ELECTION) {
      const message = `Unknown election type ${electionType}.`
      return asked.map((one) => ({ ...one, code: ErrorCode.invalidRequest, message }))
    }
    const candidates = new Map(asked.map((one) => [one, this.#candidate(electionType, one)] as const))
    const refused = await this.#carryOut([...candidates.values()].flatMap((one) => one ?? []))
    const answers = asked.map((one): ElectionAnswer => {
      const candidate = candidates.get(one)
      return { topic: one.topic, partition: one.partition, ...answerOf(electionType, candidate, refused) }
    })
    return partitions === null ? answers.filter(({ code }) => code !== ErrorCode.electionNotNeeded) : answers
  }

  #everyPartition(): readonly { readonly topic: string; readonly partition: number }[] {
    return [...this.#context.state.topics.values()].flatMap((topic) =>
      topic.partitions.map(({ partition }) => ({ topic: topic.name, partition })),
    )
  }

  #candidate(electionType: number, asked: { topic: string; partition: number }): Candidate | undefined {
    const { state, controllerEpoch } = this.#context
    const topic = state.topic(asked.topic)
    const partition = topic?.partitions[asked.partition]
    if (topic === undefined || partition === undefined) return undefined
    const outcome =
      electionType === PREFERRED_ELECTION
        ? electPreferred(partition, state.brokers, controllerEpoch)
        : electOffline(partition, state.brokers, true, controllerEpoch)
    return { topic, partition, outcome }
  }

  /** @returns those that ZooKeeper refused because somebody else had written the state */
  async #carryOut(candidates: readonly Candidate[]): Promise<ReadonlySet<Candidate>> {
    const { state, writer, dependencies, layers } = this.#context
    const elected = candidates.flatMap((candidate) =>
      candidate.outcome.kind === 'elected' ? [{ candidate, newState: candidate.outcome.state }] : [],
    )
    const codes = await writer.write(
      elected.map(({ candidate, newState }) => ({
        operations: [stateChange(candidate.topic.name, candidate.partition, newState)],
      })),
    )
    const refused = new Set<Candidate>()
    const changed = new Set<string>()
    for (const [index, { candidate, newState }] of elected.entries()) {
      if ((codes[index] ?? KeeperErrorCode.ok) !== KeeperErrorCode.ok) {
        refused.add(candidate)
        continue
      }
      const topic = state.topic(candidate.topic.name)
      if (topic === undefined) continue
      const { partition, stateVersion } = candidate.partition
      const record = { ...candidate.partition, state: newState, stateVersion: stateVersion + 1 }
      state.putTopic({
        ...topic,
        partitions: topic.partitions.map((old) => (old.partition === partition ? record : old)),
      })
      changed.add(topic.name)
    }
    const topics = [...changed].flatMap((name) => state.topic(name) ?? [])
    if (topics.length === 0) return refused
    const current = layers()
    await dependencies.effects.assign(topics.flatMap((topic) => localPartitions(topic, dependencies.brokerId, current)))
    await dependencies.effects.publish(
      topics.map((topic) => ({ kind: 'topic', topic: topicView(topic, state.brokers) })),
    )
    return refused
  }
}

function answerOf(
  electionType: number,
  candidate: Candidate | undefined,
  refused: ReadonlySet<Candidate>,
): ControlResult {
  if (candidate === undefined) {
    return { code: ErrorCode.unknownTopicOrPartition, message: 'The partition does not exist.' }
  }
  if (refused.has(candidate)) {
    return { code: ErrorCode.notController, message: 'The partition changed during the election: try again.' }
  }
  switch (candidate.outcome.kind) {
    case 'elected':
      return { code: ErrorCode.none, message: null }
    case 'notNeeded':
      return { code: ErrorCode.electionNotNeeded, message: 'Leader election not needed for topic partition.' }
    case 'notPossible':
      return electionType === PREFERRED_ELECTION
        ? { code: ErrorCode.preferredLeaderNotAvailable, message: 'The preferred leader was not available.' }
        : {
            code: ErrorCode.eligibleLeadersNotAvailable,
            message: 'Eligible topic partition leaders are not available.',
          }
  }
}
