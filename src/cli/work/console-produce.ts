import type { Cluster } from '../../client/cluster.ts'
import { Producer, type ProducerOptions, type ProducerRecord } from '../../client/producer/producer.ts'
import type { CliContext } from '../context.ts'
import { CommandError, explain } from '../failure.ts'

/** How a line becomes a record. The names are those of Kafka's line reader. */
export interface LineFormat {
  readonly parseKey: boolean
  readonly keySeparator: string
  readonly parseHeaders: boolean
  readonly headersDelimiter: string
  readonly headersSeparator: string
  readonly headersKeySeparator: string
  /** Text that stands for null; empty for none. */
  readonly nullMarker: string
  /** Whether a line without a separator is a value instead of an error. */
  readonly ignoreError: boolean
}

export const PLAIN_LINES: LineFormat = {
  parseKey: false,
  keySeparator: '\t',
  parseHeaders: false,
  headersDelimiter: '\t',
  headersSeparator: ',',
  headersKeySeparator: ':',
  nullMarker: '',
  ignoreError: false,
}

/** Lines on their way before reading pauses: keeps memory and the wait at the end short. */
const LINES_PENDING_MAX = 5_000

const encoder = new TextEncoder()

/** @throws CommandError when a separator is missing */
export function parseLine(line: string, format: LineFormat, lineNumber: number): Omit<ProducerRecord, 'topic'> {
  let rest = line
  let headers: ProducerRecord['headers']
  if (format.parseHeaders) {
    const [text, left] = cut(rest, format.headersDelimiter, 'headers', format, lineNumber)
    rest = left
    if (text !== undefined && text !== format.nullMarker) headers = parseHeaders(text, format, lineNumber)
  }
  let key: Uint8Array | null = null
  if (format.parseKey) {
    const [text, left] = cut(rest, format.keySeparator, 'key', format, lineNumber)
    rest = left
    if (text !== undefined) key = bytesOrNull(text, format)
  }
  return { key, value: bytesOrNull(rest, format), ...(headers === undefined ? {} : { headers }) }
}

function cut(
  line: string,
  separator: string,
  what: string,
  format: LineFormat,
  lineNumber: number,
): readonly [string | undefined, string] {
  const at = line.indexOf(separator)
  if (at >= 0) return [line.slice(0, at), line.slice(at + separator.length)]
  if (format.ignoreError) return [undefined, line]
  throw new CommandError(`No ${what} separator found on line number ${lineNumber}: '${line}'`)
}

function parseHeaders(text: string, format: LineFormat, lineNumber: number): ProducerRecord['headers'] {
  if (text === '') return []
  return text.split(format.headersSeparator).map((pair) => {
    const at = pair.indexOf(format.headersKeySeparator)
    if (at < 0) {
      throw new CommandError(`No header key separator found in pair '${pair}' on line number ${lineNumber}`)
    }
    return { key: pair.slice(0, at), value: bytesOrNull(pair.slice(at + format.headersKeySeparator.length), format) }
  })
}

function bytesOrNull(text: string, format: LineFormat): Uint8Array | null {
  return format.nullMarker !== '' && text === format.nullMarker ? null : encoder.encode(text)
}

/** Sends each line of standard input. @returns how many were sent and how many failed */
export async function produceLines(
  context: CliContext,
  cluster: Cluster,
  options: {
    readonly topic: string
    readonly partition?: number | undefined
    readonly format: LineFormat
    readonly producer: ProducerOptions
    readonly prompt: string
    readonly isSync: boolean
  },
): Promise<{ readonly sent: number; readonly failed: number }> {
  const producer = new Producer(cluster, options.producer)
  let sent = 0
  let failed = 0
  let lineNumber = 0
  let pending: Promise<void>[] = []
  const showPrompt = (): void => {
    if (context.isInteractive && options.prompt !== '') void context.out(options.prompt)
  }
  try {
    showPrompt()
    for await (const line of context.lines()) {
      lineNumber += 1
      const record = parseLine(line, options.format, lineNumber)
      const number = lineNumber
      const done = producer.send({ topic: options.topic, partition: options.partition, ...record }).then(
        () => {
          sent += 1
        },
        (error: unknown) => {
          failed += 1
          if (failed === 1) context.error(`line ${number} was not sent: ${explain(error)}\n`)
        },
      )
      pending.push(done)
      if (options.isSync || pending.length >= LINES_PENDING_MAX) {
        await Promise.all(pending)
        pending = []
      }
      showPrompt()
    }
  } finally {
    await producer.close()
    await Promise.all(pending)
  }
  return { sent, failed }
}
