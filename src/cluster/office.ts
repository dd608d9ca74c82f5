/**
 * The controller in office: knows the whole cluster, decides what becomes of its partitions, writes that under its guard,
 * and tells the brokers. Exists from a won election to the next; every method runs in its turn of the node's queue.
 */
import { ErrorCode } from '../model/error-code.ts'
import { KeeperError, KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import type { BrokerAgent } from './agent/agent.ts'
import { CommandBatch } from './command-batch.ts'
import type { ConfigStore } from './config-store.ts'
import type { BrokerLayers } from './config/resolve.ts'
import type { InSyncAnswer, InSyncRequest, ShutdownAnswer } from './contract-calls.ts'
import { type BrokerCommand, endpointOf, partitionKey } from './contract-commands.ts'
import {
  type Awaited,
  type ControllerContext,
  type ControllerDependencies,
  type Dispatch,
  OTHERS_WAIT_MS,
  type SentCommand,
} from './controller-context.ts'
import type { Mandate } from './controller-election.ts'
import { decideLoadedTopic } from './decide-load.ts'
import { type StateContext, decideRebalance, decideStates } from './decide-states.ts'
import type { GoneController } from './gone-members.ts'
import { GuardedWriter } from './guarded-writer.ts'
import { alterInSync } from './in-sync-changes.ts'
import { ElectionRequests, PREFERRED_ELECTION } from './leader-elections.ts'
import { shutDownBroker } from './leaving.ts'
import { childrenOf, loadBrokers, loadCluster, loadTopics } from './loader.ts'
import { inSyncNotified, logDirectoriesFailed, preferredElectionWished } from './office-notices.ts'
import { type StateChange, writeStates } from './partition-writes.ts'
import { Reassignments } from './reassignments.ts'
import { randomUuid } from './startup.ts'
import { type BrokerRecord, ClusterState } from './state.ts'
import { TopicDeletions } from './topic-deletions.ts'
import { dropAll, takeRegistration } from './tree-removals.ts'
import { IN_SYNC_CHANGES_PATH, LOG_DIRECTORY_EVENTS_PATH, TOPICS_PATH } from './znodes.ts'

/** A write was refused although the state says it fits: somebody else has changed the tree. One more reading tells. */
const RELOADS_MAX = 5

const NOBODY: ReadonlySet<number> = new Set()

/** What calls the office back when the tree changes. Each fires once and is set again by the reading that follows. */
export interface OfficeWatchers {
  readonly onBrokers: Watcher
  readonly onTopics: Watcher
  readonly onDeletions: Watcher
  readonly onReassignments: Watcher
  readonly onPreferredElection: Watcher
  readonly onInSyncChanges: Watcher
  readonly onLogDirectoryEvents: Watcher
}

/** How long the list of topics may go on changing before it is looked at. */
const TOPICS_GATHER_MS = 100

/** @param once a watcher under a name, of which a later one takes the place; `delayMs` after it has fired the work is done */
export function officeWatchers(
  office: () => Office,
  once: (name: string, work: () => Promise<void>, delayMs?: number) => Watcher,
): OfficeWatchers {
  return {
    onBrokers: once('brokers', () => office().brokersChanged()),
    // Our own topics fire it too: a burst of creations is looked at once.
    onTopics: once('topics', () => office().topicsChanged(), TOPICS_GATHER_MS),
    onDeletions: once('deletions', () => office().deletionsWished()),
    onReassignments: once('reassignments', () => office().reassignmentsWished()),
    onPreferredElection: once('preferred', () => office().preferredElectionWished()),
    onInSyncChanges: once('in-sync', () => office().inSyncNotified()),
    onLogDirectoryEvents: once('log directories', () => office().logDirectoriesFailed()),
  }
}

export interface OfficeOptions {
  readonly dependencies: ControllerDependencies
  readonly configs: ConfigStore
  readonly agent: BrokerAgent
  readonly zookeeper: ZooKeeperClient
  readonly mandate: Mandate
  readonly watchers: OfficeWatchers
  readonly layers: () => BrokerLayers
  /** Runs work in a turn of the node's queue, unless the office has ended by then. */
  readonly later: (work: () => Promise<void>) => void
}

export class Office {
  readonly mandate: Mandate
  readonly state: ClusterState
  readonly context: ControllerContext
  readonly #options: OfficeOptions
  /** Brokers whose new life a reading has shown, until others have taken over from the old one. */
  readonly #restarted = new Set<number>()
  /** True until the tree has been read: nothing is decided, or told, from a state that is not known. */
  #mustReload: boolean = true
  /** Whose logs may have lost their tails, until a reading has taken that into account. */
  #suspect: number | undefined
  /** Whose office this was, until its registration has been taken away. */
  #gone: GoneController | undefined
  #afterwards: Awaited[] = []
  /** Brokers that must be told everything again. */
  readonly #behind = new Set<number>()

  constructor(options: OfficeOptions) {
    const { dependencies, zookeeper, mandate, layers, configs } = options
    this.#options = options
    this.mandate = mandate
    this.state = new ClusterState(configs)
    this.context = {
      dependencies,
      state: this.state,
      zookeeper,
      writer: new GuardedWriter(zookeeper, mandate.epochVersion),
      controllerEpoch: mandate.epoch,
      orphanConfigs: new Set(),
      layers,
      dispatch: (batch, isOwnFirst) => this.#dispatch(batch, isOwnFirst),
      later: options.later,
      distrust: () => this.distrust(),
      answerAfter: (done, waitMs = OTHERS_WAIT_MS) => this.#afterwards.push({ done, waitMs }),
    }
  }

  /** The tree is not what we believe: it is read again before the next operation. */
  distrust(): void {
    this.#mustReload = true
  }

  /** What the answer to the operation that has just run should wait for. */
  takeAfterwards(): readonly Awaited[] {
    const taken = this.#afterwards
    this.#afterwards = []
    return taken
  }

  /** Before anything is decided. A reading that was cut off, the first one included, is done again here. */
  async trustAgain(): Promise<void> {
    if (this.#mustReload) await this.#reload()
  }

  /**
   * Reads the tree, repairs it, and tells every broker what it is to do.
   *
   * @param suspect our own id when our last life ended without a clean stop
   * @param gone the controller before us, whose process has ended: what it had not synced may be lost, too
   */
  async takeOver(suspect: number | undefined, gone?: GoneController): Promise<void> {
    this.#suspect = suspect ?? gone?.brokerId
    this.#gone = gone
    await this.#reload()
  }

  async #reload(): Promise<void> {
    const { zookeeper } = this.#options
    const gone = this.#gone
    if (gone !== undefined) {
      await takeRegistration(this.context, gone.brokerId, ({ ephemeralOwner }) => ephemeralOwner === gone.session)
      this.#gone = undefined
    }
    await Promise.all([
      dropAll(zookeeper, LOG_DIRECTORY_EVENTS_PATH, this.#options.watchers.onLogDirectoryEvents),
      dropAll(zookeeper, IN_SYNC_CHANGES_PATH, this.#options.watchers.onInSyncChanges),
    ])
    for (let attempt = 0; attempt < RELOADS_MAX; attempt += 1) {
      if (!(await this.#tryTakeOver(this.#suspect))) continue
      this.#suspect = undefined
      return
    }
    throw new KeeperError(KeeperErrorCode.badVersion, '/', `the tree changed during ${RELOADS_MAX} readings in a row`)
  }

  async #tryTakeOver(suspect: number | undefined): Promise<boolean> {
    const { zookeeper, watchers, dependencies } = this.#options
    const { context, state } = this
    const loaded = await loadCluster(zookeeper, watchers)
    const before = state.brokers
    state.brokers = loaded.brokers
    for (const [id, { epoch }] of before) {
      const now = loaded.brokers.get(id)
      if (now?.epoch === epoch) continue
      // Another life, of which we hear by this reading alone.
      if (now !== undefined) this.#restarted.add(id)
      this.#forgetLife(id)
    }
    this.#setLinks()
    context.orphanConfigs.clear()
    for (const topic of loaded.orphanConfigs) context.orphanConfigs.add(topic)
    const suspectsSince = this.#suspectsSince(suspect)
    const decisions = loaded.topics.map((topic) =>
      decideLoadedTopic(topic, {
        controllerEpoch: this.mandate.epoch,
        alive: (name, partition) => state.alive(name, partition),
        suspectsSince,
        isUncleanAllowed: (name) => this.#isUncleanAllowed(name),
        newTopicId: () => randomUuid(dependencies.entropy),
      }),
    )
    const codes = await context.writer.write(decisions.map((decision) => decision.writes))
    if (codes.some((code) => code !== KeeperErrorCode.ok)) return false
    state.forgetTopics()
    state.deletions.clear()
    for (const { topic } of decisions) state.putTopic(topic)
    this.#mustReload = false
    // Everybody must know who lives before anybody is told to follow somebody.
    const greeting = new CommandBatch()
    greeting.addBrokers()
    await this.#dispatch(greeting)
    await new TopicDeletions(context).deleteWished(loaded.deleting)
    const batch = new CommandBatch()
    if (this.#restarted.size > 0) await this.#settle(batch, this.#restarted)
    this.#restarted.clear()
    for (const id of state.brokers.keys()) batch.addEverything(id)
    for (const topic of state.topics.values()) {
      for (const { partition, replicas } of topic.partitions) batch.addLeadershipOnly(replicas, topic.name, partition)
    }
    await this.#dispatch(batch)
    const reassignments = new Reassignments(context)
    await reassignments.wishedFor(watchers.onReassignments)
    await reassignments.complete()
    await this.preferredElectionWished()
    return true
  }

  /**
   * Brokers that began their life after a state was decided, and whose last one did not end in order: perhaps nobody was in
   * office just then.
   *
   * @param suspect counts in any case
   */
  #suspectsSince(suspect: number | undefined): (modifiedZxid: number) => ReadonlySet<number> {
    const always = suspect === undefined ? NOBODY : new Set([suspect])
    const recovered = [...this.state.brokers.values()].filter(({ hasRecovered }) => hasRecovered)
    if (recovered.length === 0) return () => always
    return (modifiedZxid) => {
      const since = recovered.filter(({ epoch }) => epoch > modifiedZxid).map(({ id }) => id)
      return new Set([...always, ...since])
    }
  }

  /** What was known of a broker's last life: it is gone, or has begun another. */
  #forgetLife(brokerId: number): void {
    this.state.shuttingDown.delete(brokerId)
    this.state.failedReplicas.delete(brokerId)
    this.#behind.delete(brokerId)
  }

  /** Brokers have come, gone, or begun another life. */
  async brokersChanged(): Promise<void> {
    const { zookeeper, watchers, dependencies, agent } = this.#options
    const { state } = this
    const before = state.brokers
    const now = await loadBrokers(zookeeper, watchers.onBrokers)
    // We ourselves are not there: our session is over, or another process has our id. Either way this office ends.
    if (now.get(dependencies.brokerId)?.epoch !== agent.brokerEpoch) return
    const gone = [...before.keys()].filter((id) => !now.has(id))
    const restarted = [...now.values()].filter(({ id, epoch }) => (before.get(id)?.epoch ?? epoch) < epoch)
    const appeared = [...now.keys()].filter((id) => !before.has(id))
    const bounced = new Set(restarted.map(({ id }) => id))
    const isSaid = JSON.stringify([...before.values()]) === JSON.stringify([...now.values()])
    if (isSaid) return
    for (const id of [...gone, ...bounced]) this.#forgetLife(id)
    state.brokers = now
    this.#setLinks()
    const { log } = dependencies
    if (gone.length > 0) log.info('brokers have gone', { brokers: gone })
    if (appeared.length + bounced.size > 0) log.info('brokers have come', { brokers: [...appeared, ...bounced] })
    const greeting = new CommandBatch()
    greeting.addBrokers()
    await this.#dispatch(greeting)
    const back = new Set([...appeared, ...bounced])
    const batch = new CommandBatch()
    const moved = new Set([...gone, ...back])
    // Who comes back after a crash may still count as in sync where nobody else was, or nobody had noticed.
    const recovered = appeared.filter((id) => now.get(id)?.hasRecovered === true)
    await this.#settle(batch, new Set([...bounced, ...recovered]))
    for (const topic of state.topics.values()) {
      for (const { partition, replicas } of topic.partitions) {
        if (!replicas.some((replica) => moved.has(replica))) continue
        batch.addLeadership(
          replicas.filter((replica) => back.has(replica)),
          topic.name,
          partition,
        )
      }
    }
    for (const id of back) batch.addEverything(id)
    await this.#dispatch(batch)
    await new TopicDeletions(this.context).resume(back)
    await new Reassignments(this.context).complete()
  }

  /**
   * A broker's process has ended without a word: its registration is taken away now instead of when its session expires, and
   * the usual way follows. Should it live after all it is fenced like any broker whose session is over (its followers obey a
   * newer epoch, its in-sync changes are refused), and registers again.
   */
  async brokerGone(brokerId: number, epoch: number): Promise<void> {
    const known = this.state.brokers.get(brokerId)
    if (known?.epoch !== epoch || !known.reregisters) return
    const { dependencies } = this.#options
    if (await takeRegistration(this.context, brokerId, ({ czxid }) => czxid === epoch))
      dependencies.log.warn(`broker ${brokerId} has closed its connections and listens no more: it counts as gone`)
  }

  /** Topics that others have put into the tree. Those of our own making are known. */
  async topicsChanged(): Promise<void> {
    const { zookeeper, watchers, dependencies } = this.#options
    const { state, context } = this
    const names = await childrenOf(zookeeper, TOPICS_PATH, watchers.onTopics)
    const fresh = names.filter((name) => state.topic(name) === undefined && !state.deletions.has(name))
    if (fresh.length === 0) return
    const loaded = await loadTopics(zookeeper, fresh)
    const decisions = loaded.map((topic) =>
      decideLoadedTopic(topic, {
        controllerEpoch: this.mandate.epoch,
        alive: (name, partition) => state.alive(name, partition),
        suspectsSince: () => NOBODY,
        isUncleanAllowed: () => false,
        newTopicId: () => randomUuid(dependencies.entropy),
      }),
    )
    const codes = await context.writer.write(decisions.map(({ writes }) => writes))
    const batch = new CommandBatch()
    for (const [index, { topic }] of decisions.entries()) {
      if ((codes[index] ?? KeeperErrorCode.ok) !== KeeperErrorCode.ok) {
        this.distrust()
        continue
      }
      state.putTopic(topic)
      for (const { partition, state: first } of topic.partitions)
        batch.addLeadership(first.inSyncReplicas, topic.name, partition, true)
    }
    await this.#dispatch(batch)
  }

  async deletionsWished(): Promise<void> {
    await new TopicDeletions(this.context).deleteWishedAgain(this.#options.watchers.onDeletions)
  }

  async reassignmentsWished(): Promise<void> {
    await new Reassignments(this.context).wishedFor(this.#options.watchers.onReassignments)
  }

  preferredElectionWished(): Promise<void> {
    return preferredElectionWished(this.context, this.#options.watchers.onPreferredElection)
  }

  inSyncNotified(): Promise<void> {
    return inSyncNotified(this.context, this.#options.watchers.onInSyncChanges)
  }

  logDirectoriesFailed(): Promise<void> {
    return logDirectoriesFailed(this.context, this.#options.watchers.onLogDirectoryEvents)
  }

  /** Configuration has changed: elections that were not allowed may be now. */
  async electWhereAllowed(): Promise<void> {
    const batch = new CommandBatch()
    if ((await this.#settle(batch, new Set())) > 0) await this.#dispatch(batch)
  }

  /** Leaders go back to the first replicas, where too many are elsewhere. */
  async rebalance(imbalancePercentageMax: number): Promise<void> {
    const moves = decideRebalance(this.state, imbalancePercentageMax)
    if (moves.length === 0) return
    this.#options.dependencies.log.info('leaders go back to their preferred brokers', { partitions: moves.length })
    await new ElectionRequests(this.context).elect(PREFERRED_ELECTION, moves)
  }

  alterInSync(request: InSyncRequest): Promise<InSyncAnswer> {
    return alterInSync(this.context, request, (changes) => this.#movementsMayEnd(changes))
  }

  /** A broker is about to stop: what it leads moves, as far as others are in sync. */
  shutDownBroker(brokerId: number, brokerEpoch: number): Promise<ShutdownAnswer> {
    return shutDownBroker(this.context, brokerId, brokerEpoch)
  }

  async #movementsMayEnd(changes: readonly StateChange[]): Promise<void> {
    const reassignments = new Reassignments(this.context)
    const hasEnded = await reassignments.complete(new Set(changes.map(({ topic }) => topic)))
    if (!hasEnded) return
    await this.reassignmentsWished()
    // Topics that were to be deleted have waited for their partitions to come to rest.
    await this.deletionsWished()
  }

  /** @returns how many partitions have changed; the batch tells their replicas */
  async #settle(batch: CommandBatch, restarted: ReadonlySet<number>): Promise<number> {
    let count = 0
    for (let attempt = 0; attempt < RELOADS_MAX; attempt += 1) {
      const changes = decideStates(this.#stateContext(), attempt === 0 ? restarted : new Set())
      const { written, refused } = await writeStates(this.context, changes)
      for (const { topic, record } of written)
        batch.addLeadership(record.replicas, topic, record.partition, record.stateVersion < 0)
      count += written.length
      if (refused.length === 0) return count
    }
    this.distrust()
    return count
  }

  /** Replicas whose disk failed: others take over, and the broker lets go of them. */
  async #replicasFailed(brokerId: number, keys: ReadonlySet<string>): Promise<void> {
    const { state } = this
    const known = state.failedReplicas.get(brokerId) ?? new Set<string>()
    const fresh = [...keys].filter((key) => !known.has(key))
    if (fresh.length === 0 || !state.brokers.has(brokerId)) return
    state.failedReplicas.set(brokerId, new Set([...known, ...fresh]))
    this.#options.dependencies.log.warn(`broker ${brokerId} has lost the disk under ${fresh.length} replicas`)
    const batch = new CommandBatch()
    await this.#settle(batch, new Set())
    for (const topic of state.topics.values()) {
      for (const { partition, state: now } of topic.partitions) {
        if (!fresh.includes(partitionKey(topic.name, partition))) continue
        batch.addMetadata(topic.name, partition)
        batch.addStop([brokerId], topic.name, { partition, leaderEpoch: now.leaderEpoch, isDeleted: false })
      }
    }
    await this.#dispatch(batch)
  }

  /** A broker whose link was full, or whose answers were lost, is told everything again. */
  async #tellEverything(brokerId: number): Promise<void> {
    this.#behind.delete(brokerId)
    if (!this.state.brokers.has(brokerId)) return
    const batch = new CommandBatch()
    batch.addEverything(brokerId)
    for (const topic of this.state.topics.values()) {
      for (const { partition, replicas } of topic.partitions) {
        if (replicas.includes(brokerId)) batch.addLeadershipOnly([brokerId], topic.name, partition)
      }
    }
    await this.#dispatch(batch)
    await new TopicDeletions(this.context).resume(new Set([brokerId]))
  }

  async #dispatch(batch: CommandBatch, isOwnFirst: boolean = false): Promise<Dispatch> {
    const { dependencies, agent } = this.#options
    const { brokerId, config, links } = dependencies
    const commands = batch.build(this.state, {
      controllerId: brokerId,
      controllerEpoch: this.mandate.epoch,
      listener: config.interBrokerListener,
    })
    const others: Promise<SentCommand>[] = []
    const tellOthers = (): void => {
      for (const [id, list] of commands) {
        if (id === brokerId) continue
        for (const command of list) {
          others.push(links.send(id, command).then((answer) => this.#answered({ brokerId: id, command, answer })))
        }
      }
    }
    if (!isOwnFirst) tellOthers()
    // All at once: the order among batches is that in which they are built, also for who does not wait for the one before.
    const ownAnswers = (commands.get(brokerId) ?? []).map(async (command) => {
      return { brokerId, command, answer: await agent.handle(command) }
    })
    const own = (await Promise.all(ownAnswers)).map((sent) => this.#answered(sent))
    if (isOwnFirst) tellOthers()
    return { own, others: Promise.all(others), hasOthers: others.length > 0 }
  }

  #answered(sent: SentCommand): SentCommand {
    const { brokerId, command, answer } = sent
    if (answer === undefined) {
      this.#missedBy(brokerId, command)
      return sent
    }
    if (answer.code !== ErrorCode.none) {
      const { log } = this.#options.dependencies
      log.warn(`broker ${brokerId} refused a command of the controller with code ${answer.code}`)
    }
    if (command.kind !== 'leadership') return sent
    const failed = answer.partitions.filter(({ code }) => code === ErrorCode.kafkaStorageError)
    if (failed.length > 0) {
      const keys = new Set(failed.map(({ topic, partition }) => partitionKey(topic, partition)))
      this.#options.later(() => this.#replicasFailed(brokerId, keys))
    }
    return sent
  }

  #missedBy(brokerId: number, command: BrokerCommand): void {
    const isAnotherLife = this.state.brokers.get(brokerId)?.epoch !== command.brokerEpoch
    if (isAnotherLife || this.#behind.has(brokerId)) return
    this.#behind.add(brokerId)
    const { dependencies, later } = this.#options
    // Its link is full: until it has let some commands through, more would not get through either.
    dependencies.timers.start(RESEND_AFTER_MS, () => later(() => this.#tellEverything(brokerId)))
  }

  #setLinks(): void {
    const { brokerId, config, links } = this.#options.dependencies
    links.setBrokers(
      [...this.state.brokers.values()].flatMap((broker: BrokerRecord) => {
        const endpoint = broker.id === brokerId ? undefined : endpointOf(broker, config.interBrokerListener)
        return endpoint === undefined ? [] : [{ id: broker.id, epoch: broker.epoch, endpoint }]
      }),
    )
  }

  #stateContext(): StateContext {
    return {
      state: this.state,
      controllerEpoch: this.mandate.epoch,
      isUncleanAllowed: (topic) => this.#isUncleanAllowed(topic),
    }
  }

  #isUncleanAllowed(topic: string): boolean {
    return this.state.configs.isUncleanAllowed(topic, this.#options.layers())
  }
}

const RESEND_AFTER_MS = 1_000
