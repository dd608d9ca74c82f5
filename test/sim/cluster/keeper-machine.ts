import { DiskError } from '../../../src/io/ports.ts'
import type { Keeper } from '../../../src/keeper/contract.ts'
import { createKeeper } from '../../../src/keeper/keeper.ts'
import { createMemberKeeper, type MemberKeeper } from '../../../src/keeper/quorum/quorum-keeper.ts'
import { socketAcceptor } from '../../../src/main/keeper-socket.ts'
import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import { type Loss, SimDisk } from '../world/disk.ts'
import type { KeeperAddress } from '../world/keeper-transport.ts'
import { type Place, startProcess } from '../world/machine.ts'
import { evenTemper, type SimProcess, type Temper } from '../world/process.ts'
import { Violation } from '../world/world.ts'

const CLIENT_PORT = 2181
const DIRECTORY = '/var/keeper'
const INIT_LIMIT_TICKS = 10
const SYNC_LIMIT_TICKS = 5
const WINDOW_MAX = 500

export function keeperAddresses(count: number): KeeperAddress[] {
  return Array.from({ length: count }, (_, index) => ({ host: `keeper${index + 1}`, port: CLIENT_PORT }))
}

/** A machine with a keeper on it, alone or one of several. What keepers promise is judged elsewhere (`../keeper`). */
export class KeeperMachine {
  readonly address: string
  temper: Temper = evenTemper
  disk: SimDisk = new SimDisk().installed(DIRECTORY)
  process: SimProcess | undefined
  keeper: Keeper | undefined
  onCrash: (() => void) | undefined
  readonly #place: Place
  readonly #id: number
  readonly #count: number
  readonly #tickTimeMs: number

  constructor(place: Place, id: number, count: number, tickTimeMs: number) {
    this.#place = place
    this.#id = id
    this.#count = count
    this.#tickTimeMs = tickTimeMs
    this.address = `keeper${id}`
  }

  get isServing(): boolean {
    return this.process !== undefined && this.keeper?.server?.isRunning === true
  }

  start(): void {
    if (this.process !== undefined) return
    const crash = (): void => this.crash('none')
    this.process = startProcess(this.#place, this.address, this.temper, this.disk, crash, (process) => {
      this.#boot(process).catch((error: unknown) => {
        if (process.isAlive) this.#place.world.fail(error instanceof Error ? error : new Error(String(error)))
      })
    })
  }

  crash(loss: Loss): void {
    const { process } = this
    if (process === undefined) return
    const { world, network } = this.#place
    world.note(`${this.address} ${loss === 'none' ? 'is killed' : `loses power and ${loss} of what was not synced`}`)
    process.kill()
    this.process = undefined
    this.keeper = undefined
    this.disk = this.disk.after(loss, world.random)
    network.host(this.address).leave(loss === 'none' ? 'killed' : 'powerLost')
    this.onCrash?.()
  }

  async #boot(process: SimProcess): Promise<void> {
    const { ports } = this.#place.network.host(this.address)
    const keeper = this.#create(process)
    this.keeper = keeper
    if ('listen' in keeper) await (keeper as MemberKeeper).listen()
    if (!process.isAlive) return
    try {
      keeper.start()
    } catch (error) {
      if (!process.isAlive) return
      if (!(error instanceof DiskError)) throw error
      this.#ended(process, error)
      return
    }
    const accept = socketAcceptor(keeper, process.log)
    await ports.network.listen({ host: this.address, port: CLIENT_PORT, isPortShared: false, backlog: 100 }, (socket) =>
      accept(socket),
    )
  }

  #create(process: SimProcess): Keeper {
    const { clock, timers, entropy, log } = process
    const options = {
      disk: this.disk,
      clock,
      timers,
      entropy,
      log,
      directory: DIRECTORY,
      tickTimeMs: this.#tickTimeMs,
      maxSessionTimeoutMs: 60_000,
      preallocateBytes: 4096,
      skipAcl: true,
      onFailed: (error: Error) => this.#ended(process, error),
    }
    if (this.#count === 1) return createKeeper(options)
    const lines = Array.from({ length: this.#count }, (_, index) => {
      const name = `keeper${index + 1}`
      return `server.${index + 1}=${name}:2888:3888:participant;${name}:${CLIENT_PORT}`
    })
    const config = parseEnsembleConfig(`${lines.join('\n')}\nversion=0`)
    if (config === undefined) throw new Error('the ensemble has a configuration')
    return createMemberKeeper(options, {
      serverId: this.#id,
      config,
      initLimitTicks: INIT_LIMIT_TICKS,
      syncLimitTicks: SYNC_LIMIT_TICKS,
      connectTimeoutMs: 5 * this.#tickTimeMs,
      windowMax: WINDOW_MAX,
      isReconfigEnabled: false,
      ...this.#place.network.host(this.address).ports,
    })
  }

  /** The disk has failed it: the process ends, the machine does not. */
  #ended(process: SimProcess, error: Error): void {
    if (!process.isAlive) return
    if (!(error instanceof DiskError)) throw new Violation(`${this.address} gives up: ${error.message}`)
    this.#place.world.note(`${this.address} gives up: ${error.message}`)
    this.crash('none')
  }
}
