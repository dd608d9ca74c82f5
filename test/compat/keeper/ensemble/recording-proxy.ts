import { readFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** One connection that went through a proxy. */
export interface RecordedConnection {
  /** What was going on when it was opened. */
  readonly scenario: string
  /** Bytes of the side that dialled, and of the side that was dialled. */
  readonly up: Buffer[]
  readonly down: Buffer[]
}

/** Stands before one port of a server and keeps all that passes, in both directions. */
export class RecordingProxy {
  scenario = ''
  /** What the server that was dialled says is lost from now on, as if the network had failed before it. */
  isMute = false
  readonly connections: RecordedConnection[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #host: string
  readonly #target: { readonly host: string; readonly port: number }
  #following: NodeJS.Timeout | undefined

  private constructor(host: string, target: { host: string; port: number }) {
    this.#host = host
    this.#target = target
    this.#server = createServer((dialler) => {
      const recorded: RecordedConnection = { scenario: this.scenario, up: [], down: [] }
      this.connections.push(recorded)
      const server = connect(target)
      this.#pass(dialler, server, (bytes) => recorded.up.push(bytes))
      this.#pass(server, dialler, (bytes) => !this.isMute && recorded.down.push(bytes))
    })
  }

  /**
   * Listens on `host` and passes on to the same port of another address, whenever somebody listens there: a dialler
   * that were let in only to be dropped would take its messages for delivered, and ZooKeeper waits long after that.
   */
  static async open(host: string, target: { host: string; port: number }): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(host, target)
    await proxy.#follow()
    proxy.#following = setInterval(() => void proxy.#follow(), 10)
    return proxy
  }

  async #follow(): Promise<void> {
    const isWanted = isListening(this.#target.port)
    if (isWanted === this.#server.listening) return
    if (!isWanted) this.#server.close()
    else await new Promise<void>((resolve) => this.#server.listen(this.#target.port, this.#host, resolve))
  }

  close(): void {
    clearInterval(this.#following)
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  /** @param keep false for bytes that are to be lost */
  #pass(from: Socket, to: Socket, keep: (bytes: Buffer) => unknown): void {
    this.#sockets.add(from)
    from.setNoDelay(true)
    from.on('data', (bytes) => {
      if (keep(bytes) !== false) to.write(bytes)
    })
    from.on('error', () => from.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroySoon()
    })
  }
}

/** Whether a server on 127.0.0.1 (as Java lists it: an IPv4 address in IPv6's clothes) accepts connections. */
function isListening(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `
  return readFileSync('/proc/net/tcp6', 'utf8')
    .split('\n')
    .some((line) => line.includes(local) && / 0A /.test(line))
}
