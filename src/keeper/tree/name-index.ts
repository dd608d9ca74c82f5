// hot: per node
/** Buckets of a page, and the fewest there are. */
const PAGE_BITS = 12
const PAGE_MASK = (1 << PAGE_BITS) - 1
const BUCKETS_MIN = 1 << PAGE_BITS
const NONE = -1

/** Where the entries of a {@link NameIndex} keep their hash and their link to the next of the bucket. */
export interface IndexedEntries {
  hashOf(id: number): number
  linkOf(id: number): number
  setLink(id: number, next: number): void
}

/**
 * Hash → entries, as a table that grows and shrinks by one bucket at a time (linear hashing): a table that doubles at once
 * would stop the loop for as long as it takes to move everything.
 */
export class NameIndex {
  readonly #entries: IndexedEntries
  readonly #pages: Int32Array[] = []
  /** Buckets of the last whole doubling, and how many of those are split already. */
  #base = BUCKETS_MIN
  #splitCount = 0
  #count = 0

  constructor(entries: IndexedEntries) {
    this.#entries = entries
    this.#pages.push(new Int32Array(BUCKETS_MIN).fill(NONE))
  }

  get count(): number {
    return this.#count
  }

  get bucketCount(): number {
    return this.#base + this.#splitCount
  }

  /** @returns the first entry that may have this hash; the others follow through `linkOf` */
  first(hash: number): number {
    return this.#head(this.#bucketOf(hash))
  }

  add(id: number): void {
    const bucket = this.#bucketOf(this.#entries.hashOf(id))
    this.#entries.setLink(id, this.#head(bucket))
    this.#setHead(bucket, id)
    this.#count += 1
    if (this.#count > this.bucketCount) this.#split()
  }

  remove(id: number): void {
    const entries = this.#entries
    const bucket = this.#bucketOf(entries.hashOf(id))
    const first = this.#head(bucket)
    if (first === id) this.#setHead(bucket, entries.linkOf(id))
    else {
      let before = first
      for (let next = entries.linkOf(before); next !== id; next = entries.linkOf(before)) before = next
      entries.setLink(before, entries.linkOf(id))
    }
    this.#count -= 1
    // Half full is far enough from full that no sequence of additions and removals splits and merges all the time.
    if (this.#count < this.bucketCount >> 1 && this.bucketCount > BUCKETS_MIN) this.#merge()
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (this.#base * 2 - 1)
    return bucket < this.#base + this.#splitCount ? bucket : hash & (this.#base - 1)
  }

  #head(bucket: number): number {
    return (this.#pages[bucket >>> PAGE_BITS] as Int32Array)[bucket & PAGE_MASK] as number
  }

  #setHead(bucket: number, id: number): void {
    const page = this.#pages[bucket >>> PAGE_BITS] as Int32Array
    page[bucket & PAGE_MASK] = id
  }

  #split(): void {
    const entries = this.#entries
    const from = this.#splitCount
    const to = this.#base + from
    if ((to & PAGE_MASK) === 0) this.#pages.push(new Int32Array(PAGE_MASK + 1).fill(NONE))
    let kept = NONE
    let moved = NONE
    for (let id = this.#head(from); id !== NONE; ) {
      const next = entries.linkOf(id)
      if ((entries.hashOf(id) & this.#base) === 0) {
        entries.setLink(id, kept)
        kept = id
      } else {
        entries.setLink(id, moved)
        moved = id
      }
      id = next
    }
    this.#setHead(from, kept)
    this.#setHead(to, moved)
    this.#splitCount += 1
    if (this.#splitCount < this.#base) return
    this.#base *= 2
    this.#splitCount = 0
  }

  #merge(): void {
    const entries = this.#entries
    if (this.#splitCount === 0) {
      this.#base >>= 1
      this.#splitCount = this.#base
    }
    this.#splitCount -= 1
    const to = this.#splitCount
    const from = this.#base + to
    let merged = this.#head(to)
    for (let id = this.#head(from); id !== NONE; ) {
      const next = entries.linkOf(id)
      entries.setLink(id, merged)
      merged = id
      id = next
    }
    this.#setHead(to, merged)
    if ((from & PAGE_MASK) === 0) this.#pages.pop()
    else this.#setHead(from, NONE)
  }
}
