import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { giveBackMemoryWhenIdle } from '../io/node/idle-memory.ts'
import type { Logger } from '../io/ports.ts'
import { readNodeConfig } from '../main/config.ts'
import { createLogger } from '../main/log.ts'
import { type RunningNode, startNode } from '../main/node.ts'
import { serveUntilSignal } from './until-signal.ts'

const USAGE = `usage: jackdaw start [server.properties] [--data DIR] [--port N] [--override key=value ...]

  server.properties   Kafka's own configuration file
  --data DIR          holds everything of the node (default ~/.jackdaw)
  --port N            port of the client listener (default 9092)
  --override k=v      sets one configuration key, stronger than the file; may be repeated
`

const EXIT_FAILURE = 1
const EXIT_USAGE = 2
/** How long a process may take to end once everything is closed. */
const END_MS = 300

/** `jackdaw start`: runs until a signal. @returns the exit code */
export async function runStart(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (typeof parsed === 'number') return parsed
  const { config, errors, warnings } = readNodeConfig(parsed)
  const log = createLogger(config?.logLevel ?? 'info', {})
  for (const warning of warnings) log.warn(warning)
  if (config === undefined) {
    for (const error of errors) process.stderr.write(`jackdaw: ${error}\n`)
    return EXIT_FAILURE
  }
  const startedAtMs = performance.now()
  let node: RunningNode
  try {
    node = await startNode(config, log)
  } catch (error) {
    process.stderr.write(`jackdaw: ${error instanceof Error ? error.message : String(error)}\n`)
    // Threads that did start keep a process alive: it must end here.
    process.exit(EXIT_FAILURE)
  }
  announce(node, startedAtMs)
  giveBackMemoryWhenIdle()
  const code = await serveUntilSignal('node', node)
  endSoon(code, log)
  return code
}

/** All is closed and in order, so the process ends by itself; should anything of ours still hold it, whoever stopped it need not wait. */
function endSoon(code: number, log: Logger): void {
  setTimeout(() => {
    log.info(
      `the node has stopped, but its process did not end by itself: ${process.getActiveResourcesInfo().join(', ')}`,
    )
    process.exit(code)
  }, END_MS).unref()
}

interface StartArguments {
  readonly file: string | undefined
  readonly dataDirectory: string
  readonly port: number | undefined
  readonly overrides: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

function parse(args: readonly string[]): StartArguments | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        override: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(USAGE)
      return 0
    }
    if (positionals.length > 1) throw new Error(`one server.properties at the most, not '${positionals.join(' ')}'`)
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535)) {
      throw new Error(`--port '${values.port}' is not allowed: write a number from 0 to 65535`)
    }
    const [path] = positionals
    return {
      file: path === undefined ? undefined : readFileSync(path, 'utf8'),
      dataDirectory: resolve(values.data ?? process.env['JACKDAW_DATA'] ?? join(homedir(), '.jackdaw')),
      port,
      overrides: values.override,
      environment: process.env,
    }
  } catch (error) {
    process.stderr.write(`jackdaw: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return EXIT_USAGE
  }
}

function announce(node: RunningNode, startedAtMs: number): void {
  const rows = [
    ...node.addresses.map(({ what, address }) => `  ${what.padEnd(12)} ${address}`),
    `  ${'Data'.padEnd(12)} ${node.dataDirectory}`,
  ]
  const readyMs = performance.now()
  process.stdout.write(
    `${rows.join('\n')}\n` +
      `ready in ${readyMs.toFixed(0)} ms (${(readyMs - startedAtMs).toFixed(0)} ms after the configuration was read); stop with Ctrl-C\n` +
      `[KafkaServer id=${node.brokerId}] started\n`,
  )
}
