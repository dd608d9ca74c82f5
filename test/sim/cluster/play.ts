import { createTopic } from '../../../src/client/admin/topics.ts'
import { KeeperError, KeeperErrorCode, type ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import type { Random } from '../zab/random.ts'
import { SimNetwork } from '../world/network.ts'
import type { Temper } from '../world/process.ts'
import { Violation, type World } from '../world/world.ts'
import { BrokerMachine } from './broker-machine.ts'
import { type ProducerManner, SimAdmin, SimCommitter, SimMember, SimProducer, SimReader } from './clients.ts'
import { batchesBelow } from './files.ts'
import { InSyncWatch } from './in-sync-watch.ts'
import { KeeperMachine, keeperAddresses } from './keeper-machine.ts'
import type { Place } from '../world/machine.ts'
import { judgeLog, keyOf, Ledger } from './ledger.ts'
import { judgeBytes, judgeRest } from './rest.ts'
import { lookingSession, readTree, type Tree } from './tree.ts'
import { valuesOf } from './values.ts'
import { Watch } from './watch.ts'

export interface ClusterSettings {
  readonly brokers: number
  readonly keepers: number
  readonly tickTimeMs: number
  /** `key=value` for every broker. */
  readonly overrides: readonly string[]
  readonly hotTailSizeBytes: number
  /** Acknowledged means on the disk: then any number of machines may lose their power. */
  readonly isDurable: boolean
  readonly temper: () => Temper
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** How long a healed cluster may take to be whole again. */
export const CALM_MS = 90_000
const QUIET_MS = 1_500
/** By then a broker's upkeep has come by every partition, and has found what a disk had done to it. */
const UPKEEP_MS = 1_500
const JUDGEMENTS_MAX = 3

/** Keepers, brokers, clients and what lies between them, in one world. Nothing happens to them unless somebody makes it happen. */
export class ClusterPlay {
  readonly world: World
  readonly random: Random
  readonly network: SimNetwork
  readonly place: Place
  readonly settings: ClusterSettings
  readonly ledger: Ledger = new Ledger()
  readonly keepers: KeeperMachine[]
  readonly brokers: BrokerMachine[]
  readonly watch: Watch
  readonly producers: SimProducer[] = []
  readonly readers: SimReader[] = []
  readonly members: SimMember[] = []
  readonly committers: SimCommitter[] = []
  readonly admin: SimAdmin
  /** What producers send to. */
  partitions: TopicPartition[] = []
  faults = 0
  isHealed = false
  #looking: ZooKeeperFullClient | undefined
  #clientCount = 0

  constructor(world: World, settings: ClusterSettings) {
    this.world = world
    this.random = world.random
    this.settings = settings
    this.network = new SimNetwork(world)
    this.place = { world, network: this.network }
    const addresses = keeperAddresses(settings.keepers)
    this.keepers = addresses.map(
      (_, index) => new KeeperMachine(this.place, index + 1, settings.keepers, settings.tickTimeMs),
    )
    const durable = `jackdaw.acks.durable=${settings.isDurable}`
    const broker = { overrides: [...settings.overrides, durable], hotTailSizeBytes: settings.hotTailSizeBytes }
    this.brokers = Array.from(
      { length: settings.brokers },
      (_, index) => new BrokerMachine(this.place, index + 1, addresses, broker),
    )
    for (const machine of [...this.keepers, ...this.brokers]) {
      machine.temper = settings.temper()
      this.network.host(machine.address)
    }
    this.watch = new Watch(world, this.brokers)
    this.admin = new SimAdmin(this.place, 'admin', this.brokerNames)
    const inSync = new InSyncWatch(world, this.brokers)
    world.onEvent = () => {
      this.watch.look()
      inSync.look()
    }
  }

  get brokerNames(): string[] {
    return this.brokers.map(({ address }) => address)
  }

  get controller(): BrokerMachine | undefined {
    return this.brokers.find(({ running }) => running?.controller.isActive === true)
  }

  broker(id: number): BrokerMachine {
    const broker = this.brokers[id - 1]
    if (broker === undefined) throw new Error(`there is no broker ${id}`)
    return broker
  }

  /** Who leads a partition, as somebody alive believes who is not the only one. */
  leaderOf({ topic, partition }: TopicPartition): BrokerMachine | undefined {
    const controller = this.controller ?? this.brokers.find(({ isListening }) => isListening)
    const leader = controller?.running?.path.view.partition(topic, partition)?.leader ?? -1
    return leader < 0 ? undefined : this.broker(leader)
  }

  run(durationMs: number): Promise<void> {
    return this.world.run(durationMs)
  }

  async until(condition: () => boolean, what: string, limitMs: number = CALM_MS): Promise<void> {
    if (!(await this.world.runUntil(condition, limitMs, 20))) throw new Violation(`${what}: ${this.describe()}`)
  }

  /** Waits for a promise of the simulated world. */
  async answered<Result>(promise: Promise<Result>, what: string): Promise<Result> {
    let outcome: { readonly result: Result } | { readonly error: unknown } | undefined
    promise.then(
      (result) => {
        outcome = { result }
      },
      (error: unknown) => {
        outcome = { error }
      },
    )
    await this.until(() => outcome !== undefined, what)
    if (outcome === undefined) throw new Violation(what)
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }

  /** Everybody up, one controller, every partition with all its replicas in sync. */
  async start(): Promise<void> {
    for (const keeper of this.keepers) keeper.start()
    for (const broker of this.brokers) broker.start()
    await this.until(() => this.isWhole, 'no cluster forms')
  }

  async createTopic(
    name: string,
    partitionCount: number,
    replicationFactor: number,
    configs: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const topic = { name, partitionCount, replicationFactor, configs }
    await this.answered(createTopic(this.admin.context, topic), `topic ${name} is not created`)
    for (let partition = 0; partition < partitionCount; partition += 1) this.addPartition({ topic: name, partition })
    await this.until(() => this.isWhole, `topic ${name} does not come to life`)
  }

  /** Producers send to it from now on. */
  addPartition({ topic, partition }: TopicPartition): void {
    if (this.partitions.some((known) => known.topic === topic && known.partition === partition)) return
    this.partitions = [...this.partitions, { topic, partition }]
  }

  addProducer(manner: ProducerManner): SimProducer {
    const names = this.#shuffledBrokers()
    const producer = new SimProducer(
      this.place,
      this.#name('producer'),
      names,
      this.ledger,
      manner,
      () => this.partitions,
    )
    this.producers.push(producer)
    return producer
  }

  addReader(partitions: readonly TopicPartition[] = this.partitions): SimReader {
    const reader = new SimReader(this.place, this.#name('reader'), this.#shuffledBrokers(), this.ledger, partitions)
    this.readers.push(reader)
    return reader
  }

  addMember(group: string, topics: readonly string[]): SimMember {
    const name = this.#name('member')
    const member = new SimMember(this.place, name, this.#shuffledBrokers(), this.ledger, group, topics)
    this.members.push(member)
    return member
  }

  addCommitter(partition: TopicPartition): SimCommitter {
    const name = this.#name('committer')
    const committer = new SimCommitter(this.place, name, this.#shuffledBrokers(), this.ledger, partition)
    this.committers.push(committer)
    return committer
  }

  /** Nothing is wrong any more as far as brokers say, and everybody says the same. */
  get isWhole(): boolean {
    if (!this.keepers.every(({ isServing }) => isServing)) return false
    if (this.brokers.filter(({ running }) => running?.controller.isActive === true).length !== 1) return false
    return this.brokers.every((broker) => this.#isInOrder(broker))
  }

  #isInOrder({ isListening, isStopping, running }: BrokerMachine): boolean {
    if (!isListening || isStopping || running === undefined) return false
    const { view, shard } = running.path
    if (view.brokers.length !== this.brokers.length) return false
    for (const { partitions } of view.topics()) {
      for (const { leader, replicas, inSyncReplicas } of partitions) {
        if (leader < 0 || inSyncReplicas.length !== replicas.length) return false
      }
    }
    for (const { isOffline, replica } of shard.ownership.all()) {
      if (isOffline || replica === undefined) return false
      if (replica.position.highWatermark !== replica.position.logEndOffset) return false
    }
    return true
  }

  describe(): string {
    const lines: string[] = []
    for (const { address, running, isListening } of this.brokers) {
      const parts: string[] = []
      for (const { assignment, isOffline, replica, leadership } of running?.path.shard.ownership.all() ?? []) {
        const { topic, partition, role } = assignment
        const set =
          leadership === null ? '' : ` in sync ${leadership.inSyncReplicas.join(',')}/${leadership.partitionEpoch}`
        const position = `${replica?.position.highWatermark}/${replica?.position.logEndOffset}`
        parts.push(
          `${topic}-${partition} ${role.kind} e${role.leaderEpoch}${set} ${position}${isOffline ? ' offline' : ''}`,
        )
      }
      const isActive = running?.controller.isActive === true ? ' controller' : ''
      const state = running === undefined ? ' down' : isListening ? '' : ' starting'
      lines.push(`${address}${state}${isActive} [${parts.join('; ')}]`)
    }
    return lines.join(' ')
  }

  /** Ends every fault; what is down comes back, what has lost its disk begins anew. */
  async heal(): Promise<void> {
    this.world.note('everything is healed')
    this.isHealed = true
    this.network.healAll()
    for (const machine of [...this.keepers, ...this.brokers]) {
      machine.onCrash = () => this.world.events.after(50, () => machine.start())
      machine.process?.spare()
      Object.assign(machine.disk.trouble, { isFull: false, failsNextSync: false, syncMs: 1 })
      machine.start()
    }
    for (const client of [...this.producers, ...this.committers, ...this.members]) client.rest()
    await this.run(500)
    await this.until(() => this.brokers.every(({ process }) => process?.isStalled === false), 'a process stays stopped')
    await this.run(UPKEEP_MS)
    for (const broker of this.brokers) {
      const partitions = [...(broker.running?.path.shard.ownership.all() ?? [])]
      if (partitions.some(({ isOffline }) => isOffline)) this.replaceDisk(broker)
    }
  }

  /**
   * What has lost its disk begins anew. After a sync that failed the system shows what it can no longer save, to the next
   * process, too: where acknowledged means saved, the machine has to be started again.
   */
  replaceDisk(broker: BrokerMachine): void {
    broker.crash(this.settings.isDurable ? 'some' : 'none')
  }

  /** Heals everything and judges. */
  async finish(): Promise<void> {
    await this.heal()
    await this.until(() => this.isWhole, 'the cluster does not become whole')
    await this.until(() => this.producers.every(({ isIdle }) => isIdle), 'a producer is not answered')
    await this.#proveAlive()
    await this.settle()
    const tree = await this.judge()
    await this.#readersCatchUp(tree)
    for (const committer of this.committers) {
      await this.answered(committer.look(), `${committer.name} is not told what it has committed`)
    }
  }

  /** Ends all processes at once, with or without their machines' power, and judges what comes back. */
  async fallAndRise(): Promise<void> {
    for (const machine of [...this.keepers, ...this.brokers]) {
      const loss = this.settings.isDurable || machine instanceof KeeperMachine ? 'all' : 'none'
      machine.crash(loss)
    }
    await this.run(100)
    await this.until(() => this.isWhole, 'the cluster does not come back after all have fallen')
    await this.settle()
    await this.judge()
  }

  /** The last words between brokers. */
  async settle(): Promise<void> {
    for (let quietMs = 0; quietMs < QUIET_MS; ) {
      await this.run(250)
      quietMs = this.isWhole ? quietMs + 250 : 0
    }
  }

  /** A leader may go back to its preferred broker at any moment: what is wrong is wrong the next time, too. */
  async judge(): Promise<Tree> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#judgeOnce(await this.tree())
      } catch (error) {
        if (!(error instanceof Violation) || attempt === JUDGEMENTS_MAX) throw error
        this.world.note(`judged again: ${error.message}`)
        await this.settle()
      }
    }
  }

  #judgeOnce(tree: Tree): Tree {
    judgeRest(tree, this.brokers)
    judgeBytes(tree, this.brokers, this.watch.shownUpTo)
    for (const [name, { node }] of tree.topics) {
      if (this.ledger.doomed.has(name)) continue
      for (const [partition, [first = 1]] of node.assignment) {
        const bytes = batchesBelow(this.broker(first).disk, name, partition, Number.MAX_SAFE_INTEGER)
        judgeLog(this.ledger, keyOf(name, partition), valuesOf(keyOf(name, partition), bytes, name.startsWith('__')))
      }
    }
    for (const key of this.ledger.keys()) {
      const topic = key.slice(0, key.lastIndexOf('-'))
      if (!tree.topics.has(topic) && !this.ledger.doomed.has(topic)) throw new Violation(`topic ${topic} is lost`)
    }
    return tree
  }

  async tree(): Promise<Tree> {
    if (this.#looking === undefined) {
      const session = lookingSession(this.place, 'inspector', keeperAddresses(this.settings.keepers))
      this.#looking = await this.answered(session, 'an inspector gets no session')
    }
    return this.answered(readTreePatiently(this.#looking), 'the tree cannot be read')
  }

  /** Every partition takes a record that all have. */
  async #proveAlive(): Promise<void> {
    const manner = { acks: -1 as const, isIdempotent: true, thinkMs: 1, burst: 1, valueSizeBytes: 10 }
    const prover = this.addProducer(manner)
    prover.rest()
    const sends = this.partitions
      .filter(({ topic }) => !this.ledger.doomed.has(topic))
      .map(({ topic, partition }) => prover.send(topic, partition))
    for (const { value, topic, partition, isRefused } of await this.answered(
      Promise.all(sends),
      'a healthy cluster does not answer a producer',
    )) {
      if (isRefused)
        throw new Violation(`a healthy cluster refuses ${value} for ${topic}-${partition}: ${this.describe()}`)
    }
  }

  async #readersCatchUp(tree: Tree): Promise<void> {
    const endOf = (key: string): number => {
      const at = key.lastIndexOf('-')
      const [topic, partition] = [key.slice(0, at), Number(key.slice(at + 1))]
      const leader = tree.topics.get(topic)?.states.get(partition)?.state.leader ?? 0
      for (const { assignment, replica } of this.brokers[leader - 1]?.running?.path.shard.ownership.all() ?? []) {
        if (assignment.topic === topic && assignment.partition === partition)
          return replica?.position.highWatermark ?? 0
      }
      return 0
    }
    const isDone = (): boolean =>
      this.readers.every(({ next }) => [...next].every(([key, offset]) => offset >= endOf(key)))
    await this.until(isDone, 'a reader does not get to the end')
    for (const reader of this.readers) reader.rest()
  }

  #name(kind: string): string {
    this.#clientCount += 1
    return `${kind}${this.#clientCount}`
  }

  #shuffledBrokers(): string[] {
    const first = this.random.between(0, this.brokers.length - 1)
    return [...this.brokerNames.slice(first), ...this.brokerNames.slice(0, first)]
  }
}

/** Connections may have been lost without anybody having noticed yet. */
async function readTreePatiently(client: ZooKeeperFullClient): Promise<Tree> {
  for (;;) {
    try {
      await client.sync('/')
      return await readTree(client)
    } catch (error) {
      // What stands in the tree may go while it is read.
      const isPassing = [KeeperErrorCode.connectionLoss, KeeperErrorCode.noNode].some(
        (code) => code === (error as KeeperError).code,
      )
      if (!(error instanceof KeeperError) || !isPassing) throw error
    }
  }
}
