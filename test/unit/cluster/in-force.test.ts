import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { brokerKeysInForce, withoutEffect } from '../../../src/cluster/config/in-force.ts'
import { brokerKeys, topicKeys } from '../../../src/cluster/config/registry.ts'

// Text of everything that could obey a key: not the tables that define keys, not their documentation, not the list itself.
function readers(): string {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      !name.includes('/keys/') &&
      !name.includes('/generated/') &&
      !/config\/(documentation|in-force)\.ts$/.test(name),
  )
  return files.map((name) => readFileSync(join('src', name), 'utf8')).join('\n')
}

test('every broker key said to be in force is a known key, and is read by name or through a topic key', () => {
  const text = readers()
  const synonyms = new Set([...topicKeys.values()].flatMap((key) => key.synonyms))
  for (const name of brokerKeysInForce()) {
    expect(brokerKeys.has(name), name).toBe(true)
    expect(synonyms.has(name) || text.includes(`'${name}'`), `${name} is read nowhere`).toBe(true)
  }
})

test('what Kafka knows and nothing obeys is named, the rest is not', () => {
  const properties = {
    'num.io.threads': '8',
    'log.retention.hours': '24',
    listeners: 'PLAINTEXT://:9092',
    'no.such.key': '1',
    'log.preallocate': 'true',
  }
  expect(withoutEffect(properties)).toEqual(['log.preallocate', 'num.io.threads'])
})
