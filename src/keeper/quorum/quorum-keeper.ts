import { assert } from '../../base/assert.ts'
import type { Connector, DiskError, Network } from '../../io/ports.ts'
import type { EnsembleConfig, EnsembleServer } from '../../zab/config/ensemble-config.ts'
import { parseEnsembleConfig, socketHost } from '../../zab/config/ensemble-config.ts'
import type { Effect, Entry, LearnerMessage, LinkId, ServerId } from '../../zab/contract.ts'
import { createZabState, defaultSettings, recoveryProblem } from '../../zab/state.ts'
import { formatZxid } from '../../zab/zxid.ts'
import { Housekeeping } from '../housekeeping.ts'
import type { Keeper, KeeperOptions, SnapshotMark } from '../contract.ts'
import type { KeeperChannel, KeeperConnection } from '../server/channel.ts'
import { KeeperServer, type ServerMode } from '../server/keeper-server.ts'
import type { KeeperServerOptions } from '../server/options.ts'
import { QuorumStats } from '../server/quorum-view.ts'
import { ServerStats } from '../server/server-stats.ts'
import { SessionIds } from '../server/session-password.ts'
import { logWriterOptions, serverOptions, settingLines } from '../settings.ts'
import { StorageError, versionDirectory } from '../storage/files.ts'
import { LogWriter } from '../storage/log-writer.ts'
import { ConfigFiles } from './config-files.ts'
import { ElectionLinks } from './election-links.ts'
import type { HistoryPlaces } from './history-files.ts'
import { IdleConnection } from './idle-connection.ts'
import { LearnerLogs } from './learner-logs.ts'
import { MemberHistory } from './member-history.ts'
import { memberLines, quorumView } from './observe.ts'
import { Persister } from './persister.ts'
import { QuorumLinks } from './quorum-links.ts'
import { ReadOnlyService } from './read-only-service.ts'
import { Reign } from './reign.ts'
import { HistorySource } from './history-source.ts'
import { TreeSource } from './snapshot-source.ts'
import { type EffectHandler, ZabHost } from './zab-host.ts'

/** What makes a keeper a member of an ensemble. */
export interface EnsembleOptions {
  readonly serverId: ServerId
  /** As the configuration file has it: version 0 in a static one. */
  readonly config: EnsembleConfig
  readonly network: Network
  readonly connector: Connector
  /** `initLimit`, in ticks. */
  readonly initLimitTicks: number
  /** `syncLimit`, in ticks. */
  readonly syncLimitTicks: number
  /** `zookeeper.commitLogCount`: decided transactions at hand for learners that are a little behind; default 500. */
  readonly windowMax?: number
  /** `cnxTimeout`. */
  readonly connectTimeoutMs: number
  /** `leaderServes`; default true: clients may connect to the leader. */
  readonly leaderServes?: boolean
  /** `reconfigEnabled`; default false. */
  readonly isReconfigEnabled?: boolean
  /** `standaloneEnabled`; default true: then an ensemble keeps two voters at least. */
  readonly isStandaloneEnabled?: boolean
  /** `readonlymode.enabled`; default false: without an ensemble, serve those who asked for no more than reading. */
  readonly isReadOnlyModeEnabled?: boolean
  /** The `zoo.cfg` beside which changed configurations are written; undefined: in the data directory. */
  readonly configFile?: string
}

/** A keeper of an ensemble. */
export interface MemberKeeper extends Keeper {
  /** Opens the election and the quorum port. To be awaited before `start`. @throws (rejects with) an Error with cause */
  listen(): Promise<void>
  /** What the server is at the moment. */
  readonly role: 'looking' | 'following' | 'observing' | 'leading'
}

/** @returns a member that touches nothing until it listens and is started */
export function createMemberKeeper(options: KeeperOptions, ensemble: EnsembleOptions): MemberKeeper {
  return new QuorumKeeper(options, ensemble)
}

/**
 * Around the step function of consensus: its disk, its connections, its tree. While there is a leader and this server is
 * in step with it there is a `KeeperServer`; a new one for each reign.
 */
class QuorumKeeper implements MemberKeeper, EffectHandler {
  role: MemberKeeper['role'] = 'looking'
  readonly #options: KeeperOptions
  readonly #ensemble: EnsembleOptions
  readonly #settings: KeeperServerOptions
  readonly #places: HistoryPlaces
  readonly #stats = new ServerStats()
  readonly #sessionIds: SessionIds
  readonly #housekeeping: Housekeeping
  readonly #history: MemberHistory
  readonly #learnerLogs: LearnerLogs
  readonly #configFiles: ConfigFiles
  readonly #log: LogWriter
  readonly #persister: Persister
  readonly #elections: ElectionLinks
  readonly #links: QuorumLinks
  readonly #quorumStats = new QuorumStats()
  /** When the present role began, and when somebody was last served. */
  #enteredAtMs = 0
  #leaderlessSinceMs = 0
  #host: ZabHost | undefined
  #reign: Reign | undefined
  readonly #readOnly: ReadOnlyService
  #failure: DiskError | StorageError | undefined

  constructor(options: KeeperOptions, ensemble: EnsembleOptions) {
    const { disk, clock, timers, log } = options
    this.#options = options
    this.#ensemble = ensemble
    this.#settings = serverOptions({ ...options, serverId: ensemble.serverId })
    const snapshotDirectory = `${options.directory}/${versionDirectory}`
    const logDirectory = `${options.logDirectory ?? options.directory}/${versionDirectory}`
    this.#places = { disk, snapshotDirectory, logDirectory, clock, timers, firstConfig: ensemble.config }
    this.#sessionIds = new SessionIds(ensemble.serverId, clock.wallMs())
    this.#housekeeping = new Housekeeping(options, snapshotDirectory, logDirectory, this.#stats)
    this.#history = new MemberHistory(this.#places, log)
    this.#learnerLogs = new LearnerLogs(this.#history, timers, log, (link, entries) =>
      this.#host?.input({ kind: 'logRead', link, entries }),
    )
    const { configFile } = ensemble
    this.#configFiles = new ConfigFiles(disk, configFile ?? `${options.directory}/ensemble`, configFile !== undefined)
    this.#log = new LogWriter(logWriterOptions(options, logDirectory, this.#stats))
    this.#persister = this.#createPersister()
    this.#elections = this.#createElectionLinks()
    this.#links = this.#createQuorumLinks()
    this.#readOnly = new ReadOnlyService(options, this.#settings, () => this.#createServer('read-only'))
  }

  get server(): KeeperServer | undefined {
    return this.#reign?.server ?? this.#readOnly.server
  }

  async listen(): Promise<void> {
    const own = this.#memberOf(this.#ensemble.serverId)
    for (const { host, electionPort, quorumPort } of own?.addresses ?? []) {
      await this.#elections.listen(socketHost(host), electionPort)
      await this.#links.listen(socketHost(host), quorumPort)
    }
  }

  start(): void {
    const { clock, timers } = this.#options
    const { serverId, initLimitTicks, syncLimitTicks, isReconfigEnabled = false } = this.#ensemble
    const { windowMax = defaultSettings.windowMax } = this.#ensemble
    const { digestMismatchCount, ...recovered } = this.#history.start(windowMax)
    this.#stats.digestMismatchCount = digestMismatchCount
    const state = { ...recovered, config: this.#firstConfig(), nextConfig: this.#configFiles.next() ?? null }
    const problem = recoveryProblem(state)
    if (problem !== undefined) throw new StorageError(problem)
    const settings = {
      ...defaultSettings,
      serverId,
      tickMs: this.#settings.tickTimeMs,
      initLimitTicks,
      syncLimitTicks,
      windowMax,
      isReconfigEnabled,
    }
    this.#enteredAtMs = clock.monotonicMs()
    this.#leaderlessSinceMs = clock.monotonicMs()
    this.#host = new ZabHost(createZabState(settings, state), clock, timers, this)
    this.#adopt()
    this.#housekeeping.startPurging()
    this.#host.input({ kind: 'start' })
  }

  accept(channel: KeeperChannel): KeeperConnection {
    const { server } = this
    const mayServe = this.role !== 'leading' || this.#ensemble.leaderServes !== false
    if (server !== undefined && mayServe) return server.accept(channel)
    return new IdleConnection(channel, this.#settings.fourLetterWords)
  }

  async stop(): Promise<void> {
    this.#readOnly.end()
    this.#endReign()
    this.#host?.stop()
    this.#learnerLogs.dropAll()
    await this.#elections.stop()
    await this.#links.stop()
    await this.#persister.stop()
    await this.#housekeeping.stop()
    await this.#log.stop()
  }

  async snapshot(): Promise<string | undefined> {
    const reign = this.#reign
    if (reign === undefined) return undefined
    const path = await this.#housekeeping.snapshot(reign.server.tree, this.#log)
    if (path !== undefined && this.lastSnapshot !== undefined) this.#snapshotTaken(this.lastSnapshot.zxid)
    return path
  }

  get lastSnapshot(): SnapshotMark | undefined {
    return this.#housekeeping.lastSnapshot
  }

  apply(entries: readonly Entry[]): void {
    const reign = this.#reign
    assert(reign !== undefined, 'decisions are applied while somebody is served')
    reign.apply(entries.map((entry) => this.#history.txnOf(entry)))
  }

  carryOut(effect: Exclude<Effect, { kind: 'apply' }>): void {
    switch (effect.kind) {
      case 'persist':
        this.#persister.take(effect)
        return
      case 'notify':
        this.#elections.notify(effect.to, effect.notification)
        return
      case 'dial':
        this.#links.dial(effect.peer, this.#memberOf(effect.peer)?.addresses ?? [])
        return
      case 'closeLink':
        this.#options.log.info('a connection of the quorum is closed', { link: effect.link, reason: effect.reason })
        this.#forget(effect.link)
        this.#links.close(effect.link)
        return
      case 'send':
        this.#send(effect.link, effect.message)
        return
      case 'sendHistory':
        this.#links.sendHistory(effect.link, new HistorySource(effect.entries, () => this.#progressed(effect.link)))
        return
      case 'sendTouches':
        this.#links.send(effect.link, {
          type: 'ping',
          zxid: effect.zxid,
          touches: this.#reign?.takeTouches() ?? [],
        })
        return
      case 'readLog':
        this.#learnerLogs.read(effect.link, effect.fromZxid)
        return
      case 'fastForward':
        this.#history.fastForward(effect.entry)
        return
      case 'role':
        this.#enter(effect.role, effect.reason)
        return
      case 'serve':
        this.#serve(effect.role, effect.epoch)
        return
      case 'stopServing':
        this.#endReign()
        return
      case 'configActivated':
        this.#configActivated(effect.text)
        return
      case 'halt':
        this.#halt(effect.reason)
        return
      default:
        this.#reign?.carryOut(effect)
    }
  }

  sendGathered(): void {
    this.#links.flush()
  }

  writeGathered(): number | undefined {
    return this.#persister.kick()
  }

  #enter(role: MemberKeeper['role'], reason: string): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (role === 'looking') this.#quorumStats.lookingCount += 1
    else this.#quorumStats.electionTime.record(nowMs - this.#enteredAtMs)
    this.#enteredAtMs = nowMs
    this.role = role
    this.#options.log.info(`this server is ${role}`, { reason })
    this.#links.receive(role === 'leading' ? 'take' : role === 'looking' ? 'hold' : 'refuse')
    this.#readOnly.end()
    if (role === 'looking' && this.#ensemble.isReadOnlyModeEnabled === true) this.#readOnly.begin()
  }

  #createServer(mode: ServerMode): KeeperServer {
    const { clock, timers, log } = this.#options
    return new KeeperServer(this.#history.tree, this.#settings, {
      clock,
      timers,
      log,
      sessionIds: this.#sessionIds,
      mode,
      stats: this.#stats,
      onApplied: (count) => this.#applied(count),
      onFailed: (error) => this.#options.onFailed?.(error),
      configuration: () => this.#configuration(),
      environment: this.#options.environment ?? [],
      directorySizes: () => this.#housekeeping.sizes(),
      fileDescriptors: this.#options.fileDescriptors,
      quorum: () =>
        quorumView(this.#running.state, this.#quorumStats, mode === 'leader' ? (this.#reign?.durationMs ?? 0) : 0),
    })
  }

  #serve(role: 'leading' | 'following' | 'observing', epoch: number): void {
    const { clock, log } = this.#options
    const { isReconfigEnabled = false, isStandaloneEnabled = true } = this.#ensemble
    const host = this.#running
    const mode: ServerMode = role === 'leading' ? 'leader' : role === 'following' ? 'follower' : 'observer'
    const { tree } = this.#history
    // A leader's own transactions fit its tree. A learner's may repeat what came with the leader's.
    tree.isRepetitionAllowed = role !== 'leading'
    const server = this.#createServer(mode)
    this.#recordTimes(role)
    log.info(`serving as ${mode}`, { epoch, zxid: formatZxid(tree.lastZxid) })
    const rules = { isEnabled: isReconfigEnabled, votersMin: isStandaloneEnabled ? 2 : 1 }
    const reign = new Reign({ host, clock, stats: this.#quorumStats }, server, role === 'leading', rules)
    this.#reign = reign
    reign.start()
    host.step(() => {
      // What the leader applied while it sent us its tree has come a second time by now: from here on both must agree.
      if (!reign.isOver) server.comparesDigests = role !== 'leading'
      return undefined
    })
  }

  /** How long it took to be in step, and how long nobody was served. */
  #recordTimes(role: 'leading' | 'following' | 'observing'): void {
    const { followerSyncTime, observerSyncTime, leaderUnavailableTime } = this.#quorumStats
    const nowMs = this.#options.clock.monotonicMs()
    if (role === 'following') followerSyncTime.record(nowMs - this.#enteredAtMs)
    else if (role === 'observing') observerSyncTime.record(nowMs - this.#enteredAtMs)
    leaderUnavailableTime.record(nowMs - this.#leaderlessSinceMs)
  }

  /** A snapshot under way would go on to show what may yet be cut off. */
  #endReign(): void {
    this.#housekeeping.abandonSnapshot()
    const reign = this.#reign
    this.#reign = undefined
    this.#leaderlessSinceMs = this.#options.clock.monotonicMs()
    reign?.end()
    // What consensus does from here until somebody is served again may repeat what the tree shows.
    if (reign !== undefined) this.#history.tree.isRepetitionAllowed = true
  }

  #applied(count: number): void {
    if (!this.#housekeeping.applied(count)) return
    this.#housekeeping.snapshotInBackground(this.#history.tree, this.#log, (zxid) => this.#snapshotTaken(zxid))
  }

  #snapshotTaken(zxid: number): void {
    this.#host?.input({ kind: 'snapshotTaken', zxid })
  }

  #send(link: LinkId, message: LearnerMessage): void {
    if (message.type === 'diff' || message.type === 'trunc') this.#quorumStats.diffCount += 1
    if (message.type !== 'snap') {
      this.#links.send(link, message)
      return
    }
    this.#quorumStats.snapCount += 1
    const source = new TreeSource(this.#history.tree, this.#options.clock, () => this.#progressed(link))
    this.#links.sendSnapshot(link, message, source)
  }

  #progressed(link: LinkId): void {
    this.#host?.input({ kind: 'progress', link })
  }

  /** What was under way with it comes to nothing. */
  #forget(link: LinkId): void {
    this.#history.dropReceived(link)
    this.#learnerLogs.drop(link)
  }

  #snapshotBytes(link: LinkId, bytes: Uint8Array): void {
    if (this.#history.receive(link, bytes)) this.#host?.step({ kind: 'progress', link })
    else this.#links.fail(link)
  }

  /** The tree is new, from a file or from what an earlier life left. */
  #adopt(): void {
    this.#history.tree.isRepetitionAllowed = true
    this.#history.showConfig(this.#running.state.config)
  }

  #configActivated(text: string): void {
    const config = parseEnsembleConfig(text)
    if (config === undefined) return
    this.#options.log.info('the configuration of the ensemble has changed', { config: text })
    this.#history.showConfig(config)
  }

  /** Without a `zoo.cfg` to point to it, the newest configuration is the one with the highest version. */
  #firstConfig(): EnsembleConfig {
    const { config, configFile, isReconfigEnabled = false } = this.#ensemble
    if (configFile !== undefined || !isReconfigEnabled) return config
    return this.#configFiles.newest() ?? config
  }

  #halt(reason: string): void {
    this.#options.log.error('this server cannot go on', { reason })
    this.#readOnly.end()
    this.#endReign()
    this.#host?.stop()
    this.#options.onFailed?.(this.#failure ?? new StorageError(reason))
  }

  #memberOf(id: ServerId): EnsembleServer | undefined {
    const state = this.#host?.state
    const config = state?.config ?? this.#ensemble.config
    return config.servers.get(id) ?? state?.nextConfig?.servers.get(id)
  }

  get #running(): ZabHost {
    assert(this.#host !== undefined, 'the keeper has been started')
    return this.#host
  }

  #createPersister(): Persister {
    return new Persister({
      disk: this.#options.disk,
      places: this.#places,
      log: this.#log,
      takeReceived: (link) => this.#history.takeReceived(link),
      rebuild: () => {
        assert(this.server === undefined, 'the tree is replaced only while nobody is served')
        this.#history.rebuild()
        this.#adopt()
      },
      writeConfig: (which, text) => this.#configFiles.write(which, text),
      persisted: (sequence) => this.#running.input({ kind: 'persisted', sequence }),
      failed: (error) => {
        this.#failure = error
        this.#running.input({ kind: 'persistFailed', reason: error.message })
      },
    })
  }

  #createElectionLinks(): ElectionLinks {
    const { timers, log } = this.#options
    const { serverId, network, connector, connectTimeoutMs } = this.#ensemble
    return new ElectionLinks({
      serverId,
      network,
      connector,
      timers,
      log,
      connectTimeoutMs,
      addressesOf: (peer) =>
        (this.#memberOf(peer)?.addresses ?? []).map(({ host, electionPort }) => ({ host, port: electionPort })),
      onNotification: (from, notification) => this.#host?.input({ kind: 'notification', from, notification }),
      onLink: (peer, isUp) => this.#host?.input({ kind: 'electionLink', peer, isUp }),
    })
  }

  #createQuorumLinks(): QuorumLinks {
    const { timers, log } = this.#options
    const { network, connector, connectTimeoutMs } = this.#ensemble
    return new QuorumLinks({
      network,
      connector,
      timers,
      log,
      connectTimeoutMs,
      handler: {
        linkUp: (link, dialed) => this.#host?.input({ kind: 'linkUp', link, dialed }),
        linkDown: (link) => {
          this.#forget(link)
          this.#host?.input({ kind: 'linkDown', link })
        },
        dialFailed: (peer) => this.#host?.input({ kind: 'dialFailed', peer }),
        message: (link, message) => this.#host?.step({ kind: 'message', link, message }),
        snapshotBytes: (link, bytes) => this.#snapshotBytes(link, bytes),
        batch: (work) => (this.#host === undefined ? work() : this.#host.batch(work)),
      },
    })
  }

  #configuration(): readonly string[] {
    const { dataBytes, logBytes } = this.#housekeeping.sizes()
    return [
      ...(this.#options.configuration ?? []),
      `dataDir=${this.#places.snapshotDirectory}`,
      `dataDirSize=${dataBytes}`,
      `dataLogDir=${this.#places.logDirectory}`,
      `dataLogSize=${logBytes}`,
      ...settingLines(this.#settings),
      ...memberLines(this.#ensemble, this.#memberOf(this.#ensemble.serverId)),
    ]
  }
}
