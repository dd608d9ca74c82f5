import { expect, test } from 'vitest'
import { alterConfig, ConfigOperation, ConfigResourceType } from '../../src/client/admin/configs.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import {
  apiVersionsApi,
  readApiVersionsResponse,
  writeApiVersionsRequest,
} from '../../src/protocol/generated/18-api-versions.ts'
import { clientOf } from '../support/cluster-process.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { eventually, sleep, startTestNode } from './support.ts'

const API_VERSIONS = {
  apiKey: apiVersionsApi.key,
  version: 0,
  write: writeApiVersionsRequest,
  read: readApiVersionsResponse,
}
const TRIED = 16

/** How many of several connections that are opened at one time are served. */
async function served(port: number): Promise<number> {
  const connections: RawKafka[] = []
  let count = 0
  for (let index = 0; index < TRIED; index += 1) {
    const connection = await RawKafka.open(port)
    connections.push(connection)
    const answer = await connection.ask(API_VERSIONS, {}).catch(() => undefined)
    if (answer?.errorCode === 0) count += 1
  }
  for (const connection of connections) connection.close()
  // The node has to hear of it before the next are counted.
  await sleep(100)
  return count
}

test('limits of connections that are set while a node runs hold for all its shards together, until they are taken away', async () => {
  const running = await startTestNode(['jackdaw.num.shards=2'])
  const client = clientOf(`127.0.0.1:${running.port}`)
  try {
    const admin = new AdminContext(client)
    const set = async (name: string, value: string | undefined): Promise<void> => {
      const change =
        value === undefined
          ? { name, operation: ConfigOperation.delete, value: null }
          : { name, operation: ConfigOperation.set, value }
      await alterConfig(admin, { type: ConfigResourceType.broker, name: '' }, [change])
    }
    const becomes = (name: string, count: number): Promise<void> =>
      eventually(`${name} lets in ${count}`, async () => (await served(running.port)) === count)
    expect(await served(running.port)).toBe(TRIED)
    for (const [name, six, ten] of [
      ['max.connections', '6', '10'],
      ['max.connections.per.ip', '6', '10'],
      ['max.connections.per.ip.overrides', '127.0.0.1:6', '10.1.2.3:1,127.0.0.1:10'],
    ] as const) {
      await set(name, six)
      // The client that sets it has connections, too.
      await eventually(`${name} is obeyed`, async () => (await served(running.port)) < 6)
      const count = await served(running.port)
      await set(name, ten)
      await becomes(name, count + 4)
      await set(name, undefined)
      await becomes(name, TRIED)
    }
  } finally {
    client.close()
    await running.remove()
  }
}, 60_000)
