import { expect, test } from 'vitest'
import { simulateKeeper } from './simulate.ts'

// Two hundred ensembles and eighty servers on their own, with their clients; `npm run sim -- --keeper --seed N` tells
// the story of one that fails (with `--servers 1` for those on their own).
const SEEDS = 200
const SEEDS_PER_TEST = 50
const ALONE = { voters: 1, observers: 0 }

for (let from = 1; from <= SEEDS; from += SEEDS_PER_TEST) {
  test(`ensembles keep their promises in seeds ${from} to ${from + SEEDS_PER_TEST - 1}`, {
    timeout: 120_000,
  }, async () => {
    let acknowledged = 0
    let watchEvents = 0
    for (let seed = from; seed < from + SEEDS_PER_TEST; seed += 1) {
      const result = await simulateKeeper({ seed })
      expect(result.violation, `seed ${seed}`).toBeUndefined()
      acknowledged += result.acknowledged
      watchEvents += result.watchEvents
    }
    // Servers that never served would break nothing either.
    expect(acknowledged).toBeGreaterThan(SEEDS_PER_TEST * 20)
    expect(watchEvents).toBeGreaterThan(SEEDS_PER_TEST * 5)
  })
}

test('a server on its own keeps its promises in seeds 1 to 80', { timeout: 120_000 }, async () => {
  let acknowledged = 0
  for (let seed = 1; seed <= 80; seed += 1) {
    const result = await simulateKeeper({ seed, shape: ALONE })
    expect(result.violation, `seed ${seed}`).toBeUndefined()
    acknowledged += result.acknowledged
  }
  expect(acknowledged).toBeGreaterThan(4_000)
})

test('a seed plays the same way twice', async () => {
  const stories: { readonly lines: string[]; readonly result: unknown }[] = []
  for (let round = 0; round < 2; round += 1) {
    const lines: string[] = []
    const result = await simulateKeeper({ seed: 4711, trace: (line) => lines.push(line) })
    stories.push({ lines, result })
  }
  expect(stories[0]?.lines.length).toBeGreaterThan(200)
  expect(stories[0]).toEqual(stories[1])
})
