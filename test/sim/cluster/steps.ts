import { alterReassignments } from '../../../src/client/admin/reassignments.ts'
import { createPartitions, createTopic, deleteTopic } from '../../../src/client/admin/topics.ts'
import { evenTemper, type SimProcess } from '../world/process.ts'
import { Violation, World } from '../world/world.ts'
import type { BrokerMachine } from './broker-machine.ts'
import { ClusterPlay, type ClusterSettings } from './play.ts'
import { HURRIED } from './simulate.ts'
import type { Tree } from './tree.ts'

/** Something that a controller does in several steps. */
export interface Operation {
  /** Begins it. What it is asked through the admin client counts as done once that is answered. */
  begin(play: ClusterPlay, answered: () => void): void
  /** @throws Violation when it was answered and is not done. Left out, nobody is answered */
  check?(tree: Tree): void
}

const EXTRA = 'fresh'
const OLD = 'old'
const MOVED = 'events'
const MOVED_TO: readonly number[] = [2, 3, 4]
const PARTITIONS_AFTER = 4

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'topic creation': {
    begin: ({ admin }, answered) => {
      admin.act('create', async (context) => {
        await createTopic(context, { name: EXTRA, partitionCount: 3, replicationFactor: 3 })
        answered()
      })
    },
    check: (tree) => {
      const count = tree.topics.get(EXTRA)?.node.assignment.size ?? 0
      if (count !== 3) throw new Violation(`a topic that was created has ${count} partitions`)
    },
  },
  'topic deletion': {
    begin: ({ admin, ledger }, answered) => {
      ledger.doomed.add(OLD)
      admin.act('delete', async (context) => {
        await deleteTopic(context, OLD)
        answered()
      })
    },
    check: (tree) => {
      if (tree.topics.has(OLD)) throw new Violation('a topic that was deleted is there')
    },
  },
  'added partitions': {
    begin: ({ admin }, answered) => {
      admin.act('add partitions', async (context) => {
        await createPartitions(context, MOVED, PARTITIONS_AFTER)
        answered()
      })
    },
    check: (tree) => {
      const count = tree.topics.get(MOVED)?.node.assignment.size ?? 0
      if (count !== PARTITIONS_AFTER) throw new Violation(`after adding partitions there are ${count}`)
    },
  },
  reassignment: {
    begin: ({ admin }, answered) => {
      admin.act('move', async (context) => {
        const moves = [0, 1].map((partition) => ({ topic: MOVED, partition, replicas: MOVED_TO }))
        const outcomes = await alterReassignments(context, moves)
        if (outcomes.every(({ errorCode }) => errorCode === 0)) answered()
      })
    },
    check: (tree) => {
      for (const [partition, replicas] of tree.topics.get(MOVED)?.node.assignment ?? []) {
        if (partition < 2 && replicas.join() !== MOVED_TO.join()) {
          throw new Violation(`${MOVED}-${partition} was moved to ${MOVED_TO.join()} and is on ${replicas.join()}`)
        }
      }
    },
  },
  'a topic made again': {
    begin: ({ admin, ledger }, answered) => {
      ledger.doomed.add(OLD)
      admin.act('delete and make again', async (context) => {
        await deleteTopic(context, OLD)
        await createTopic(context, { name: OLD, partitionCount: 1, replicationFactor: 3 })
        answered()
      })
    },
    check: (tree) => {
      const count = tree.topics.get(OLD)?.node.assignment.size ?? 0
      if (count !== 1) throw new Violation(`a topic that was deleted and made again has ${count} partitions`)
    },
  },
  election: {
    begin: (play) => {
      const { controller } = play
      const victim = play.brokers.find((broker) => broker !== controller)
      victim?.crash('none')
      play.world.events.after(1_500, () => victim?.start())
    },
  },
  'orderly stop': {
    begin: (play) => {
      const { controller } = play
      const leaving = play.brokers.find((broker) => broker !== controller)
      leaving?.process?.post(() => {
        leaving.stop().catch((error: unknown) => {
          play.world.fail(error instanceof Error ? error : new Error(String(error)))
        })
      })
    },
  },
}

/** What happens in the middle of an operation. */
export interface Disturbance {
  /** Whose steps are counted, and who is struck in front of one. */
  victim(play: ClusterPlay): BrokerMachine | undefined
  strike(play: ClusterPlay, victim: BrokerMachine, process: SimProcess): void
  readonly isDurable?: boolean
}

/** Longer than a session: by then another is controller. */
const STOPPED_MS = 4_000

function leaderBesideController(play: ClusterPlay): BrokerMachine | undefined {
  const { controller, partitions } = play
  return partitions.map((partition) => play.leaderOf(partition)).find((leader) => leader !== controller)
}

export const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  'the controller dies': {
    victim: ({ controller }) => controller,
    strike: (_, victim) => victim.crash('none'),
  },
  'the controller is stopped and goes on': {
    victim: ({ controller }) => controller,
    // It finishes its turn, and goes on with the next one when it is controller no more.
    strike: (_, __, process) => process.pause(STOPPED_MS),
  },
  'a leader dies': {
    victim: leaderBesideController,
    strike: (_, victim) => victim.crash('none'),
  },
  'all lose their power': {
    isDurable: true,
    victim: ({ controller }) => controller,
    strike: ({ brokers, keepers }) => {
      for (const machine of [...brokers, ...keepers]) machine.crash('some')
    },
  },
}

const SETTINGS: ClusterSettings = {
  brokers: 4,
  keepers: 1,
  tickTimeMs: 500,
  overrides: [...HURRIED, 'zookeeper.session.timeout.ms=1500'],
  hotTailSizeBytes: 1 << 20,
  isDurable: false,
  temper: () => evenTemper,
}
/** How long steps belong to the operation. */
const OPERATION_MS = 400
const AGAIN_AFTER_MS = 300

export interface StepOutcome {
  readonly violation: string | undefined
  /** What the victim did: writes, syncs and sends of its process. */
  readonly steps: number
}

/**
 * Lets something happen in front of one step in the middle of an operation, and judges what comes of it.
 *
 * @param step Infinity: nothing happens, and the victim's steps are counted
 */
export async function disturbAt(
  operation: Operation,
  disturbance: Disturbance,
  step: number,
  trace: ((line: string) => void) | null = null,
): Promise<StepOutcome> {
  const world = new World(7, trace)
  const play = new ClusterPlay(world, { ...SETTINGS, isDurable: disturbance.isDurable === true })
  let steps = 0
  const broken = await world.play(async () => {
    await play.start()
    await play.createTopic(MOVED, 2, 3, { 'min.insync.replicas': '2' })
    await play.createTopic(OLD, 2, 3)
    play.addProducer({ acks: -1, isIdempotent: true, thinkMs: 60, burst: 4, valueSizeBytes: 30 })
    await play.run(300)
    const victim = disturbance.victim(play)
    const process = victim?.process
    if (victim === undefined || process === undefined) throw new Error('there is somebody to be struck')
    for (const machine of [...play.brokers, ...play.keepers]) {
      machine.onCrash = () => world.events.after(AGAIN_AFTER_MS, () => machine.start())
    }
    let isAnswered = false
    const budget = Math.min(step, Number.MAX_SAFE_INTEGER)
    process.stepsToLive = budget
    process.onStepsOver = () => {
      process.spare()
      disturbance.strike(play, victim, process)
    }
    operation.begin(play, () => {
      isAnswered = true
    })
    await play.run(OPERATION_MS)
    steps = budget - process.stepsToLive
    process.spare()
    await play.run(2_000)
    await play.finish()
    if (isAnswered) operation.check?.(await play.tree())
    else if (step === Number.POSITIVE_INFINITY && operation.check !== undefined) {
      throw new Violation('an undisturbed operation is not answered')
    }
  })
  return { violation: broken === undefined ? undefined : `${broken.name}: ${broken.message}`, steps }
}
