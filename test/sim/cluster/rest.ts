import type { TopicView } from '../../../src/cluster/contract.ts'
import type { OwnedPartition } from '../../../src/shard/owned-partition.ts'
import { Violation } from '../world/world.ts'
import type { BrokerMachine } from './broker-machine.ts'
import { batchesBelow, partitionsOn } from './files.ts'
import { keyOf } from './ledger.ts'
import type { Tree, TreeTopic } from './tree.ts'

/** What every broker and every disk must agree on with the tree when nothing moves any more. */
export function judgeRest(tree: Tree, brokers: readonly BrokerMachine[]): void {
  const ids = brokers.map(({ id }) => id)
  same('registered brokers', tree.brokers, ids)
  if (!ids.includes(tree.controller)) throw new Violation(`the tree calls ${tree.controller} controller`)
  if (tree.deletions.length > 0) throw new Violation(`topics wait to be deleted: ${tree.deletions.join(', ')}`)
  if (tree.isReassigning) throw new Violation('a list of wished reassignments is left over')
  for (const [name, topic] of tree.topics) judgeTopic(name, topic, tree)
  for (const broker of brokers) {
    judgeView(broker, tree)
    judgeReplicas(broker, tree)
  }
}

/** No partition without a home: led by somebody who lives, everybody in sync, nothing half moved. */
function judgeTopic(name: string, { node, states }: TreeTopic, tree: Tree): void {
  if (node.adding.size > 0 || node.removing.size > 0) throw new Violation(`${name} is still being moved`)
  for (const [partition, replicas] of node.assignment) {
    const key = keyOf(name, partition)
    const found = states.get(partition)
    if (found === undefined) throw new Violation(`${key} has no state`)
    const { leader, inSyncReplicas } = found.state
    if (!tree.brokers.includes(leader)) throw new Violation(`${key} is led by ${leader}, who is not there`)
    same(`replicas in sync of ${key}`, [...inSyncReplicas].sort(), [...replicas].sort())
  }
}

/** What clients are told is what stands in the tree. */
function judgeView(broker: BrokerMachine, tree: Tree): void {
  const view = broker.running?.path.view
  if (view === undefined) throw new Violation(`${broker.address} is down at rest`)
  same(`the brokers that ${broker.address} knows`, view.brokers.map(({ id }) => id).sort(), tree.brokers)
  same(`the controller that ${broker.address} knows`, view.controllerId, tree.controller)
  const topics = [...view.topics()].map(({ name }) => name).sort()
  same(`the topics that ${broker.address} knows`, topics, [...tree.topics.keys()])
  for (const [name, topic] of tree.topics) {
    const known = view.topic(name)
    if (known !== undefined) judgeTopicView(broker, known, topic)
  }
}

function judgeTopicView(broker: BrokerMachine, view: TopicView, { node, states }: TreeTopic): void {
  same(`the id of ${view.name} on ${broker.address}`, view.topicId, node.topicId)
  const shown = view.partitions.map(({ partition, leader, leaderEpoch, partitionEpoch, replicas, inSyncReplicas }) => ({
    partition,
    leader,
    leaderEpoch,
    partitionEpoch,
    replicas,
    inSyncReplicas,
  }))
  const wanted = [...node.assignment].map(([partition, replicas]) => {
    const found = states.get(partition)
    const { leader, leaderEpoch, inSyncReplicas } = found?.state ?? { leader: -1, leaderEpoch: -1, inSyncReplicas: [] }
    return { partition, leader, leaderEpoch, partitionEpoch: found?.version ?? -1, replicas, inSyncReplicas }
  })
  same(`what ${broker.address} tells of ${view.name}`, shown, wanted)
}

/** A broker keeps the replicas that the tree gives it, in their roles, and no other. */
function judgeReplicas(broker: BrokerMachine, tree: Tree): void {
  const open = new Map<string, OwnedPartition>()
  for (const partition of broker.running?.path.shard.ownership.all() ?? []) {
    open.set(keyOf(partition.assignment.topic, partition.assignment.partition), partition)
  }
  for (const [name, { node, states }] of tree.topics) {
    for (const [partition, replicas] of node.assignment) {
      if (!replicas.includes(broker.id)) continue
      const key = keyOf(name, partition)
      const replica = open.get(key)
      if (replica === undefined) throw new Violation(`${broker.address} does not have ${key}`)
      open.delete(key)
      const state = states.get(partition)?.state
      const { topicId, role } = replica.assignment
      same(`the topic of ${key} on ${broker.address}`, topicId, node.topicId)
      same(`the epoch of ${key} on ${broker.address}`, role.leaderEpoch, state?.leaderEpoch)
      same(`the role of ${key} on ${broker.address}`, role.kind === 'leader', state?.leader === broker.id)
    }
  }
  if (open.size > 0) throw new Violation(`${broker.address} still serves ${[...open.keys()].join(', ')}`)
  for (const { topic, partition } of partitionsOn(broker.disk)) {
    // A replica that was dropped while its broker was away leaves its files there, but the topic is one that exists.
    if (!tree.topics.has(topic)) throw new Violation(`${broker.address} keeps files of ${keyOf(topic, partition)}`)
  }
}

/** Every replica of every partition has the same bytes up to the same high watermark. */
export function judgeBytes(
  tree: Tree,
  brokers: readonly BrokerMachine[],
  shownUpTo: ReadonlyMap<string, number>,
): void {
  for (const [name, { node, states }] of tree.topics) {
    for (const [partition, replicas] of node.assignment) {
      const key = keyOf(name, partition)
      const leader = states.get(partition)?.state.leader
      const ends = new Map<number, number>()
      for (const id of replicas) {
        const replica = replicaOf(brokers[id - 1], name, partition)
        if (replica === undefined) throw new Violation(`broker ${id} has no replica of ${key}`)
        ends.set(id, replica.position.highWatermark)
        if (replica.position.highWatermark !== replica.position.logEndOffset) {
          throw new Violation(
            `${key} on broker ${id} is replicated up to ${replica.position.highWatermark} of ${replica.position.logEndOffset} at rest`,
          )
        }
      }
      const end = ends.get(leader ?? -1) ?? -1
      const floor = shownUpTo.get(`${node.topicId}/${partition}`) ?? 0
      if (end < floor) throw new Violation(`${key} had been shown up to ${floor} and ends at ${end}`)
      let expected: Uint8Array | undefined
      for (const id of replicas) {
        same(`the high watermark of ${key} on broker ${id}`, ends.get(id), end)
        const broker = brokers[id - 1]
        if (broker === undefined) continue
        const bytes = batchesBelow(broker.disk, name, partition, end)
        expected ??= bytes
        if (Buffer.compare(bytes, expected) !== 0) {
          throw new Violation(
            `${key}: the bytes of broker ${id} are not those of broker ${replicas[0]} (${bytes.length}, ${expected.length})`,
          )
        }
      }
    }
  }
}

function replicaOf(broker: BrokerMachine | undefined, topic: string, partition: number): OwnedPartition['replica'] {
  for (const owned of broker?.running?.path.shard.ownership.all() ?? []) {
    if (owned.assignment.topic === topic && owned.assignment.partition === partition) return owned.replica
  }
  return undefined
}

function same(what: string, actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Violation(`${what}: ${left}, and should be ${right}`)
}
