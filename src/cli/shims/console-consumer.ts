import { listTopics } from '../../client/admin/topics.ts'
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../model/special-offsets.ts'
import { UsageError } from '../failure.ts'
import { keyValues, wholeNumber } from '../options.ts'
import { consumeRecords, type RecordFormat, recordText, VALUES_ONLY } from '../work/console-consume.ts'
import type { Flags } from './flags.ts'
import type { Shim } from './run-shim.ts'

/** kafka-console-consumer.sh */
export const consoleConsumerShim: Shim = {
  name: 'kafka-console-consumer.sh',
  purpose: 'This tool helps to read data from Kafka topics and outputs it to standard output.',
  flags: {
    topic: 'one',
    include: 'one',
    partition: 'one',
    offset: 'one',
    'from-beginning': 'none',
    'max-messages': 'one',
    'timeout-ms': 'one',
    group: 'one',
    'isolation-level': 'one',
    property: 'several',
    'formatter-property': 'several',
    formatter: 'one',
    'formatter-config': 'one',
    'consumer-property': 'several',
    'command-property': 'several',
    'consumer.config': 'one',
    'key-deserializer': 'one',
    'value-deserializer': 'one',
    'skip-message-on-error': 'none',
    'enable-systest-events': 'none',
  },
  errorPrefix: '',
  mayCreateTopics: true,
  check: (flags) => {
    const named = ['topic', 'include'].filter((name) => flags.has(name))
    if (named.length !== 1)
      throw new UsageError(
        `Exactly one of --include/--topic is required. ${named.length === 0 ? '' : 'Both were given.'}`.trim(),
      )
    if (flags.has('partition') && !flags.has('topic'))
      throw new UsageError('The topic is required when partition is specified.')
    if (flags.has('offset') && !flags.has('partition'))
      throw new UsageError('The partition is required when offset is specified.')
    if (flags.has('offset') && flags.has('from-beginning'))
      throw new UsageError('Options from-beginning and offset cannot be specified together.')
    if (flags.has('group') && flags.has('partition'))
      throw new UsageError('Options group and partition cannot be specified together.')
  },
  run: async ({ context, cluster, admin }, flags) => {
    const properties = keyValues('--consumer-property', flags.all('consumer-property', 'command-property'))
    const include = flags.one('include')
    const topics =
      include === undefined
        ? [flags.required('topic')]
        : (await listTopics(admin))
            .map(({ name }) => name)
            .filter((name) => new RegExp(`^(?:${include.replaceAll(',', '|')})$`).test(name))
    const isFromStart = flags.has('from-beginning')
    const format = recordFormat(flags)
    const [max, timeoutMs, partition] = [flags.one('max-messages'), flags.one('timeout-ms'), flags.one('partition')]
    const reset = isFromStart || properties['auto.offset.reset'] === 'earliest' ? 'earliest' : 'latest'
    let count = 0
    try {
      await consumeRecords(context, cluster, {
        topics,
        partition: partition === undefined ? undefined : wholeNumber('--partition', partition),
        from: startOffset(flags, reset),
        groupId: flags.one('group') ?? properties['group.id'],
        maxMessages: max === undefined || max === '-1' ? Number.POSITIVE_INFINITY : wholeNumber('--max-messages', max),
        idleTimeoutMs: timeoutMs === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--timeout-ms', timeoutMs),
        untilEnd: false,
        consumer: {
          offsetReset: reset,
          isReadCommitted: (flags.one('isolation-level') ?? properties['isolation.level']) === 'read_committed',
        },
        print: (record) => {
          count += 1
          return recordText(record, format)
        },
      })
    } finally {
      context.error(`Processed a total of ${count} messages\n`)
    }
  },
}

function startOffset(flags: Flags, reset: 'earliest' | 'latest'): number {
  const text = flags.one('offset')
  if (text === undefined) return reset === 'earliest' ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP
  if (text.toLowerCase() === 'earliest') return EARLIEST_TIMESTAMP
  if (text.toLowerCase() === 'latest') return LATEST_TIMESTAMP
  if (!/^\d+$/.test(text)) {
    throw new UsageError(
      `The provided offset value '${text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
    )
  }
  return wholeNumber('--offset', text)
}

function recordFormat(flags: Flags): RecordFormat {
  const properties = keyValues('--formatter-property', flags.all('property', 'formatter-property'))
  const isOn = (name: string, byDefault: boolean): boolean => {
    const text = properties[name]
    return text === undefined ? byDefault : text.trim().toLowerCase() === 'true'
  }
  return {
    timestamp: isOn('print.timestamp', false),
    partition: isOn('print.partition', false),
    offset: isOn('print.offset', false),
    headers: isOn('print.headers', false),
    key: isOn('print.key', false),
    value: isOn('print.value', true),
    keySeparator: properties['key.separator'] ?? VALUES_ONLY.keySeparator,
    lineSeparator: properties['line.separator'] ?? VALUES_ONLY.lineSeparator,
    headersSeparator: properties['headers.separator'] ?? VALUES_ONLY.headersSeparator,
    nullLiteral: properties['null.literal'] ?? VALUES_ONLY.nullLiteral,
  }
}
