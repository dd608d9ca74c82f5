import { afterEach, expect, test } from 'vitest'
import { compare } from './differential.ts'
import { Ensemble, type Kind, type Member } from './ensemble/ensemble.ts'

/*
 * Real ZooKeeper 3.9.5 and the keeper, both fresh, are asked the same: each on its own, and as followers in ensembles. One seed goes on where the last one ended, so that later ones meet a grown tree.
 * JACKDAW_COMPAT_LONG=1 tries more seeds, JACKDAW_COMPAT_SEED=n begins at another.
 */

const firstSeed = Number(process.env['JACKDAW_COMPAT_SEED'] ?? 1)
const times = process.env['JACKDAW_COMPAT_LONG'] === undefined ? 1 : 25
const STEPS = 1000
/** On a busy machine a test leaves out the later seeds, never the first. */
const BUDGET_MS = 10_000 * times
const SETTINGS = { skipACL: 'no' }
const ensembles: Ensemble[] = []

afterEach(async () => {
  for (const ensemble of ensembles.splice(0)) await ensemble.close()
})

async function expectNoDifference(real: Member, ours: Member, seeds: number, hasMalformed: boolean): Promise<void> {
  const answers = new Set<string>()
  const endsAtMs = Date.now() + BUDGET_MS
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const comparison = await compare(real.clientPort, ours.clientPort, seed, STEPS, hasMalformed)
    expect(comparison.differences).toEqual([])
    for (const answer of comparison.answers.keys()) answers.add(answer)
    if (Date.now() > endsAtMs) break
  }
  // So many kinds of answers came up that agreeing on them says something.
  expect(answers.size).toBeGreaterThan(60)
}

test('random requests get the same answers and watch events, byte for byte', async () => {
  const settings = { ...SETTINGS, standaloneEnabled: true }
  const servers = await Ensemble.create(['real', 'jackdaw'], { founders: 0, settings })
  ensembles.push(servers)
  await servers.start()
  await expectNoDifference(servers.member(1), servers.member(2), 6 * times, true)
})

test.each([
  { name: 'of their own kind', leaders: ['real', 'jackdaw'] },
  { name: 'of the other kind', leaders: ['jackdaw', 'real'] },
] as const)('the same through followers, with a leader $name', async ({ leaders }) => {
  const [real, ours] = [await followerOf('real', leaders[0]), await followerOf('jackdaw', leaders[1])]
  await expectNoDifference(real, ours, 2 * times, false)
})

/** @returns the one follower of a fresh ensemble whose third server never starts */
async function followerOf(kind: Kind, leading: Kind): Promise<Member> {
  const ensemble = await Ensemble.create([kind, kind, leading], { settings: SETTINGS })
  ensembles.push(ensemble)
  // Votes of fresh servers go to the larger id.
  await ensemble.start([1, 3])
  expect((await ensemble.nextLeader()).id).toBe(3)
  return ensemble.member(1)
}
