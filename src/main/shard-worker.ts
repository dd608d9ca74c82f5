/**
 * One shard's thread: a data path (data-path.ts) on this machine's clock, disk and sockets, in one event loop. Started by
 * `ShardHost` as a piscina task that ends when the node stops.
 */
import type { GroupMessage, GroupTransport } from '../broker/groups/transport.ts'
import type { ListenerConfig } from '../cluster/config/listeners.ts'
import type { LocalPartition, ViewUpdate } from '../cluster/contract.ts'
import { assert } from '../base/assert.ts'
import { NodeClock } from '../io/node/clock.ts'
import { nodeCompression } from '../io/node/compression.ts'
import { NodeDisk } from '../io/node/disk.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { giveBackMemoryWhenIdle } from '../io/node/idle-memory.ts'
import { NodeMailbox } from '../io/node/mailbox.ts'
import { directConnector, nodeNetwork } from '../io/node/sockets.ts'
import { NodeTimers } from '../io/node/timers.ts'
import { NodeTurnScheduler } from '../io/node/turns.ts'
import type { Logger } from '../io/ports.ts'
import type { InSyncDecision } from '../partition/contract.ts'
import { DataPath } from './data-path.ts'
import { createLogger } from './log.ts'
import { collectMetrics } from './metrics/collect.ts'
import { RemoteControlPlane } from './remote-control.ts'
import { PortRpc } from './rpc.ts'
import type { ShardMethods, ShardSetup } from './shard-host.ts'

/** Runs the shard until the main thread tells it to stop. */
export default function runShard(setup: ShardSetup): Promise<void> {
  return new Promise((stopped) => {
    const worker = new ShardWorker(setup, stopped)
    // The port holds a reference to it: the worker lives as long as it may be called.
    worker.serve()
    giveBackMemoryWhenIdle()
  })
}

class ShardWorker {
  readonly #setup: ShardSetup
  readonly #stopped: () => void
  readonly #log: Logger
  readonly #main: PortRpc
  readonly #path: DataPath

  constructor(setup: ShardSetup, stopped: () => void) {
    this.#setup = setup
    this.#stopped = stopped
    this.#log = createLogger(setup.logLevel, { shard: setup.index })
    const main = new PortRpc(setup.main, this.#methods())
    this.#main = main
    const { index, shardCount, brokerId, memory, core, connectionMemory, config } = setup
    this.#path = new DataPath({
      index,
      shardCount,
      brokerId,
      memory,
      core,
      connectionMemory,
      config,
      clock: new NodeClock(),
      timers: new NodeTimers(),
      entropy: new NodeEntropy(),
      turns: new NodeTurnScheduler(),
      disk: new NodeDisk(),
      network: nodeNetwork(),
      connector: directConnector(),
      compression: nodeCompression,
      log: this.#log,
      neighbours: setup.neighbours.map((port) => (port === null ? undefined : new NodeMailbox(port))),
      groupTransport: this.#groupTransport(),
      control: new RemoteControlPlane(main),
      reports: {
        proposeInSync: (proposal) => main.call<InSyncDecision>('proposeInSync', proposal),
        partitionFailed: (topic, partition, code) => void main.call('partitionFailed', topic, partition, code),
        relocationEnded: (topic, partition, directory, isThere) =>
          void main.call('relocationEnded', topic, partition, directory, isThere),
      },
    })
  }

  serve(): void {
    this.#log.debug('shard is up', { memory: this.#setup.memory.buffer.byteLength })
  }

  async #stop(): Promise<void> {
    await this.#path.stop()
    // The answer to this call must leave before the thread does.
    setImmediate(() => {
      this.#main.close()
      this.#stopped()
    })
  }

  #groupTransport(): GroupTransport {
    const peers = this.#setup.groupNeighbours.map((port) =>
      port === null
        ? undefined
        : new PortRpc(port, { group: (message: GroupMessage) => this.#path.onForwarded(message) }),
    )
    return {
      send: (shard, message) => {
        const peer = peers[shard]
        assert(peer !== undefined, 'a call goes to another shard')
        return peer.call('group', message)
      },
    }
  }

  #methods(): Record<keyof ShardMethods, (...parameters: never[]) => unknown> {
    return {
      publish: (updates: readonly ViewUpdate[]) => this.#path.publish(updates),
      assign: (partitions: readonly LocalPartition[]) => this.#path.assign(partitions),
      reconfigure: (partitions: readonly LocalPartition[]) => this.#path.reconfigure(partitions),
      close: (partitions: readonly LocalPartition[]) => this.#path.close(partitions),
      relocate: (partitions: readonly LocalPartition[]) => this.#path.relocate(partitions),
      remove: (partitions: readonly LocalPartition[]) => this.#path.remove(partitions),
      listen: (listeners: readonly ListenerConfig[]) => this.#path.listen(listeners),
      metrics: () => collectMetrics(this.#path),
      drain: (limitMs: number) => this.#path.drain(limitMs),
      stop: () => this.#stop(),
    }
  }
}
