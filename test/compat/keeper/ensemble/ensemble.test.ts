import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawClient } from '../raw-client.ts'
import { Ensemble, type Kind, type Member } from './ensemble.ts'
import { create } from './requests.ts'
import { expectSameState } from './same-state.ts'
import { Ledger, WriteLoad } from './write-load.ts'

/*
 * Real ZooKeeper 3.9.5 servers and keepers in one ensemble, on the same kind of file and data directory. The ensemble of
 * real servers alone shows that the tests ask nothing of the keeper that ZooKeeper would not do.
 * JACKDAW_COMPAT_LONG=1 runs more rounds of everything.
 */

const isLong = process.env['JACKDAW_COMPAT_LONG'] !== undefined
const rounds = isLong ? 5 : 1

interface Composition {
  readonly name: string
  /** The first is the odd one out. */
  readonly kinds: readonly Kind[]
}

const compositions: readonly Composition[] = [
  { name: 'three real servers', kinds: ['real', 'real', 'real'] },
  { name: 'three keepers', kinds: ['jackdaw', 'jackdaw', 'jackdaw'] },
  { name: 'one keeper and two real servers', kinds: ['jackdaw', 'real', 'real'] },
  { name: 'one real server and two keepers', kinds: ['real', 'jackdaw', 'jackdaw'] },
]

describe.each(compositions)('$name', ({ kinds }) => {
  let ensemble: Ensemble
  const ledger = new Ledger()
  const both = [...new Set(kinds)]

  beforeAll(async () => {
    ensemble = await Ensemble.create(kinds)
    await ensemble.start()
  })

  afterAll(() => ensemble.close())

  test('members killed in turn under writes, either kind leading', async () => {
    const leaders = new Set<Kind>()
    for (let round = 0; round < rounds; round += 1) {
      await ensemble.letLead(ensemble.member(1))
      const load = await WriteLoad.start(ensemble, ledger)
      for (const member of ensemble.members) {
        leaders.add((await ensemble.nextLeader()).kind)
        await load.progress(50)
        await member.end('SIGKILL')
        leaders.add((await ensemble.nextLeader()).kind)
        await load.progress(50)
        await ensemble.start([member.id])
      }
      await load.progress(50)
      await load.stop()
      await expectSameState(ensemble, ledger)
    }
    expect(leaders).toEqual(new Set(both))
  })

  // The harness itself is shown by the first test; the real servers' own behaviour is not in question.
  if (both.length === 1 && both[0] === 'real' && !isLong) return

  test('the first stands still while it leads, another takes over, and it comes back', async () => {
    const leader = ensemble.member(1)
    await ensemble.letLead(leader)
    const load = await WriteLoad.start(ensemble, ledger)
    await load.progress(50)
    leader.pause()
    const next = await othersLead(ensemble, leader)
    await load.progress(50)
    leader.resume()
    await ensemble.serving([leader.id, next.id])
    await load.progress(50)
    await load.stop()
    await expectSameState(ensemble, ledger)
  })

  test('the first was away for some writes and is brought up to date with what it missed', async () => {
    await ensemble.letLead(ensemble.member(2))
    await ensemble.member(1).end('SIGTERM')
    const before = await synchronisations(ensemble.member(2))
    await write(ensemble, ledger, 50)
    await ensemble.start([1])
    const after = await synchronisations(ensemble.member(2))
    expect([after.diff - before.diff, after.snap - before.snap]).toEqual([1, 0])
    await expectSameState(ensemble, ledger)
  })

  test('the first was away for more than the leader keeps at hand', async () => {
    await ensemble.letLead(ensemble.member(2))
    await ensemble.member(1).end('SIGKILL')
    const client = await ensemble.member(2).client()
    for (let number = 0; number < 10; number += 1) {
      const paths = Array.from({ length: 100 }, (_, index) => `/many-${number}-${index}`)
      await Promise.all(paths.map((path) => client.create(path, null)))
    }
    await client.close()
    await ensemble.start([1])
    await expectSameState(ensemble, ledger)
  })

  test('the first has lost its disk and gets a snapshot of megabytes, with access lists and a living session', async () => {
    await ensemble.letLead(ensemble.member(2))
    await ensemble.member(1).end('SIGKILL')
    ensemble.member(1).wipe()
    const session = await ensemble.member(3).client()
    await session.create('/held', null, 'ephemeral')
    for (let number = 0; number < 5; number += 1) {
      await session.create(`/large-${number}-`, new Uint8Array(900_000).fill(97 + number), 'persistent-sequential')
    }
    await session.createNode('/listed', null, {
      acl: [
        { permissions: 31, scheme: 'world', id: 'anyone' },
        { permissions: 1, scheme: 'digest', id: 'user:F46PeTVYeItL6aAyygIVQ9OaaeY=' },
      ],
    })
    const before = await synchronisations(ensemble.member(2))
    await ensemble.start([1])
    const after = await synchronisations(ensemble.member(2))
    expect([after.diff - before.diff, after.snap - before.snap]).toEqual([0, 1])
    await expectSameState(ensemble, ledger)
    const reader = await ensemble.member(1).client()
    expect((await reader.getAcl('/listed')).acl).toHaveLength(2)
    await reader.delete('/listed')
    await session.close()
    await reader.sync('/')
    expect(await reader.exists('/held')).toBeUndefined()
    await reader.close()
  })

  test('a proposal that only the first had as leader is gone when it comes back', async () => {
    const first = ensemble.member(1)
    await ensemble.letLead(first)
    const others = ensemble.members.filter((each) => each !== first)
    await write(ensemble, ledger, 10)
    const client = new RawClient(first.clientPort)
    await client.open()
    for (const other of others) other.pause()
    // A process of many threads stops a moment after the signal: until then it may still log what it is sent.
    await sleep(100)
    const lost = create(client, '/only-the-first-knew').catch((error: unknown) => error)
    await sleep(400)
    await first.end('SIGKILL')
    expect(await lost).toBeInstanceOf(Error)
    for (const other of others) await other.end('SIGKILL')
    await ensemble.start(others.map(({ id }) => id))
    await ensemble.start([1])
    await expectSameState(ensemble, ledger)
    const reader = await first.client()
    expect(await reader.exists('/only-the-first-knew')).toBeUndefined()
    await reader.close()
  })

  test('data directories opened by the other implementation', async () => {
    await write(ensemble, ledger, 20)
    for (const turn of both) {
      for (const member of ensemble.members) await member.end(turn === 'real' ? 'SIGTERM' : 'SIGKILL')
      for (const member of ensemble.members) {
        if (both.length > 1) member.kind = member.kind === 'real' ? 'jackdaw' : 'real'
      }
      await ensemble.start()
      await write(ensemble, ledger, 20)
      await expectSameState(ensemble, ledger)
    }
  })
})

/** So many acknowledged writes, through all members. */
async function write(ensemble: Ensemble, ledger: Ledger, count: number): Promise<void> {
  const load = await WriteLoad.start(ensemble, ledger)
  await load.progress(count)
  await load.stop()
}

/** Who leads of those who are not paused. */
async function othersLead(ensemble: Ensemble, paused: Member): Promise<Member> {
  for (let tries = 0; tries < 400; tries += 1) {
    for (const member of ensemble.members) {
      if (member !== paused && (await member.mode()) === 'leader') return member
    }
    await sleep(50)
  }
  throw new Error('nobody else leads')
}

/** How often this leader has brought somebody up to date, by which means. */
async function synchronisations(leader: Member): Promise<{ readonly diff: number; readonly snap: number }> {
  const values = new Map((await leader.ask('mntr')).split('\n').map((line) => line.split('\t') as [string, string]))
  return { diff: Number(values.get('zk_diff_count')), snap: Number(values.get('zk_snap_count')) }
}
