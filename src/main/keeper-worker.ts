/**
 * The keeper's thread: the embedded ZooKeeper server, its TCP port, and the message ports by which this node's own
 * sessions come in. A thread of its own so that a snapshot never delays a produce and a busy shard never looks like a
 * dead server.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { assert } from '../base/assert.ts'
import { NodeClock } from '../io/node/clock.ts'
import { nodeConnector } from '../io/node/connect.ts'
import { NodeDisk } from '../io/node/disk.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { giveBackMemoryWhenIdle } from '../io/node/idle-memory.ts'
import { nodeNetwork } from '../io/node/sockets.ts'
import { NodeTimers } from '../io/node/timers.ts'
import type { Listener } from '../io/ports.ts'
import type { Keeper, KeeperOptions } from '../keeper/contract.ts'
import { createKeeper } from '../keeper/keeper.ts'
import { createMemberKeeper, type MemberKeeper } from '../keeper/quorum/quorum-keeper.ts'
import type { KeeperChannel } from '../keeper/server/channel.ts'
import type { KeeperEnsemble } from './keeper-ensemble.ts'
import type { KeeperSetup } from './keeper-host.ts'
import { socketAcceptor } from './keeper-socket.ts'
import { createLogger } from './log.ts'
import { PortRpc } from './rpc.ts'

/** Connections that may wait to be accepted. */
const BACKLOG = 1024
/** How long reaching another keeper may take. */
const CONNECT_TIMEOUT_MS = 5000

assert(parentPort !== null, 'the keeper runs on a thread of its own')
const setup = workerData as KeeperSetup
const log = createLogger(setup.logLevel, { part: 'keeper' })

const options: KeeperOptions = {
  disk: new NodeDisk(),
  clock: new NodeClock(),
  timers: new NodeTimers(),
  entropy: new NodeEntropy(),
  log,
  directory: setup.directory,
  tickTimeMs: setup.tickTimeMs,
  purgeIntervalHours: 1,
  fourLetterWords: ['ruok', 'srvr', 'stat', 'mntr', 'conf', 'envi', 'cons', 'dump', 'wchs', 'isro'],
  onFailed: (error) => {
    // Nothing may be acknowledged after a failed write: the thread ends, and with it the node.
    throw error
  },
}
const keeper: Keeper = setup.ensemble === undefined ? createKeeper(options) : await member(setup.ensemble)
keeper.start()
giveBackMemoryWhenIdle()
let listener: Listener | undefined

new PortRpc(parentPort, {
  accept: (port: MessagePort) => acceptPort(port),
  listen: (host: string, port: number) => listen(host, port),
  stop: async () => {
    await listener?.close()
    await keeper.stop()
  },
})

/** Opens the ports between keepers. @throws Error with cause and fix when one is taken, which ends the thread */
async function member({ serverId, config, initLimitTicks, syncLimitTicks }: KeeperEnsemble): Promise<MemberKeeper> {
  const keeper = createMemberKeeper(options, {
    serverId,
    config,
    initLimitTicks,
    syncLimitTicks,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    network: nodeNetwork(),
    connector: nodeConnector(),
  })
  await keeper.listen()
  return keeper
}

/** A session of this process: frames travel as messages, nothing is parsed twice. */
function acceptPort(port: MessagePort): void {
  const channel: KeeperChannel = {
    remoteAddress: '127.0.0.1',
    remotePort: 0,
    send: (bytes) => port.postMessage(bytes),
    close: () => port.close(),
    // The far end is our own controller, whose operations are queued one by one: it cannot outrun the keeper.
    pause: () => {},
    resume: () => {},
  }
  const connection = keeper.accept(channel)
  port.on('message', (bytes: Uint8Array) => connection.feed(bytes))
  port.on('close', () => connection.closed())
}

async function listen(host: string, port: number): Promise<number> {
  const options = { host, port, isPortShared: false, backlog: BACKLOG }
  listener = await nodeNetwork().listen(options, socketAcceptor(keeper, log))
  return listener.port
}
