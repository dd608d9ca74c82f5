import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'vitest'
import { NodeClock } from '../../src/io/node/clock.ts'
import { NodeTimers } from '../../src/io/node/timers.ts'
import { socketTransport } from '../../src/main/zookeeper-transport.ts'
import { connectZooKeeper } from '../../src/zookeeper/client.ts'
import { eventually } from '../support/keeper-ensemble.ts'
import { freePort, type NodeProcess, startNodeProcess } from '../support/node-process.ts'

const root = mkdtempSync(join(tmpdir(), 'jackdaw-nodes-'))
const nodes: NodeProcess[] = []

afterEach(() => {
  for (const { process: child } of nodes.splice(0)) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

function word(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => void socket.write(text))
    socket.on('data', (bytes) => {
      said += bytes.toString()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(said))
  })
}

test('the keepers of three nodes are one ensemble, in which all three register', async () => {
  const clientPorts = [await freePort(), await freePort(), await freePort()]
  const servers: string[] = []
  for (const [index, port] of clientPorts.entries()) {
    servers.push(`${index + 1}=127.0.0.1:${await freePort()}:${await freePort()};${port}`)
  }
  const started = clientPorts.map(async (port, index) =>
    startNodeProcess(join(root, String(index + 1)), await freePort(), [
      `node.id=${index + 1}`,
      `jackdaw.keeper.servers=${servers.join(',')}`,
      `jackdaw.keeper.client.port=${port}`,
      'jackdaw.num.shards=1',
    ]),
  )
  nodes.push(...(await Promise.all(started)))
  // A node is there as soon as any of the keepers serves it; its own may still be on its way into the ensemble.
  await eventually(async () => {
    const words = await Promise.all(clientPorts.map((port) => word(port, 'srvr')))
    const modes = words.map((text) => /^Mode: (.+)$/m.exec(text)?.[1] ?? '')
    return modes.toSorted().join() === 'follower,follower,leader'
  }, 'one of the keepers leads, two follow')
  const [port = 0] = clientPorts
  const client = await connectZooKeeper({
    transport: socketTransport([{ host: '127.0.0.1', port }]),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    sessionTimeoutMs: 8000,
  })
  await eventually(
    async () => (await client.getChildren('/brokers/ids')).children.toSorted().join() === '1,2,3',
    'all three nodes are registered',
  )
  await client.close()
}, 60_000)
