/** Several brokers in one thread on one ZooKeeper in memory. */
import { TestWires, type TestNode, type TestNodeOptions, settle, testNode } from './cluster-node.ts'
import { FakeZooKeeper } from './fake-zookeeper.ts'

export interface TestCluster {
  readonly zookeeper: FakeZooKeeper
  readonly wires: TestWires
  node(id: number): TestNode
  /** Starts (again) a broker. */
  start(id: number, options?: TestNodeOptions): Promise<TestNode>
  /** As `kill -9` and the end of its session. */
  kill(id: number): Promise<void>
  /** As `kill -9` while its session lasts. */
  freeze(id: number): void
  /** What the tree says of a partition. */
  stored(topic: string, partition: number): { leader: number; leader_epoch: number; isr: number[] }
  /** The leader of a partition proposes an in-sync set, as its shard would. */
  propose(topic: string, partition: number, inSyncReplicas: readonly number[]): Promise<number>
}

export async function testCluster(ids: readonly number[], options: TestNodeOptions = {}): Promise<TestCluster> {
  const zookeeper = new FakeZooKeeper()
  const wires = new TestWires()
  const cluster: TestCluster = {
    zookeeper,
    wires,
    node: (id) => {
      const node = wires.nodes.get(id)
      if (node === undefined) throw new Error(`there is no broker ${id}`)
      return node
    },
    start: async (id, more = {}) => {
      const node = testNode(zookeeper, { ...options, ...more, brokerId: id, wires })
      await node.controller.start()
      await settle()
      return node
    },
    kill: async (id) => {
      const { sessionId } = cluster.node(id).session()
      wires.nodes.delete(id)
      zookeeper.vanish(sessionId)
      await settle()
    },
    freeze: (id) => {
      const session = cluster.node(id).session() as unknown as Record<string, unknown>
      for (const [name, value] of Object.entries(session))
        if (typeof value === 'function') session[name] = () => new Promise(() => undefined)
      wires.nodes.delete(id)
    },
    stored: (topic, partition) =>
      JSON.parse(zookeeper.text(`/brokers/topics/${topic}/partitions/${partition}/state`) ?? '{}'),
    propose: async (topic, partition, inSyncReplicas) => {
      const leader = cluster.node(cluster.stored(topic, partition).leader)
      const local = leader.open.get(`${topic}-${partition}`)
      if (local === undefined) throw new Error(`${topic}-${partition} is not open on its leader`)
      const { topicId, handle, leaderEpoch } = local
      const partitionEpoch = zookeeper.nodes.get(`/brokers/topics/${topic}/partitions/${partition}/state`)?.stat.version
      const proposal = { topic, topicId, partition, handle, leaderEpoch, inSyncReplicas }
      const decision = leader.controller.proposeInSync({ ...proposal, partitionEpoch: partitionEpoch ?? -1 })
      await settle()
      return (await decision).code
    },
  }
  for (const id of ids) await cluster.start(id)
  return cluster
}
