import type { ControlPlane } from '../cluster/contract.ts'

/** One worker's supply of producer ids, taken from the control plane in blocks. Ids left over at the end are lost. */
export class ProducerIds {
  #next = 0
  #end = 0
  #refill: Promise<void> | undefined

  /** An id that nobody else is given. */
  async next(control: ControlPlane): Promise<number> {
    while (this.#next === this.#end) {
      // Many producers start together: they wait for the same block.
      this.#refill ??= this.#takeBlock(control)
      await this.#refill
    }
    const id = this.#next
    this.#next += 1
    return id
  }

  async #takeBlock(control: ControlPlane): Promise<void> {
    const { first, count } = await control.allocateProducerIds()
    this.#next = first
    this.#end = first + count
    this.#refill = undefined
  }
}
