import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ErrorCode, errorName } from '../../src/model/error-code.ts'
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  readCreateTopicsResponse,
  writeCreateTopicsRequest,
} from '../../src/protocol/generated/19-create-topics.ts'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  readDeleteTopicsResponse,
  writeDeleteTopicsRequest,
} from '../../src/protocol/generated/20-delete-topics.ts'
import {
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  readElectLeadersResponse,
  writeElectLeadersRequest,
} from '../../src/protocol/generated/43-elect-leaders.ts'
import {
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
  readAlterPartitionReassignmentsResponse,
  writeAlterPartitionReassignmentsRequest,
} from '../../src/protocol/generated/45-alter-partition-reassignments.ts'
import type { Exchange } from '../../test/support/raw-kafka.ts'
import type { ClusterClient, PartitionMetadata } from './cluster-client.ts'
import { BROKER_IDS, type BrokerCluster } from './cluster-nodes.ts'

const CREATE: Exchange<CreateTopicsRequest, CreateTopicsResponse> = {
  ...{ apiKey: 19, version: 5, write: writeCreateTopicsRequest, read: readCreateTopicsResponse },
}
const DELETE: Exchange<DeleteTopicsRequest, DeleteTopicsResponse> = {
  ...{ apiKey: 20, version: 4, write: writeDeleteTopicsRequest, read: readDeleteTopicsResponse },
}
const ELECT: Exchange<ElectLeadersRequest, ElectLeadersResponse> = {
  ...{ apiKey: 43, version: 2, write: writeElectLeadersRequest, read: readElectLeadersResponse },
}
const REASSIGN: Exchange<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> = {
  apiKey: 45,
  version: 0,
  write: writeAlterPartitionReassignmentsRequest,
  read: readAlterPartitionReassignmentsResponse,
}
const ANSWER_WITHIN_MS = 120_000
const LOOK_AGAIN_MS = 100
const PREFERRED = 0

export interface NewTopic {
  readonly name: string
  readonly partitionCount: number
  /** Replicas of each partition, leader first. Left out: the cluster decides, three each. */
  readonly replicas?: readonly (readonly number[])[]
}

/** One request, as sent. @returns the first error; undefined = all were created */
export async function tryCreate(
  client: ClusterClient,
  broker: number,
  topics: readonly NewTopic[],
): Promise<ErrorCode | undefined> {
  const answer = await client.ask(broker, CREATE, {
    timeoutMs: ANSWER_WITHIN_MS,
    topics: topics.map(({ name, partitionCount, replicas }) =>
      replicas === undefined
        ? { name, numPartitions: partitionCount, replicationFactor: 3 }
        : {
            ...{ name, numPartitions: -1, replicationFactor: -1 },
            assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds: [...brokerIds] })),
          },
    ),
  })
  return answer.topics.find(({ errorCode }) => errorCode !== ErrorCode.none)?.errorCode as ErrorCode | undefined
}

/** Whoever takes requests for the controller: with ZooKeeper that is the controller alone. */
export async function adminBroker(client: ClusterClient): Promise<number> {
  for (;;) {
    const id = (await client.tryMetadata([]))?.controllerId ?? -1
    if (id >= 0 && (await client.link(id)) !== undefined) return id
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Creates topics and waits until all their replicas are in sync on what every broker says. */
export async function createTopics(client: ClusterClient, topics: readonly NewTopic[]): Promise<void> {
  const code = await tryCreate(client, await adminBroker(client), topics)
  if (code !== undefined) throw new Error(`topics were not created: ${errorName(code)}`)
  await inSync(
    client,
    topics.map(({ name }) => name),
  )
}

/** Waits until every broker sees all replicas of these topics in sync. */
export async function inSync(client: ClusterClient, topics: readonly string[]): Promise<void> {
  for (const broker of BROKER_IDS) {
    await until(`broker ${broker} sees all replicas in sync`, async () => {
      const found = await client.tryMetadata(topics, broker)
      return found?.topics.every(
        ({ errorCode, partitions }) => errorCode === ErrorCode.none && partitions.every(isWhole),
      )
    })
  }
}

function isWhole({ leaderId, isrNodes, replicaNodes }: PartitionMetadata): boolean {
  return leaderId >= 0 && isrNodes.length === replicaNodes.length
}

/** Waits until every broker says that all three are there. */
export async function complete(client: ClusterClient): Promise<void> {
  for (const broker of BROKER_IDS) {
    await until(`broker ${broker} sees three brokers`, async () => {
      const found = await client.tryMetadata([], broker)
      return found?.brokers.length === BROKER_IDS.length && found.controllerId >= 0
    })
  }
}

/** Deletes topics and waits until no broker knows them. */
export async function deleteTopics(client: ClusterClient, topicNames: readonly string[]): Promise<void> {
  const request = { topicNames: [...topicNames], timeoutMs: ANSWER_WITHIN_MS }
  const answer = await client.ask(await adminBroker(client), DELETE, request)
  const failed = answer.responses.find(({ errorCode }) => errorCode !== ErrorCode.none)
  if (failed !== undefined) throw new Error(`${failed.name} was not deleted: ${errorName(failed.errorCode)}`)
  const names = new Set(topicNames)
  for (const broker of BROKER_IDS) {
    await until('deleted topics are gone', async () => {
      const found = await client.tryMetadata(null, broker)
      return found !== undefined && !found.topics.some(({ name }) => names.has(name ?? ''))
    })
  }
}

/** Waits until no directory of a partition is left whose name begins so. */
export async function filesGone(cluster: BrokerCluster, prefix: string): Promise<void> {
  await until(`the files of ${prefix}… are gone`, async () =>
    BROKER_IDS.every((id) => !readdirSync(cluster.logsOf(id)).some((name) => name.startsWith(prefix))),
  )
}

/** Has every partition led by the first of its replicas again. */
export async function electPreferred(client: ClusterClient, topic: string): Promise<void> {
  await client.ask(await adminBroker(client), ELECT, {
    ...{ electionType: PREFERRED, topicPartitions: null, timeoutMs: ANSWER_WITHIN_MS },
  })
  await until('the preferred leaders lead', async () =>
    (await client.partitions(topic)).every(({ leaderId, replicaNodes }) => leaderId === replicaNodes[0]),
  )
}

/** Gives partitions other replicas. Resolves when the request has been answered, not when they have caught up. */
export async function reassign(
  client: ClusterClient,
  topic: string,
  replicas: readonly (readonly number[])[],
): Promise<void> {
  const partitions = replicas.map((ids, partitionIndex) => ({ partitionIndex, replicas: [...ids] }))
  const answer = await client.ask(await adminBroker(client), REASSIGN, {
    ...{ timeoutMs: ANSWER_WITHIN_MS, topics: [{ name: topic, partitions }] },
  })
  const codes = [
    answer.errorCode,
    ...answer.responses.flatMap((one) => one.partitions.map(({ errorCode }) => errorCode)),
  ]
  const failed = codes.find((code) => code !== ErrorCode.none)
  if (failed !== undefined) throw new Error(`the reassignment was refused: ${errorName(failed)}`)
}

/** Asks until it is so. @throws after two minutes */
export async function until(
  what: string,
  isSo: () => Promise<boolean | undefined>,
  pauseMs = LOOK_AGAIN_MS,
): Promise<void> {
  for (const deadlineMs = performance.now() + ANSWER_WITHIN_MS; !(await isSo()); await sleep(pauseMs)) {
    if (performance.now() > deadlineMs) throw new Error(`waited two minutes in vain until ${what}`)
  }
}
