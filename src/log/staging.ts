// hot: per batch
/**
 * Batches that have offsets but are not in the file yet. They stay where they lie in the core's memory until `flush`;
 * only the few that had to be rebuilt (codec conversion) bring bytes of their own.
 *
 * Parallel arrays instead of objects: staging allocates nothing once they have grown.
 */
export class Staging {
  count: number = 0
  readonly at: number[] = []
  readonly sizeBytes: number[] = []
  readonly baseOffset: number[] = []
  readonly lastOffset: number[] = []
  readonly maxTimestampMs: number[] = []
  readonly leaderEpoch: number[] = []
  /** First offset of the transaction that this batch (a marker) aborts, -1 for everything else. */
  readonly abortedFirstOffset: number[] = []
  readonly producerId: number[] = []
  readonly lastStableOffset: number[] = []
  /** Bytes that do not lie in the core's memory. */
  readonly own: (Uint8Array | undefined)[] = []

  add(
    at: number,
    sizeBytes: number,
    baseOffset: number,
    lastOffset: number,
    maxTimestampMs: number,
    leaderEpoch: number,
  ): void {
    const index = this.count
    this.at[index] = at
    this.sizeBytes[index] = sizeBytes
    this.baseOffset[index] = baseOffset
    this.lastOffset[index] = lastOffset
    this.maxTimestampMs[index] = maxTimestampMs
    this.leaderEpoch[index] = leaderEpoch
    this.abortedFirstOffset[index] = -1
    this.own[index] = undefined
    this.count = index + 1
  }

  /** Says of the batch added last that it aborts a transaction. */
  markAborted(producerId: number, firstOffset: number, lastStableOffset: number): void {
    const index = this.count - 1
    this.abortedFirstOffset[index] = firstOffset
    this.producerId[index] = producerId
    this.lastStableOffset[index] = lastStableOffset
  }

  /** Fills `parts` with the bytes of batches [from, to): neighbours in memory become one part. */
  collect(memory: Uint8Array, from: number, to: number, parts: Uint8Array[]): void {
    parts.length = 0
    let startsAt = -1
    let endsAt = -1
    for (let index = from; index < to; index += 1) {
      const own = this.own[index]
      const at = this.at[index] ?? 0
      if (own === undefined && at === endsAt) {
        endsAt += this.sizeBytes[index] ?? 0
        continue
      }
      if (startsAt >= 0) parts.push(memory.subarray(startsAt, endsAt))
      if (own === undefined) {
        startsAt = at
        endsAt = at + (this.sizeBytes[index] ?? 0)
      } else {
        parts.push(own)
        startsAt = -1
        endsAt = -1
      }
    }
    if (startsAt >= 0) parts.push(memory.subarray(startsAt, endsAt))
  }

  clear(): void {
    for (let index = 0; index < this.count; index += 1) this.own[index] = undefined
    this.count = 0
  }
}
