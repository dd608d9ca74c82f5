import { type ChildProcess, spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type DevNode, planNodes } from './dev-plan.ts'

const USAGE = `usage: jackdaw dev [-n COUNT] [--data DIR] [--port N] [--override key=value ...]

  -n COUNT            how many nodes, from 1 to 9 (default 3)
  --data DIR          holds a directory per node (default ~/.jackdaw/dev)
  --port N            port of the first node; the others follow (default 9092; 0 = any free ones)
  --override k=v      sets one configuration key on every node; may be repeated
`

const EXIT_FAILURE = 1
const EXIT_USAGE = 2
const NODES_MAX = 9
const DEFAULT_NODES = 3
const DEFAULT_PORT = 9092

interface DevArguments {
  readonly count: number
  readonly dataDirectory: string
  readonly port: number
  readonly overrides: readonly string[]
}

interface RunningChild {
  readonly node: DevNode
  readonly child: ChildProcess
  readonly ready: Promise<void>
  readonly ended: Promise<void>
}

/** `jackdaw dev`: a cluster of several nodes on this machine, each a process, with a keeper ensemble among them. */
export async function runDev(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (typeof parsed === 'number') return parsed
  const startedAtMs = performance.now()
  const nodes = await planNodes(parsed.count, parsed.port, parsed.dataDirectory, parsed.overrides)
  const children = nodes.map((node) => startChild(node))
  let isStopping = false
  const stopAll = (signal: NodeJS.Signals): void => {
    // The second one is for those who are in a hurry: the nodes then end as after a crash.
    const passedOn = isStopping ? 'SIGKILL' : signal
    isStopping = true
    for (const { child } of children) if (child.exitCode === null && child.signalCode === null) child.kill(passedOn)
  }
  process.on('SIGINT', () => stopAll('SIGTERM'))
  process.on('SIGTERM', () => stopAll('SIGTERM'))
  for (const { node, child } of children) {
    child.once('exit', (code, signal) => {
      if (!isStopping) process.stdout.write(`node ${node.id} has ended (${signal ?? code}); the others go on\n`)
    })
  }
  const results = await Promise.allSettled(children.map(({ ready }) => ready))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined && !isStopping) {
    process.stderr.write(`jackdaw: ${String(failed.reason instanceof Error ? failed.reason.message : failed.reason)}\n`)
    stopAll('SIGTERM')
    await Promise.all(children.map(({ ended }) => ended))
    return EXIT_FAILURE
  }
  if (!isStopping) announce(nodes, performance.now() - startedAtMs)
  await Promise.all(children.map(({ ended }) => ended))
  return isStopping ? 0 : EXIT_FAILURE
}

function parse(args: readonly string[]): DevArguments | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        nodes: { type: 'string', short: 'n' },
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
    const count = Number(values.nodes ?? DEFAULT_NODES)
    if (!Number.isInteger(count) || count < 1 || count > NODES_MAX)
      throw new Error(`-n '${values.nodes}' is not allowed: write a number from 1 to ${NODES_MAX}`)
    const port = Number(values.port ?? DEFAULT_PORT)
    if (!Number.isInteger(port) || port < 0 || port > 65_535 - count)
      throw new Error(`--port '${values.port}' is not allowed: write a number from 0 to ${65_535 - count}`)
    const base = process.env['JACKDAW_DATA'] ?? join(homedir(), '.jackdaw')
    return { count, port, dataDirectory: resolve(values.data ?? join(base, 'dev')), overrides: values.override }
  } catch (error) {
    process.stderr.write(`jackdaw: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return EXIT_USAGE
  }
}

function startChild(node: DevNode): RunningChild {
  // A process group of its own: Ctrl-C reaches this process alone, which then ends the nodes in its own way. The channel
  // tells the node when this process is gone, however it ended.
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', 'start', ...node.args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const prefix = `${node.id} | `
  const ready = new Promise<void>((resolveReady, reject) => {
    let last = ''
    const onText = (text: string): void => {
      last = text
      if (/\[KafkaServer id=\d+\] started/.test(text)) resolveReady()
    }
    forLines(child.stdout, onText)
    forLines(child.stderr, (text) => {
      onText(text)
      process.stderr.write(`${prefix}${text}\n`)
    })
    child.once('exit', (code, signal) =>
      reject(new Error(`node ${node.id} ended (${signal ?? code}) before it was ready: ${last}`)),
    )
  })
  // Looked at together with the others; until then a failure is not forgotten.
  ready.catch(() => undefined)
  return { node, child, ready, ended: new Promise((done) => child.once('close', () => done())) }
}

function forLines(stream: NodeJS.ReadableStream | null, onLine: (text: string) => void): void {
  let rest = ''
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

function announce(nodes: readonly DevNode[], tookMs: number): void {
  const rows = nodes.map(
    ({ id, port, keeperPort, directory }) =>
      `  node ${id}   Kafka 127.0.0.1:${port}   ZooKeeper 127.0.0.1:${keeperPort}   ${directory}\n`,
  )
  const bootstrap = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')
  process.stdout.write(
    `${rows.join('')}  bootstrap servers  ${bootstrap}\n${nodes.length} nodes ready in ${tookMs.toFixed(0)} ms; stop with Ctrl-C\n`,
  )
}
