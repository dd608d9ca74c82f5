import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createLogger } from '../main/log.ts'
import { readKeeperConfig, type RunningKeeper, startKeeperNode } from '../main/standalone-keeper.ts'
import { keepYoungGenerationSmall } from '../main/young-generation.ts'
import { serveUntilSignal } from './until-signal.ts'

// Not from failure.ts: that loads the Kafka client.
const EXIT_OK = 0
const EXIT_FAILURE = 1
const EXIT_USAGE = 2

const USAGE = `usage: jackdaw keeper zoo.cfg [--log-level LEVEL]
       jackdaw keeper PORT DATADIR

  zoo.cfg          ZooKeeper's own configuration file
  PORT DATADIR     a server with ZooKeeper's defaults
  --log-level      debug, info, warn or error (default info)
`

/** `jackdaw keeper`: a ZooKeeper server, until a signal. @returns the exit code */
export async function runKeeper(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (typeof parsed === 'number') return parsed
  keepYoungGenerationSmall()
  const log = createLogger(parsed.logLevel, { part: 'keeper' })
  const { config, errors, warnings } = readKeeperConfig(
    parsed.text,
    parsed.path,
    process.env['JVMFLAGS'],
    process.env['SERVER_JVMFLAGS'],
  )
  for (const warning of warnings) log.warn(warning)
  if (config === undefined) {
    for (const error of errors) process.stderr.write(`jackdaw: ${parsed.source}: ${error}\n`)
    return EXIT_FAILURE
  }
  let node: RunningKeeper
  try {
    node = await startKeeperNode(config, log, (error) => {
      // Nothing may be acknowledged after a failed write: the process ends as after a crash.
      process.stderr.write(`jackdaw: the disk refused: ${textOf(error)}\n`)
      process.exit(EXIT_FAILURE)
    })
  } catch (error) {
    process.stderr.write(`jackdaw: ${textOf(error)}\n`)
    process.exit(EXIT_FAILURE)
  }
  announce(node)
  return serveUntilSignal('keeper', node)
}

interface KeeperArguments {
  readonly text: string
  /** What errors in `text` are said to be in. */
  readonly source: string
  /** The file; undefined when there is none. */
  readonly path: string | undefined
  readonly logLevel: string
}

function parse(args: readonly string[]): KeeperArguments | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'log-level': { type: 'string', default: 'info' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(USAGE)
      return EXIT_OK
    }
    const logLevel = values['log-level']
    if (!['debug', 'info', 'warn', 'error'].includes(logLevel)) {
      throw new Error(`--log-level '${logLevel}' is not allowed: use debug, info, warn or error`)
    }
    const [first, second, ...rest] = positionals
    if (first === undefined || rest.length > 0) throw new Error('a zoo.cfg is wanted')
    return second === undefined
      ? { text: readFileSync(first, 'utf8'), source: first, path: first, logLevel }
      : { text: `clientPort=${first}\ndataDir=${second}\n`, source: 'arguments', path: undefined, logLevel }
  } catch (error) {
    process.stderr.write(`jackdaw: ${textOf(error)}\n\n${USAGE}`)
    return EXIT_USAGE
  }
}

function announce(node: RunningKeeper): void {
  const rows = [
    ...node.addresses.map(({ what, address }) => `  ${what.padEnd(12)} ${address}`),
    `  ${'Data'.padEnd(12)} ${node.directory}`,
  ]
  process.stdout.write(
    `${rows.join('\n')}\nkeeper ready in ${performance.now().toFixed(0)} ms, ` +
      `${node.keeper.server?.tree.nodeCount ?? 0} nodes; stop with Ctrl-C\n`,
  )
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
