import { Command, CommanderError, Option } from 'commander'
import { clusterCommand } from './commands/cluster.ts'
import { configResource, describeConfigsCommand, alterConfigsCommand } from './commands/configs.ts'
import {
  deleteGroupsCommand,
  deleteOffsetsCommand,
  describeGroupsCommand,
  listGroupsCommand,
  type ResetFlags,
  resetOffsetsCommand,
} from './commands/groups.ts'
import { healthCommand } from './commands/health.ts'
import {
  type MoveFlags,
  type PlanFlags,
  applyCommand,
  cancelCommand,
  moveCommand,
  planCommand,
  progressCommand,
} from './commands/partitions.ts'
import { type ConsumeFlags, consumeCommand, type ProduceFlags, produceCommand } from './commands/records.ts'
import {
  alterTopicCommand,
  type CreateTopicFlags,
  createTopicsCommand,
  deleteTopicsCommand,
  describeTopicsCommand,
  listTopicsCommand,
} from './commands/topics.ts'
import { type CliContext, DEFAULT_BOOTSTRAP, processContext } from './context.ts'
import { EXIT_FAILURE, EXIT_OK, EXIT_USAGE, explain, isExpected, UsageError } from './failure.ts'
import { type GlobalOptions, type Session, withSession } from './session.ts'

/** Gives an exit code, when it is not 0. */
type Run = (session: Session) => Promise<unknown>

/** Collects a flag that may be given several times. */
function several(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

/**
 * Runs one command of `jackdaw`, all but `start`, which `bin.ts` runs itself.
 *
 * @param args what stands behind `jackdaw`
 * @returns 0 done, 1 failed, 2 the command line is wrong
 */
export async function runProgram(args: readonly string[], context: CliContext = processContext()): Promise<number> {
  let exitCode: number = EXIT_OK
  const run = async (command: Command, work: Run): Promise<void> => {
    // As with Kafka's own producer, the first record makes the topic where the broker allows that.
    const options = { ...command.optsWithGlobals<GlobalOptions>(), mayCreateTopics: command.name() === 'produce' }
    const result = await withSession(context, options, work)
    exitCode = typeof result === 'number' ? result : EXIT_OK
  }
  const program = buildProgram(context, run)
  try {
    if (args.length === 0) {
      program.outputHelp()
      return EXIT_OK
    }
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has printed its own complaint; help that was asked for is none.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
    if (!isExpected(error)) throw error
    context.error(`jackdaw: ${explain(error)}\n`)
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILURE
  }
}

function buildProgram(context: CliContext, run: (command: Command, work: Run) => Promise<void>): Command {
  const program = new Command('jackdaw')
    .description('Kafka and ZooKeeper in one process, and the commands to work with them.')
    .addOption(
      new Option('-b, --bootstrap-server <host:port,...>', 'brokers to start from')
        .env('KAFKA_BROKERS')
        .default(undefined, `${DEFAULT_BOOTSTRAP}`),
    )
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .showHelpAfterError('add --help to see what can be said')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void context.out(text), writeErr: (text) => context.error(text) })
  program
    .command('start')
    .description('run a node: jackdaw start [server.properties] [--data DIR] [--port N] [--override key=value ...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(() => {
      throw new UsageError("'start' comes first: jackdaw start [server.properties] ...")
    })
  program
    .command('dev')
    .description('run a cluster on this machine: jackdaw dev [-n 3] [--data DIR] [--port N]')
    .helpOption(false)
    .allowUnknownOption()
    .action(() => {
      throw new UsageError("'dev' comes first: jackdaw dev [-n 3]")
    })
  program
    .command('keeper')
    .description('run a ZooKeeper server of its own: jackdaw keeper zoo.cfg')
    .helpOption(false)
    .allowUnknownOption()
    .action(() => {
      throw new UsageError("'keeper' comes first: jackdaw keeper zoo.cfg")
    })
  program
    .command('zk')
    .description("ZooKeeper's shell: jackdaw zk [-server host:port] [command ...]")
    .helpOption(false)
    .allowUnknownOption()
    .action(() => {
      throw new UsageError("'zk' comes first: jackdaw zk [-server host:port] [command ...]")
    })
  program
    .command('health')
    .description('brokers, and partitions without leader or replicas')
    .action((_options, command: Command) => run(command, healthCommand))
  program
    .command('cluster')
    .description('brokers with what each carries, and what keeps the cluster from being whole')
    .action((_options, command: Command) => run(command, clusterCommand))
  addTopics(program, run)
  addPartitions(program, run)
  addRecords(program, run)
  addGroups(program, run)
  addConfigs(program, run)
  inheritSettings(program)
  return program
}

/** Commander copies settings to commands made afterwards with `command()` only one level deep. */
function inheritSettings(program: Command): void {
  for (const command of program.commands) {
    command.copyInheritedSettings(program)
    inheritSettings(command)
  }
}

function addTopics(program: Command, run: (command: Command, work: Run) => Promise<void>): void {
  const topics = program.command('topics').description('list, create, describe, alter, delete topics')
  topics
    .command('list')
    .option('-a, --all', 'internal topics too')
    .action((options: { all?: boolean }, command: Command) =>
      run(command, (session) => listTopicsCommand(session, options.all === true)),
    )
  topics
    .command('describe <topics...>')
    .description('partitions, leaders, replicas, and what is configured')
    .action((names: string[], _options, command: Command) =>
      run(command, (session) => describeTopicsCommand(session, names)),
    )
  topics
    .command('create <topics...>')
    .option('-p, --partitions <count>', "number of partitions (the cluster's default)")
    .option('-r, --replication-factor <count>', "copies of each partition (the cluster's default)")
    .option('--replica-assignment <brokers>', 'brokers of each partition instead, such as 1:2,2:3')
    .option('-c, --config <key=value>', 'configuration of the topic; may be repeated', several, [])
    .option('--dry-run', 'only say whether it could be done')
    .action((names: string[], options: CreateTopicFlags, command: Command) =>
      run(command, (session) => createTopicsCommand(session, names, options)),
    )
  topics
    .command('alter <topic>')
    .requiredOption('-p, --partitions <count>', 'how many partitions there shall be; only more than now')
    .action((name: string, options: { partitions: string }, command: Command) =>
      run(command, (session) => alterTopicCommand(session, name, options)),
    )
  topics
    .command('delete <topics...>')
    .action((names: string[], _options, command: Command) =>
      run(command, (session) => deleteTopicsCommand(session, names)),
    )
}

const THROTTLE: [flags: string, description: string] = [
  '--throttle <bytes>',
  'bytes per second that each broker may send, and take, of what moves',
]

function addPartitions(program: Command, run: (command: Command, work: Run) => Promise<void>): void {
  const partitions = program
    .command('partitions')
    .description('move partitions between brokers: plan, begin, watch, cancel')
  const withTargets = (command: Command): Command =>
    command
      .option('--brokers <ids>', 'brokers that are to carry them, such as 1,2,4 (all that run)')
      .option('--drain <ids>', 'brokers to be emptied')
  withTargets(partitions.command('plan [topics...]'))
    .description('show what would be moved so that the brokers carry them evenly; -o json for a file')
    .action((topics: string[], options: PlanFlags, command: Command) =>
      run(command, (session) => planCommand(session, topics, options)),
    )
  withTargets(partitions.command('move [topics...]'))
    .description('plan, and begin')
    .option(...THROTTLE)
    .action((topics: string[], options: PlanFlags & MoveFlags, command: Command) =>
      run(command, (session) => moveCommand(session, topics, options)),
    )
  partitions
    .command('apply <file>')
    .description('begin what a plan says')
    .option(...THROTTLE)
    .action((path: string, options: MoveFlags, command: Command) =>
      run(command, (session) => applyCommand(session, path, options)),
    )
  partitions
    .command('progress')
    .description('what is on the move, and how far')
    .option('-w, --wait', 'until nothing is; then throttles are taken away')
    .action((options: { wait?: boolean }, command: Command) =>
      run(command, (session) => progressCommand(session, options.wait === true)),
    )
  partitions
    .command('cancel [topics...]')
    .description('what is on the move stays where it was')
    .action((topics: string[], _options, command: Command) => run(command, (session) => cancelCommand(session, topics)))
}

function addRecords(program: Command, run: (command: Command, work: Run) => Promise<void>): void {
  program
    .command('produce <topic>')
    .description('send each line of standard input as a record')
    .option('-p, --partition <number>', 'send to this partition')
    .option('-K, --key-separator <text>', 'the key stands before it; \\t is a tab')
    .option('-a, --acks <acks>', 'all, 1 or 0', 'all')
    .option('-z, --compression <codec>', 'none, gzip, snappy, lz4 or zstd', 'none')
    .action((topic: string, options: ProduceFlags, command: Command) =>
      run(command, (session) => produceCommand(session, topic, options)),
    )
  program
    .command('consume <topics...>')
    .description('print records as they come')
    .option('-g, --group <id>', 'as a member of this group, which remembers how far it is')
    .option('-p, --partition <number>', 'only this partition')
    .option('-f, --from <place>', 'start, end, an offset, or @time; with a group only where it has no offset', 'end')
    .option('-n, --max <count>', 'end after so many')
    .option('--idle <ms>', 'end when nothing came for so long')
    .option('-e, --exit', 'end at what is the end now')
    .option('-k, --key', 'print keys too')
    .option('--read-committed', 'without transactions that are open or were aborted')
    .action((topics: string[], options: ConsumeFlags, command: Command) =>
      run(command, (session) => consumeCommand(session, topics, options)),
    )
}

function addGroups(program: Command, run: (command: Command, work: Run) => Promise<void>): void {
  const groups = program.command('groups').description('list, describe, delete groups; move and delete their offsets')
  groups
    .command('list')
    .option('-s, --state <state>', 'only those in this state; may be repeated', several, [])
    .action((options: { state: string[] }, command: Command) =>
      run(command, (session) => listGroupsCommand(session, options.state)),
    )
  groups
    .command('describe <groups...>')
    .description('state, members, offsets and lag')
    .action((ids: string[], _options, command: Command) =>
      run(command, (session) => describeGroupsCommand(session, ids)),
    )
  groups
    .command('reset-offsets <group>')
    .description('show where a group without members would go on; with --execute, make it so')
    .option('-t, --topic <topic[:partitions]>', 'may be repeated', several, [])
    .option('--to-earliest', 'the start')
    .option('--to-latest', 'the end')
    .option('--to-current', 'where it is')
    .option('--to-offset <offset>')
    .option('--shift-by <count>', 'forward, or back when negative')
    .option('--to-datetime <time>', 'YYYY-MM-DDTHH:mm:ss.sss')
    .option('--by-duration <duration>', 'so long ago: PnDTnHnMnS')
    .option('--from-file <path>', 'lines of topic,partition,offset')
    .option('--execute', 'do it')
    .action((id: string, options: ResetFlags, command: Command) =>
      run(command, (session) => resetOffsetsCommand(session, id, options)),
    )
  groups
    .command('delete <groups...>')
    .action((ids: string[], _options, command: Command) => run(command, (session) => deleteGroupsCommand(session, ids)))
  groups
    .command('delete-offsets <group>')
    .option('-t, --topic <topic[:partitions]>', 'may be repeated', several, [])
    .action((id: string, options: { topic: string[] }, command: Command) =>
      run(command, (session) => deleteOffsetsCommand(session, id, options)),
    )
}

function addConfigs(program: Command, run: (command: Command, work: Run) => Promise<void>): void {
  const configs = program
    .command('configs')
    .description('describe and alter the configuration of a topic, broker or group')
  configs
    .command('describe <topic|broker|group> <name>')
    .description("what is set; the name of all brokers is 'default'")
    .option('-a, --all', 'defaults too')
    .action((type: string, name: string, options: { all?: boolean }, command: Command) =>
      run(command, (session) => describeConfigsCommand(session, configResource(type, name), options)),
    )
  configs
    .command('alter <topic|broker|group> <name>')
    .option('-s, --set <key=value>', 'may be repeated', several, [])
    .option('-u, --unset <key>', 'back to the default; may be repeated', several, [])
    .option('--dry-run', 'only say whether it could be done')
    .action(
      (type: string, name: string, options: { set: string[]; unset: string[]; dryRun?: boolean }, command: Command) =>
        run(command, (session) => alterConfigsCommand(session, configResource(type, name), options)),
    )
}
