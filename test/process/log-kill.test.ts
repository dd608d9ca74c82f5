import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NodeDisk } from '../../src/io/node/disk.ts'
import { LogDirectory, LogDirectoryError } from '../../src/log/log-directory.ts'
import { Replica } from '../../src/partition/replica.ts'
import { createLogWorld, DEFAULT_CONFIG } from '../support/log-world.ts'
import { readAll } from '../support/partition-steps.ts'

const WRITER = join(import.meta.dirname, '../support/log-writer.ts')
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-log-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Writer {
  readonly child: ChildProcess
  /** Log end that each partition acknowledged last. */
  readonly acknowledged: Map<number, number>
  readonly lines: string[]
  readonly ended: Promise<number | null>
}

function startWriter(...args: string[]): Writer {
  const child = spawn(process.execPath, [WRITER, root, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged = new Map<number, number>()
  const lines: string[] = []
  let rest = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('latin1')).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      const [word, partition, offset] = line.split(' ')
      if (word === 'ack') acknowledged.set(Number(partition), Number(offset))
      else lines.push(line)
    }
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, acknowledged, lines, ended }
}

test('killed at random moments, three times over: every acknowledged record is there, whole and in order', async () => {
  let survived = new Map<number, number>()
  for (const delayMs of [350, 620, 480]) {
    const writer = startWriter('5', '2000', '300000')
    await new Promise<void>((resolve) => {
      const poll = setInterval(() => {
        if (writer.acknowledged.size < 5 && writer.child.exitCode === null) return
        clearInterval(poll)
        resolve()
      }, 20)
    })
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    writer.child.kill('SIGKILL')
    expect(await writer.ended).toBe(null)
    const disk = new NodeDisk()
    const world = createLogWorld(disk)
    const config = { ...DEFAULT_CONFIG, retentionMs: -1, segmentBytes: 300_000 }
    const ends = new Map<number, number>()
    for (let partition = 0; partition < 5; partition += 1) {
      const replica = new Replica({
        environment: world.environment,
        topic: 'kill',
        partition,
        handle: partition,
        logDirectory: root,
        config,
        leaderEpoch: 0,
      })
      const end = replica.position.logEndOffset
      expect(end).toBeGreaterThanOrEqual(writer.acknowledged.get(partition) ?? 0)
      expect(end).toBeGreaterThanOrEqual(survived.get(partition) ?? 0)
      const records = readAll(world, replica)
      expect(records).toHaveLength(end)
      expect(records.every((record, index) => record.offset === index && record.value.startsWith('vvvv'))).toBe(true)
      ends.set(partition, end)
      replica.close()
    }
    survived = ends
  }
  expect(Math.min(...survived.values())).toBeGreaterThan(20)
}, 60_000)

test('a second process is refused the directory while the first lives, and gets it after a kill', async () => {
  const first = startWriter('1', '100')
  await new Promise<void>((resolve) => {
    const poll = setInterval(() => {
      if (first.acknowledged.size === 0) return
      clearInterval(poll)
      resolve()
    }, 20)
  })
  const second = startWriter('1', '100')
  expect(await second.ended).toBe(3)
  expect(second.lines.join()).toContain('in use by another Jackdaw process')
  const disk = new NodeDisk()
  const { environment } = createLogWorld(disk)
  await expect(LogDirectory.open(disk, environment.logger, root)).rejects.toThrow(LogDirectoryError)
  first.child.kill('SIGKILL')
  await first.ended
  const third = await LogDirectory.open(disk, environment.logger, root)
  expect(third.wasClean).toBe(false)
  expect(third.partitions().map(({ topic, partition }) => `${topic}-${partition}`)).toEqual(['kill-0'])
  await expect(LogDirectory.open(disk, environment.logger, root)).rejects.toThrow('this very process')
  third.release()
  const fourth = await LogDirectory.open(disk, environment.logger, root)
  fourth.release()
}, 60_000)
