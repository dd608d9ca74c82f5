import { expect, test } from 'vitest'
import { murmur2, partitionOfKey } from '../../src/model/murmur2.ts'
import { fromHex, readVectors } from './support.ts'

interface KeyVector {
  readonly key: string
  readonly murmur2: number
  readonly partitionOf10: number
  readonly partitionOf7: number
}

test("keys go to the partitions where Java's partitioner puts them", () => {
  const vectors = readVectors<KeyVector[]>('murmur2')
  expect(vectors.length).toBeGreaterThan(30)
  for (const vector of vectors) {
    const key = fromHex(vector.key)
    expect(murmur2(key)).toBe(vector.murmur2)
    expect([partitionOfKey(key, 10), partitionOfKey(key, 7)]).toEqual([vector.partitionOf10, vector.partitionOf7])
  }
})
