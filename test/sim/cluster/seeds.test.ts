import { expect, test } from 'vitest'
import { simulateCluster } from './simulate.ts'

// Two hundred clusters with their clients; `npm run sim -- --cluster --seed N` tells the story of one that fails.
const SEEDS = 200
const SEEDS_PER_TEST = 50

for (let from = 1; from <= SEEDS; from += SEEDS_PER_TEST) {
  test(`clusters keep their promises in seeds ${from} to ${from + SEEDS_PER_TEST - 1}`, {
    timeout: 240_000,
  }, async () => {
    let acknowledged = 0
    let shown = 0
    let commits = 0
    for (let seed = from; seed < from + SEEDS_PER_TEST; seed += 1) {
      const result = await simulateCluster({ seed })
      expect(result.violation, `seed ${seed}`).toBeUndefined()
      acknowledged += result.acknowledged
      shown += result.shown
      commits += result.commits
    }
    // Clusters that never served would break nothing either.
    expect(acknowledged).toBeGreaterThan(SEEDS_PER_TEST * 50)
    expect(shown).toBeGreaterThan(SEEDS_PER_TEST * 50)
    expect(commits).toBeGreaterThan(SEEDS_PER_TEST * 2)
  })
}

test('a seed plays the same way twice', async () => {
  const stories: { readonly lines: string[]; readonly result: unknown }[] = []
  for (let round = 0; round < 2; round += 1) {
    const lines: string[] = []
    const result = await simulateCluster({ seed: 4711, trace: (line) => lines.push(line) })
    stories.push({ lines, result })
  }
  expect(stories[0]?.lines.length).toBeGreaterThan(200)
  expect(stories[0]).toEqual(stories[1])
})
