import type { Region } from './contract.ts'

/** Says which shard's memory an address is, and changes leases there. */
export interface LeaseOffice {
  ownerOf(at: number): number
  leaseElsewhere(region: Region, change: number): void
}

/**
 * Runs of other shards' arenas in which our partitions remember batches: those that came in over a hop. One lease is
 * held per run, so that the run cannot be reused under us; the oldest is given back when there are too many, and all of
 * a shard's when it runs short of room.
 */
export class BorrowedRuns {
  readonly #office: LeaseOffice
  readonly #runsMax: number
  /** By `runKey`, oldest first. */
  readonly #held = new Map<number, Region>()

  constructor(office: LeaseOffice, runsMax: number) {
    this.#office = office
    this.#runsMax = runsMax
  }

  /** Takes over the lease on `region`. @returns whether its bytes may be remembered */
  keep(region: Region): boolean {
    const key = this.#key(region.chunk, region.at)
    if (this.#held.has(key)) {
      this.#office.leaseElsewhere(region, -1)
      return true
    }
    if (this.#runsMax === 0) {
      this.#office.leaseElsewhere(region, -1)
      return false
    }
    this.#held.set(key, region)
    if (this.#held.size > this.#runsMax) this.#giveBackOldest()
    return true
  }

  holds(token: number, at: number): boolean {
    return this.#held.has(this.#key(token, at))
  }

  /** `shard` needs its memory. */
  giveBackAll(shard: number): void {
    for (const [key, region] of this.#held) {
      if (this.#office.ownerOf(region.at) !== shard) continue
      this.#held.delete(key)
      this.#office.leaseElsewhere(region, -1)
    }
  }

  #giveBackOldest(): void {
    for (const [key, region] of this.#held) {
      this.#held.delete(key)
      this.#office.leaseElsewhere(region, -1)
      return
    }
  }

  #key(token: number, at: number): number {
    return token * SHARDS_MAX + this.#office.ownerOf(at)
  }
}

/** More shards than a process has. */
const SHARDS_MAX = 256
