import { afterAll, beforeAll, expect, test } from 'vitest'
import { readApiVersionsResponse } from '../../src/protocol/generated/18-api-versions.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import {
  batchOf,
  createTopic,
  eventually,
  METADATA,
  open,
  PRODUCE,
  produce,
  readPartition,
  residentBytes,
  sendAndWaitForClose,
  sleep,
  startTestNode,
  type TestNode,
} from './support.ts'

// What comes from a peer that is broken, confused or hostile: it is told apart in the log, its connection ends, and
// nobody else notices.

const REQUEST_SIZE_MAX = 1_000_000
const TOPIC = 'witness'
let running: TestNode
let seed = 4_711

beforeAll(async () => {
  running = await startTestNode([
    `socket.request.max.bytes=${REQUEST_SIZE_MAX}`,
    'jackdaw.num.shards=2',
    'num.partitions=1',
  ])
  await createTopic(running.port, TOPIC)
})
afterAll(() => running.remove())

function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
  return (seed >>> 8) % below
}

function garbage(sizeBytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, () => random(256)))
}

function sized(sizeBytes: number, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(4)
  head.writeInt32BE(sizeBytes)
  return Buffer.concat([head, ...parts])
}

/** A whole request: header version 1 and a body as given. */
function request(apiKey: number, apiVersion: number, body: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(14)
  header.writeInt16BE(apiKey, 0)
  header.writeInt16BE(apiVersion, 2)
  header.writeInt32BE(77, 4)
  header.writeInt16BE(4, 8)
  header.write('evil', 10)
  return sized(header.length + body.length, header, body)
}

const TLS_HELLO = Buffer.from('160301020001000001fc0303', 'hex')
const ZOOKEEPER_CONNECT = sized(
  45,
  Buffer.concat([
    Buffer.alloc(12),
    Buffer.from('00007530', 'hex'),
    Buffer.alloc(8),
    Buffer.from('00000010', 'hex'),
    Buffer.alloc(17),
  ]),
)

/** What goes in, and what the log must say: what was wrong and, where there is one, the way out. */
const CASES: readonly { readonly name: string; readonly bytes: Uint8Array; readonly says: RegExp }[] = [
  {
    name: 'a TLS hello',
    bytes: TLS_HELLO,
    says: /TLS hello on a plaintext listener: set security\.protocol=PLAINTEXT/,
  },
  {
    name: 'an HTTP request',
    bytes: Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    says: /HTTP request on a Kafka listener: the HTTP endpoints have a port/,
  },
  {
    name: 'a ZooKeeper client',
    bytes: ZOOKEEPER_CONNECT,
    says: /ZooKeeper client on a Kafka listener: point zookeeper\.connect at clientPort/,
  },
  {
    name: 'a four-letter word',
    bytes: Buffer.from('ruok'),
    says: /ZooKeeper command 'ruok' on a Kafka listener: send it to clientPort/,
  },
  {
    name: 'a frame of 2 GiB',
    bytes: sized(0x7fffffff, garbage(20)),
    says: /request of 2147483647 bytes was announced.*socket\.request\.max\.bytes/,
  },
  { name: 'a frame of negative size', bytes: sized(-1, garbage(20)), says: /request of -1 bytes was announced/ },
  { name: 'an empty frame', bytes: sized(0), says: /request of 0 bytes was announced/ },
  {
    name: 'a frame just over the limit',
    bytes: sized(REQUEST_SIZE_MAX + 1, garbage(20)),
    says: /request of 1000001 bytes was announced, and a request has between 10 and 1000000/,
  },
  { name: 'an unknown api key', bytes: request(9_999, 0), says: /key 9999\) is not served here/ },
  { name: 'a negative api key', bytes: request(-3, 0), says: /key -3\) is not served here/ },
  {
    name: 'a version from the future',
    bytes: request(3, 99),
    says: /Metadata version 99 is not served \(\d+-\d+ are\): the client did not ask with ApiVersions/,
  },
  { name: 'a negative version', bytes: request(0, -1), says: /Produce version -1 is not served/ },
  {
    name: 'a client id that is longer than the frame',
    bytes: sized(12, Buffer.from('00030001000000057fff6161', 'hex')),
    says: /header of a Metadata request cannot be read/,
  },
  {
    name: 'a Metadata request with a torn body',
    bytes: request(3, 1, Buffer.from('00000005', 'hex')),
    says: /Metadata request of version 1 cannot be read/,
  },
  {
    name: 'a Metadata request that counts a billion topics',
    bytes: request(3, 1, Buffer.from('3b9aca00', 'hex')),
    says: /Metadata request of version 1 cannot be read/,
  },
  {
    name: 'a Produce request with a torn body',
    bytes: request(0, 3, garbage(9)),
    says: /Produce request.*cannot be read/,
  },
  { name: 'a Fetch request with a torn body', bytes: request(1, 4, garbage(7)), says: /Fetch request.*cannot be read/ },
]

for (const { name, bytes, says } of CASES) {
  test(`${name}: the connection is closed, and the log says why`, async () => {
    const before = running.node.printed().length
    const answer = await sendAndWaitForClose(running.port, bytes)
    expect(answer.length, 'no answer').toBe(0)
    await eventually(`the log says ${says}`, () => says.test(running.node.printed().slice(before)), 2_000)
  })
}

test('a frame of exactly the largest size is served', async () => {
  const connection = await RawKafka.open(running.port)
  // Grown until the frame is as large as it may be: the header of a batch and of a request are the rest.
  const probe = RawKafka.frame(
    PRODUCE,
    {
      acks: 1,
      timeoutMs: 1000,
      topicData: [{ name: TOPIC, partitionData: [{ index: 0, records: slice(batchOf(['x'.repeat(900_000)])) }] }],
    },
    1,
  )
  const value = 'x'.repeat(900_000 + REQUEST_SIZE_MAX - (probe.length - 4))
  expect((await produce(connection, TOPIC, 0, batchOf([value]))).errorCode).toBe(0)
  connection.close()
})

function slice(bytes: Uint8Array): {
  readonly bytes: Uint8Array
  readonly startsAt: number
  readonly sizeBytes: number
} {
  return { bytes, startsAt: 0, sizeBytes: bytes.length }
}

test('ApiVersions of an unknown version is answered with version 0, error 35 and its own range', async () => {
  const connection = await RawKafka.open(running.port)
  connection.write(request(18, 99))
  const frame = await connection.nextFrame()
  const reader = new Reader(frame ?? new Uint8Array())
  expect(reader.int32()).toBe(77)
  const answer = readApiVersionsResponse(reader, 0)
  expect(answer.errorCode).toBe(35)
  expect(answer.apiKeys.map(({ apiKey }) => apiKey)).toEqual([18])
  expect(answer.apiKeys[0]?.maxVersion).toBeGreaterThanOrEqual(4)
  // The connection lives: the client asks again.
  expect((await connection.ask(METADATA, { topics: [], allowAutoTopicCreation: false })).brokers).toHaveLength(1)
  connection.close()
})

test('two thousand bad connections: no memory is kept, and a producer and a consumer beside them lose nothing', async () => {
  const witness = startWitness()
  await flood(400)
  await sleep(300)
  const before = residentBytes(running.node)
  await flood(2_000)
  const produced = await witness.stop()
  expect(produced.length).toBeGreaterThan(50)
  const found = await readPartition(running.port, TOPIC, 0)
  for (const { offset, value } of produced) expect(found.get(offset)).toBe(value)
  await eventually(
    'the memory of the bad connections is given back',
    () => residentBytes(running.node) - before < 32 * 1024 * 1024,
    5_000,
  )
  // Log lines are bounded too: a port scan must not fill the disk.
  expect(running.node.printed().match(/closing the connection/g)?.length).toBeLessThan(1_000)
  expect(running.node.printed()).toMatch(/\d+ more connections were closed or refused in the last second/)
}, 60_000)

/** Half garbage, half requests that were whole once and are now cut or have bytes changed. */
async function flood(count: number): Promise<void> {
  const whole = [
    RawKafka.frame(METADATA, { topics: [{ name: 'nothing' }], allowAutoTopicCreation: false }, 5),
    RawKafka.frame(
      PRODUCE,
      {
        acks: -1,
        timeoutMs: 10,
        topicData: [{ name: 'nothing', partitionData: [{ index: 0, records: slice(batchOf(['evil'])) }] }],
      },
      6,
    ),
  ]
  for (let done = 0; done < count; done += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        throwAt(index % 2 === 0 ? garbage(1 + random(600)) : damaged(whole[random(2)] ?? whole[0] ?? new Uint8Array())),
      ),
    )
  }
}

function damaged(frame: Uint8Array): Buffer {
  const copy = Buffer.from(frame)
  for (let flips = 1 + random(4); flips > 0; flips -= 1) copy[random(copy.length)] = random(256)
  return copy.subarray(0, 1 + random(copy.length))
}

/** Sends and hangs up, in order or not; the node may hang up first. */
function throwAt(bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = open(running.port)
    socket.on('close', () => resolve())
    socket.on('data', () => {})
    const leave = random(2) === 0 ? () => socket.end() : () => socket.resetAndDestroy()
    socket.write(bytes, () => setTimeout(leave, random(10)))
    // A peer that neither reads nor leaves is another test's.
    setTimeout(() => socket.destroy(), 1_000).unref()
  })
}

function startWitness(): { readonly stop: () => Promise<{ readonly offset: number; readonly value: string }[]> } {
  const produced: { offset: number; value: string }[] = []
  let isStopping = false
  const ended = (async () => {
    const connection = await RawKafka.open(running.port)
    while (!isStopping) {
      const value = `witness-${produced.length}`
      const answer = await produce(connection, TOPIC, 0, batchOf([value]))
      expect(answer.errorCode).toBe(0)
      produced.push({ offset: answer.baseOffset, value })
      await sleep(2)
    }
    connection.close()
  })()
  return {
    stop: async () => {
      isStopping = true
      await ended
      return produced
    },
  }
}

test('peers that announce large frames and send no more do not keep others from producing', async () => {
  const hung = Array.from({ length: 300 }, () => {
    const socket = open(running.port)
    socket.write(sized(REQUEST_SIZE_MAX, Buffer.from('0000000900000001000174', 'hex')))
    return socket
  })
  await sleep(300)
  const connection = await RawKafka.open(running.port)
  for (let index = 0; index < 20; index += 1) {
    const answer = await Promise.race([produce(connection, TOPIC, 0, batchOf(['y'.repeat(200_000)])), sleep(20_000)])
    expect(answer, 'a produce beside hung peers is answered').toMatchObject({ errorCode: 0 })
  }
  connection.close()
  expect(running.node.printed()).toMatch(/announced a request and sends no more of it/)
  for (const socket of hung) socket.destroy()
}, 60_000)
