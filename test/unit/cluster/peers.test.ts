/** What brokers say to each other, through the wire format and back. */
import { expect, test } from 'vitest'
import {
  leadershipAnswer,
  leadershipCommand,
  leadershipRequest,
  leadershipResponse,
  metadataCommand,
  metadataRequest,
  stopAnswer,
  stopCommand,
  stopRequest,
  stopResponse,
} from '../../../src/broker/peers/command-messages.ts'
import {
  inSyncAnswer,
  inSyncMessage,
  inSyncRequest,
  inSyncResponse,
} from '../../../src/broker/peers/in-sync-messages.ts'
import type { InSyncAnswer, InSyncRequest } from '../../../src/cluster/contract-calls.ts'
import type {
  CommandAnswer,
  LeadershipCommand,
  MetadataCommand,
  StopCommand,
} from '../../../src/cluster/contract-commands.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import {
  readLeaderAndIsrRequest,
  readLeaderAndIsrResponse,
  writeLeaderAndIsrRequest,
  writeLeaderAndIsrResponse,
} from '../../../src/protocol/generated/04-leader-and-isr.ts'
import {
  readStopReplicaRequest,
  readStopReplicaResponse,
  writeStopReplicaRequest,
  writeStopReplicaResponse,
} from '../../../src/protocol/generated/05-stop-replica.ts'
import {
  readUpdateMetadataRequest,
  writeUpdateMetadataRequest,
} from '../../../src/protocol/generated/06-update-metadata.ts'
import {
  readAlterPartitionRequest,
  readAlterPartitionResponse,
  writeAlterPartitionRequest,
  writeAlterPartitionResponse,
} from '../../../src/protocol/generated/56-alter-partition.ts'
import { Reader } from '../../../src/protocol/wire/reader.ts'
import { Writer } from '../../../src/protocol/wire/writer.ts'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const HEAD = { controllerId: 1, controllerEpoch: 4, brokerEpoch: 77 }

/** Writes and reads in one version. */
function through<Message, Draft>(
  write: (writer: Writer, message: Draft, version: number) => void,
  read: (reader: Reader, version: number) => Message,
  message: Draft,
  version: number,
): Message {
  const writer = new Writer()
  write(writer, message, version)
  expect(writer.reason).toBe('')
  const reader = new Reader(writer.finish())
  const back = read(reader, version)
  expect(reader.ok).toBe(true)
  return back
}

const leadership: LeadershipCommand = {
  kind: 'leadership',
  ...HEAD,
  topics: [
    {
      topic: 't',
      topicId: TOPIC_ID,
      partitions: [
        {
          partition: 3,
          controllerEpoch: 2,
          leader: 5,
          leaderEpoch: 9,
          inSyncReplicas: [5, 6],
          partitionEpoch: 12,
          replicas: [5, 6, 7],
          adding: [7],
          removing: [6],
          isNew: true,
          isRecovering: true,
        },
      ],
    },
  ],
  liveLeaders: [{ id: 5, host: 'five', port: 9092 }],
}

test('LeaderAndIsr means the same on the other side, and so does its answer', () => {
  const request = through(writeLeaderAndIsrRequest, readLeaderAndIsrRequest, leadershipRequest(leadership), 7)
  expect(leadershipCommand(request)).toEqual(leadership)
  const answer: CommandAnswer = {
    code: ErrorCode.none,
    partitions: [{ topic: 't', partition: 3, code: ErrorCode.kafkaStorageError }],
  }
  for (const version of [4, 5, 7]) {
    const response = leadershipResponse(leadership, answer, version)
    const back = through(writeLeaderAndIsrResponse, readLeaderAndIsrResponse, response, version)
    expect(leadershipAnswer(leadership, back)).toEqual(answer)
  }
})

test('UpdateMetadata means the same on the other side', () => {
  const command: MetadataCommand = {
    kind: 'metadata',
    ...HEAD,
    isFull: true,
    topics: [
      {
        topic: 't',
        topicId: TOPIC_ID,
        partitions: [
          {
            partition: 0,
            controllerEpoch: 2,
            leader: -1,
            leaderEpoch: 9,
            inSyncReplicas: [5],
            partitionEpoch: 12,
            replicas: [5, 6],
            offlineReplicas: [6],
          },
        ],
      },
    ],
    brokers: [
      {
        id: 5,
        rack: 'r1',
        endpoints: [
          { listener: 'PLAINTEXT', host: 'five', port: 9092, securityProtocol: 'PLAINTEXT' },
          { listener: 'INTERNAL', host: 'five', port: 9093, securityProtocol: 'SASL_SSL' },
        ],
      },
    ],
  }
  const request = through(writeUpdateMetadataRequest, readUpdateMetadataRequest, metadataRequest(command), 8)
  expect(metadataCommand(request)).toEqual(command)
})

test('an UpdateMetadata of an old controller is understood: partitions in one list, listeners without names', () => {
  const partition = {
    topicName: 't',
    partitionIndex: 0,
    controllerEpoch: 1,
    leader: 2,
    leaderEpoch: 0,
    isr: [2],
    zkVersion: 0,
    replicas: [2],
  }
  const message = {
    controllerId: 2,
    controllerEpoch: 1,
    ungroupedPartitionStates: [partition],
    liveBrokers: [{ id: 2, endpoints: [{ host: 'two', port: 1, securityProtocol: 1 }], rack: null }],
  }
  const command = metadataCommand(through(writeUpdateMetadataRequest, readUpdateMetadataRequest, message, 2))
  expect(command.topics).toMatchObject([{ topic: 't', topicId: '', partitions: [{ leader: 2 }] }])
  expect(command.brokers[0]?.endpoints).toEqual([{ listener: 'SSL', host: 'two', port: 1, securityProtocol: 'SSL' }])
  expect(command.isFull).toBe(false)
})

test('StopReplica means the same on the other side; in old versions one flag is for all', () => {
  const command: StopCommand = {
    kind: 'stop',
    ...HEAD,
    topics: [
      {
        topic: 't',
        partitions: [
          { partition: 0, leaderEpoch: -2, isDeleted: true },
          { partition: 1, leaderEpoch: 4, isDeleted: false },
        ],
      },
    ],
  }
  const request = through(writeStopReplicaRequest, readStopReplicaRequest, stopRequest(command), 4)
  expect(stopCommand(request)).toEqual(command)
  for (const old of [
    { version: 0, message: { deletePartitions: true, ungroupedPartitions: [{ topicName: 't', partitionIndex: 1 }] } },
    { version: 2, message: { deletePartitions: true, topics: [{ name: 't', partitionIndexes: [1] }] } },
  ]) {
    const message = { controllerId: 1, controllerEpoch: 4, ...old.message }
    const read = stopCommand(through(writeStopReplicaRequest, readStopReplicaRequest, message, old.version))
    expect(read.topics).toEqual([{ topic: 't', partitions: [{ partition: 1, leaderEpoch: -1, isDeleted: true }] }])
  }
  const answer: CommandAnswer = {
    code: ErrorCode.none,
    partitions: [{ topic: 't', partition: 1, code: ErrorCode.fencedLeaderEpoch }],
  }
  const back = through(writeStopReplicaResponse, readStopReplicaResponse, stopResponse(answer), 4)
  expect(stopAnswer(back)).toEqual(answer)
})

test('AlterPartition means the same on the other side, and its answer finds the partitions again', () => {
  const request: InSyncRequest = {
    brokerId: 5,
    brokerEpoch: 77,
    changes: [
      {
        topic: 't',
        topicId: TOPIC_ID,
        partition: 2,
        leaderEpoch: 4,
        partitionEpoch: 9,
        inSyncReplicas: [5, 6],
        isRecovering: false,
      },
    ],
  }
  const read = inSyncRequest(
    through(writeAlterPartitionRequest, readAlterPartitionRequest, inSyncMessage(request), 3),
    3,
  )
  // Since version 2 the name is not on the wire.
  expect(read).toEqual({ ...request, changes: [{ ...request.changes[0], topic: '' }] })
  const answer: InSyncAnswer = {
    code: ErrorCode.none,
    results: [
      {
        topic: '',
        topicId: TOPIC_ID,
        partition: 2,
        code: ErrorCode.ineligibleReplica,
        leader: 5,
        leaderEpoch: 4,
        partitionEpoch: 10,
        inSyncReplicas: [5],
        isRecovering: false,
      },
    ],
  }
  const back = through(writeAlterPartitionResponse, readAlterPartitionResponse, inSyncResponse(answer, 3), 3)
  expect(inSyncAnswer(back, request)).toEqual({ ...answer, results: [{ ...answer.results[0], topic: 't' }] })
  const old = through(writeAlterPartitionResponse, readAlterPartitionResponse, inSyncResponse(answer, 1), 1)
  expect(old.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.operationNotAttempted)
})
