import { expect, test } from 'vitest'
import type { LearnerMessage } from '../../../src/zab/contract.ts'
import { makeZxid } from '../../../src/zab/zxid.ts'
import { Bench, entriesOf, kinds, sent, written } from './bench.ts'

const LINK = 7
const NEW_LEADER: LearnerMessage = { type: 'newLeader', zxid: makeZxid(2, 0), config: null }

function zxidsOf(writes: readonly { kind: string; entry?: { zxid: number } }[]): (string | number)[] {
  return writes.map((write) => write.entry?.zxid ?? write.kind)
}

function followerInSync(): Bench {
  const bench = new Bench(1, { newestEntries: entriesOf(1, 1, 3), currentEpoch: 1, acceptedEpoch: 1 })
  bench.followUntilSync(3, 2, LINK)
  return bench
}

/** DIFF with 1:4 and 1:5 committed, 1:6 proposed. */
function sendDiff(bench: Bench): void {
  const entries = entriesOf(1, 4, 6)
  bench.message(LINK, { type: 'diff', zxid: makeZxid(1, 5) })
  for (const entry of entries) bench.message(LINK, { type: 'proposal', entry })
  for (const entry of entries.slice(0, 2)) bench.message(LINK, { type: 'commit', zxid: entry.zxid })
}

test('ZOOKEEPER-4643, 3023: history goes to the disk before the epoch, in one ordered persist', () => {
  const bench = followerInSync()
  sendDiff(bench)
  const writes = written(bench.message(LINK, NEW_LEADER))
  expect(zxidsOf(writes)).toEqual([makeZxid(1, 4), makeZxid(1, 5), 'currentEpoch'])
})

test('ZOOKEEPER-4646, 3911: NEWLEADER is acknowledged only when history and epoch are durable', () => {
  const bench = followerInSync()
  sendDiff(bench)
  expect(sent(bench.message(LINK, NEW_LEADER))).toEqual([])
  const effects = bench.persisted()
  expect(kinds(effects)).toEqual(['fastForward', 'fastForward', 'send'])
  expect(sent(effects)).toEqual([{ type: 'ack', zxid: makeZxid(2, 0) }])
})

test('ZOOKEEPER-4394: a commit between the NEWLEADER acknowledgement and UPTODATE waits for its proposal', () => {
  const bench = followerInSync()
  sendDiff(bench)
  bench.message(LINK, NEW_LEADER)
  bench.persisted()
  const [next] = entriesOf(2, 1, 1)
  if (next === undefined) throw new Error('one entry was asked for')
  expect(bench.message(LINK, { type: 'commit', zxid: makeZxid(1, 6) })).toEqual([])
  expect(bench.message(LINK, { type: 'proposal', entry: next })).toEqual([])
  expect(bench.message(LINK, { type: 'commit', zxid: next.zxid })).toEqual([])
  const effects = bench.message(LINK, { type: 'upToDate' })
  expect(effects.flatMap((effect) => (effect.kind === 'apply' ? [effect.entry.zxid] : []))).toEqual([
    makeZxid(1, 6),
    next.zxid,
  ])
  expect(zxidsOf(written(effects))).toEqual([makeZxid(1, 6), next.zxid])
})

test('ZOOKEEPER-4785: uncommitted proposals of the sync are logged and acknowledged after UPTODATE, none is lost', () => {
  const bench = followerInSync()
  sendDiff(bench)
  bench.message(LINK, NEW_LEADER)
  bench.persisted()
  const effects = bench.message(LINK, { type: 'upToDate' })
  expect(sent(effects)).toEqual([{ type: 'ack', zxid: makeZxid(2, 0) }])
  expect(zxidsOf(written(effects))).toEqual([makeZxid(1, 6)])
  expect(sent(bench.persisted())).toEqual([{ type: 'ack', zxid: makeZxid(1, 6) }])
})

test('ZOOKEEPER-4685: an acknowledgement that overtakes that of NEWLEADER costs the follower its connection, not the leader its office', () => {
  const bench = new Bench(3)
  bench.leadWith(2, 20)
  bench.join(1, 21, 0)
  const effects = bench.message(21, { type: 'ack', zxid: makeZxid(1, 1) })
  expect(effects).toMatchObject([{ kind: 'closeLink', link: 21 }])
  expect(bench.state.role.kind).toBe('leading')
})

test('ZOOKEEPER-4712: no vote is given while the old life still writes', () => {
  const bench = followerInSync()
  sendDiff(bench)
  bench.message(LINK, NEW_LEADER)
  expect(kinds(bench.input({ kind: 'linkDown', link: LINK }))).toEqual(['closeLink', 'role'])
  bench.nowMs += 10_000
  expect(bench.input({ kind: 'tick' })).toEqual([])
  const effects = bench.persisted()
  const votes = effects.flatMap((effect) => (effect.kind === 'notify' ? [effect.notification] : []))
  expect(votes[0]).toMatchObject({ leader: 1, zxid: makeZxid(1, 5), peerEpoch: 2 })
})

test('ZOOKEEPER-4925: a hole in what the leader sends ends the synchronisation', () => {
  for (const [from, next] of [
    [4, 6],
    [5, 5],
  ] as const) {
    const bench = followerInSync()
    bench.message(LINK, { type: 'diff', zxid: makeZxid(1, 9) })
    const entries = [...entriesOf(1, from, from), ...entriesOf(1, next, next)]
    for (const entry of entries) bench.message(LINK, { type: 'proposal', entry })
    expect(bench.state.role.kind).toBe('looking')
  }
})

test('ZOOKEEPER-5094, 3642: a connection that breaks anywhere in a TRUNC, DIFF or SNAP leaves disk and memory as they were', () => {
  const script: LearnerMessage[] = entriesOf(2, 1, 2).flatMap((entry) => [
    { type: 'proposal', entry },
    { type: 'commit', zxid: entry.zxid },
  ])
  for (const mode of ['diff', 'trunc', 'snap'] as const) {
    const first: LearnerMessage = { type: mode, zxid: mode === 'trunc' ? makeZxid(1, 2) : makeZxid(1, 3) }
    for (let cutAt = 0; cutAt <= script.length; cutAt += 1) {
      const bench = followerInSync()
      for (const message of [first, ...script.slice(0, cutAt)])
        expect(written(bench.message(LINK, message))).toEqual([])
      bench.input({ kind: 'linkDown', link: LINK })
      expect(bench.state).toMatchObject({
        lastLoggedZxid: makeZxid(1, 3),
        appliedZxid: makeZxid(1, 3),
        currentEpoch: 1,
      })
      expect(bench.state.window.map((entry) => entry.zxid)).toEqual(entriesOf(1, 1, 3).map((entry) => entry.zxid))
    }
  }
})

test('ZOOKEEPER-5094: a finished TRUNC leaves memory at what the disk holds, and a later joiner gets no hole', () => {
  const bench = followerInSync()
  bench.message(LINK, { type: 'trunc', zxid: makeZxid(1, 2) })
  bench.message(LINK, NEW_LEADER)
  bench.persisted()
  bench.input({ kind: 'linkDown', link: LINK })
  expect(bench.state).toMatchObject({ lastLoggedZxid: makeZxid(1, 2), appliedZxid: makeZxid(1, 2), currentEpoch: 2 })
  expect(bench.state.window.at(-1)?.zxid).toBe(makeZxid(1, 2))
})

test('a cut across epochs, behind the log or before the snapshot is refused, and everything asked for next time', () => {
  const cases = [makeZxid(0, 9), makeZxid(1, 9), makeZxid(1, 1)]
  for (const zxid of cases) {
    const bench = new Bench(1, {
      newestEntries: entriesOf(1, 3, 5),
      currentEpoch: 1,
      acceptedEpoch: 1,
      snapshotZxid: makeZxid(1, 2),
    })
    bench.followUntilSync(3, 2, LINK)
    expect(written(bench.message(LINK, { type: 'trunc', zxid }))).toEqual([])
    expect(bench.state.role.kind).toBe('looking')
    bench.elect(3)
    bench.input({ kind: 'linkUp', link: 8, dialed: 3 })
    const effects = bench.message(8, { type: 'leaderInfo', epoch: 3, protocolVersion: 0x10000 })
    expect(written(effects)).toEqual([{ kind: 'acceptedEpoch', epoch: 3 }])
    expect(sent(bench.persisted())).toEqual([{ type: 'ackEpoch', lastZxid: 0, currentEpoch: 1 }])
  }
})

test('ZOOKEEPER-3701: after a failed write or sync nothing is promised any more', () => {
  const bench = followerInSync()
  sendDiff(bench)
  bench.message(LINK, NEW_LEADER)
  expect(kinds(bench.input({ kind: 'persistFailed', reason: 'ENOSPC' }))).toEqual(['halt'])
  expect(bench.persisted()).toEqual([])
  expect(bench.input({ kind: 'tick' })).toEqual([])
})

test('an epoch is promised on disk before it is acknowledged, and promised once', () => {
  const bench = new Bench(1, { currentEpoch: 1, acceptedEpoch: 1 })
  bench.elect(3)
  bench.input({ kind: 'linkUp', link: LINK, dialed: 3 })
  const effects = bench.message(LINK, { type: 'leaderInfo', epoch: 4, protocolVersion: 0x10000 })
  expect(sent(effects)).toEqual([])
  expect(sent(bench.persisted())).toEqual([{ type: 'ackEpoch', lastZxid: 0, currentEpoch: 1 }])

  bench.input({ kind: 'linkDown', link: LINK })
  bench.elect(2)
  bench.input({ kind: 'linkUp', link: 9, dialed: 2 })
  expect(sent(bench.message(9, { type: 'leaderInfo', epoch: 4, protocolVersion: 0x10000 }))).toMatchObject([
    { type: 'ackEpoch', currentEpoch: -1 },
  ])
  bench.input({ kind: 'linkDown', link: 9 })
  bench.elect(3)
  bench.input({ kind: 'linkUp', link: 10, dialed: 3 })
  expect(sent(bench.message(10, { type: 'leaderInfo', epoch: 3, protocolVersion: 0x10000 }))).toEqual([])
  expect(bench.state.role.kind).toBe('looking')
})
