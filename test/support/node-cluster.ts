import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Links } from './links.ts'
import { endProcess, freePort, type NodeProcess, startNodeProcess } from './node-process.ts'

/** Sessions may last from one second to ten; a broker whose connection only stalls is missed after this. */
const TICK_MS = 500
const SESSION_TIMEOUT_MS = 3_000
/** The default with such short ticks would take a busy machine for a lost leader. */
const SYNC_LIMIT_TICKS = 5

interface Ports {
  readonly client: number
  readonly peer: number
  readonly keeper: number
  readonly quorum: number
  readonly election: number
}

/** What others use to reach a node: the same numbers, or those of proxies. */
type Doors = Pick<Ports, 'peer' | 'keeper' | 'quorum' | 'election'>

export interface NodeClusterOptions {
  readonly nodeCount?: number
  readonly overrides?: readonly string[]
  /** Puts proxies between the nodes, so that links can be cut. */
  readonly hasLinks?: boolean
}

/**
 * Several nodes and nothing else, as `jackdaw dev` runs them: each is broker and keeper, and the keepers are one ensemble.
 * A node that dies takes a broker, perhaps the controller, and a keeper, perhaps their leader, with it.
 */
export class NodeCluster {
  readonly root: string = mkdtempSync(join(tmpdir(), 'jackdaw-nodes-'))
  readonly links: Links | undefined
  readonly ids: readonly number[]
  readonly nodes = new Map<number, NodeProcess>()
  readonly #ports = new Map<number, Ports>()
  readonly #doors = new Map<number, Doors>()
  readonly #printed = new Map<number, string>()
  readonly #overrides: readonly string[]

  private constructor({ nodeCount = 3, overrides = [], hasLinks = false }: NodeClusterOptions) {
    this.ids = Array.from({ length: nodeCount }, (_, index) => index + 1)
    this.#overrides = overrides
    this.links = hasLinks ? new Links() : undefined
  }

  /** @returns once all nodes serve */
  static async start(options: NodeClusterOptions = {}): Promise<NodeCluster> {
    const cluster = new NodeCluster(options)
    try {
      for (const id of cluster.ids) await cluster.#choosePorts(id)
      await Promise.all(cluster.ids.map((id) => cluster.startNode(id)))
    } catch (error) {
      cluster.destroy()
      throw error
    }
    return cluster
  }

  get bootstrapServers(): string {
    return this.ids.map((id) => `127.0.0.1:${this.port(id)}`).join(',')
  }

  /** Where clients reach a node. */
  port(id: number): number {
    return this.#ports.get(id)?.client ?? 0
  }

  async startNode(id: number): Promise<void> {
    const ports = this.#portsOf(id)
    const { peer } = this.#doorsOf(id)
    const settings = [
      `node.id=${id}`,
      `listeners=CLIENTS://127.0.0.1:${ports.client},PEERS://127.0.0.1:${ports.peer}`,
      `advertised.listeners=CLIENTS://127.0.0.1:${ports.client},PEERS://127.0.0.1:${peer}`,
      'listener.security.protocol.map=CLIENTS:PLAINTEXT,PEERS:PLAINTEXT',
      'inter.broker.listener.name=PEERS',
      `jackdaw.keeper.servers=${this.#keepersSeenFrom(id)}`,
      `jackdaw.keeper.client.port=${ports.keeper}`,
      `jackdaw.keeper.tick.ms=${TICK_MS}`,
      `jackdaw.keeper.sync.limit=${SYNC_LIMIT_TICKS}`,
      `zookeeper.session.timeout.ms=${SESSION_TIMEOUT_MS}`,
      // A node of three that all start at once waits for a quorum.
      'zookeeper.connection.timeout.ms=20000',
      'jackdaw.memory.bytes=67108864',
      'jackdaw.num.shards=2',
      'default.replication.factor=3',
      'min.insync.replicas=2',
      'offsets.topic.num.partitions=6',
      ...this.#overrides,
    ]
    const node = await startNodeProcess(join(this.root, `node-${id}`), ports.client, settings, (child) => {
      if (child.pid !== undefined) this.links?.attach(id, child.pid)
    })
    this.nodes.set(id, node)
  }

  /** @returns exit code or signal, once the process is gone */
  async end(id: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | null> {
    const node = this.nodes.get(id)
    if (node === undefined) return null
    this.nodes.delete(id)
    const outcome = await endProcess(node, signal)
    this.#printed.set(id, `${this.#printed.get(id) ?? ''}${node.printed()}`)
    return outcome
  }

  /** Stops a node from running, or lets it run again, without its knowledge. */
  freeze(id: number, isFrozen: boolean): void {
    this.nodes.get(id)?.process.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT')
  }

  /** Everything that a node has printed in all its lives. */
  printed(id: number): string {
    return `${this.#printed.get(id) ?? ''}${this.nodes.get(id)?.printed() ?? ''}`
  }

  /** The bytes of a partition's log on one node, segment after segment. */
  logOf(id: number, topic: string, partition: number): Buffer {
    const directory = join(this.root, `node-${id}`, 'logs', `${topic}-${partition}`)
    const names = readdirSync(directory).filter((name) => name.endsWith('.log'))
    return Buffer.concat(names.sort().map((name) => readFileSync(join(directory, name))))
  }

  /** Ends everything, however it is. */
  destroy(): void {
    for (const { process: child } of this.nodes.values()) child.kill('SIGKILL')
    this.links?.close()
    rmSync(this.root, { recursive: true, force: true })
  }

  async #choosePorts(id: number): Promise<void> {
    const [client, peer, keeper, quorum, election] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ]
    const ports: Ports = { client, peer, keeper, quorum, election }
    this.#ports.set(id, ports)
    const { links } = this
    this.#doors.set(
      id,
      links === undefined
        ? ports
        : {
            peer: await links.open(id, peer),
            keeper: await links.open(id, keeper),
            quorum: await links.open(id, quorum),
            election: await links.open(id, election),
          },
    )
  }

  #portsOf(id: number): Ports {
    const ports = this.#ports.get(id)
    if (ports === undefined) throw new Error(`no node ${id}`)
    return ports
  }

  #doorsOf(id: number): Doors {
    return this.#doors.get(id) ?? this.#portsOf(id)
  }

  /** `server.N` of every keeper as one of them is to see it: itself where it listens, the others at their doors. */
  #keepersSeenFrom(id: number): string {
    const servers = this.ids.map((other) => {
      const { quorum, election, keeper } = other === id ? this.#portsOf(id) : this.#doorsOf(other)
      return `${other}=127.0.0.1:${quorum}:${election};127.0.0.1:${keeper}`
    })
    return servers.join(',')
  }
}
