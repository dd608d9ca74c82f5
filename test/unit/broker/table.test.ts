import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { handlerTable, rangesOf } from '../../../src/broker/handlers/table.ts'
import { apiLayout, apiName } from '../../../src/protocol/api-versions.ts'
import { apiVersionsV } from './exchanges.ts'
import { BrokerWorld } from './support.ts'

const ranges = rangesOf(handlerTable())

test('every API in the table is known to the schema, with these versions and this first flexible one', () => {
  for (const { apiKey, minVersion, maxVersion, flexibleVersion, advertisedMinVersion } of ranges) {
    const layout = apiLayout(apiKey)
    const name = apiName(apiKey)
    expect([name, layout !== undefined]).toEqual([name, true])
    expect([name, flexibleVersion]).toEqual([name, layout?.flexibleVersion])
    expect(minVersion <= maxVersion && advertisedMinVersion <= minVersion).toBe(true)
    expect([name, advertisedMinVersion >= (layout?.minVersion ?? Infinity)]).toEqual([name, true])
    expect([name, maxVersion <= (layout?.maxVersion ?? -1)]).toEqual([name, true])
  }
})

test('ApiVersions names exactly the table', async () => {
  const world = await BrokerWorld.start()
  for (const version of [0, 1, 2, 3, 4]) {
    const software = version >= 3 ? { clientSoftwareName: 'apache-kafka-java', clientSoftwareVersion: '4.3.1' } : {}
    const answer = await world.connect().ask(apiVersionsV(version), software)
    expect(answer.errorCode).toBe(0)
    expect(answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, minVersion, maxVersion])).toEqual(
      ranges.map(({ apiKey, advertisedMinVersion, maxVersion }) => [apiKey, advertisedMinVersion, maxVersion]),
    )
  }
})

test('ApiVersions tells the epoch of the features, from version 3 on, once it is known', async () => {
  const world = await BrokerWorld.start()
  const software = { clientSoftwareName: 'apache-kafka-java', clientSoftwareVersion: '4.3.1' }
  expect((await world.connect().ask(apiVersionsV(4), software)).finalizedFeaturesEpoch).toBe(-1)
  world.view.apply({ kind: 'features', epoch: 3 })
  expect(await world.connect().ask(apiVersionsV(4), software)).toMatchObject({
    finalizedFeaturesEpoch: 3,
    finalizedFeatures: [],
    supportedFeatures: [],
  })
  expect((await world.connect().ask(apiVersionsV(2), {})).finalizedFeaturesEpoch).toBe(-1)
})

test('everything that is advertised is served', () => {
  expect(ranges.filter((range) => range.advertisedMinVersion !== range.minVersion)).toEqual([])
})

test('a software name or version that KIP-511 does not allow is an invalid request', async () => {
  const world = await BrokerWorld.start()
  for (const [clientSoftwareName, clientSoftwareVersion, code] of [
    ['kafkajs', '2.2.4', 0],
    ['a', '1', 0],
    ['', '1', 42],
    ['-x', '1', 42],
    ['x y', '1', 42],
    ['x', '1.', 42],
  ] as const) {
    const answer = await world.connect().ask(apiVersionsV(3), { clientSoftwareName, clientSoftwareVersion })
    expect([clientSoftwareName, answer.errorCode]).toEqual([clientSoftwareName, code])
  }
})

test('the README names every file of the folder, and no other', () => {
  const folder = new URL('../../../src/broker/', import.meta.url)
  const text = readFileSync(new URL('README.md', folder), 'utf8')
  const named = new Set([...text.matchAll(/`((?:[a-z]+\/)?[a-z-]+\.ts)`/g)].map((match) => match[1] as string))
  named.delete('cluster/view.ts')
  const files = ['', 'produce/', 'fetch/'].flatMap((part) =>
    readdirSync(new URL(part === '' ? '.' : part, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => part + name),
  )
  expect([...named].filter((name) => name !== 'handlers/table.ts').sort()).toEqual(files.sort())
})
