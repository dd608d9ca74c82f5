import type { MessagePort } from 'node:worker_threads'
import { assert, BugError } from '../base/assert.ts'

/**
 * Calls between the threads of one node, for everything that is not on the record path: both ends may call, answers
 * come back by number. Arguments and results are structured-clone-able.
 *
 * A rejection on the far side arrives as an error with its message. Nothing is retried: a thread that is gone takes the
 * process with it, so a call never waits for a dead peer.
 */

type Method = (...parameters: never[]) => unknown

interface CallMessage {
  readonly kind: 'call'
  readonly id: number
  readonly method: string
  readonly parameters: readonly unknown[]
}

interface AnswerMessage {
  readonly kind: 'answer'
  readonly id: number
  readonly value?: unknown
  readonly failure?: string
}

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** More open calls than this to one thread mean that it has stopped answering. */
const openCallsMax = 100_000

export class PortRpc {
  readonly #port: MessagePort
  readonly #methods: Readonly<Record<string, Method>>
  readonly #pending = new Map<number, Pending>()
  #nextId: number = 1

  /** @param methods what the far end may call here, by name */
  constructor(port: MessagePort, methods: Readonly<Record<string, Method>>) {
    this.#port = port
    this.#methods = methods
    port.on('message', (message: CallMessage | AnswerMessage) => this.#onMessage(message))
  }

  /** Calls `method` on the far end. @throws Error with the far end's message */
  call<Result>(method: string, ...parameters: readonly unknown[]): Promise<Result> {
    const id = this.#nextId
    this.#nextId += 1
    assert(this.#pending.size < openCallsMax, `the thread that serves '${method}' has stopped answering`)
    const message: CallMessage = { kind: 'call', id, method, parameters }
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#port.postMessage(message)
    })
  }

  /** Calls `method` with a message port, which then belongs to the far end. */
  transferTo(method: string, port: MessagePort): Promise<void> {
    const id = this.#nextId
    this.#nextId += 1
    const message: CallMessage = { kind: 'call', id, method, parameters: [port] }
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#port.postMessage(message, [port])
    })
  }

  close(): void {
    this.#port.close()
  }

  #onMessage(message: CallMessage | AnswerMessage): void {
    if (message.kind === 'call') void this.#serve(message)
    else this.#settle(message)
  }

  async #serve(message: CallMessage): Promise<void> {
    const method = this.#methods[message.method]
    if (method === undefined) throw new BugError(`no thread method named '${message.method}'`)
    let answer: AnswerMessage
    try {
      const value = await (method as (...parameters: unknown[]) => unknown)(...message.parameters)
      answer = { kind: 'answer', id: message.id, value }
    } catch (error) {
      // A bug stays a bug: it must end this thread, not turn into a message for somebody else.
      if (error instanceof BugError) throw error
      answer = { kind: 'answer', id: message.id, failure: error instanceof Error ? error.message : String(error) }
    }
    this.#port.postMessage(answer)
  }

  #settle(message: AnswerMessage): void {
    const pending = this.#pending.get(message.id)
    assert(pending !== undefined, 'an answer belongs to a call')
    this.#pending.delete(message.id)
    if (message.failure === undefined) pending.resolve(message.value as never)
    else pending.reject(new Error(message.failure))
  }
}
