import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import { RECORD_ERRORS_MAX } from '../../../src/partition/record-errors.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import { batchOf, createLogWorld, type LogWorld, openReplica, START_MS } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append, readAll, stage, textBatch } from '../../support/partition-steps.ts'

function open(config: Partial<PartitionConfig> = {}): { world: LogWorld; replica: Replica } {
  const world = createLogWorld(new MemoryDisk())
  return { world, replica: openReplica(world, config) }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

test('a request must hold exactly one batch', () => {
  const { world, replica } = open()
  expect(stage(world, replica, joined(textBatch('a'), textBatch('b')))).toBe(ErrorCode.invalidRecord)
  expect(replica.outcome.errorMessage).toContain('exactly one record batch')
  expect(stage(world, replica, new Uint8Array(0))).toBe(ErrorCode.invalidRecord)
  expect(replica.hasStaged).toBe(false)
})

test('bytes that are cut or changed are refused as corrupt, at every byte', () => {
  const { world, replica } = open()
  const batch = textBatch('content')
  for (let size = 1; size < batch.length; size += 1) {
    expect(stage(world, replica, batch.subarray(0, size)), `cut at ${size}`).not.toBe(ErrorCode.none)
  }
  for (let at = 17; at < batch.length; at += 1) {
    const changed = batch.slice()
    changed[at] = (changed[at] ?? 0) ^ 0x04
    expect(stage(world, replica, changed), `changed at ${at}`).toBe(ErrorCode.corruptMessage)
  }
  expect(replica.hasStaged).toBe(false)
})

test.each([
  [0, 0],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 3],
] as const)(
  'messages of format %i with codec %i are taken from a leader as they are, never from a client',
  (magic, codec) => {
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world)
    const sets = [0, 5].map((baseOffset) => {
      const set = world.codec.downConvert(textBatch(`at ${baseOffset}`, 5, { codec, baseOffset }), magic, 0)
      return set ?? new Uint8Array(0)
    })
    const old = joined(...sets)
    expect(stage(world, replica, old)).not.toBe(ErrorCode.none)
    const newer = textBatch('at 10', 2, { baseOffset: 10, leaderEpoch: 3 })
    const all = joined(old, newer)
    expect(replica.stage(world.put(all), all.length, 'replica', START_MS)).toBe(ErrorCode.none)
    expect(replica.flush()).toBe(ErrorCode.none)
    expect(replica.position.logEndOffset).toBe(12)
    const values = [0, 5, 10].flatMap((at) => [0, 1, 2, 3, 4].map((index) => `at ${at}#${index}`)).slice(0, 12)
    expect(readAll(world, replica).map(({ offset, value }) => [offset, value])).toEqual(
      values.map((value, offset) => [offset, value]),
    )
    replica.close()
    expect(disk.content('/data/events-0/00000000000000000000.log')).toEqual(all)
    const broken = old.slice()
    broken[old.length - 1] = (broken[old.length - 1] ?? 0) ^ 1
    const other = createLogWorld(new MemoryDisk())
    expect(openReplica(other).stage(other.put(broken), broken.length, 'replica', START_MS)).toBe(
      ErrorCode.corruptMessage,
    )
  },
)

test('size limits: max.message.bytes and segment.bytes', () => {
  const batch = batchOf(1, {}, 1000)
  const small = open({ maxMessageBytes: batch.length - 1 })
  expect(stage(small.world, small.replica, batch)).toBe(ErrorCode.messageTooLarge)
  const exact = open({ maxMessageBytes: batch.length })
  expect(stage(exact.world, exact.replica, batch)).toBe(ErrorCode.none)
  const segment = open({ segmentBytes: batch.length - 1 })
  expect(stage(segment.world, segment.replica, batch)).toBe(ErrorCode.recordListTooLarge)
})

test('clients may not write control records, coordinators may', () => {
  const { world, replica } = open()
  const marker = markerBatch(1, 0, 5, 0)
  expect(stage(world, replica, marker)).toBe(ErrorCode.invalidRecord)
  expect(replica.stage(world.put(marker), marker.length, 'coordinator', START_MS)).toBe(ErrorCode.none)
})

test('record count, offset deltas and sequence of a client must agree', () => {
  const { world, replica } = open()
  const negative = textBatch('x', 1, { producerId: 4, producerEpoch: 0, baseSequence: -1 })
  expect(stage(world, replica, negative)).toBe(ErrorCode.invalidRecord)
})

test('timestamps: create time is bounded, append time is stamped', () => {
  const bounded = open({ timestampAfterMaxMs: 1000, timestampBeforeMaxMs: 5000 })
  const at = (ms: number): ErrorCode => stage(bounded.world, bounded.replica, textBatch('t', 1, {}, START_MS + ms))
  expect(at(1000)).toBe(ErrorCode.none)
  expect(at(1001)).toBe(ErrorCode.invalidTimestamp)
  expect(at(-5000)).toBe(ErrorCode.none)
  expect(at(-5001)).toBe(ErrorCode.invalidTimestamp)
  expect(stage(bounded.world, bounded.replica, textBatch('t', 1, { isLogAppendTime: true }))).toBe(
    ErrorCode.invalidTimestamp,
  )

  const stamping = open({ timestampType: 1, timestampAfterMaxMs: 0 })
  stamping.world.nowMs = START_MS + 77_000
  expect(append(stamping.world, stamping.replica, textBatch('t', 2, {}, START_MS + 9_000_000))).toBe(ErrorCode.none)
  expect(stamping.replica.outcome.appendTimeMs).toBe(START_MS + 77_000)
  expect(stamping.replica.offsetForTimestamp(START_MS + 77_000)).toMatchObject({
    offset: 0,
    timestampMs: START_MS + 77_000,
  })
  expect(stamping.replica.offsetForTimestamp(START_MS + 77_001).offset).toBe(-1)
  expect(readAll(stamping.world, stamping.replica)).toHaveLength(2)
})

test.each([0, 1, 2, 3, 4])('a compacted topic refuses records without a key in codec %i', (codec) => {
  const { world, replica } = open({ isCompacted: true })
  const record = (key: Uint8Array | null) => ({ timestampMs: START_MS, key, value: new Uint8Array(20) })
  expect(stage(world, replica, batchOf([record(new Uint8Array(1)), record(null)], { codec }))).toBe(
    ErrorCode.invalidRecord,
  )
  const message = 'Compacted topic cannot accept message without key in topic partition events-0.'
  expect(replica.outcome.recordErrors).toEqual([{ batchIndex: 1, message }])
  expect(replica.outcome.errorMessage).toBe(
    'One or more records have been rejected due to 1 record errors in total, and only showing the first three errors ' +
      `at most: [RecordError(batchIndex=1, message='${message}')]`,
  )
  expect(stage(world, replica, batchOf([record(new Uint8Array(1))], { codec }))).toBe(ErrorCode.none)
  expect(replica.outcome.recordErrors).toEqual([])
})

test.each([0, 4])('records with a bad timestamp are named, and outweigh those without a key (codec %i)', (codec) => {
  const { world, replica } = open({ isCompacted: true, timestampAfterMaxMs: 1000, timestampBeforeMaxMs: 5000 })
  const record = (ms: number, hasKey: boolean = true) => ({
    timestampMs: START_MS + ms,
    key: hasKey ? new Uint8Array(1) : null,
    value: new Uint8Array(20),
  })
  const batch = batchOf([record(0), record(2000), record(0, false), record(-6000), record(1000)], { codec })
  expect(stage(world, replica, batch)).toBe(ErrorCode.invalidTimestamp)
  expect(replica.outcome.errorMessage).toBe('One or more records have been rejected due to invalid timestamp')
  expect(replica.outcome.recordErrors).toEqual([
    {
      batchIndex: 1,
      message:
        `Timestamp ${START_MS + 2000} of message with offset 1 is out of range. ` +
        `The timestamp should be within [${START_MS - 5000}, ${START_MS + 1000}]`,
    },
    { batchIndex: 2, message: expect.stringContaining('without key') },
    { batchIndex: 3, message: expect.stringContaining(`Timestamp ${START_MS - 6000} `) },
  ])
})

test('a batch of many bad records is answered with a bounded list', () => {
  const { world, replica } = open({ timestampAfterMaxMs: 1000 })
  expect(stage(world, replica, textBatch('t', 3000, {}, START_MS + 5000))).toBe(ErrorCode.invalidTimestamp)
  expect(replica.outcome.recordErrors).toHaveLength(RECORD_ERRORS_MAX)
})

test('compressed batches are stored as they came', () => {
  for (const codec of [1, 2, 3, 4]) {
    const { world, replica } = open()
    const batch = textBatch('same', 10, { codec })
    expect(append(world, replica, batch)).toBe(ErrorCode.none)
    replica.planRead(0, 10, 1 << 20)
    const stored = new Uint8Array(replica.plan.sizeBytes)
    world.disk.readSync(replica.plan.file, stored, replica.plan.position)
    expect(stored.subarray(16)).toEqual(batch.subarray(16))
  }
})

test('a topic with a codec of its own stores every batch in it, producers and sequences included', () => {
  for (const compressionCodec of [0, 1, 2, 3, 4]) {
    const { world, replica } = open({ compressionCodec })
    for (const [index, codec] of [0, 1, 2, 3, 4].entries()) {
      const options = { codec, producerId: 9, producerEpoch: 1, baseSequence: index * 3 }
      expect(append(world, replica, textBatch(`c${codec}`, 3, options)), `${codec} to ${compressionCodec}`).toBe(
        ErrorCode.none,
      )
      expect(stage(world, replica, textBatch(`c${codec}`, 3, options))).toBe(ErrorCode.none)
      expect(replica.outcome).toMatchObject({ isDuplicate: true, baseOffset: index * 3 })
    }
    expect(readAll(world, replica).map((record) => record.value)).toEqual(
      [0, 1, 2, 3, 4].flatMap((codec) => [0, 1, 2].map((at) => `c${codec}#${at}`)),
    )
    replica.planRead(0, 15, 1 << 20)
    const stored = new Uint8Array(replica.plan.sizeBytes)
    world.disk.readSync(replica.plan.file, stored, 0)
    for (let at = 0; at < stored.length; at += new DataView(stored.buffer).getInt32(at + 8) + 12) {
      expect((stored[at + 22] ?? 0) & 7).toBe(compressionCodec)
    }
  }
})

test('a damaged compressed body is found when the topic makes us look', () => {
  const { world, replica } = open({ isCompacted: true })
  const batch = textBatch('x'.repeat(300), 3, { codec: 1 })
  for (let at = 80; at < 90; at += 1) batch[at] = 0xff
  const address = world.put(batch)
  const crc = world.core.crc32c(address + 21, batch.length - 21)
  new DataView(batch.buffer, batch.byteOffset).setUint32(17, crc)
  expect(stage(world, replica, batch)).not.toBe(ErrorCode.none)
  expect(replica.hasStaged).toBe(false)
})

// Idempotent producers (kafka.md 3.1).

const FROM = { producerId: 5, producerEpoch: 3 }
function send(
  world: LogWorld,
  replica: Replica,
  baseSequence: number,
  count: number = 1,
  producerEpoch: number = 3,
): ErrorCode {
  return stage(world, replica, textBatch(`s${baseSequence}`, count, { ...FROM, producerEpoch, baseSequence }))
}

test('sequences must follow each other, also among batches that are only staged', () => {
  const { world, replica } = open()
  expect(send(world, replica, 0, 2)).toBe(ErrorCode.none)
  expect(send(world, replica, 2, 3)).toBe(ErrorCode.none)
  expect(replica.outcome.baseOffset).toBe(2)
  expect(send(world, replica, 6)).toBe(ErrorCode.outOfOrderSequenceNumber)
  expect(send(world, replica, 4)).toBe(ErrorCode.outOfOrderSequenceNumber)
  expect(send(world, replica, 2, 3)).toBe(ErrorCode.none)
  expect(replica.outcome).toMatchObject({ isDuplicate: true, baseOffset: 2, lastOffset: 4 })
  expect(replica.flush()).toBe(ErrorCode.none)
  expect(replica.position.logEndOffset).toBe(5)
})

test('the last five batches are recognised when they come again, the sixth is not', () => {
  const { world, replica } = open()
  for (let index = 0; index < 7; index += 1) expect(send(world, replica, index)).toBe(ErrorCode.none)
  for (let index = 2; index < 7; index += 1) {
    expect(send(world, replica, index)).toBe(ErrorCode.none)
    expect(replica.outcome).toMatchObject({ isDuplicate: true, baseOffset: index })
  }
  expect(send(world, replica, 1)).toBe(ErrorCode.outOfOrderSequenceNumber)
})

test('epochs: an older one is fenced, a newer one starts from zero and forgets', () => {
  const { world, replica } = open()
  expect(send(world, replica, 0)).toBe(ErrorCode.none)
  expect(send(world, replica, 1, 1, 2)).toBe(ErrorCode.invalidProducerEpoch)
  expect(send(world, replica, 1, 1, 4)).toBe(ErrorCode.outOfOrderSequenceNumber)
  expect(send(world, replica, 0, 1, 4)).toBe(ErrorCode.none)
  expect(replica.outcome).toMatchObject({ isDuplicate: false, baseOffset: 1 })
  expect(send(world, replica, 0)).toBe(ErrorCode.invalidProducerEpoch)
})

test('an unknown producer may start anywhere', () => {
  const { world, replica } = open()
  expect(send(world, replica, 4711)).toBe(ErrorCode.none)
  expect(send(world, replica, 4713)).toBe(ErrorCode.outOfOrderSequenceNumber)
  expect(send(world, replica, 4712)).toBe(ErrorCode.none)
})

test('sequences wrap from 2^31-1 to 0, inside a batch as well', () => {
  const { world, replica } = open()
  const last = 0x7fffffff
  expect(send(world, replica, last - 3, 2)).toBe(ErrorCode.none)
  expect(send(world, replica, last - 1, 4)).toBe(ErrorCode.none)
  expect(send(world, replica, last - 1, 4)).toBe(ErrorCode.none)
  expect(replica.outcome).toMatchObject({ isDuplicate: true, baseOffset: 2 })
  expect(send(world, replica, 2)).toBe(ErrorCode.none)
  const edge = open()
  expect(send(edge.world, edge.replica, last)).toBe(ErrorCode.none)
  expect(send(edge.world, edge.replica, 0)).toBe(ErrorCode.none)
})

test('duplicates on an append-time topic are answered with the first append time', () => {
  const { world, replica } = open({ timestampType: 1 })
  world.nowMs = START_MS + 1
  expect(send(world, replica, 0)).toBe(ErrorCode.none)
  replica.flush()
  world.nowMs = START_MS + 500
  expect(send(world, replica, 0)).toBe(ErrorCode.none)
  expect(replica.outcome).toMatchObject({ isDuplicate: true, appendTimeMs: START_MS + 1 })
})

test('silent producers are forgotten after producer.id.expiration.ms', () => {
  const { world, replica } = open({ producerIdExpirationMs: 1000 })
  append(world, replica, textBatch('s', 1, { ...FROM, baseSequence: 0 }))
  expect(replica.activeProducers()).toHaveLength(1)
  replica.maintain(START_MS + 500)
  world.nowMs = START_MS + 700_000
  replica.maintain(world.nowMs)
  expect(replica.activeProducers()).toEqual([])
  expect(send(world, replica, 99)).toBe(ErrorCode.none)
})

// Transactions on existing logs.

function markerBatch(producerId: number, producerEpoch: number, coordinatorEpoch: number, type: number): Uint8Array {
  const key = new Uint8Array([0, 0, 0, type])
  const value = new Uint8Array(6)
  new DataView(value.buffer).setInt32(2, coordinatorEpoch)
  const options = { producerId, producerEpoch, baseSequence: -1, isTransactional: true, isControl: true }
  return batchOf([{ timestampMs: START_MS, key, value }], options)
}

test('an open transaction holds the last stable offset back; its marker lets it go and an abort is indexed', () => {
  const { world, replica } = open()
  const transactional = (producerId: number, baseSequence: number): Uint8Array =>
    textBatch(`t${producerId}`, 1, { producerId, producerEpoch: 0, baseSequence, isTransactional: true })
  const end = (producerId: number, type: number): ErrorCode => {
    const marker = markerBatch(producerId, 0, 1, type)
    const code = replica.stage(world.put(marker), marker.length, 'coordinator', START_MS)
    return code === ErrorCode.none ? replica.flush() : code
  }
  append(world, replica, textBatch('plain'))
  append(world, replica, transactional(1, 0))
  append(world, replica, transactional(2, 0))
  append(world, replica, transactional(1, 1))
  expect(replica.position).toMatchObject({ highWatermark: 4, lastStableOffset: 1 })
  expect(end(1, 0)).toBe(ErrorCode.none)
  expect(replica.position).toMatchObject({ highWatermark: 5, lastStableOffset: 2 })
  expect(end(2, 1)).toBe(ErrorCode.none)
  expect(replica.position).toMatchObject({ highWatermark: 6, lastStableOffset: 6 })
  expect(replica.abortedTransactions(0, 6)).toMatchObject([
    { producerId: 1, firstOffset: 1, lastOffset: 4, lastStableOffset: 2 },
  ])
  const plainInTransaction = textBatch('no', 1, { producerId: 1, producerEpoch: 0, baseSequence: 2 })
  append(world, replica, transactional(1, 2))
  expect(stage(world, replica, textBatch('no', 1, { producerId: 1, producerEpoch: 0, baseSequence: 3 }))).toBe(
    ErrorCode.invalidTxnState,
  )
  expect(stage(world, replica, plainInTransaction)).toBe(ErrorCode.none)
  expect(replica.outcome.isDuplicate).toBe(true)

  ;(world.disk as MemoryDisk).killProcess()
  const later = createLogWorld(world.disk)
  const again = openReplica(later)
  expect(again.position).toMatchObject({ highWatermark: 7, lastStableOffset: 6 })
  expect(again.abortedTransactions(0, 7)).toMatchObject([{ producerId: 1, firstOffset: 1 }])
})

test('markers of an older coordinator or producer epoch are fenced', () => {
  const { world, replica } = open()
  const end = (epoch: number, coordinatorEpoch: number): ErrorCode => {
    const marker = markerBatch(1, epoch, coordinatorEpoch, 0)
    return replica.stage(world.put(marker), marker.length, 'coordinator', START_MS)
  }
  expect(end(1, 5)).toBe(ErrorCode.none)
  expect(end(1, 4)).toBe(ErrorCode.transactionCoordinatorFenced)
  expect(end(0, 5)).toBe(ErrorCode.invalidProducerEpoch)
  expect(end(1, 5)).toBe(ErrorCode.none)
})
