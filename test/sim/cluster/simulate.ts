import type { Random } from '../zab/random.ts'
import { evenTemper } from '../world/process.ts'
import { World } from '../world/world.ts'
import { Faults } from './faults.ts'
import { ClusterPlay, type ClusterSettings } from './play.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly trace?: (line: string) => void
}

export interface SimulationResult {
  readonly seed: number
  /** Brokers and keepers. */
  readonly shape: string
  readonly acknowledged: number
  /** Records that consumers were shown. */
  readonly shown: number
  readonly commits: number
  readonly events: number
  readonly crashes: number
  readonly faults: number
  /** What was broken; undefined when every promise held. */
  readonly violation: string | undefined
}

const PLAY_MS: readonly number[] = [1_500, 1_500, 3_000, 3_000, 8_000]

/** Plays one seed: a cluster and its clients, faults of every kind, then calm; the judges judge. */
export async function simulateCluster(options: SimulationOptions): Promise<SimulationResult> {
  const { seed } = options
  const world = new World(seed, options.trace ?? null)
  const settings = drawSettings(world.random)
  const play = new ClusterPlay(world, settings)
  const broken = await world.play(() => playThrough(play))
  return {
    seed,
    shape: `${settings.brokers}+${settings.keepers}${settings.isDurable ? ' durable' : ''}`,
    acknowledged: play.ledger.acknowledged,
    shown: play.ledger.shownCount,
    commits: play.ledger.committedCount,
    events: world.events.count,
    crashes: play.brokers.reduce((sum, { crashes }) => sum + crashes, 0),
    faults: play.faults,
    violation: broken === undefined ? undefined : `${broken.name}: ${broken.message}`,
  }
}

/** What brokers are told in every simulation: the times of a small, hurried cluster. */
export const HURRIED: readonly string[] = [
  'replica.lag.time.max.ms=2000',
  'replica.fetch.wait.max.ms=300',
  'replica.fetch.backoff.ms=300',
  'replica.socket.timeout.ms=2000',
  'offsets.topic.num.partitions=1',
  'offsets.topic.replication.factor=3',
  'group.initial.rebalance.delay.ms=0',
  'group.min.session.timeout.ms=1000',
  'auto.create.topics.enable=false',
]

function drawSettings(random: Random): ClusterSettings {
  const isSkewed = random.happens(0.5)
  return {
    brokers: random.pick([3, 3, 3, 4, 5]),
    keepers: random.pick([1, 1, 1, 3]),
    tickTimeMs: 500,
    hotTailSizeBytes: random.pick([0, 1 << 20]),
    isDurable: random.happens(0.35),
    overrides: [
      ...HURRIED,
      `zookeeper.session.timeout.ms=${random.pick([1_500, 4_000])}`,
      `jackdaw.fast.failure.detection=${random.happens(0.5)}`,
      `unclean.leader.election.enable=false`,
      `leader.imbalance.check.interval.seconds=${random.pick([2, 300])}`,
    ],
    temper: () =>
      isSkewed
        ? {
            clockRate: 0.95 + random.next() * 0.1,
            clockOffsetMs: random.between(-50_000, 50_000),
            lookCostMs: random.pick([0, 0.02]),
          }
        : evenTemper,
  }
}

async function playThrough(play: ClusterPlay): Promise<void> {
  const { random, network, settings } = play
  network.delayMaxMs = random.pick([1, 5, 30])
  const syncMs = random.pick([0.3, 3, 20])
  for (const { disk } of play.brokers) disk.trouble.syncMs = syncMs
  await play.start()
  const minimum = random.pick([1, 2, 2])
  const count = random.between(1, 3)
  const segment = { 'internal.segment.bytes': String(random.pick([2_000, 20_000, 1 << 30])) }
  await play.createTopic('events', count, 3, { 'min.insync.replicas': String(minimum), ...segment })
  if (random.happens(0.5)) await play.createTopic('pairs', 1, 2, { 'min.insync.replicas': '1' })
  const writers = random.between(1, 3)
  for (let index = 0; index < writers; index += 1) {
    const kind = random.between(0, 3)
    play.addProducer({
      acks: kind === 3 ? 1 : -1,
      isIdempotent: kind < 2,
      thinkMs: random.pick([20, 60, 200]),
      burst: 12,
      valueSizeBytes: random.pick([20, 60, 900]),
    })
  }
  play.addReader()
  if (random.happens(0.6)) play.addCommitter({ topic: 'events', partition: 0 })
  if (random.happens(0.4))
    for (let index = random.between(1, 2); index > 0; index -= 1) play.addMember('group', ['events'])
  await new Faults(play).play(random.pick(PLAY_MS), random.pick([250, 600, 1_500]))
  await play.finish()
  if (random.happens(settings.isDurable ? 0.6 : 0.2)) await play.fallAndRise()
}
