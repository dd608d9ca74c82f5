import type { SimProcess } from '../world/process.ts'

const HOP_MS_MAX = 0.2

/** One direction between two threads of a process: messages arrive in order, each in a turn of its own. */
class Lane {
  readonly #process: SimProcess
  #lastDueMs = 0

  constructor(process: SimProcess) {
    this.#process = process
  }

  carry(deliver: () => void): void {
    const { world } = this.#process
    this.#lastDueMs = Math.max(this.#lastDueMs, world.nowMs + world.random.next() * HOP_MS_MAX)
    world.events.at(this.#lastDueMs, () => this.#process.post(deliver))
  }
}

/** The way between a node's main thread and its shard's, as `main/rpc.ts` has it: values are copied, answers come later. */
export class ThreadWay {
  readonly #there: Lane
  readonly #back: Lane

  constructor(process: SimProcess) {
    this.#there = new Lane(process)
    this.#back = new Lane(process)
  }

  /** What the shard is to the main thread. */
  there<Target extends object>(target: () => Target): Target {
    return calling(this.#there, this.#back, target)
  }

  /** What the main thread is to the shard. */
  back<Target extends object>(target: () => Target): Target {
    return calling(this.#back, this.#there, target)
  }
}

type Method = (...parameters: unknown[]) => unknown

/** An object whose every method is a call on the far side of `out`, answered by `home`. */
function calling<Target extends object>(out: Lane, home: Lane, target: () => Target): Target {
  const call = (name: string, parameters: readonly unknown[]): Promise<unknown> => {
    const copied = structuredClone(parameters)
    return new Promise((resolve, reject) => {
      out.carry(() => {
        const callee = target() as Record<string, Method>
        Promise.resolve(callee[name]?.(...copied)).then(
          (value) => {
            const answer = structuredClone(value)
            home.carry(() => resolve(answer))
          },
          (error: unknown) => home.carry(() => reject(error)),
        )
      })
    })
  }
  return new Proxy({} as Target, {
    get: (_, name) =>
      typeof name === 'string' && name !== 'then' ? (...parameters: unknown[]) => call(name, parameters) : undefined,
  })
}
