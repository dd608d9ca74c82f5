import { partitionOfKey } from '../../model/murmur2.ts'
import type { TopicMetadata } from '../cluster.ts'

/**
 * Chooses partitions as Kafka's own producer does: records with a key by its murmur2 hash, so that every client agrees;
 * those without stay with one partition until it got a batch's worth of bytes, which makes batches full.
 */
export class Partitioner {
  readonly #sticky: Map<string, { partition: number; bytes: number }> = new Map()
  readonly #switchAfterBytes: number
  readonly #chance: () => number

  /** @param chance a number in [0, 1) */
  constructor(switchAfterBytes: number, chance: () => number) {
    this.#switchAfterBytes = switchAfterBytes
    this.#chance = chance
  }

  /** @param sizeBytes the record's own, by which a sticky partition fills */
  choose(topic: TopicMetadata, key: Uint8Array | null, sizeBytes: number): number {
    if (key !== null) return partitionOfKey(key, topic.partitions.length)
    let sticky = this.#sticky.get(topic.name)
    if (sticky === undefined || sticky.bytes >= this.#switchAfterBytes || !isLed(topic, sticky.partition)) {
      sticky = { partition: this.#pick(topic, sticky?.partition), bytes: 0 }
      this.#sticky.set(topic.name, sticky)
    }
    sticky.bytes += sizeBytes
    return sticky.partition
  }

  /** One that has a leader, and another than before, where there is a choice. */
  #pick(topic: TopicMetadata, before: number | undefined): number {
    const led = topic.partitions.filter(({ leaderId }) => leaderId >= 0)
    const others = led.filter(({ partition }) => partition !== before)
    const choice = others.length > 0 ? others : led.length > 0 ? led : topic.partitions
    return choice[Math.floor(this.#chance() * choice.length)]?.partition ?? 0
  }
}

function isLed(topic: TopicMetadata, partition: number): boolean {
  return (topic.partitions[partition]?.leaderId ?? -1) >= 0
}
