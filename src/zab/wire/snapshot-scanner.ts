/** What the leader puts behind a snapshot. */
const snapshotSignature = 'BenWasHere'

const SESSION_BYTES = 12
/** Eight bytes of ACL index, then czxid to pzxid as stored. */
const NODE_TAIL_BYTES = 8 + 60
const FIELD_BYTES_MAX = 64 * 1024 * 1024

type Expecting =
  | 'sessionCount'
  | 'aclCount'
  | 'aclListCount'
  | 'aclPermission'
  | 'aclScheme'
  | 'aclId'
  | 'path'
  | 'data'
  | 'signature'

/**
 * Finds the end of a snapshot in a stream that gives no length: sessions, ACL table and nodes are walked field by
 * field, only lengths are looked at. Holds no bytes: what it does not take is offered again with more behind it.
 */
export class SnapshotScanner {
  isDone: boolean = false
  isBroken: boolean = false
  /** How much of the last `take` belongs to the snapshot, the rest being signature. */
  lastSnapshotBytes: number = 0
  #expecting: Expecting = 'sessionCount'
  #skipBytes = 0
  #acls = 0
  #aclEntries = 0

  get isInSignature(): boolean {
    return this.#expecting === 'signature' && this.#skipBytes === 0
  }

  /** @returns how many bytes were understood */
  take(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    this.lastSnapshotBytes = 0
    while (!this.isDone && !this.isBroken) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, bytes.length - at)
        this.#skipBytes -= skipped
        at += skipped
        if (this.#skipBytes > 0) break
      }
      if (this.#expecting === 'signature') {
        this.lastSnapshotBytes = at
        return at + this.#takeSignature(bytes.subarray(at))
      }
      if (bytes.length - at < 4) break
      const value = view.getInt32(at)
      at += 4
      if (value < -1 || value > FIELD_BYTES_MAX) this.isBroken = true
      else this.#next(Math.max(value, 0), value)
      // The path "/" is one byte and ends the nodes: it must be looked at, not skipped.
      if (this.#expecting === 'data' && value === 1) {
        if (bytes.length === at) {
          this.#expecting = 'path'
          this.#skipBytes = 0
          at -= 4
          break
        }
        if (bytes[at] === 0x2f) {
          this.#expecting = 'signature'
          this.#skipBytes = 1
        }
      }
    }
    this.lastSnapshotBytes = at
    return at
  }

  #next(sizeBytes: number, value: number): void {
    switch (this.#expecting) {
      case 'sessionCount':
        this.#skipBytes = sizeBytes * SESSION_BYTES
        this.#expecting = 'aclCount'
        return
      case 'aclCount':
        this.#acls = sizeBytes
        this.#nextAcl()
        return
      case 'aclListCount':
        this.#aclEntries = sizeBytes
        this.#nextAclEntry()
        return
      case 'aclPermission':
        this.#expecting = 'aclScheme'
        return
      case 'aclScheme':
        this.#skipBytes = sizeBytes
        this.#expecting = 'aclId'
        return
      case 'aclId':
        this.#skipBytes = sizeBytes
        this.#aclEntries -= 1
        this.#nextAclEntry()
        return
      case 'path':
        if (value === -1) this.isBroken = true
        this.#skipBytes = sizeBytes
        this.#expecting = 'data'
        return
      case 'data':
        this.#skipBytes = sizeBytes + NODE_TAIL_BYTES
        this.#expecting = 'path'
        return
      case 'signature':
        this.isBroken = true
    }
  }

  #nextAcl(): void {
    if (this.#acls === 0) {
      this.#expecting = 'path'
      return
    }
    this.#acls -= 1
    this.#skipBytes += 8
    this.#expecting = 'aclListCount'
  }

  #nextAclEntry(): void {
    if (this.#aclEntries === 0) this.#nextAcl()
    else this.#expecting = 'aclPermission'
  }

  #takeSignature(bytes: Uint8Array): number {
    const sizeBytes = 4 + snapshotSignature.length
    if (bytes.length < sizeBytes) return 0
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const isRight =
      view.getInt32(0) === snapshotSignature.length &&
      [...snapshotSignature].every((letter, index) => bytes[4 + index] === letter.charCodeAt(0))
    if (isRight) this.isDone = true
    else this.isBroken = true
    return isRight ? sizeBytes : 0
  }
}
