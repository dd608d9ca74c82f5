import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { Ensemble, type Kind } from './ensemble.ts'
import { expectSameState } from './same-state.ts'
import { Ledger, WriteLoad } from './write-load.ts'

/*
 * Quorums of groups and weights, in ensembles of both kinds: more than half of the weight of more than half of the groups.
 * Server 1 outweighs its group, which leaves two servers that may decide and three that may not.
 */

const isLong = process.env['JACKDAW_COMPAT_LONG'] !== undefined
const settings = { 'group.1': '1:2', 'group.2': '3:4', 'group.3': '5', ...{ 'weight.1': 2, 'weight.2': 1 } }
const weights = { 'weight.3': 1, 'weight.4': 1, 'weight.5': 1 }

let ensemble: Ensemble
afterEach(() => ensemble.close())

const compositions: readonly (readonly Kind[])[] = [
  ['jackdaw', 'real', 'jackdaw', 'real', 'jackdaw'],
  ...(isLong
    ? ([
        ['real', 'jackdaw', 'real', 'jackdaw', 'real'],
        ['real', 'real', 'real', 'real', 'real'],
      ] as const)
    : []),
]

/** In order: who is up, and whether they may decide. */
const steps: readonly (readonly [readonly number[], boolean])[] = [
  [[1, 5], true],
  [[2, 3, 4], false],
  [[2, 3, 4, 5], true],
  [[2, 3, 5], false],
  [[1, 3, 4], true],
  [[1, 2, 3], false],
]

test.each(compositions)(
  '%s, %s, %s, %s and %s decide where their groups do, whatever their number',
  async (...kinds) => {
    ensemble = await Ensemble.create(kinds, { settings: { ...settings, ...weights } })
    await ensemble.start()
    const ledger = new Ledger()
    for (const [ids, mayDecide] of steps) {
      for (const member of ensemble.members) if (!ids.includes(member.id)) await member.end('SIGKILL')
      for (const id of ids) if (!ensemble.member(id).isRunning) ensemble.member(id).start()
      if (!mayDecide) {
        await expectNobodyServes()
        continue
      }
      await ensemble.serving(ids)
      const load = await WriteLoad.start(ensemble, ledger, 5)
      await load.progress(20)
      await load.stop()
    }
    await ensemble.start()
    await expectSameState(ensemble, ledger)
  },
  180_000,
)

/** A leader notices within syncLimit that it has lost its quorum; from then on nobody serves. */
async function expectNobodyServes(): Promise<void> {
  const modes = (): Promise<(string | undefined)[]> => Promise.all(ensemble.members.map((each) => each.mode()))
  for (let tries = 0; (await modes()).some((mode) => mode !== undefined); tries += 1) {
    if (tries > 200) throw new Error('somebody serves without a quorum')
    await sleep(50)
  }
  for (let looks = 0; looks < 20; looks += 1) {
    expect(await modes()).toEqual([undefined, undefined, undefined, undefined, undefined])
    await sleep(100)
  }
}
