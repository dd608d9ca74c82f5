/** One client's session as this server knows it. */
export class Session {
  readonly id: bigint
  timeoutMs: number
  /** The tick at which it is over unless something is heard, milliseconds on the monotonic clock. */
  expiresAtMs: number = 0
  /** Its end is being written: every further request is refused. */
  isClosing: boolean = false
  /** Known to the leader: which learner's connection its client came through last, null for the leader itself. */
  owner: number | null | undefined = undefined
  /** Only this server knows it. */
  isLocal: boolean = false

  constructor(id: bigint, timeoutMs: number) {
    this.id = id
    this.timeoutMs = timeoutMs
  }
}

/**
 * Who is alive. Deadlines are rounded up to whole ticks, so that touching a session is mostly a comparison and expiry
 * looks at one bucket per tick.
 */
export class SessionTracker {
  readonly #tickTimeMs: number
  readonly #sessions = new Map<bigint, Session>()
  readonly #buckets = new Map<number, Set<Session>>()
  #nextExpiryMs: number

  /** @param nowMs on the monotonic clock, as everywhere here */
  constructor(tickTimeMs: number, nowMs: number) {
    this.#tickTimeMs = tickTimeMs
    this.#nextExpiryMs = this.#roundUp(nowMs)
  }

  get size(): number {
    return this.#sessions.size
  }

  find(id: bigint): Session | undefined {
    return this.#sessions.get(id)
  }

  all(): IterableIterator<Session> {
    return this.#sessions.values()
  }

  /** Begins or renews a session's life. */
  add(id: bigint, timeoutMs: number, nowMs: number): Session {
    let session = this.#sessions.get(id)
    if (session === undefined) {
      session = new Session(id, timeoutMs)
      this.#sessions.set(id, session)
    }
    session.timeoutMs = timeoutMs
    this.touch(session, nowMs)
    return session
  }

  /** Takes over a session that was tracked elsewhere. */
  adopt(session: Session, nowMs: number): void {
    this.#sessions.set(session.id, session)
    session.expiresAtMs = 0
    this.touch(session, nowMs)
  }

  /** Something was heard of it. */
  touch(session: Session, nowMs: number): void {
    if (session.isClosing) return
    const expiresAtMs = this.#roundUp(nowMs + session.timeoutMs)
    if (expiresAtMs <= session.expiresAtMs) return
    this.#buckets.get(session.expiresAtMs)?.delete(session)
    session.expiresAtMs = expiresAtMs
    let bucket = this.#buckets.get(expiresAtMs)
    if (bucket === undefined) {
      bucket = new Set()
      this.#buckets.set(expiresAtMs, bucket)
    }
    bucket.add(session)
  }

  remove(id: bigint): void {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    this.#buckets.get(session.expiresAtMs)?.delete(session)
    this.#sessions.delete(id)
  }

  /** @returns the sessions whose time is over, each told once */
  expired(nowMs: number): Session[] {
    const over: Session[] = []
    while (this.#nextExpiryMs <= nowMs) {
      for (const session of this.#buckets.get(this.#nextExpiryMs) ?? []) over.push(session)
      this.#buckets.delete(this.#nextExpiryMs)
      this.#nextExpiryMs += this.#tickTimeMs
    }
    return over
  }

  /** Expiry buckets for the `dump` command. */
  buckets(): IterableIterator<[number, Set<Session>]> {
    return this.#buckets.entries()
  }

  #roundUp(timeMs: number): number {
    return (Math.floor(timeMs / this.#tickTimeMs) + 1) * this.#tickTimeMs
  }
}
