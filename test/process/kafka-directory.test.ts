import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { endProcess, freePort, startNodeProcess } from '../support/node-process.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { readTarGz } from '../support/tar.ts'
import { batchOf, createTopic, logEnd, METADATA, produce, readPartition, startTestNode } from './support.ts'

const ARCHIVE = join(import.meta.dirname, '../unit/log/vectors/logdir-4.3.1.tar.gz')

test('a log directory that Kafka 4.3.1 left is opened in place: same cluster, topics, configuration and records, and it can be written', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-kafka-'))
  const files = readTarGz(readFileSync(ARCHIVE))
  for (const [path, content] of files) {
    const target = join(directory, path.replace(/^[^/]+/, 'logs'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
  const port = await freePort()
  let node = await startNodeProcess(directory, port)
  try {
    const connection = await RawKafka.open(port)
    const told = await connection.ask(METADATA, { topics: null, allowAutoTopicCreation: false })
    expect(told.clusterId).toBe('J4ckd4wJ4ckd4wJ4ckd4wA')
    expect(told.topics.map(({ name, partitions }) => [name, partitions.length]).sort()).toEqual([
      ['__consumer_offsets', 1],
      ['__transaction_state', 2],
      ['compacted', 1],
      ['fixture', 2],
    ])
    expect(told.topics.find(({ name }) => name === 'fixture')?.topicId).toBe('HR8PUapuSU27443kkzJqNg')
    const found = await readPartition(port, 'fixture', 0, 3)
    // Records before 3 were deleted with DeleteRecords; a plain fetch gets every one from there on, of every codec.
    expect(found.get(4)).toBe('value-é-4')
    for (const [offset, name] of [
      [8, 'gzip'],
      [13, 'snappy'],
      [18, 'lz4'],
      [23, 'zstd'],
    ] as const) {
      expect(found.get(offset)).toMatch(new RegExp(`^compressed by ${name}`))
    }
    expect(found.get(49)).toBe('second segment 11')
    expect(await logEnd(connection, 'fixture', 0)).toBe(50)
    // Kafka's files are not rewritten by being read.
    const first = join('fixture-0', '00000000000000000000.log')
    const before = [...files].find(([path]) => path.endsWith(first))?.[1] ?? new Uint8Array()
    expect(sha256(readFileSync(join(directory, 'logs', first)))).toBe(sha256(before))
    expect(await produce(connection, 'fixture', 0, batchOf(['from Jackdaw']))).toMatchObject({
      errorCode: 0,
      baseOffset: 50,
    })
    connection.close()
    expect(await endProcess(node, 'SIGTERM')).toBe(0)
    expect(existsSync(join(directory, 'logs', '.kafka_cleanshutdown'))).toBe(true)
    node = await startNodeProcess(directory, port)
    expect((await readPartition(port, 'fixture', 0, 3)).get(50)).toBe('from Jackdaw')
  } finally {
    await endProcess(node, 'SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test('a node whose keeper directory was lost finds its topics and records again, and deletes none of them by a default', async () => {
  const running = await startTestNode()
  try {
    await createTopic(running.port, 'orphan')
    const connection = await RawKafka.open(running.port)
    expect((await produce(connection, 'orphan', 0, batchOf(['a', 'b']))).errorCode).toBe(0)
    connection.close()
    await endProcess(running.node, 'SIGKILL')
    rmSync(join(running.directory, 'keeper'), { recursive: true })
    await running.restart()
    expect([...(await readPartition(running.port, 'orphan', 0)).values()]).toEqual(['a', 'b'])
    expect(running.node.printed()).toMatch(
      /topic orphan was found on disk without its configuration: it keeps all records until you set retention\.ms/,
    )
  } finally {
    await running.remove()
  }
})
