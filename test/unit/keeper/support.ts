import type { Clock, Entropy, Logger, TimerHandle, Timers } from '../../../src/io/ports.ts'
import type { Keeper, KeeperOptions } from '../../../src/keeper/contract.ts'
import { createKeeper } from '../../../src/keeper/keeper.ts'
import type { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import type { ZNode } from '../../../src/keeper/tree/znode.ts'
import { childPath } from '../../../src/keeper/tree/paths.ts'
import type { ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import { connectZooKeeper, type ZooKeeperClientOptions } from '../../../src/zookeeper/client.ts'
import type { Transport } from '../../../src/zookeeper/transport.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'

export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }

interface ManualTimer extends TimerHandle {
  readonly dueMs: number
  readonly sequence: number
  readonly due: () => void
}

/** Time that passes only when told to. */
export class ManualTime implements Clock, Timers {
  nowMs = 1_000_000
  #sequence = 0
  readonly #timers = new Set<ManualTimer>()

  wallMs(): number {
    return 1_700_000_000_000 + this.nowMs
  }

  monotonicMs(): number {
    return this.nowMs
  }

  start(delayMs: number, due: () => void): TimerHandle {
    this.#sequence += 1
    const timer: ManualTimer = { kind: 'timer', dueMs: this.nowMs + delayMs, sequence: this.#sequence, due }
    this.#timers.add(timer)
    return timer
  }

  cancel(timer: TimerHandle): void {
    this.#timers.delete(timer as ManualTimer)
  }

  get pendingCount(): number {
    return this.#timers.size
  }

  /** Lets time pass, running timers in order and promises between them. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.nowMs + durationMs
    for (;;) {
      await settle()
      let next: ManualTimer | undefined
      for (const timer of this.#timers) {
        if (timer.dueMs > endMs) continue
        if (
          next === undefined ||
          timer.dueMs < next.dueMs ||
          (timer.dueMs === next.dueMs && timer.sequence < next.sequence)
        )
          next = timer
      }
      if (next === undefined) break
      this.#timers.delete(next)
      this.nowMs = Math.max(this.nowMs, next.dueMs)
      next.due()
    }
    this.nowMs = endMs
    await settle()
  }
}

/** Runs every promise that is ready, and those that follow from them. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve()
}

export function manualTimers(): ManualTime {
  return new ManualTime()
}

export const steadyEntropy: Entropy = { bytes: (sizeBytes) => new Uint8Array(sizeBytes), unit: () => 0.5 }

/** Path → everything that a client could see of it. */
export function treeListing(tree: ZNodeTree): Map<string, unknown> {
  const listing = new Map<string, unknown>()
  const visit = (path: string, node: ZNode): void => {
    listing.set(path, {
      data: node.data === null ? null : Buffer.from(node.data).toString('hex'),
      stat: node.stat(),
      owner: node.ephemeralOwner,
      acl: tree.aclOf(node),
    })
    for (const [name, child] of node.children()) visit(childPath(path, name), child)
  }
  visit('/', tree.find('/')!)
  return listing
}

/** A keeper on a memory disk, with clients in the same thread. */
export class KeeperWorld {
  readonly time: ManualTime = new ManualTime()
  readonly disk: MemoryDisk
  readonly failures: unknown[] = []
  keeper: Keeper
  readonly #options: Partial<KeeperOptions>
  #life = 0
  /** Streams that are open now; `drop` cuts one. */
  readonly streams = new Set<{ drop(): void }>()
  isReachable = true
  /** What the next streams bring along as their checked certificate. */
  peerCertificate: Uint8Array | undefined

  constructor(options: Partial<KeeperOptions> = {}, disk: MemoryDisk = new MemoryDisk()) {
    this.disk = disk
    this.#options = options
    this.keeper = this.#create()
  }

  #create(): Keeper {
    this.#life += 1
    const life = this.#life
    return createKeeper({
      disk: this.disk,
      clock: this.time,
      timers: {
        // A process that is gone does nothing more: its ticks once wrote into the log of the next one.
        start: (delayMs, due) => this.time.start(delayMs, () => (life === this.#life ? due() : undefined)),
        cancel: (timer) => this.time.cancel(timer),
      },
      entropy: steadyEntropy,
      log: silentLog,
      directory: '/keeper',
      tickTimeMs: 1000,
      preallocateBytes: 4096,
      fourLetterWords: ['*'],
      onFailed: (error) => this.failures.push(error),
      ...this.#options,
    })
  }

  start(): this {
    this.keeper.start()
    return this
  }

  /** Ends the process as `kill -9` does and starts another on what the disk has. */
  crash(losesPower: boolean): void {
    for (const stream of [...this.streams]) stream.drop()
    if (losesPower) this.disk.losePower()
    else this.disk.killProcess()
    this.keeper = this.#create()
  }

  transport(): Transport {
    return {
      connect: (handlers) => {
        let isOpen = true
        const stream = {
          drop: () => {
            if (!isOpen) return
            isOpen = false
            this.streams.delete(stream)
            connection?.closed()
            queueMicrotask(() => handlers.closed('dropped'))
          },
        }
        const connection = this.isReachable
          ? this.keeper.accept({
              remoteAddress: '127.0.0.1',
              remotePort: 0,
              peerCertificate: this.peerCertificate,
              send: (bytes) => {
                if (isOpen) queueMicrotask(() => handlers.received(bytes))
              },
              close: () => {
                if (!isOpen) return
                isOpen = false
                this.streams.delete(stream)
                queueMicrotask(() => handlers.closed('closed by the server'))
              },
              pause: () => {},
              resume: () => {},
            })
          : undefined
        if (connection === undefined) queueMicrotask(() => handlers.closed('refused'))
        else {
          this.streams.add(stream)
          queueMicrotask(() => handlers.opened())
        }
        return {
          send: (bytes) => {
            queueMicrotask(() => {
              if (isOpen) connection?.feed(bytes)
            })
          },
          close: () => stream.drop(),
        }
      },
    }
  }

  connect(options: Partial<ZooKeeperClientOptions> = {}): Promise<ZooKeeperClient> {
    return connectZooKeeper({
      transport: this.transport(),
      clock: this.time,
      timers: this.time,
      log: silentLog,
      sessionTimeoutMs: 6000,
      ...options,
    })
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes)
