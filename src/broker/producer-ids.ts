import { NO_PRODUCER_ID } from '../model/batch-layout.ts'
import type { ControlPlane } from '../cluster/contract.ts'

/** One worker's supply of producer ids, taken from the control plane in blocks. Ids left over at the end are lost. */
export class ProducerIds {
  #next = 0
  #end = 0
  #refill: Promise<boolean> | undefined

  /** An id that nobody else is given; -1 when none can be had now. */
  async next(control: ControlPlane): Promise<number> {
    while (this.#next === this.#end) {
      // Many producers start together: they wait for the same block.
      this.#refill ??= this.#takeBlock(control)
      if (!(await this.#refill)) return NO_PRODUCER_ID
    }
    const id = this.#next
    this.#next += 1
    return id
  }

  async #takeBlock(control: ControlPlane): Promise<boolean> {
    const { first, count } = await control.allocateProducerIds()
    this.#refill = undefined
    if (count === 0) return false
    this.#next = first
    this.#end = first + count
    return true
  }
}
