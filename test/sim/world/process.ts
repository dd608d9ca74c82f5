import type { Clock, Entropy, Logger, TimerHandle, Timers } from '../../../src/io/ports.ts'
import type { World } from './world.ts'

const EPOCH_MS = 1_700_000_000_000

/** Whose turn it is: what happens until the next event, promises included, is this process's doing. */
let running: SimProcess | undefined

export function runningProcess(): SimProcess | undefined {
  return running
}

interface SimTimer extends TimerHandle {
  isCancelled: boolean
}

/** How a process's machine behaves. */
export interface Temper {
  /** How fast its clocks go; 1 is right. */
  readonly clockRate: number
  /** How wrong its wall clock is. */
  readonly clockOffsetMs: number
  /** Time that goes by, at most, between two looks at the clock within one event: a slow processor. */
  readonly lookCostMs: number
}

export const evenTemper: Temper = { clockRate: 1, clockOffsetMs: 0, lookCostMs: 0 }

/**
 * One process: its clock, timers and chance, and whether it is alive, stopped or busy. Whatever reaches it comes through
 * {@link SimProcess.post}. Once killed it may finish the turn it is in, but nothing it does has any effect: its disk is
 * another one by then, its sockets are cut, its timers never run.
 */
export class SimProcess {
  readonly name: string
  readonly world: World
  readonly temper: Temper
  isAlive = true
  /** Disk steps and sends left until it is killed in front of one; Infinity for never. */
  stepsToLive = Number.POSITIVE_INFINITY
  onStepsOver: (() => void) | undefined
  #busyUntilMs = 0
  readonly #backlog: (() => void)[] = []
  #isDraining = false

  constructor(world: World, name: string, temper: Temper) {
    this.world = world
    this.name = name
    this.temper = temper
  }

  /** Called in front of everything that leaves a trace outside. */
  step(): void {
    if (!this.isAlive) return
    this.stepsToLive -= 1
    if (this.stepsToLive < 0) this.onStepsOver?.()
  }

  /** What one fault has begun no other cuts short. */
  spare(): void {
    this.stepsToLive = Number.POSITIVE_INFINITY
  }

  kill(): void {
    this.isAlive = false
    this.#backlog.length = 0
  }

  /** It does nothing for so long, on top of all else: it waits for its disk, or computes. */
  stall(durationMs: number): void {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.world.nowMs) + durationMs
  }

  /** Stopped and continued by signals. Stops do not add up. */
  pause(durationMs: number): void {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.world.nowMs + durationMs)
  }

  get isStalled(): boolean {
    return this.#busyUntilMs > this.world.nowMs
  }

  /** The world's time, or where its own work of this turn has brought it. */
  get nowMs(): number {
    return Math.max(this.world.nowMs, this.#busyUntilMs)
  }

  /** Lets something happen to it: now, or in its turn when it is busy. Each happening is an event of its own. */
  post(happening: () => void): void {
    if (!this.isAlive) return
    if (!this.isStalled && this.#backlog.length === 0) {
      this.#run(happening)
      return
    }
    this.#backlog.push(happening)
    this.#drainLater()
  }

  #run(happening: () => void): void {
    running = this
    happening()
  }

  #drainLater(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    this.world.events.at(Math.max(this.world.nowMs, this.#busyUntilMs), () => {
      this.#isDraining = false
      if (!this.isAlive) return
      const next = this.isStalled ? undefined : this.#backlog.shift()
      if (next !== undefined) this.#run(next)
      if (this.#backlog.length > 0) this.#drainLater()
    })
  }

  /** Later, at a time of the world's clock. */
  postAfter(delayMs: number, happening: () => void): void {
    this.world.events.after(delayMs, () => this.post(happening))
  }

  #localMs(): number {
    const { lookCostMs, clockRate } = this.temper
    if (lookCostMs > 0 && this.isAlive) this.stall(this.world.random.next() * lookCostMs)
    return this.nowMs * clockRate
  }

  /** @returns the world's time when this wall clock shows `wallMs` */
  worldMs(wallMs: number): number {
    return (wallMs - EPOCH_MS - this.temper.clockOffsetMs) / this.temper.clockRate
  }

  readonly clock: Clock = {
    wallMs: () => Math.floor(EPOCH_MS + this.temper.clockOffsetMs + this.#localMs()),
    monotonicMs: () => 5_000 + this.#localMs(),
  }

  readonly timers: Timers = {
    start: (delayMs, due) => {
      const timer: SimTimer = { kind: 'timer', isCancelled: false }
      const dueMs = this.nowMs + Math.max(delayMs, 0.01) / this.temper.clockRate
      this.world.events.at(dueMs, () => {
        if (timer.isCancelled) return
        this.post(() => {
          if (!timer.isCancelled) due()
        })
      })
      return timer
    },
    cancel: (timer) => {
      const mine = timer as SimTimer
      mine.isCancelled = true
    },
  }

  readonly entropy: Entropy = {
    bytes: (sizeBytes) => Uint8Array.from({ length: sizeBytes }, () => this.world.random.between(0, 255)),
    unit: () => this.world.random.next(),
  }

  readonly log: Logger = {
    debug: () => {},
    info: (message, fields) => this.#logged('info', message, fields),
    warn: (message, fields) => this.#logged('warn', message, fields),
    error: (message, fields) => this.#logged('error', message, fields),
  }

  #logged(level: string, message: string, fields?: Readonly<Record<string, unknown>>): void {
    if (!this.world.isTraced || !this.isAlive) return
    const shown =
      fields === undefined
        ? ''
        : ` ${Object.entries(fields)
            .map(([key, value]) => `${key}=${String(value)}`)
            .join(' ')}`
    this.world.note(`${this.name} ${level}: ${message}${shown}`)
  }
}
