import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { CutNetwork } from './cut-network.ts'
import { Ensemble, type Kind, type Member } from './ensemble.ts'
import { expectSameState } from './same-state.ts'
import { Ledger, WriteLoad } from './write-load.ts'

/* The network between members is cut, wholly or in one direction, while clients write. So far between keepers alone. */

let ensemble: Ensemble | undefined
let network: CutNetwork | undefined
afterEach(async () => {
  await ensemble?.close()
  network?.close()
})

const compositions: readonly (readonly [string, readonly Kind[]])[] = [
  ['three keepers', ['jackdaw', 'jackdaw', 'jackdaw']],
]

async function started(kinds: readonly Kind[]): Promise<{ ensemble: Ensemble; network: CutNetwork; load: WriteLoad }> {
  network = new CutNetwork(kinds.length)
  ensemble = await Ensemble.create(kinds, network.options())
  network.open(ensemble)
  // What a server says while another is still starting is lost, and ZooKeeper says it again after long pauses.
  await ensemble.start([1, 2])
  await ensemble.start([3])
  const load = await WriteLoad.start(ensemble, new Ledger())
  await load.progress(20)
  return { ensemble, network, load }
}

async function othersOf(among: Ensemble, member: Member): Promise<readonly number[]> {
  return among.members.filter((each) => each !== member).map(({ id }) => id)
}

/** Waits until one of these leads and no other member does. */
async function leads(among: Ensemble, ids: readonly number[]): Promise<Member> {
  for (let tries = 0; tries < 400; tries += 1) {
    const modes = await Promise.all(among.members.map((each) => each.mode()))
    const leaders = among.members.filter((_, index) => modes[index] === 'leader')
    const [leader] = leaders
    if (leaders.length === 1 && leader !== undefined && ids.includes(leader.id)) return leader
    await sleep(50)
  }
  throw new Error(`none of ${ids.join(', ')} leads alone`)
}

describe.each(compositions)('%s', (_name, kinds) => {
  test('the leader is cut off: it gives up, the others go on, and it comes back to what they decided', async () => {
    const { ensemble: among, network: between, load } = await started(kinds)
    await load.stop()
    await among.letLead(among.member(1))
    const again = await WriteLoad.start(among, load.ledger)
    for (const leader of [among.member(1), undefined]) {
      const lonely = leader ?? (await among.nextLeader())
      const others = await othersOf(among, lonely)
      await again.progress(20)
      between.isolate(lonely.id, others)
      await leads(among, others)
      await again.progress(30)
      between.heal()
      await among.serving([1, 2, 3])
      await again.progress(20)
    }
    await again.stop()
    await expectSameState(among, load.ledger)
  })

  test('the leader hears nobody and is heard, or is not heard and hears: either way the others go on', async () => {
    const { ensemble: among, network: between, load } = await started(kinds)
    for (const isDeaf of [true, false]) {
      const leader = await among.nextLeader()
      const others = await othersOf(among, leader)
      for (const other of others) {
        if (isDeaf) between.cut(other, leader.id)
        else between.cut(leader.id, other)
      }
      await leads(among, others)
      await load.progress(30)
      between.heal()
      await among.serving([1, 2, 3])
      await load.progress(20)
    }
    await load.stop()
    await expectSameState(among, load.ledger)
  })

  test('two followers that do not hear each other follow all the same', async () => {
    const { ensemble: among, network: between, load } = await started(kinds)
    const leader = await among.nextLeader()
    const [first = 0, second = 0] = await othersOf(among, leader)
    between.isolate(first, [second])
    await sleep(3000)
    await load.progress(50)
    expect(await among.leader()).toBe(leader)
    expect([await among.member(first).mode(), await among.member(second).mode()]).toEqual(['follower', 'follower'])
    await load.stop()
    between.heal()
    await expectSameState(among, load.ledger)
  })
})
