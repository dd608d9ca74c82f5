import { StorageError, listZxidFiles, versionDirectory } from '../../../src/keeper/storage/files.ts'
import { LogFileReader } from '../../../src/keeper/storage/log-reader.ts'
import { createKeeper, type Keeper, type KeeperOptions } from '../../../src/keeper/keeper.ts'
import type { Txn } from '../../../src/keeper/tree/txn.ts'
import type { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { socketAcceptor } from '../../../src/main/keeper-socket.ts'
import { DiskError, type Socket, type SocketReader } from '../../../src/io/ports.ts'
import { LOSSES, type Loss, SimDisk } from './disk.ts'
import type { History } from './history.ts'
import type { SimNetwork } from './network.ts'
import { SimProcess, type Temper } from './process.ts'
import { hex } from './wire.ts'
import { Violation, type World } from './world.ts'

export const CLIENT_PORT = 2181
const DIRECTORY = '/var/keeper'

/** What a simulated server can be told to do differently. */
export type ServerSettings = Partial<
  Omit<KeeperOptions, 'disk' | 'clock' | 'timers' | 'entropy' | 'log' | 'directory' | 'onFailed'>
>

/** One machine with a standalone keeper on it: started, killed, robbed of its power, started again on what the disk kept. */
export class SimServer {
  readonly name: string
  readonly address: string
  temper: Temper
  disk: SimDisk = new SimDisk().installed(DIRECTORY)
  keeper: Keeper | undefined
  process: SimProcess | undefined
  onCrash: (() => void) | undefined
  crashes = 0
  readonly #settings: ServerSettings
  readonly #world: World
  readonly #network: SimNetwork
  readonly #history: History

  constructor(
    world: World,
    network: SimNetwork,
    history: History,
    name: string,
    settings: ServerSettings,
    temper: Temper,
  ) {
    this.#world = world
    this.#network = network
    this.#history = history
    this.name = name
    this.address = name
    this.#settings = settings
    this.temper = temper
  }

  get isAlive(): boolean {
    return this.process !== undefined
  }

  get tree(): ZNodeTree | undefined {
    return this.keeper?.server?.tree
  }

  start(): void {
    if (this.process !== undefined) return
    const process = new SimProcess(this.#world, this.name, this.temper)
    this.process = process
    // A power loss may keep anything between nothing and all of what was not synced.
    process.onStepsOver = () => this.crash(this.#world.random.pick(LOSSES))
    this.disk.attach(process)
    const host = this.#network.host(this.address)
    host.occupy(process)
    this.#world.note(`${this.name} starts`)
    const { clock, timers, entropy, log } = process
    const keeper = createKeeper({
      ...this.#settings,
      disk: this.disk,
      clock,
      timers,
      entropy,
      log,
      directory: DIRECTORY,
      onFailed: (error) => this.#ended(process, error),
    })
    this.keeper = keeper
    process.post(() => {
      if (!this.#startKeeper(process, keeper)) return
      const accept = socketAcceptor(keeper, log)
      host.ports.network
        .listen({ host: this.address, port: CLIENT_PORT, isPortShared: false, backlog: 100 }, (socket) =>
          this.#listening(process, socket, accept(socket)),
        )
        .catch((error: Error) => this.#world.fail(error))
    })
  }

  /** @returns whether it runs: a start can be cut short by a fault */
  #startKeeper(process: SimProcess, keeper: Keeper): boolean {
    try {
      keeper.start()
    } catch (error) {
      if (!process.isAlive) return false
      if (error instanceof DiskError && error.code === 'ENOSPC') {
        this.#ended(process, error)
        return false
      }
      if (error instanceof DiskError && error.code === 'EIO') {
        this.#ended(process, error)
        return false
      }
      if (error instanceof StorageError) throw new Violation(`${this.name} cannot start: ${error.message}`)
      throw error
    }
    if (!process.isAlive) return false
    this.#recovered()
    return true
  }

  /** The disk has failed it: the process ends, the machine does not. */
  #ended(process: SimProcess, error: Error): void {
    if (!process.isAlive) return
    this.#world.note(`${this.name} gives up: ${error.message}`)
    this.crash('none')
  }

  /** The process ends, alone or with its machine. */
  crash(loss: Loss): void {
    const { process } = this
    if (process === undefined) return
    this.#world.note(`${this.name} ${loss === 'none' ? 'is killed' : `loses power and ${loss} of what was not synced`}`)
    this.crashes += 1
    process.kill()
    this.process = undefined
    this.keeper = undefined
    this.disk = this.disk.after(loss, this.#world.random)
    this.#network.host(this.address).leave(loss === 'none' ? 'killed' : 'powerLost')
    this.onCrash?.()
  }

  /** What came back from the disk counts as decided: clients will see it. */
  #recovered(): void {
    const { tree } = this
    if (tree === undefined) return
    if (tree.lastZxid < this.#history.maxDecidedZxid) {
      throw new Violation(
        `${this.name} comes back at ${hex(tree.lastZxid)}; ${hex(this.#history.maxDecidedZxid)} had been decided`,
      )
    }
    for (const file of listZxidFiles(this.disk, `${DIRECTORY}/${versionDirectory}`, 'log')) {
      const reader = new LogFileReader(this.disk, file.path)
      reader.readAll((txn) => this.#history.decide(this.name, txn))
      reader.close()
    }
    this.#watch(tree)
  }

  /** Notes what the tree is told to do, the moment it is. */
  #watch(tree: ZNodeTree): void {
    const { process } = this
    const apply = tree.apply.bind(tree)
    tree.apply = (header, body) => {
      const applied = apply(header, body)
      if (process?.isAlive === true) this.#applied({ header, body, digest: undefined }, process)
      return applied
    }
  }

  #applied(txn: Txn, process: SimProcess): void {
    try {
      this.#note(txn, process)
    } catch (error) {
      // Not thrown into the code under test, which might make something of it.
      this.#world.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #note(txn: Txn, process: SimProcess): void {
    const { header } = txn
    if (header.type === Operation.closeSession && header.cxid === 0) {
      this.#history.expired(header.clientId, process.worldMs(header.time), process.temper.clockRate)
    }
    this.#history.decide(this.name, txn, process.nowMs)
  }

  #listening(process: SimProcess, socket: Socket, reader: SocketReader): SocketReader {
    return {
      target: () => reader.target(),
      onRead: (sizeBytes) => {
        this.#history.heard(socket.remotePort, process.nowMs)
        reader.onRead(sizeBytes)
      },
      onPeerEnd: () => reader.onPeerEnd(),
      onClosed: (cause) => reader.onClosed(cause),
    }
  }
}
