import { expect, test } from 'vitest'
import type { ClientEnvironment } from '../../../src/client/environment.ts'
import { ConnectError, type Connector, type Socket, type SocketReader } from '../../../src/io/ports.ts'
import { isDeserted } from '../../../src/main/deserted.ts'
import { ManualTimers } from '../../support/cluster-node.ts'

/** What an attempt to connect meets: an error's code, or a connection that is closed after so long (`stays`: never by the other side). */
type Meeting = string | { readonly closedAfterMs: number } | 'stays'

class World {
  readonly timers = new ManualTimers()
  attempts = 0
  openCount = 0
  readonly #meetings: readonly Meeting[]

  /** @param meetings one after the other, the last again and again */
  constructor(meetings: readonly Meeting[]) {
    this.#meetings = meetings
  }

  get environment(): ClientEnvironment {
    return { timers: this.timers, connector: this.#connector() } as unknown as ClientEnvironment
  }

  #connector(): Connector {
    return {
      connect: async (_options, opened) => {
        const meeting = this.#meetings[Math.min(this.attempts, this.#meetings.length - 1)] ?? 'stays'
        this.attempts += 1
        if (typeof meeting === 'string' && meeting !== 'stays') throw new ConnectError(meeting, meeting)
        this.#open(opened, typeof meeting === 'string' ? undefined : meeting.closedAfterMs)
      },
    }
  }

  #open(opened: (socket: Socket) => SocketReader, closedAfterMs: number | undefined): void {
    this.openCount += 1
    const close = (): void => {
      this.openCount -= 1
      reader.onClosed('')
    }
    const reader = opened({ destroy: close } as unknown as Socket)
    if (closedAfterMs !== undefined) this.timers.start(closedAfterMs, close)
  }

  async answer(): Promise<boolean> {
    const answer = isDeserted(this.environment, { host: 'h', port: 1 })
    await this.timers.pass(60_000)
    return answer
  }
}

test('a machine that refuses connections has nobody listening', async () => {
  const world = new World(['ECONNREFUSED'])
  expect(await world.answer()).toBe(true)
  expect(world.attempts).toBe(1)
})

test('a connection that stays is a sign of life, and is not kept', async () => {
  const world = new World(['stays'])
  expect(await world.answer()).toBe(false)
  expect(world.attempts).toBe(1)
  expect(world.openCount).toBe(0)
})

test('a connection that the listener of an ending process still took is none: it is asked again', async () => {
  const world = new World([{ closedAfterMs: 40 }, 'ECONNRESET', { closedAfterMs: 1 }, 'ECONNREFUSED'])
  expect(await world.answer()).toBe(true)
  expect(world.attempts).toBe(4)
})

test('a machine that does not answer proves nothing', async () => {
  const world = new World(['ETIMEDOUT'])
  expect(await world.answer()).toBe(false)
  expect(world.attempts).toBe(1)
})

test('who takes connections and closes them for ever is asked a bounded number of times', async () => {
  const world = new World([{ closedAfterMs: 1 }])
  expect(await world.answer()).toBe(false)
  expect(world.attempts).toBe(50)
})
