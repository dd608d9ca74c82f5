import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ensemble, EnsembleOptions } from './ensemble.ts'

/*
 * A network between the members that can be cut. Servers call each other m1, m2 …; each finds its own name at the loopback
 * address that it listens on and every other name at that of the proxies. Java reads names from a file, for our own
 * process a module does the same.
 */

const OWN = '127.0.0.1'
const PROXIES = '127.0.0.2'
const FOLLOW_MS = 10
/** Where the dialler's id is in what it says first: on the election port behind the protocol's version, on the quorum port in its introduction. */
const ID_AT = { election: 8, quorum: 16 } as const
const ID_BYTES = 8

type Port = keyof typeof ID_AT

/** One connection between two members. */
interface Way {
  readonly from: number
  readonly to: number
  readonly dialler: Socket
  readonly target: Socket
}

export class CutNetwork {
  readonly #directory = mkdtempSync(join(tmpdir(), 'jackdaw-names-'))
  readonly #count: number
  readonly #cuts = new Set<string>()
  readonly #ways = new Set<Way>()
  readonly #doors: Door[] = []

  /** @param count members of the ensemble */
  constructor(count: number) {
    this.#count = count
  }

  /** What the ensemble is to be made with. */
  options(): EnsembleOptions {
    return {
      hostOf: (id) => `m${id}`,
      javaArguments: (id) => [`-Djdk.net.hosts.file=${this.#hostsFile(id)}`],
      nodeArguments: (id) => ['--import', this.#namesModule(id)],
    }
  }

  /** Puts the proxies before the members' ports. To be called before they start. */
  open(ensemble: Ensemble): void {
    for (const { id, quorumPort, electionPort } of ensemble.members) {
      this.#doors.push(new Door(quorumPort, (dialler) => this.#dialled(dialler, id, 'quorum', quorumPort)))
      this.#doors.push(new Door(electionPort, (dialler) => this.#dialled(dialler, id, 'election', electionPort)))
    }
  }

  /** What one member sends to another waits from now on; nobody is told. */
  cut(from: number, to: number): void {
    this.#cuts.add(`${from}>${to}`)
    this.#arrange()
  }

  /** Cuts both directions between one member and others. */
  isolate(id: number, others: readonly number[]): void {
    for (const other of others) {
      this.cut(id, other)
      this.cut(other, id)
    }
  }

  /** What waited goes on its way. */
  heal(): void {
    this.#cuts.clear()
    this.#arrange()
  }

  close(): void {
    for (const door of this.#doors) door.close()
    for (const { dialler, target } of this.#ways) {
      dialler.destroy()
      target.destroy()
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #dialled(dialler: Socket, to: number, which: Port, port: number): void {
    const target = connect(port, OWN)
    for (const socket of [dialler, target]) {
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
    }
    dialler.once('close', () => target.destroySoon())
    target.once('close', () => dialler.destroySoon())
    let heard = Buffer.alloc(0)
    const listen = (bytes: Buffer): void => {
      heard = Buffer.concat([heard, bytes])
      if (heard.length < ID_AT[which] + ID_BYTES) return
      dialler.off('data', listen)
      dialler.pause()
      dialler.unshift(heard)
      this.#connected({ from: Number(heard.readBigInt64BE(ID_AT[which])), to, dialler, target })
    }
    dialler.on('data', listen)
  }

  #connected(way: Way): void {
    const { dialler, target } = way
    this.#ways.add(way)
    dialler.on('data', (bytes) => target.write(bytes))
    target.on('data', (bytes) => dialler.write(bytes))
    dialler.once('close', () => this.#ways.delete(way))
    this.#arrange()
  }

  #arrange(): void {
    for (const { from, to, dialler, target } of this.#ways) {
      flow(dialler, !this.#cuts.has(`${from}>${to}`))
      flow(target, !this.#cuts.has(`${to}>${from}`))
    }
  }

  #addressOf(name: number, seenBy: number): string {
    return name === seenBy ? OWN : PROXIES
  }

  #hostsFile(id: number): string {
    const file = join(this.#directory, `hosts-${id}`)
    const lines = Array.from({ length: this.#count }, (_, index) => `${this.#addressOf(index + 1, id)} m${index + 1}`)
    writeFileSync(file, `${OWN} localhost ${hostname()}\n${lines.join('\n')}\n`)
    return file
  }

  #namesModule(id: number): string {
    const file = join(this.#directory, `names-${id}.mjs`)
    const names = Array.from({ length: this.#count }, (_, index) => [`m${index + 1}`, this.#addressOf(index + 1, id)])
    writeFileSync(
      file,
      `import dns from 'node:dns'
const names = new Map(${JSON.stringify(names)})
const { lookup } = dns
dns.lookup = (name, options, done) => lookup(names.get(name) ?? name, options, done)
`,
    )
    return file
  }
}

function flow(socket: Socket, isFree: boolean): void {
  if (isFree) socket.resume()
  else socket.pause()
}

/**
 * Listens before a port while somebody listens there: a dialler that were let in only to be dropped would take its
 * messages for delivered, and ZooKeeper waits long after that.
 */
class Door {
  readonly #server: Server
  readonly #port: number
  readonly #following: NodeJS.Timeout

  constructor(port: number, onDialled: (dialler: Socket) => void) {
    this.#port = port
    this.#server = createServer(onDialled)
    this.#following = setInterval(() => this.#follow(), FOLLOW_MS)
  }

  close(): void {
    clearInterval(this.#following)
    this.#server.close()
  }

  #follow(): void {
    const isWanted = isListening(this.#port)
    if (isWanted === this.#server.listening) return
    if (isWanted) this.#server.listen(this.#port, PROXIES)
    else this.#server.close()
  }
}

/** Whether a server on 127.0.0.1 accepts connections; Java lists it as an IPv4 address in IPv6's clothes. */
function isListening(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .some((line) => line.includes(local) && / 0A /.test(line)),
  )
}
