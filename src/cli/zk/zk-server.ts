import { existsSync, readFileSync } from 'node:fs'
import type { ClientSecurity } from '../../main/zookeeper-security.ts'
import type { ServerAddress } from '../../main/zookeeper-transport.ts'
import { fourLetterWord } from './connection.ts'
import { packageVersion } from './zk.ts'

const STATUS_TIMEOUT_MS = 5000
const DEFAULT_CONFIG = 'conf/zoo.cfg'

const USAGE = `Usage: zkServer.sh {start-foreground|status|version} [zoo.cfg]
  To run in the background, let your service manager run start-foreground.
`

/** zkServer.sh over `jackdaw keeper`. @returns the exit code */
export async function runZkServer(args: readonly string[]): Promise<number> {
  const [command, file] = args.filter((word) => !word.startsWith('-'))
  const config = file ?? process.env['ZOOCFG'] ?? DEFAULT_CONFIG
  switch (command) {
    case 'version':
      process.stdout.write(`Apache ZooKeeper compatible, version ${packageVersion()}\n`)
      return 0
    case 'start-foreground': {
      process.stderr.write(`Using config: ${config}\n`)
      const { runKeeper } = await import('../keeper.ts')
      return runKeeper([config])
    }
    case 'status':
      return status(config)
    default:
      process.stderr.write(USAGE)
      return 1
  }
}

async function status(config: string): Promise<number> {
  process.stderr.write(`Using config: ${config}\n`)
  if (!existsSync(config)) {
    process.stderr.write(`${config} does not exist: name the configuration file after 'status'\n`)
    return 1
  }
  const text = readFileSync(config, 'utf8')
  const plain = clientAddress(text, 'clientPort')
  const address = plain ?? clientAddress(text, 'secureClientPort')
  if (address === undefined) {
    process.stderr.write(`${config} names neither clientPort nor secureClientPort\n`)
    return 1
  }
  const isSecure = plain === undefined
  process.stdout.write(
    `Client port found: ${address.port}. Client address: ${address.host}. Client SSL: ${isSecure}.\n`,
  )
  try {
    const answer = await fourLetterWord('srvr', address, STATUS_TIMEOUT_MS, isSecure ? await secureOpener() : undefined)
    const [, mode] = /^Mode: (.*)$/m.exec(answer) ?? []
    if (mode !== undefined) {
      process.stdout.write(`Mode: ${mode}\n`)
      return 0
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  process.stderr.write('Error contacting service. It is probably not running.\n')
  return 1
}

/** TLS as CLIENT_JVMFLAGS set it up. @throws Error that names what is wrong with them */
async function secureOpener(): Promise<ClientSecurity['openTls']> {
  const { clientSecurity } = await import('../../main/zookeeper-security.ts')
  return clientSecurity('client.secure=true', process.env['JVMFLAGS'], process.env['CLIENT_JVMFLAGS']).openTls
}

/** `clientPort` and `clientPortAddress` of a zoo.cfg, or the same of the secure port. */
function clientAddress(text: string, key: 'clientPort' | 'secureClientPort'): ServerAddress | undefined {
  const value = (name: string): string | undefined => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1]
  const port = Number(value(key) ?? 0)
  return port > 0 ? { host: value(`${key}Address`) ?? 'localhost', port } : undefined
}
