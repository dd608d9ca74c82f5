import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import {
  type ProduceRequest,
  type ProduceResponse,
  readProduceResponse,
  writeProduceRequest,
} from '../../src/protocol/generated/00-produce.ts'
import {
  type FetchRequest,
  type FetchResponse,
  readFetchResponse,
  writeFetchRequest,
} from '../../src/protocol/generated/01-fetch.ts'
import {
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  readListOffsetsResponse,
  writeListOffsetsRequest,
} from '../../src/protocol/generated/02-list-offsets.ts'
import {
  type MetadataRequest,
  type MetadataResponse,
  readMetadataResponse,
  writeMetadataRequest,
} from '../../src/protocol/generated/03-metadata.ts'
import {
  type BatchSummary,
  BatchVerdict,
  type MessageSetCodec,
  type RecordCodec,
  type RecordDraft,
  type RecordView,
} from '../../src/wasm/contract.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { endProcess, freePort, type NodeProcess, startNodeProcess } from '../support/node-process.ts'
import { type Exchange, RawKafka } from '../support/raw-kafka.ts'

export const PRODUCE: Exchange<ProduceRequest, ProduceResponse> = {
  apiKey: 0,
  version: 9,
  write: writeProduceRequest,
  read: readProduceResponse,
}
export const FETCH: Exchange<FetchRequest, FetchResponse> = {
  apiKey: 1,
  version: 12,
  write: writeFetchRequest,
  read: readFetchResponse,
}
export const LIST_OFFSETS: Exchange<ListOffsetsRequest, ListOffsetsResponse> = {
  apiKey: 2,
  version: 6,
  write: writeListOffsetsRequest,
  read: readListOffsetsResponse,
}
export const METADATA: Exchange<MetadataRequest, MetadataResponse> = {
  apiKey: 3,
  version: 12,
  write: writeMetadataRequest,
  read: readMetadataResponse,
}

/** Attribute of batches that hold markers instead of records. */
const CONTROL_FLAG = 0x20

export const codec: RecordCodec & MessageSetCodec = createRecordCodec(loadCoreModule(), nodeCompression)

const PLAIN = {
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

/** A batch of records, as a producer makes it. */
export function batchOf(values: readonly string[], options: Partial<typeof PLAIN> = {}): Uint8Array {
  // The time is now: records older than retention.ms would be deleted while the test looks at them.
  const timestampMs = Date.now()
  const records: RecordDraft[] = values.map((value) => ({
    timestampMs,
    key: null,
    value: new TextEncoder().encode(value),
  }))
  return codec.encodeBatch(records, { ...PLAIN, ...options })
}

/** Sends one batch and gives the partition's answer. */
export async function produce(
  connection: RawKafka,
  topic: string,
  partition: number,
  bytes: Uint8Array,
  acks = -1,
): Promise<{ readonly errorCode: number; readonly baseOffset: number }> {
  const records = { bytes, startsAt: 0, sizeBytes: bytes.length }
  const answer = await connection.ask(PRODUCE, {
    acks,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
  })
  const row = answer.responses[0]?.partitionResponses[0]
  if (row === undefined) throw new Error('a produce answer without a row')
  return row
}

export function fetchOf(
  topic: string,
  partition: number,
  fetchOffset: number,
  maxBytes = 10_000_000,
): Parameters<typeof writeFetchRequest>[1] {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic,
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            partitionMaxBytes: maxBytes,
          },
        ],
      },
    ],
  }
}

/** Every value of a partition by offset. @throws when the partition answers with an error or a batch is damaged */
export async function readPartition(
  port: number,
  topic: string,
  partition: number,
  from = 0,
): Promise<Map<number, string>> {
  const connection = await RawKafka.open(port)
  const found = new Map<number, string>()
  try {
    for (let offset = from; ; ) {
      const row = (await connection.ask(FETCH, fetchOf(topic, partition, offset))).responses[0]?.partitions[0]
      if (row === undefined || row.errorCode !== 0)
        throw new Error(`${topic}-${partition} answered a fetch of ${offset} with ${row?.errorCode}`)
      if (row.records === null || row.records.sizeBytes === 0) return found
      const { bytes, startsAt, sizeBytes } = row.records
      const before = offset
      const visit = (record: RecordView, batch: BatchSummary): void => {
        offset = record.offset + 1
        if ((batch.attributes & CONTROL_FLAG) !== 0) return
        if (found.has(record.offset)) throw new Error(`offset ${record.offset} is given twice`)
        found.set(record.offset, new TextDecoder().decode(record.value ?? new Uint8Array()))
      }
      const verdict = codec.decodeBatches(bytes.slice(startsAt, startsAt + sizeBytes), visit, true)
      if (verdict !== BatchVerdict.ok) throw new Error(`a fetch of ${before} brought a damaged batch (${verdict})`)
      if (offset === before) throw new Error(`a fetch of ${before} brought bytes and no record`)
    }
  } finally {
    connection.close()
  }
}

export async function logEnd(connection: RawKafka, topic: string, partition: number): Promise<number> {
  const answer = await connection.ask(LIST_OFFSETS, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp: -1 }] }],
  })
  const row = answer.topics[0]?.partitions[0]
  if (row === undefined || row.errorCode !== 0) throw new Error(`ListOffsets answered ${row?.errorCode}`)
  return row.offset
}

/** Creates a topic by asking for its metadata, and waits until it has leaders. */
export async function createTopic(port: number, topic: string): Promise<void> {
  const connection = await RawKafka.open(port)
  for (;;) {
    const row = (await connection.ask(METADATA, { topics: [{ name: topic }], allowAutoTopicCreation: true })).topics[0]
    if (row?.errorCode === 0 && row.partitions.every((partition) => partition.leaderId >= 0)) break
  }
  connection.close()
}

/** A node with a data directory of its own, gone after the test. */
export interface TestNode {
  node: NodeProcess
  readonly directory: string
  readonly port: number
  restart(overrides?: readonly string[]): Promise<void>
  remove(): Promise<void>
}

export async function startTestNode(overrides: readonly string[] = []): Promise<TestNode> {
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-process-'))
  const port = await freePort()
  const test: TestNode = {
    node: await startNodeProcess(directory, port, overrides),
    directory,
    port,
    restart: async (others = overrides) => {
      test.node = await startNodeProcess(directory, port, others)
    },
    remove: async () => {
      await endProcess(test.node, 'SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return test
}

/** Resident memory of a node's process, in bytes. */
export function residentBytes(node: NodeProcess): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${node.process.pid}/status`, 'utf8'))
  if (match === null) throw new Error('the process is gone')
  return Number(match[1]) * 1024
}

/** Runs `jackdaw start` that is expected to end by itself. */
export function startAndEnd(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'start', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    // It was not to start: do not let it live.
    if (/\[KafkaServer id=\d+\] started/.test(printed)) child.kill('SIGKILL')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, printed })))
}

/** Sends bytes on a connection of their own and waits until the node has closed it. @returns what came back */
export function sendAndWaitForClose(port: number, bytes: Uint8Array, limitMs = 5_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = open(port)
    const parts: Buffer[] = []
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the node did not close the connection within ${limitMs} ms`))
    }, limitMs)
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(parts))
    })
    socket.write(bytes)
  })
}

/** A plain connection whose errors say no more than that it closes. */
export function open(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  socket.on('error', () => {})
  return socket
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Asks again until it holds. @throws when it does not within `limitMs` */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const until = Date.now() + limitMs
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`not within ${limitMs} ms: ${what}`)
    await sleep(20)
  }
}

/** Starts `jackdaw start` with exactly these arguments and waits for its line of readiness. */
export function startWith(args: readonly string[], port: number): Promise<NodeProcess> {
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'start', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (/\[KafkaServer id=\d+\] started/.test(printed)) resolve({ process: child, port, printed: () => printed })
    }
    child.stdout.on('data', onData)
    child.stderr.on('data', onData)
    child.once('exit', (code, signal) =>
      reject(new Error(`the node ended (${code ?? signal}) before it was ready:\n${printed}`)),
    )
  })
}
