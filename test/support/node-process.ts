import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** A node as a user runs it: a process of its own, from what `npm run build` made. */
export interface NodeProcess {
  readonly process: ChildProcess
  readonly port: number
  /** Everything it has printed so far, both streams. */
  readonly printed: () => string
}

/** Below the ports that systems hand to connections going out: one of those could take the port of a node that is away for a moment. */
const FIRST_PORT = 20_000
const PORT_COUNT = 12_000
const given = new Set<number>()

/** A port that is free and stays so, also while the node that listens there is away. Never given twice. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT)
    if (given.has(port)) continue
    given.add(port)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/** Starts `jackdaw start` and waits for its line of readiness. @param onSpawned called before it has done anything */
export function startNodeProcess(
  directory: string,
  port: number,
  overrides: readonly string[] = [],
  onSpawned: (child: ChildProcess) => void = () => undefined,
): Promise<NodeProcess> {
  const settings = [
    'jackdaw.keeper.client.port=0',
    'jackdaw.http.port=-1',
    'jackdaw.memory.bytes=134217728',
    ...overrides,
  ]
  const child = spawn(
    process.execPath,
    [
      'dist/src/cli/bin.js',
      'start',
      '--data',
      directory,
      '--port',
      String(port),
      ...settings.flatMap((setting) => ['--override', setting]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  onSpawned(child)
  let printed = ''
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (/\[KafkaServer id=\d+\] started/.test(printed)) resolve({ process: child, port, printed: () => printed })
    }
    child.stdout.on('data', onData)
    child.stderr.on('data', onData)
    child.once('exit', (code, signal) =>
      reject(new Error(`the node ended (${code ?? signal}) before it was ready:\n${printed}`)),
    )
  })
}

/** Sends a signal and waits for the end. @returns exit code, or the signal's name */
export function endProcess(node: NodeProcess, signal: NodeJS.Signals): Promise<number | string | null> {
  const { process: child } = node
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve(child.exitCode ?? child.signalCode)
      return
    }
    child.once('exit', (code, by) => resolve(code ?? by))
    child.kill(signal)
  })
}
