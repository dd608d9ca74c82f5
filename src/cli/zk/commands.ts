import type { CreateOptions, RemovableWatches, Stat } from '../../zookeeper/contract.ts'
import { type ParsedArguments, wholeNumberOf } from './arguments.ts'
import type { CommandContext, ShellCommand } from './command.ts'
import { checkPath, ShellError } from './failure.ts'
import { aclText, hexDump, parseAcl, statText } from './format.ts'
import { quotaCommands } from './quota-commands.ts'
import { deleteSubtree, visitSubtree } from './tree.ts'

const decoder = new TextDecoder()
const encoder = new TextEncoder()
const TTL_MAX_MS = 2 ** 40 - 1
const DELETIONS_IN_FLIGHT = 1000
const CONFIG_PATH = '/zookeeper/config'

function pathOf({ words }: ParsedArguments): string {
  return checkPath(words[0] ?? '')
}

function versionOf(args: ParsedArguments): number {
  const text = args.value('v')
  return text === undefined ? -1 : wholeNumberOf(text, `For input string: "${text}"`)
}

function printStat({ args, out }: CommandContext, stat: Stat): void {
  if (args.has('s')) out(statText(stat))
}

async function create(context: CommandContext): Promise<void> {
  const { client, args, error } = context
  const [path = '', data, aclWord] = args.words
  const options = createOptions(args)
  checkPath(options.mode?.endsWith('sequential') === true ? `${path}1` : path)
  const acl = aclWord === undefined ? undefined : parseAcl(aclWord, error)
  if (acl?.length === 0) throw new ShellError('Acl is not valid : null')
  const bytes = data === undefined ? null : encoder.encode(data)
  const made = await client.createNode(path, bytes, { ...options, ...(acl === undefined ? {} : { acl }) })
  error(`Created ${made.path}`)
}

function createOptions(args: ParsedArguments): CreateOptions {
  const [isEphemeral, isSequential, isContainer] = [args.has('e'), args.has('s'), args.has('c')]
  if (isContainer && (isEphemeral || isSequential)) {
    throw new ShellError('-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.')
  }
  const ttlText = args.value('t')
  const ttlMs = ttlText === undefined ? undefined : wholeNumberOf(ttlText, '-t argument must be a long value')
  if (ttlMs !== undefined) {
    if (isEphemeral) throw new ShellError('TTLs cannot be used with Ephemeral znodes')
    if (isContainer) throw new ShellError('TTLs cannot be used with Container znodes')
    if (ttlMs <= 0 || ttlMs > TTL_MAX_MS) {
      throw new ShellError(`ttl must be positive and cannot be larger than: ${TTL_MAX_MS}`)
    }
    return { mode: isSequential ? 'persistent-sequential' : 'persistent', ttlMs }
  }
  if (isContainer) return { mode: 'container' }
  if (isSequential) return { mode: isEphemeral ? 'ephemeral-sequential' : 'persistent-sequential' }
  return { mode: isEphemeral ? 'ephemeral' : 'persistent' }
}

async function list(context: CommandContext): Promise<void> {
  const { client, args, out } = context
  const path = pathOf(args)
  const watcher = args.has('w') ? context.watcher : undefined
  if (args.has('R')) {
    await visitSubtree(client, path, watcher, (at) => out(`${at}\n`))
    return
  }
  const { children, stat } = await client.getChildren(path, watcher)
  out(`[${[...children].sort().join(', ')}]\n`)
  printStat(context, stat)
}

async function get(context: CommandContext): Promise<void> {
  const { client, args, out } = context
  const { data, stat } = await client.getData(pathOf(args), args.has('w') ? context.watcher : undefined)
  const bytes = data ?? encoder.encode('null')
  if (args.has('x')) out(`${hexDump(bytes)}\n`)
  else if (args.has('b')) out(`${Buffer.from(bytes).toString('base64')}\n`)
  else out(`${decoder.decode(bytes)}\n`)
  printStat(context, stat)
}

async function set(context: CommandContext): Promise<void> {
  const { client, args } = context
  const word = args.words[1] ?? ''
  const data = args.has('b') ? new Uint8Array(Buffer.from(word, 'base64')) : encoder.encode(word)
  printStat(context, await client.setData(pathOf(args), data, versionOf(args)))
}

async function setAcl(context: CommandContext): Promise<void> {
  const { client, args, out, error } = context
  const acl = parseAcl(args.words[1] ?? '', error)
  if (acl.length === 0) throw new ShellError('Acl is not valid : null')
  const path = pathOf(args)
  const version = versionOf(args)
  if (!args.has('R')) {
    printStat(context, await client.setAcl(path, acl, version))
    return
  }
  await visitSubtree(client, path, undefined, async (at) => {
    await client.setAcl(at, acl, version).catch((refused: Error) => out(`${refused.message}\n`))
  })
}

const watchTypes: readonly (readonly [string, RemovableWatches])[] = [
  ['c', 'children'],
  ['d', 'data'],
  ['p', 'persistent'],
  ['r', 'recursive'],
]

async function addWatch({ client, args, watcher }: CommandContext): Promise<void> {
  const mode = (args.value('m') ?? 'PERSISTENT_RECURSIVE').toUpperCase()
  if (args.words.length !== 1 || (mode !== 'PERSISTENT' && mode !== 'PERSISTENT_RECURSIVE')) {
    throw new ShellError(`addWatch ${ADD_WATCH_USAGE}`)
  }
  await client.addWatch(pathOf(args), mode === 'PERSISTENT' ? 'persistent' : 'recursive', watcher)
}

const ADD_WATCH_USAGE =
  '[-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is PERSISTENT_RECURSIVE'

/** All that need a session, by name. */
export const shellCommands: ReadonlyMap<string, ShellCommand> = new Map<string, ShellCommand>([
  [
    'create',
    {
      usage: '[-s] [-e] [-c] [-t ttl] path [data] [acl]',
      options: { flags: 'sec', values: 't' },
      wordCount: 1,
      run: create,
    },
  ],
  [
    'ls',
    {
      usage: '[-s] [-w] [-R] path',
      options: { flags: 'swR' },
      wordCount: 1,
      oldWatchUsage: 'ls [-w] path',
      run: list,
    },
  ],
  [
    'get',
    {
      usage: '[-s] [-w] [-b] [-x] path',
      help: [
        ' -b   Output data in base64 format',
        ' -s   Print znode stats additionally',
        ' -w   Watch for changes on the znode',
        ' -x   Output data in hexdump format',
        '',
      ],
      options: { flags: 'swbx' },
      wordCount: 1,
      oldWatchUsage: 'get [-s] [-w] path',
      run: get,
    },
  ],
  [
    'set',
    {
      usage: 'path data [-s] [-v version] [-b]',
      help: [
        ' -b         Supply data in base64 format',
        ' -s         Print znode stats additionally',
        ' -v <arg>   Set with an expected version',
        '',
      ],
      options: { flags: 'sb', values: 'v' },
      wordCount: 2,
      run: set,
    },
  ],
  [
    'delete',
    {
      usage: '[-v version] path',
      options: { values: 'v' },
      wordCount: 1,
      run: ({ client, args }) => client.delete(pathOf(args), versionOf(args)),
    },
  ],
  [
    'deleteall',
    {
      usage: 'path [-b batch size]',
      options: { values: 'b' },
      wordCount: 1,
      run: async ({ client, args, error }) => {
        const batchSize = wholeNumberOf(args.value('b') ?? `${DELETIONS_IN_FLIGHT}`, '-b argument must be an int value')
        if (batchSize <= 0) throw new ShellError('Batch size must be larger than 0')
        const isDone = await deleteSubtree(client, pathOf(args), batchSize)
        if (!isDone) error('Failed to delete some node(s) in the subtree!')
      },
    },
  ],
  [
    'stat',
    {
      usage: '[-w] path',
      options: { flags: 'w' },
      wordCount: 1,
      oldWatchUsage: 'stat [-w] path',
      run: async ({ client, args, watcher, out }) => {
        const stat = await client.exists(pathOf(args), args.has('w') ? watcher : undefined)
        if (stat === undefined) throw new ShellError(`Node does not exist: ${pathOf(args)}`)
        out(statText(stat))
      },
    },
  ],
  [
    'getAcl',
    {
      usage: '[-s] path',
      options: { flags: 's' },
      wordCount: 1,
      run: async (context) => {
        const { acl, stat } = await context.client.getAcl(pathOf(context.args))
        context.out(aclText(acl))
        printStat(context, stat)
      },
    },
  ],
  [
    'setAcl',
    {
      usage: '[-s] [-v version] [-R] path acl',
      options: { flags: 'sR', values: 'v' },
      wordCount: 2,
      run: setAcl,
    },
  ],
  [
    'addauth',
    {
      usage: 'scheme auth',
      wordCount: 1,
      run: ({ client, args: { words } }) =>
        client.addAuth(words[0] ?? '', words[1] === undefined ? null : encoder.encode(words[1])),
    },
  ],
  [
    'whoami',
    {
      usage: '',
      run: async ({ client, out }) => {
        out('Auth scheme: User\n')
        for (const { scheme, user } of await client.whoAmI()) out(`${scheme}: ${user}\n`)
      },
    },
  ],
  [
    'sync',
    {
      usage: 'path',
      wordCount: 1,
      run: async ({ client, args, out }) => {
        await client.sync(pathOf(args))
        out('Sync is OK\n')
      },
    },
  ],
  [
    'getEphemerals',
    {
      usage: 'path',
      run: async ({ client, args, out }) => {
        const paths = await client.getEphemerals(args.words.length === 0 ? '/' : pathOf(args))
        out(`[${paths.join(', ')}]\n`)
      },
    },
  ],
  [
    'getAllChildrenNumber',
    {
      usage: 'path',
      wordCount: 1,
      run: async ({ client, args, out }) => out(`${await client.getAllChildrenNumber(pathOf(args))}\n`),
    },
  ],
  ['addWatch', { usage: ADD_WATCH_USAGE, options: { values: 'm' }, run: addWatch }],
  [
    'removewatches',
    {
      usage: 'path [-c|-d|-a] [-l]',
      options: { flags: 'cdpral' },
      wordCount: 1,
      run: async ({ client, args }) => {
        const type = watchTypes.find(([flag]) => args.has(flag))?.[1] ?? 'any'
        await client.removeWatches(pathOf(args), type, args.has('l'))
      },
    },
  ],
  [
    'config',
    {
      usage: '[-c] [-w] [-s]',
      options: { flags: 'cws' },
      run: async (context) => {
        const { client, args, out } = context
        const { data, stat } = await client.getData(CONFIG_PATH, args.has('w') ? context.watcher : undefined)
        const text = data === null ? 'null' : decoder.decode(data)
        out(`${args.has('c') ? clientAddresses(text) : text}\n`)
        printStat(context, stat)
      },
    },
  ],
  ...quotaCommands,
])

/** Version and client addresses of a configuration: `100000000 host:port,…` */
function clientAddresses(config: string): string {
  const addresses: string[] = []
  let version = ''
  for (const line of config.split('\n')) {
    const [name = '', value = ''] = line.split('=')
    if (name.startsWith('server.')) addresses.push(value.split(';')[1] ?? '')
    if (name === 'version') version = value
  }
  return `${version} ${addresses.join(',')}`
}
