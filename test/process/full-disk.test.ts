import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endProcess, freePort, startNodeProcess } from '../support/node-process.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { batchOf, createTopic, logEnd, produce, readPartition, startAndEnd } from './support.ts'

// A small tmpfs is a disk that can be filled. Mounting needs root.

const KAFKA_STORAGE_ERROR = 56
const NOT_LEADER_OR_FOLLOWER = 6
const LEADER_NOT_AVAILABLE = 5
const mayMount = process.getuid?.() === 0 && process.platform === 'linux' && canMount()
let root = ''

function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' })
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-disk-'))
  mkdirSync(join(root, 'small'))
  mkdirSync(join(root, 'large'))
})
afterEach(() => {
  if (mayMount) execFileSync('sh', ['-c', `umount ${join(root, 'small')} 2>/dev/null || true`])
  rmSync(root, { recursive: true, force: true })
})

test.skipIf(!mayMount)(
  'a full disk: no acknowledgement, the partition is offline, others serve, and with space everything acknowledged is there',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', join(root, 'small')])
    const port = await freePort()
    // The log directories are apart: one disk fills up, the other does not.
    const overrides = [
      `log.dirs=${join(root, 'small')},${join(root, 'large')}`,
      'num.partitions=2',
      'log.segment.bytes=4194304',
      'jackdaw.num.shards=2',
    ]
    let node = await startNodeProcess(join(root, 'node'), port, overrides)
    try {
      await createTopic(port, 'disk')
      const connection = await RawKafka.open(port)
      const acknowledged: Map<number, string>[] = [new Map(), new Map()]
      const refused: number[] = []
      for (let index = 0; index < 60 && refused.length < 5; index += 1) {
        for (const partition of [0, 1]) {
          const value = `${partition}-${index}-${'w'.repeat(900_000)}`
          const answer = await produce(connection, 'disk', partition, batchOf([value]))
          if (answer.errorCode === 0) acknowledged[partition]?.set(answer.baseOffset, value)
          else refused.push(answer.errorCode)
        }
      }
      expect(refused[0]).toBe(KAFKA_STORAGE_ERROR)
      for (const code of refused)
        expect([KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, LEADER_NOT_AVAILABLE]).toContain(code)
      const full = acknowledged.findIndex(
        (rows) => rows.size < 40 && rows.size <= Math.min(acknowledged[0]?.size ?? 0, acknowledged[1]?.size ?? 0),
      )
      const other = 1 - full
      expect((await produce(connection, 'disk', other, batchOf(['still here']))).errorCode, 'the other disk').toBe(0)
      expect(node.printed()).toMatch(/ENOSPC|no space/i)
      connection.close()
      await endProcess(node, 'SIGTERM')

      execFileSync('mount', ['-o', 'remount,size=128m', join(root, 'small')])
      node = await startNodeProcess(join(root, 'node'), port, overrides)
      for (const partition of [0, 1]) {
        const found = await readPartition(port, 'disk', partition)
        for (const [offset, value] of acknowledged[partition] ?? [])
          expect(found.get(offset) === value, `offset ${offset} of partition ${partition}`).toBe(true)
      }
      const again = await RawKafka.open(port)
      const end = await logEnd(again, 'disk', full)
      expect(await produce(again, 'disk', full, batchOf(['space again']))).toMatchObject({
        errorCode: 0,
        baseOffset: end,
      })
      again.close()
    } finally {
      await endProcess(node, 'SIGKILL')
    }
  },
  60_000,
)

test.skipIf(!mayMount)('a read-only data directory stops the start, with the path and the reason', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', join(root, 'small')])
  execFileSync('mount', ['-o', 'remount,ro', join(root, 'small')])
  const outcome = await startAndEnd([
    '--data',
    join(root, 'small', 'node'),
    '--port',
    String(await freePort()),
    '--override',
    'jackdaw.http.port=-1',
    '--override',
    'jackdaw.keeper.client.port=-1',
  ])
  expect(outcome.code).toBe(1)
  expect(outcome.printed).toContain(join(root, 'small', 'node'))
  expect(outcome.printed).toMatch(/EROFS|read-only/i)
})

test.skipIf(!mayMount)(
  'a disk that is full at the start stops the node with the reason, and nothing is damaged',
  async () => {
    const directory = join(root, 'small', 'node')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', join(root, 'small')])
    const port = await freePort()
    let node = await startNodeProcess(directory, port)
    await createTopic(port, 'before')
    const connection = await RawKafka.open(port)
    expect((await produce(connection, 'before', 0, batchOf(['kept']))).errorCode).toBe(0)
    connection.close()
    await endProcess(node, 'SIGKILL')
    expect(() => writeFileSync(join(root, 'small', 'filler'), new Uint8Array(64 << 20))).toThrow(/ENOSPC/)
    const outcome = await startAndEnd([
      '--data',
      directory,
      '--port',
      String(port),
      '--override',
      'jackdaw.http.port=-1',
      '--override',
      'jackdaw.keeper.client.port=-1',
    ])
    expect(outcome.code).toBe(1)
    expect(outcome.printed).toMatch(/ENOSPC|no space/i)
    rmSync(join(root, 'small', 'filler'))
    node = await startNodeProcess(directory, port)
    expect([...(await readPartition(port, 'before', 0)).values()]).toEqual(['kept'])
    await endProcess(node, 'SIGKILL')
  },
  60_000,
)

test.skipIf(mayMount)('NOT RUN: full and read-only disks need root to mount a tmpfs', () => {
  process.stderr.write('test/process/full-disk: not run, a tmpfs cannot be mounted here\n')
  expect(mayMount).toBe(false)
})
