import { expect, test } from 'vitest'
import { throttledTopics } from '../../../src/cli/work/throttles.ts'

test('who feeds and who fetches is held back, partition by partition, and nobody else', () => {
  const moves = [
    { topic: 'a', partition: 0, before: [1, 2], replicas: [2, 3] },
    { topic: 'a', partition: 1, before: [2, 3], replicas: [3, 2] },
    { topic: 'b', partition: 4, before: [1], replicas: [5, 6] },
  ]
  expect(throttledTopics(moves)).toEqual([
    { topic: 'a', leaders: ['0:1', '0:2'], followers: ['0:3'] },
    { topic: 'b', leaders: ['4:1'], followers: ['4:5', '4:6'] },
  ])
})
