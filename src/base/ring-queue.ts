import { assert } from './assert.ts'

const INITIAL_CAPACITY = 8

/**
 * A first-in-first-out queue on one array that is reused in a circle: no element is moved and nothing is allocated once
 * it has grown to what its use needs. Single owner.
 *
 * The bound is the caller's limit: passing it is our bug, so the caller looks at `isFull` first and refuses.
 */
export class RingQueue<T> {
  #slots: (T | undefined)[] = new Array<T | undefined>(INITIAL_CAPACITY).fill(undefined)
  #head = 0
  #size = 0
  readonly #sizeMax: number

  /** @param sizeMax most elements it may ever hold */
  constructor(sizeMax: number) {
    assert(sizeMax > 0, 'a queue has room for something')
    this.#sizeMax = sizeMax
  }

  get size(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#sizeMax
  }

  /** Appends at the end. */
  push(element: T): void {
    assert(this.#size < this.#sizeMax, 'a full queue was given one more')
    if (this.#size === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = element
    this.#size += 1
  }

  /** Puts `element` before everything else: for something that was taken and could not be served yet. */
  putBack(element: T): void {
    assert(this.#size < this.#sizeMax, 'a full queue was given one more')
    if (this.#size === this.#slots.length) this.#grow()
    this.#head = (this.#head - 1) & (this.#slots.length - 1)
    this.#slots[this.#head] = element
    this.#size += 1
  }

  /** The oldest element, or undefined. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#slots[this.#head]
  }

  /** Takes the oldest element, or undefined when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const element = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.#size -= 1
    return element
  }

  #grow(): void {
    const slots = new Array<T | undefined>(this.#slots.length * 2).fill(undefined)
    for (let index = 0; index < this.#size; index += 1) {
      slots[index] = this.#slots[(this.#head + index) & (this.#slots.length - 1)]
    }
    this.#slots = slots
    this.#head = 0
  }
}
