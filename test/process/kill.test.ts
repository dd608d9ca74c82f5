import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { ErrorCode } from '../../src/model/error-code.ts'
import {
  type FetchRequest,
  type FetchResponse,
  readFetchResponse,
  writeFetchRequest,
} from '../../src/protocol/generated/01-fetch.ts'
import {
  type MetadataRequest,
  type MetadataResponse,
  readMetadataResponse,
  writeMetadataRequest,
} from '../../src/protocol/generated/03-metadata.ts'
import {
  type ProduceRequest,
  type ProduceResponse,
  readProduceResponse,
  writeProduceRequest,
} from '../../src/protocol/generated/00-produce.ts'
import { BatchVerdict, type RecordCodec } from '../../src/wasm/contract.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { endProcess, freePort, type NodeProcess, startNodeProcess } from '../support/node-process.ts'
import { type Exchange, RawKafka } from '../support/raw-kafka.ts'

const PRODUCE: Exchange<ProduceRequest, ProduceResponse> = {
  apiKey: 0,
  version: 9,
  write: writeProduceRequest,
  read: readProduceResponse,
}
const FETCH: Exchange<FetchRequest, FetchResponse> = {
  apiKey: 1,
  version: 12,
  write: writeFetchRequest,
  read: readFetchResponse,
}
const METADATA: Exchange<MetadataRequest, MetadataResponse> = {
  apiKey: 3,
  version: 12,
  write: writeMetadataRequest,
  read: readMetadataResponse,
}

const TOPIC = 'killed'
const PARTITIONS = 3
const codec: RecordCodec = createRecordCodec(loadCoreModule(), nodeCompression)

// Every value is sent once and never again, so whatever was acknowledged must be there exactly once.
interface Ledger {
  readonly acknowledged: Map<string, number>[]
  next: number
}

function batchOf(value: string): Uint8Array {
  const options = {
    baseOffset: 0,
    codec: 0,
    level: -1,
    leaderEpoch: -1,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  }
  return codec.encodeBatch([{ timestampMs: Date.now(), key: null, value: new TextEncoder().encode(value) }], options)
}

function produceOne(
  partition: number,
  value: string,
): { readonly acks: number; readonly timeoutMs: number; readonly topicData: object[] } {
  const bytes = batchOf(value)
  const records = { bytes, startsAt: 0, sizeBytes: bytes.length }
  return { acks: -1, timeoutMs: 10_000, topicData: [{ name: TOPIC, partitionData: [{ index: partition, records }] }] }
}

/** Sends as fast as the answers of a window allow, until the connection breaks. */
async function load(port: number, ledger: Ledger): Promise<void> {
  const connection = await RawKafka.open(port)
  const window: { readonly partition: number; readonly value: string }[] = []
  while (!connection.isClosed) {
    while (window.length < 8) {
      const sent = { partition: ledger.next % PARTITIONS, value: `v${ledger.next}-${'x'.repeat(ledger.next % 3000)}` }
      ledger.next += 1
      connection.send(PRODUCE, produceOne(sent.partition, sent.value))
      window.push(sent)
    }
    const frame = await connection.nextFrame()
    if (frame === undefined) return
    const answer = RawKafka.parse(PRODUCE, frame).responses[0]?.partitionResponses[0]
    const sent = window.shift()
    expect(answer?.errorCode).toBe(ErrorCode.none)
    if (sent !== undefined && answer !== undefined)
      ledger.acknowledged[sent.partition]?.set(sent.value, answer.baseOffset)
  }
}

/** Everything in one partition, oldest first, by offset. */
async function readPartition(port: number, partition: number): Promise<Map<number, string>> {
  const connection = await RawKafka.open(port)
  const found = new Map<number, string>()
  let offset = 0
  for (;;) {
    const answer = await connection.ask(FETCH, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 10_000_000,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: TOPIC,
          partitions: [
            {
              partition,
              currentLeaderEpoch: -1,
              fetchOffset: offset,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              partitionMaxBytes: 1_000_000,
            },
          ],
        },
      ],
    })
    const row = answer.responses[0]?.partitions[0]
    expect(row?.errorCode).toBe(ErrorCode.none)
    if (row === undefined || row.records === null || row.records.sizeBytes === 0) break
    const { bytes, startsAt, sizeBytes } = row.records
    const verdict = codec.decodeBatches(bytes.slice(startsAt, startsAt + sizeBytes), (record) => {
      expect(found.has(record.offset), 'an offset is given once').toBe(false)
      found.set(record.offset, new TextDecoder().decode(record.value ?? new Uint8Array()))
      offset = record.offset + 1
    })
    expect(verdict).toBe(BatchVerdict.ok)
  }
  connection.close()
  return found
}

async function check(port: number, ledger: Ledger): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const found = await readPartition(port, partition)
    const values = [...found.values()]
    expect(new Set(values).size, 'every record is there once').toBe(values.length)
    const numbers = values.map((value) => Number(value.slice(1, value.indexOf('-'))))
    expect(numbers, 'records keep the order in which they were sent').toEqual(
      [...numbers].sort((left, right) => left - right),
    )
    for (const [value, offset] of ledger.acknowledged[partition] ?? []) {
      if (found.get(offset) !== value)
        throw new Error(
          `the acknowledged record ${value.slice(0, 12)} at offset ${offset} of partition ${partition} is lost`,
        )
    }
  }
}

async function createTopic(port: number): Promise<void> {
  const connection = await RawKafka.open(port)
  for (;;) {
    const answer = await connection.ask(METADATA, { topics: [{ name: TOPIC }], allowAutoTopicCreation: true })
    const topic = answer.topics[0]
    if (topic?.errorCode === ErrorCode.none && topic.partitions.every((row) => row.leaderId >= 0)) break
  }
  connection.close()
}

// Method: kill -9 at a moment drawn from a fixed seed while records stream in; start again; everything that was ever
// acknowledged must still be where the acknowledgement said, once and in order.
test('kill -9 in the middle of a load, again and again: every acknowledged record is there once, in order', async () => {
  const kills = Number(process.env['JACKDAW_KILLS'] ?? '8')
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-kill-'))
  const port = await freePort()
  const overrides = [`num.partitions=${PARTITIONS}`, 'log.segment.bytes=1048576', 'jackdaw.num.shards=2']
  const ledger: Ledger = { acknowledged: Array.from({ length: PARTITIONS }, () => new Map()), next: 0 }
  let node: NodeProcess = await startNodeProcess(directory, port, overrides)
  try {
    await createTopic(port)
    let seed = 20_261
    for (let kill = 0; kill < kills; kill += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
      const killed = new Promise<void>((resolve) => {
        setTimeout(() => void endProcess(node, 'SIGKILL').then(() => resolve()), 30 + (seed % 400))
      })
      await load(port, ledger)
      await killed
      node = await startNodeProcess(directory, port, overrides)
      await check(port, ledger)
    }
    const acknowledged = ledger.acknowledged.reduce((sum, rows) => sum + rows.size, 0)
    expect(acknowledged).toBeGreaterThan(kills * 10)
    process.stderr.write(
      `test/process/kill: ${kills} kills, ${ledger.next} records sent, ${acknowledged} acknowledged, each there once\n`,
    )
  } finally {
    await endProcess(node, 'SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
}, 600_000)
