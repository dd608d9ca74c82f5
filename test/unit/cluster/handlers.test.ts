/** The handlers of the control plane against a real controller on a ZooKeeper in memory, through the wire at every version. */
import { beforeEach, expect, test } from 'vitest'
import type { ApiHandler, BrokerServices, RequestContext } from '../../../src/broker/context.ts'
import { leaderAndIsrHandler } from '../../../src/broker/handlers/04-leader-and-isr.ts'
import { stopReplicaHandler } from '../../../src/broker/handlers/05-stop-replica.ts'
import { updateMetadataHandler } from '../../../src/broker/handlers/06-update-metadata.ts'
import { controlledShutdownHandler } from '../../../src/broker/handlers/07-controlled-shutdown.ts'
import { alterReplicaLogDirsHandler } from '../../../src/broker/handlers/34-alter-replica-log-dirs.ts'
import { updateFeaturesHandler } from '../../../src/broker/handlers/57-update-features.ts'
import { alterPartitionReassignmentsHandler } from '../../../src/broker/handlers/45-alter-partition-reassignments.ts'
import { describeQuorumHandler } from '../../../src/broker/handlers/55-describe-quorum.ts'
import { alterPartitionHandler } from '../../../src/broker/handlers/56-alter-partition.ts'
import { unregisterBrokerHandler } from '../../../src/broker/handlers/64-unregister-broker.ts'
import { allocateProducerIdsHandler } from '../../../src/broker/handlers/67-allocate-producer-ids.ts'
import { metadataHandler } from '../../../src/broker/handlers/03-metadata.ts'
import { createTopicsHandler } from '../../../src/broker/handlers/19-create-topics.ts'
import { deleteTopicsHandler } from '../../../src/broker/handlers/20-delete-topics.ts'
import { describeConfigsHandler } from '../../../src/broker/handlers/32-describe-configs.ts'
import { alterConfigsHandler } from '../../../src/broker/handlers/33-alter-configs.ts'
import { createPartitionsHandler } from '../../../src/broker/handlers/37-create-partitions.ts'
import { electLeadersHandler } from '../../../src/broker/handlers/43-elect-leaders.ts'
import { incrementalAlterConfigsHandler } from '../../../src/broker/handlers/44-incremental-alter-configs.ts'
import { listPartitionReassignmentsHandler } from '../../../src/broker/handlers/46-list-partition-reassignments.ts'
import { describeClusterHandler } from '../../../src/broker/handlers/60-describe-cluster.ts'
import { listConfigResourcesHandler } from '../../../src/broker/handlers/74-list-config-resources.ts'
import { describeTopicPartitionsHandler } from '../../../src/broker/handlers/75-describe-topic-partitions.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ZERO_UUID } from '../../../src/model/uuid.ts'
import * as leaderAndIsr from '../../../src/protocol/generated/04-leader-and-isr.ts'
import * as stopReplica from '../../../src/protocol/generated/05-stop-replica.ts'
import * as updateMetadata from '../../../src/protocol/generated/06-update-metadata.ts'
import * as controlledShutdown from '../../../src/protocol/generated/07-controlled-shutdown.ts'
import * as alterReplicaLogDirs from '../../../src/protocol/generated/34-alter-replica-log-dirs.ts'
import * as updateFeatures from '../../../src/protocol/generated/57-update-features.ts'
import * as alterReassignments from '../../../src/protocol/generated/45-alter-partition-reassignments.ts'
import * as describeQuorum from '../../../src/protocol/generated/55-describe-quorum.ts'
import * as alterPartition from '../../../src/protocol/generated/56-alter-partition.ts'
import * as unregisterBroker from '../../../src/protocol/generated/64-unregister-broker.ts'
import * as allocateProducerIds from '../../../src/protocol/generated/67-allocate-producer-ids.ts'
import * as metadata from '../../../src/protocol/generated/03-metadata.ts'
import * as createTopics from '../../../src/protocol/generated/19-create-topics.ts'
import * as deleteTopics from '../../../src/protocol/generated/20-delete-topics.ts'
import * as describeConfigs from '../../../src/protocol/generated/32-describe-configs.ts'
import * as alterConfigs from '../../../src/protocol/generated/33-alter-configs.ts'
import * as createPartitions from '../../../src/protocol/generated/37-create-partitions.ts'
import * as electLeaders from '../../../src/protocol/generated/43-elect-leaders.ts'
import * as incrementalAlterConfigs from '../../../src/protocol/generated/44-incremental-alter-configs.ts'
import * as listReassignments from '../../../src/protocol/generated/46-list-partition-reassignments.ts'
import * as describeCluster from '../../../src/protocol/generated/60-describe-cluster.ts'
import * as listConfigResources from '../../../src/protocol/generated/74-list-config-resources.ts'
import * as describeTopicPartitions from '../../../src/protocol/generated/75-describe-topic-partitions.ts'
import type { Draft } from '../../../src/protocol/wire/draft.ts'
import { Reader } from '../../../src/protocol/wire/reader.ts'
import { Writer } from '../../../src/protocol/wire/writer.ts'
import { type TestNode, testConfig, testNode, topicSpec } from '../../support/cluster-node.ts'
import { FakeZooKeeper } from '../../support/fake-zookeeper.ts'

let node: TestNode
let services: BrokerServices

async function world(overrides: readonly string[] = []): Promise<void> {
  node = testNode(new FakeZooKeeper(), { overrides })
  await node.controller.start()
  // Only what these handlers use: they reach neither shards nor groups.
  services = {
    clock: { wallMs: () => 1_700_000_000_000, monotonicMs: () => 0 },
    brokerId: 1,
    config: testConfig(overrides),
    view: node.view,
    control: node.controller,
  } as unknown as BrokerServices
}

beforeEach(() => world())

/** One request and its answer, both through the wire format of a version. */
async function call<Req, Res>(
  handler: ApiHandler<Req, Res>,
  writeRequest: (writer: Writer, message: Draft<Req>, version: number) => void,
  readResponse: (reader: Reader, version: number) => Res,
  version: number,
  request: Draft<Req>,
  context: Partial<RequestContext> = {},
): Promise<Res> {
  const writer = new Writer()
  writeRequest(writer, request, version)
  const requestReader = new Reader(writer.finish())
  const read = handler.read(requestReader, version)
  expect(requestReader.ok).toBe(true)
  const answer = await handler.handle(
    read,
    {
      apiKey: handler.apiKey,
      apiVersion: version,
      correlationId: 1,
      clientId: 'test',
      clientHost: '10.0.0.9',
      principal: 'User:ANONYMOUS',
      listener: 'PLAINTEXT',
      localHost: 'used.host',
      ...context,
    },
    services,
  )
  const answerWriter = new Writer()
  handler.write(answerWriter, answer as Draft<Res>, version)
  const reader = new Reader(answerWriter.finish())
  const response = readResponse(reader, version)
  expect(reader.ok).toBe(true)
  return response
}

const versions = (handler: { minVersion: number; maxVersion: number }): number[] =>
  Array.from({ length: handler.maxVersion - handler.minVersion + 1 }, (_, index) => handler.minVersion + index)

const askMetadata = (version: number, request: Draft<metadata.MetadataRequest>, context?: Partial<RequestContext>) =>
  call(metadataHandler, metadata.writeMetadataRequest, metadata.readMetadataResponse, version, request, context)

test('metadata: all topics, none, one, by version', async () => {
  await node.controller.createTopics([topicSpec('a', { partitionCount: 2 }), topicSpec('b')], false)
  for (const version of versions(metadataHandler)) {
    const all = await askMetadata(version, { topics: version === 0 ? [] : null })
    expect(all.topics.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(all.brokers).toMatchObject([{ nodeId: 1, host: '127.0.0.1', port: 9093 }])
    expect(all.topics[0]?.partitions).toMatchObject([
      { errorCode: 0, leaderId: 1, replicaNodes: [1], isrNodes: [1] },
      { partitionIndex: 1 },
    ])
    if (version >= 1) {
      expect((await askMetadata(version, { topics: [] })).topics).toEqual([])
      expect(all.controllerId).toBe(1)
    }
    if (version >= 2) expect(all.clusterId).toBe(node.view.clusterId)
    if (version >= 8) expect(all.topics[0]?.topicAuthorizedOperations).toBe(-2_147_483_648)
    const one = await askMetadata(version, { topics: [{ name: 'b' }] })
    expect(one.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([['b', 0]])
  }
})

test('metadata creates a missing topic where both sides allow it', async () => {
  await world(['num.partitions=3'])
  const made = await askMetadata(9, { topics: [{ name: 'made' }], allowAutoTopicCreation: true })
  expect(made.topics).toMatchObject([{ errorCode: 0, name: 'made', partitions: [{ leaderId: 1 }, {}, {}] }])
  expect((await askMetadata(0, { topics: [{ name: 'old' }] })).topics).toMatchObject([{ errorCode: 0 }])
  const forbidden = await askMetadata(4, { topics: [{ name: 'not' }], allowAutoTopicCreation: false })
  expect(forbidden.topics).toMatchObject([
    { errorCode: ErrorCode.unknownTopicOrPartition, name: 'not', partitions: [] },
  ])
  const internal = await askMetadata(12, { topics: [{ name: '__consumer_offsets' }], allowAutoTopicCreation: true })
  expect(internal.topics[0]).toMatchObject({ isInternal: true, errorCode: 0 })
  expect(internal.topics[0]?.partitions).toHaveLength(50)
  const clash = await askMetadata(12, {
    topics: [{ name: 'a.b' }, { name: 'a_b' }, { name: 'no good' }],
    allowAutoTopicCreation: true,
  })
  expect(clash.topics.map(({ errorCode }) => errorCode)).toEqual([
    0,
    ErrorCode.invalidTopicException,
    ErrorCode.invalidTopicException,
  ])
})

test('metadata does not create topics when the broker forbids it', async () => {
  await world(['auto.create.topics.enable=false'])
  expect((await askMetadata(9, { topics: [{ name: 'x' }], allowAutoTopicCreation: true })).topics).toMatchObject([
    { errorCode: ErrorCode.unknownTopicOrPartition },
  ])
  expect(node.view.topicCount).toBe(0)
})

test('metadata by topic id', async () => {
  const [created] = await node.controller.createTopics([topicSpec('a')], false)
  const topicId = created?.topicId ?? ''
  expect((await askMetadata(12, { topics: [{ name: null, topicId }] })).topics).toMatchObject([
    { errorCode: 0, name: 'a', topicId },
  ])
  const unknown = await askMetadata(13, { topics: [{ name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }] })
  expect(unknown.topics).toMatchObject([{ errorCode: ErrorCode.unknownTopicId, name: null, partitions: [] }])
  expect((await askMetadata(10, { topics: [{ name: 'a', topicId }] })).topics).toMatchObject([
    { errorCode: ErrorCode.invalidRequest },
  ])
})

test('metadata: authorized operations only when asked for', async () => {
  await node.controller.createTopics([topicSpec('a')], false)
  const asked = await askMetadata(10, {
    topics: null,
    includeTopicAuthorizedOperations: true,
    includeClusterAuthorizedOperations: true,
  })
  expect(asked.topics[0]?.topicAuthorizedOperations).toBe(3_576)
  expect(asked.clusterAuthorizedOperations).toBe(8_096)
})

test('a client on a listener that the leader does not have is told so', async () => {
  await node.controller.createTopics([topicSpec('a')], false)
  const context = { listener: 'OTHER' }
  expect((await askMetadata(5, { topics: null }, context)).topics[0]?.partitions).toMatchObject([
    { errorCode: ErrorCode.leaderNotAvailable, leaderId: -1 },
  ])
  expect((await askMetadata(6, { topics: null }, context)).topics[0]?.partitions).toMatchObject([
    { errorCode: ErrorCode.listenerNotFound },
  ])
})

test('where nothing is advertised a client is sent to the host it used', async () => {
  const [broker] = node.view.brokers
  node.view.apply({
    kind: 'cluster',
    clusterId: node.view.clusterId,
    controllerId: 1,
    brokers: [{ ...broker!, endpoints: [{ ...broker!.endpoints[0]!, host: '' }] }],
  })
  expect((await askMetadata(9, { topics: [] })).brokers).toMatchObject([{ host: 'used.host', port: 9093 }])
})

test('create topics: good and bad in one request, configuration told from version 5 on', async () => {
  for (const version of versions(createTopicsHandler)) {
    await world()
    const response = await call(
      createTopicsHandler,
      createTopics.writeCreateTopicsRequest,
      createTopics.readCreateTopicsResponse,
      version,
      {
        topics: [
          { name: 'good', numPartitions: 2, replicationFactor: 1, configs: [{ name: 'retention.ms', value: '5' }] },
          { name: 'bad', numPartitions: 2, replicationFactor: 3 },
          { name: 'default', numPartitions: -1, replicationFactor: -1 },
          { name: 'twice', numPartitions: 1, replicationFactor: 1 },
          { name: 'twice', numPartitions: 1, replicationFactor: 1 },
        ],
        timeoutMs: 1_000,
      },
    )
    const byName = new Map(response.topics.map((topic) => [topic.name, topic]))
    expect(byName.size).toBe(4)
    expect(byName.get('good')?.errorCode).toBe(0)
    expect(byName.get('bad')?.errorCode).toBe(ErrorCode.invalidReplicationFactor)
    // kafkajs asks for the defaults with version 2, as Kafka 4.3.1 allows.
    expect(byName.get('default')?.errorCode).toBe(0)
    expect(byName.get('twice')?.errorCode).toBe(ErrorCode.invalidRequest)
    if (version >= 1) expect(byName.get('bad')?.errorMessage).toContain('replication factor')
    if (version >= 5) {
      expect(byName.get('good')).toMatchObject({ numPartitions: 2, replicationFactor: 1 })
      expect(byName.get('good')?.configs?.find(({ name }) => name === 'retention.ms')).toMatchObject({
        value: '5',
        configSource: 1,
      })
      expect(byName.get('good')?.configs?.find(({ name }) => name === 'segment.ms')).toMatchObject({ configSource: 5 })
    }
    if (version >= 7) expect(byName.get('good')?.topicId).toBe(node.view.topic('good')?.topicId)
    expect(node.view.topic('good')?.partitions).toHaveLength(2)
  }
})

test('create topics with validateOnly answers and makes nothing', async () => {
  const response = await call(
    createTopicsHandler,
    createTopics.writeCreateTopicsRequest,
    createTopics.readCreateTopicsResponse,
    7,
    {
      topics: [{ name: 'a', numPartitions: 4, replicationFactor: 1 }],
      timeoutMs: 1,
      validateOnly: true,
    },
  )
  expect(response.topics).toMatchObject([{ errorCode: 0, numPartitions: 4, topicId: ZERO_UUID }])
  expect(node.view.topicCount).toBe(0)
})

test('delete topics at every version', async () => {
  for (const version of versions(deleteTopicsHandler)) {
    await world()
    const [created] = await node.controller.createTopics([topicSpec('a')], false)
    const byName = {
      topics: [
        { name: 'a', topicId: ZERO_UUID },
        { name: 'missing', topicId: ZERO_UUID },
      ],
      topicNames: ['a', 'missing'],
      timeoutMs: 1,
    }
    const response = await call(
      deleteTopicsHandler,
      deleteTopics.writeDeleteTopicsRequest,
      deleteTopics.readDeleteTopicsResponse,
      version,
      version >= 6 ? { topics: byName.topics, timeoutMs: 1 } : { topicNames: byName.topicNames, timeoutMs: 1 },
    )
    expect(response.responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', 0],
      ['missing', ErrorCode.unknownTopicOrPartition],
    ])
    if (version >= 6) expect(response.responses[0]?.topicId).toBe(created?.topicId)
    expect(node.view.topicCount).toBe(0)
  }
})

test('delete topics by id; neither and both are malformed', async () => {
  const [created] = await node.controller.createTopics([topicSpec('a')], false)
  const response = await call(
    deleteTopicsHandler,
    deleteTopics.writeDeleteTopicsRequest,
    deleteTopics.readDeleteTopicsResponse,
    6,
    {
      topics: [
        { name: null, topicId: created!.topicId },
        { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' },
        { name: null, topicId: ZERO_UUID },
        { name: 'a', topicId: created!.topicId },
      ],
      timeoutMs: 1,
    },
  )
  expect(response.responses).toMatchObject([
    { name: 'a', topicId: created?.topicId, errorCode: 0 },
    { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', errorCode: ErrorCode.unknownTopicId },
    { errorCode: ErrorCode.invalidRequest },
    { errorCode: ErrorCode.invalidRequest },
  ])
})

test('disabled deletion is an invalid request to clients that do not know better', async () => {
  await world(['delete.topic.enable=false'])
  await node.controller.createTopics([topicSpec('a')], false)
  const ask = (version: number) =>
    call(deleteTopicsHandler, deleteTopics.writeDeleteTopicsRequest, deleteTopics.readDeleteTopicsResponse, version, {
      topicNames: ['a'],
      timeoutMs: 1,
    })
  expect((await ask(2)).responses[0]?.errorCode).toBe(ErrorCode.invalidRequest)
  expect((await ask(3)).responses[0]?.errorCode).toBe(ErrorCode.topicDeletionDisabled)
})

test('describe configs: sources, synonyms, types, documentation by version', async () => {
  await node.controller.createTopics([topicSpec('a', { config: { 'max.message.bytes': '9' } })], false)
  for (const version of versions(describeConfigsHandler)) {
    const response = await call(
      describeConfigsHandler,
      describeConfigs.writeDescribeConfigsRequest,
      describeConfigs.readDescribeConfigsResponse,
      version,
      {
        resources: [
          { resourceType: 2, resourceName: 'a', configurationKeys: ['max.message.bytes', 'segment.ms'] },
          { resourceType: 2, resourceName: 'missing', configurationKeys: null },
          { resourceType: 4, resourceName: '1', configurationKeys: ['num.partitions'] },
          { resourceType: 4, resourceName: '7', configurationKeys: null },
          { resourceType: 3, resourceName: 'x', configurationKeys: null },
        ],
        ...(version >= 1 ? { includeSynonyms: true } : {}),
        ...(version >= 3 ? { includeDocumentation: true } : {}),
      },
    )
    const [topic, missing, broker, other, unknown] = response.results
    expect(topic?.configs).toHaveLength(2)
    const own = topic?.configs.find(({ name }) => name === 'max.message.bytes')
    expect(own).toMatchObject({ value: '9', readOnly: false, isSensitive: false })
    if (version === 0) expect(own?.isDefault).toBe(false)
    if (version >= 1) {
      expect(own?.configSource).toBe(1)
      expect(own?.synonyms).toMatchObject([
        { name: 'max.message.bytes', source: 1 },
        { name: 'message.max.bytes', value: '1048588', source: 5 },
      ])
    }
    if (version >= 3) {
      expect(own?.configType).toBe(3)
      expect(own?.documentation).toMatch(/batch/)
    }
    expect(missing).toMatchObject({ errorCode: ErrorCode.unknownTopicOrPartition, configs: [] })
    expect(broker?.configs).toMatchObject([{ name: 'num.partitions', value: '1', readOnly: true }])
    expect(other?.errorCode).toBe(ErrorCode.invalidRequest)
    expect(unknown?.errorCode).toBe(ErrorCode.invalidRequest)
  }
})

test('describe configs of groups, client metrics and loggers', async () => {
  const response = await call(
    describeConfigsHandler,
    describeConfigs.writeDescribeConfigsRequest,
    describeConfigs.readDescribeConfigsResponse,
    4,
    {
      resources: [
        { resourceType: 32, resourceName: 'g', configurationKeys: null },
        { resourceType: 16, resourceName: 'm', configurationKeys: [] },
        { resourceType: 8, resourceName: '1', configurationKeys: null },
        { resourceType: 32, resourceName: '', configurationKeys: null },
      ],
    },
  )
  expect(response.results.map(({ errorCode, configs }) => [errorCode, configs.length])).toEqual([
    [0, 17],
    [0, 3],
    [0, 0],
    [ErrorCode.invalidRequest, 0],
  ])
})

test('alter and incremental alter at every version', async () => {
  for (const version of versions(alterConfigsHandler)) {
    await world()
    await node.controller.createTopics([topicSpec('a', { config: { 'segment.ms': '5' } })], false)
    const response = await call(
      alterConfigsHandler,
      alterConfigs.writeAlterConfigsRequest,
      alterConfigs.readAlterConfigsResponse,
      version,
      {
        resources: [
          { resourceType: 2, resourceName: 'a', configs: [{ name: 'retention.ms', value: '7' }] },
          { resourceType: 2, resourceName: 'missing', configs: [] },
        ],
        validateOnly: false,
      },
    )
    expect(response.responses).toMatchObject([
      { errorCode: 0, resourceType: 2, resourceName: 'a' },
      { errorCode: ErrorCode.unknownTopicOrPartition, resourceName: 'missing' },
    ])
    expect(node.view.topic('a')?.config).toEqual({ 'retention.ms': '7' })
  }
  for (const version of versions(incrementalAlterConfigsHandler)) {
    const response = await call(
      incrementalAlterConfigsHandler,
      incrementalAlterConfigs.writeIncrementalAlterConfigsRequest,
      incrementalAlterConfigs.readIncrementalAlterConfigsResponse,
      version,
      {
        resources: [
          { resourceType: 16, resourceName: 'm', configs: [{ name: 'interval.ms', configOperation: 9, value: '1' }] },
          {
            resourceType: 2,
            resourceName: 'a',
            configs: [
              { name: 'cleanup.policy', configOperation: 2, value: 'compact' },
              { name: 'retention.ms', configOperation: 1, value: null },
            ],
          },
        ],
        validateOnly: false,
      },
    )
    expect(response.responses).toMatchObject([
      { errorCode: ErrorCode.invalidRequest, resourceType: 16, resourceName: 'm' },
      { errorCode: 0, resourceType: 2, resourceName: 'a' },
    ])
    expect(node.view.topic('a')?.config).toEqual({ 'cleanup.policy': 'delete,compact' })
  }
})

test('create partitions answers one result for every topic', async () => {
  for (const version of versions(createPartitionsHandler)) {
    await world()
    await node.controller.createTopics([topicSpec('a')], false)
    const response = await call(
      createPartitionsHandler,
      createPartitions.writeCreatePartitionsRequest,
      createPartitions.readCreatePartitionsResponse,
      version,
      {
        topics: [
          { name: 'a', count: 3, assignments: null },
          { name: 'missing', count: 3, assignments: null },
          { name: 'twice', count: 3, assignments: null },
          { name: 'twice', count: 3, assignments: null },
        ],
        timeoutMs: 1,
        validateOnly: false,
      },
    )
    expect(response.results.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', 0],
      ['missing', ErrorCode.unknownTopicOrPartition],
      ['twice', ErrorCode.invalidRequest],
    ])
    expect(node.view.topic('a')?.partitions).toHaveLength(3)
  }
})

test('elections, reassignments and the cluster at every version', async () => {
  await node.controller.createTopics([topicSpec('a')], false)
  for (const version of versions(electLeadersHandler)) {
    const response = await call(
      electLeadersHandler,
      electLeaders.writeElectLeadersRequest,
      electLeaders.readElectLeadersResponse,
      version,
      {
        topicPartitions: [{ topic: 'a', partitions: [0, 5] }],
        timeoutMs: 1,
      },
    )
    expect(response.replicaElectionResults).toMatchObject([
      {
        topic: 'a',
        partitionResult: [
          { partitionId: 0, errorCode: ErrorCode.electionNotNeeded },
          { partitionId: 5, errorCode: ErrorCode.unknownTopicOrPartition },
        ],
      },
    ])
  }
  const moves = await call(
    listPartitionReassignmentsHandler,
    listReassignments.writeListPartitionReassignmentsRequest,
    listReassignments.readListPartitionReassignmentsResponse,
    0,
    { timeoutMs: 1, topics: null },
  )
  expect(moves).toMatchObject({ errorCode: 0, topics: [] })
  for (const version of versions(describeClusterHandler)) {
    const ask = (endpointType?: number) =>
      call(
        describeClusterHandler,
        describeCluster.writeDescribeClusterRequest,
        describeCluster.readDescribeClusterResponse,
        version,
        {
          includeClusterAuthorizedOperations: true,
          ...(endpointType === undefined ? {} : { endpointType }),
        },
      )
    expect(await ask()).toMatchObject({
      errorCode: 0,
      clusterId: node.view.clusterId,
      controllerId: 1,
      brokers: [{ brokerId: 1, host: '127.0.0.1' }],
      clusterAuthorizedOperations: 8_096,
    })
    if (version === 0) continue
    expect(await ask(2)).toMatchObject({ errorCode: ErrorCode.mismatchedEndpointType })
    expect(await ask(7)).toMatchObject({ errorCode: ErrorCode.unsupportedEndpointType })
  }
})

test('list config resources: version 0 only metrics, later any kind', async () => {
  await node.controller.createTopics([topicSpec('a')], false)
  await node.controller.alterConfigs(
    ['m', 'n'].map((name) => ({
      resourceType: 16,
      name,
      isReplacement: false,
      entries: [{ name: 'interval.ms', value: '1000', operation: 'set' as const }],
    })),
    false,
  )
  const ask = (version: number, resourceTypes?: number[]) =>
    call(
      listConfigResourcesHandler,
      listConfigResources.writeListConfigResourcesRequest,
      listConfigResources.readListConfigResourcesResponse,
      version,
      resourceTypes === undefined ? {} : { resourceTypes },
    )
  expect((await ask(0)).configResources.map(({ resourceName }) => resourceName)).toEqual(['m', 'n'])
  expect(
    (await ask(1, [])).configResources.map(({ resourceName, resourceType }) => [resourceType, resourceName]),
  ).toEqual([
    [2, 'a'],
    [4, '1'],
    [8, '1'],
    [16, 'm'],
    [16, 'n'],
  ])
  expect((await ask(1, [2])).configResources).toMatchObject([{ resourceName: 'a' }])
  expect((await ask(1, [3])).errorCode).toBe(ErrorCode.unsupportedVersion)
})

test('describe topic partitions pages through everything exactly once', async () => {
  await node.controller.createTopics(
    [topicSpec('b', { partitionCount: 5 }), topicSpec('a', { partitionCount: 3 }), topicSpec('c')],
    false,
  )
  for (const limit of [1, 2, 3, 4, 9, 5_000]) {
    const seen: string[] = []
    let cursor: { topicName: string; partitionIndex: number } | null = null
    for (let pages = 0; pages < 20; pages += 1) {
      const response: describeTopicPartitions.DescribeTopicPartitionsResponse = await call(
        describeTopicPartitionsHandler,
        describeTopicPartitions.writeDescribeTopicPartitionsRequest,
        describeTopicPartitions.readDescribeTopicPartitionsResponse,
        0,
        { topics: [], responsePartitionLimit: limit, cursor },
      )
      const page = response.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`),
      )
      expect(page.length).toBeLessThanOrEqual(limit)
      seen.push(...page)
      cursor = response.nextCursor
      if (cursor === null) break
    }
    expect(seen).toEqual(['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'b-2', 'b-3', 'b-4', 'c-0'])
  }
})

test('describe topic partitions obeys the broker’s limit and names what is missing', async () => {
  await world(['max.request.partition.size.limit=2'])
  await node.controller.createTopics([topicSpec('a', { partitionCount: 5 })], false)
  const response = await call(
    describeTopicPartitionsHandler,
    describeTopicPartitions.writeDescribeTopicPartitionsRequest,
    describeTopicPartitions.readDescribeTopicPartitionsResponse,
    0,
    { topics: [{ name: 'a' }, { name: 'A-missing' }, { name: 'no good' }] },
  )
  expect(response.topics.map(({ name, errorCode, partitions }) => [name, errorCode, partitions.length])).toEqual([
    ['A-missing', ErrorCode.unknownTopicOrPartition, 0],
    ['a', 0, 2],
  ])
  expect(response.nextCursor).toEqual({ topicName: 'a', partitionIndex: 2 })
})

test('what only brokers say to each other is taken on their listener alone, in every version', async () => {
  const [made] = await node.controller.createTopics([topicSpec('t')], false)
  const { brokerEpoch } = node.controller.agent
  const stale = { controllerId: 9, controllerEpoch: 0 }
  for (const listener of ['PLAINTEXT', 'EXTERNAL']) {
    const isAmongBrokers = listener === 'PLAINTEXT'
    const epochCode = isAmongBrokers ? ErrorCode.staleControllerEpoch : ErrorCode.clusterAuthorizationFailed
    for (const version of versions(leaderAndIsrHandler)) {
      const answer = await call(
        leaderAndIsrHandler,
        leaderAndIsr.writeLeaderAndIsrRequest,
        leaderAndIsr.readLeaderAndIsrResponse,
        version,
        stale,
        { listener },
      )
      expect(answer.errorCode).toBe(epochCode)
    }
    for (const version of versions(stopReplicaHandler)) {
      const answer = await call(
        stopReplicaHandler,
        stopReplica.writeStopReplicaRequest,
        stopReplica.readStopReplicaResponse,
        version,
        stale,
        { listener },
      )
      expect(answer.errorCode).toBe(epochCode)
    }
    for (const version of versions(updateMetadataHandler)) {
      const answer = await call(
        updateMetadataHandler,
        updateMetadata.writeUpdateMetadataRequest,
        updateMetadata.readUpdateMetadataResponse,
        version,
        stale,
        { listener },
      )
      expect(answer.errorCode).toBe(epochCode)
    }
    for (const version of versions(alterPartitionHandler)) {
      const byId = version >= 2
      const partition = { partitionIndex: 0, leaderEpoch: 0, partitionEpoch: 0 }
      const set = version === 3 ? { newIsrWithEpochs: [{ brokerId: 1, brokerEpoch: -1 }] } : { newIsr: [1] }
      const named = byId ? { topicId: made?.topicId ?? '' } : { topicName: 't' }
      const answer = await call(
        alterPartitionHandler,
        alterPartition.writeAlterPartitionRequest,
        alterPartition.readAlterPartitionResponse,
        version,
        { brokerId: 1, brokerEpoch, topics: [{ ...named, partitions: [{ ...partition, ...set }] }] },
        { listener },
      )
      expect(answer.errorCode).toBe(isAmongBrokers ? ErrorCode.none : ErrorCode.clusterAuthorizationFailed)
      if (isAmongBrokers)
        expect(answer.topics[0]?.partitions).toMatchObject([{ errorCode: 0, leaderId: 1, leaderEpoch: 0, isr: [1] }])
    }
    const ids = await call(
      allocateProducerIdsHandler,
      allocateProducerIds.writeAllocateProducerIdsRequest,
      allocateProducerIds.readAllocateProducerIdsResponse,
      0,
      { brokerId: 1, brokerEpoch },
      { listener },
    )
    expect(ids.errorCode).toBe(isAmongBrokers ? ErrorCode.none : ErrorCode.clusterAuthorizationFailed)
    const leaving = await call(
      controlledShutdownHandler,
      controlledShutdown.writeControlledShutdownRequest,
      controlledShutdown.readControlledShutdownResponse,
      3,
      { brokerId: 7, brokerEpoch: 1 },
      { listener },
    )
    expect(leaving.errorCode).toBe(isAmongBrokers ? ErrorCode.brokerNotAvailable : ErrorCode.clusterAuthorizationFailed)
  }
})

test('moves by request: refused by name, begun, listed; a changed factor only where it is allowed', async () => {
  await node.controller.createTopics([topicSpec('t')], false)
  for (const version of versions(alterPartitionReassignmentsHandler)) {
    const ask = (replicas: readonly number[] | null, more: object = {}) =>
      call(
        alterPartitionReassignmentsHandler,
        alterReassignments.writeAlterPartitionReassignmentsRequest,
        alterReassignments.readAlterPartitionReassignmentsResponse,
        version,
        {
          topics: [
            { name: 't', partitions: [{ partitionIndex: 0, replicas: replicas === null ? null : [...replicas] }] },
          ],
          ...more,
        },
      )
    const codeOf = async (answer: ReturnType<typeof ask>) => (await answer).responses[0]?.partitions[0]?.errorCode
    expect(await codeOf(ask([7]))).toBe(ErrorCode.invalidReplicaAssignment)
    expect(await codeOf(ask(null))).toBe(ErrorCode.noReassignmentInProgress)
    expect(await codeOf(ask([1]))).toBe(ErrorCode.none)
    if (version >= 1)
      expect(await codeOf(ask([1, 2], { allowReplicationFactorChange: false }))).toBe(
        ErrorCode.invalidReplicationFactor,
      )
  }
})

test('the quorum as people look for it: the controller leads, every broker could', async () => {
  for (const version of versions(describeQuorumHandler)) {
    const answer = await call(
      describeQuorumHandler,
      describeQuorum.writeDescribeQuorumRequest,
      describeQuorum.readDescribeQuorumResponse,
      version,
      { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
    )
    expect(answer.topics[0]?.partitions[0]).toMatchObject({
      errorCode: 0,
      leaderId: 1,
      currentVoters: [{ replicaId: 1 }],
    })
  }
  const unregister = (brokerId: number) =>
    call(
      unregisterBrokerHandler,
      unregisterBroker.writeUnregisterBrokerRequest,
      unregisterBroker.readUnregisterBrokerResponse,
      0,
      { brokerId },
    )
  expect((await unregister(1)).errorCode).toBe(ErrorCode.invalidRequest)
  expect((await unregister(9)).errorCode).toBe(ErrorCode.brokerIdNotRegistered)
})

test('AlterReplicaLogDirs answers every partition of every directory, topic by topic', async () => {
  await node.controller.createTopics([topicSpec('t', { partitionCount: 2 })], false)
  for (const version of [0, 1, 2]) {
    const { results } = await call(
      alterReplicaLogDirsHandler,
      alterReplicaLogDirs.writeAlterReplicaLogDirsRequest,
      alterReplicaLogDirs.readAlterReplicaLogDirsResponse,
      version,
      {
        dirs: [
          { path: 'data', topics: [{ name: 't', partitions: [0] }] },
          { path: 'elsewhere', topics: [{ name: 't', partitions: [1] }] },
          { path: 'data', topics: [{ name: 'u', partitions: [7] }] },
        ],
      },
    )
    expect(results).toMatchObject([
      {
        topicName: 't',
        partitions: [
          { partitionIndex: 0, errorCode: ErrorCode.none },
          { partitionIndex: 1, errorCode: ErrorCode.logDirNotFound },
        ],
      },
      { topicName: 'u', partitions: [{ partitionIndex: 7, errorCode: ErrorCode.replicaNotAvailable }] },
    ])
  }
})

test('UpdateFeatures refuses every feature by name: on ZooKeeper none can be finalized', async () => {
  const update = (
    feature: string,
    maxVersionLevel: number,
    version: number,
  ): Promise<updateFeatures.UpdateFeaturesResponse> =>
    call(
      updateFeaturesHandler,
      updateFeatures.writeUpdateFeaturesRequest,
      updateFeatures.readUpdateFeaturesResponse,
      version,
      { timeoutMs: 1000, featureUpdates: [{ feature, maxVersionLevel }] },
    )
  for (const version of [0, 1]) {
    const answer = await update('metadata.version', 20, version)
    expect(answer.errorCode).toBe(ErrorCode.none)
    expect(answer.results).toMatchObject([{ feature: 'metadata.version', errorCode: ErrorCode.invalidRequest }])
    expect(answer.results[0]?.errorMessage).toContain('Can not set metadata.version to 20')
  }
  const answer = await update('group.version', 0, 2)
  expect(answer.errorCode).toBe(ErrorCode.invalidRequest)
  expect(answer.errorMessage).toContain('Can not delete group.version')
  services = { ...services, brokerId: 2 }
  expect((await update('group.version', 1, 2)).errorCode).toBe(ErrorCode.notController)
})
