/** A digest is kept for every so many transactions, and so many of them: ZooKeeper's numbers. */
const INTERVAL = 128
const KEPT_MAX = 1024

/** Digests of the tree at some zxids, for the `hash` command: two servers that differ say when they began to. */
export class DigestRecord {
  readonly #kept: { readonly zxid: number; readonly value: bigint }[] = []
  #count = 0

  /** One more transaction is applied. @param value asked only when it is kept */
  applied(zxid: number, value: () => bigint): void {
    this.#count += 1
    if (this.#count % INTERVAL !== 0) return
    this.#kept.push({ zxid, value: value() })
    if (this.#kept.length > KEPT_MAX) this.#kept.shift()
  }

  /** Oldest first. */
  all(): readonly { readonly zxid: number; readonly value: bigint }[] {
    return this.#kept
  }
}
