import { expect, test } from 'vitest'
import { decodeRecord, RecordEncoder } from '../../../../src/broker/groups/record-codec.ts'
import { GroupPartition } from '../../../../src/coordinator/group/group-partition.ts'
import type { CoordinatorRecord } from '../../../../src/coordinator/group/records.ts'
import { ZERO_UUID } from '../../../../src/model/uuid.ts'
import { GroupCrowd } from '../../../support/group-crowd.ts'
import { GroupWorld, WORLD_EPOCH_MS } from '../../../support/group-world.ts'
import { KAFKA_OFFSETS_LOG } from './kafka-offsets-log.ts'

// Method: the records that Kafka 4.3.1 wrote are read, written again and compared byte by byte, where that kind is ours.
const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'))
const bytes = (text: string | null | undefined): Uint8Array | null =>
  text === null || text === undefined ? null : Uint8Array.from(Buffer.from(text, 'hex'))

test("Kafka's own group and offset records are written again with the same bytes", () => {
  const encoder = new RecordEncoder()
  let oursCount = 0
  for (const row of KAFKA_OFFSETS_LOG) {
    if (row.key === undefined) continue
    const decoded = decodeRecord({ key: bytes(row.key), value: bytes(row.value), timestampMs: row.timestampMs })
    expect(decoded.kind).not.toBe('damaged')
    if (decoded.kind !== 'known') continue
    oursCount += 1
    const written = encoder.encode(decoded.record, row.timestampMs)
    expect([hex(written.key), hex(written.value)]).toEqual([row.key, row.value])
  }
  expect(oursCount).toBe(7)
})

test("Kafka's partition loads: members, assignment, offsets, the committed transaction", () => {
  const partition = new GroupPartition(0)
  for (const row of KAFKA_OFFSETS_LOG) {
    if (row.transactionEnd !== undefined) {
      partition.endTransaction(row.producerId ?? -1, row.transactionEnd === 'commit')
      continue
    }
    const decoded = decodeRecord({ key: bytes(row.key), value: bytes(row.value), timestampMs: row.timestampMs })
    if (decoded.kind === 'known') {
      partition.replay(decoded.record, row.offset, row.producerId ?? -1, row.timestampMs)
    }
  }
  const group = partition.groups.get('classic-group')
  expect(group?.state).toBe('Stable')
  expect(group?.generationId).toBe(1)
  expect([...(group?.subscribedTopics ?? [])]).toEqual(['fixture'])
  expect([...(group?.staticMembers.keys() ?? [])]).toEqual(['static-1'])
  const fetched = partition.fetchOffsets({ groupId: 'classic-group', topics: null, requireStable: true })
  expect(fetched[0]?.partitions.map(({ committedOffset, metadata }) => [committedOffset, metadata])).toEqual([
    [3, ''],
    [20, 'meta-é'],
  ])
  expect(partition.fetchOffsets({ groupId: 'txn-group', topics: null, requireStable: true })[0]?.partitions).toEqual([
    { partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: 0, metadata: 'in-txn', errorCode: 0 },
  ])
})

test('an offset with an expiry of its own is written in the only version that keeps it', () => {
  const record: CoordinatorRecord = {
    kind: 'offset',
    groupId: 'g',
    topic: 't',
    topicId: ZERO_UUID,
    partition: 1,
    offset: 5,
    leaderEpoch: -1,
    metadata: 'm',
    commitTimestampMs: 10,
    expireTimestampMs: 99,
  }
  const written = new RecordEncoder().encode(record, 10)
  expect(hex(written.value)?.slice(0, 4)).toBe('0001')
  expect(decodeRecord(written)).toEqual({ kind: 'known', record })
})

test('damaged records are named, never thrown', () => {
  const whole = KAFKA_OFFSETS_LOG.find(({ offset }) => offset === 3)
  const key = bytes(whole?.key) ?? new Uint8Array(0)
  const value = bytes(whole?.value) ?? new Uint8Array(0)
  for (let size = 0; size < key.length; size += 1) {
    expect(decodeRecord({ key: key.subarray(0, size), value, timestampMs: 0 }).kind).toBe('damaged')
  }
  for (let size = 0; size < value.length; size += 1) {
    expect(decodeRecord({ key, value: value.subarray(0, size), timestampMs: 0 }).kind).toBe('damaged')
  }
  expect(decodeRecord({ key: null, value, timestampMs: 0 }).kind).toBe('damaged')
})

test('replaying what was written gives the same groups and offsets', () => {
  const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
  const crowd = new GroupCrowd(world)
  for (const id of [null, 'one', null, 'two']) crowd.start(id)
  crowd.settle(30)
  world.commit(crowd.consumers[0]?.client, { 't-0': 1, 't-1': 2 })
  // Only versions without leader epochs can set an expiry, and its record has no place for one.
  const partitions = [
    { partitionIndex: 0, committedOffset: 3, committedLeaderEpoch: -1, commitTimestamp: -1, committedMetadata: null },
  ]
  const topics = [{ name: 'u', topicId: ZERO_UUID, partitions }]
  world.commit(undefined, {}, { groupId: 'simple', retentionTimeMs: 70_000, topics })
  world.commit(undefined, { 'u-0': 4 }, { groupId: 'gone' })
  world.deleteGroup('gone')
  const encoder = new RecordEncoder()
  const replayed = new GroupPartition(0)
  world.log.forEach(({ record, wallMs }, offset) => {
    const decoded = decodeRecord(encoder.encode(record, wallMs))
    if (decoded.kind !== 'known') throw new Error('what was written can be read')
    expect(decoded.record).toEqual(record)
    replayed.replay(decoded.record, offset, -1, wallMs)
  })
  for (const groupId of ['g', 'simple', 'gone']) {
    expect(replayed.describe(groupId)).toEqual(world.partition.describe(groupId))
    const query = { groupId, topics: null, requireStable: false }
    expect(replayed.fetchOffsets(query)).toEqual(world.partition.fetchOffsets(query))
  }
  expect(world.partition.describe('g')?.members.length).toBe(4)
  expect(replayed.offsets.slot('simple', 'u', 0)?.committed?.expireTimestampMs).toBe(
    WORLD_EPOCH_MS + world.nowMs + 70_000,
  )
})
