import { KeeperError, type WatchEvent, type ZooKeeperFullClient } from '../../zookeeper/contract.ts'
import { parseArguments, splitLine } from './arguments.ts'
import type { ShellCommand } from './command.ts'
import { shellCommands } from './commands.ts'
import { refusalText, ShellError } from './failure.ts'
import { eventText } from './format.ts'

const HISTORY_SHOWN = 10
const EXIT_NOT_FOUND = 127

const ownCommands: ReadonlyMap<string, string> = new Map([
  ['close', ''],
  ['connect', 'host:port'],
  ['exit', ''],
  ['history', ''],
  ['printwatches', 'on|off'],
  ['quit', ''],
  ['redo', 'cmdno'],
  ['version', ''],
])

/** What a shell needs of the world around it. */
export interface ShellPorts {
  /** @throws KeeperError when there is nobody */
  connect(servers: string): Promise<ZooKeeperFullClient>
  out(text: string): void
  error(text: string): void
  readonly version: string
}

/** zkCli's commands over one session at a time: words in, text out. Knows neither terminals nor sockets. */
export class ZooKeeperShell {
  readonly #ports: ShellPorts
  readonly #history: string[] = []
  #servers = ''
  #client: ZooKeeperFullClient | undefined
  #arePrinted = true
  #isOver = false
  /** What the process should end with: the last command's. */
  exitCode: number = 0

  constructor(ports: ShellPorts) {
    this.#ports = ports
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get prompt(): string {
    const states = { connecting: 'CONNECTING', connected: 'CONNECTED', closed: 'CLOSED' }
    return `[zk: ${this.#servers}(${states[this.#client?.state ?? 'closed']}) ${this.#history.length}] `
  }

  /** Leaves the present session for one with these servers. @throws KeeperError */
  async connect(servers: string): Promise<void> {
    await this.#client?.close()
    this.#servers = servers
    const client = await this.#ports.connect(servers)
    this.#client = client
    this.#tell({ type: 'session', path: '', state: 'connected' })
    client.onSession((event) => this.#tell(event))
  }

  /** The end of input: the session ends, which nobody is left to be told. */
  async end(): Promise<void> {
    this.#arePrinted = false
    await this.#close()
  }

  async #close(): Promise<void> {
    await this.#client?.close()
    this.#client = undefined
  }

  /** One line of an interactive session. */
  async line(text: string): Promise<void> {
    if (text === '') return
    const number = this.#history.length
    this.#history.push(text)
    const words = splitLine(text)
    if (words.length > 0) await this.run(words, number)
  }

  /** One command; what goes wrong is printed and kept in `exitCode`. */
  async run(words: readonly string[], number: number = 0): Promise<void> {
    try {
      await this.#run(words, number)
      this.exitCode = 0
    } catch (error) {
      if (error instanceof ShellError) this.exitCode = error.exitCode
      else if (error instanceof KeeperError) this.exitCode = 1
      else throw error
      this.#ports.error(`${error instanceof KeeperError ? refusalText(error) : error.message}\n`)
    }
  }

  async #run([name = '', ...args]: readonly string[], number: number): Promise<void> {
    if (ownCommands.has(name)) {
      await this.#runOwn(name, args, number)
      return
    }
    const command = shellCommands.get(name)
    if (command === undefined) {
      this.#ports.error(usage())
      throw new ShellError(`Command not found: Command not found ${name}`, EXIT_NOT_FOUND)
    }
    const client = this.#client
    if (client === undefined || client.state === 'closed') {
      this.#ports.out('Not connected\n')
      return
    }
    await command.run({
      client,
      args: this.#arguments(name, command, args),
      watcher: this.#watcher,
      out: (text) => this.#ports.out(text),
      error: (line) => this.#ports.error(`${line}\n`),
    })
  }

  #arguments(name: string, command: ShellCommand, args: readonly string[]): ReturnType<typeof parseArguments> {
    const parsed = parseArguments(args, command.options ?? {})
    if (parsed.words.length < (command.wordCount ?? 0)) {
      throw new ShellError([`${name} ${command.usage}`, ...(command.help ?? [])].join('\n'))
    }
    if (command.oldWatchUsage === undefined || parsed.words.length < 2) return parsed
    this.#ports.error(`'${name} path [watch]' has been deprecated. Please use '${command.oldWatchUsage}' instead.\n`)
    return { ...parsed, has: (option) => option === 'w' || parsed.has(option) }
  }

  async #runOwn(name: string, args: readonly string[], number: number): Promise<void> {
    const [first] = args
    switch (name) {
      case 'quit':
      case 'exit':
        await this.#close()
        this.#isOver = true
        return
      case 'close':
        if (this.#client === undefined) this.#ports.out('Not connected\n')
        await this.#close()
        return
      case 'connect':
        await this.connect(first ?? this.#servers)
        return
      case 'version':
        this.#ports.out(`ZooKeeper CLI version: ${this.#ports.version}\n`)
        return
      case 'printwatches':
        if (first === undefined) this.#ports.out(`printwatches is ${this.#arePrinted ? 'on' : 'off'}\n`)
        else this.#arePrinted = first === 'on'
        return
      case 'history':
        for (let index = Math.max(0, number - HISTORY_SHOWN); index <= number; index += 1) {
          this.#ports.out(`${index} - ${this.#history[index] ?? 'null'}\n`)
        }
        return
      default:
        await this.#redo(first, number)
    }
  }

  async #redo(word: string | undefined, number: number): Promise<void> {
    if (word === undefined) return
    const index = /^\d+$/.test(word) ? Number(word) : -1
    const line = this.#history[index]
    if (line === undefined || index >= number) throw new ShellError('Command index out of range')
    const words = splitLine(line)
    if (words[0] === 'redo') throw new ShellError('No redoing redos')
    this.#history[number] = line
    await this.#run(words, number)
  }

  /** One for the whole shell, so that a path watched twice is told once. */
  readonly #watcher = (event: WatchEvent): void => this.#tell(event)

  #tell(event: WatchEvent): void {
    if (this.#arePrinted) this.#ports.out(eventText(event))
  }
}

function usage(): string {
  const commands = [...[...shellCommands].map(([name, command]) => [name, command.usage] as const), ...ownCommands]
  const lines = commands.map(([name, text]) => `\t${name} ${text}\n`).sort()
  return `ZooKeeper -server host:port cmd args\n${lines.join('')}`
}
