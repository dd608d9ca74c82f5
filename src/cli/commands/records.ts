import type { Acks, Compression } from '../../client/producer/producer.ts'
import { CODECS } from '../../client/producer/producer.ts'
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../model/special-offsets.ts'
import { EXIT_FAILURE, EXIT_OK, UsageError } from '../failure.ts'
import { unescaped, wholeNumber } from '../options.ts'
import type { Session } from '../session.ts'
import { consumeRecords, recordText, VALUES_ONLY } from '../work/console-consume.ts'
import { PLAIN_LINES, produceLines } from '../work/console-produce.ts'
import { parseTime } from '../work/reset-plan.ts'

export interface ProduceFlags {
  readonly partition?: string | undefined
  readonly keySeparator?: string | undefined
  readonly acks?: string | undefined
  readonly compression?: string | undefined
}

/** @throws UsageError */
export function parseAcks(text: string): Acks {
  if (text === 'all' || text === '-1') return -1
  if (text === '1') return 1
  if (text === '0') return 0
  throw new UsageError(`acks '${text}': write all, 1 or 0`)
}

/** @throws UsageError */
export function parseCompression(text: string): Compression {
  if (Object.hasOwn(CODECS, text)) return text as Compression
  throw new UsageError(`compression '${text}': write ${Object.keys(CODECS).join(', ')}`)
}

export async function produceCommand(
  { context, cluster }: Session,
  topic: string,
  flags: ProduceFlags,
): Promise<number> {
  const keySeparator = flags.keySeparator === undefined ? undefined : unescaped(flags.keySeparator)
  const format = keySeparator === undefined ? PLAIN_LINES : { ...PLAIN_LINES, parseKey: true, keySeparator }
  const { sent, failed } = await produceLines(context, cluster, {
    topic,
    partition: flags.partition === undefined ? undefined : wholeNumber('--partition', flags.partition),
    format,
    producer: { acks: parseAcks(flags.acks ?? 'all'), compression: parseCompression(flags.compression ?? 'none') },
    prompt: '> ',
    isSync: context.isInteractive,
  })
  context.error(`${sent} sent${failed > 0 ? `, ${failed} failed` : ''}\n`)
  return failed > 0 ? EXIT_FAILURE : EXIT_OK
}

export interface ConsumeFlags {
  readonly group?: string | undefined
  readonly partition?: string | undefined
  readonly from?: string | undefined
  readonly max?: string | undefined
  readonly idle?: string | undefined
  readonly exit?: boolean | undefined
  readonly key?: boolean | undefined
  readonly readCommitted?: boolean | undefined
}

export async function consumeCommand(
  { context, cluster, format }: Session,
  topics: readonly string[],
  flags: ConsumeFlags,
): Promise<number> {
  const place = startPlace(flags.from)
  const isEarliest = place.from === EARLIEST_TIMESTAMP
  const textFormat = { ...VALUES_ONLY, key: flags.key === true }
  const decoder = new TextDecoder()
  await consumeRecords(context, cluster, {
    topics,
    ...place,
    partition: flags.partition === undefined ? undefined : wholeNumber('--partition', flags.partition),
    groupId: flags.group,
    maxMessages: flags.max === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--max', flags.max, 1),
    idleTimeoutMs: flags.idle === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--idle', flags.idle, 1),
    untilEnd: flags.exit === true,
    consumer: { offsetReset: isEarliest ? 'earliest' : 'latest', isReadCommitted: flags.readCommitted === true },
    print: (record) => {
      if (format !== 'json') return recordText(record, textFormat)
      const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : decoder.decode(bytes))
      const headers = record.headers.map(({ key, value }) => ({ key, value: text(value) }))
      const { topic, partition, offset, timestampMs } = record
      return `${JSON.stringify({ topic, partition, offset, timestampMs, key: text(record.key), headers, value: text(record.value) })}\n`
    },
  })
  return EXIT_OK
}

/** Reads `start`, `end`, an offset, or `@time`. @throws UsageError */
function startPlace(text: string | undefined): { readonly from?: number; readonly fromTimeMs?: number } {
  if (text === undefined || text === 'end') return { from: LATEST_TIMESTAMP }
  if (text === 'start') return { from: EARLIEST_TIMESTAMP }
  if (text.startsWith('@')) return { fromTimeMs: parseTime(text.slice(1)) }
  return { from: wholeNumber('--from', text) }
}
