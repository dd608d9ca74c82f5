/** A broker is about to stop: what it leads is handed over while it still serves, then it leaves the in-sync sets. */
import { ErrorCode } from '../model/error-code.ts'
import { CommandBatch } from './command-batch.ts'
import type { ShutdownAnswer } from './contract-calls.ts'
import type { ControllerContext, Dispatch } from './controller-context.ts'
import { decideLeaving } from './decide-states.ts'
import { forSomeTime } from './operation-queue.ts'
import { type StateChange, writeStates } from './partition-writes.ts'

/**
 * Between its old leader and its new one a partition takes no records, and that lasts as long as the command it is told in:
 * a thousand partitions in one command all stand still until the last one has been dealt with.
 */
const HANDED_OVER_AT_ONCE_MAX = 100
/** Each portion is waited for, but who does not answer holds up the controller no longer than this in all. */
const PATIENCE_MS = 1_000
/**
 * Then the answer alone waits. Who leaves stops fetching when it has it: of what it is still in sync with, nothing is confirmed to
 * all until the leaders have heard that it is not.
 */
const ANSWER_WAIT_MS = 2_500

/**
 * What is led goes first. That a follower leaves the in-sync set begins a term, too: until its other replicas have heard of it
 * nothing is confirmed to all, so that goes in portions as well.
 */
export async function shutDownBroker(
  context: ControllerContext,
  brokerId: number,
  brokerEpoch: number,
): Promise<ShutdownAnswer> {
  const { state, dependencies } = context
  const known = state.brokers.get(brokerId)
  if (known === undefined) return { code: ErrorCode.brokerNotAvailable, remaining: [] }
  if (brokerEpoch !== -1 && brokerEpoch < known.epoch) return { code: ErrorCode.staleBrokerEpoch, remaining: [] }
  state.shuttingDown.add(brokerId)
  const { controllerEpoch } = context
  const changes = decideLeaving({ state, controllerEpoch, isUncleanAllowed: () => false }, brokerId)
  const led = changes.filter(({ record }) => record.state.leader === brokerId)
  const followed = changes.filter(({ record }) => record.state.leader !== brokerId)
  const { clock, timers } = dependencies
  const untilMs = clock.monotonicMs() + PATIENCE_MS
  for (const portion of [...portions(led), ...portions(followed)]) {
    const { others } = await change(context, portion)
    const leftMs = untilMs - clock.monotonicMs()
    // It may stop once the new leaders are at work: its clients then find them at the first try.
    if (leftMs > 0) await forSomeTime(timers, leftMs, others)
    context.answerAfter(others, ANSWER_WAIT_MS)
  }
  return { code: ErrorCode.none, remaining: stillLed(context, brokerId) }
}

function portions(changes: readonly StateChange[]): readonly (readonly StateChange[])[] {
  const count = Math.ceil(changes.length / HANDED_OVER_AT_ONCE_MAX)
  return Array.from({ length: count }, (_, index) =>
    changes.slice(index * HANDED_OVER_AT_ONCE_MAX, (index + 1) * HANDED_OVER_AT_ONCE_MAX),
  )
}

/** Writes states and tells every broker. */
async function change(context: ControllerContext, changes: readonly StateChange[]): Promise<Dispatch> {
  const { written } = await writeStates(context, changes)
  const batch = new CommandBatch()
  for (const { topic, record } of written) batch.addLeadership(record.replicas, topic, record.partition)
  return context.dispatch(batch)
}

function stillLed({ state }: ControllerContext, brokerId: number): { topic: string; partition: number }[] {
  const remaining: { topic: string; partition: number }[] = []
  for (const topic of state.topics.values()) {
    for (const { partition, replicas, state: now } of topic.partitions) {
      if (replicas.length > 1 && now.leader === brokerId) remaining.push({ topic: topic.name, partition })
    }
  }
  return remaining
}
