import { assert } from './assert.ts'

/** Something that can wait in a wheel. Lives in at most one wheel, at most once. */
export interface WheelEntry {
  /** Tick at which it is due; -1 while it waits in no wheel. Only the wheel writes these three. */
  wheelTick: number
  wheelNext: WheelEntry | null
  wheelPrevious: WheelEntry | null
}

/**
 * Deadlines by the thousand: adding and removing cost a few pointer writes, whatever their number.
 *
 *   slot   0      1      2      …  n-1      an entry lies in slot (tick mod n), where
 *        +------+------+------+---+------+  tick = its deadline rounded up to whole ticks;
 *        | a, d |      | b    |   | c    |  entries a turn of the wheel or more away stay where
 *        +------+------+------+---+------+  they are until their round comes
 *
 * Never early, at most one tick late (plus how late `advance` is called). It has no clock: times are passed in and are
 * milliseconds of any clock that does not go back.
 */
export class TimerWheel {
  readonly #tickMs: number
  readonly #mask: number
  readonly #slots: (WheelEntry | null)[]
  /** Every tick up to and including this one has been handled. */
  #tick: number
  #size = 0

  /**
   * @param tickMs resolution
   * @param slotCount a power of two; `tickMs * slotCount` should exceed most waits
   * @param nowMs the present
   */
  constructor(tickMs: number, slotCount: number, nowMs: number) {
    assert(tickMs > 0, 'a tick takes time')
    assert(slotCount > 1 && (slotCount & (slotCount - 1)) === 0, 'the number of slots is a power of two')
    this.#tickMs = tickMs
    this.#mask = slotCount - 1
    this.#slots = new Array<WheelEntry | null>(slotCount).fill(null)
    this.#tick = Math.floor(nowMs / tickMs)
  }

  get size(): number {
    return this.#size
  }

  /**
   * Starts waiting until `dueMs`; a moment that has passed is due at the next tick. An empty wheel should be brought to
   * the present with `advance` first, or `nextDueMs` will count from when it last turned.
   */
  add(entry: WheelEntry, dueMs: number): void {
    assert(entry.wheelTick < 0, 'an entry waits once')
    const tick = Math.max(Math.ceil(dueMs / this.#tickMs), this.#tick + 1)
    const slot = tick & this.#mask
    const head = this.#slots[slot] ?? null
    entry.wheelTick = tick
    entry.wheelPrevious = null
    entry.wheelNext = head
    if (head !== null) head.wheelPrevious = entry
    this.#slots[slot] = entry
    this.#size += 1
  }

  /** Stops waiting; harmless when `entry` does not wait. */
  remove(entry: WheelEntry): void {
    if (entry.wheelTick < 0) return
    const { wheelPrevious: previous, wheelNext: next } = entry
    if (previous === null) this.#slots[entry.wheelTick & this.#mask] = next
    else previous.wheelNext = next
    if (next !== null) next.wheelPrevious = previous
    entry.wheelTick = -1
    entry.wheelNext = null
    entry.wheelPrevious = null
    this.#size -= 1
  }

  /**
   * Takes out everything that is due at `nowMs`, earlier ticks first, and gives it to `due`, which may add and remove
   * entries of this wheel.
   */
  advance(nowMs: number, due: (entry: WheelEntry) => void): void {
    const until = Math.floor(nowMs / this.#tickMs)
    if (this.#size === 0) this.#tick = Math.max(this.#tick, until)
    // After a long silence one pass over every slot is enough: go to the last round at once.
    this.#tick = Math.max(this.#tick, until - this.#mask - 1)
    while (this.#tick < until) {
      this.#tick += 1
      this.#empty(this.#tick & this.#mask, due)
    }
  }

  /**
   * The moment by which `advance` should run again: when the nearest entry is due, or one turn of the wheel from now if
   * all are further away. Infinity when nothing waits.
   */
  nextDueMs(): number {
    if (this.#size === 0) return Infinity
    for (let tick = this.#tick + 1; tick <= this.#tick + this.#mask; tick += 1) {
      for (let entry = this.#slots[tick & this.#mask] ?? null; entry !== null; entry = entry.wheelNext) {
        if (entry.wheelTick <= tick) return tick * this.#tickMs
      }
    }
    return (this.#tick + this.#mask + 1) * this.#tickMs
  }

  #empty(slot: number, due: (entry: WheelEntry) => void): void {
    const now = this.#tick
    // `due` may take neighbours out of this very list, so look again from the front after every call.
    for (let entry = this.#firstDue(slot, now); entry !== null; entry = this.#firstDue(slot, now)) {
      this.remove(entry)
      due(entry)
    }
  }

  #firstDue(slot: number, now: number): WheelEntry | null {
    for (let entry = this.#slots[slot] ?? null; entry !== null; entry = entry.wheelNext) {
      if (entry.wheelTick <= now) return entry
    }
    return null
  }
}
