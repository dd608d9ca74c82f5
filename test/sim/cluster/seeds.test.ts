import { expect, test } from 'vitest'
import { simulateCluster } from './simulate.ts'

// Two hundred clusters with their clients; `npm run sim -- --cluster --seed N` tells the story of one that fails.
const SEEDS = 200

test(`clusters keep their promises in seeds 1 to ${SEEDS}`, { timeout: 400_000 }, async () => {
  const broken: string[] = []
  let acknowledged = 0
  let shown = 0
  let commits = 0
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const result = await simulateCluster({ seed })
    if (result.violation !== undefined) broken.push(`seed ${seed}: ${result.violation}`)
    acknowledged += result.acknowledged
    shown += result.shown
    commits += result.commits
  }
  expect(broken, broken.join('\n')).toEqual([])
  // Clusters that never served would break nothing either.
  expect(acknowledged).toBeGreaterThan(SEEDS * 100)
  expect(shown).toBeGreaterThan(SEEDS * 100)
  expect(commits).toBeGreaterThan(SEEDS * 3)
})

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
