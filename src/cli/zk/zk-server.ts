import { existsSync, readFileSync } from 'node:fs'
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
  const address = clientAddress(readFileSync(config, 'utf8'))
  if (address === undefined) {
    process.stderr.write(`${config} names no clientPort\n`)
    return 1
  }
  process.stdout.write(`Client port found: ${address.port}. Client address: ${address.host}. Client SSL: false.\n`)
  try {
    const [, mode] = /^Mode: (.*)$/m.exec(await fourLetterWord('srvr', address, STATUS_TIMEOUT_MS)) ?? []
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

/** `clientPort` and `clientPortAddress` of a zoo.cfg. */
function clientAddress(text: string): ServerAddress | undefined {
  const value = (name: string): string | undefined => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1]
  const port = Number(value('clientPort') ?? 0)
  return port > 0 ? { host: value('clientPortAddress') ?? 'localhost', port } : undefined
}
