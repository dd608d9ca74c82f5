import type { Entropy } from '../../../src/io/ports.ts'
import type { ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import type { Transport, TransportHandlers, TransportStream } from '../../../src/zookeeper/transport.ts'
import { childPath } from '../../../src/keeper/tree/paths.ts'
import type { KeeperWorld } from '../keeper/support.ts'

/** Never the same bytes twice. */
export function countingEntropy(): Entropy {
  let count = 0
  return {
    bytes: (sizeBytes) => {
      count += 1
      const bytes = new Uint8Array(sizeBytes)
      new DataView(bytes.buffer).setUint32(0, count)
      return bytes
    },
    unit: () => 0.5,
  }
}

/** One client's way to the keeper, which can break and stay broken while other clients go on. */
export class BreakableTransport implements Transport {
  isBroken = false
  /** Break once, right after the keeper was given so many more messages: their answers are lost. */
  breakAfterSends = -1
  readonly #world: KeeperWorld
  readonly #open = new Set<() => void>()

  constructor(world: KeeperWorld) {
    this.#world = world
  }

  connect(handlers: TransportHandlers): TransportStream {
    if (this.isBroken) {
      queueMicrotask(() => handlers.closed('broken'))
      return { send: () => {}, close: () => {} }
    }
    let isOpen = true
    const stream = this.#world.transport().connect({
      opened: () => isOpen && handlers.opened(),
      received: (bytes) => isOpen && handlers.received(bytes),
      closed: (reason) => isOpen && handlers.closed(reason),
    })
    const drop = (): void => {
      if (!isOpen) return
      isOpen = false
      this.#open.delete(drop)
      stream.close()
      queueMicrotask(() => handlers.closed('broken'))
    }
    this.#open.add(drop)
    return {
      send: (bytes) => {
        stream.send(bytes)
        if (this.breakAfterSends < 0) return
        this.breakAfterSends -= 1
        // The keeper's microtask that takes the bytes runs before this one: it has them, we lose the answer.
        if (this.breakAfterSends < 0) queueMicrotask(() => queueMicrotask(drop))
      },
      close: () => {
        isOpen = false
        this.#open.delete(drop)
        stream.close()
      },
    }
  }

  /** The stream breaks; the next one may stand at once. */
  drop(): void {
    for (const drop of [...this.#open]) drop()
  }
}

export interface TestClient {
  readonly client: ZooKeeperClient
  readonly transport: BreakableTransport
}

export async function connectBreakable(world: KeeperWorld): Promise<TestClient> {
  const transport = new BreakableTransport(world)
  return { client: await world.connect({ transport }), transport }
}

/** The keeper forgets the session while the client is away; the client learns of it afterwards. */
export async function expire(world: KeeperWorld, { transport }: TestClient): Promise<void> {
  transport.isBroken = true
  transport.drop()
  await world.time.advance(9000)
  transport.isBroken = false
}

/** Names of the children of a node as the keeper has them, however far the clients are. */
export function childrenOf(world: KeeperWorld, path: string): string[] {
  const node = world.keeper.server?.tree.find(path)
  return [...(node?.children() ?? [])].map(([name]) => childPath(path, name))
}
