import type { OffsetRecord } from './records.ts'

/**
 * One partition's committed offset within one group. Kept while there is a value or a write under way, so that a
 * deletion that overtakes an unfinished commit still knows what to bury.
 */
export interface OffsetSlot {
  committed: OffsetRecord | undefined
  /** Where the log has it: with transactions, the later record wins whatever the order of the markers. */
  recordOffset: number
  /** Commits that were appended and are not durable yet. */
  unfinishedWrites: number
}

type TopicSlots = Map<number, OffsetSlot>
type GroupSlots = Map<string, TopicSlots>

interface PendingOffset {
  readonly record: OffsetRecord
  readonly recordOffset: number
}

/**
 * The offsets of every group of one coordinator partition. The value stored is the record that was written; a commit
 * replaces a reference and copies nothing.
 */
export class OffsetStore {
  readonly #groups = new Map<string, GroupSlots>()
  /** Offsets written inside transactions that have not ended, by producer id. */
  readonly #open = new Map<number, PendingOffset[]>()

  slotsOf(groupId: string): ReadonlyMap<string, ReadonlyMap<number, OffsetSlot>> | undefined {
    return this.#groups.get(groupId)
  }

  slot(groupId: string, topic: string, partition: number): OffsetSlot | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition)
  }

  hasOffsets(groupId: string): boolean {
    return this.#groups.has(groupId)
  }

  /** A write has been handed to the log. */
  beginWrite(record: OffsetRecord): void {
    this.#slotFor(record).unfinishedWrites += 1
  }

  /** The write is durable. */
  finishWrite(record: OffsetRecord, recordOffset: number): void {
    const slot = this.#slotFor(record)
    slot.unfinishedWrites -= 1
    store(slot, record, recordOffset)
  }

  /** The write was refused. */
  abandonWrite(record: OffsetRecord): void {
    const slot = this.slot(record.groupId, record.topic, record.partition)
    if (slot === undefined) return
    slot.unfinishedWrites -= 1
    this.#dropIfVoid(record.groupId, record.topic, record.partition, slot)
  }

  /** From the log. `producerId` is -1 outside transactions. */
  replay(record: OffsetRecord, recordOffset: number, producerId: number): void {
    if (producerId < 0) {
      store(this.#slotFor(record), record, recordOffset)
      return
    }
    const pending = this.#open.get(producerId)
    if (pending === undefined) this.#open.set(producerId, [{ record, recordOffset }])
    else pending.push({ record, recordOffset })
  }

  /** A transaction has ended: its offsets count, or never did. */
  endTransaction(producerId: number, isCommitted: boolean): void {
    const pending = this.#open.get(producerId)
    if (pending === undefined) return
    this.#open.delete(producerId)
    if (!isCommitted) return
    for (const { record, recordOffset } of pending) store(this.#slotFor(record), record, recordOffset)
  }

  /** A tombstone is durable or was replayed. Values written after it stay; offsets of open transactions do not. */
  forget(groupId: string, topic: string, partition: number, tombstoneOffset: number): void {
    for (const [producerId, pending] of this.#open) {
      const rest = pending.filter((entry) => !isAt(entry.record, groupId, topic, partition))
      if (rest.length === pending.length) continue
      if (rest.length === 0) this.#open.delete(producerId)
      else this.#open.set(producerId, rest)
    }
    const slot = this.slot(groupId, topic, partition)
    if (slot === undefined || slot.recordOffset > tombstoneOffset) return
    slot.committed = undefined
    slot.recordOffset = tombstoneOffset
    this.#dropIfVoid(groupId, topic, partition, slot)
  }

  forgetGroup(groupId: string): void {
    this.#groups.delete(groupId)
  }

  /** Whether a transaction that has not ended holds an offset of this place. */
  isUnstable(groupId: string, topic: string, partition: number): boolean {
    if (this.#open.size === 0) return false
    for (const pending of this.#open.values()) {
      for (const entry of pending) if (isAt(entry.record, groupId, topic, partition)) return true
    }
    return false
  }

  /** The places of a group that only open transactions know. */
  unstablePlacesOf(groupId: string): readonly { readonly topic: string; readonly partition: number }[] {
    const places: { topic: string; partition: number }[] = []
    for (const pending of this.#open.values()) {
      for (const { record } of pending) {
        if (record.groupId === groupId) places.push({ topic: record.topic, partition: record.partition })
      }
    }
    return places
  }

  groupIds(): IterableIterator<string> {
    return this.#groups.keys()
  }

  #slotFor(record: OffsetRecord): OffsetSlot {
    let topics = this.#groups.get(record.groupId)
    if (topics === undefined) {
      topics = new Map()
      this.#groups.set(record.groupId, topics)
    }
    let partitions = topics.get(record.topic)
    if (partitions === undefined) {
      partitions = new Map()
      topics.set(record.topic, partitions)
    }
    let slot = partitions.get(record.partition)
    if (slot === undefined) {
      slot = { committed: undefined, recordOffset: -1, unfinishedWrites: 0 }
      partitions.set(record.partition, slot)
    }
    return slot
  }

  #dropIfVoid(groupId: string, topic: string, partition: number, slot: OffsetSlot): void {
    if (slot.committed !== undefined || slot.unfinishedWrites > 0) return
    const topics = this.#groups.get(groupId)
    const partitions = topics?.get(topic)
    if (topics === undefined || partitions === undefined) return
    partitions.delete(partition)
    if (partitions.size === 0) topics.delete(topic)
    if (topics.size === 0) this.#groups.delete(groupId)
  }
}

function store(slot: OffsetSlot, record: OffsetRecord, recordOffset: number): void {
  if (recordOffset < slot.recordOffset) return
  slot.committed = record
  slot.recordOffset = recordOffset
}

function isAt(record: OffsetRecord, groupId: string, topic: string, partition: number): boolean {
  return record.groupId === groupId && record.topic === topic && record.partition === partition
}
