import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { testNode, type TestNode, type TestNodeOptions, topicSpec } from '../../support/cluster-node.ts'
import { FakeZooKeeper } from '../../support/fake-zookeeper.ts'

const logDirectories = ['/a', '/b']

async function started(options: TestNodeOptions = {}): Promise<TestNode> {
  const node = testNode(new FakeZooKeeper(), { logDirectories, ...options })
  await node.controller.start()
  return node
}

async function move(node: TestNode, topic: string, directory: string, partition = 0): Promise<ErrorCode | undefined> {
  const [answer] = await node.controller.moveReplicas([{ topic, partition, directory }])
  return answer?.code
}

test('a move is told to the shard, and where the replica lies is known when it has ended', async () => {
  const node = await started()
  await node.controller.createTopics([topicSpec('t')], false)
  expect(node.open.get('t-0')).toMatchObject({ directory: '/a' })
  expect(await move(node, 't', '/b')).toBe(ErrorCode.none)
  expect(node.open.get('t-0')).toMatchObject({ directory: '/a', movingTo: '/b' })
  node.controller.relocationEnded('t', 0, '/b', true)
  // What is assigned next names the new place: a restart of the shard would open it there.
  await node.controller.alterConfigs([{ resourceType: 2, name: 't', isReplacement: false, entries: [] }], false)
  expect(node.open.get('t-0')).toMatchObject({ directory: '/b', movingTo: '' })
})

test('a move that failed may be tried again; one that goes back, or elsewhere, gives the first up', async () => {
  const node = await started({ logDirectories: ['/a', '/b', '/c'] })
  await node.controller.createTopics([topicSpec('t')], false)
  await move(node, 't', '/b')
  node.controller.relocationEnded('t', 0, '/b', false)
  expect(await move(node, 't', '/b')).toBe(ErrorCode.none)
  expect(node.open.get('t-0')).toMatchObject({ directory: '/a', movingTo: '/b' })
  expect(await move(node, 't', '/c')).toBe(ErrorCode.none)
  expect(node.open.get('t-0')).toMatchObject({ directory: '/a', movingTo: '/c' })
  // Late news of the move that was given up does not end the present one.
  node.controller.relocationEnded('t', 0, '/b', false)
  expect(await move(node, 't', '/a')).toBe(ErrorCode.none)
  expect(node.open.get('t-0')).toMatchObject({ directory: '/a', movingTo: '' })
})

test('a replica that is not here yet is refused, and comes to lie where it was wished', async () => {
  const node = await started()
  expect(await move(node, 'later', '/b')).toBe(ErrorCode.replicaNotAvailable)
  await node.controller.createTopics([topicSpec('other'), topicSpec('later')], false)
  expect(node.open.get('later-0')).toMatchObject({ directory: '/b' })
})

test('unknown directories, names that leave no room, failed disks', async () => {
  const node = await started()
  await node.controller.createTopics([topicSpec('t')], false)
  expect(await move(node, 't', '/nowhere')).toBe(ErrorCode.logDirNotFound)
  expect(await move(node, 'x'.repeat(220), '/nowhere')).toBe(ErrorCode.invalidTopicException)
  node.controller.partitionFailed('t', 0)
  expect(await move(node, 't', '/b')).toBe(ErrorCode.kafkaStorageError)
})
