// node bench/path/shard.ts [seconds per row]: what one batch costs between `append` and its answer, and one fetch between
// `read` and its release, in one process. Fails when a local append hops, or copies records. Writes what came out to
// bench/results/path-shard.json.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { newReadSlot } from '../../src/shard/contract.ts'
import { CountingSink, type Kind, makeShardWorld, type ShardWorld } from './shard-world.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const secondsPerRow = Number(process.argv[2] ?? 0.5)
const KIB = 1024

interface Row {
  readonly what: string
  readonly microseconds: number
  readonly allocatedBytes: number
}

/** Repeats `once`, which does `count` things, for the time of a row. Cost per thing. */
function measure(what: string, count: number, once: () => void): Row {
  const warmUntil = performance.now() + secondsPerRow * 300
  while (performance.now() < warmUntil) once()
  const started = process.cpuUsage()
  let repeats = 0
  const until = performance.now() + secondsPerRow * 1000
  while (performance.now() < until) {
    once()
    repeats += 1
  }
  const { user, system } = process.cpuUsage(started)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const few = Math.max(1, Math.floor(2000 / count))
  for (let repeat = 0; repeat < few; repeat += 1) once()
  const allocatedBytes = Math.max(0, (process.memoryUsage().heapUsed - before) / (few * count))
  return { what, microseconds: (user + system) / (repeats * count), allocatedBytes }
}

const rows: Row[] = []

function print(row: Row, sizeBytes = 0): void {
  const { what, microseconds, allocatedBytes } = row
  rows.push(row)
  const perGigabyte = sizeBytes > 0 ? `${((microseconds * 1e3) / sizeBytes).toFixed(3)} CPU-s/GB` : ''
  console.log(
    `${what.padEnd(62)} ${microseconds.toFixed(2).padStart(8)} µs ${allocatedBytes.toFixed(0).padStart(6)} B  ${perGigabyte}`,
  )
}

function batchOf(world: ShardWorld, recordSizeBytes: number, recordCount: number): Uint8Array {
  const value = new Uint8Array(recordSizeBytes).fill(7)
  const records = Array.from({ length: recordCount }, () => ({
    timestampMs: Date.now(),
    key: null,
    value,
    headers: [],
  }))
  return world.codec.encodeBatch(records, {
    baseOffset: 0,
    codec: 0,
    level: 0,
    leaderEpoch: -1,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  })
}

function stageOne(world: ShardWorld, batch: Uint8Array, index: number, sink: CountingSink): void {
  const { arena } = world.shard
  const region = arena.reserve(batch.byteLength)
  if (region === undefined) throw new Error('the arena is full')
  arena.bytes.set(batch, region.at)
  const partition = world.partitions[index % world.partitions.length]
  if (partition !== undefined) world.shard.append(partition, region, 1, 0, sink, index)
}

function appendRow(
  kind: Kind,
  batch: (world: ShardWorld) => Uint8Array,
  perTurn: number,
  partitionCount: number,
): void {
  const world = makeShardWorld(kind, partitionCount)
  const bytes = batch(world)
  const sink = new CountingSink()
  const row = measure(
    `append ${kind}: ${bytes.byteLength} B, ${perTurn} a turn over ${partitionCount} partitions`,
    perTurn,
    () => {
      for (let index = 0; index < perTurn; index += 1) stageOne(world, bytes, index, sink)
      world.turns.run()
    },
  )
  print(row, bytes.byteLength)
  assertLocal(world)
  world.close()
}

/** The goal of the whole design, checked where it is cheap to check. */
function assertLocal(world: ShardWorld): void {
  const { hops, hopMessages, copiedBytes, appends } = world.shard.counters
  if (appends === 0) throw new Error('nothing was appended')
  if (hops !== 0 || hopMessages !== 0)
    throw new Error('an append to a partition of the receiving shard crossed a thread')
  if (copiedBytes !== 0) throw new Error('the shard copied records')
}

function readRow(): void {
  const world = makeShardWorld('forgetful disk', 1)
  const bytes = batchOf(world, 100, 1)
  const sink = new CountingSink()
  const [partition] = world.partitions
  if (partition === undefined) return
  const refs = [partition]
  const slots = [newReadSlot()]
  const [slot] = slots
  if (slot === undefined) return
  let offset = 0
  const row = measure('append one, then a tail read from memory and its release', 1, () => {
    stageOne(world, bytes, 0, sink)
    world.turns.run()
    slot.fromOffset = offset
    slot.sizeBytesMax = 1024 * KIB
    world.shard.read(refs, slots, 1)
    if (slot.sizeBytes !== bytes.byteLength) throw new Error(`read ${slot.sizeBytes} bytes, code ${slot.code}`)
    for (const region of slot.regions) world.shard.arena.release(region)
    slot.regions.length = 0
    offset = slot.highWatermark
  })
  print(row)
  const waiter = { onFetchReady: () => undefined }
  const parkRow = measure('append one that wakes a parked fetch, read it, park again', 1, () => {
    slot.fromOffset = offset
    world.shard.read(refs, slots, 1)
    world.shard.park(refs, slots, 1, 1, performance.now() + 1e9, waiter)
    stageOne(world, bytes, 0, sink)
    world.turns.run()
    world.shard.read(refs, slots, 1)
    for (const region of slot.regions) world.shard.arena.release(region)
    slot.regions.length = 0
    offset = slot.highWatermark
  })
  print(parkRow)
  assertLocal(world)
  world.close()
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} CPUs, Node ${process.version}, ${commit}`
console.log(machine)
const single = (world: ShardWorld): Uint8Array => batchOf(world, 100, 1)
const medium = (world: ShardWorld): Uint8Array => batchOf(world, 1024, 16)
const large = (world: ShardWorld): Uint8Array => batchOf(world, 1024, 250)
for (const kind of ['no partition', 'forgetful disk', 'real disk'] as const) {
  appendRow(kind, single, 1, 1)
  appendRow(kind, single, 16, 1)
  appendRow(kind, single, 64, 16)
  appendRow(kind, medium, 4, 4)
  appendRow(kind, large, 1, 4)
  appendRow(kind, large, 4, 4)
}
readRow()

const results = join(import.meta.dirname, '..', 'results')
mkdirSync(results, { recursive: true })
writeFileSync(join(results, 'path-shard.json'), `${JSON.stringify({ machine, rows }, null, 2)}\n`)
