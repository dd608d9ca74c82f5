/** Leaders moved on request: ElectLeaders, the znode for preferred elections, and rebalancing. */
import { ErrorCode } from '../model/error-code.ts'
import { CommandBatch } from './command-batch.ts'
import type { ControlResult } from './contract.ts'
import type { ControllerContext } from './controller-context.ts'
import { type ElectionOutcome, electOffline, electPreferred } from './elections.ts'
import { writeStates } from './partition-writes.ts'
import type { PartitionRecord, TopicRecord } from './state.ts'

export const PREFERRED_ELECTION: number = 0
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
    const alive = state.alive(topic.name, partition.partition)
    const outcome =
      electionType === PREFERRED_ELECTION
        ? electPreferred(partition, alive, controllerEpoch)
        : electOffline(partition, alive, true, controllerEpoch)
    return { topic, partition, outcome }
  }

  /** @returns those that ZooKeeper refused because somebody else had written the state */
  async #carryOut(candidates: readonly Candidate[]): Promise<ReadonlySet<PartitionRecord>> {
    const { state, dispatch, answerAfter } = this.#context
    const { written, refused } = await writeStates(
      this.#context,
      candidates.flatMap(({ topic, partition, outcome }) =>
        outcome.kind === 'elected' ? [{ topic: topic.name, record: partition, state: outcome.state }] : [],
      ),
    )
    if (written.length > 0) {
      const batch = new CommandBatch()
      for (const { topic, record } of written) {
        const live = record.replicas.filter((replica) => state.brokers.has(replica))
        batch.addLeadership(live, topic, record.partition)
      }
      const { others, hasOthers } = await dispatch(batch)
      if (hasOthers) answerAfter(others)
    }
    return new Set(refused.map(({ record }) => record))
  }
}

function answerOf(
  electionType: number,
  candidate: Candidate | undefined,
  refused: ReadonlySet<PartitionRecord>,
): ControlResult {
  if (candidate === undefined) {
    return { code: ErrorCode.unknownTopicOrPartition, message: 'The partition does not exist.' }
  }
  if (refused.has(candidate.partition)) {
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
