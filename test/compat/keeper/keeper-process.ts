/**
 * A keeper on a loopback port, for clients that are not ours.
 * Arguments: port, data directory, then `name=value` of KeeperOptions' plain fields. Prints one line when it listens.
 */
import { createServer, type Socket } from 'node:net'
import { NodeClock } from '../../../src/io/node/clock.ts'
import { NodeDisk } from '../../../src/io/node/disk.ts'
import { NodeEntropy } from '../../../src/io/node/entropy.ts'
import { NodeTimers } from '../../../src/io/node/timers.ts'
import type { KeeperOptions } from '../../../src/keeper/contract.ts'
import { createKeeper } from '../../../src/keeper/keeper.ts'

const [port = '0', directory = '', ...settings] = process.argv.slice(2)

function setting(text: string): [string, unknown] {
  const [name = '', value = ''] = text.split('=')
  if (name === 'fourLetterWords') return [name, value.split(',')]
  if (value === 'true' || value === 'false') return [name, value === 'true']
  return [name, /^\d+$/.test(value) ? Number(value) : value]
}

const keeper = createKeeper({
  disk: new NodeDisk(),
  clock: new NodeClock(),
  timers: new NodeTimers(),
  entropy: new NodeEntropy(),
  log: { debug() {}, info() {}, warn: console.error, error: console.error },
  directory,
  tickTimeMs: 2000,
  onFailed: () => process.exit(3),
  ...(Object.fromEntries(settings.map(setting)) as Partial<KeeperOptions>),
})
const startedAt = performance.now()
keeper.start()
const tookMs = performance.now() - startedAt

const sockets = new Set<Socket>()
const server = createServer((socket) => {
  socket.setNoDelay(true)
  sockets.add(socket)
  const connection = keeper.accept({
    remoteAddress: (socket.remoteAddress ?? '').replace('::ffff:', ''),
    remotePort: socket.remotePort ?? 0,
    send: (bytes) => socket.write(bytes),
    close: () => socket.end(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  })
  socket.on('data', (bytes) => connection.feed(bytes))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    sockets.delete(socket)
    connection.closed()
  })
})
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  console.log(`listening ${typeof address === 'object' ? address?.port : address} started in ${tookMs.toFixed(1)} ms`)
})

process.on('SIGTERM', () => {
  server.close()
  void keeper.stop().then(() => process.exit(0))
})
