/** What others write into the tree for the controller to find, besides topics and brokers: each is looked at once, then gone. */
import { CommandBatch } from './command-batch.ts'
import type { ControllerContext } from './controller-context.ts'
import { ElectionRequests, PREFERRED_ELECTION } from './leader-elections.ts'
import { childrenOf, dataOf } from './loader.ts'
import { Reassignments } from './reassignments.ts'
import { deleteIfThere } from './tree-removals.ts'
import {
  IN_SYNC_CHANGES_PATH,
  LOG_DIRECTORY_EVENTS_PATH,
  PREFERRED_ELECTION_PATH,
  decodeLogDirectoryEvent,
  decodePartitionState,
  decodePartitions,
  partitionStatePath,
} from './znodes.ts'
import type { Watcher } from '../zookeeper/contract.ts'

/** `/admin/preferred_replica_election`. */
export async function preferredElectionWished(context: ControllerContext, watcher: Watcher): Promise<void> {
  const { zookeeper } = context
  const path = PREFERRED_ELECTION_PATH
  if ((await zookeeper.exists(path, watcher)) === undefined) return
  const wished = decodePartitions((await dataOf(zookeeper, path))?.data ?? null)
  await new ElectionRequests(context).elect(PREFERRED_ELECTION, wished)
  await deleteIfThere(zookeeper, path)
}

/** Leaders of brokers older than AlterPartition write their states themselves, and say so here. */
export async function inSyncNotified(context: ControllerContext, watcher: Watcher): Promise<void> {
  const { zookeeper, state } = context
  const names = await childrenOf(zookeeper, IN_SYNC_CHANGES_PATH, watcher)
  const batch = new CommandBatch()
  for (const name of names) {
    const path = `${IN_SYNC_CHANGES_PATH}/${name}`
    for (const { topic, partition } of decodePartitions((await dataOf(zookeeper, path))?.data ?? null)) {
      const record = state.topic(topic)?.partitions[partition]
      const node = await dataOf(zookeeper, partitionStatePath(topic, partition))
      const stored = decodePartitionState(node?.data ?? null)
      if (record === undefined || node === undefined || stored === undefined) continue
      state.putPartitions(topic, [{ ...record, state: stored, stateVersion: node.stat.version }])
      batch.addMetadata(topic, partition)
    }
    await deleteIfThere(zookeeper, path)
  }
  if (names.length === 0) return
  await context.dispatch(batch)
  await new Reassignments(context).complete()
}

/** Brokers that have lost log directories: asked again for all they keep, they answer which replicas are lost. */
export async function logDirectoriesFailed(context: ControllerContext, watcher: Watcher): Promise<void> {
  const { zookeeper, state } = context
  const names = await childrenOf(zookeeper, LOG_DIRECTORY_EVENTS_PATH, watcher)
  const brokers = new Set<number>()
  for (const name of names) {
    const path = `${LOG_DIRECTORY_EVENTS_PATH}/${name}`
    brokers.add(decodeLogDirectoryEvent((await dataOf(zookeeper, path))?.data ?? null))
    await deleteIfThere(zookeeper, path)
  }
  const batch = new CommandBatch()
  for (const topic of state.topics.values()) {
    for (const { partition, replicas } of topic.partitions) {
      const concerned = replicas.filter((replica) => brokers.has(replica))
      if (concerned.length > 0) batch.addLeadershipOnly(concerned, topic.name, partition)
    }
  }
  if (names.length > 0) await context.dispatch(batch)
}
