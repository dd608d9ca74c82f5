import { expect, test } from 'vitest'
import { simulate } from './simulate.ts'

// Two hundred ensembles; `npm run sim -- --seed N` tells the story of one that fails.
const SEEDS = 200
const SEEDS_PER_TEST = 50

for (let from = 1; from <= SEEDS; from += SEEDS_PER_TEST) {
  test(`no promise is broken in seeds ${from} to ${from + SEEDS_PER_TEST - 1}`, () => {
    let acknowledged = 0
    for (let seed = from; seed < from + SEEDS_PER_TEST; seed += 1) {
      const result = simulate({ seed })
      expect(result.violation, `seed ${seed}`).toBeUndefined()
      acknowledged += result.acknowledged
    }
    // Ensembles that never served would break nothing either.
    expect(acknowledged).toBeGreaterThan(SEEDS_PER_TEST * 20)
  })
}

// Seeds that broke a promise once.
test.each([
  [263, 'a late connection to a former leader is not taken for one to the present leader'],
  [1256, 'a leader that slept through the election of its successor does not come on'],
  [5346, 'a voter that promised a later epoch is not locked out'],
  [134, 'a leader that the new configuration does not let lead is left'],
  [302, 'an observer that votes in the pending configuration is counted'],
  [2370, 'a configuration file that is out of date binds nobody'],
  [3742, 'a reconfiguration that was given up does not keep its proposer out'],
  [5687, 'members name the leader they follow'],
])('seed %i: %s', (seed) => {
  expect(simulate({ seed }).violation).toBeUndefined()
})

test('a seed plays the same way twice', () => {
  const stories = [0, 1].map(() => {
    const lines: string[] = []
    const result = simulate({ seed: 4711, trace: (line) => lines.push(line) })
    return { lines, result }
  })
  expect(stories[0]).toEqual(stories[1])
})
