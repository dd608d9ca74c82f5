import type { TimerHandle, Timers, TurnScheduler } from '../io/ports.ts'
import type { PartitionAssignment } from './contract.ts'

/** Each may make a directory and a file, or read what a crash left: some milliseconds for all, and then others have their turn. */
export const OPENINGS_PER_TURN = 8
/** So many at once are opened before anybody is told of them; more are opened later, if they are new. */
export const OPENED_AT_ONCE_MAX = 64
/** Until then whoever asked for the partitions has been answered, and thousands of directories keep nobody from that. */
const BEGIN_AFTER_MS = 100

export interface UnopenedHost {
  readonly timers: Timers
  readonly turns: TurnScheduler
  readonly open: (assignment: PartitionAssignment) => void
}

/**
 * Partitions that belong to this shard and of which nothing lies on the disk yet. Making a directory costs a third of a
 * millisecond on an idle disk and fifty times that on a busy one: for a thousand, longer than all else about them. So they
 * are opened in the background, a few per turn, and whoever asks for one before that has it opened on the spot.
 */
export class Unopened {
  readonly #host: UnopenedHost
  readonly #assignments = new Map<number, PartitionAssignment>()
  #timer: TimerHandle | undefined
  #isOpening = false
  /** Opened for somebody who asked, in this turn. */
  #demanded = 0

  constructor(host: UnopenedHost) {
    this.#host = host
  }

  get size(): number {
    return this.#assignments.size
  }

  has(handle: number): boolean {
    return this.#assignments.has(handle)
  }

  /** Takes it over, or what the control plane says of it now. */
  put(assignment: PartitionAssignment): void {
    this.#assignments.set(assignment.handle, assignment)
    if (this.#isOpening || this.#timer !== undefined) return
    this.#timer = this.#host.timers.start(BEGIN_AFTER_MS, () => {
      this.#timer = undefined
      this.#isOpening = true
      this.#openSome()
    })
  }

  get(handle: number): PartitionAssignment | undefined {
    return this.#assignments.get(handle)
  }

  /** Given up before it was opened: it has left nothing behind. @returns whether it was waiting */
  drop(handle: number): boolean {
    return this.#assignments.delete(handle)
  }

  /**
   * Opens one that somebody asks for.
   *
   * @returns false when it is not here, or when so many were asked for in this turn that the others have to be served first:
   *   who asked is told that nobody leads here, and asks again
   */
  demand(handle: number): boolean {
    const assignment = this.#assignments.get(handle)
    if (assignment === undefined || this.#demanded >= OPENINGS_PER_TURN) return false
    if (this.#demanded === 0) this.#host.turns.atTurnEnd(() => (this.#demanded = 0))
    this.#demanded += 1
    this.#assignments.delete(handle)
    this.#host.open(assignment)
    return true
  }

  /** What is not open yet never will be. */
  stop(): void {
    this.#assignments.clear()
    if (this.#timer !== undefined) this.#host.timers.cancel(this.#timer)
    this.#timer = undefined
  }

  #openSome(): void {
    let left = OPENINGS_PER_TURN
    for (const [handle, assignment] of this.#assignments) {
      if (left === 0) break
      left -= 1
      this.#assignments.delete(handle)
      this.#host.open(assignment)
    }
    this.#isOpening = this.#assignments.size > 0
    if (this.#isOpening) this.#host.turns.atTurnEnd(() => this.#openSome())
  }
}
