import { ErrorCode, EventType, Operation, WatcherType } from '../../../src/jute/operations.ts'
import { type Decided, type Frame, type History, type SessionRecord, showDecided, showSession } from './history.ts'
import { type Change, ModelTree, type Moment, type Outcome } from './model.ts'
import { hex, type Intent, isWrite, showIntent, textOf, type WatchList, type WriteIntent } from './wire.ts'
import { Violation } from '../world/world.ts'

type Reply = Frame & { readonly kind: 'reply' }

/**
 * Judges a finished run by outcomes alone: every decided transaction is done once more, in order, on a model tree, and
 * every answer and event that a client got is compared with the model as it was at that zxid.
 *
 * @returns the model as it is at the end
 */
export function judge(history: History): ModelTree {
  const model = new ModelTree(history.skipsAcl)
  const byRecord = new Map<SessionRecord, SessionReader>()
  // In the order in which they began: whom a session follows is there before it, and has read on before it.
  for (const record of history.sessions.values()) {
    const followed = record.follows === undefined ? undefined : byRecord.get(record.follows)
    byRecord.set(record, new SessionReader(record, followed))
  }
  const readers = [...byRecord.values()]
  const zxids = [...history.decided.keys()].sort((left, right) => left - right)
  const seen = new Set<string>()
  for (const reader of readers) reader.read(0, model, undefined)
  for (const zxid of zxids) {
    const decided = history.decided.get(zxid)
    if (decided === undefined) continue
    once(seen, decided)
    const outcome = redo(model, decided, history)
    for (const reader of readers) {
      reader.changed(outcome.changes, zxid, model)
      reader.read(zxid, model, { decided, outcome })
    }
  }
  for (const reader of readers) reader.read(Number.POSITIVE_INFINITY, model, undefined)
  return model
}

/** A request is done at most once, whatever became of its connection. */
function once(seen: Set<string>, decided: Decided): void {
  if (decided.type === Operation.createSession || decided.cxid === 0) return
  const key = `${decided.sessionId} ${decided.cxid}`
  if (seen.has(key)) throw new Violation(`done twice: ${showDecided(decided)}, again at ${hex(decided.zxid)}`)
  seen.add(key)
}

function redo(model: ModelTree, decided: Decided, history: History): Outcome {
  const { zxid, timeMs, sessionId, type, body } = decided
  const moment: Moment = { zxid, timeMs, sessionId, ids: [] }
  if (body.type === Operation.createSession) {
    model.createSession(sessionId, body.record.timeOut)
    return { code: ErrorCode.ok, shown: '', changes: [] }
  }
  if (type === Operation.closeSession && decided.cxid === 0) return model.closeSession(moment)
  if (body.type === Operation.deleteContainer) {
    const path = body.record.path ?? ''
    const swept = model.sweep(path, moment)
    if (typeof swept === 'string') throw new Violation(`${path} was swept away at ${hex(zxid)} although ${swept}`)
    return { code: ErrorCode.ok, shown: '', changes: swept }
  }
  if (body.type === Operation.reconfig) {
    const changes = model.setConfig(textOf(body.record.data) ?? '', body.record.version, moment)
    return { code: ErrorCode.ok, shown: '', changes }
  }
  const { intent, ids } = history.askedFor(decided)
  if (!isWrite(intent)) throw new Violation(`${showIntent(intent)} became a transaction`)
  const decidedCode = body.type === Operation.error ? body.record.err : ErrorCode.ok
  // Whether an ensemble can change is the ensemble's to say; that it then is the same everywhere is judged by its own.
  if (intent.kind === 'reconfig') return { code: decidedCode, shown: '', changes: [] }
  // What was still under way over another server when the client came here is refused, whatever it was.
  const greetings = history.sessions.get(sessionId)?.greetings ?? 0
  const hasMoved = decidedCode === ErrorCode.sessionMoved && greetings > 1
  const refusal = hasMoved ? ErrorCode.sessionMoved : sessionRefusal(intent, decidedCode, sessionId, model, history)
  const outcome: Outcome =
    refusal === undefined ? model.apply(intent, { ...moment, ids }) : { code: refusal, shown: '', changes: [] }
  // To its leader a server's own session is a stranger's; what its client is told is that server's to say.
  const isStranger = outcome.code === ErrorCode.ephemeralOnLocalSession && decidedCode === ErrorCode.sessionExpired
  if (decidedCode !== outcome.code && !isStranger) {
    throw new Violation(
      `${showIntent(intent)} was decided with ${decidedCode} at ${hex(zxid)}; the tree then asks for ${outcome.code}`,
    )
  }
  return outcome
}

/** @returns the code that a request must be refused with for the sake of its session alone; undefined when it is good */
function sessionRefusal(
  intent: WriteIntent,
  decidedCode: number,
  sessionId: bigint,
  model: ModelTree,
  history: History,
): number | undefined {
  // Ending a session twice is no mistake.
  if (intent.kind === 'closeSession' || model.sessions.has(sessionId)) return undefined
  if (!history.localSessions.isEnabled) return ErrorCode.sessionExpired
  if (!model.ended.has(sessionId) && ownsNodes(intent)) return ErrorCode.ephemeralOnLocalSession
  // Whether a server's own session is over is that server's to know; over or not, it owns nothing.
  return decidedCode === ErrorCode.sessionExpired || ownsNodes(intent) ? ErrorCode.sessionExpired : undefined
}

function ownsNodes(intent: WriteIntent): boolean {
  if (intent.kind === 'multi') return intent.parts.some(ownsNodes)
  return intent.kind === 'create' && intent.node === 'ephemeral'
}

/** Watches by kind; `data` holds those of exists as well. */
interface WatchSets {
  readonly data: Set<string>
  readonly child: Set<string>
  readonly persistent: Set<string>
  readonly recursive: Set<string>
}

/** What was decided at the zxid in hand. */
interface Done {
  readonly decided: Decided
  readonly outcome: Outcome
}

/** Goes through what one session saw, beside the model. */
class SessionReader {
  readonly #record: SessionRecord
  #at = 0
  /** What the server has standing for this connection. */
  readonly #watches: WatchSets = noWatches()
  /** What the client thinks it has, over all its connections. */
  readonly #mine: WatchSets = noWatches()
  /** The same when the present connection began, until setWatches has named them. */
  #toSetAgain: WatchSets | undefined
  /** Events that must come before anything that shows this zxid or a later one. */
  #owed: { readonly type: number; readonly path: string; readonly zxid: number; readonly isSure: boolean }[] = []
  /** Events that setWatches set free, before its answer. */
  #caughtUp: { readonly type: number; readonly path: string }[] = []
  /** The server at the other end has lost its ensemble. */
  #isReadOnly = false
  /**
   * Identities on this connection that the server may know of, and those that it surely knows. Its answer to a proof tells
   * no zxid: whether a change came before or behind it is sure only for what comes after the next answer that tells one.
   */
  readonly #claimed = new Set<string>()
  readonly #proved = new Set<string>()
  readonly #known = new Set<string>()

  readonly #followed: SessionReader | undefined

  /** @param followed see {@link SessionRecord.follows} */
  constructor(record: SessionRecord, followed: SessionReader | undefined) {
    this.#record = record
    this.#followed = followed
  }

  get #isDone(): boolean {
    return this.#at === this.#record.frames.length
  }

  /** The next state of the tree: whoever watches is owed an event. */
  changed(changes: readonly Change[], zxid: number, model: ModelTree): void {
    const { data, child, persistent, recursive } = this.#watches
    for (const change of changes) {
      const { type, path } = change
      let isOwed = persistent.has(path)
      if (type !== EventType.nodeChildrenChanged) {
        if (data.delete(path)) isOwed = true
        if (!isOwed && recursive.size > 0) isOwed = withAncestors(path).some((at) => recursive.has(at))
      }
      if (type === EventType.nodeChildrenChanged || type === EventType.nodeDeleted) {
        if (child.delete(path)) isOwed = true
      }
      // A watch is used up also where its owner must not be told.
      if (!isOwed || !model.isTold(change, [...this.#claimed])) continue
      this.#owed.push({ type, path, zxid, isSure: model.isTold(change, [...this.#known]) })
    }
  }

  /** Takes the frames that show this zxid; with an infinite one, all that are left, which show what was never decided. */
  read(zxid: number, model: ModelTree, done: Done | undefined): void {
    const { frames } = this.#record
    if (this.#at === 0 && this.#followed !== undefined) {
      // What its client has to set again is known when that session has come to its end.
      if (!this.#followed.#isDone) return
      this.#inherit(this.#followed.#mine)
    }
    for (let frame = frames[this.#at]; frame !== undefined; frame = frames[this.#at]) {
      if ('zxid' in frame && frame.zxid > zxid) return
      this.#at += 1
      this.#take(frame, model, done, zxid)
    }
  }

  #inherit({ data, child, persistent, recursive }: WatchSets): void {
    for (const path of data) this.#mine.data.add(path)
    for (const path of child) this.#mine.child.add(path)
    for (const path of persistent) this.#mine.persistent.add(path)
    for (const path of recursive) this.#mine.recursive.add(path)
  }

  #take(frame: Frame, model: ModelTree, done: Done | undefined, zxid: number): void {
    switch (frame.kind) {
      case 'opened':
        this.#toSetAgain = copyOf(this.#mine)
        this.#isReadOnly = frame.isReadOnly
        return
      case 'closed':
        for (const set of setsOf(this.#watches)) set.clear()
        for (const ids of [this.#claimed, this.#proved, this.#known]) ids.clear()
        this.#owed = []
        this.#caughtUp = []
        return
      case 'claimed':
        this.#claimed.add(frame.id)
        return
      case 'proved':
        this.#proved.add(frame.id)
        return
      case 'event':
        this.#event(frame)
        return
      case 'reply':
        this.#reply(frame, model, done, zxid)
    }
  }

  #event(frame: Frame & { readonly kind: 'event' }): void {
    if (frame.type !== EventType.nodeChildrenChanged) this.#mine.data.delete(frame.path)
    if (frame.type === EventType.nodeChildrenChanged || frame.type === EventType.nodeDeleted) {
      this.#mine.child.delete(frame.path)
    }
    if (frame.zxid === -1) {
      // Judged when the answer to setWatches says at which zxid it was.
      this.#caughtUp.push({ type: frame.type, path: frame.path })
      return
    }
    const at = this.#owed.findIndex(
      ({ type, path, zxid }) => type === frame.type && path === frame.path && zxid === frame.zxid,
    )
    if (at < 0)
      throw this.#wrong(`was told event ${frame.type} of ${frame.path} at ${hex(frame.zxid)}, which nobody owed`)
    this.#owed.splice(at, 1)
  }

  #reply(frame: Reply, model: ModelTree, done: Done | undefined, zxid: number): void {
    if (this.#isReadOnly) {
      this.#replyAlone(frame, model, zxid)
      return
    }
    const owed = this.#owed.find(({ zxid, isSure }) => isSure && frame.zxid >= zxid)
    if (owed !== undefined) {
      throw this.#wrong(
        `saw ${hex(frame.zxid)} in the answer to ${showIntent(frame.intent)} before event ${owed.type} of ${owed.path} at ${hex(owed.zxid)}`,
      )
    }
    if (frame.zxid !== zxid) {
      throw this.#wrong(`saw ${hex(frame.zxid)} in the answer to ${showIntent(frame.intent)}, which was never decided`)
    }
    this.#owed = this.#owed.filter(({ zxid }) => zxid > frame.zxid)
    for (const id of this.#proved) this.#known.add(id)
    this.#checkSetAgain(frame)
    const { intent } = frame
    if (isWrite(intent)) this.#write(frame, model, done)
    else if (intent.kind === 'setWatches') this.#setWatches(intent.list, model)
    else this.#readReply(frame, intent, model)
  }

  /**
   * A server without its ensemble changes nothing. It shows the end of its log, which may never be decided: then there is
   * nothing to compare its answers with, and what it told the client of its watches must be believed.
   */
  #replyAlone(frame: Reply, model: ModelTree, zxid: number): void {
    const { intent } = frame
    this.#checkSetAgain(frame)
    if ((isWrite(intent) && intent.kind !== 'closeSession') || intent.kind === 'sync') {
      this.#compare(frame, ErrorCode.notReadOnly, '')
    } else if (isWrite(intent)) return
    else if (frame.zxid === zxid && intent.kind === 'setWatches') this.#setWatches(intent.list, model)
    else if (frame.zxid === zxid) this.#readReply(frame, intent, model)
    else if (intent.kind === 'setWatches') {
      this.#checkNamed(intent.list)
      this.#caughtUp = []
    } else this.#believe(frame, intent)
  }

  #believe(frame: Reply, intent: Intent): void {
    const isDone = frame.code === ErrorCode.ok
    if ('watch' in intent && intent.watch) this.#watch(intent.kind, intent.path, frame.code)
    if (intent.kind === 'addWatch' && isDone)
      this.#mine[intent.isRecursive ? 'recursive' : 'persistent'].add(intent.path)
    if (intent.kind !== 'removeWatches' || !isDone) return
    for (const kind of removedKinds.get(intent.type) ?? []) this.#mine[kind].delete(intent.path)
  }

  /** Whoever comes back names its watches before it asks anything else. */
  #checkSetAgain({ intent }: Reply): void {
    if (intent.kind !== 'setWatches' && this.#toSetAgain !== undefined) {
      const forgotten = setsOf(this.#toSetAgain).flatMap((set) => [...set])
      if (forgotten.length > 0)
        throw this.#wrong(`came back and did not set its watches again: ${forgotten.join(', ')}`)
      this.#toSetAgain = undefined
    }
  }

  #write(frame: Reply, model: ModelTree, done: Done | undefined): void {
    const { id } = this.#record
    // The end of a server's own session is no transaction.
    if (frame.intent.kind === 'closeSession' && !model.sessions.has(id) && !model.ended.has(id)) return
    const { decided, outcome } = done ?? {}
    if (decided?.sessionId !== this.#record.id || decided.cxid !== frame.xid || outcome === undefined) {
      throw this.#wrong(
        `was promised ${showIntent(frame.intent)} at ${hex(frame.zxid)}, where something else was decided`,
      )
    }
    if (frame.zxid <= frame.floorZxid) {
      throw this.#wrong(
        `${showIntent(frame.intent)} went to ${hex(frame.zxid)}, before ${hex(frame.floorZxid)}, promised earlier`,
      )
    }
    if (decided.body.type === Operation.reconfig) return
    const shown = frame.intent.kind === 'delete' ? '' : outcome.shown
    this.#compare(frame, outcome.code, shown)
  }

  #readReply(frame: Reply, intent: Intent, model: ModelTree): void {
    const isOver = frame.code === ErrorCode.sessionExpired
    switch (intent.kind) {
      case 'exists':
      case 'getData':
      case 'getChildren':
      case 'multiRead':
      case 'count':
      case 'getAcl':
      case 'sync': {
        // The end of a session is under way before it is decided, and refuses what comes after.
        if (isOver) return
        const { code, shown } = model.read(intent, frame.ids)
        this.#compare(frame, code, shown)
        if ('watch' in intent && intent.watch) this.#watch(intent.kind, intent.path, code)
        return
      }
      case 'addWatch':
        if (isOver) return
        for (const watches of [this.#watches, this.#mine]) {
          watches[intent.isRecursive ? 'recursive' : 'persistent'].add(intent.path)
        }
        return
      case 'removeWatches':
        if (!isOver) this.#unwatch(frame, intent.path, intent.type)
        return
      default:
        return
    }
  }

  #watch(kind: string, path: string, code: number): void {
    if (code !== ErrorCode.ok && !(kind === 'exists' && code === ErrorCode.noNode)) return
    for (const watches of [this.#watches, this.#mine]) watches[kind === 'getChildren' ? 'child' : 'data'].add(path)
  }

  #unwatch(frame: Reply, path: string, type: number): void {
    const kinds = removedKinds.get(type) ?? []
    const isThere = kinds.some((kind) => this.#watches[kind].has(path))
    this.#compare(frame, isThere ? ErrorCode.ok : ErrorCode.noWatcher, '')
    if (!isThere) return
    for (const watches of [this.#watches, this.#mine]) for (const kind of kinds) watches[kind].delete(path)
  }

  /** The client names its watches, and is told at once what it missed: exactly that, and before the answer. */
  #setWatches(list: WatchList, model: ModelTree): void {
    this.#checkNamed(list)
    const missed: { readonly type: number; readonly path: string }[] = []
    for (const path of list.data) {
      const node = model.nodes.get(path)
      if (node === undefined) missed.push({ type: EventType.nodeDeleted, path })
      else if (node.mzxid > list.relativeZxid) missed.push({ type: EventType.nodeDataChanged, path })
      else this.#watches.data.add(path)
    }
    for (const path of list.exists) {
      if (model.nodes.has(path)) missed.push({ type: EventType.nodeCreated, path })
      else this.#watches.data.add(path)
    }
    for (const path of list.child) {
      const node = model.nodes.get(path)
      if (node === undefined) missed.push({ type: EventType.nodeDeleted, path })
      else if (node.pzxid > list.relativeZxid) missed.push({ type: EventType.nodeChildrenChanged, path })
      else this.#watches.child.add(path)
    }
    for (const path of list.persistent) this.#watches.persistent.add(path)
    for (const path of list.recursive) this.#watches.recursive.add(path)
    const expected = missed.map(showEvent).toSorted().join(', ')
    const told = this.#caughtUp.map(showEvent).toSorted().join(', ')
    if (expected !== told) throw this.#wrong(`came back having missed [${expected}] and was told [${told}]`)
    this.#caughtUp = []
  }

  #checkNamed(list: WatchList): void {
    const before = this.#toSetAgain ?? noWatches()
    this.#toSetAgain = undefined
    const named: WatchSets = {
      data: new Set([...list.data, ...list.exists]),
      child: new Set(list.child),
      persistent: new Set(list.persistent),
      recursive: new Set(list.recursive),
    }
    for (const kind of ['data', 'child', 'persistent', 'recursive'] as const) {
      const wanted = [...before[kind]].toSorted().join(', ')
      const got = [...named[kind]].toSorted().join(', ')
      if (wanted !== got) throw this.#wrong(`had ${kind} watches on [${wanted}] and set again [${got}]`)
    }
  }

  #compare(frame: Reply, code: number, shown: string): void {
    if (frame.code === code && frame.shown === shown) return
    throw this.#wrong(
      `asked ${showIntent(frame.intent)} and was answered at ${hex(frame.zxid)}: ${frame.code} ${frame.shown}; right is: ${code} ${shown}`,
    )
  }

  #wrong(what: string): Violation {
    return new Violation(`${this.#record.client} (session ${showSession(this.#record.id)}) ${what}`)
  }
}

const removedKinds: ReadonlyMap<number, readonly (keyof WatchSets)[]> = new Map([
  [WatcherType.data, ['data']],
  [WatcherType.children, ['child']],
  [WatcherType.persistent, ['persistent']],
  [WatcherType.persistentRecursive, ['recursive']],
  [WatcherType.any, ['data', 'child', 'persistent', 'recursive']],
])

function noWatches(): WatchSets {
  return { data: new Set(), child: new Set(), persistent: new Set(), recursive: new Set() }
}

function setsOf({ data, child, persistent, recursive }: WatchSets): Set<string>[] {
  return [data, child, persistent, recursive]
}

function copyOf({ data, child, persistent, recursive }: WatchSets): WatchSets {
  return { data: new Set(data), child: new Set(child), persistent: new Set(persistent), recursive: new Set(recursive) }
}

function showEvent({ type, path }: { readonly type: number; readonly path: string }): string {
  return `${type} ${path}`
}

function withAncestors(path: string): string[] {
  const paths = [path, '/']
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    paths.push(path.slice(0, slash))
  }
  return paths
}
