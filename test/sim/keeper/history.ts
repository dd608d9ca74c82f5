import { Operation } from '../../../src/jute/operations.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import type { KeeperOptions as ServerRules } from '../../../src/keeper/contract.ts'
import { type LocalSessionRules, noLocalSessions } from '../../../src/keeper/server/local-sessions.ts'
import { type Txn, type TxnBody, writeTxn } from '../../../src/keeper/tree/txn.ts'
import { hex, type Intent, isWrite, type WriteIntent } from './wire.ts'
import { Violation, type World } from '../world/world.ts'

/** Far more than arrive while the end of a session is being written. */
const HEARD_MAX = 200

/** One transaction that some server has shown to its clients. */
export interface Decided {
  readonly zxid: number
  /** What comes before it in the history. */
  readonly previousZxid: number
  readonly sessionId: bigint
  readonly cxid: number
  readonly timeMs: number
  readonly type: number
  readonly body: TxnBody
  readonly bytes: string
  readonly decidedAtMs: number
}

/** What a client asked, and what it could know when it asked. */
export interface Asked {
  readonly intent: Intent
  /** Who it had proved to be on this connection, or had said it would before it asked. */
  readonly ids: readonly string[]
  /** Highest zxid of a write that anybody had been promised by then. */
  readonly floorZxid: number
}

/** What a session's client saw, in order. */
export type Frame =
  /** @see SessionRecord.isReadOnly */
  | { readonly kind: 'opened'; readonly isReadOnly: boolean }
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'reply'
      readonly xid: number
      readonly zxid: number
      readonly code: number
      readonly intent: Intent
      readonly ids: readonly string[]
      readonly floorZxid: number
      readonly shown: string
    }
  /** It has sent the proof of an identity; the server has taken one. */
  | { readonly kind: 'claimed' | 'proved'; readonly id: string }
  | { readonly kind: 'event'; readonly zxid: number; readonly type: number; readonly path: string }

/** One session, as its client knows it. */
export class SessionRecord {
  readonly id: bigint
  readonly client: string
  timeoutMs: number
  readonly frames: Frame[] = []
  readonly asked: Map<number, Asked> = new Map()
  /** Connections over which it was asked for: a server may have taken it over although its client never heard the answer. */
  greetings = 1
  /** The server at the other end has lost its ensemble: it may show what is never decided, and changes nothing. */
  isReadOnly = false
  /** Only such servers have ever given it a connection: no other knows it. */
  isKnownToEnsemble = false
  /** The session that its client had of servers without an ensemble: no other knows it, and its watches go on in this one. */
  readonly follows: SessionRecord | undefined
  /** Identities that a server has taken: they are the session's, on whichever connection. */
  readonly identities: Set<string>
  /** When a server read something that this session's client sent, the latest last. */
  readonly heardAtMs: number[]
  /** The process of its client is there and has not given it up. */
  isWanted = true
  isExpired = false
  lastZxid: number
  ackedCount = 0
  eventCount = 0

  constructor(id: bigint, client: string, timeoutMs: number, nowMs: number, follows: SessionRecord | undefined) {
    this.id = id
    this.client = client
    this.timeoutMs = timeoutMs
    this.heardAtMs = [nowMs]
    this.follows = follows
    this.identities = new Set(follows?.identities)
    this.lastZxid = follows?.lastZxid ?? 0
  }

  get hasAskedToClose(): boolean {
    for (const { intent } of this.asked.values()) if (intent.kind === 'closeSession') return true
    return false
  }
}

/** Everything that the checkers know: what clients asked and saw, and what servers decided. */
export class History {
  readonly decided: Map<number, Decided> = new Map()
  readonly sessions: Map<bigint, SessionRecord> = new Map()
  /** Client port → the session on it, to know whom a server hears. */
  readonly ports: Map<number, SessionRecord> = new Map()
  readonly #seen = new Map<number, Decided>()
  readonly #greetings = new Map<number, number>()
  maxAckedZxid = 0
  maxDecidedZxid = 0
  /** Servers look at no access list. */
  readonly skipsAcl: boolean
  /** Sessions may be one server's own until they make an ephemeral node, if that is allowed. */
  readonly localSessions: LocalSessionRules
  readonly #world: World
  readonly #writer = new JuteWriter(1024)

  constructor(world: World, rules: Pick<ServerRules, 'skipAcl' | 'localSessions'>) {
    this.#world = world
    this.skipsAcl = rules.skipAcl ?? false
    this.localSessions = rules.localSessions ?? noLocalSessions
  }

  /** @param previousZxid what the server had applied before */
  describe(txn: Txn, previousZxid: number, nowMs: number): Decided {
    this.#writer.clear()
    writeTxn(this.#writer, { ...txn, digest: undefined })
    const bytes = latin1(this.#writer.written())
    const { zxid, clientId: sessionId, cxid, time: timeMs, type } = txn.header
    return { zxid, previousZxid, sessionId, cxid, timeMs, type, body: copied(txn), bytes, decidedAtMs: nowMs }
  }

  /** Some server has applied it, be it for the time being. */
  seen(decided: Decided): void {
    this.#seen.set(decided.zxid, decided)
  }

  /**
   * A server begins to serve from a tree that shows this zxid. Some of what leads there it may have got as a snapshot, from
   * others who had it before it was decided.
   */
  decideUpTo(server: string, zxid: number): void {
    for (let at = zxid; at > 0 && !this.decided.has(at); ) {
      const seen = this.#seen.get(at)
      if (seen === undefined)
        throw new Violation(`${server} serves from ${hex(zxid)}, and nobody was ever told ${hex(at)}`)
      this.decide(server, seen)
      at = seen.previousZxid
    }
  }

  /**
   * A server shows a transaction to clients, or has it in the tree from which it serves.
   *
   * @returns whether it is the first
   */
  decide(server: string, decided: Decided): boolean {
    const { zxid } = decided
    const known = this.decided.get(zxid)
    if (known === undefined) {
      this.maxDecidedZxid = Math.max(this.maxDecidedZxid, zxid)
      this.decided.set(zxid, decided)
      if (this.#world.isTraced) this.#world.note(`${server} decided ${hex(zxid)}: ${showDecided(decided)}`)
      return true
    }
    if (known.bytes !== decided.bytes) {
      throw new Violation(
        `${server} has another transaction ${hex(zxid)}: ${showDecided(decided)} and not ${showDecided(known)}`,
      )
    }
    if (known.previousZxid !== decided.previousZxid) {
      throw new Violation(
        `${server} has ${hex(zxid)} behind ${hex(decided.previousZxid)}; others have it behind ${hex(known.previousZxid)}`,
      )
    }
    return false
  }

  acknowledged(record: SessionRecord, zxid: number): void {
    record.ackedCount += 1
    this.maxAckedZxid = Math.max(this.maxAckedZxid, zxid)
  }

  get ackedCount(): number {
    let count = 0
    for (const { ackedCount } of this.sessions.values()) count += ackedCount
    return count
  }

  get eventCount(): number {
    let count = 0
    for (const { eventCount } of this.sessions.values()) count += eventCount
    return count
  }

  /** When a server read a handshake from a port that has no session yet. */
  greetedAtMs(port: number): number {
    return this.#greetings.get(port) ?? this.#world.nowMs
  }

  heard(port: number, nowMs: number): void {
    const record = this.ports.get(port)
    if (record === undefined) {
      this.#greetings.set(port, nowMs)
      return
    }
    record.heardAtMs.push(nowMs)
    if (record.heardAtMs.length > HEARD_MAX) record.heardAtMs.shift()
  }

  /**
   * The server has ended a session that nobody asked to end.
   *
   * @param endedAtMs when it made up its mind
   */
  expired(sessionId: bigint, endedAtMs: number, clockRate: number): void {
    const record = this.sessions.get(sessionId)
    // Once it has asked for its end, nothing that it says keeps it alive.
    if (record === undefined || record.hasAskedToClose) return
    const heardAtMs = record.heardAtMs.findLast((atMs) => atMs <= endedAtMs) ?? 0
    const silentMs = (endedAtMs - heardAtMs) * clockRate
    if (silentMs < record.timeoutMs - 2) {
      throw new Violation(
        `session ${showSession(sessionId)} of ${record.client} was ended after ${silentMs.toFixed(1)} ms of silence; its timeout is ${record.timeoutMs} ms`,
      )
    }
  }

  /** Whether a session is one server's own: it ends with that server's reign, whatever its client does. */
  isLocal(record: SessionRecord | undefined): boolean {
    if (record === undefined || !this.localSessions.isEnabled) return false
    return ![...this.decided.values()].some(
      ({ type, sessionId }) => type === Operation.createSession && sessionId === record.id,
    )
  }

  /** The request behind a client's transaction. */
  askedFor({ sessionId, cxid, zxid }: Decided): Asked & { readonly intent: WriteIntent } {
    const asked = this.sessions.get(sessionId)?.asked.get(cxid)
    if (asked === undefined || !isWrite(asked.intent)) {
      throw new Violation(
        `transaction ${hex(zxid)} of session ${showSession(sessionId)}, request ${cxid}: nobody asked`,
      )
    }
    return { ...asked, intent: asked.intent }
  }
}

export function showSession(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16)
}

export function showDecided({ sessionId, cxid, type, body }: Decided): string {
  const path = 'record' in body && 'path' in body.record ? ` ${body.record.path}` : ''
  const code = body.type === Operation.error ? ` ${body.record.err}` : ''
  return `session ${showSession(sessionId)} request ${cxid} type ${type}${path}${code}`
}

/** Only the bodies that are looked at later; the rest are windows onto buffers that go away. */
function copied(txn: Txn): TxnBody {
  const { body } = txn
  if (body.type !== Operation.reconfig) return body
  return { type: body.type, record: { ...body.record, data: body.record.data?.slice() ?? null } }
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
