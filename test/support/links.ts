import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './node-process.ts'

/** How often the proxies look whether somebody listens behind them. */
const FOLLOW_MS = 20

interface Door {
  readonly target: number
  readonly targetPort: number
  readonly port: number
  readonly server: Server
}

interface Line {
  readonly dialler: Socket
  readonly source: number
  readonly door: Door
  /** undefined until it is dialled: a connection that is opened over a cut link waits. */
  server: Socket | undefined
  /** One end has closed while the link was cut: the other hears of it when the link is there again. */
  isEnding: boolean
}

/**
 * The network between nodes of one machine: a TCP proxy before every port on which a node listens for others. A link that is
 * cut loses nothing and closes nothing: bytes stop and go on later, as with TCP over a network that drops packets for a while.
 * Whose connection it is that a proxy accepts is read from Linux's tables.
 */
export class Links {
  readonly #doors: Door[] = []
  readonly #processes = new Map<number, number>()
  readonly #cut = new Set<string>()
  readonly #lines = new Set<Line>()
  readonly #following: NodeJS.Timeout

  constructor() {
    this.#following = setInterval(() => this.#follow(), FOLLOW_MS)
  }

  /** Whether this machine has what is needed. */
  static get canBe(): boolean {
    return process.platform === 'linux'
  }

  /** A port that leads to a node's port as long as somebody listens there. */
  async open(target: number, targetPort: number): Promise<number> {
    const server = createServer({ pauseOnConnect: true }, (dialler) => this.#accept(dialler, door))
    const door: Door = { target, targetPort, port: await freePort(), server }
    this.#doors.push(door)
    return door.port
  }

  /** Says which process is which node, so that its connections can be told from others'. */
  attach(node: number, processId: number): void {
    this.#processes.set(node, processId)
  }

  /** From now on nothing passes between two nodes, in either direction. */
  cut(one: number, other: number): void {
    this.#cut.add(linkOf(one, other))
    for (const line of this.#lines) if (this.#isCut(line)) for (const socket of endsOf(line)) socket.pause()
  }

  heal(): void {
    this.#cut.clear()
    for (const line of this.#lines) {
      if (line.isEnding) this.#end(line)
      else if (line.server === undefined) this.#dial(line)
      else for (const socket of endsOf(line)) socket.resume()
    }
  }

  close(): void {
    clearInterval(this.#following)
    for (const { server } of this.#doors) server.close()
    for (const line of this.#lines) for (const socket of endsOf(line)) socket.destroy()
  }

  #isCut({ source, door }: Line): boolean {
    return this.#cut.has(linkOf(source, door.target))
  }

  /** A proxy listens only while the node does: a connection that is refused tells others what one that is dropped does not. */
  #follow(): void {
    const table = readFileSync('/proc/net/tcp', 'utf8')
    for (const { targetPort, port, server } of this.#doors) {
      const isWanted = table.includes(`: ${hexAddress(targetPort)} 00000000:0000 0A`)
      if (isWanted === server.listening) continue
      if (isWanted) server.listen(port, '127.0.0.1')
      else server.close()
    }
  }

  #accept(dialler: Socket, door: Door): void {
    const source = this.#nodeBehind(dialler.remotePort ?? 0, door.port)
    dialler.on('error', () => dialler.destroy())
    if (source === undefined) {
      dialler.destroy()
      return
    }
    const line: Line = { dialler, source, door, server: undefined, isEnding: false }
    this.#lines.add(line)
    dialler.once('close', () => this.#ended(line))
    if (!this.#isCut(line)) this.#dial(line)
  }

  #dial(line: Line): void {
    const server = connect({ host: '127.0.0.1', port: line.door.targetPort, noDelay: true })
    line.server = server
    line.dialler.setNoDelay(true)
    server.on('error', () => server.destroy())
    server.once('close', () => this.#ended(line))
    this.#pass(line, line.dialler, server)
    this.#pass(line, server, line.dialler)
    line.dialler.resume()
  }

  #pass(line: Line, from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => {
      if (to.write(bytes)) return
      from.pause()
      to.once('drain', () => {
        if (!this.#isCut(line)) from.resume()
      })
    })
  }

  #ended(line: Line): void {
    if (this.#isCut(line)) {
      line.isEnding = true
      return
    }
    // Before the other end hears of it: it may look at once whether anybody still listens.
    this.#follow()
    this.#end(line)
  }

  #end(line: Line): void {
    this.#lines.delete(line)
    for (const socket of endsOf(line)) socket.destroySoon()
  }

  /** The node that has dialled from `port` of this machine. */
  #nodeBehind(port: number, doorPort: number): number | undefined {
    const sought = `: ${hexAddress(port)} ${hexAddress(doorPort)} `
    const row = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .find((line) => line.includes(sought))
    const inode = row?.trim().split(/\s+/)[9]
    if (inode === undefined) return undefined
    for (const [node, processId] of this.#processes) if (holds(processId, inode)) return node
    return undefined
  }
}

const linkOf = (one: number, other: number): string => `${Math.min(one, other)}-${Math.max(one, other)}`

function endsOf({ dialler, server }: Line): Socket[] {
  return server === undefined ? [dialler] : [dialler, server]
}

/** 127.0.0.1 and a port, as Linux's tables write it. */
function hexAddress(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Whether a process has this socket open. One that has just ended has nothing open. */
function holds(processId: number, inode: string): boolean {
  const directory = `/proc/${processId}/fd`
  const linkText = (name: string): string => {
    try {
      return readlinkSync(`${directory}/${name}`)
    } catch {
      return ''
    }
  }
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch {
    return false
  }
  return names.some((name) => linkText(name) === `socket:[${inode}]`)
}
