import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createTopic, produce, readPartition, batchOf, eventually } from './support.ts'
import { RawKafka } from '../support/raw-kafka.ts'

const root = mkdtempSync(join(tmpdir(), 'jackdaw-dev-'))
let running: ChildProcess | undefined
afterEach(() => {
  // Its nodes notice that it is gone, and end.
  running?.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

test('jackdaw dev -n 3: three nodes with replicated topics, and one signal ends them all', async () => {
  const settings = ['jackdaw.memory.bytes=67108864', 'jackdaw.num.shards=1'].flatMap((one) => ['--override', one])
  const child = spawn(
    process.execPath,
    ['dist/src/cli/bin.js', 'dev', '-n', '3', '--port', '0', '--data', root, ...settings],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  running = child
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  await eventually('all nodes are ready', () => /^3 nodes ready/m.test(printed), 20_000)
  const ports = [...printed.matchAll(/Kafka 127\.0\.0\.1:(\d+)/g)].map((match) => Number(match[1]))
  expect(ports).toHaveLength(3)
  await createTopic(ports[2] ?? 0, 'here')
  const codes = new Map<number, number>()
  for (const port of ports) {
    const connection = await RawKafka.open(port)
    codes.set(port, (await produce(connection, 'here', 0, batchOf(['one']))).errorCode)
    connection.close()
  }
  const leaders = [...codes].filter(([, code]) => code === 0).map(([port]) => port)
  expect(leaders).toHaveLength(1)
  expect([...(await readPartition(leaders[0] ?? 0, 'here', 0)).values()]).toEqual(['one'])
  child.kill('SIGINT')
  expect(await ended).toBe(0)
}, 45_000)
