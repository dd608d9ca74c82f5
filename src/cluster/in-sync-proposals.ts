/** What leaders on this node propose, gathered into one AlterPartition at a time, and repeated until a controller decides. */
import type { Timers } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { InSyncDecision, InSyncProposal } from '../partition/contract.ts'
import type { InSyncAnswer, InSyncChange, InSyncRequest } from './contract-calls.ts'
import { partitionKey } from './contract-commands.ts'

/** Kafka's pause before a failed AlterPartition is sent again. */
const RETRY_AFTER_MS = 50

/** Partitions in one request: bounds a multi, and how long one request keeps the controller. */
const PARTITIONS_PER_REQUEST_MAX = 5_000

export interface ProposalOptions {
  readonly timers: Timers
  /** Our id and epoch right now. */
  readonly identity: () => { readonly brokerId: number; readonly brokerEpoch: number }
  /** Asks whoever is controller; undefined when nobody could be asked. */
  readonly send: (request: InSyncRequest) => Promise<InSyncAnswer | undefined>
  /** A set is in force. */
  readonly onAccepted: (topic: string, partition: number, leaderEpoch: number, partitionEpoch: number) => void
}

interface Waiting {
  readonly proposal: InSyncProposal
  readonly resolve: (decision: InSyncDecision) => void
}

export class InSyncProposals {
  readonly #options: ProposalOptions
  /** By partition: a leader has one proposal at a time, so there are never more than partitions led here. */
  readonly #waiting = new Map<string, Waiting>()
  #isBusy: boolean = false
  #isStopped: boolean = false

  constructor(options: ProposalOptions) {
    this.#options = options
  }

  /** Resolves with the controller's word, however long it takes to find one. */
  propose(proposal: InSyncProposal): Promise<InSyncDecision> {
    return new Promise((resolve) => {
      const key = partitionKey(proposal.topic, proposal.partition)
      // A newer proposal of another term: nobody waits for the old one's answer any more.
      this.#waiting.get(key)?.resolve(refused(ErrorCode.fencedLeaderEpoch))
      this.#waiting.set(key, { proposal, resolve })
      this.#startSoon(0)
    })
  }

  /** The node stops: what is undecided stays so. */
  stop(): void {
    this.#isStopped = true
    for (const { resolve } of this.#waiting.values()) resolve(refused(ErrorCode.notController))
    this.#waiting.clear()
  }

  #startSoon(delayMs: number): void {
    if (this.#isBusy || this.#isStopped) return
    this.#isBusy = true
    // Leaders that notice the same follower come one after the other: a pause of no length gathers them.
    this.#options.timers.start(delayMs, () => {
      void this.#sendAll().then((isDone) => {
        this.#isBusy = false
        if (this.#waiting.size > 0) this.#startSoon(isDone ? 0 : RETRY_AFTER_MS)
      })
    })
  }

  /** @returns false: ask again after a pause */
  async #sendAll(): Promise<boolean> {
    const batch = [...this.#waiting.values()].slice(0, PARTITIONS_PER_REQUEST_MAX)
    if (batch.length === 0) return true
    const changes = batch.map(({ proposal }) => changeOf(proposal))
    const answer = await this.#options.send({ ...this.#options.identity(), changes })
    if (answer === undefined || answer.code !== ErrorCode.none) return false
    const results = new Map(
      answer.results.map((result) => [`${result.topicId}/${result.topic}/${result.partition}`, result] as const),
    )
    let isDone = true
    for (const { proposal, resolve } of batch) {
      const { topic, topicId, partition } = proposal
      const result = results.get(`${topicId}/${topic}/${partition}`) ?? results.get(`${topicId}//${partition}`)
      if (result === undefined || result.code === ErrorCode.notController) {
        isDone = false
        continue
      }
      const key = partitionKey(topic, partition)
      if (this.#waiting.get(key)?.proposal === proposal) this.#waiting.delete(key)
      const { code, leaderEpoch, partitionEpoch, inSyncReplicas } = result
      if (code === ErrorCode.none) this.#options.onAccepted(topic, partition, leaderEpoch, partitionEpoch)
      resolve({ code, leaderEpoch, partitionEpoch, inSyncReplicas })
    }
    return isDone
  }
}

function changeOf(proposal: InSyncProposal): InSyncChange {
  const { topic, topicId, partition, leaderEpoch, partitionEpoch, inSyncReplicas } = proposal
  // Who leads has recovered: from its first change on nobody needs to know that it was elected out of the set.
  return { topic, topicId, partition, leaderEpoch, partitionEpoch, inSyncReplicas, isRecovering: false }
}

function refused(code: ErrorCode): InSyncDecision {
  return { code, leaderEpoch: -1, partitionEpoch: -1, inSyncReplicas: [] }
}
