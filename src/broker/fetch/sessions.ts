import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { Entropy } from '../../io/ports.ts'
import type { FetchRequest } from '../../protocol/generated/01-fetch.ts'
import { FETCH_SESSION_EVICTION_MS } from '../limits.ts'
import { type AskedPartition, type FetchPartition, newFetchPartition, update } from './fetch-partition.ts'

// Fetch sessions (KIP-227): the broker remembers which partitions a client reads, so that a request names only what
// changed and an answer only what is new.
//
//   session epoch in the request   0 = start one   -1 = none, and close mine   n > 0 = go on, and I count with you
//   answer                         session id 0 = there is none (the cache is full): ask in full next time too

const NO_SESSION = 0
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const EPOCH_MAX = 0x7fff_ffff
const SESSION_ID_MAX = 0x7fff_ffff
const TOPIC_IDS_SINCE = 13

export interface FetchSession {
  readonly id: number
  readonly usesTopicIds: boolean
  /** Whether a broker owns it: such sessions are not evicted for a client's. */
  readonly isPrivileged: boolean
  readonly partitions: Map<string, FetchPartition>
  readonly createdAtMs: number
  lastUsedMs: number
  /** What the next request must carry. */
  epoch: number
  /** A fetch works on its partitions now. */
  isBusy: boolean
}

/** How a request is to be served. */
export interface FetchContext {
  readonly errorCode: ErrorCode
  readonly partitions: Map<string, FetchPartition>
  /** The session that goes on; undefined for a full answer. */
  readonly session: FetchSession | undefined
  /** A session shall be made when the answer is. */
  readonly mayBecomeSession: boolean
}

const NOTHING: ReadonlyMap<string, FetchPartition> = new Map()

/** The sessions of one worker. */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()
  readonly #entropy: Entropy
  readonly #sizeMax: number

  /** @param sizeMax sessions at a time: this worker's share of `max.incremental.fetch.session.cache.slots` */
  constructor(entropy: Entropy, sizeMax: number) {
    this.#entropy = entropy
    this.#sizeMax = sizeMax
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Finds or prepares what `request` wants to read. */
  open(request: FetchRequest, version: number, nowMs: number): FetchContext {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch !== INITIAL_EPOCH && sessionEpoch !== FINAL_EPOCH) return this.#goOn(request, version, nowMs)
    if (sessionId !== NO_SESSION) this.#sessions.delete(sessionId)
    return {
      errorCode: ErrorCode.none,
      partitions: partitionsOf(request),
      session: undefined,
      mayBecomeSession: sessionEpoch === INITIAL_EPOCH,
    }
  }

  /**
   * Keeps the partitions of a full fetch for the next one.
   *
   * @returns the session's id; 0 when there is no place for it
   */
  create(partitions: Map<string, FetchPartition>, usesTopicIds: boolean, isPrivileged: boolean, nowMs: number): number {
    if (partitions.size === 0) return NO_SESSION
    if (this.#sessions.size >= this.#sizeMax && !this.#evictFor(partitions.size, isPrivileged, nowMs)) return NO_SESSION
    const session: FetchSession = {
      id: this.#newId(),
      usesTopicIds,
      isPrivileged,
      partitions,
      createdAtMs: nowMs,
      lastUsedMs: nowMs,
      epoch: 1,
      isBusy: false,
    }
    this.#sessions.set(session.id, session)
    return session.id
  }

  #goOn(request: FetchRequest, version: number, nowMs: number): FetchContext {
    const session = this.#sessions.get(request.sessionId)
    if (session === undefined) return refusal(ErrorCode.fetchSessionIdNotFound)
    if (session.epoch !== request.sessionEpoch) return refusal(ErrorCode.invalidFetchSessionEpoch)
    if (session.usesTopicIds !== version >= TOPIC_IDS_SINCE) return refusal(ErrorCode.fetchSessionTopicIdError)
    if (session.isBusy) {
      // The client gave up waiting and asks again on another connection. The partitions belong to the older fetch
      // until its answer is written, so this client starts a session of its own.
      this.#sessions.delete(session.id)
      return refusal(ErrorCode.fetchSessionIdNotFound)
    }
    change(session.partitions, request)
    session.lastUsedMs = nowMs
    if (session.partitions.size === 0) {
      this.#sessions.delete(session.id)
      return { errorCode: ErrorCode.none, partitions: session.partitions, session: undefined, mayBecomeSession: false }
    }
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    return { errorCode: ErrorCode.none, partitions: session.partitions, session, mayBecomeSession: false }
  }

  /** Makes room: for anybody by removing what lies unused, for larger or privileged sessions by removing a smaller one. */
  #evictFor(partitionCount: number, isPrivileged: boolean, nowMs: number): boolean {
    let oldest: FetchSession | undefined
    let smallest: FetchSession | undefined
    for (const session of this.#sessions.values()) {
      if (session.isBusy) continue
      if (oldest === undefined || session.lastUsedMs < oldest.lastUsedMs) oldest = session
      if (session.isPrivileged && !isPrivileged) continue
      if (nowMs - session.createdAtMs <= FETCH_SESSION_EVICTION_MS) continue
      if (smallest === undefined || session.partitions.size < smallest.partitions.size) smallest = session
    }
    const isStale = oldest !== undefined && nowMs - oldest.lastUsedMs > FETCH_SESSION_EVICTION_MS
    const victim = isStale ? oldest : smallest
    if (victim === undefined) return false
    const mayEvict = isStale || (isPrivileged && !victim.isPrivileged) || victim.partitions.size < partitionCount
    if (mayEvict) this.#sessions.delete(victim.id)
    return mayEvict
  }

  #newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.#entropy.unit() * (SESSION_ID_MAX - 1))
      if (!this.#sessions.has(id)) return id
    }
  }
}

function refusal(errorCode: ErrorCode): FetchContext {
  return { errorCode, partitions: new Map(NOTHING), session: undefined, mayBecomeSession: false }
}

function partitionsOf(request: FetchRequest): Map<string, FetchPartition> {
  const partitions = new Map<string, FetchPartition>()
  change(partitions, request)
  return partitions
}

/** Adds, updates and forgets as the request says. */
function change(partitions: Map<string, FetchPartition>, request: FetchRequest): void {
  for (const { topic, topicId, partitions: askedPartitions } of request.topics) {
    for (const one of askedPartitions) {
      const asked: AskedPartition = { ...one, topic, topicId }
      const key = keyOf(topic, topicId, one.partition)
      const known = partitions.get(key)
      if (known === undefined) partitions.set(key, newFetchPartition(asked))
      else update(known, asked)
    }
  }
  for (const { topic, topicId, partitions: forgotten } of request.forgottenTopicsData) {
    for (const partition of forgotten) partitions.delete(keyOf(topic, topicId, partition))
  }
}

function keyOf(topic: string, topicId: string, partition: number): string {
  return topicId === ZERO_UUID ? `${partition}/${topic}` : `${partition}#${topicId}`
}
