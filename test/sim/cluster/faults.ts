import { alterReassignments } from '../../../src/client/admin/reassignments.ts'
import { createPartitions, createTopic, deleteTopic } from '../../../src/client/admin/topics.ts'
import type { Random } from '../zab/random.ts'
import { LOSSES } from '../world/disk.ts'
import type { SimNetwork } from '../world/network.ts'
import type { World } from '../world/world.ts'
import type { BrokerMachine } from './broker-machine.ts'
import type { KeeperMachine } from './keeper-machine.ts'
import type { ClusterPlay } from './play.ts'

type Machine = BrokerMachine | KeeperMachine

/** Mistakes in a row after which everybody is left in peace for a moment. */
const PARTITIONS_MAX = 4
const TOPICS_MAX = 3

/** Everything that can happen to a cluster, at random moments. */
export class Faults {
  readonly #play: ClusterPlay
  readonly #world: World
  readonly #random: Random
  readonly #network: SimNetwork
  /** Something is wrong that will be put right by itself. */
  #openCount = 0
  /** A machine has lost its power and what was not synced: the others must not fail until it has it back. */
  #isRecovering = false
  #topicCount = 0
  /** Topics that were made and may be deleted. */
  readonly #extra: string[] = []
  /** Names that somebody is making or deleting a topic of. */
  readonly #busy = new Set<string>()

  constructor(play: ClusterPlay) {
    this.#play = play
    this.#world = play.world
    this.#random = play.random
    this.#network = play.network
  }

  /** @param everyMs mean time between two faults */
  async play(durationMs: number, everyMs: number): Promise<void> {
    const endMs = this.#world.nowMs + durationMs
    for (const machine of this.#machines) machine.onCrash = () => this.#startAgain(machine)
    while (this.#world.nowMs < endMs) {
      await this.#play.run(this.#random.next() * 2 * everyMs)
      if (this.#isRecovering) {
        if (!this.#play.isWhole) continue
        this.#isRecovering = false
      }
      this.#play.faults += 1
      this.#one()
    }
  }

  get #machines(): Machine[] {
    return [...this.#play.brokers, ...this.#play.keepers]
  }

  #one(): void {
    const draw = this.#random.next()
    if (draw < 0.13) this.#kill(this.#broker())
    else if (draw < 0.2) this.#losePower()
    else if (draw < 0.25) this.#stop()
    else if (draw < 0.33) this.#killAtStep()
    else if (draw < 0.38) this.#freeze()
    else if (draw < 0.53) this.#cut()
    else if (draw < 0.57) this.#reset()
    else if (draw < 0.61) this.#slowWay()
    else if (draw < 0.67) this.#troubleDisk()
    else if (draw < 0.75) this.#keeper()
    else if (draw < 0.82) this.#kill(this.#play.controller)
    else this.#change()
  }

  #broker(): BrokerMachine {
    return this.#random.pick(this.#play.brokers)
  }

  #kill(machine: Machine | undefined): void {
    machine?.crash('none')
  }

  /** Without durable acknowledgements only what one machine loses may be lost, and only while the others have it. */
  #losePower(): void {
    const { settings, brokers, isWhole } = this.#play
    if (settings.isDurable) {
      const count = this.#random.happens(0.3) ? brokers.length : 1
      for (let index = 0; index < count; index += 1) this.#broker().crash(this.#random.pick(LOSSES))
      return
    }
    if (!isWhole || this.#openCount > 0) return
    for (const machine of this.#machines) machine.process?.spare()
    this.#isRecovering = true
    this.#broker().crash(this.#random.pick(LOSSES))
  }

  #stop(): void {
    const broker = this.#broker()
    broker.process?.post(() => {
      broker.stop().catch((error: unknown) => {
        this.#world.fail(error instanceof Error ? error : new Error(String(error)))
      })
    })
  }

  /** It dies in front of some write, sync or send, soon. */
  #killAtStep(): void {
    const { process } = this.#random.happens(0.4) ? (this.#play.controller ?? this.#broker()) : this.#broker()
    if (process !== undefined) process.stepsToLive = this.#random.between(1, this.#random.pick([10, 100]))
  }

  #freeze(): void {
    const machine = this.#random.pick(this.#machines)
    const durationMs = this.#random.pick([50, 800, 5_000])
    this.#world.note(`${machine.address} is stopped for ${durationMs} ms`)
    machine.process?.pause(durationMs)
    this.#opened(durationMs)
  }

  #cut(): void {
    const { brokers, keepers, producers, readers } = this.#play
    const broker = this.#broker()
    const draw = this.#random.next()
    const others = brokers.filter((other) => other !== broker).map(({ address }) => address)
    const keeperNames = keepers.map(({ address }) => address)
    const clients = [...producers, ...readers].map(({ name }) => name)
    if (draw < 0.25) this.#separate([broker.address], keeperNames)
    else if (draw < 0.5) this.#separate([broker.address], others)
    else if (draw < 0.6) this.#separate([broker.address], [this.#random.pick(others)])
    else if (draw < 0.75) this.#separate([broker.address], [...others, ...keeperNames])
    else if (draw < 0.85) this.#separate([broker.address], [...others, ...keeperNames, ...clients])
    else {
      const side = brokers.filter(() => this.#random.happens(0.5)).map(({ address }) => address)
      const rest = [...brokers, ...keepers].map(({ address }) => address).filter((address) => !side.includes(address))
      this.#separate(side, rest)
    }
  }

  /** Cuts the ways between two sides, in both directions or in one, for a while. */
  #separate(side: readonly string[], others: readonly string[]): void {
    const kind = this.#random.pick(['both', 'both', 'out', 'in'])
    const cuts: [string, string][] = []
    for (const inner of side) {
      for (const outer of others) {
        if (kind !== 'in') cuts.push([inner, outer])
        if (kind !== 'out') cuts.push([outer, inner])
      }
    }
    const durationMs = this.#random.pick([100, 1_000, 5_000])
    this.#world.note(`cut ${kind}: ${side.join(',')} | ${others.join(',')} for ${durationMs} ms`)
    for (const [from, to] of cuts) this.#network.cut(from, to)
    this.#opened(durationMs, () => {
      for (const [from, to] of cuts) this.#network.heal(from, to)
    })
  }

  #reset(): void {
    const count = this.#random.between(1, 5)
    for (let index = 0; index < count; index += 1)
      this.#network.host(this.#random.pick(this.#machines).address).resetOne()
  }

  #slowWay(): void {
    const from = this.#random.pick(this.#machines).address
    const to = this.#random.pick(this.#machines).address
    this.#network.slow(from, to, this.#random.pick([30, 200, 1_000]))
    this.#opened(2_000, () => this.#network.slow(from, to, 0))
  }

  #troubleDisk(): void {
    const broker = this.#broker()
    const draw = this.#random.next()
    const durationMs = this.#random.pick([200, 2_000])
    this.#world.note(`${broker.address} has trouble with its disk for ${durationMs} ms`)
    const { disk } = broker
    const before = disk.trouble.syncMs
    if (draw < 0.4) disk.trouble.syncMs = 400
    else if (draw < 0.75) disk.trouble.isFull = true
    else disk.trouble.failsNextSync = true
    this.#opened(durationMs, () => {
      Object.assign(broker.disk.trouble, { isFull: false, failsNextSync: false, syncMs: before })
      if (this.#play.isHealed) return
      // Somebody has made room, and starts what has lost its disk.
      for (const { isOffline } of broker.running?.path.shard.ownership.all() ?? []) {
        if (!isOffline) continue
        this.#play.replaceDisk(broker)
        return
      }
    })
  }

  #keeper(): void {
    const keeper = this.#random.pick(this.#play.keepers)
    keeper.crash(this.#random.pick(LOSSES))
  }

  #change(): void {
    const { admin, brokers, partitions, ledger } = this.#play
    const draw = this.#random.next()
    if (draw < 0.3) {
      this.#createTopic()
    } else if (draw < 0.45) {
      const name = this.#extra.shift()
      if (name === undefined) return
      ledger.doomed.add(name)
      this.#busy.add(name)
      this.#play.partitions = partitions.filter(({ topic }) => topic !== name)
      admin.act(`delete ${name}`, (context) => deleteTopic(context, name).finally(() => this.#busy.delete(name)))
    } else if (draw < 0.9) {
      const { topic, partition } = this.#random.pick(partitions)
      const ids = this.#shuffled(brokers.map(({ id }) => id)).slice(0, topic === 'pairs' ? 2 : 3)
      const replicas = this.#random.happens(0.1) ? null : ids
      admin.act(`move ${topic}-${partition} to ${replicas?.join(',') ?? 'where it was'}`, async (context) => {
        await alterReassignments(context, [{ topic, partition, replicas }])
      })
    } else {
      const count = partitions.filter(({ topic }) => topic === 'events').length
      if (count >= PARTITIONS_MAX) return
      admin.act(`add partition ${count} to events`, async (context) => {
        await createPartitions(context, 'events', count + 1)
        this.#play.addPartition({ topic: 'events', partition: count })
      })
    }
  }

  #createTopic(): void {
    if (this.#extra.length + this.#busy.size >= TOPICS_MAX) return
    this.#topicCount += 1
    const { admin, ledger } = this.#play
    // Some names come back, with other topics behind them: of those nothing is promised.
    const isAgain = this.#random.happens(0.5)
    const name = isAgain ? `again-${this.#topicCount % 2}` : `extra-${this.#topicCount}`
    if (this.#extra.includes(name) || this.#busy.has(name)) return
    if (isAgain) ledger.doomed.add(name)
    this.#busy.add(name)
    const partitionCount = this.#random.between(1, 2)
    admin.act(`create ${name}`, async (context) => {
      await createTopic(context, { name, partitionCount, replicationFactor: 3 }).finally(() => this.#busy.delete(name))
      this.#extra.push(name)
      this.#play.addPartition({ topic: name, partition: 0 })
    })
  }

  #shuffled(ids: readonly number[]): number[] {
    const rest = [...ids]
    const shuffled: number[] = []
    while (rest.length > 0) shuffled.push(...rest.splice(this.#random.between(0, rest.length - 1), 1))
    return shuffled
  }

  #opened(durationMs: number, end: () => void = () => {}): void {
    this.#openCount += 1
    this.#world.events.after(durationMs, () => {
      this.#openCount -= 1
      end()
    })
  }

  #startAgain(machine: Machine): void {
    this.#world.events.after(this.#random.pick([1, 50, 700, 3_000]), () => {
      if (!this.#play.isHealed) machine.start()
      // Now and then it falls again while it stands up.
      const { process } = machine
      if (this.#isRecovering || this.#play.isHealed || process === undefined) return
      if (this.#random.happens(0.1)) process.stepsToLive = this.#random.between(1, 60)
    })
  }
}
