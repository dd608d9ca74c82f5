import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeClock } from '../../src/io/node/clock.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { socketTransport } from '../../src/main/zookeeper-transport.ts'
import { connectZooKeeper } from '../../src/zookeeper/client.ts'
import type { ZooKeeperClient } from '../../src/zookeeper/contract.ts'
import { freePort } from './node-process.ts'

const TICK_MS = 400

interface Ports {
  readonly client: number
  readonly quorum: number
  readonly election: number
}

/** What a test may say about one member beyond the ordinary. */
export interface MemberSettings {
  readonly role?: 'participant' | 'observer'
  readonly lines?: readonly string[]
}

/** Keepers as a user runs them: a process each, from what `npm run build` made, on the ports of one machine. */
export class KeeperEnsemble {
  readonly root: string = mkdtempSync(join(tmpdir(), 'jackdaw-ensemble-'))
  readonly #ports = new Map<number, Ports>()
  readonly #members = new Map<number, MemberSettings>()
  readonly #processes = new Map<number, ChildProcess>()
  readonly #printed = new Map<number, string>()

  /** Chooses ports and writes nothing yet. */
  static async create(members: ReadonlyMap<number, MemberSettings>): Promise<KeeperEnsemble> {
    const ensemble = new KeeperEnsemble()
    for (const [id, settings] of members) {
      ensemble.#ports.set(id, { client: await freePort(), quorum: await freePort(), election: await freePort() })
      ensemble.#members.set(id, settings)
    }
    return ensemble
  }

  get ids(): readonly number[] {
    return [...this.#members.keys()]
  }

  directory(id: number): string {
    return join(this.root, String(id))
  }

  clientPort(id: number): number {
    return this.#ports.get(id)?.client ?? 0
  }

  /** `server.N` as every member's file has it. */
  serverLine(id: number): string {
    const ports = this.#ports.get(id)
    const role = this.#members.get(id)?.role ?? 'participant'
    return `server.${id}=127.0.0.1:${ports?.quorum}:${ports?.election}:${role};127.0.0.1:${ports?.client}`
  }

  start(id: number, extra: readonly string[] = []): void {
    const directory = this.directory(id)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'myid'), String(id))
    const lines = [
      ...[`tickTime=${TICK_MS}`, 'initLimit=10', 'syncLimit=5', `dataDir=${directory}`],
      ...['admin.enableServer=false', '4lw.commands.whitelist=*', 'preAllocSize=64'],
      ...this.ids.map((member) => this.serverLine(member)),
      ...(this.#members.get(id)?.lines ?? []),
      ...extra,
    ]
    writeFileSync(this.#file(id), `${lines.join('\n')}\n`)
    this.startAgain(id)
  }

  /** Starts with the file as it is: the server may have changed it. */
  startAgain(id: number): void {
    const words = ['dist/src/cli/bin.js', 'keeper', this.#file(id)]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#processes.set(id, child)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => this.#printed.set(id, this.printed(id) + chunk.toString()))
    }
  }

  #file(id: number): string {
    return join(this.root, `zoo-${id}.cfg`)
  }

  startAll(): void {
    for (const id of this.ids) this.start(id)
  }

  printed(id: number): string {
    return this.#printed.get(id) ?? ''
  }

  signal(id: number, signal: NodeJS.Signals): void {
    this.#processes.get(id)?.kill(signal)
  }

  /** Kills as a crash does, and waits until the process is gone. */
  async kill(id: number): Promise<void> {
    await this.#end(id, 'SIGKILL')
  }

  /** Asks to stop. @returns the exit code */
  async stop(id: number): Promise<number | null> {
    return await this.#end(id, 'SIGTERM')
  }

  /** Ends every process and removes every file. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((id) => this.#end(id, 'SIGKILL')))
    rmSync(this.root, { recursive: true, force: true })
  }

  /** Asks a member with a four-letter word. @returns '' when nobody answers */
  word(id: number, word: string): Promise<string> {
    return new Promise((resolve) => {
      let said = ''
      const socket = connect({ port: this.clientPort(id), host: '127.0.0.1' }, () => void socket.write(word))
      socket.setTimeout(1000, () => socket.destroy())
      socket.on('data', (bytes) => {
        said += bytes.toString()
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(said))
    })
  }

  /** @returns what the member calls itself: leader, follower, observer, read-only; '' while it serves nobody */
  async mode(id: number): Promise<string> {
    return /^Mode: (.+)$/m.exec(await this.word(id, 'srvr'))?.[1] ?? ''
  }

  async zxid(id: number): Promise<string> {
    return /^Zxid: (.+)$/m.exec(await this.word(id, 'srvr'))?.[1] ?? ''
  }

  /** Waits until all of `ids` serve, one of them as leader. @returns the leader */
  async leader(ids: readonly number[] = this.ids, timeoutMs: number = 15_000): Promise<number> {
    const endsAtMs = Date.now() + timeoutMs
    for (;;) {
      const modes = await Promise.all(ids.map((id) => this.mode(id)))
      const at = modes.indexOf('leader')
      if (at >= 0 && modes.every((mode) => mode !== '')) return ids[at] ?? 0
      if (Date.now() > endsAtMs) {
        const logs = ids.map((id) => `--- ${id}\n${this.printed(id)}`).join('\n')
        throw new Error(`no ensemble within ${timeoutMs} ms: ${modes.join(', ')}\n${logs}`)
      }
      await pause(20)
    }
  }

  /** A session that goes round the given members. */
  connect(ids: readonly number[] = this.ids, sessionTimeoutMs: number = 8000): Promise<ZooKeeperClient> {
    return connectZooKeeper({
      transport: socketTransport(ids.map((id) => ({ host: '127.0.0.1', port: this.clientPort(id) }))),
      clock: new NodeClock(),
      timers: new NodeTimers(),
      log: { debug() {}, info() {}, warn() {}, error() {} },
      sessionTimeoutMs,
    })
  }

  async #end(id: number, signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#processes.get(id)
    this.#processes.delete(id)
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    return await new Promise((resolve) => {
      child.once('close', (code) => resolve(code))
      child.kill('SIGCONT')
      child.kill(signal)
    })
  }
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}

/** Waits until `check` holds. */
export async function eventually(
  check: () => Promise<boolean>,
  what: string,
  timeoutMs: number = 10_000,
): Promise<void> {
  for (const endsAtMs = Date.now() + timeoutMs; !(await check()); ) {
    if (Date.now() > endsAtMs) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await pause(20)
  }
}
