import { assert } from '../../base/assert.ts'
import type { Connector, DiskError, Network } from '../../io/ports.ts'
import { Operation } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import type { EnsembleConfig, EnsembleServer } from '../../zab/config/ensemble-config.ts'
import type { Effect, Entry, ForwardedRequest, LinkId, ServerId } from '../../zab/contract.ts'
import { nextZxid } from '../../zab/leader/broadcast.ts'
import { createZabState, defaultSettings, recoveryProblem } from '../../zab/state.ts'
import { epochOf, formatZxid } from '../../zab/zxid.ts'
import { Housekeeping } from '../housekeeping.ts'
import type { Keeper, KeeperOptions, SnapshotMark } from '../keeper.ts'
import type { KeeperChannel, KeeperConnection } from '../server/channel.ts'
import { DecidingWrites, type SubmittedRequest } from '../server/deciding-writes.ts'
import { ForwardedWrites } from '../server/forwarded-writes.ts'
import { KeeperServer, type ServerMode } from '../server/keeper-server.ts'
import type { KeeperServerOptions } from '../server/options.ts'
import { readWriteRequest } from '../server/requests.ts'
import { ServerStats } from '../server/server-stats.ts'
import { SessionIds } from '../server/session-password.ts'
import { logWriterOptions, serverOptions, settingLines } from '../settings.ts'
import { listZxidFiles, removeUnfinished, StorageError, versionDirectory } from '../storage/files.ts'
import { LogWriter } from '../storage/log-writer.ts'
import { type Recovered, recover } from '../storage/recovery.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import { ElectionLinks } from './election-links.ts'
import { entryOfTxn, NewestEntries, txnOf } from './entries.ts'
import { readEpoch } from './epoch-files.ts'
import { finishInstallation, type HistoryPlaces, SnapshotReceiver, writeFirstSnapshot } from './history-files.ts'
import { IdleConnection } from './idle-connection.ts'
import { readLogEntries } from './log-entries.ts'
import { Persister } from './persister.ts'
import { QuorumLinks } from './quorum-links.ts'
import { TreeSource } from './snapshot-source.ts'
import { type EffectHandler, ZabHost } from './zab-host.ts'

/** A learner gets the log instead of a snapshot while it is at most so large a part of one (`snapshotSizeFactor`). */
const SNAPSHOT_SIZE_FACTOR = 0.33
/** The log of a small tree may be larger than the tree: it is little to send all the same. */
const LOG_BYTES_MIN = 1 << 20
const LOG_BYTES_MAX = 64 << 20

/** What makes a keeper a member of an ensemble. */
export interface EnsembleOptions {
  readonly serverId: ServerId
  /** As the configuration file has it, version 0. */
  readonly config: EnsembleConfig
  readonly network: Network
  readonly connector: Connector
  /** `initLimit`, in ticks. */
  readonly initLimitTicks: number
  /** `syncLimit`, in ticks. */
  readonly syncLimitTicks: number
  /** `cnxTimeout`. */
  readonly connectTimeoutMs: number
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

type Reign =
  | { readonly kind: 'leading'; readonly writes: DecidingWrites }
  | { readonly kind: 'learning'; readonly writes: ForwardedWrites }

/**
 * Around the step function of consensus: its disk, its connections, its tree. While there is a leader and this server is
 * in step with it there is a `KeeperServer`; a new one for each reign.
 */
class QuorumKeeper implements MemberKeeper, EffectHandler {
  server: KeeperServer | undefined
  role: MemberKeeper['role'] = 'looking'
  readonly #options: KeeperOptions
  readonly #ensemble: EnsembleOptions
  readonly #settings: KeeperServerOptions
  readonly #places: HistoryPlaces
  readonly #stats = new ServerStats()
  readonly #sessionIds: SessionIds
  readonly #housekeeping: Housekeeping
  readonly #log: LogWriter
  readonly #persister: Persister
  readonly #elections: ElectionLinks
  readonly #links: QuorumLinks
  readonly #received = new Map<LinkId, SnapshotReceiver>()
  #tree: ZNodeTree | undefined
  #host: ZabHost | undefined
  #reign: Reign | undefined
  #failure: DiskError | StorageError | undefined

  constructor(options: KeeperOptions, ensemble: EnsembleOptions) {
    const { disk, clock, timers, log } = options
    const { network, connector, connectTimeoutMs, serverId } = ensemble
    this.#options = options
    this.#ensemble = ensemble
    this.#settings = serverOptions({ ...options, serverId })
    const snapshotDirectory = `${options.directory}/${versionDirectory}`
    const logDirectory = `${options.logDirectory ?? options.directory}/${versionDirectory}`
    this.#places = { disk, snapshotDirectory, logDirectory, clock, timers }
    this.#sessionIds = new SessionIds(serverId, clock.wallMs())
    this.#housekeeping = new Housekeeping(options, snapshotDirectory, logDirectory, this.#stats)
    this.#log = new LogWriter(logWriterOptions(options, logDirectory, this.#stats))
    this.#persister = new Persister({
      disk,
      places: this.#places,
      log: this.#log,
      takeReceived: (link) => this.#takeReceived(link),
      rebuild: () => this.#rebuild(),
      writeConfig: () => {},
      persisted: (sequence) => this.#running.input({ kind: 'persisted', sequence }),
      failed: (error) => {
        this.#failure = error
        this.#running.input({ kind: 'persistFailed', reason: error.message })
      },
    })
    this.#elections = new ElectionLinks({
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
    this.#links = new QuorumLinks({
      network,
      connector,
      timers,
      log,
      connectTimeoutMs,
      handler: {
        linkUp: (link, dialed) => this.#host?.input({ kind: 'linkUp', link, dialed }),
        linkDown: (link) => {
          this.#dropReceived(link)
          this.#host?.input({ kind: 'linkDown', link })
        },
        dialFailed: (peer) => this.#host?.input({ kind: 'dialFailed', peer }),
        message: (link, message) => this.#host?.step({ kind: 'message', link, message }),
        snapshotBytes: (link, bytes) => this.#snapshotBytes(link, bytes),
        batch: (work) => (this.#host === undefined ? work() : this.#host.batch(work)),
      },
    })
  }

  async listen(): Promise<void> {
    const own = this.#memberOf(this.#ensemble.serverId)
    for (const { host, electionPort, quorumPort } of own?.addresses ?? []) {
      await this.#elections.listen(host, electionPort)
      await this.#links.listen(host, quorumPort)
    }
  }

  start(): void {
    const { disk, log, clock, timers } = this.#options
    const { snapshotDirectory, logDirectory } = this.#places
    disk.makeDirectory(snapshotDirectory)
    disk.makeDirectory(logDirectory)
    removeUnfinished(disk, snapshotDirectory)
    finishInstallation(this.#places)
    const startedAtMs = clock.monotonicMs()
    const newest = new NewestEntries(defaultSettings.windowMax)
    const recovered = this.#recover((zxid, bytes) => newest.add(zxid, bytes))
    const { tree } = recovered
    this.#stats.digestMismatchCount = recovered.digestMismatchCount
    if (!recovered.hasSnapshot && tree.lastZxid === 0) writeFirstSnapshot(this.#places)
    log.info('keeper recovered', {
      zxid: formatZxid(tree.lastZxid),
      nodes: tree.nodeCount,
      sessions: tree.sessions.size,
      replayed: recovered.replayedCount,
      digestMismatches: recovered.digestMismatchCount,
      tookMs: Math.round(clock.monotonicMs() - startedAtMs),
    })
    const currentEpoch = readEpoch(disk, snapshotDirectory, 'currentEpoch', epochOf(tree.lastZxid))
    const state = {
      acceptedEpoch: readEpoch(disk, snapshotDirectory, 'acceptedEpoch', currentEpoch),
      currentEpoch,
      lastZxid: tree.lastZxid,
      snapshotZxid: recovered.snapshotZxid,
      newestEntries: newest.upTo(tree.lastZxid),
      config: this.#ensemble.config,
      nextConfig: null,
    }
    const problem = recoveryProblem(state)
    if (problem !== undefined) throw new StorageError(problem)
    const settings = {
      ...defaultSettings,
      serverId: this.#ensemble.serverId,
      tickMs: this.#settings.tickTimeMs,
      initLimitTicks: this.#ensemble.initLimitTicks,
      syncLimitTicks: this.#ensemble.syncLimitTicks,
    }
    this.#host = new ZabHost(createZabState(settings, state), clock, timers, this)
    this.#housekeeping.startPurging()
    this.#host.input({ kind: 'start' })
  }

  accept(channel: KeeperChannel): KeeperConnection {
    return this.server?.accept(channel) ?? new IdleConnection(channel, this.#settings.fourLetterWords)
  }

  async stop(): Promise<void> {
    this.#endReign()
    this.#host?.stop()
    await this.#elections.stop()
    await this.#links.stop()
    await this.#persister.stop()
    await this.#housekeeping.stop()
    await this.#log.stop()
  }

  async snapshot(): Promise<string | undefined> {
    if (this.server === undefined) return undefined
    const path = await this.#housekeeping.snapshot(this.server.tree, this.#log)
    if (path !== undefined && this.lastSnapshot !== undefined) {
      this.#host?.input({ kind: 'snapshotTaken', zxid: this.lastSnapshot.zxid })
    }
    return path
  }

  get lastSnapshot(): SnapshotMark | undefined {
    return this.#housekeeping.lastSnapshot
  }

  apply(entries: readonly Entry[]): void {
    const { server } = this
    assert(server !== undefined, 'decisions are applied while somebody is served')
    server.committed(entries.map((entry) => this.#txnOf(entry)))
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
        this.#dropReceived(effect.link)
        this.#links.close(effect.link)
        return
      case 'send':
        if (effect.message.type === 'snap') this.#sendSnapshot(effect.link, effect.message)
        else this.#links.send(effect.link, effect.message)
        return
      case 'sendTouches': {
        const touches = this.#reign?.kind === 'learning' ? this.#reign.writes.takeTouches() : []
        this.#links.send(effect.link, { type: 'ping', zxid: effect.zxid, touches })
        return
      }
      case 'readLog':
        this.#readLog(effect.link, effect.fromZxid)
        return
      case 'fastForward': {
        const { header, body } = this.#txnOf(effect.entry)
        this.#currentTree.apply(header, body)
        return
      }
      case 'role':
        this.role = effect.role
        this.#options.log.info(`this server is ${effect.role}`, { reason: effect.reason })
        this.#links.receive(effect.role === 'leading' ? 'take' : effect.role === 'looking' ? 'hold' : 'refuse')
        return
      case 'serve':
        this.#serve(effect.role, effect.epoch)
        return
      case 'stopServing':
        this.#endReign()
        return
      case 'configActivated':
        return
      case 'halt':
        this.#halt(effect.reason)
        return
      default:
        this.#carryOutForClients(effect)
    }
  }

  sendGathered(): void {
    this.#links.flush()
  }

  writeGathered(): number | undefined {
    return this.#persister.kick()
  }

  #carryOutForClients(
    effect: Extract<Effect, { kind: 'submit' | 'touch' | 'revalidate' | 'revalidated' | 'synced' }>,
  ): void {
    const reign = this.#reign
    if (reign === undefined) return
    if (effect.kind === 'synced') reign.writes.synced()
    else if (effect.kind === 'revalidated') {
      if (reign.kind === 'learning') reign.writes.revalidated(effect.sessionId, effect.isValid)
    } else if (reign.kind === 'leading') {
      if (effect.kind === 'submit') this.#submit(reign.writes, effect.link, effect.request)
      else if (effect.kind === 'touch') {
        for (const { sessionId, timeoutMs } of effect.touches) reign.writes.touch(sessionId, timeoutMs)
      } else {
        const { link, sessionId, timeoutMs } = effect
        const isValid = reign.writes.renew(sessionId, timeoutMs, link) !== undefined
        this.#running.step({ kind: 'answerRevalidation', link, sessionId, isValid })
      }
    }
  }

  #submit(writes: DecidingWrites, link: LinkId, request: ForwardedRequest): void {
    if (request.operation === Operation.sync) this.#running.step({ kind: 'syncPoint', link })
    else writes.submitted(link, request.sessionId, request.cxid, submittedRequest(request))
  }

  #serve(role: 'leading' | 'following' | 'observing', epoch: number): void {
    const { clock, timers, log } = this.#options
    const host = this.#running
    const mode: ServerMode = role === 'leading' ? 'leader' : role === 'following' ? 'follower' : 'observer'
    const server = new KeeperServer(this.#currentTree, this.#settings, {
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
    })
    log.info(`serving as ${mode}`, { epoch, zxid: formatZxid(server.tree.lastZxid) })
    this.server = server
    this.#reign =
      role === 'leading'
        ? { kind: 'leading', writes: this.#decidingWrites(server) }
        : { kind: 'learning', writes: this.#forwardedWrites(server) }
    server.start(this.#reign.writes)
    host.step(() => {
      // What the leader applied while it sent us its tree has come a second time by now: from here on both must agree.
      if (this.server === server) server.comparesDigests = role !== 'leading'
      return undefined
    })
  }

  #decidingWrites(server: KeeperServer): DecidingWrites {
    const host = this.#running
    const zxid = nextZxid(host.state)
    assert(zxid !== undefined, 'a leader that serves knows its next zxid')
    const proposer = {
      outstandingCount: 0,
      propose: (txn: Parameters<typeof entryOfTxn>[0]): void => {
        const entry = entryOfTxn(txn)
        // What was prepared for a reign that has ended goes with it.
        host.step(() => (this.server === server ? { kind: 'propose', entry } : undefined))
      },
      flush: () => host.endTurn(),
      sync: () => host.step(() => (this.server === server ? { kind: 'syncPoint', link: null } : undefined)),
    }
    return new DecidingWrites(server, proposer, zxid)
  }

  #forwardedWrites(server: KeeperServer): ForwardedWrites {
    const host = this.#running
    return new ForwardedWrites(server, {
      forward: (request) => host.step(() => (this.server === server ? { kind: 'forward', request } : undefined)),
      askRevalidation: (sessionId, timeoutMs) =>
        host.step(() => (this.server === server ? { kind: 'askRevalidation', sessionId, timeoutMs } : undefined)),
      flush: () => host.endTurn(),
    })
  }

  /** A snapshot under way would go on to show what may yet be cut off. */
  #endReign(): void {
    this.#housekeeping.abandonSnapshot()
    const { server } = this
    this.server = undefined
    this.#reign = undefined
    server?.stop()
  }

  #applied(count: number): void {
    if (!this.#housekeeping.applied(count)) return
    this.#housekeeping.snapshotInBackground(this.#currentTree, this.#log, (zxid) =>
      this.#host?.input({ kind: 'snapshotTaken', zxid }),
    )
  }

  #sendSnapshot(link: LinkId, message: Extract<Effect, { kind: 'send' }>['message']): void {
    const source = new TreeSource(this.#currentTree, this.#options.clock, () =>
      this.#host?.input({ kind: 'progress', link }),
    )
    this.#links.sendSnapshot(link, message, source)
  }

  #snapshotBytes(link: LinkId, bytes: Uint8Array): void {
    let receiver = this.#received.get(link)
    try {
      if (receiver === undefined) {
        receiver = new SnapshotReceiver(this.#options.disk, this.#places.snapshotDirectory, String(link))
        this.#received.set(link, receiver)
      }
      receiver.take(bytes)
    } catch (error) {
      // No promise is broken: the leader's history is not ours yet.
      this.#options.log.error('the snapshot of the leader cannot be written', { error })
      this.#dropReceived(link)
      this.#links.fail(link)
      return
    }
    this.#host?.step({ kind: 'progress', link })
  }

  #takeReceived(link: LinkId): SnapshotReceiver | undefined {
    const receiver = this.#received.get(link)
    this.#received.delete(link)
    return receiver
  }

  #dropReceived(link: LinkId): void {
    this.#takeReceived(link)?.abandon()
  }

  /** Off the present step: a log is read in one go, and its end may be in the writer's hands. */
  #readLog(link: LinkId, fromZxid: number): void {
    const { disk, timers, log } = this.#options
    timers.start(0, () => {
      const { snapshotDirectory, logDirectory } = this.#places
      const newest = listZxidFiles(disk, snapshotDirectory, 'snapshot').at(-1)
      const snapshotBytes = newest === undefined ? 0 : disk.fileSizeBytes(newest.path)
      const bytesMax = Math.min(LOG_BYTES_MAX, Math.max(LOG_BYTES_MIN, snapshotBytes * SNAPSHOT_SIZE_FACTOR))
      let entries: readonly Entry[] | null = null
      try {
        entries = readLogEntries(disk, logDirectory, fromZxid, this.#currentTree.lastZxid, bytesMax)
      } catch (error) {
        log.warn('the log cannot be read for a learner, which gets a snapshot instead', { error })
      }
      this.#host?.input({ kind: 'logRead', link, entries })
    })
  }

  #rebuild(): void {
    assert(this.server === undefined, 'the tree is replaced only while nobody is served')
    this.#recover()
  }

  #recover(onEntry?: (zxid: number, bytes: Uint8Array) => void): Recovered {
    const { disk, log } = this.#options
    const { snapshotDirectory, logDirectory } = this.#places
    const recovered = recover(disk, snapshotDirectory, logDirectory, log, onEntry)
    recovered.tree.isRepetitionAllowed = true
    this.#tree = recovered.tree
    return recovered
  }

  #txnOf(entry: Entry): NonNullable<ReturnType<typeof txnOf>> {
    const txn = txnOf(entry)
    if (txn === undefined) {
      throw new StorageError(
        `the transaction at ${formatZxid(entry.zxid)} is of a kind that this release does not know`,
      )
    }
    return txn
  }

  #halt(reason: string): void {
    this.#options.log.error('this server cannot go on', { reason })
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

  get #currentTree(): ZNodeTree {
    assert(this.#tree !== undefined, 'the keeper has been started')
    return this.#tree
  }

  #configuration(): readonly string[] {
    const { dataBytes, logBytes } = this.#housekeeping.sizes()
    const { initLimitTicks, syncLimitTicks, serverId } = this.#ensemble
    const own = this.#memberOf(serverId)
    const [address] = own?.addresses ?? []
    return [
      ...(this.#options.configuration ?? []),
      `dataDir=${this.#places.snapshotDirectory}`,
      `dataDirSize=${dataBytes}`,
      `dataLogDir=${this.#places.logDirectory}`,
      `dataLogSize=${logBytes}`,
      ...settingLines(this.#settings),
      `serverId=${serverId}`,
      `initLimit=${initLimitTicks}`,
      `syncLimit=${syncLimitTicks}`,
      'electionAlg=3',
      `electionPort=${address?.electionPort ?? 0}`,
      `quorumPort=${address?.quorumPort ?? 0}`,
      `peerType=${own?.isVoter === false ? 1 : 0}`,
    ]
  }
}

/** What a learner's packet asks for. A body that cannot be read is refused as ZooKeeper refuses it. */
function submittedRequest(request: ForwardedRequest): SubmittedRequest {
  const { operation, body, identities } = request
  const reader = new JuteReader(body, 0, body.length, body.length)
  if (operation === Operation.createSession) return { kind: 'createSession', timeoutMs: reader.int32() }
  if (operation === Operation.closeSession) return { kind: 'closeSession' }
  const write = readWriteRequest(operation, reader)
  return { kind: 'write', write: write === 'unparsable' ? 'refused-multi' : write, ids: identities }
}
