import type { ProducerOptions } from '../../client/producer/producer.ts'
import { parseAcks, parseCompression } from '../commands/records.ts'
import { keyValues, wholeNumber } from '../options.ts'
import { PLAIN_LINES, produceLines } from '../work/console-produce.ts'
import type { Flags } from './flags.ts'
import type { Shim } from './run-shim.ts'

/** kafka-console-producer.sh */
export const consoleProducerShim: Shim = {
  name: 'kafka-console-producer.sh',
  purpose: 'This tool helps to read data from standard input and publish it to Kafka.',
  flags: {
    topic: 'one',
    sync: 'none',
    'compression-codec': 'maybe',
    'batch-size': 'one',
    'max-partition-memory-bytes': 'one',
    'message-send-max-retries': 'one',
    'retry-backoff-ms': 'one',
    timeout: 'one',
    'request-required-acks': 'one',
    'request-timeout-ms': 'one',
    'metadata-expiry-ms': 'one',
    'max-block-ms': 'one',
    'max-memory-bytes': 'one',
    'socket-buffer-size': 'one',
    'line-reader': 'one',
    property: 'several',
    'reader-property': 'several',
    'reader-config': 'one',
    'producer-property': 'several',
    'command-property': 'several',
    'producer.config': 'one',
  },
  errorPrefix: '',
  mayCreateTopics: true,
  check: (flags) => void flags.required('topic'),
  run: async ({ context, cluster }, flags) => {
    const reader = keyValues('--reader-property', flags.all('property', 'reader-property'))
    const isOn = (name: string): boolean => reader[name]?.trim().toLowerCase() === 'true'
    await produceLines(context, cluster, {
      topic: flags.required('topic'),
      format: {
        parseKey: isOn('parse.key'),
        keySeparator: reader['key.separator'] ?? PLAIN_LINES.keySeparator,
        parseHeaders: isOn('parse.headers'),
        headersDelimiter: reader['headers.delimiter'] ?? PLAIN_LINES.headersDelimiter,
        headersSeparator: reader['headers.separator'] ?? PLAIN_LINES.headersSeparator,
        headersKeySeparator: reader['headers.key.separator'] ?? PLAIN_LINES.headersKeySeparator,
        nullMarker: reader['null.marker'] ?? PLAIN_LINES.nullMarker,
        ignoreError: isOn('ignore.error'),
      },
      producer: producerOptions(flags),
      prompt: '>',
      isSync: flags.has('sync') || context.isInteractive,
    })
  },
}

/** Flags win over properties, as in Kafka's tool. What only matters to a Java client is taken and has no effect. */
function producerOptions(flags: Flags): ProducerOptions {
  const properties = keyValues('--producer-property', flags.all('producer-property', 'command-property'))
  const number = (text: string | undefined, name: string): number | undefined =>
    text === undefined ? undefined : wholeNumber(name, text)
  const codec = flags.has('compression-codec')
    ? (flags.one('compression-codec') ?? 'gzip')
    : properties['compression.type']
  return {
    acks: parseAcks(flags.one('request-required-acks') ?? properties['acks'] ?? 'all'),
    compression: parseCompression(codec ?? 'none'),
    lingerMs: number(flags.one('timeout') ?? properties['linger.ms'], '--timeout'),
    batchSizeBytes: number(
      flags.one('max-partition-memory-bytes') ?? properties['batch.size'],
      '--max-partition-memory-bytes',
    ),
    requestTimeoutMs: number(
      flags.one('request-timeout-ms') ?? properties['request.timeout.ms'],
      '--request-timeout-ms',
    ),
    blockMs: number(flags.one('max-block-ms') ?? properties['max.block.ms'], '--max-block-ms'),
    bufferSizeBytes: number(flags.one('max-memory-bytes') ?? properties['buffer.memory'], '--max-memory-bytes'),
    deliveryTimeoutMs: number(properties['delivery.timeout.ms'], 'delivery.timeout.ms'),
    requestSizeBytesMax: number(properties['max.request.size'], 'max.request.size'),
  }
}
