import type { Cluster } from '../../client/cluster.ts'
import { Consumer, type ConsumerOptions } from '../../client/consumer/consumer.ts'
import type { ConsumerRecord } from '../../client/consumer/fetched.ts'
import { retrying } from '../../client/backoff.ts'
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../model/special-offsets.ts'
import type { CliContext } from '../context.ts'
import { CommandError } from '../failure.ts'

/** What of a record is printed. The names are those of Kafka's default formatter. */
export interface RecordFormat {
  readonly timestamp: boolean
  readonly partition: boolean
  readonly offset: boolean
  readonly headers: boolean
  readonly key: boolean
  readonly value: boolean
  readonly keySeparator: string
  readonly lineSeparator: string
  readonly headersSeparator: string
  readonly nullLiteral: string
}

export const VALUES_ONLY: RecordFormat = {
  timestamp: false,
  partition: false,
  offset: false,
  headers: false,
  key: false,
  value: true,
  keySeparator: '\t',
  lineSeparator: '\n',
  headersSeparator: ',',
  nullLiteral: 'null',
}

const decoder = new TextDecoder()

/** Text of a record as Kafka's console consumer prints it. Bytes that are no UTF-8 become U+FFFD. */
export function recordText(record: ConsumerRecord, format: RecordFormat): string {
  const text = (bytes: Uint8Array | null): string => (bytes === null ? format.nullLiteral : decoder.decode(bytes))
  const parts: string[] = []
  if (format.timestamp) parts.push(record.timestampMs < 0 ? 'NO_TIMESTAMP' : `CreateTime:${record.timestampMs}`)
  if (format.partition) parts.push(`Partition:${record.partition}`)
  if (format.offset) parts.push(`Offset:${record.offset}`)
  if (format.headers) {
    const pairs = record.headers.map(({ key, value }) => `${key}:${text(value)}`)
    parts.push(pairs.length === 0 ? 'NO_HEADERS' : pairs.join(format.headersSeparator))
  }
  if (format.key) parts.push(text(record.key))
  if (format.value) parts.push(text(record.value))
  return parts.join(format.keySeparator) + format.lineSeparator
}

export interface ConsumeOptions {
  readonly topics: readonly string[]
  /** Only this one, without a group. */
  readonly partition?: number | undefined
  /** First offset in `partition`: a number, or one of the special timestamps. */
  readonly from?: number | undefined
  readonly fromTimeMs?: number | undefined
  readonly groupId?: string | undefined
  readonly maxMessages: number
  /** Ends when nothing came for so long. */
  readonly idleTimeoutMs: number
  /** Ends at what is the end of each partition now. */
  readonly untilEnd: boolean
  readonly consumer: ConsumerOptions
  readonly print: (record: ConsumerRecord) => string
}

const POLL_MS = 200
const TOPIC_WAIT_MS = 30_000

/** Prints records until one of the bounds or a signal. @returns how many were printed */
export async function consumeRecords(context: CliContext, cluster: Cluster, options: ConsumeOptions): Promise<number> {
  const consumer = new Consumer(cluster, {
    ...options.consumer,
    groupId: options.groupId,
    pollRecordsMax: Math.min(options.maxMessages, options.consumer.pollRecordsMax ?? 500),
  })
  let isStopped = false
  const forget = context.onStop(() => {
    isStopped = true
  })
  const { clock } = context.environment
  let count = 0
  try {
    await start(cluster, consumer, options)
    let lastMs = clock.monotonicMs()
    while (!isStopped && count < options.maxMessages) {
      const records = await consumer.poll(Math.min(POLL_MS, options.idleTimeoutMs))
      let text = ''
      for (const record of records) {
        if (count >= options.maxMessages) {
          // The rest stays for the next member of the group.
          consumer.seek(record, Math.min(record.offset, consumer.position(record) ?? record.offset))
          continue
        }
        count += 1
        text += options.print(record)
      }
      if (text !== '') await context.out(text)
      if (records.length > 0) lastMs = clock.monotonicMs()
      else if (clock.monotonicMs() - lastMs >= options.idleTimeoutMs) break
      if (options.untilEnd && isAtEnd(consumer)) break
    }
  } finally {
    forget()
    await consumer.close()
  }
  return count
}

async function start(cluster: Cluster, consumer: Consumer, options: ConsumeOptions): Promise<void> {
  if (options.groupId !== undefined && options.partition === undefined) {
    consumer.subscribe(options.topics)
    return
  }
  const partitions: { topic: string; partition: number }[] = []
  for (const topic of options.topics) {
    const wait = {
      what: `topic '${topic}'`,
      timeoutMs: TOPIC_WAIT_MS,
      isRetriable: isWorthWaiting,
      onFailure: () => cluster.invalidate(),
    }
    const metadata = await retrying(cluster.environment, wait, () => cluster.topic(topic))
    for (const { partition } of metadata.partitions) {
      if (options.partition === undefined || options.partition === partition) partitions.push({ topic, partition })
    }
    if (partitions.length === 0) {
      throw new CommandError(
        `topic '${topic}' has partitions 0 to ${metadata.partitions.length - 1}, not ${options.partition}`,
      )
    }
  }
  consumer.assign(partitions)
  if (options.fromTimeMs !== undefined) await consumer.seekTo(partitions, options.fromTimeMs)
  else if (options.from === EARLIEST_TIMESTAMP || options.from === LATEST_TIMESTAMP)
    await consumer.seekTo(partitions, options.from)
  else if (options.from !== undefined) for (const partition of partitions) consumer.seek(partition, options.from)
}

/** A topic without leaders is being made; one that is not there will not come by waiting. */
function isWorthWaiting(error: unknown): boolean {
  return error instanceof Error && 'codeName' in error && error.codeName === 'LEADER_NOT_AVAILABLE'
}

function isAtEnd(consumer: Consumer): boolean {
  const { assignment } = consumer
  return (
    assignment.length > 0 &&
    assignment.every((partition) => {
      const end = consumer.endOffset(partition)
      return end !== undefined && (consumer.position(partition) ?? 0) >= end
    })
  )
}
