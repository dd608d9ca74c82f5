import { createCluster } from '../../src/client/client.ts'
import { Consumer, type ConsumerOptions } from '../../src/client/consumer/consumer.ts'
import { writeAssignment } from '../../src/client/consumer/consumer-protocol.ts'
import { ErrorCode } from '../../src/model/error-code.ts'
import { ClientWorld, Late, type Message, metadata, type Script } from './client-world.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A consumer, and brokers that know topic t of two partitions and its group. As a member it gets the partitions of t that `assigned` says. */
export function startConsumer(
  options: ConsumerOptions = {},
  script: Script = {},
  assigned: () => readonly number[] = () => [0],
) {
  const log = ['a', 'b', 'c']
  const world = new ClientWorld({
    Metadata: () => metadata(1, { t: [1, 1] }),
    FindCoordinator: (request) => ({
      coordinators: [{ key: request.coordinatorKeys[0], nodeId: 1, host: '1', port: 9092 }],
    }),
    JoinGroup: (request, call) =>
      request.memberId === ''
        ? { errorCode: ErrorCode.memberIdRequired, memberId: `m${call}`, protocolName: '' }
        : {
            generationId: call,
            protocolName: request.protocols[0].name,
            leader: 'somebody else',
            memberId: request.memberId,
            members: [],
          },
    SyncGroup: () => ({ assignment: writeAssignment(assigned().map((partition) => ({ topic: 't', partition }))) }),
    Heartbeat: () => ({}),
    LeaveGroup: () => ({ members: [] }),
    OffsetFetch: (request) => ({
      groups: [
        {
          groupId: request.groups[0].groupId,
          topics: request.groups[0].topics.map(({ name, partitionIndexes }: Message) => ({
            name,
            partitions: partitionIndexes.map((partitionIndex: number) => ({ partitionIndex, committedOffset: -1 })),
          })),
        },
      ],
    }),
    OffsetCommit: (request) => ({
      topics: request.topics.map(({ name, partitions }: Message) => ({
        name,
        partitions: partitions.map(({ partitionIndex }: Message) => ({ partitionIndex })),
      })),
    }),
    ListOffsets: (request) => ({
      topics: request.topics.map(({ name, partitions }: Message) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }: Message) => ({
          partitionIndex,
          offset: timestamp === -2 ? 0 : log.length,
        })),
      })),
    }),
    Fetch: (request) => fetched(world, log, request),
    ...script,
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  return { world, log, consumer: new Consumer(cluster, { groupId: 'g', offsetReset: 'earliest', ...options }) }
}

/** As a broker answers that holds `log` in both partitions. */
export function fetched(world: ClientWorld, log: readonly string[], request: Message): object {
  let hasData = false
  const responses = request.topics.map(({ topic, partitions }: Message) => ({
    topic,
    partitions: partitions.map(({ partition, fetchOffset }: Message) => {
      const isBeyond = fetchOffset > log.length
      hasData ||= fetchOffset !== log.length
      if (isBeyond) return { partitionIndex: partition, errorCode: ErrorCode.offsetOutOfRange, records: null }
      // As a broker does: whole batches, so the answer begins before the offset asked for.
      const batch = fetchOffset === log.length ? new Uint8Array(0) : encode(world, log)
      return {
        partitionIndex: partition,
        highWatermark: log.length,
        records: { bytes: batch, startsAt: 0, sizeBytes: batch.length },
      }
    }),
  }))
  return hasData ? { responses } : new Late(request.maxWaitMs, { responses })
}

function encode(world: ClientWorld, log: readonly string[]): Uint8Array {
  const records = log.map((text) => ({ timestampMs: 1, key: null, value: bytes(text) }))
  return world.environment.recordCodec().encodeBatch(records, {
    baseOffset: 0,
    codec: 0,
    level: 0,
    leaderEpoch: 0,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  })
}

export const values = (records: readonly { value: Uint8Array | null }[]): string[] =>
  records.map(({ value }) => new TextDecoder().decode(value ?? bytes('')))

/** Polls until something came, as an application does. */
export async function next(world: ClientWorld, consumer: Consumer): Promise<string[]> {
  for (let polls = 0; polls < 50; polls += 1) {
    const records = await world.run(consumer.poll(100))
    if (records.length > 0) return values(records)
  }
  throw new Error('nothing came')
}
