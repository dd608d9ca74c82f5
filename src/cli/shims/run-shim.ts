import type { CliContext } from '../context.ts'
import { processContext } from '../context.ts'
import { EXIT_FAILURE, EXIT_OK, explain, isExpected, UsageError } from '../failure.ts'
import { keyValues } from '../options.ts'
import { type Session, withSession } from '../session.ts'
import { type Flags, type FlagTable, parseFlags } from './flags.ts'

/** One of Kafka's tools, by the name of its script. */
export interface Shim {
  readonly name: string
  readonly purpose: string
  readonly flags: FlagTable
  /** What stands before an error's message; Kafka's own words, because scripts look for them. */
  readonly errorPrefix: string
  readonly mayCreateTopics?: boolean
  /** Looks at the flags before anything is opened. @throws UsageError */
  readonly check: (flags: Flags) => void
  /** @returns exit code, when it is not 0 */
  readonly run: (session: Session, flags: Flags) => Promise<unknown>
}

/** Version of Kafka whose tools these are shaped after. */
const SHAPED_AFTER = '4.3.1'

/** Runs a tool. Kafka's tools end with 1 whatever is wrong, the command line included. @returns the exit code */
export async function runShim(
  shim: Shim,
  args: readonly string[],
  context: CliContext = processContext(),
): Promise<number> {
  try {
    const flags = parseFlags(args, {
      ...shim.flags,
      help: 'none',
      version: 'none',
      'bootstrap-server': 'one',
      'command-config': 'one',
    })
    if (flags.has('version')) {
      await context.out(`${SHAPED_AFTER} (jackdaw)\n`)
      return EXIT_OK
    }
    if (flags.has('help')) {
      context.error(usage(shim))
      return EXIT_OK
    }
    const bootstrap = flags.one('bootstrap-server') ?? (await fileBootstrap(context, flags))
    if (bootstrap === undefined) throw new UsageError('Missing required option(s) [bootstrap-server]')
    shim.check(flags)
    const options = { bootstrapServer: bootstrap, mayCreateTopics: shim.mayCreateTopics }
    const result = await withSession(context, options, (session) => shim.run(session, flags))
    return typeof result === 'number' ? result : EXIT_OK
  } catch (error) {
    if (!isExpected(error)) throw error
    if (error instanceof UsageError) context.error(`${error.message}\n${usage(shim)}`)
    else context.error(`${shim.errorPrefix}${explain(error)}\n`)
    return EXIT_FAILURE
  }
}

/** A client's properties file may name the brokers; its other settings do not matter to a plain connection. */
async function fileBootstrap(context: CliContext, flags: Flags): Promise<string | undefined> {
  const path = flags.one('command-config')
  if (path === undefined) return undefined
  const lines = (await context.readFile(path)).split('\n').map((line) => line.trim())
  return keyValues(
    path,
    lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('!')),
  )['bootstrap.servers']
}

function usage(shim: Shim): string {
  const flags = Object.keys(shim.flags).map(
    (name) => `  --${name}${shim.flags[name] === 'none' ? '' : shim.flags[name] === 'maybe' ? ' [value]' : ' <value>'}`,
  )
  return `${shim.purpose}\nOptions of ${shim.name}:\n${['  --bootstrap-server <host:port,...>', '  --command-config <file>', ...flags, '  --help', '  --version'].sort().join('\n')}\n`
}
