import { Bench } from 'tinybench'
import {
  readProduceRequest,
  writeProduceRequest,
  writeProduceResponse,
} from '../../src/protocol/generated/00-produce.ts'
import { readFetchRequest, writeFetchRequest, writeFetchResponse } from '../../src/protocol/generated/01-fetch.ts'
import {
  beginRequest,
  beginResponse,
  endFrame,
  FRAME_SIZE_SIZE_BYTES,
  readRequestHeader,
} from '../../src/protocol/wire/header.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'

// What the codecs cost per request: a Produce of one batch, and a Fetch of six partitions of one topic.
// Run it alone with `node bench/micro/protocol.bench.ts`.

const PRODUCE_VERSION = 9
const FETCH_VERSION = 13
const PARTITIONS = [0, 1, 2, 3, 4, 5]
const TOPIC_ID = 'AQIDBAUGByuAkKCwwNDhEw'
const TOPIC = 'orders-by-customer'

const records = { bytes: new Uint8Array(16_384), startsAt: 0, sizeBytes: 16_384 }

/** Adds the protocol's tasks to a run. */
export function addTo(bench: Bench): void {
  const produce = produceFrame()
  const fetch = fetchFrame()
  const reader = new Reader(produce)
  const writer = new Writer()
  writer.detachRecords = true

  bench.add('protocol: read a Produce request', () => {
    reader.reset(produce, FRAME_SIZE_SIZE_BYTES, produce.length)
    readProduceRequest(reader, readRequestHeader(reader).requestApiVersion)
  })
  const produced = {
    responses: [{ name: TOPIC, partitionResponses: [{ index: 3, baseOffset: 100, logStartOffset: 0 }] }],
  }
  bench.add('protocol: write a Produce answer', () => {
    writer.reset()
    const startsAt = beginResponse(writer, 0, PRODUCE_VERSION, 1)
    writeProduceResponse(writer, produced, PRODUCE_VERSION)
    endFrame(writer, startsAt)
  })
  bench.add('protocol: read a Fetch request of six partitions', () => {
    reader.reset(fetch, FRAME_SIZE_SIZE_BYTES, fetch.length)
    readFetchRequest(reader, readRequestHeader(reader).requestApiVersion)
  })
  const partitions = PARTITIONS.map((partitionIndex) => ({
    partitionIndex,
    highWatermark: 5000,
    lastStableOffset: 5000,
    records,
  }))
  const fetched = { responses: [{ topicId: TOPIC_ID, partitions }] }
  bench.add('protocol: write the head of a Fetch answer of six partitions', () => {
    writer.reset()
    const startsAt = beginResponse(writer, 1, FETCH_VERSION, 1)
    writeFetchResponse(writer, fetched, FETCH_VERSION)
    endFrame(writer, startsAt)
  })
}

/** On shared memory, as in the broker. */
function produceFrame(): Uint8Array {
  const writer = new Writer()
  const startsAt = beginRequest(writer, 0, PRODUCE_VERSION, 1, 'producer-1')
  const topicData = [{ name: TOPIC, partitionData: [{ index: 3, records }] }]
  writeProduceRequest(writer, { acks: -1, timeoutMs: 30_000, topicData }, PRODUCE_VERSION)
  endFrame(writer, startsAt)
  const frame = new Uint8Array(new SharedArrayBuffer(writer.sizeBytes))
  frame.set(writer.finish())
  return frame
}

function fetchFrame(): Uint8Array {
  const writer = new Writer()
  const startsAt = beginRequest(writer, 1, FETCH_VERSION, 1, 'consumer-1')
  const partitions = PARTITIONS.map((partition) => ({ partition, fetchOffset: 1000, partitionMaxBytes: 1_048_576 }))
  const request = { maxWaitMs: 500, minBytes: 1, topics: [{ topicId: TOPIC_ID, partitions }] }
  writeFetchRequest(writer, request, FETCH_VERSION)
  endFrame(writer, startsAt)
  return writer.finishCopy()
}

if (import.meta.main) {
  const bench = new Bench({ time: 500 })
  addTo(bench)
  await bench.run()
  console.table(bench.table())
}
