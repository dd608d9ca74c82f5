import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/jute/operations.ts'
import { RawClient } from '../raw-client.ts'
import { Ensemble, type Kind, type Member } from './ensemble.ts'
import { closeSession, create, CreateFlags, exists, set, sync, watchData } from './requests.ts'
import { expectSameState } from './same-state.ts'
import { Ledger } from './write-load.ts'

/* Sessions, ephemerals and watches between servers of both kinds; the leader is of each kind in turn. */

const CREATED = 1
const DELETED = 2
const CHANGED = 3

describe.each([
  { leading: 'real', kinds: ['jackdaw', 'jackdaw', 'real'] },
  { leading: 'jackdaw', kinds: ['real', 'real', 'jackdaw'] },
] as const)('$leading leading', ({ leading, kinds }) => {
  let ensemble: Ensemble

  beforeAll(async () => {
    // All fresh, the vote goes to the largest id.
    ensemble = await Ensemble.create(kinds)
    await ensemble.start()
    await ensemble.letLead(ensemble.member(3))
  })

  afterAll(() => ensemble.close())

  const ofKind = (kind: Kind): Member => ensemble.members.find((each) => each.kind === kind) ?? ensemble.member(1)

  async function client(member: Member, timeoutMs = 20_000): Promise<RawClient> {
    const raw = new RawClient(member.clientPort)
    expect(await raw.open(0n, undefined, timeoutMs)).toBe(timeoutMs)
    return raw
  }

  /** Takes the session up elsewhere. */
  async function moved(from: RawClient, to: Member): Promise<RawClient> {
    const raw = new RawClient(to.clientPort)
    expect(await raw.open(from.sessionId, from.password)).toBe(20_000)
    expect([raw.sessionId, [...raw.password]]).toEqual([from.sessionId, [...from.password]])
    return raw
  }

  test('who leads is of that kind', async () => {
    expect((await ensemble.nextLeader()).kind).toBe(leading)
  })

  test('a session goes to the other kind and back, with its ephemerals; the other kind’s watchers see all of it', async () => {
    const [real, ours] = [ofKind('real'), ofKind('jackdaw')]
    const watcher = await client(ours)
    await watchData(watcher, '/moving')
    const first = await client(real)
    expect((await create(first, '/moving', '', CreateFlags.ephemeral)).code).toBe(ErrorCode.ok)
    expect(await watcher.event()).toBe(`${CREATED} /moving`)
    const onOurs = await moved(first, ours)
    await watchData(watcher, '/moving')
    expect((await set(onOurs, '/moving', 'from the keeper')).code).toBe(ErrorCode.ok)
    expect(await watcher.event()).toBe(`${CHANGED} /moving`)
    const back = await moved(onOurs, real)
    expect((await set(back, '/moving', 'from ZooKeeper')).code).toBe(ErrorCode.ok)
    await sync(watcher)
    await watchData(watcher, '/moving')
    await closeSession(back)
    expect(await watcher.event()).toBe(`${DELETED} /moving`)
    const gone = new RawClient(ours.clientPort)
    expect(await gone.open(first.sessionId, first.password)).toBe(0)
    await closeSession(watcher)
  })

  test.each(['real', 'jackdaw'] as const)(
    'a session that began on %s: a wrong password, and the connection left behind',
    async (kind) => {
      const from = ofKind(kind)
      const to = ofKind(kind === 'real' ? 'jackdaw' : 'real')
      const old = await client(from)
      await create(old, `/behind-${kind}`, '', CreateFlags.ephemeral)
      const stranger = new RawClient(to.clientPort)
      expect(await stranger.open(old.sessionId, new Uint8Array(16).fill(7))).toBe(0)
      const current = await moved(old, to)
      expect((await set(current, `/behind-${kind}`, 'here')).code).toBe(ErrorCode.ok)
      await expect(set(old, `/behind-${kind}`, 'there')).rejects.toThrow('the connection closed')
      expect((await exists(current, `/behind-${kind}`)).code).toBe(ErrorCode.ok)
      await closeSession(current)
    },
  )

  test.each(['real', 'jackdaw'] as const)(
    'a session that goes silent on %s ends, and its ephemeral with it',
    async (kind) => {
      const watcher = await client(ofKind(kind === 'real' ? 'jackdaw' : 'real'))
      const silent = await client(ofKind(kind), 1000)
      await create(silent, `/silent-${kind}`, '', CreateFlags.ephemeral)
      await sync(watcher)
      expect((await watchData(watcher, `/silent-${kind}`)).code).toBe(ErrorCode.ok)
      expect(await watcher.event()).toBe(`${DELETED} /silent-${kind}`)
      await closeSession(watcher)
      silent.end()
    },
  )

  test('a session lives on through the loss of the server it was on', async () => {
    const follower = ensemble.member(1)
    const session = await client(follower)
    await create(session, '/surviving', '', CreateFlags.ephemeral)
    await follower.end('SIGKILL')
    const elsewhere = await moved(session, ensemble.member(3))
    expect((await exists(elsewhere, '/surviving')).code).toBe(ErrorCode.ok)
    await ensemble.start([follower.id])
    const back = await moved(elsewhere, follower)
    await closeSession(back)
    await expectSameState(ensemble, new Ledger())
  })
})
