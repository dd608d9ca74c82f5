import { Operation } from '../../../src/jute/operations.ts'
import { DiskError, type Socket, type SocketReader } from '../../../src/io/ports.ts'
import type { Keeper, KeeperOptions } from '../../../src/keeper/contract.ts'
import { createKeeper } from '../../../src/keeper/keeper.ts'
import {
  createMemberKeeper,
  type EnsembleOptions,
  type MemberKeeper,
} from '../../../src/keeper/quorum/quorum-keeper.ts'
import { StorageError } from '../../../src/keeper/storage/files.ts'
import { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import { socketAcceptor } from '../../../src/main/keeper-socket.ts'
import { LOSSES, type Loss, SimDisk } from '../world/disk.ts'
import type { Decided, History } from './history.ts'
import { type Place, startProcess } from '../world/machine.ts'
import { runningProcess, type SimProcess, type Temper } from '../world/process.ts'
import { hex } from './wire.ts'
import { Violation } from '../world/world.ts'

export const CLIENT_PORT = 2181
const DIRECTORY = '/var/keeper'

/** What a simulated server can be told to do differently. */
export type ServerSettings = Partial<
  Omit<KeeperOptions, 'disk' | 'clock' | 'timers' | 'entropy' | 'log' | 'directory' | 'onFailed'>
>

/** What makes it a member of an ensemble. */
export type MemberSettings = Omit<EnsembleOptions, 'network' | 'connector'>

export interface ServerPlace extends Place {
  readonly history: History
}

/** The processes that run a server, so that an applied transaction finds whose it is. */
const serverOf = new WeakMap<SimProcess, SimServer>()
const applyToTree = ZNodeTree.prototype.apply

/** Everything that any tree is told to do is noted: nothing else than the tree decides what clients see. */
ZNodeTree.prototype.apply = function apply(this: ZNodeTree, header, body) {
  const previousZxid = this.lastZxid
  const applied = applyToTree.call(this, header, body)
  const process = runningProcess()
  const isNew = header.zxid > previousZxid
  if (process?.isAlive === true && isNew) {
    serverOf.get(process)?.applied(this, { header, body, digest: undefined }, previousZxid, process)
  }
  return applied
}

/** One machine with a keeper on it: started, killed, robbed of its power, started again on what the disk kept. */
export class SimServer {
  readonly address: string
  temper: Temper
  disk: SimDisk = new SimDisk().installed(DIRECTORY)
  keeper: Keeper | undefined
  process: SimProcess | undefined
  onCrash: (() => void) | undefined
  crashes = 0
  readonly #settings: ServerSettings
  readonly #member: MemberSettings | undefined
  readonly #place: ServerPlace
  /** What each tree was made of, as long as it is not served from. */
  #unserved = new WeakMap<ZNodeTree, Decided[]>()
  #servedTree: ZNodeTree | undefined

  constructor(place: ServerPlace, address: string, settings: ServerSettings, temper: Temper, member?: MemberSettings) {
    this.#place = place
    this.address = address
    this.#settings = settings
    this.temper = temper
    this.#member = member
  }

  get role(): MemberKeeper['role'] | 'alone' | 'down' {
    if (this.keeper === undefined) return 'down'
    return 'role' in this.keeper ? (this.keeper as MemberKeeper).role : 'alone'
  }

  get isServing(): boolean {
    return this.process !== undefined && this.#servedNow !== undefined
  }

  /** What clients may take for decided; nothing while this server is without its ensemble. */
  get #servedNow(): ZNodeTree | undefined {
    const server = this.keeper?.server
    return server?.isRunning === true && server.mode !== 'read-only' ? server.tree : undefined
  }

  get tree(): ZNodeTree | undefined {
    return this.keeper?.server?.tree
  }

  start(): void {
    if (this.process !== undefined) return
    const { world } = this.#place
    this.#unserved = new WeakMap()
    this.#servedTree = undefined
    // A power loss may keep anything between nothing and all of what was not synced.
    const crash = (): void => this.crash(world.random.pick(LOSSES))
    const process = startProcess(this.#place, this.address, this.temper, this.disk, crash, (started) => {
      this.#boot(started).catch((error: unknown) => {
        if (started.isAlive) world.fail(error instanceof Error ? error : new Error(String(error)))
      })
    })
    this.process = process
    serverOf.set(process, this)
  }

  async #boot(process: SimProcess): Promise<void> {
    const host = this.#place.network.host(this.address)
    const keeper = this.#create(process)
    this.keeper = keeper
    if ('listen' in keeper) await (keeper as MemberKeeper).listen()
    if (!process.isAlive) return
    try {
      keeper.start()
    } catch (error) {
      if (!process.isAlive) return
      if (error instanceof DiskError) {
        this.#ended(process, error)
        return
      }
      if (error instanceof StorageError) throw new Violation(`${this.address} cannot start: ${error.message}`)
      throw error
    }
    if (!process.isAlive) return
    this.#lookAtTree()
    const accept = socketAcceptor(keeper, process.log)
    const options = { host: this.address, port: CLIENT_PORT, isPortShared: false, backlog: 100 }
    await host.ports.network.listen(options, (socket) => this.#listening(process, socket, accept(socket)))
  }

  #create(process: SimProcess): Keeper {
    const { clock, timers, entropy, log } = process
    const options = {
      ...this.#settings,
      disk: this.disk,
      clock,
      timers,
      entropy,
      log,
      directory: DIRECTORY,
      onFailed: (error: Error) => this.#ended(process, error),
    }
    if (this.#member === undefined) return createKeeper(options)
    return createMemberKeeper(options, { ...this.#member, ...this.#place.network.host(this.address).ports })
  }

  /** The disk has failed it: the process ends, the machine does not. */
  #ended(process: SimProcess, error: Error): void {
    if (!process.isAlive) return
    if (error instanceof StorageError) throw new Violation(`${this.address} gives up: ${error.message}`)
    this.#place.world.note(`${this.address} gives up: ${error.message}`)
    this.crash('none')
  }

  /** The process ends, alone or with its machine. */
  crash(loss: Loss): void {
    const { process } = this
    if (process === undefined) return
    const { world, network } = this.#place
    world.note(`${this.address} ${loss === 'none' ? 'is killed' : `loses power and ${loss} of what was not synced`}`)
    this.crashes += 1
    process.kill()
    this.process = undefined
    this.keeper = undefined
    this.disk = this.disk.after(loss, world.random)
    network.host(this.address).leave(loss === 'none' ? 'killed' : 'powerLost')
    this.onCrash?.()
  }

  /** A tree of this server's was told to do something new. */
  applied(tree: ZNodeTree, txn: Parameters<History['describe']>[0], previousZxid: number, process: SimProcess): void {
    const { history, world } = this.#place
    try {
      const decided = history.describe(txn, previousZxid, process.nowMs)
      history.seen(decided)
      this.#lookAtTree()
      if (this.#servedTree !== tree) {
        const unserved = this.#unserved.get(tree)
        if (unserved === undefined) this.#unserved.set(tree, [decided])
        else unserved.push(decided)
        return
      }
      const isFirst = history.decide(this.address, decided)
      const isExpiry = txn.header.type === Operation.closeSession && txn.header.cxid === 0
      // Of an ensemble's session the leader may hear less than we do.
      if (isFirst && isExpiry && this.#member === undefined) {
        history.expired(txn.header.clientId, process.worldMs(txn.header.time), process.temper.clockRate)
      }
    } catch (error) {
      // Not thrown into the code under test, which might make something of it.
      world.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** What a server begins to serve from counts as decided: clients will see it. */
  #lookAtTree(): void {
    const tree = this.#servedNow
    if (tree === this.#servedTree) return
    this.#servedTree = tree
    if (tree === undefined) return
    const { history } = this.#place
    for (const decided of this.#unserved.get(tree) ?? []) history.decide(this.address, decided)
    this.#unserved.delete(tree)
    history.decideUpTo(this.address, tree.lastZxid)
    if (this.#member === undefined && tree.lastZxid < history.maxDecidedZxid) {
      throw new Violation(
        `${this.address} comes back at ${hex(tree.lastZxid)}; ${hex(history.maxDecidedZxid)} had been decided`,
      )
    }
  }

  /** A tree whose digest is not the one that the transaction came with has gone its own way. */
  #checkDigests(): void {
    const count = this.keeper?.server?.stats.digestMismatchCount ?? 0
    if (count > 0) throw new Violation(`${this.address} has ${count} digests that are not its leader's or its log's`)
  }

  /** To be called often: a server may begin to serve without being told anything new. */
  look(): void {
    if (this.process === undefined) return
    this.#lookAtTree()
    this.#checkDigests()
  }

  #listening(process: SimProcess, socket: Socket, reader: SocketReader): SocketReader {
    return {
      target: () => reader.target(),
      onRead: (sizeBytes) => {
        this.#place.history.heard(socket.remotePort, process.nowMs)
        reader.onRead(sizeBytes)
      },
      onPeerEnd: () => reader.onPeerEnd(),
      onClosed: (cause) => reader.onClosed(cause),
    }
  }
}
