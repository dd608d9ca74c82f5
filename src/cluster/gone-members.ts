/** A controller whose process has ended while its session lasts. */
export interface GoneController {
  readonly brokerId: number
  /** In which it held the office, and was registered. */
  readonly session: string
}

/**
 * Who was seen to have ended, until that is written down. The machine that went may have carried the ZooKeeper server that we were
 * connected to, or the one that led ours: then nothing can be written before another is found, and without this memory nobody
 * would try again before the sessions expire (one kill in seven cost ten seconds so, in place of a tenth of one).
 */
export class GoneMembers {
  /** The controller before us. Whoever is elected forgets it. */
  controller: GoneController | undefined
  /** Epochs by broker: at most as many as there are brokers. */
  readonly #brokers = new Map<number, number>()
  readonly #take: (brokerId: number, epoch: number) => Promise<void>

  /** @param take makes sure that nothing in the tree says any more that this life of a broker goes on */
  constructor(take: (brokerId: number, epoch: number) => Promise<void>) {
    this.#take = take
  }

  takeBroker(brokerId: number, epoch: number): Promise<void> {
    this.#brokers.set(brokerId, epoch)
    return this.takeBrokers()
  }

  /** What fails is tried again at the next call. */
  async takeBrokers(): Promise<void> {
    for (const [brokerId, epoch] of this.#brokers) {
      await this.#take(brokerId, epoch)
      this.#brokers.delete(brokerId)
    }
  }
}
