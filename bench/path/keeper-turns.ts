// How long a keeper's thread is held in one piece: with many nodes, under writes, while snapshots are written and old ones
// removed, and while there are none. Also how long it takes to load such a snapshot. Between snapshots the same thread does
// work of the same kind without a keeper (`control`): what the machine itself takes from a thread that touches memory,
// writes and syncs.
//
//   node bench/path/keeper-turns.ts [--nodes 1000000] [--snapshots 3] [--out FILE]
//
// A turn's processor time is what the code is answerable for, garbage collection on the thread included; its duration by
// the clock also has in it whatever else the machine did. Of each turn it is told apart what the snapshot's own step took:
// from the first node of a slice until its bytes are on their way to another thread. A turn over 5 ms is the snapshot's
// when that step is half of it or more, and tipped by it when it would have been shorter without.
import {
  closeSync,
  fdatasync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  write,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { cpus, loadavg, release, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PerformanceObserver } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { NodeClock } from '../../src/io/node/clock.ts'
import { NodeDisk } from '../../src/io/node/disk.ts'
import { NodeEntropy } from '../../src/io/node/entropy.ts'
import { nodeHash } from '../../src/io/node/hash.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import type { FileDescriptor, Logger } from '../../src/io/ports.ts'
import type { Keeper } from '../../src/keeper/contract.ts'
import { createKeeper } from '../../src/keeper/keeper.ts'
import { purge } from '../../src/keeper/storage/purge.ts'
import { SnapshotWriter } from '../../src/keeper/storage/snapshot-writer.ts'
import { TreeSerializer } from '../../src/keeper/storage/tree-serializer.ts'
import { ZNodeTree } from '../../src/keeper/tree/znode-tree.ts'
import { Operation } from '../../src/jute/operations.ts'
import { JuteWriter } from '../../src/jute/writer.ts'
import { keepYoungGenerationSmall } from '../../src/main/young-generation.ts'

const root = join(import.meta.dirname, '../..')
const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000000' },
    snapshots: { type: 'string', default: '3' },
    out: { type: 'string', default: join(root, 'bench/results/keeper-turns.json') },
  },
})
const nodes = Number(options.nodes)
const directory = mkdtempSync(join(tmpdir(), 'keeper-turns-'))
const versionDirectory = join(directory, 'version-2')
const clock = new NodeClock()
const timers = new NodeTimers()
const nothing = (): void => undefined
const log: Logger = { debug: nothing, info: nothing, warn: nothing, error: (message) => console.error(message) }
const openAcl = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]
const data = new Uint8Array(100).fill(120)
const IN_FLIGHT = 100
const LONG_US = 5000
/** How often it is looked what the host has kept for itself. */
const LOOK_MS = 20

/** What snapshots do on this thread, step by step. */
const steps = { beganUs: -1, inTurnUs: 0, count: 0, maxUs: 0 }
const { slice } = TreeSerializer.prototype
TreeSerializer.prototype.slice = function (this: TreeSerializer): boolean {
  steps.beganUs = threadCpuUs()
  return slice.call(this)
}

/** Snapshots alone write aside: the step ends when their bytes are handed over. */
class WatchedDisk extends NodeDisk {
  override write(file: FileDescriptor, bytes: Uint8Array, position: number): Promise<void> {
    const written = super.write(file, bytes, position)
    if (steps.beganUs >= 0) {
      const tookUs = threadCpuUs() - steps.beganUs
      steps.beganUs = -1
      steps.inTurnUs += tookUs
      steps.count += 1
      steps.maxUs = Math.max(steps.maxUs, tookUs)
    }
    return written
  }
}

const disk = new WatchedDisk()

/** All nodes are children of one: the worst case for whatever has to do with a node's children. */
function filledTree(): ZNodeTree {
  const tree = new ZNodeTree()
  for (let index = 0; index <= nodes; index += 1) {
    const path = index === 0 ? '/many' : `/many/node-${index}`
    const header = { clientId: 1n, cxid: index, zxid: index + 1, time: 1_700_000_000_000, type: Operation.create }
    const record = { path, data, acl: openAcl, ephemeral: false, parentCVersion: Math.max(1, index) }
    tree.apply(header, { type: Operation.create, record })
  }
  return tree
}

/** Collections of the heap: when, and how long they held the thread. */
const collections: { readonly fromMs: number; readonly toMs: number }[] = []
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    collections.push({ fromMs: startTime, toMs: startTime + duration })
  }
}).observe({ entryTypes: ['gc'] })

interface Turn {
  readonly fromMs: number
  readonly toMs: number
  readonly cpuMs: number
  /** Of it, a snapshot's step. */
  readonly snapshotMs: number
  /** Time that the host of a virtual machine kept for itself, which may stand in `cpuMs`: since up to {@link LOOK_MS} before. */
  readonly stolenMs: number
  /** Pages that the process touched and the system had to find first, since then. */
  readonly pageFaults: number
}

/** What the host has kept from all processors together so far; 0 where the system does not say. */
function stolenMs(): number {
  if (process.platform !== 'linux') return 0
  const [, , , , , , , , steal = '0'] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/) ?? []
  return Number(steal) * 10
}

function pageFaults(): number {
  return process.resourceUsage().minorPageFault
}

/** Turns of the loop while something goes on. Keeps a list of the long ones alone: its growth would be the longest turn. */
class Turns {
  #turns = 0
  #cpuMaxMs = 0
  readonly #long: Turn[] = []
  #wallMaxMs = 0
  #wallOver5Ms = 0
  #isRunning = true
  readonly #fromMs = performance.now()

  constructor() {
    let cpuUs = threadCpuUs()
    let atMs = performance.now()
    let stolenBeforeMs = stolenMs()
    let faultsBefore = pageFaults()
    let lookedAtMs = atMs
    steps.inTurnUs = 0
    steps.count = 0
    steps.maxUs = 0
    const turn = (): void => {
      let nextCpuUs = threadCpuUs()
      let nowMs = performance.now()
      this.#turns += 1
      this.#cpuMaxMs = Math.max(this.#cpuMaxMs, (nextCpuUs - cpuUs) / 1000)
      this.#wallMaxMs = Math.max(this.#wallMaxMs, nowMs - atMs)
      if (nowMs - atMs > 5) this.#wallOver5Ms += 1
      if (nextCpuUs - cpuUs > LONG_US) {
        const cpuMs = (nextCpuUs - cpuUs) / 1000
        const snapshotMs = steps.inTurnUs / 1000
        this.#long.push({
          fromMs: atMs,
          toMs: nowMs,
          cpuMs,
          snapshotMs,
          stolenMs: stolenMs() - stolenBeforeMs,
          pageFaults: pageFaults() - faultsBefore,
        })
        lookedAtMs = 0
      }
      if (nowMs - lookedAtMs > LOOK_MS) {
        lookedAtMs = nowMs
        stolenBeforeMs = stolenMs()
        faultsBefore = pageFaults()
        nowMs = performance.now()
        nextCpuUs = threadCpuUs()
      }
      cpuUs = nextCpuUs
      atMs = nowMs
      steps.inTurnUs = 0
      if (this.#isRunning) setImmediate(turn)
    }
    setImmediate(turn)
  }

  /** What collections there were is told a turn later. */
  async stop(): Promise<TurnFigures> {
    this.#isRunning = false
    const durationMs = performance.now() - this.#fromMs
    await wait(100)
    const own = collections.filter(({ fromMs }) => fromMs >= this.#fromMs)
    const collectingMs = ({ fromMs, toMs }: Turn): number =>
      own.reduce((sum, each) => sum + Math.max(0, Math.min(each.toMs, toMs) - Math.max(each.fromMs, fromMs)), 0)
    const isCollecting = (turn: Turn): boolean => collectingMs(turn) >= (turn.toMs - turn.fromMs) / 2
    return {
      turns: this.#turns,
      durationMs,
      cpuMaxMs: this.#cpuMaxMs,
      cpuOver5Ms: this.#long.length,
      cpuOver5MsCollecting: this.#long.filter(isCollecting).length,
      cpuOver5MsStolen: this.#long.filter((turn) => turn.stolenMs > 0).length,
      cpuOver5MsSnapshot: this.#long.filter(({ cpuMs, snapshotMs }) => snapshotMs >= cpuMs / 2).length,
      cpuOver5MsTipped: this.#long.filter(({ cpuMs, snapshotMs }) => cpuMs - snapshotMs <= LONG_US / 1000).length,
      snapshotSteps: steps.count,
      snapshotStepMaxMs: steps.maxUs / 1000,
      longest: this.#long
        .toSorted((left, right) => right.cpuMs - left.cpuMs)
        .slice(0, 10)
        .map((turn) => ({ ...turn, collectingMs: collectingMs(turn) })),
      collections: own.length,
      collectionMaxMs: Math.max(0, ...own.map(({ fromMs, toMs }) => toMs - fromMs)),
      wallMaxMs: this.#wallMaxMs,
      wallOver5Ms: this.#wallOver5Ms,
    }
  }
}

/** Linux brings a thread's figure up to date at its ticks of 4 ms, and whenever it is asked for the process's. */
function threadCpuUs(): number {
  process.cpuUsage()
  const { user, system } = process.threadCpuUsage()
  return user + system
}

interface TurnFigures {
  readonly turns: number
  readonly durationMs: number
  readonly cpuMaxMs: number
  readonly cpuOver5Ms: number
  /** Of these, how many were collections of the heap for half of their duration or more. */
  readonly cpuOver5MsCollecting: number
  /** … and in how many the host kept time for itself. */
  readonly cpuOver5MsStolen: number
  /** … how many were the snapshot's, and how many would have been shorter without its step. */
  readonly cpuOver5MsSnapshot: number
  readonly cpuOver5MsTipped: number
  readonly snapshotSteps: number
  /** Processor time of the longest step. */
  readonly snapshotStepMaxMs: number
  readonly longest: readonly (Turn & { readonly collectingMs: number })[]
  readonly collections: number
  /** By the clock. */
  readonly collectionMaxMs: number
  readonly wallMaxMs: number
  readonly wallOver5Ms: number
}

/** A client that keeps a hundred creates in flight, but for pauses. */
interface Writing {
  pause(): void
  resume(): void
  /** @returns how many were answered */
  stop(): number
}

function startWriting(keeper: Keeper): Writing {
  let sent = 0
  let answered = 0
  let isStopped = false
  const request = new JuteWriter(512)
  const issue = (): void => {
    request.clear()
    for (; sent - answered < IN_FLIGHT && !isStopped; sent += 1) writeCreate(request, sent)
    if (request.at > 0) connection.feed(request.finish())
  }
  const connection = keeper.accept({
    remoteAddress: '127.0.0.1',
    remotePort: 0,
    send: (bytes) => {
      for (let at = 0; at < bytes.length; at += 4 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(at))
        answered += 1
      setImmediate(issue)
    },
    close: nothing,
    pause: nothing,
    resume: nothing,
  })
  const opening = request.beginFrame()
  request.int32(0)
  request.int64(0)
  request.int32(30_000)
  request.int64(0)
  request.buffer(new Uint8Array(16))
  request.boolean(false)
  request.endFrame(opening)
  sent += 1
  connection.feed(request.finish())
  return {
    pause: () => {
      isStopped = true
    },
    resume: () => {
      isStopped = false
      issue()
    },
    stop: () => {
      isStopped = true
      return answered
    },
  }
}

function writeCreate(request: JuteWriter, index: number): void {
  const frame = request.beginFrame()
  request.int32(index)
  request.int32(Operation.create)
  request.string(`/many/later-${index}`)
  request.buffer(data)
  request.int32(1)
  request.int32(31)
  request.string('world')
  request.string('anyone')
  request.int32(0)
  request.endFrame(frame)
}

const CONTROL_MS = 8000
const WITHOUT_SNAPSHOT_MS = 8000
const CONTROL_MEMORY_DOUBLES = 40 << 20
/** What a group of creates adds to the log, what a slice adds to a snapshot, and where that begins anew. */
const GROUP_BYTES = 24_000
const SLICE_BYTES = 100_000
const SNAPSHOT_BYTES = 100 << 20

/**
 * A loop without a keeper: it reads and writes memory here and there, makes small objects, appends to a file that is synced
 * all the time, and writes another off the thread as a snapshot is written. None of its own steps takes more than a
 * millisecond.
 */
async function control(): Promise<TurnFigures> {
  const memory = new Float64Array(CONTROL_MEMORY_DOUBLES).fill(1)
  const log = openSync(join(directory, 'control.log'), 'w')
  const snapshot = openSync(join(directory, 'control.snapshot'), 'w')
  const group = new Uint8Array(GROUP_BYTES)
  const slice = new Uint8Array(SLICE_BYTES)
  let [at, logAt, snapshotAt] = [12_345, 0, 0]
  let isSyncing = false
  let isWriting = false
  let isRunning = true
  const touch = (times: number): void => {
    for (let count = 0; count < times; count += 1) {
      at = (Math.imul(at, 1_103_515_245) + 12_345) & 0x7fff_ffff
      const index = at % memory.length
      memory[index] = (memory[index] ?? 0) + 1
    }
  }
  const turn = (): void => {
    touch(300)
    const garbage = Array.from({ length: 100 }, (_, index) => ({ index, of: [at] }))
    if (!isSyncing && garbage.length > 0) {
      isSyncing = true
      writeSync(log, group, 0, GROUP_BYTES, logAt)
      logAt += GROUP_BYTES
      touch(3000)
      fdatasync(log, () => {
        isSyncing = false
      })
    }
    if (!isWriting) {
      isWriting = true
      const endsAtMs = performance.now() + 0.5
      while (performance.now() < endsAtMs) touch(50)
      write(snapshot, slice, 0, SLICE_BYTES, snapshotAt, () => {
        snapshotAt = (snapshotAt + SLICE_BYTES) % SNAPSHOT_BYTES
        setTimeout(() => {
          isWriting = false
        }, 0)
      })
    }
    if (isRunning) setImmediate(turn)
  }
  const turns = new Turns()
  setImmediate(turn)
  await wait(CONTROL_MS)
  isRunning = false
  const figures = await turns.stop()
  while (isSyncing || isWriting) await wait(10)
  closeSync(log)
  closeSync(snapshot)
  return figures
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

interface Rate {
  readonly seconds: number
  readonly turns: number
  readonly cpuOver5Ms: number
  readonly cpuOver5MsPerSecond: number
}

function sumOf(runs: readonly TurnFigures[], figure: (run: TurnFigures) => number): number {
  return runs.reduce((total, run) => total + figure(run), 0)
}

function rateOf(runs: readonly TurnFigures[]): Rate {
  const seconds = sumOf(runs, ({ durationMs }) => durationMs) / 1000
  const cpuOver5Ms = sumOf(runs, (run) => run.cpuOver5Ms)
  return { seconds, turns: sumOf(runs, ({ turns }) => turns), cpuOver5Ms, cpuOver5MsPerSecond: cpuOver5Ms / seconds }
}

/** What snapshots are answerable for, and how often turns are long with them, without them, and without a keeper. */
function summaryOf(
  withSnapshots: readonly TurnFigures[],
  withoutSnapshots: readonly TurnFigures[],
  controls: readonly TurnFigures[],
): object {
  return {
    snapshotSteps: sumOf(withSnapshots, ({ snapshotSteps }) => snapshotSteps),
    snapshotStepMaxMs: Math.max(0, ...withSnapshots.map(({ snapshotStepMaxMs }) => snapshotStepMaxMs)),
    cpuOver5MsSnapshot: sumOf(withSnapshots, ({ cpuOver5MsSnapshot }) => cpuOver5MsSnapshot),
    cpuOver5MsTipped: sumOf(withSnapshots, ({ cpuOver5MsTipped }) => cpuOver5MsTipped),
    withSnapshots: rateOf(withSnapshots),
    withoutSnapshots: rateOf(withoutSnapshots),
    control: rateOf(controls),
  }
}

async function main(): Promise<void> {
  keepYoungGenerationSmall()
  mkdirSync(versionDirectory, { recursive: true })
  await new SnapshotWriter(filledTree(), disk, timers, clock, versionDirectory).write()
  const keeper = createKeeper({
    disk,
    clock,
    timers,
    entropy: new NodeEntropy(),
    hash: nodeHash,
    log,
    directory,
    snapshotEveryCount: 1 << 30,
    outstandingMax: 1000,
  })
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  keeper.start()
  const loadMs = performance.now() - startedAt
  const loadCpu = process.cpuUsage(cpuBefore)
  const writing = startWriting(keeper)
  await wait(5000)
  const withoutSnapshots: TurnFigures[] = []
  const withSnapshots: TurnFigures[] = []
  const controls: TurnFigures[] = []
  for (let index = 0; index < Number(options.snapshots); index += 1) {
    const quiet = new Turns()
    await wait(WITHOUT_SNAPSHOT_MS)
    withoutSnapshots.push(await quiet.stop())
    const busy = new Turns()
    await keeper.snapshot()
    await purge(disk, versionDirectory, versionDirectory, 3)
    withSnapshots.push(await busy.stop())
    writing.pause()
    await wait(500)
    controls.push(await control())
    writing.resume()
    await wait(500)
  }
  const answered = writing.stop()
  const rss = process.memoryUsage.rss() / (1 << 20)
  await wait(500)
  await keeper.stop()
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Linux ${release()}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`
  const result = {
    machine,
    at: new Date().toISOString(),
    nodes,
    loadMs,
    loadCpuMs: (loadCpu.user + loadCpu.system) / 1000,
    residentMb: rss,
    writes: answered,
    summary: summaryOf(withSnapshots, withoutSnapshots, controls),
    withoutSnapshots,
    withSnapshots,
    controls,
  }
  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(options.out, `${JSON.stringify(result, null, 2)}\n`)
  console.log(JSON.stringify(result, null, 2))
}

try {
  await main()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
