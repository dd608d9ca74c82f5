import { Violation } from '../world/world.ts'

/** A record as its producer sent it. Values name producer and number, so that each is there once in the world. */
export interface Sent {
  readonly producer: string
  readonly number: number
  readonly value: string
  readonly topic: string
  readonly partition: number
  /** Set once it was acknowledged; -1: the broker knew it already and did not say where. */
  offset: number | undefined
  isRefused: boolean
}

export interface ProducerRecord {
  readonly name: string
  readonly acks: 1 | -1
  readonly isIdempotent: boolean
  /** In the order of the `send` calls, by `topic-partition`. */
  readonly sent: Map<string, Sent[]>
}

export function keyOf(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/** What everybody was promised and has seen: what the judges know. */
export class Ledger {
  readonly producers: ProducerRecord[] = []
  /** By partition: what any consumer was shown at an offset. */
  readonly #shown = new Map<string, Map<number, string>>()
  /** Topics that were asked to be deleted, ever: nothing is promised of their records. */
  readonly doomed: Set<string> = new Set()
  acknowledged = 0
  shownCount = 0
  committedCount = 0

  producer(name: string, acks: 1 | -1, isIdempotent: boolean): ProducerRecord {
    const record: ProducerRecord = { name, acks, isIdempotent, sent: new Map() }
    this.producers.push(record)
    return record
  }

  /** A consumer was shown a record. Whoever looks at the same place later must be shown the same. */
  show(consumer: string, topic: string, partition: number, offset: number, value: string): void {
    if (this.doomed.has(topic)) return
    const key = keyOf(topic, partition)
    let shown = this.#shown.get(key)
    if (shown === undefined) {
      shown = new Map()
      this.#shown.set(key, shown)
    }
    const before = shown.get(offset)
    if (before !== undefined && before !== value) {
      throw new Violation(`${consumer} reads ${value} at ${key}@${offset}, where ${before} was shown before`)
    }
    if (before === undefined) this.shownCount += 1
    shown.set(offset, value)
  }

  shown(key: string): ReadonlyMap<number, string> {
    return this.#shown.get(key) ?? new Map()
  }

  keys(): string[] {
    const keys = new Set(this.#shown.keys())
    for (const { sent } of this.producers) for (const key of sent.keys()) keys.add(key)
    return [...keys]
  }
}

/**
 * Judges the final content of one partition.
 *
 * @param log value by offset, from offset 0, of what every replica holds
 */
export function judgeLog(ledger: Ledger, key: string, log: readonly string[]): void {
  for (const [offset, value] of ledger.shown(key)) {
    if (log[offset] !== value) {
      throw new Violation(`${value} was shown at ${key}@${offset}; there is ${log[offset] ?? 'nothing'} in the end`)
    }
  }
  const places = new Map<string, number[]>()
  for (const [offset, value] of log.entries()) {
    const known = places.get(value)
    if (known === undefined) places.set(value, [offset])
    else known.push(offset)
  }
  for (const producer of ledger.producers) judgeProducer(producer, key, log, places)
}

function judgeProducer(
  { name, acks, isIdempotent, sent }: ProducerRecord,
  key: string,
  log: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
): void {
  let lastOffset = -1
  let lastValue = ''
  for (const { value, offset } of sent.get(key) ?? []) {
    const found = places.get(value) ?? []
    if (acks === -1 && offset !== undefined) {
      if (found.length === 0) throw new Violation(`${value} was acknowledged at ${key}@${offset} and is lost`)
      if (offset >= 0 && log[offset] !== value) {
        throw new Violation(`${value} was acknowledged at ${key}@${offset}; there is ${log[offset] ?? 'nothing'}`)
      }
    }
    if (!isIdempotent) {
      if (acks === -1 && offset !== undefined && offset >= 0) {
        if (offset <= lastOffset) throw new Violation(`${name}: ${value} of ${key} lies before ${lastValue}`)
        lastOffset = offset
        lastValue = value
      }
      continue
    }
    if (found.length > 1) throw new Violation(`${value} stands ${found.length} times in ${key}: ${found.join(', ')}`)
    const [at] = found
    if (at === undefined) continue
    if (at <= lastOffset) throw new Violation(`${name}: ${value} of ${key} at ${at} lies before ${lastValue}`)
    lastOffset = at
    lastValue = value
  }
}
