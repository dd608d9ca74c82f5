import { assert } from '../../base/assert.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import { formatEnsembleConfig } from '../../zab/config/ensemble-config.ts'
import type { Effect, ForwardedRequest, LinkId, SessionTouch } from '../../zab/contract.ts'
import { canReconfigure } from '../../zab/leader/leading.ts'
import { nextZxid } from '../../zab/leader/broadcast.ts'
import { DecidingWrites, type SubmittedRequest } from '../server/deciding-writes.ts'
import { ForwardedWrites } from '../server/forwarded-writes.ts'
import type { KeeperServer } from '../server/keeper-server.ts'
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

type ClientEffect = Extract<Effect, { kind: 'submit' | 'touch' | 'revalidate' | 'revalidated' | 'synced' }>

/** One time of serving clients: a server, and the way its writes go. It ends with the leader, or with our following. */
export class Reign {
  readonly server: KeeperServer
  readonly #host: ZabHost
  readonly #deciding: DecidingWrites | undefined
  readonly #forwarded: ForwardedWrites | undefined
  #isOver = false

  constructor(host: ZabHost, server: KeeperServer, isLeading: boolean, rules: ReconfigRules) {
    this.#host = host
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

  takeTouches(): readonly SessionTouch[] {
    return this.#forwarded?.takeTouches() ?? []
  }

  carryOut(effect: ClientEffect): void {
    switch (effect.kind) {
      case 'synced':
        this.#deciding?.synced()
        this.#forwarded?.synced()
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
