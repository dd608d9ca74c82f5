import { formatEnsembleConfig } from '../../zab/config/ensemble-config.ts'
import { type CommandContext, decimal, flatMetrics, metrics, servedVersion, shownNodeCount } from './monitor.ts'
import type { QuorumStats } from './quorum-view.ts'

type Command = (context: CommandContext) => string

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['ruok', () => 'imok'],
  ['srvr', (context) => `${versionLine()}${statistics(context)}`],
  ['stat', (context) => `${versionLine()}Clients:\n${clients(context, false)}\n${statistics(context)}`],
  ['cons', (context) => `${clients(context, true)}\n`],
  ['mntr', monitor],
  [
    'conf',
    ({ configuration, quorum }) => {
      const membership =
        quorum === undefined ? [] : ['membership: ', ...formatEnsembleConfig(quorum.config).split('\n')]
      return [...configuration(), ...membership].map((line) => `${line}\n`).join('')
    },
  ],
  ['envi', (context) => `Environment:\n${[`zookeeper.version=${servedVersion}`, ...context.environment].join('\n')}\n`],
  ['dump', dump],
  ['wchs', watchSummary],
  ['wchc', watchesBySession],
  ['wchp', watchesByPath],
  ['isro', ({ server }) => (server.mode === 'read-only' ? 'ro' : 'rw')],
  ['crst', resetConnections],
  ['srst', resetServer],
  ['dirs', directories],
  ['hash', digests],
  ['gtmk', ({ server }) => String(server.traceMask)],
])

/**
 * @param bytes the first bytes of a connection
 * @returns the answer; undefined when they are no command, and the connection is an ordinary client's
 */
export function fourLetterWord(bytes: Uint8Array, context: CommandContext): string | undefined {
  if (bytes.length < 4) return undefined
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes
  // What a telnet client sends when its user interrupts it.
  if (first === 0xff && second === 0xf4 && third === 0xff && fourth === 0xfd) return ''
  const word = String.fromCharCode(first, second, third, fourth)
  const command = word === 'stmk' ? setTraceMask(bytes) : commands.get(word)
  if (command === undefined) return undefined
  const { fourLetterWords } = context.server.options
  if (!fourLetterWords.has(word) && !fourLetterWords.has('*')) {
    return `${word} is not executed because it is not in the whitelist.\n`
  }
  return command(context)
}

const notServing = 'This ZooKeeper instance is not currently serving requests'

/**
 * The same while the server serves nobody.
 *
 * @param words those that may be used
 */
export function idleFourLetterWord(bytes: Uint8Array, words: ReadonlySet<string>): string | undefined {
  const word = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0, bytes[3] ?? 0)
  if (!commands.has(word) && word !== 'stmk') return undefined
  if (!words.has(word) && !words.has('*')) return `${word} is not executed because it is not in the whitelist.\n`
  if (word === 'ruok') return 'imok'
  return word === 'isro' ? 'null' : `${notServing}\n`
}

/** The one command with an argument: the mask, a long behind the word. It is kept and shown; nothing is traced by it. */
function setTraceMask(bytes: Uint8Array): Command {
  return ({ server }) => {
    if (bytes.length < 12) return ''
    server.traceMask = Number(new DataView(bytes.buffer, bytes.byteOffset + 4, 8).getBigInt64(0))
    return String(server.traceMask)
  }
}

function versionLine(): string {
  return `Zookeeper version: ${servedVersion}\n`
}

function statistics({ server, quorum }: CommandContext): string {
  const { stats, tree } = server
  const { latency } = stats
  return [
    ...(server.mode === 'read-only' ? ['READ-ONLY mode; serving only read-only clients'] : []),
    `Latency min/avg/max: ${latency.minMs}/${decimal(latency.averageMs)}/${latency.maxMs}`,
    `Received: ${stats.receivedCount}`,
    `Sent: ${stats.sentCount}`,
    `Connections: ${server.connections.size}`,
    `Outstanding: ${server.outstandingCount}`,
    `Zxid: 0x${tree.lastZxid.toString(16)}`,
    `Mode: ${server.mode}`,
    `Node count: ${shownNodeCount(tree)}`,
    ...(quorum?.leading === undefined ? [] : [proposalSizes(quorum.stats)]),
    '',
  ].join('\n')
}

function proposalSizes({ lastProposalBytes, proposalBytes }: QuorumStats): string {
  const [min, max] = proposalBytes.count === 0 ? [-1, -1] : [proposalBytes.minMs, proposalBytes.maxMs]
  return `Proposal sizes last/min/max: ${lastProposalBytes}/${min}/${max}`
}

function clients({ server, nowMs, wallMs }: CommandContext, isLong: boolean): string {
  let text = ''
  for (const connection of server.connections) {
    const { channel, session } = connection
    text += ` /${channel.remoteAddress}:${channel.remotePort}[${connection.isReady ? 1 : 0}](queued=${connection.queuedCount}`
    text += `,recved=${connection.receivedCount},sent=${connection.sentCount}`
    if (isLong && session !== undefined) {
      const xid = connection.lastXid === undefined ? '' : `,lcxid=0x${(connection.lastXid >>> 0).toString(16)}`
      text += `,sid=${hex(session.id)},lop=${connection.lastOperation}`
      text += `,est=${Math.round(wallMs - (nowMs - connection.openedAtMs))},to=${session.timeoutMs}${xid}`
      text += `,lzxid=0x${connection.lastZxid.toString(16)},lresp=${Math.round(connection.lastAnsweredAtMs)},llat=${Math.floor(connection.lastLatencyMs)}`
      const { latency } = connection
      text += `,minlat=${latency.minMs},avglat=${Math.round(latency.averageMs)},maxlat=${latency.maxMs}`
    }
    text += ')\n'
  }
  return text
}

function monitor(context: CommandContext): string {
  return flatMetrics(metrics(context))
    .map(([name, value]) => `zk_${name}\t${name === 'avg_latency' ? decimal(Number(value)) : value}\n`)
    .join('')
}

function directories({ directorySizes }: CommandContext): string {
  const { dataBytes, logBytes } = directorySizes()
  return `datadir_size: ${dataBytes}\nlogdir_size: ${logBytes}\n`
}

function digests({ server }: CommandContext): string {
  return server.digests
    .all()
    .map(({ zxid, value }) => `${zxid.toString(16)}: ${BigInt.asIntN(64, value)}\n`)
    .join('')
}

function dump({ server, nowMs }: CommandContext): string {
  let text = `SessionTracker dump:\nSession Sets (${[...server.sessions.buckets()].length})/(${server.sessions.size}):\n`
  for (const [expiresAtMs, sessions] of server.sessions.buckets()) {
    text += `${sessions.size} expire in ${Math.round(expiresAtMs - nowMs)}ms:\n`
    for (const session of sessions) text += `\t${hex(session.id)}\n`
  }
  text += `ephemeral nodes dump:\nSessions with Ephemerals (${server.tree.ephemerals.size}):\n`
  for (const [sessionId, paths] of server.tree.ephemerals) {
    text += `${hex(sessionId)}:\n`
    for (const path of paths) text += `\t${path}\n`
  }
  text += `Connections dump:\nConnections Sets (1)/(${server.connections.size}):\n`
  return text
}

function watchSummary({ server }: CommandContext): string {
  const { data, child } = server.tree.watches
  return `${data.receiverCount} connections watching ${data.pathCount} paths\nTotal watches:${data.size + child.size}\n`
}

function watchesBySession({ server }: CommandContext): string {
  let text = ''
  for (const connection of server.connections) {
    const paths = [...server.tree.watches.data.pathsOf(connection)]
    if (paths.length > 0) text += `${hex(connection.sessionId)}\n${paths.map((path) => `\t${path}\n`).join('')}`
  }
  return text
}

function watchesByPath({ server }: CommandContext): string {
  let text = ''
  const known = new Map<unknown, bigint>()
  for (const connection of server.connections) known.set(connection, connection.sessionId)
  for (const [path, receivers] of server.tree.watches.data.paths()) {
    text += `${path}\n`
    for (const receiver of receivers.keys()) text += `\t${hex(known.get(receiver) ?? 0n)}\n`
  }
  return text
}

function resetConnections({ server }: CommandContext): string {
  for (const connection of server.connections) {
    connection.receivedCount = 0
    connection.sentCount = 0
    connection.latency.reset()
  }
  return 'Connection stats reset.\n'
}

function resetServer({ server }: CommandContext): string {
  server.stats.reset()
  return 'Server stats reset.\n'
}

function hex(id: bigint): string {
  return `0x${BigInt.asUintN(64, id).toString(16)}`
}
