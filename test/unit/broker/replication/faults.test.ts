import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import {
  DIRECTORIES,
  LAG_MAX_MS,
  type ReplicaNode,
  ReplicationWorld,
  type Told,
} from '../../../support/replication-world.ts'
import { textBatch } from '../../../support/partition-steps.ts'

/** Random faults and a controller that elects cleanly. Judged by outcomes alone: what a producer was promised, what readers saw. */

type Step =
  | { readonly kind: 'append'; readonly acks: number; readonly count: number }
  | { readonly kind: 'pass'; readonly durationMs: number }
  | { readonly kind: 'kill' | 'restart' | 'cut' | 'heal' | 'elect' | 'move'; readonly broker: number }
  | { readonly kind: 'loseAnswers'; readonly isLosing: boolean }

const broker = fc.integer({ min: 1, max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      acks: fc.constantFrom(-1, -1, 1),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      durationMs: fc.constantFrom(0, 50, 700, LAG_MAX_MS * 2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'kill' as const,
        'restart' as const,
        'cut' as const,
        'heal' as const,
        'elect' as const,
        'move' as const,
      ),
      broker,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('loseAnswers' as const), isLosing: fc.boolean() }) },
)

interface Promised {
  readonly text: string
  readonly told: Told
}

class Run {
  readonly world: ReplicationWorld
  readonly promised: Promised[] = []
  readonly seen = new Map<ReplicaNode, number>()
  #next = 0

  constructor(world: ReplicationWorld) {
    this.world = world
  }

  async take(one: Step): Promise<void> {
    const { world } = this
    if (one.kind === 'append') this.#append(one.acks, one.count)
    else if (one.kind === 'pass') await world.pass(one.durationMs, 500)
    else if (one.kind === 'loseAnswers') this.#loseAnswers(one.isLosing)
    else await this.#fault(one.kind, world.node(one.broker))
    await world.run()
    this.#checkWatermarks()
  }

  /** Everything is repaired; then every promise must have been kept. */
  async finish(): Promise<void> {
    const { world } = this
    world.decide = undefined
    for (const node of world.nodes) {
      node.isCutOff = false
      if (!node.isUp) await node.start()
    }
    this.#failover()
    world.publish()
    world.assignAll()
    await world.pass(LAG_MAX_MS * 3, 1000)
    const leader = world.node(world.state.leader)
    const log = new TextDecoder('latin1').decode(leader.bytes)
    for (const { text, told } of this.promised) {
      const isKept = log.includes(`${text}#0`)
      if (told.answer?.code === ErrorCode.none) expect({ text, isKept }).toEqual({ text, isKept: true })
    }
    for (const node of world.nodes) {
      expect(node.position).toMatchObject({ logEndOffset: leader.position.logEndOffset })
      expect(node.bytes).toEqual(leader.bytes)
    }
    expect(leader.position.highWatermark).toBe(leader.position.logEndOffset)
    expect([...world.state.inSyncReplicas].sort()).toEqual([1, 2, 3])
    // However often a replica moved, it lies in one place.
    for (const { disk } of world.nodes) {
      expect(DIRECTORIES.filter((directory) => disk.exists(`${directory}/events-0`))).toHaveLength(1)
    }
  }

  #append(acks: number, count: number): void {
    const leader = this.world.nodes.find((node) => node.isUp && this.#leads(node))
    if (leader === undefined) return
    this.#next += 1
    const text = `record-${this.#next}-`
    const told = leader.append(textBatch(text, count), acks)
    if (acks === -1) this.promised.push({ text, told })
  }

  /** Any node that believes so: an old leader that nobody has told takes records too. */
  #leads(node: ReplicaNode): boolean {
    return node.shard.ownership.find(1)?.leadership !== null
  }

  #loseAnswers(isLosing: boolean): void {
    const { world } = this
    if (!isLosing) {
      world.decide = undefined
      return
    }
    // The change takes effect, and nobody hears of it: or it never arrived. Both look the same.
    world.decide = (proposal) => {
      if (proposal.inSyncReplicas.length % 2 === 0) world.agree(world.state.leader, proposal)
      return { code: ErrorCode.requestTimedOut, leaderEpoch: 0, partitionEpoch: 0, inSyncReplicas: [] }
    }
  }

  async #fault(kind: 'kill' | 'restart' | 'cut' | 'heal' | 'elect' | 'move', node: ReplicaNode): Promise<void> {
    const { world } = this
    if (kind === 'kill' && node.isUp) {
      node.kill()
      this.seen.delete(node)
      this.#failover()
    } else if (kind === 'restart' && !node.isUp) {
      node.isCutOff = false
      await node.start()
      this.#failover()
      world.publish()
      world.assignAll([node.id])
    } else if (kind === 'move' && node.isUp) {
      // Now and then one gives up what the one before began.
      node.move(node.directory === '/data' ? '/other' : '/data')
    } else if (kind === 'cut') {
      node.isCutOff = true
    } else if (kind === 'heal') {
      node.isCutOff = false
    } else if (kind === 'elect' && node.isUp && world.state.inSyncReplicas.includes(node.id)) {
      world.elect(node.id)
    }
  }

  /** What a controller does when brokers die: the first in-sync replica that lives leads, the dead leave the set. */
  #failover(): void {
    const { world } = this
    const { state } = world
    const isUp = (id: number): boolean => world.node(id).isUp
    if (isUp(state.leader)) {
      const living = state.inSyncReplicas.filter(isUp)
      if (living.length < state.inSyncReplicas.length) world.elect(state.leader, living)
      return
    }
    const candidate = state.replicas.find((id) => state.inSyncReplicas.includes(id) && isUp(id))
    if (candidate !== undefined) world.elect(candidate, state.inSyncReplicas.filter(isUp))
  }

  /** For one life of a broker the high watermark never falls below what readers may have seen, and never beyond the log. */
  #checkWatermarks(): void {
    for (const node of this.world.nodes) {
      if (!node.isUp || node.shard.ownership.find(1) === undefined) continue
      const { highWatermark, logEndOffset } = node.position
      expect(highWatermark).toBeGreaterThanOrEqual(this.seen.get(node) ?? 0)
      expect(highWatermark).toBeLessThanOrEqual(logEndOffset)
      this.seen.set(node, highWatermark)
    }
  }
}

test('whatever dies, is cut off or comes back: no acknowledged record is lost, replicas end up the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const run = new Run(await ReplicationWorld.start(3, { config: { segmentBytes: 3000, indexIntervalBytes: 200 } }))
      for (const one of steps) await run.take(one)
      await run.finish()
    }),
    { numRuns: Number(process.env['REPLICATION_RUNS'] ?? 40) },
  )
}, 300_000)
