import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ClientSecurity } from '../../main/zookeeper-security.ts'
import { KeeperError } from '../../zookeeper/contract.ts'
import { connectTo, plain } from './connection.ts'
import { ZooKeeperShell } from './shell.ts'

const EXIT_OK = 0
const EXIT_FAILURE = 1
const EXIT_USAGE = 2

const USAGE = `usage: jackdaw zk [-server host:port,...[/chroot]] [-timeout MS] [-client-configuration FILE] [command ...]

  Without a command, commands are read from standard input: 'help' lists them.
  -server    where ZooKeeper's protocol is spoken (default localhost:2181)
  -timeout   session timeout asked for, in milliseconds (default 30000)
  -client-configuration
             a file of ZooKeeper's client properties: zookeeper.client.secure, zookeeper.ssl.*,
             java.security.auth.login.config; the same may stand as -D words in CLIENT_JVMFLAGS
`

interface ZkArguments {
  readonly servers: string
  readonly timeoutMs: number
  /** Of `-client-configuration`; '' = none. */
  readonly configurationFile: string
  readonly command: readonly string[]
}

/** `jackdaw zk`: a shell with zkCli's commands and output. @returns the exit code: the last command's */
export async function runZk(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (typeof parsed === 'number') return parsed
  // `jackdaw zk ls / | head` ends us by closing the pipe: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT_OK)
    throw error
  })
  const security = await readSecurity(parsed.configurationFile)
  if (security === undefined) return EXIT_USAGE
  const out = (text: string): void => void process.stdout.write(text)
  const shell = new ZooKeeperShell({
    connect: (servers) => connectTo(servers, parsed.timeoutMs, security),
    out,
    error: (text) => void process.stderr.write(text),
    version: packageVersion(),
  })
  out(`Connecting to ${parsed.servers}\n`)
  try {
    await shell.connect(parsed.servers)
  } catch (error) {
    if (!(error instanceof KeeperError)) {
      process.stderr.write(`jackdaw: ${error instanceof Error ? error.message : String(error)}\n`)
      return EXIT_FAILURE
    }
    process.stderr.write(
      `jackdaw: ${error.message}\nIs a server running there? Name another with -server host:port, or start one with 'jackdaw start'.\n`,
    )
    return EXIT_FAILURE
  }
  if (parsed.command.length > 0) {
    await shell.run(parsed.command)
    await shell.end()
    return shell.exitCode
  }
  out('Welcome to ZooKeeper!\n')
  await interact(shell)
  await shell.end()
  return shell.exitCode
}

/** @returns undefined when something is wrong with it, which is said then */
async function readSecurity(file: string): Promise<ClientSecurity | undefined> {
  const { CLIENT_JVMFLAGS, JVMFLAGS } = process.env
  if (file === '' && CLIENT_JVMFLAGS === undefined && JVMFLAGS === undefined) return plain
  // Loaded only where it is wanted: TLS costs a shell that speaks plainly a third of its start.
  const { clientSecurity } = await import('../../main/zookeeper-security.ts')
  try {
    return clientSecurity(file === '' ? '' : readFileSync(file, 'utf8'), JVMFLAGS, CLIENT_JVMFLAGS)
  } catch (error) {
    process.stderr.write(`jackdaw zk: ${error instanceof Error ? error.message : String(error)}\n`)
    return undefined
  }
}

/** Reads commands one after the other until the input ends or somebody quits. */
async function interact(shell: ZooKeeperShell): Promise<void> {
  const isTerminal = process.stdin.isTTY === true
  const lines = createInterface({ input: process.stdin, ...(isTerminal ? { output: process.stdout } : {}) })
  const ask = (): void => {
    if (!isTerminal) return
    lines.setPrompt(shell.prompt)
    lines.prompt()
  }
  ask()
  for await (const line of lines) {
    await shell.line(line)
    if (shell.isOver) break
    ask()
  }
  lines.close()
}

function parse(args: readonly string[]): ZkArguments | number {
  let servers = 'localhost:2181'
  let timeoutMs = 30_000
  let configurationFile = ''
  const rest = [...args]
  for (let word = rest[0]; word?.startsWith('-') === true; word = rest[0]) {
    rest.shift()
    if (word === '-h' || word === '--help' || word === '-help') {
      process.stdout.write(USAGE)
      return EXIT_OK
    }
    // A session is waited for in any case, and servers that only read are not spoken to.
    if (word === '-waitforconnection' || word === '-r') continue
    const value = rest.shift()
    if (value !== undefined && (word === '-server' || word === '--server')) servers = value
    else if (value !== undefined && word === '-client-configuration') configurationFile = value
    else if (value !== undefined && (word === '-timeout' || word === '--timeout') && Number(value) > 0) {
      timeoutMs = Number(value)
    } else {
      process.stderr.write(`jackdaw zk: '${word}' is not known, or its value is missing\n\n${USAGE}`)
      return EXIT_USAGE
    }
  }
  return { servers, timeoutMs, configurationFile, command: rest }
}

/** The package's version; it lies some folders above, one more when built. */
export function packageVersion(): string {
  for (const above of ['../../../package.json', '../../../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(above, import.meta.url), 'utf8'))
      if (typeof found === 'object' && found !== null && 'version' in found) return `${String(found.version)} (jackdaw)`
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
    }
  }
  return 'unknown (jackdaw)'
}
