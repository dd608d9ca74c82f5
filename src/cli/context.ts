import { createInterface } from 'node:readline'
import { createCluster } from '../client/client.ts'
import type { Cluster } from '../client/cluster.ts'
import type { ClientEnvironment } from '../client/environment.ts'
import { createClientCodec } from '../client/record-codec.ts'
import { NodeClock } from '../io/node/clock.ts'
import { nodeCompression } from '../io/node/compression.ts'
import { nodeConnector } from '../io/node/connect.ts'
import { loadCoreModule } from '../io/node/core-module.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { NodeTimers } from '../io/node/timers.ts'

/** What a command sees of the process it runs in, so that tests can be the process. */
export interface CliContext {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Waits while whoever reads is slow. */
  readonly out: (text: string | Uint8Array) => void | Promise<void>
  readonly error: (text: string) => void
  /** Lines of standard input without their ends. */
  readonly lines: () => AsyncIterable<string>
  readonly isInteractive: boolean
  readonly readFile: (path: string) => Promise<string>
  /** Calls `stop` at the first signal to end. @returns forgets it */
  readonly onStop: (stop: () => void) => () => void
  readonly environment: ClientEnvironment
}

export const DEFAULT_BOOTSTRAP = '127.0.0.1:9092'

/** How long a person is made to wait for a broker that is not there. */
const COMMAND_TIMEOUT_MS = 15_000
const COMMAND_CONNECT_TIMEOUT_MS = 5_000

/** The cluster a command talks to. Nothing is opened before it is used. */
export function openCluster(context: CliContext, bootstrapServers: string, mayCreateTopics: boolean = false): Cluster {
  return createCluster(context.environment, {
    bootstrapServers,
    clientId: 'jackdaw-cli',
    requestTimeoutMs: COMMAND_TIMEOUT_MS,
    connectTimeoutMs: COMMAND_CONNECT_TIMEOUT_MS,
    mayCreateTopics,
    waitsForBrokers: false,
  })
}

/** Most that may wait to be read from standard output before a command pauses. */
const OUT_PENDING_BYTES_MAX = 1024 * 1024

/** The process this runs in. */
export function processContext(): CliContext {
  let codec: ReturnType<ClientEnvironment['recordCodec']> | undefined
  // `jackdaw consume | head` ends us by closing the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    variables: process.env,
    out: (text) => {
      process.stdout.write(text)
      if (process.stdout.writableLength <= OUT_PENDING_BYTES_MAX) return undefined
      return new Promise((resolve) => process.stdout.once('drain', () => resolve()))
    },
    error: (text) => {
      process.stderr.write(text)
    },
    lines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
    isInteractive: process.stdin.isTTY === true,
    readFile: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
    onStop: (stop) => {
      process.once('SIGINT', stop)
      process.once('SIGTERM', stop)
      return () => {
        process.off('SIGINT', stop)
        process.off('SIGTERM', stop)
      }
    },
    environment: {
      connector: nodeConnector(),
      clock: new NodeClock(),
      timers: new NodeTimers(),
      entropy: new NodeEntropy(),
      logger: {
        debug: () => {},
        info: () => {},
        warn: (message) => void process.stderr.write(`${message}\n`),
        error: (message) => void process.stderr.write(`${message}\n`),
      },
      recordCodec: () => {
        codec ??= createClientCodec(loadCoreModule(), nodeCompression)
        return codec
      },
    },
  }
}
