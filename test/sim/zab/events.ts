interface Event {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** The simulated clock: what is due first runs first, and what is due together runs in the order it was planned. */
export class Events {
  nowMs = 0
  count = 0
  readonly #heap: Event[] = []
  #order = 0

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run)
  }

  at(atMs: number, run: () => void): void {
    this.#push({ atMs, order: this.#order, run })
    this.#order += 1
  }

  /** Runs everything due until `untilMs`. */
  run(untilMs: number): void {
    while (this.step(untilMs));
    this.nowMs = untilMs
  }

  /** Runs the next event that is due until `untilMs`. @returns whether there was one */
  step(untilMs: number): boolean {
    const next = this.#heap[0]
    if (next === undefined || next.atMs > untilMs) return false
    this.#pop()
    this.nowMs = next.atMs
    this.count += 1
    next.run()
    return true
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (parent === undefined || isBefore(parent, event)) break
      heap[at] = parent
      at = parentAt
    }
    heap[at] = event
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let childAt = at * 2 + 1
      let child = heap[childAt]
      if (child === undefined) break
      const right = heap[childAt + 1]
      if (right !== undefined && isBefore(right, child)) {
        childAt += 1
        child = right
      }
      if (isBefore(last, child)) break
      heap[at] = child
      at = childAt
    }
    heap[at] = last
  }
}

function isBefore(left: Event, right: Event): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order)
}
