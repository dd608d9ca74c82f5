import { expect, test } from 'vitest'
import { planFromLog, planSync } from '../../../src/zab/leader/sync-plan.ts'
import { createZabState, recoveryProblem } from '../../../src/zab/state.ts'
import { makeZxid } from '../../../src/zab/zxid.ts'
import { fastSettings } from '../../sim/zab/simulate.ts'
import { Bench, entriesOf, kinds, recoveredWith, sent, written } from './bench.ts'

test('the leader offers an epoch above every promise, and only when its own promise is durable', () => {
  const bench = new Bench(3, { currentEpoch: 2, acceptedEpoch: 5 })
  bench.elect(3)
  bench.input({ kind: 'linkUp', link: 1, dialed: null })
  const info = { type: 'followerInfo', serverId: 2, protocolVersion: 0x10000, configVersion: 0 } as const
  const effects = bench.message(1, { ...info, acceptedEpoch: 8 })
  expect(written(effects)).toEqual([{ kind: 'acceptedEpoch', epoch: 9 }])
  expect(sent(effects)).toEqual([])
  expect(sent(bench.persisted())).toEqual([{ type: 'leaderInfo', epoch: 9, protocolVersion: 0x10000 }])
})

test('a leader that meets a follower with more history gives up, and never counts it', () => {
  for (const [currentEpoch, lastZxid] of [
    [2, makeZxid(1, 1)],
    [1, makeZxid(1, 4)],
  ] as const) {
    const bench = new Bench(3, { newestEntries: entriesOf(1, 1, 3), currentEpoch: 1, acceptedEpoch: 1 })
    bench.elect(3)
    bench.join(2, 1, lastZxid, currentEpoch)
    expect(bench.state.role.kind).toBe('looking')
  }
})

test('the leader does not serve before its own epoch is durable, even when a quorum has acknowledged', () => {
  const bench = new Bench(2)
  bench.elect(2)
  bench.join(1, 1, 0)
  bench.join(3, 3, 0)
  // The follower was faster than the leader's own disk.
  const epochWrites = bench.state.pending.length
  expect(epochWrites).toBe(0)
  expect(bench.state.currentEpoch).toBe(1)
  const slow = new Bench(2)
  slow.elect(2)
  slow.input({ kind: 'linkUp', link: 1, dialed: null })
  slow.input({ kind: 'linkUp', link: 3, dialed: null })
  const info = { type: 'followerInfo', acceptedEpoch: 0, protocolVersion: 0x10000, configVersion: 0 } as const
  slow.message(1, { ...info, serverId: 1 })
  slow.message(3, { ...info, serverId: 3 })
  slow.persisted()
  slow.message(1, { type: 'ackEpoch', lastZxid: 0, currentEpoch: 0 })
  slow.message(3, { type: 'ackEpoch', lastZxid: 0, currentEpoch: 0 })
  slow.message(1, { type: 'ack', zxid: makeZxid(1, 0) })
  expect(kinds(slow.message(3, { type: 'ack', zxid: makeZxid(1, 0) }))).toEqual([])
  expect(kinds(slow.persisted())).toEqual(['serve', 'send', 'send'])
})

test('an acknowledgement is void when its follower comes back and is told to cut what it acknowledged', () => {
  const bench = new Bench(3)
  bench.leadWith(2, 20)
  const [entry] = entriesOf(1, 1, 1)
  if (entry === undefined) throw new Error('one entry was asked for')
  bench.input({ kind: 'propose', entry })
  bench.message(20, { type: 'ack', zxid: entry.zxid })
  // The leader's own disk is slow; the follower, which has the entry, connects anew and cuts it.
  bench.input({ kind: 'linkDown', link: 20 })
  bench.input({ kind: 'linkUp', link: 21, dialed: null })
  const info = {
    type: 'followerInfo',
    acceptedEpoch: 1,
    serverId: 2,
    protocolVersion: 0x10000,
    configVersion: 0,
  } as const
  bench.message(21, info)
  const sync = sent(bench.message(21, { type: 'ackEpoch', lastZxid: entry.zxid, currentEpoch: -1 }))
  expect(sync.map((message) => message.type)).toEqual(['snap', 'proposal', 'newLeader'])
  expect(kinds(bench.persisted())).not.toContain('apply')
  bench.message(21, { type: 'ack', zxid: makeZxid(1, 0) })
  expect(kinds(bench.message(21, { type: 'ack', zxid: entry.zxid }))).toContain('apply')
})

test('commits fall in order, whatever order the acknowledgements come in', () => {
  const bench = new Bench(3)
  bench.leadWith(2, 20)
  const [first, second] = entriesOf(1, 1, 2)
  if (first === undefined || second === undefined) throw new Error('two entries were asked for')
  bench.input({ kind: 'propose', entry: first })
  bench.input({ kind: 'propose', entry: second })
  bench.persisted()
  expect(kinds(bench.message(20, { type: 'ack', zxid: second.zxid }))).toEqual([])
  const effects = bench.message(20, { type: 'ack', zxid: first.zxid })
  expect(effects.flatMap((effect) => (effect.kind === 'apply' ? [effect.entry.zxid] : []))).toEqual([
    first.zxid,
    second.zxid,
  ])
})

test('a sync waits for what was proposed before it, and is answered after the commit', () => {
  const bench = new Bench(3)
  bench.leadWith(2, 20)
  expect(sent(bench.input({ kind: 'syncPoint', link: 20 }))).toEqual([{ type: 'sync' }])
  const [entry] = entriesOf(1, 1, 1)
  if (entry === undefined) throw new Error('one entry was asked for')
  bench.input({ kind: 'propose', entry })
  expect(bench.input({ kind: 'syncPoint', link: 20 })).toEqual([])
  bench.persisted()
  const effects = sent(bench.message(20, { type: 'ack', zxid: entry.zxid }))
  expect(effects.map((message) => message.type)).toEqual(['commit', 'sync'])
})

test('a leader that loses its synced quorum steps down within a tick and stops serving', () => {
  const bench = new Bench(3)
  bench.leadWith(2, 20)
  bench.input({ kind: 'linkDown', link: 20 })
  bench.nowMs += fastSettings.tickMs
  expect(kinds(bench.input({ kind: 'tick' }))).toContain('stopServing')
  expect(bench.state.role.kind).toBe('looking')
})

test('a follower that leaves a proposal unacknowledged beyond syncLimit is dropped although it answers pings', () => {
  const bench = new Bench(3)
  bench.leadWith(2, 20)
  for (const entry of entriesOf(1, 1, 1)) bench.input({ kind: 'propose', entry })
  let effects: readonly { kind: string }[] = []
  for (let tick = 0; tick < 2 * fastSettings.syncLimitTicks + 2; tick += 1) {
    bench.nowMs += fastSettings.tickMs / 2
    effects = [...bench.message(20, { type: 'ping', zxid: 0, touches: [] }), ...bench.input({ kind: 'tick' })]
    if (effects.some((effect) => effect.kind === 'closeLink')) break
  }
  expect(effects.map((effect) => effect.kind)).toContain('closeLink')
})

test('sync plan: in step, ahead, inside the window, behind it, and never a cut across epochs', () => {
  const window = [...entriesOf(5, 8, 10), ...entriesOf(7, 1, 3)]
  const history = { appliedZxid: makeZxid(7, 3), window }
  expect(planSync(history, makeZxid(7, 3))).toMatchObject({ mode: 'diff', entries: [] })
  expect(planSync(history, makeZxid(7, 5))).toMatchObject({ mode: 'trunc', zxid: makeZxid(7, 3) })
  expect(planSync(history, makeZxid(8, 1))).toEqual({ mode: 'snap' })
  expect(planSync(history, makeZxid(8, 0))).toEqual({ mode: 'snap' })
  expect(planSync(history, makeZxid(5, 10))).toMatchObject({ mode: 'diff', entries: entriesOf(7, 1, 3) })
  // Back to the last decided entry of the learner's own last epoch, and on from there.
  const tail = { mode: 'trunc', zxid: makeZxid(5, 10), entries: entriesOf(7, 1, 3) }
  expect(planSync(history, makeZxid(5, 11))).toEqual(tail)
  expect(planSync(history, makeZxid(6, 2))).toEqual({ mode: 'snap' })
  expect(planSync(history, makeZxid(7, 0))).toMatchObject({ mode: 'diff', entries: entriesOf(7, 1, 3) })
  expect(planSync(history, makeZxid(5, 2))).toEqual({ mode: 'readLog' })
  expect(planSync({ appliedZxid: makeZxid(7, 3), window: [] }, 0)).toEqual({ mode: 'snap' })
})

test('the log and the window are joined without a gap, or a snapshot is sent', () => {
  const history = { appliedZxid: makeZxid(5, 10), window: entriesOf(5, 6, 10) }
  const joined = planFromLog(history, makeZxid(5, 3), entriesOf(5, 3, 8))
  expect(joined).toMatchObject({ mode: 'diff', entries: entriesOf(5, 4, 10) })
  expect(planFromLog(history, makeZxid(5, 3), entriesOf(5, 3, 4))).toEqual({ mode: 'snap' })
  expect(planFromLog(history, makeZxid(5, 2), entriesOf(5, 3, 8))).toEqual({ mode: 'snap' })
  expect(planFromLog(history, makeZxid(5, 3), null)).toEqual({ mode: 'snap' })
})

test('ZOOKEEPER-2845: a logged tail that was never committed counts as history after a restart', () => {
  const state = createZabState(
    { ...fastSettings, serverId: 1 },
    recoveredWith({ newestEntries: entriesOf(1, 1, 4), currentEpoch: 1, acceptedEpoch: 1 }),
  )
  expect(planSync(state, makeZxid(1, 3))).toMatchObject({ mode: 'diff', entries: entriesOf(1, 4, 4) })
})

test('ZOOKEEPER-2307: a promise below the epoch reached is refused at the start; an epoch behind the log is raised', () => {
  expect(recoveryProblem(recoveredWith({ acceptedEpoch: 1, currentEpoch: 2 }))).toContain('acceptedEpoch 1')
  expect(recoveryProblem(recoveredWith({ newestEntries: [...entriesOf(1, 1, 1), ...entriesOf(1, 3, 3)] }))).toContain(
    'missing',
  )
  const state = createZabState(
    { ...fastSettings, serverId: 1 },
    recoveredWith({ newestEntries: entriesOf(3, 1, 1), currentEpoch: 2, acceptedEpoch: 4 }),
  )
  expect(state).toMatchObject({ currentEpoch: 3, acceptedEpoch: 4 })
})
