import { expect, test } from 'vitest'
import { batchOf } from '../../support/log-world.ts'
import { apiVersionsV, fetchOf, fetchV, produceOf, produceV, recordsOf } from './exchanges.ts'
import { BrokerWorld, parseFrame } from './support.ts'

for (const version of [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]) {
  test(`what Produce ${version} stored is what Fetch returns`, async () => {
    const world = await BrokerWorld.start()
    world.createTopic('events')
    const client = world.connect()
    const batch = batchOf(3)
    const produced = await client.ask(produceV(version), produceOf('events', batch, version))
    expect(produced.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 0 })
    const again = await client.ask(produceV(version), produceOf('events', batch, version))
    expect(again.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 3 })
    const fetched = await client.ask(fetchV(12), fetchOf('events', 0, 12))
    const partition = fetched.responses[0]?.partitions[0]
    expect(partition).toMatchObject({ errorCode: 0, highWatermark: 6, lastStableOffset: 6, logStartOffset: 0 })
    const offsets: number[] = []
    world.codec.decodeBatches(recordsOf(fetched), (record) => offsets.push(record.offset))
    expect(offsets).toEqual([0, 1, 2, 3, 4, 5])
  })
}

for (const version of [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]) {
  test(`Fetch ${version} reads from memory and from the file alike`, async () => {
    const world = await BrokerWorld.start()
    world.createTopic('events')
    const client = world.connect()
    for (let index = 0; index < 5; index += 1) {
      await client.ask(produceV(9), produceOf('events', batchOf(2, {}, 20_000), 9))
    }
    const hot = await client.ask(fetchV(version), fetchOf('events', 4, version))
    const bytes = hot.responses[0]?.partitions[0]?.records
    expect(bytes?.sizeBytes).toBeGreaterThan(100_000)
  })
}

test('ApiVersions names what is served, and Produce from 0 on', async () => {
  const world = await BrokerWorld.start()
  const answer = await world.connect().ask(apiVersionsV(3), { clientSoftwareName: 'x', clientSoftwareVersion: '1.0' })
  expect(answer.errorCode).toBe(0)
  expect(answer.apiKeys.find(({ apiKey }) => apiKey === 0)).toMatchObject({ minVersion: 0, maxVersion: 13 })
  expect(answer.finalizedFeatures).toEqual([])
})

test('an unknown version of ApiVersions is answered with the oldest body, the error and the range', async () => {
  const world = await BrokerWorld.start()
  const client = world.connect()
  client.send(apiVersionsV(5), {})
  await world.run()
  const frame = client.frames()[0] as Uint8Array
  const { response } = parseFrame(apiVersionsV(0), frame)
  expect(response).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] })
})
