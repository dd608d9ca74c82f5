import { nextZxid } from '../../../src/zab/leader/broadcast.ts'
import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import type {
  DiskWrite,
  Effect,
  Entry,
  ForwardedRequest,
  Input,
  LearnerMessage,
  LinkId,
  Notification,
  ServerId,
} from '../../../src/zab/contract.ts'
import { createZabState, recoveryProblem, type ZabSettings, type ZabState } from '../../../src/zab/state.ts'
import { nextDeadlineMs, step } from '../../../src/zab/step.ts'
import { mayFollow } from '../../../src/zab/zxid.ts'
import { writeTxnHeader } from '../../../src/jute/generated/txn.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import { type Checker, Violation } from './checker.ts'
import { emptyTree, grown, SimDisk, type Snapshot, type Tree } from './disk.ts'
import type { Events } from './events.ts'
import type { Endpoint, Network } from './network.ts'
import type { Random } from './random.ts'

const SET_DATA = 5
const RECONFIG = 16

export function makeEntry(zxid: number, sessionId: bigint, cxid: number, config: string | null): Entry {
  const writer = new JuteWriter(40)
  writeTxnHeader(writer, { clientId: sessionId, cxid, zxid, time: 0, type: config === null ? SET_DATA : RECONFIG })
  if (config !== null) {
    writer.string('/zookeeper/config')
    writer.buffer(new TextEncoder().encode(config))
  }
  writer.int32(-1)
  return { zxid, bytes: writer.finish(), config }
}

export interface World {
  readonly events: Events
  readonly network: Network
  readonly random: Random
  readonly checker: Checker
  readonly trace: ((line: string) => void) | null
}

/** A client's write that has yet to get its zxid. */
interface Unprepared {
  readonly kind: 'prepare'
  readonly request: ForwardedRequest | undefined
  readonly config: string | null
}

/** A disk step, named for scripts and for crash points. */
type DiskStep = { readonly name: string; readonly delayMs: number; readonly run: () => boolean }

/** One server around the step function: carries out effects, owns a disk, a clock and clients. Can be killed anywhere. */
export class Member implements Endpoint {
  readonly id: ServerId
  readonly disk: SimDisk
  isAlive = false
  isServing = false
  servesAs = ''
  tree: Tree = emptyTree
  /** Effects and disk steps left until the process is killed in front of one; Infinity for never. */
  effectsToLive = Number.POSITIVE_INFINITY
  diskStepsToLive = Number.POSITIVE_INFINITY
  diskDelayMs = 2
  clockRate = 1
  clockOffsetMs = 0
  onCrash: (() => void) | undefined
  /** Swallows or keeps back inputs, for scenarios. */
  intercept: ((input: Input) => boolean) | undefined
  readonly #world: World
  readonly #settings: ZabSettings
  #state: ZabState | undefined
  #generation = 0
  #pausedUntilMs = 0
  #heldInputs: Input[] = []
  #inputs: (Input | Unprepared)[] = []
  #isStepping = false
  #tickAtMs = Number.POSITIVE_INFINITY
  #persists: {
    readonly sequence: number
    readonly writes: readonly DiskWrite[]
    /** Taken from the connection now: it may close before the disk gets there. */
    readonly received: Snapshot | undefined
  }[] = []
  #isWriting = false
  readonly #received = new Map<LinkId, Snapshot>()
  #sessionId = 0n
  #nextSession = 1
  #cxid = 0

  constructor(world: World, settings: ZabSettings, config: string) {
    this.#world = world
    this.#settings = settings
    this.id = settings.serverId
    this.disk = new SimDisk(config)
  }

  get state(): ZabState {
    if (this.#state === undefined) throw new Error(`server ${this.id} is not running`)
    return this.#state
  }

  get now(): number {
    return this.#world.events.nowMs * this.clockRate + this.clockOffsetMs
  }

  get isPaused(): boolean {
    return this.#world.events.nowMs < this.#pausedUntilMs
  }

  start(): void {
    if (this.isAlive) return
    const { image } = this.disk
    const { tree, lastZxid } = this.disk.load()
    const config = parseEnsembleConfig(image.config)
    if (config === undefined) throw new Error('the configuration of a simulation can be read')
    const recovered = {
      acceptedEpoch: image.acceptedEpoch,
      currentEpoch: image.currentEpoch,
      lastZxid,
      snapshotZxid: image.snapshot?.zxid ?? 0,
      newestEntries: image.log.slice(-this.#settings.windowMax),
      config,
      nextConfig: image.nextConfig === null ? null : (parseEnsembleConfig(image.nextConfig) ?? null),
    }
    const problem = recoveryProblem(recovered)
    if (problem !== undefined) throw new Violation(`server ${this.id} cannot start: ${problem}`)
    this.tree = tree
    this.#state = createZabState(this.#settings, recovered)
    this.isAlive = true
    this.#note('starts')
    this.#world.network.started(this.id)
    this.input({ kind: 'start' })
  }

  /** The process is killed and the machine loses power: what was not synced may be gone. */
  crash(): void {
    if (!this.isAlive) return
    this.#note('is killed')
    this.isAlive = false
    this.#generation += 1
    this.effectsToLive = Number.POSITIVE_INFINITY
    this.diskStepsToLive = Number.POSITIVE_INFINITY
    this.#endServing()
    this.#inputs = []
    this.#heldInputs = []
    this.#persists = []
    this.#isWriting = false
    this.#received.clear()
    this.#tickAtMs = Number.POSITIVE_INFINITY
    this.#pausedUntilMs = 0
    this.disk.crash(this.#world.random.between(0, this.disk.image.log.length - this.disk.durableCount))
    this.#world.network.crashed(this.id)
    this.onCrash?.()
  }

  /** Stopped and continued by a signal: nothing is lost, all is late. */
  pause(durationMs: number): void {
    if (!this.isAlive) return
    this.#pausedUntilMs = this.#world.events.nowMs + durationMs
    const generation = this.#generation
    this.#world.events.after(durationMs, () => {
      if (generation !== this.#generation || this.isPaused) return
      for (const held of this.#heldInputs.splice(0)) this.input(held)
    })
  }

  input(input: Input): void {
    if (!this.isAlive) return
    if (this.intercept?.(input) === true) return
    if (this.isPaused) {
      this.#heldInputs.push(input)
      return
    }
    this.#inputs.push(input)
    if (!this.#isStepping) this.#drain()
  }

  linkUp(link: LinkId, dialed: ServerId | null): void {
    this.input({ kind: 'linkUp', link, dialed })
  }

  dialFailed(peer: ServerId): void {
    this.input({ kind: 'dialFailed', peer })
  }

  linkDown(link: LinkId): void {
    this.input({ kind: 'linkDown', link })
  }

  message(link: LinkId, message: LearnerMessage, snapshot: Snapshot | undefined): void {
    if (snapshot !== undefined && this.isAlive) this.#received.set(link, snapshot)
    this.input({ kind: 'message', link, message })
  }

  notification(from: ServerId, notification: Notification): void {
    this.input({ kind: 'notification', from, notification })
  }

  electionLink(peer: ServerId, isUp: boolean): void {
    this.input({ kind: 'electionLink', peer, isUp })
  }

  /** A client of this server writes. @returns false when it serves nobody */
  write(): boolean {
    if (!this.isServing || !this.isAlive) return false
    this.#cxid += 1
    const request = {
      sessionId: this.#sessionId,
      cxid: this.#cxid,
      operation: SET_DATA,
      body: new Uint8Array(0),
      identities: [],
    }
    if (this.servesAs === 'leading') this.#propose(request, null)
    else this.input({ kind: 'forward', request })
    return true
  }

  /** The leader's client asks for another configuration; `version` is filled in. */
  reconfigure(text: string): void {
    this.#propose(undefined, text)
  }

  /** Writes a snapshot of the tree, and perhaps forgets the log before it. */
  takeSnapshot(dropsLog: boolean): void {
    if (!this.isServing || this.#isWriting || this.#persists.length > 0 || this.tree.zxid !== this.state.lastLoggedZxid)
      return
    this.disk.snapshot({ zxid: this.tree.zxid, tree: this.tree }, dropsLog)
    this.input({ kind: 'snapshotTaken', zxid: this.tree.zxid })
  }

  #propose(request: ForwardedRequest | undefined, config: string | null): void {
    this.#inputs.push({ kind: 'prepare', request, config })
    if (!this.#isStepping) this.#drain()
  }

  #drain(): void {
    this.#isStepping = true
    const generation = this.#generation
    for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) {
      const known = input.kind === 'prepare' ? this.#prepare(input) : input
      if (known === undefined) continue
      const effects = step(this.state, this.now, known)
      for (const effect of effects) {
        this.effectsToLive -= 1
        if (this.effectsToLive < 0) this.crash()
        if (generation !== this.#generation) break
        this.#carryOut(effect)
      }
      if (generation !== this.#generation) break
    }
    this.#isStepping = false
    if (this.isAlive) this.#scheduleTick()
  }

  /** What was asked of a reign that has ended goes with it. */
  #prepare({ request, config }: Unprepared): Input | undefined {
    const zxid = nextZxid(this.state)
    if (zxid === undefined || !this.isServing) return undefined
    const text = config === null ? null : `${config}\nversion=${zxid.toString(16)}`
    return { kind: 'propose', entry: makeEntry(zxid, request?.sessionId ?? 0n, request?.cxid ?? 0, text) }
  }

  #scheduleTick(): void {
    const { events } = this.#world
    const deadlineMs = nextDeadlineMs(this.state)
    if (deadlineMs === Number.POSITIVE_INFINITY) return
    const atMs = Math.max((deadlineMs - this.clockOffsetMs) / this.clockRate, events.nowMs, this.#pausedUntilMs)
    if (atMs >= this.#tickAtMs && this.#tickAtMs >= events.nowMs) return
    this.#tickAtMs = atMs
    const generation = this.#generation
    events.after(atMs - events.nowMs + 0.01, () => {
      if (generation !== this.#generation || this.#tickAtMs !== atMs) return
      this.#tickAtMs = Number.POSITIVE_INFINITY
      this.input({ kind: 'tick' })
      if (this.isAlive) this.#scheduleTick()
    })
  }

  #carryOut(effect: Effect): void {
    const { network } = this.#world
    switch (effect.kind) {
      case 'persist':
        this.#persists.push({ ...effect, received: this.#receivedFor(effect.writes) })
        this.#writeNext()
        return
      case 'notify':
        network.notify(this.id, effect.to, effect.notification)
        return
      case 'dial':
        network.dial(this.id, effect.peer)
        return
      case 'closeLink':
        network.close(this.id, effect.link)
        this.#received.delete(effect.link)
        return
      case 'send':
        this.#send(effect.link, effect.message)
        return
      case 'sendHistory':
        for (const entry of effect.entries) {
          this.#send(effect.link, { type: 'proposal', entry })
          this.#send(effect.link, { type: 'commit', zxid: entry.zxid })
        }
        return
      case 'sendTouches':
        this.#send(effect.link, { type: 'ping', zxid: effect.zxid, touches: [] })
        return
      case 'readLog':
        this.#readLog(effect.link, effect.fromZxid)
        return
      case 'apply':
        this.#apply(effect.entry)
        return
      case 'fastForward':
        if (this.isServing) throw new Violation(`server ${this.id} fast-forwards under its clients`)
        this.#grow(effect.entry)
        return
      case 'role':
        this.#note(`is ${effect.role}: ${effect.reason}`)
        return
      case 'serve':
        this.isServing = true
        this.servesAs = effect.role
        this.#sessionId = BigInt(this.id) * 1_000_000n + BigInt(this.#nextSession)
        this.#nextSession += 1
        this.#cxid = 0
        this.#note(`serves as ${effect.role} in epoch ${effect.epoch}`)
        this.#world.checker.serves(this.id, effect.role, effect.epoch, this.tree)
        return
      case 'stopServing':
        this.#endServing()
        return
      case 'submit':
        this.#propose(effect.request, null)
        return
      case 'halt':
        this.#note(`halts: ${effect.reason}`)
        this.crash()
        return
      default:
        return
    }
  }

  #endServing(): void {
    this.isServing = false
    this.servesAs = ''
    this.#sessionId = 0n
  }

  #send(link: LinkId, message: LearnerMessage): void {
    if (message.type !== 'snap') {
      this.#world.network.send(this.id, link, message, undefined)
      return
    }
    if (this.tree.zxid !== message.zxid) throw new Violation(`server ${this.id} sends a snapshot that it does not have`)
    this.#world.network.send(this.id, link, message, { zxid: message.zxid, tree: this.tree })
  }

  #readLog(link: LinkId, fromZxid: number): void {
    const generation = this.#generation
    const { log } = this.disk.image
    const isThere = log.some((entry) => entry.zxid === fromZxid)
    const entries = isThere ? log.filter((entry) => entry.zxid >= fromZxid && entry.zxid <= this.tree.zxid) : null
    this.#world.events.after(this.#world.random.between(1, 40), () => {
      if (generation === this.#generation) this.input({ kind: 'logRead', link, entries })
    })
  }

  #grow(entry: Entry): void {
    if (!mayFollow(this.tree.zxid, entry.zxid)) {
      throw new Violation(`server ${this.id} applies ${entry.zxid} behind ${this.tree.zxid}`)
    }
    this.tree = grown(this.tree, entry)
  }

  #apply(entry: Entry): void {
    if (!this.isServing) throw new Violation(`server ${this.id} answers clients while it does not serve`)
    this.#grow(entry)
    this.#world.checker.applied(this.id, this.tree)
    const view = new DataView(entry.bytes.buffer, entry.bytes.byteOffset)
    if (this.#sessionId !== 0n && view.getBigInt64(0) === this.#sessionId) this.#world.checker.acknowledged(this.tree)
  }

  /** Group commit: everything that waits goes as one run of steps; any of them may be the last. */
  #writeNext(): void {
    if (this.#isWriting || this.#persists.length === 0) return
    this.#isWriting = true
    const group = this.#persists.splice(0)
    const steps: DiskStep[] = []
    for (const { writes, received } of group) for (const write of writes) this.#plan(write, received, steps)
    steps.push(this.#syncStep())
    this.#runSteps(steps, 0, group.at(-1)?.sequence ?? 0)
  }

  #receivedFor(writes: readonly DiskWrite[]): Snapshot | undefined {
    const install = writes.find((write) => write.kind === 'installSnapshot')
    return install?.kind === 'installSnapshot' ? this.#received.get(install.link) : undefined
  }

  #plan(write: DiskWrite, received: Snapshot | undefined, steps: DiskStep[]): void {
    const isBarrier = write.kind !== 'append'
    if (isBarrier) steps.push(this.#syncStep())
    steps.push({
      name: write.kind,
      delayMs: isBarrier ? this.#diskDelay() : 0,
      run: () => {
        if (!this.disk.write(write, received)) return false
        if (write.kind === 'truncate' || write.kind === 'installSnapshot') this.tree = this.disk.load().tree
        return true
      },
    })
  }

  #syncStep(): DiskStep {
    return {
      name: 'sync',
      delayMs: this.#diskDelay(),
      run: () => {
        this.disk.sync()
        return !this.disk.isFull
      },
    }
  }

  #diskDelay(): number {
    return this.diskDelayMs * (0.5 + this.#world.random.next())
  }

  #runSteps(steps: readonly DiskStep[], at: number, sequence: number): void {
    const next = steps[at]
    if (next === undefined) {
      this.#isWriting = false
      this.input({ kind: 'persisted', sequence })
      this.#writeNext()
      return
    }
    const generation = this.#generation
    this.#world.events.after(next.delayMs, () => {
      if (generation !== this.#generation) return
      this.diskStepsToLive -= 1
      if (this.diskStepsToLive < 0) {
        this.crash()
        return
      }
      if (next.run()) this.#runSteps(steps, at + 1, sequence)
      else this.input({ kind: 'persistFailed', reason: 'no space left on device' })
    })
  }

  #note(what: string): void {
    this.#world.trace?.(`${this.#world.events.nowMs.toFixed(1).padStart(9)}  server ${this.id} ${what}`)
  }
}
