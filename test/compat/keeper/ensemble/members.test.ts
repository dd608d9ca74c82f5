import { afterEach, expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/jute/operations.ts'
import { RawClient } from '../raw-client.ts'
import { Ensemble, type Kind, type Member } from './ensemble.ts'
import { closeSession, reconfigure } from './requests.ts'
import { expectSameState } from './same-state.ts'
import { Ledger, WriteLoad } from './write-load.ts'

/* Observers of either kind, and ensembles whose members are exchanged one by one while clients write. */

const isLong = process.env['JACKDAW_COMPAT_LONG'] !== undefined
let ensemble: Ensemble

afterEach(() => ensemble.close())

test('observers of either kind see everything and pass on writes, whoever leads', async () => {
  ensemble = await Ensemble.create([
    'jackdaw',
    'real',
    'real',
    { kind: 'jackdaw', role: 'observer' },
    { kind: 'real', role: 'observer' },
  ])
  await ensemble.start()
  const ledger = new Ledger()
  for (const leader of [ensemble.member(1), ensemble.member(2)]) {
    await ensemble.letLead(leader)
    await ensemble.serving([4, 5])
    expect([await ensemble.member(4).mode(), await ensemble.member(5).mode()]).toEqual(['observer', 'observer'])
    const load = await WriteLoad.start(ensemble, ledger, 5)
    await load.progress(100)
    for (const id of [4, 5]) {
      await ensemble.member(id).end('SIGKILL')
      await load.progress(50)
      await ensemble.start([id])
    }
    await load.stop()
    await expectSameState(ensemble, ledger)
  }
})

const directions: readonly (readonly [Kind, Kind])[] = isLong
  ? [
      ['real', 'jackdaw'],
      ['jackdaw', 'real'],
    ]
  : [['real', 'jackdaw']]

test.each(directions)('an ensemble of %s is moved to %s, member by member, while clients write', async (from, to) => {
  ensemble = await Ensemble.create([from, from, from, { kind: to, role: 'observer' }, to, to, to], {
    founders: 4,
    settings: { reconfigEnabled: true },
  })
  await ensemble.start([1, 2, 3, 4])
  const ledger = new Ledger()
  const load = await WriteLoad.start(ensemble, ledger)
  await load.progress(50)
  for (const id of [1, 2, 3]) {
    const joining = ensemble.member(id + 4)
    await ensemble.invite(joining.id)
    await changed(ensemble, { joining: `server.${joining.id}=${joining.address}` })
    await load.progress(30)
    await changed(ensemble, { leaving: String(id) })
    await ensemble.member(id).end('SIGTERM')
    await ensemble.nextLeader()
    await load.progress(30)
  }
  await load.stop()
  expect(ensemble.members.filter((each) => each.isRunning).map(({ kind }) => kind)).toEqual([to, to, to, to])
  await expectSameState(ensemble, ledger)
  // The configuration outlives its members' processes.
  for (const member of remaining()) await member.end('SIGKILL')
  await ensemble.start([4, 5, 6, 7])
  await expectSameState(ensemble, ledger)
})

function remaining(): readonly Member[] {
  return ensemble.members.slice(3)
}

/** Asks the leader until the change is made: one at a time, and only with a quorum of the new members in touch. */
async function changed(among: Ensemble, change: { joining?: string; leaving?: string }): Promise<void> {
  const refusals: (number | string)[] = []
  for (let tries = 0; tries < 50; tries += 1) {
    const client = new RawClient((await among.nextLeader()).clientPort)
    try {
      await client.open()
      const { code } = await reconfigure(client, change)
      if (code === ErrorCode.ok) {
        await closeSession(client).catch(() => undefined)
        return
      }
      refusals.push(code)
      await closeSession(client)
    } catch (error) {
      // A leader that leaves closes its connections, the answer perhaps with them.
      refusals.push(String(error))
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the change was not made: ${JSON.stringify(change)}: ${refusals.join(', ')}`)
}
