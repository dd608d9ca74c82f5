import { CreateFlags } from '../../jute/operations.ts'
import type { ServerStats } from './server-stats.ts'
import { type Session, SessionTracker } from './session-tracker.ts'
import type { WriteRequest } from './prepare.ts'

/** Whether sessions begin as this server's own, and may become everybody's when they make an ephemeral node. */
export interface LocalSessionRules {
  /** `localSessionsEnabled`. */
  readonly isEnabled: boolean
  /** `localSessionsUpgradingEnabled`. */
  readonly isUpgradingEnabled: boolean
}

export const noLocalSessions: LocalSessionRules = { isEnabled: false, isUpgradingEnabled: false }

interface ConnectionFinder {
  connectionOf(sessionId: bigint): { close(): void } | undefined
}

/** Sessions that only this server knows: they cost no transaction, and end with its reign. */
export class LocalSessions {
  readonly rules: LocalSessionRules
  readonly #tracker: SessionTracker

  constructor(rules: LocalSessionRules, tickTimeMs: number, nowMs: number) {
    this.rules = rules
    this.#tracker = new SessionTracker(tickTimeMs, nowMs)
  }

  get size(): number {
    return this.#tracker.size
  }

  find(sessionId: bigint): Session | undefined {
    return this.#tracker.find(sessionId)
  }

  open(sessionId: bigint, timeoutMs: number, nowMs: number): Session {
    const session = this.#tracker.add(sessionId, timeoutMs, nowMs)
    session.isLocal = true
    return session
  }

  touch(session: Session, nowMs: number): void {
    this.#tracker.touch(session, nowMs)
  }

  /** It is over, or everybody's from now on. */
  remove(session: Session): void {
    session.isLocal = false
    this.#tracker.remove(session.id)
  }

  /** Ends those that were silent for too long. */
  tick(nowMs: number, host: ConnectionFinder, stats: ServerStats): void {
    for (const session of this.#tracker.expired(nowMs)) {
      stats.expiredSessionCount += 1
      this.remove(session)
      host.connectionOf(session.id)?.close()
    }
  }
}

/** @returns whether a request makes an ephemeral node, which only a session that everybody knows may own */
export function needsGlobalSession(request: WriteRequest | 'refused-multi' | undefined): boolean {
  if (request === undefined || request === 'refused-multi') return false
  if (request.kind === 'multi') return request.parts.some(needsGlobalSession)
  if (request.kind !== 'create') return false
  const { flags } = request.record
  return flags === CreateFlags.ephemeral || flags === CreateFlags.ephemeralSequential
}

/** @returns the server that gave out a session's id */
export function serverIdOf(sessionId: bigint): number {
  return Number(BigInt.asUintN(64, sessionId) >> 56n)
}
