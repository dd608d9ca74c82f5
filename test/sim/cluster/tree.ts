import {
  BROKER_IDS_PATH,
  CONTROLLER_PATH,
  DELETE_TOPICS_PATH,
  decodeController,
  decodePartitionState,
  decodeTopic,
  type PartitionStateNode,
  partitionStatePath,
  REASSIGN_PARTITIONS_PATH,
  TOPICS_PATH,
  type TopicNode,
  topicPath,
} from '../../../src/cluster/znodes.ts'
import { connectZooKeeper } from '../../../src/zookeeper/client.ts'
import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import { type KeeperAddress, keeperTransport } from '../world/keeper-transport.ts'
import { evenTemper, SimProcess } from '../world/process.ts'
import { Violation } from '../world/world.ts'
import type { Place } from '../world/machine.ts'

export interface TreeTopic {
  readonly node: TopicNode
  readonly states: ReadonlyMap<number, { readonly state: PartitionStateNode; readonly version: number }>
}

/** What stands in ZooKeeper's tree of the cluster. */
export interface Tree {
  readonly brokers: readonly number[]
  readonly controller: number
  readonly topics: ReadonlyMap<string, TreeTopic>
  /** Topics to be deleted. */
  readonly deletions: readonly string[]
  readonly isReassigning: boolean
}

/** A session of somebody who only looks. */
export function lookingSession(
  place: Place,
  name: string,
  keepers: readonly KeeperAddress[],
): Promise<ZooKeeperFullClient> {
  const process = new SimProcess(place.world, name, evenTemper)
  const host = place.network.host(name)
  host.occupy(process)
  const { clock, timers, log } = process
  return new Promise((resolve, reject) => {
    process.postAfter(0, () => {
      connectZooKeeper({
        transport: keeperTransport(host.ports.connector, keepers, 0),
        clock,
        timers,
        log,
        sessionTimeoutMs: 10_000,
        connectTimeoutMs: 60_000,
      }).then(resolve, reject)
    })
  })
}

export async function readTree(client: ZooKeeperFullClient): Promise<Tree> {
  const children = async (path: string): Promise<readonly string[]> => (await client.getChildren(path)).children
  const brokers = (await children(BROKER_IDS_PATH)).map(Number).sort((left, right) => left - right)
  const deletions = await children(DELETE_TOPICS_PATH)
  // Between two of them there is none.
  const hasController = (await client.exists(CONTROLLER_PATH)) !== undefined
  const controller = hasController
    ? decodeController((await client.getData(CONTROLLER_PATH)).data)?.brokerId
    : undefined
  const topics = new Map<string, TreeTopic>()
  for (const name of [...(await children(TOPICS_PATH))].sort()) {
    const node = decodeTopic((await client.getData(topicPath(name))).data)
    if (node === undefined) throw new Violation(`the node of topic ${name} cannot be read`)
    const states = new Map<number, { readonly state: PartitionStateNode; readonly version: number }>()
    for (const partition of node.assignment.keys()) {
      const path = partitionStatePath(name, partition)
      if ((await client.exists(path)) === undefined) continue
      const { data, stat } = await client.getData(path)
      const state = decodePartitionState(data)
      if (state !== undefined) states.set(partition, { state, version: stat.version })
    }
    topics.set(name, { node, states })
  }
  const isReassigning = (await client.exists(REASSIGN_PARTITIONS_PATH)) !== undefined
  return { brokers, controller: controller ?? -1, topics, deletions, isReassigning }
}
