import { assert } from '../../base/assert.ts'
import { RingQueue } from '../../base/ring-queue.ts'
import type { Clock } from '../../io/ports.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import { formatEnsembleConfig } from '../../zab/config/ensemble-config.ts'
import type { Effect, ForwardedRequest, LinkId, SessionTouch } from '../../zab/contract.ts'
import { canReconfigure } from '../../zab/leader/leading.ts'
import { nextZxid } from '../../zab/leader/broadcast.ts'
import { DecidingWrites, type SubmittedRequest } from '../server/deciding-writes.ts'
import { ForwardedWrites } from '../server/forwarded-writes.ts'
import type { KeeperServer } from '../server/keeper-server.ts'
import type { QuorumStats } from '../server/quorum-view.ts'
import { readWriteRequest } from '../server/requests.ts'
import type { Txn } from '../tree/txn.ts'
import { entryOfTxn } from './entries.ts'
import { wantedConfig } from './reconfigure.ts'
import type { ZabHost } from './zab-host.ts'

/** What of the ensemble's rules a leader follows when it judges a reconfiguration. */
export interface ReconfigRules {
  readonly isEnabled: boolean
  readonly votersMin: number
}

export interface ReignPorts {
  readonly host: ZabHost
  readonly clock: Clock
  readonly stats: QuorumStats
}

/** More than the server ever lets in, see `outstandingMax`. */
const PROPOSALS_MAX = 1 << 20

type ClientEffect = Extract<Effect, { kind: 'submit' | 'touch' | 'revalidate' | 'revalidated' | 'synced' }>

/** One time of serving clients: a server, and the way its writes go. It ends with the leader, or with our following. */
export class Reign {
  readonly server: KeeperServer
  readonly #host: ZabHost
  readonly #deciding: DecidingWrites | undefined
  readonly #forwarded: ForwardedWrites | undefined
  readonly #stats: QuorumStats
  readonly #clock: Clock
  /** When each undecided proposal was made, oldest first. */
  readonly #proposedAtMs = new RingQueue<number>(PROPOSALS_MAX)
  readonly #sinceMs: number
  #isOver = false

  constructor(ports: ReignPorts, server: KeeperServer, isLeading: boolean, rules: ReconfigRules) {
    this.#host = ports.host
    this.#stats = ports.stats
    this.#clock = ports.clock
    this.#sinceMs = ports.clock.monotonicMs()
    this.server = server
    this.#deciding = isLeading ? this.#decidingWrites(rules) : undefined
    this.#forwarded = isLeading ? undefined : this.#forwardedWrites()
  }

  start(): void {
    const writes = this.#deciding ?? this.#forwarded
    assert(writes !== undefined, 'a server leads or follows')
    this.server.start(writes)
  }

  /** What is on its way goes with it; connections close. */
  end(): void {
    this.#isOver = true
    this.server.stop()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** How long it has lasted. */
  get durationMs(): number {
    return this.#clock.monotonicMs() - this.#sinceMs
  }

  /** Decided entries, oldest first. */
  apply(txns: readonly Txn[]): void {
    if (this.#deciding !== undefined) {
      const nowMs = this.#clock.monotonicMs()
      for (let count = 0; count < txns.length; count += 1) {
        this.#stats.quorumAckTime.record(nowMs - (this.#proposedAtMs.shift() ?? nowMs))
      }
    }
    this.server.committed(txns)
  }

  takeTouches(): readonly SessionTouch[] {
    return this.#forwarded?.takeTouches() ?? []
  }

  carryOut(effect: ClientEffect): void {
    switch (effect.kind) {
      case 'synced':
        this.#deciding?.synced()
        this.#forwarded?.synced()
        this.server.turnEnded()
        return
      case 'revalidated':
        this.#forwarded?.revalidated(effect.sessionId, effect.isValid)
        return
      case 'submit':
        this.#submit(effect.link, effect.request)
        return
      case 'touch':
        for (const { sessionId, timeoutMs } of effect.touches) this.#deciding?.touch(sessionId, timeoutMs)
        return
      case 'revalidate': {
        const { link, sessionId, timeoutMs } = effect
        const isValid = this.#deciding?.renew(sessionId, timeoutMs, link) !== undefined
        this.#host.step({ kind: 'answerRevalidation', link, sessionId, isValid })
      }
    }
  }

  #submit(link: LinkId, request: ForwardedRequest): void {
    if (request.operation === Operation.sync) this.#host.step({ kind: 'syncPoint', link })
    else this.#deciding?.submitted(link, request.sessionId, request.cxid, submittedRequest(request))
  }

  /** What was prepared for a reign that has ended goes with it: hence the look at the time of stepping. */
  #decidingWrites(rules: ReconfigRules): DecidingWrites {
    const host = this.#host
    const zxid = nextZxid(host.state)
    assert(zxid !== undefined, 'a leader that serves knows its next zxid')
    const proposer = {
      outstandingCount: 0,
      propose: (txn: Txn): void => {
        const entry = entryOfTxn(txn)
        this.#stats.proposed(entry.bytes.length)
        this.#proposedAtMs.push(this.#clock.monotonicMs())
        host.step(() => (this.#isOver ? undefined : { kind: 'propose', entry }))
      },
      flush: () => host.endTurn(),
      sync: () => host.step(() => (this.#isOver ? undefined : { kind: 'syncPoint', link: null })),
    }
    return new DecidingWrites(this.server, proposer, zxid, (request, asZxid) => {
      if (!rules.isEnabled) return ErrorCode.reconfigDisabled
      const { config, nextConfig } = host.state
      const last = nextConfig ?? config
      if (last.version !== config.version) return ErrorCode.reconfigInProgress
      const wanted = wantedConfig(request, last, asZxid, rules.votersMin)
      if (typeof wanted === 'number') return wanted
      const text = formatEnsembleConfig(wanted)
      const verdict = canReconfigure(host, text)
      if (verdict === 'ok') return text
      if (verdict === 'noQuorum') return ErrorCode.newConfigNoQuorum
      return verdict === 'inProgress' ? ErrorCode.reconfigInProgress : ErrorCode.badArguments
    })
  }

  #forwardedWrites(): ForwardedWrites {
    const host = this.#host
    return new ForwardedWrites(this.server, {
      forward: (request) => host.step(() => (this.#isOver ? undefined : { kind: 'forward', request })),
      askRevalidation: (sessionId, timeoutMs) =>
        host.step(() => (this.#isOver ? undefined : { kind: 'askRevalidation', sessionId, timeoutMs })),
      flush: () => host.endTurn(),
    })
  }
}

/** What a learner's packet asks for. A body that cannot be read is refused as ZooKeeper refuses it. */
function submittedRequest(request: ForwardedRequest): SubmittedRequest {
  const { operation, body, identities } = request
  const reader = new JuteReader(body, 0, body.length, body.length)
  if (operation === Operation.createSession) return { kind: 'createSession', timeoutMs: reader.int32() }
  if (operation === Operation.closeSession) return { kind: 'closeSession' }
  const write = readWriteRequest(operation, reader)
  return { kind: 'write', write: write === 'unparsable' ? 'refused-multi' : write, ids: identities }
}
