// hot: per fetch
import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { FetchRequest } from '../../protocol/generated/01-fetch.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { FetchedPartition } from './fetched-partition.ts'

type TopicDraft = Draft<FetchRequest['topics'][number]> & { partitions: Draft<PartitionOfRequest>[] }
type PartitionOfRequest = FetchRequest['topics'][number]['partitions'][number]

const EPOCH_MAX = 0x7fff_ffff
const LAST_VERSION_WITH_NAMES = 12

/** What a request has to name, or no longer. */
interface Forgotten {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
}

/**
 * The asking half of a fetch session (KIP-227): the leader remembers the partitions, a request names what has changed. With
 * thousands of idle partitions a fetch is a few bytes each way.
 */
export class FetchSession {
  #id = 0
  /** 0 = the next request starts a session. */
  #epoch = 0
  #usesTopicIds = true
  readonly #partitions = new Set<FetchedPartition>()
  readonly #changed = new Set<FetchedPartition>()
  #forgotten: Forgotten[] = []

  /** Partitions that may be fetched now. */
  get size(): number {
    return this.#partitions.size
  }

  /** Fetched from the next request on. */
  add(partition: FetchedPartition): void {
    this.#partitions.add(partition)
    this.#changed.add(partition)
    if (this.#forgotten.length === 0) return
    // A leader forgets last: what is named and forgotten in one request would be gone.
    const { topicId, topic, partition: number } = partition.what
    this.#forgotten = this.#forgotten.filter(
      (one) => one.partition !== number || one.topicId !== topicId || one.topic !== topic,
    )
  }

  /** Its position is another one: the next request says so. */
  change(partition: FetchedPartition): void {
    if (this.#partitions.has(partition)) this.#changed.add(partition)
  }

  /** Not fetched from the next request on. */
  remove(partition: FetchedPartition): void {
    this.#partitions.delete(partition)
    this.#changed.delete(partition)
    if (partition.isInSession) this.#forgotten.push(partition.what)
    partition.isInSession = false
  }

  /** The highest version, up to `version`, that can name all partitions: without ids it must be by name. */
  usableVersion(version: number): number {
    if (version <= LAST_VERSION_WITH_NAMES) return version
    for (const partition of this.#changed) {
      if (partition.what.topicId === '' || partition.what.topicId === ZERO_UUID) return LAST_VERSION_WITH_NAMES
    }
    return version
  }

  /** The session's part of the next request. */
  next(version: number, partitionSizeMaxBytes: number): Draft<FetchRequest> {
    const usesTopicIds = version > LAST_VERSION_WITH_NAMES
    if (usesTopicIds !== this.#usesTopicIds) this.reset()
    this.#usesTopicIds = usesTopicIds
    const isFull = this.#epoch === 0
    const topics: TopicDraft[] = []
    const byTopic = new Map<string, TopicDraft>()
    for (const partition of isFull ? this.#partitions : this.#changed) {
      const { topic, topicId, partition: number, leaderEpoch } = partition.what
      let draft = byTopic.get(topic)
      if (draft === undefined) {
        draft = { ...(usesTopicIds ? { topicId } : { topic }), partitions: [] }
        byTopic.set(topic, draft)
        topics.push(draft)
      }
      draft.partitions.push({
        partition: number,
        currentLeaderEpoch: leaderEpoch,
        fetchOffset: partition.fetchOffset,
        lastFetchedEpoch: partition.lastFetchedEpoch,
        logStartOffset: partition.logStartOffset,
        partitionMaxBytes: partitionSizeMaxBytes,
      })
      partition.isInSession = true
      partition.isNamed = true
    }
    this.#changed.clear()
    const forgottenTopicsData = isFull ? [] : this.#namesOfForgotten(usesTopicIds)
    this.#forgotten = []
    return { sessionId: this.#id, sessionEpoch: this.#epoch, topics, forgottenTopicsData }
  }

  /** The leader answered the last request without an error for the whole. */
  answered(sessionId: number): void {
    if (sessionId === 0) {
      this.reset()
      return
    }
    this.#epoch = this.#epoch === EPOCH_MAX ? 1 : this.#epoch + 1
    this.#id = sessionId
  }

  /** The next request names everything and starts a session anew. The old one, if there is one, is closed with it. */
  reset(code: ErrorCode = ErrorCode.none): void {
    if (code === ErrorCode.fetchSessionIdNotFound) this.#id = 0
    this.#epoch = 0
    this.#forgotten = []
    for (const partition of this.#partitions) partition.isInSession = false
  }

  /** The connection is another: so is, in all likelihood, the worker at its end, and sessions belong to workers. */
  disconnected(): void {
    this.#id = 0
    this.reset()
    for (const partition of this.#partitions) partition.isNamed = false
  }

  #namesOfForgotten(usesTopicIds: boolean): Draft<FetchRequest['forgottenTopicsData'][number]>[] {
    return this.#forgotten.map(({ topic, topicId, partition }) => ({
      ...(usesTopicIds ? { topicId } : { topic }),
      partitions: [partition],
    }))
  }
}
